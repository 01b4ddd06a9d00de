"""The program ``tongkao``: each command is short and calls the library."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from tongkao import __version__
from tongkao.cli.application import program
from tongkao.cli.help import program_help
from tongkao.cli.misuse import CODE, Misuse, explain_misuse, misuse_of
from tongkao.cli.session import Session, choose_language
from tongkao.errors import TongkaoError

INTERRUPTED = 130
FAULT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: What is typed after the program's name; by default the command line.

    Returns:
        The exit code: 0 all is well, 1 something is wrong with what was given, 2 the command is wrong or the program is,
        130 stopped by the user.
    """
    _write_any_character()
    chosen, rest = choose_language(list(sys.argv[1:] if arguments is None else arguments), os.environ)
    session = Session("en" if chosen == "en" else "zh")
    try:
        with _ended_like_interrupted():
            code = _run(session, chosen, rest)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        session.note("stopped")
        return INTERRUPTED
    except Exception as error:
        return _failed(session, error)
    except BaseException as error:
        # A panic inside Polars is no Exception; leaving the program is none either.
        if isinstance(error, SystemExit):
            raise
        return _failed(session, error)


def _run(session: Session, chosen: str, arguments: list[str]) -> int:
    if not chosen:
        return explain_misuse(session, Misuse("usage.no_value", name="--lang"))
    if chosen not in ("zh", "en"):
        return explain_misuse(session, Misuse("usage.not_one_of", name="--lang", found=chosen, allowed="zh | en"))
    if arguments == ["--version"]:
        print(f"tongkao {__version__}")
        return 0
    if not arguments:
        print(program_help(session), file=sys.stderr)
        return CODE
    try:
        code = program().main(args=arguments, prog_name="tongkao", standalone_mode=False, obj=session)
    except TongkaoError as error:
        session.complain(error.problems)
        return 1
    except Misuse as misuse:
        return explain_misuse(session, misuse)
    except Exception as error:
        objection = misuse_of(error, arguments)
        if objection is None:
            raise
        return explain_misuse(session, objection)
    if code == INTERRUPTED:
        session.note("stopped")
    return int(code or 0)


def _failed(session: Session, error: BaseException) -> int:
    if os.environ.get("TONGKAO_DEBUG") == "1":
        traceback.print_exception(error)
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has seen enough; nothing more may be written, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if isinstance(error, MemoryError):
        session.note("memory")
        return 1
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        session.note("system", reason=f"{error.strerror or type(error).__name__}{place}")
        return 1
    session.note("fault", kind=type(error).__name__)
    return FAULT


@contextmanager
def _ended_like_interrupted() -> Iterator[None]:
    """Let a polite request to end do what Ctrl-C does, so that what is half written is taken away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _write_any_character() -> None:
    """Let neither a terminal's encoding nor a closed stream stop the program."""
    # Python has no streams at all where the shell closed them (``>&-``).
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
