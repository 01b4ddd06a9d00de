"""The static check: names, functions, kinds."""

from __future__ import annotations

import pytest

from tongkao.scheme.expressions import PLAIN_FUNCTIONS, Vocabulary, check, parse

from .expressions_units import AWARDS, VALUES


def found(text: str, vocabulary: Vocabulary = VALUES) -> list[tuple[str, int]]:
    return [(fault.code.removeprefix("expression."), fault.offset) for fault in check(parse(text), vocabulary)]


@pytest.mark.parametrize(
    "text",
    [
        "gdp * 10000 / population",
        'if(class == "north", gdp, -population)',
        'if(class != "north" and not gdp > 1 or visits >= 2, 1, 2)',
        "if((gdp > 1) == (visits > 1), 1, 2)",
        "prev(gdp) + prev(gdp, 2) + prev(gdp, 0) + growth(visits)",
        "periods_sum(visits) + periods_mean(visits) + periods_last(visits)",
        "(gdp - worst(gdp)) / (best(gdp / population) - mean(gdp)) + median(gdp) + total(1)",
        "(gdp - baseline()) / (target() - baseline()) * challenge()",
        "round(gdp, 2) + round(gdp) + round(gdp, -2) + clip(gdp, 0, +1) + clip(gdp, visits, 0)",
        "min(1) + max(1, 2, 3) + abs(-1) + sqrt(2) + log(2) + log10(2) + exp(1)",
        'if("north" == class, 1, 2)',
    ],
)
def test_sound_values(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        'rank_change >= 5 and tier != "first"',
        'streak("first") >= 2',
        'first_time("first")',
        'event("praise")',
        'event("praise") >= 2 and not event("praise") or rate("growth") > 90',
        'if(event("praise"), total > 1, rank < 3)',
        'if(total > 1, event("praise"), 2) > 1',
        'if(total > 1, tier, "second") == "second"',
    ],
)
def test_sound_rules(text: str) -> None:
    assert found(text, AWARDS) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gpd + vsits", [("unknown_name", 0), ("unknown_name", 6)]),
        ("prev(gpd)", [("unknown_name", 5)]),
        ("prev(gpd + 1)", [("needs_name", 5)]),
        ("periods_sum(5)", [("needs_name", 12)]),
        ("prev(class)", [("type_number", 5)]),
        ("prev(population) + periods_last(population)", [("no_history", 5), ("no_history", 32)]),
        (
            "prev(gdp, visits) + prev(gdp, -1) + prev(gdp, 101)",
            [("whole_number", 10), ("whole_number", 30), ("whole_number", 46)],
        ),
        ("round(gdp, 16)", [("whole_number", 11)]),
        ("prev() + target(1) + sqrt(1, 2)", [("arguments", 0), ("arguments", 9), ("arguments", 21)]),
        ("min() + if(1 > 2, 3)", [("arguments", 0), ("arguments", 8)]),
        ("clip(gpd)", [("arguments", 0), ("unknown_name", 5)]),
        ("nothing(gpd, 1 + class)", [("unknown_function", 0), ("unknown_name", 8), ("type_number", 17)]),
        ('streak("first")', [("unknown_function", 0)]),
        (
            "-class + abs(class) + class * 2 + (class ** 2)",
            [("type_number", 1), ("type_number", 13), ("type_number", 22), ("type_number", 35)],
        ),
        ("gdp + (gdp > 1)", [("type_number", 7)]),
        ("if(class < class, 1, 2)", [("type_number", 3), ("type_number", 11)]),
        ("if(not gdp, 1, 2)", [("type_condition", 7)]),
        ("if(gdp and visits > 1 or class, 1, 2)", [("type_condition", 3), ("type_condition", 25)]),
        ("if(gdp > 1, 1, class)", [("type", 12)]),
        ("if(gdp > 1, class, class)", [("result_number", 0)]),
        ("if((gdp > 1) == 1, 1, 2)", [("type", 4)]),
        ('"north"', [("result_number", 0)]),
        ("best(class)", [("type_number", 5)]),
        ("gpd > 1", [("result_number", 0), ("unknown_name", 0)]),
    ],
)
def test_everything_that_is_wrong_is_found(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(text) == expected


def test_a_fault_does_not_cause_others() -> None:
    assert found("if(gpd > 1, gpd, class) + gpd(1) * 2 == 3 and gpd", AWARDS) == [
        ("unknown_name", 3),
        ("unknown_name", 12),
        ("unknown_name", 17),
        ("unknown_function", 26),
        ("unknown_name", 46),
    ]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("target + 1", "target()"),
        ("Gdp", "gdp"),
        ("zzzzzzzz", ""),
        ("gdp(1)", "gdp * ( )"),
        ("IF(gdp > 1, 1, 2)", "if"),
        ("AND(gdp > 1, gdp < 2)", "a and b"),
        ("NOT(gdp > 1)", "not a"),
        ("ln(gdp)", "log"),
        ("POWER(gdp, 2)", "**"),
        ("period_sum(visits)", "periods_sum"),
        ("zzzzzzzz()", ""),
    ],
)
def test_the_nearest_valid_name(text: str, nearest: str) -> None:
    assert check(parse(text), VALUES)[-1].fields["nearest"] == nearest


def test_texts_are_known_by_the_name_or_function_they_belong_to() -> None:
    assert found('tier == "frist" or "third" != tier or streak("frist") > 1 or event("praise")', AWARDS) == [
        ("unknown_text", 8),
        ("unknown_text", 19),
        ("unknown_text", 45),
    ]
    free = Vocabulary(names={"region": "text"}, functions=PLAIN_FUNCTIONS)
    assert found('if(region == "anything", 1, 2)', free) == []


def test_a_part_is_quoted_as_it_was_written_and_cut_where_it_is_long() -> None:
    assert check(parse("prev(1+gdp  *2)"), VALUES)[0].fields["part"] == "1+gdp  *2"
    part = check(parse("prev(" + "+".join(["gdp"] * 50) + ")"), VALUES)[0].fields["part"]
    assert part == "+".join(["gdp"] * 15)[:57] + "..."


def test_a_chain_of_two_thousand_terms() -> None:
    assert found("+".join(["gdp"] * 2_000)) == []
    assert found("+".join(["gdp"] * 1_999) + "+gd") == [("unknown_name", 7_996)]
