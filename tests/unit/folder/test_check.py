"""Every check of the tables against the scheme and each other: a change to the starting folder and what its author reads."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.folder.folders import added, make, problems, replaced
from tongkao.folder.check import check_tables
from tongkao.folder.delimited import parse_delimited
from tongkao.folder.found import Findings
from tongkao.folder.read import check_folder, read_folder
from tongkao.folder.starter import STARTER_FILES
from tongkao.tables import OBSERVATIONS, UNITS


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["dongha,pm25,2025,1,,"], ["observations.csv:14:1: the table units has no unit dongha (did you mean donghe?)"]),
        ([",pm25,2025,1,,"], ["observations.csv:14:1: unit must not be empty"]),
        (["donghe,,2025,1,,"], ["observations.csv:14:2: indicator must not be empty"]),
        (["donghe,pm25,,1,,"], ["observations.csv:14:1: donghe / pm25 / 2025 is there twice, first in observations.csv:6:1"]),
        (
            ["donghe,pm26,2025,1,,"],
            [
                "observations.csv:14:2: the scheme has no indicator pm26 and no expression uses it; its rows are not used "
                "(did you mean pm25?)"
            ],
        ),
        (
            ["donghe,pm25,2024年,1,,"],
            [
                "observations.csv:14:3: the period 2024年 has the wrong form; expected 2020, 2020-Q3 or 2020-11, "
                "or nothing for the scheme's year"
            ],
        ),
        (
            ["donghe,pm25,2024-05-01,1,,"],
            [
                "observations.csv:14:3: the period 2024-05-01 is a date; write 2024-05 "
                "(in a spreadsheet, format the cell as text first)"
            ],
        ),
        (
            ["donghe,pm25,2024,1,late,"],
            [
                "observations.csv:14:5: the state late is unknown; expected reported, null_reported, missing, "
                "not_applicable, provisional or disputed"
            ],
        ),
        (
            ["donghe,pm25,2024,1,missing,"],
            ["observations.csv:14:4: the state is missing, yet there is the value 1; remove the value or change the state"],
        ),
        (
            ["donghe,pm25,2024,1,不适用,"],
            [
                "observations.csv:14:4: the state is not_applicable, yet there is the value 1; "
                "remove the value or change the state"
            ],
        ),
        (
            ["donghe,pm25,2024,,reported,"],
            ["observations.csv:14:4: the state is reported, yet there is no value; enter it or change the state to missing"],
        ),
        (
            ["donghe,pm25,2024,,disputed,"],
            ["observations.csv:14:4: the state is disputed, yet there is no value; enter it or change the state to missing"],
        ),
        (["donghe,pm25,2024,3,零报告,"], ["observations.csv:14:4: a null report has the value 3, expected 0 or nothing"]),
        (["donghe,pm25,2024,x,reported,"], ["observations.csv:14:4: value is the text x, expected a number such as 12.5"]),
        (
            ["donghe,pm25,2024,0,零报告,", "donghe,pm25,2023,,null_reported,", "donghe,pm25,2022,,,", "donghe,pm25,2021,,缺报,"],
            [],
        ),
    ],
)
def test_observations(tmp_path, lines, expected):
    assert problems(tmp_path, added("observations.csv", *lines)) == expected


def test_defaults_of_observations(tmp_path):
    lines = ["donghe,pm25,2020,7,,", "donghe,pm25,2021,,,", "donghe,pm25,2022,,零报告,", "donghe,pm25,2023,,不适用,"]
    table = read_folder(make(tmp_path, added("observations.csv", *lines))).observations
    rows = table.filter((pl.col("unit") == "donghe") & (pl.col("indicator") == "pm25") & (pl.col("period") < "2025"))
    assert rows.select("period", "value", "state").rows() == [
        ("2020", 7.0, "reported"),
        ("2021", None, "missing"),
        ("2022", 0.0, "null_reported"),
        ("2023", None, "not_applicable"),
    ]


def test_three_rows_of_one_key_name_the_first(tmp_path):
    found = problems(tmp_path, added("observations.csv", "beihu,pm25,2025,1,,", "beihu,pm25,2025,1,,"))
    assert found == [
        "observations.csv:14:1: beihu / pm25 / 2025 is there twice, first in observations.csv:9:1",
        "observations.csv:15:1: beihu / pm25 / 2025 is there twice, first in observations.csv:9:1",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (added("units.csv", "donghe,city,south,,,1"), ["units.csv:6:1: donghe is there twice, first in units.csv:2:1"]),
        (added("units.csv", ",city,south,,,1"), ["units.csv:6:1: unit must not be empty"]),
        (added("units.csv", "x,,south,,,1"), ["units.csv:6:2: track must not be empty"]),
        (
            added("units.csv", "x,citi,south,,,1"),
            ["units.csv:6:2: the scheme has no track citi; expected one of: city (did you mean city?)"],
        ),
        (
            replaced("units.csv", "Nanping,365", 'Nanping,"1,365"'),
            ["units.csv:4:6: population is 1,365: no thousands separators, write 1365"],
        ),
        (
            replaced("units.csv", "Nanping,365", "Nanping,many"),
            ["units.csv:4:6: population is the text many, expected a number such as 12.5"],
        ),
        (
            {
                "units.csv": STARTER_FILES["units.csv"]
                .replace("population", "population,clas")
                .replace("\n", ",x\n")
                .replace("clas,x", "clas")
            },
            [],
        ),
    ],
)
def test_units(tmp_path, changes, expected):
    assert problems(tmp_path, changes) == expected


def test_a_further_column_with_a_name_like_a_known_one_is_a_warning(tmp_path):
    text = "".join(
        f"{line},{'paren' if number == 0 else 'x'}\n" for number, line in enumerate(STARTER_FILES["units.csv"].splitlines())
    )
    assert problems(tmp_path, {"units.csv": text}) == [
        "units.csv:1:7: the column paren was read as a column of your own; its name is close to a "
        "known one (did you mean parent?)"
    ]


def test_kinds_of_further_columns(tmp_path):
    lines = STARTER_FILES["units.csv"].splitlines()
    more = ["code,area,mixed,none", "01,5.5,1,", "02,,x,", "03,6,2,", "04,7,3,"]
    text = "".join(f"{line},{extra}\n" for line, extra in zip(lines, more, strict=True))
    units = read_folder(make(tmp_path, {"units.csv": text})).units
    assert dict(list(units.schema.items())[6:]) == {
        "area": pl.Float64,
        "code": pl.Float64,
        "mixed": pl.String,
        "none": pl.String,
        "population": pl.Float64,
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [",pm25,2025,5"],
            ["targets.csv:5:2: pm25 / 2025 is there twice, first in targets.csv:2:2"],
        ),
        (["donghe,pm25,2025,5"], []),
        (["donghe,pm25,2025,a"], ["targets.csv:5:4: target is the text a, expected a number such as 12.5"]),
        (["donghe,pm25,2025,"], ["targets.csv:5:4: target, baseline and challenge are all empty"]),
        (["nobody,pm25,2025,1"], ["targets.csv:5:1: the table units has no unit nobody"]),
        (["donghe,,2025,1"], ["targets.csv:5:2: indicator must not be empty"]),
        (
            ["donghe,pm2,2025,1"],
            [
                "targets.csv:5:2: the scheme has no indicator pm2 and no expression uses it; its rows are "
                "not used (did you mean pm25?)"
            ],
        ),
    ],
)
def test_targets(tmp_path, lines, expected):
    assert problems(tmp_path, added("targets.csv", *lines)) == expected


VOID = "  false_data: {title: {zh: 造假, en: False data}, effect: {void: indicator}}\n"


@pytest.mark.parametrize(
    ("header", "line", "expected"),
    [
        (
            "event,unit,date,count,note",
            "national_prais,donghe,2025,1,",
            [
                "events.csv:2:1: the scheme has no event national_prais; expected one of: false_data, ledger_request, "
                "national_praise (did you mean national_praise?)"
            ],
        ),
        ("event,unit,count", "ledger_request,donghe,0", ["events.csv:2:3: the count is 0, expected more than 0"]),
        ("event,unit,count", "ledger_request,donghe,-1", ["events.csv:2:3: the count is -1, expected more than 0"]),
        ("event,unit,points", "ledger_request,donghe,-1", ["events.csv:2:3: points is -1, must not be negative"]),
        ("event,unit", "ledger_request,donge", ["events.csv:2:2: the table units has no unit donge (did you mean donghe?)"]),
        ("event,unit", ",donghe", ["events.csv:2:1: event must not be empty"]),
        ("event,unit", "ledger_request,", ["events.csv:2:2: unit must not be empty"]),
        (
            "event,unit,indicator",
            "false_data,donghe,",
            ["events.csv:2:3: the event false_data voids an indicator; name it in the column indicator"],
        ),
        (
            "event,unit,indicator",
            "false_data,donghe,pm2",
            ["events.csv:2:3: the indicator pm2 is not in the tree of the track city of the unit donghe (did you mean pm25?)"],
        ),
        ("event,unit,indicator", "false_data,donghe,pm25", []),
        (
            "event,unit,date",
            "ledger_request,donghe,2025/6/1",
            ["events.csv:2:3: the date 2025/6/1 has the wrong form; expected 2020-11-30, 2020-11 or 2020, or nothing"],
        ),
    ],
)
def test_events(tmp_path, header, line, expected):
    changes = {"scheme.yaml": STARTER_FILES["scheme.yaml"] + VOID, "events.csv": f"{header}\n{line}\n"}
    assert problems(tmp_path, changes) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2024,city,donghe,1,1,first", ["history.csv:6:3: 2024 / city / donghe is there twice, first in history.csv:2:3"]),
        ("2023,town,donghe,1,1,first", ["history.csv:6:2: the scheme has no track town; expected one of: city"]),
        ("2023,city,donghe,1,1,fist", ["history.csv:6:6: the scheme's track city has no tier fist (did you mean first?)"]),
        (
            "2023,city,merged,1,1,first",
            ["history.csv:6:3: the table units has no unit merged; ignore this if it was merged or renamed"],
        ),
        ("2023,city,donghe,1,0,first", ["history.csv:6:5: the rank is 0, expected 1 or more"]),
        ("2023,city,donghe,1,1.5,first", ["history.csv:6:5: rank is 1.5, expected a whole number"]),
        ("23,city,donghe,1,1,first", ["history.csv:6:1: the year 23 should have four digits, such as 2019"]),
        (
            "2025,city,donghe,1,1,first",
            ["history.csv:6:1: 2025 is not before the scheme's year 2025; the row is not used"],
        ),
        ("2023,city,donghe,,,", []),
    ],
)
def test_history(tmp_path, line, expected):
    assert problems(tmp_path, added("history.csv", line)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unit,node,points\nbeihu,gdp_per_capita,20\nbeihu,pm25,40\n", []),
        ("unit,node,points\nbeihu,development,50\nbeihu,opinion,50\nbeihu,pm25,20\nbeihu,satisfaction,50\n", []),
        (
            "unit,node,points\nbeihu,pm25,40\nbeihu,development,60\n",
            ["weights.csv:2:3: the points under development for the unit beihu add up to 70, expected 60 (+10)"],
        ),
        (
            "unit,node,points\nbeihu,development,55\nbeihu,pm25,25\n",
            ["weights.csv:2:3: the points under total for the unit beihu add up to 95, expected 100 (-5)"],
        ),
        (
            "unit,node,points\nbeihu,pm2,40\n",
            ["weights.csv:2:2: the tree of the track city has no node pm2 (did you mean pm25?)"],
        ),
        ("unit,node,points\nbeihu,pm25,-1\n", ["weights.csv:2:3: points is -1, must not be negative"]),
        (
            "unit,node,points,weight\nbeihu,pm25,,\n",
            ["weights.csv:2:3: points and weight are both empty, expected one of them"],
        ),
        (
            "unit,node,points,weight\nbeihu,pm25,1,1\n",
            [
                "weights.csv:2:4: both points and weight are given, expected one of them",
                "weights.csv:2:4: the scheme gives pm25 by points, here it is given by weight; siblings do not mix them",
            ],
        ),
        ("unit,node,points\nx,pm25,1\n", ["weights.csv:2:1: the table units has no unit x"]),
        (
            "unit,node,points\nbeihu,gdp_per_capita,20\nbeihu,pm25,40\nbeihu,pm25,40\n",
            ["weights.csv:4:2: beihu / pm25 is there twice, first in weights.csv:3:2"],
        ),
    ],
)
def test_weights(tmp_path, text, expected):
    assert problems(tmp_path, {"weights.csv": text}) == expected


QUOTAS = """\
    quotas:
      - {id: advanced, track: county, nominations: {first: 3, second: 2, third: 1}, list_size: 4}
  county:
    title: {zh: 县, en: Counties}
    tree:
      - {indicator: satisfaction, points: 100}

