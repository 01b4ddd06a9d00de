from __future__ import annotations

from pathlib import Path

import pytest

from tongkao.robustness.spec import (
    Band,
    Bounded,
    ClassesChoice,
    Dirichlet,
    LeaveOutChoice,
    PathChoice,
    Sets,
    SettingsChoice,
    Spec,
    SpecError,
    ValuesChoice,
    WeightsChoice,
    load_spec,
    read_spec,
)

SOUND = """
tongkao: 1
runs: 500
seed: 20
intervals: [[0.05, 0.95], [0.25, 0.75]]
top: [1, 3]
vary:
  - {id: any, title: 任意权重, weights: {method: dirichlet}, at: paper}
  - {id: near, weights: {method: dirichlet, concentration: 50}, at: [a, b], track: t}
  - {id: bounds, weights: {method: bounded, low: 0.1, nodes: {a: [0.2, 0.5]}}}
  - {id: order, weights: {method: rank_constrained}}
  - {id: noise, weights: {method: band, share: 0.25}, at: all}
  - {id: experts, weights: {method: sets, sets: {anna: {a: 1, b: 2}}}}
  - {id: how, path: indicators.*.score, choices: [{method: minmax}, {method: zscore}], labels: [one, two], chances: [1, 3]}
  - {id: both, settings: {now: {}, other: {missing: zero, full_mark: 1000}}}
  - {id: out, leave_out: {indicators: each, nodes: [p], units: [u1], nothing: false}}
  - {id: errors, values: {standard_error: 1, relative: 0.01, last_digit: true}, indicators: [a]}
  - {id: role, classes: {unit: u1, among: [north, south]}}
"""


def test_a_sound_file_is_read() -> None:
    spec, problems, locations = load_spec(SOUND)
    assert problems == []
    assert spec is not None
    assert (spec.runs, spec.seed, spec.intervals, spec.top) == (500, 20, [[0.05, 0.95], [0.25, 0.75]], [1, 3])
    assert [(choice.id, type(choice)) for choice in spec.vary] == [
        *((name, WeightsChoice) for name in ("any", "near", "bounds", "order", "noise", "experts")),
        ("how", PathChoice),
        ("both", SettingsChoice),
        ("out", LeaveOutChoice),
        ("errors", ValuesChoice),
        ("role", ClassesChoice),
    ]
    assert [choice.weights for choice in spec.vary if isinstance(choice, WeightsChoice)] == [
        Dirichlet(method="dirichlet"),
        Dirichlet(method="dirichlet", concentration=50.0),
        Bounded(method="bounded", low=0.1, nodes={"a": [0.2, 0.5]}),
        spec.vary[3].weights,  # type: ignore[union-attr]
        Band(method="band", share=0.25),
        Sets(method="sets", sets={"anna": {"a": 1.0, "b": 2.0}}),
    ]
    place = locations.at("vary", 1, "at")
    assert (place.file, place.line, place.column) == ("robustness.yaml", 9, 65)


def test_what_is_not_said_has_defaults() -> None:
    assert load_spec("vary: []")[0] == Spec()
    assert Spec().model_dump() == {
        "tongkao": 1,
        "runs": 1000,
        "seed": 1,
        "intervals": [[0.05, 0.95]],
        "top": [],
        "vary": [],
    }


