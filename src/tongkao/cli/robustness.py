"""``tongkao robustness``: how sure the ranks of a folder are."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from tongkao.cli.counts import count_problems, say_counts
from tongkao.cli.misuse import Misuse
from tongkao.cli.progress import Progress
from tongkao.cli.results import SHOWN, tier_text, unit_names
from tongkao.cli.session import Session, session_of
from tongkao.cli.tables import Column, print_table
from tongkao.cli.words import WORDS
from tongkao.errors import FolderError, MarkingError, Place, Problem, declare
from tongkao.folder.read import read_folder
from tongkao.reports.robustness import Robustness, analyse, check_robustness_place, write_robustness
from tongkao.reports.robustness_tables import percent_name
from tongkao.robustness.spec import FILE, Spec, SpecError, load_spec
from tongkao.robustness.spec_faults import Locations
from tongkao.scheme.model import Track

#: exit code of a run that was stopped
STOPPED = 130
#: columns of a progress bar, and seconds between two drawings of it
BAR, EVERY = 30, 0.1

NO_SPEC = declare(
    "robustness.no_spec",
    zh="{folder} 中没有 {file}：先写明哪些地方可以另作选择，或用 --spec 指定文件",
    en="{folder} holds no {file}: write down what might be chosen otherwise, or name a file with --spec",
)
SPEC_UNREADABLE = declare("robustness.spec_unreadable", zh="读不了这个文件：{reason}", en="the file cannot be read: {reason}")

WORDS |= {
    "robustness.checking": ("正在核对各项备选 …", "checking the alternatives ..."),
    "robustness.runs": ("运行", "runs"),
    "robustness.sensitivity": ("敏感性", "sensitivity"),
    "robustness.bar": ("{stage} {bar} {done}/{whole}，约剩 {left}", "{stage} {bar} {done}/{whole}, about {left} left"),
    "robustness.nothing": ("没有分析，什么都没有写。", "Nothing was analysed and nothing was written."),
    "robustness.stopped": (
        "做完的运行已留在 {state}；原命令加 --resume 即可接着做。",
        "Finished runs are kept in {state}; the same command with --resume goes on from there.",
    ),
    "robustness.title": (
        "{title}（{year} 年）：{runs} 次运行，种子 {seed}",
        "{title} ({year}): {runs} runs, seed {seed}",
    ),
    "robustness.failed": (
        "{failed} 次运行不能打分，不计在内；原因见 failures 表。",
        "{failed} runs could not be marked and are in no figure; see the table failures.",
    ),
    "robustness.interval": ("{low}–{high} % 区间", "{low}–{high} %"),
    "robustness.same": ("名次不变", "same rank"),
    "robustness.tier": ("最可能的等次", "likeliest tier"),
    "robustness.group": ("分不出高下的组", "group"),
    "robustness.groups": (
        "同组的单位分不出高下：组中第一名在不到 95 % 的运行中排在他们前面。",
        "Units of one group cannot be told apart: its first is before them in less than 95 % of the runs.",
    ),
    "robustness.matters": (
        "对名次最要紧的选择：{choices}（总效应份额）。",
        "What matters most for the ranks: {choices} (share, total effect).",
    ),
    "robustness.cut": (
        "（以上是前 {shown} 行，共 {total} 行；全部在 {file}）",
        "(these are the first {shown} of {total} rows; all are in {file})",
    ),
}


def run(
    context: typer.Context,
    folder: Path,
    out: Annotated[Path, typer.Option("--out")],
    *,
    spec: Annotated[Path | None, typer.Option("--spec")] = None,
    runs: Annotated[str, typer.Option("--runs")] = "",
    seed: Annotated[str, typer.Option("--seed")] = "",
    resume: Annotated[bool, typer.Option("--resume")] = False,
) -> int:
    """Run what may vary, write tables and charts, show the rank intervals."""
    session = session_of(context)
    wanted = {"runs": _whole("--runs", runs, 1), "seed": _whole("--seed", seed, 0)}
    changes = {name: number for name, number in wanted.items() if number is not None}
    check_robustness_place(out, folder=folder)
    progress = Progress(session, folder)
    state = state_file(out)
    try:
        progress.say("progress.reading", folder=folder)
        assessment = read_folder(folder)
        read, text, locations = _read_spec(folder, spec)
        progress.say("robustness.checking")
        if not resume:
            state.unlink(missing_ok=True)
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        bar = ProgressBar(session)
        whole = read.model_copy(update=changes)
        robustness = analyse(assessment, whole, text, locations, state=state, progress=bar.show)
        bar.end()
    except (FolderError, MarkingError, SpecError) as error:
        session.complain(error.problems)
        session.note("count", text=say_counts(session, *count_problems(error.problems)))
        session.note("robustness.nothing")
        return 1
    except KeyboardInterrupt:
        if state.exists():
            print(file=sys.stderr)
            session.note("robustness.stopped", state=state)
        return STOPPED
    progress.say("progress.writing", out=out)
    files = write_robustness(robustness, out, folder=folder)
    state.unlink(missing_ok=True)
    session.complain([*assessment.warnings, *robustness.warnings])
    _print(session, robustness, out)
    session.say("score.written", out=out, files=session.words("separator").join(files))
    return 0


def state_file(out: Path) -> Path:
    """Where finished runs are kept until the output is written: beside it."""
    target = out.resolve()
    return target.parent / f".{target.name}.tongkao-runs"


def _whole(option: str, text: str, least: int) -> int | None:
    """A whole number of an option, None where it is not given.

    Raises:
        Misuse: If it is none.
    """
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else -1
    if number < least or (option == "--runs" and number > 10_000_000):
        raise Misuse(
            "usage.not_one_of", name=option, found=text, allowed=f"{least}, {least + 1}, {least + 2}, …", command="robustness"
        )
    return number


def _read_spec(folder: Path, named: Path | None) -> tuple[Spec, str, Locations]:
    """The spec, its text, and where its values stand.

    Raises:
        SpecError: If there is none, or with every problem of it.
    """
    path = named if named is not None else folder / FILE
    if named is None and not path.is_file():
        raise SpecError([Problem(NO_SPEC, Place(), {"folder": str(folder), "file": FILE})])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "UTF-8"
        raise SpecError([Problem(SPEC_UNREADABLE, Place(file=str(path)), {"reason": reason})]) from error
    found, problems, locations = load_spec(text, path.name)
    if found is None:
        raise SpecError(problems)
    return found, text, locations


class ProgressBar:
    """A bar on the error stream, where somebody looks; elsewhere nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_shown = sys.stderr.isatty()
        self._stage = ""
        self._start = self._drawn = 0.0

    def show(self, stage: Literal["runs", "sensitivity"], done: int, whole: int) -> None:
        """Draw how far a stage is."""
        if not self._is_shown:
            return
        now = time.monotonic()
        if stage != self._stage:
            self.end()
            self._stage, self._start, self._drawn = stage, now, 0.0
        if now - self._drawn < EVERY and done < whole:
            return
        self._drawn = now
        filled = BAR * done // max(whole, 1)
        left = (now - self._start) * (whole - done) / max(done, 1)
        text = self._session.words(
            "robustness.bar",
            stage=self._session.words(f"robustness.{stage}"),
            bar="█" * filled + "░" * (BAR - filled),
            done=f"{done:,}",
            whole=f"{whole:,}",
            left=f"{left:.0f} s",
        )
        print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the bar's line."""
        if self._is_shown and self._stage:
            print(file=sys.stderr)
        self._stage = ""