# 事件"""
COUNTIES = "c1,county,,,,\nc2,county,,,,\nc3,county,,,,\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["advanced,donghe,c1,1", "advanced,donghe,c2,2", "advanced,xishan,c3,1"], []),
        (
            ["advance,donghe,c1,1"],
            ["nominations.csv:2:1: the scheme has no quota advance; expected one of: advanced (did you mean advanced?)"],
        ),
        (
            ["advanced,c1,c2,1"],
            ["nominations.csv:2:2: c1 is not a unit of the track city, which holds the quota advanced"],
        ),
        (
            ["advanced,donghe,xishan,1"],
            ["nominations.csv:2:3: xishan is not a unit of the track county, for which the quota advanced is"],
        ),
        (
            ["advanced,donghe,c1,1", "advanced,xishan,c1,1"],
            ["nominations.csv:3:3: c1 is nominated twice for the quota advanced, first in nominations.csv:2:3"],
        ),
        (
            ["advanced,donghe,c1,1", "advanced,donghe,c2,1"],
            ["nominations.csv:3:4: donghe uses the order 1 twice for the quota advanced, first in nominations.csv:2:4"],
        ),
        (["advanced,donghe,c1,0"], ["nominations.csv:2:4: the order is 0, expected 1 or more"]),
        (["advanced,donge,c1,1"], ["nominations.csv:2:2: the table units has no unit donge (did you mean donghe?)"]),
        (["advanced,donghe,c1,", "advanced,donghe,c2,"], []),
    ],
)
def test_nominations(tmp_path, lines, expected):
    changes = {
        "scheme.yaml": STARTER_FILES["scheme.yaml"].replace("\n# 事件", "\n" + QUOTAS, 1),
        "units.csv": STARTER_FILES["units.csv"] + COUNTIES,
        "nominations.csv": "quota,city,unit,order\n" + "".join(f"{line}\n" for line in lines),
    }
    assert problems(tmp_path, changes) == expected