FAULTS = [
    ("", "robustness.yaml: the file is empty", "robustness.yaml: 文件是空的"),
    (
        "- 1",
        'robustness.yaml:1:1: the file is made of "key: value", for example tongkao: 1',
        "robustness.yaml:1:1: 文件应由“键: 值”组成，例如 tongkao: 1",
    ),
    (
        "intervals: [[0.9, 0.1]]",
        "robustness.yaml:1:13: intervals[1]: an interval is two increasing numbers from 0 to 1, for example [0.05, 0.95]",
        "robustness.yaml:1:13: intervals[1]：区间应是两个 0 到 1 之间递增的数，例如 [0.05, 0.95]",
    ),
    (
        "vary:\n - {id: w, weights: {method: dirichlet, concentraton: 3}}",
        "robustness.yaml:2:41: vary[w].weights has no key concentraton; there are: method, concentration "
        "(did you mean concentration?)",
        "robustness.yaml:2:41: vary[w].weights 中没有 concentraton 这一项；可用：method, concentration"
        "（是否想写 concentration？）",
    ),
    (
        "vary:\n - {id: w, weights: {method: band}}",
        "robustness.yaml:2:12: vary[w].weights lacks share",
        "robustness.yaml:2:12: vary[w].weights 缺少 share",
    ),
    (
        "vary:\n - {id: w, weights: {method: bnad, share: 0.1}}",
        "robustness.yaml:2:12: vary[w].weights cannot be bnad; there are: dirichlet, bounded, rank_constrained, band, sets "
        "(did you mean band?)",
        "robustness.yaml:2:12: vary[w].weights 不能是 bnad；可用：dirichlet, bounded, rank_constrained, band, sets"
        "（是否想写 band？）",
    ),
    (
        "vary:\n - {id: w, weights: {share: 0.1}}",
        "robustness.yaml:2:12: vary[w].weights lacks method; there are: dirichlet, bounded, rank_constrained, band, sets",
        "robustness.yaml:2:12: vary[w].weights 缺少 method；可用：dirichlet, bounded, rank_constrained, band, sets",
    ),
    (
        "vary:\n - {id: w, weights: {method: band, share: 1}}",
        "robustness.yaml:2:43: vary[w].weights.share must be less than 1, found 1",
        "robustness.yaml:2:43: vary[w].weights.share 应小于 1，却是 1",
    ),
    (
        "vary:\n - {id: w, weights: {method: band, share: 0.1}, at: papr}",
        "robustness.yaml:2:53: vary[w].at cannot be papr; there are: all, paper, dimension, indicator (did you mean paper?)",
        "robustness.yaml:2:53: vary[w].at 不能是 papr；可用：all, paper, dimension, indicator（是否想写 paper？）",
    ),
    (
        "vary:\n - {id: Wx, path: a, choices: [1]}",
        "robustness.yaml:2:9: vary[Wx].id: Wx is no name; names have lower-case letters, digits and _ and do not begin with a "
        "digit (did you mean wx?)",
        "robustness.yaml:2:9: vary[Wx].id：Wx 不能作名称；名称由小写字母、数字和 _ 组成，不以数字开头（是否想写 wx？）",
    ),
    ("vary:\n - {id: w, path: a}", "robustness.yaml:2:4: vary[w] lacks choices", "robustness.yaml:2:4: vary[w] 缺少 choices"),
    (
        "vary:\n - {id: w, path: a, choices: []}",
        "robustness.yaml:2:21: vary[w].choices cannot be empty",
        "robustness.yaml:2:21: vary[w].choices 不能为空",
    ),
    (
        "vary:\n - {id: w, wieghts: {method: band}}",
        "robustness.yaml:2:4: vary[w] does not say what varies: one of weights, path, settings, leave_out, values, classes "
        "belongs here (did you mean weights?)",
        "robustness.yaml:2:4: vary[w] 没有说明变什么：应有 weights, path, settings, leave_out, values, classes 之一"
        "（是否想写 weights？）",
    ),
    (
        "vary: [3]",
        'robustness.yaml:1:8: vary[1]: "key: value" belongs here, found the number 3',
        "robustness.yaml:1:8: vary[1] 应为“键: 值”，却是数字 3",
    ),
    (
        "vary:\n - {id: l, leave_out: {indicators: eech}}",
        "robustness.yaml:2:36: vary[l].leave_out.indicators cannot be eech; there are: each (did you mean each?)",
        "robustness.yaml:2:36: vary[l].leave_out.indicators 不能是 eech；可用：each（是否想写 each？）",
    ),
    (
        "vary:\n - {id: v, values: {last_digit: false}}",
        "robustness.yaml:2:33: vary[v].values.last_digit cannot be false; there are: true",
        "robustness.yaml:2:33: vary[v].values.last_digit 不能是 false；可用：true",
    ),
    (
        "runs: many",
        "robustness.yaml:1:7: runs: a whole number belongs here, found text 'many'",
        "robustness.yaml:1:7: runs 应为整数，却是文字 'many'",
    ),
    (
        "rus: 3",
        "robustness.yaml:1:1: robustness.yaml has no key rus; there are: tongkao, runs, seed, intervals, top, vary "
        "(did you mean runs?)",
        "robustness.yaml:1:1: robustness.yaml 中没有 rus 这一项；可用：tongkao, runs, seed, intervals, top, vary"
        "（是否想写 runs？）",
    ),
    ("runs:", "robustness.yaml:1:6: runs has no value", "robustness.yaml:1:6: runs 后面没有值"),
]


@pytest.mark.parametrize(("text", "english", "chinese"), FAULTS, ids=[text[-40:] for text, _, _ in FAULTS])
def test_every_fault_is_told_in_our_words(text: str, english: str, chinese: str) -> None:
    spec, problems, _ = load_spec(text)
    assert spec is None
    assert [problem.describe("en") for problem in problems] == [english]
    assert [problem.describe("zh") for problem in problems] == [chinese]


def test_faults_of_the_text_are_the_readers() -> None:
    _, problems, _ = load_spec("vary: [1")
    assert [(problem.code, problem.place.line, problem.place.column) for problem in problems] == [("scheme.yaml_bracket", 1, 7)]


def test_every_fault_is_told_at_once() -> None:
    _, problems, _ = load_spec(
        "runs: 0\nseed: -1\nvary:\n - {id: w, weights: {method: band}}\n - {id: p, path: '', choices: [1]}"
    )
    assert [(problem.place.line, problem.code) for problem in problems] == [
        (1, "scheme.too_small"),
        (2, "scheme.too_small"),
        (4, "robustness.lacks"),
        (5, "scheme.empty"),
    ]


def test_a_folder_holds_it_or_any_file(tmp_path: Path) -> None:
    (tmp_path / "robustness.yaml").write_text("runs: 7", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("runs: 8", encoding="utf-8")
    assert read_spec(tmp_path)[0].runs == 7
    assert read_spec(tmp_path / "other.yaml")[0].runs == 8
    assert read_spec(tmp_path / "other.yaml")[1].file == "other.yaml"
    with pytest.raises(SpecError, match="nowhere"):
        read_spec(tmp_path / "nowhere.yaml")
    (tmp_path / "broken.yaml").write_text("runs: x", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read_spec(tmp_path / "broken.yaml")
    assert caught.value.describe("zh") == "broken.yaml:1:7: runs 应为整数，却是文字 'x'"