# --- what is printed --------------------------------------------------------------------------------------------------------


def _print(session: Session, robustness: Robustness, out: Path) -> None:
    outcomes, scheme = robustness.ran.outcomes, robustness.assessment.scheme
    fields = {"title": scheme.title.text(session.lang), "year": scheme.year, "seed": outcomes.seed}
    session.say("robustness.title", runs=f"{len(outcomes.design) - outcomes.failed:,}", **fields)
    if outcomes.failed:
        session.say("robustness.failed", failed=f"{outcomes.failed:,}")
    for name, track in scheme.tracks.items():
        whole = robustness.tables["units"].filter(pl.col("track") == name)
        classes = whole["class"].unique().sort().to_list() if track.rank_within == "class" else [None]
        for class_ in classes:
            rows = whole if class_ is None else whole.filter(pl.col("class") == class_)
            title = track.title.text(session.lang)
            print()
            print(session.words("score.list", track=title, class_=class_) if class_ else title)
            print()
            rows = rows.sort("rank", "rank_mean", "unit", nulls_last=True)
            print_table(_columns(session, robustness, track, name, rows.head(SHOWN)))
            if rows.height > SHOWN:
                session.say("robustness.cut", shown=f"{SHOWN:,}", total=f"{rows.height:,}", file=out / "units.csv")
        _print_choices(session, robustness, name)
    print()
    session.say("robustness.groups")


def _columns(session: Session, robustness: Robustness, track: Track, name: str, rows: pl.DataFrame) -> list[Column]:
    names = unit_names(session, robustness.assessment.units)
    columns = [
        Column(session.words("column.rank"), [_number(place) for place in rows["rank"]], "right"),
        Column(session.words("column.unit"), [names[unit] for unit in rows["unit"]]),
    ]
    for low, high in robustness.ran.of_track[name].intervals:
        ends = rows.select(f"rank_{percent_name(low)}", f"rank_{percent_name(high)}").iter_rows()
        fields = {"low": f"{100 * low:g}", "high": f"{100 * high:g}"}
        columns.append(Column(session.words("robustness.interval", **fields), [_span(*pair) for pair in ends], "right"))
    columns.append(Column(session.words("robustness.same"), [_percent(share) for share in rows["same_rank"]], "right"))
    if track.tiers:
        shares = robustness.tables["tiers"].filter(pl.col("track") == name)
        likeliest = {
            str(unit): part.sort("share", descending=True, maintain_order=True).row(0, named=True)
            for (unit,), part in shares.group_by("unit", maintain_order=True)
        }
        texts = [
            f"{tier_text(session, track, row['tier'])} {_percent(row['share'])}" if row["share"] else "-"
            for row in (likeliest[unit] for unit in rows["unit"])
        ]
        columns.append(Column(session.words("robustness.tier"), texts))
    columns.append(Column(session.words("robustness.group"), [_number(group) for group in rows["group"]], "right"))
    return columns


def _print_choices(session: Session, robustness: Robustness, track: str) -> None:
    """The choices that matter most for the ranks, in one line."""
    table = robustness.tables.get("sensitivity", pl.DataFrame())
    if not table.height or "total" not in table.columns:
        return
    rows = table.filter((pl.col("track") == track) & (pl.col("target") == "rank_change") & (pl.col("note") == ""))
    rows = rows.filter(pl.col("total").is_not_null()).sort("total", descending=True, maintain_order=True).head(3)
    if not rows.height:
        return
    titles = {
        choice.id: choice.title.text(session.lang) if choice.title else choice.id
        for choice in robustness.ran.experiment.spec.vary
    }
    shown = [f"{titles[choice]} {share:.2f}" for choice, share in rows.select("choice", "total").iter_rows()]
    print()
    session.say("robustness.matters", choices=session.words("separator").join(shown))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}".removesuffix(".0")


def _span(low: float | None, high: float | None) -> str:
    return "-" if low is None else f"{_number(low)}–{_number(high)}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"