def test_a_county_that_another_city_nominates_is_a_warning(tmp_path):
    units = "unit,track,class,name_zh,name_en,parent,population\n" + "".join(
        f"{line.rsplit(',', 1)[0]},,{line.rsplit(',', 1)[1]}\n" for line in STARTER_FILES["units.csv"].splitlines()[1:]
    )
    changes = {
        "scheme.yaml": STARTER_FILES["scheme.yaml"].replace("\n# 事件", "\n" + QUOTAS, 1),
        "units.csv": units + "c1,county,,,,xishan,\n",
        "nominations.csv": "quota,city,unit\nadvanced,donghe,c1\n",
    }
    assert problems(tmp_path, changes) == ["nominations.csv:2:3: the parent of c1 is xishan, yet donghe nominates it"]


def test_an_indicator_that_the_track_does_not_use_is_a_warning(tmp_path):
    changes = {
        "scheme.yaml": STARTER_FILES["scheme.yaml"].replace("\n# 事件", "\n" + QUOTAS, 1),
        "units.csv": STARTER_FILES["units.csv"] + COUNTIES,
        **added("observations.csv", "c1,satisfaction,2025,1,,", "c1,pm25,2025,1,,"),
    }
    assert problems(tmp_path, changes) == [
        "observations.csv:15:2: the track county of the unit c1 does not use the indicator pm25; its rows are not used"
    ]


def test_a_broken_table_of_units_makes_no_unit_unknown(tmp_path):
    assert problems(tmp_path, {"units.csv": "unit\ndonghe\n"}) == [
        "units.csv:1: the column track is missing; the header is: unit"
    ]


def test_ten_thousand_faults_are_counted_in_full(tmp_path):
    rows = [f"nobody{number},pm25,2025,1,," for number in range(10_000)]
    found = problems(tmp_path, added("observations.csv", *rows))
    assert len(found) == 101
    assert found[0] == "observations.csv:14:1: the table units has no unit nobody0"
    assert found[-1] == "observations.csv:114:1: from here on 9,900 more of this kind: the table units has no unit nobody0"


@given(st.permutations(list(range(8))), st.integers(1, 3))
def test_duplicates_are_found_whatever_the_order(order, copies):
    names = [f"u{number},i" for number in order]
    lines = names + names[:copies]
    findings = Findings()
    text = "unit,indicator,value\n" + "".join(f"{name},1\n" for name in lines)
    found = parse_delimited(text.encode(), "o.csv", OBSERVATIONS, findings)
    units = parse_delimited(("unit,track\n" + "".join(f"u{n},t\n" for n in range(8))).encode(), "u.csv", UNITS, findings)
    _, tables = check_tables(None, {"units": units, "observations": found}, findings)
    assert sorted(problem.place.line for problem in findings.listed()) == [10 + copy for copy in range(copies)]
    assert tables["observations"].get_column("unit").is_sorted()


def test_an_own_weight_of_all_zero(tmp_path):
    scheme = STARTER_FILES["scheme.yaml"].replace(
        "{indicator: gdp_per_capita, points: {default: 40, north: 30}}", "{indicator: gdp_per_capita, weight: 1}"
    )
    scheme = scheme.replace("{indicator: pm25, points: {default: 20, north: 30}}", "{indicator: pm25, weight: 1}")
    text = "unit,node,weight\nbeihu,pm25,0\nbeihu,gdp_per_capita,0\n"
    assert problems(tmp_path, {"scheme.yaml": scheme, "weights.csv": text}) == [
        "weights.csv:2:3: all weights under development are 0 for the unit beihu"
    ]


def test_warnings_do_not_stop_the_reading(tmp_path):
    assessment, found = check_folder(make(tmp_path, added("history.csv", "2023,city,merged,1,1,first")))
    assert assessment is not None
    assert assessment.warnings == tuple(found)
    assert len(found) == 1
