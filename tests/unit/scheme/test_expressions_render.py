"""Writing formulas with numbers put in."""

from __future__ import annotations

import pytest

from tongkao.scheme.expressions import Call, Name, parse, render


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("gdp*10000/population", "gdp * 10000 / population"),
        ("((a+b))*(c)", "(a + b) * c"),
        ("(a+b)+c-(d-e)", "(a + b) + c - (d - e)"),
        ("a/(b*c)", "a / (b * c)"),
        ("a*(b+c*(d))", "a * (b + c * d)"),
        ("(a**b)**c", "(a ** b) ** c"),
        ("a**(b**c)", "a ** b ** c"),
        ("(-a)**b", "(-a) ** b"),
        ("-a**b", "-a ** b"),
        ("a**-b", "a ** (-b)"),
        ("-(a+b)*-c", "-(a + b) * (-c)"),
        ("--a", "-(-a)"),
        ("not(not a)", "not not a"),
        ("(a or b)and not(c and d)", "(a or b) and not (c and d)"),
        ("a and b or c", "a and b or c"),
        ("(a<b)==(c<d)", "(a < b) == (c < d)"),
        ("a<b+1", "a < b + 1"),
        ("(not a)==b", "(not a) == b"),
        ('if(class=="北 部",max(a,b),target())', 'if(class == "北 部", max(a, b), target())'),
        ("1.50+.5+1e3+1e-7+1e20+0.1", "1.5 + 0.5 + 1000 + 1e-07 + 1e+20 + 0.1"),
    ],
)
def test_canonical_form(text: str, written: str) -> None:
    assert render(parse(text)) == written
    assert parse(written).root == parse(text).root


def put_in(node: Name | Call) -> float | str | None:
    name = node.name if isinstance(node, Name) else node.function
    known = {
        "gdp": 1234567.5,
        "loss": -3.0,
        "prev": 0.1 + 0.2,
        "zero": -0.0,
        "big": 1.5e20,
        "small": -2e-9,
        "third": 1 / 3,
        "gone": "缺失",
        "class": '"north"',
    }
    return known.get(name)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("gdp / population", "1234567.5 / population"),
        ("gdp - prev(gdp, 2)", "1234567.5 - 0.3"),
        ("loss", "-3"),
        ("loss + loss * loss", "-3 + (-3 * (-3))"),
        ("loss ** 2 - loss", "(-3) ** 2 - (-3)"),
        ("-loss", "-(-3)"),
        ("2 ** loss", "2 ** (-3)"),
        ("max(loss, abs(loss)) < loss", "max(-3, abs(-3)) < -3"),
        ("zero + big + small + third", "0 + 1.5e+20 + (-2e-09) + 0.333333333333"),
        ("gone + 1", "缺失 + 1"),
        ('if(class == "north", 1, 2)', 'if("north" == "north", 1, 2)'),
        ("round(third, 2) * -1", "round(0.333333333333, 2) * (-1)"),
    ],
)
def test_numbers_put_in(text: str, written: str) -> None:
    assert render(parse(text), put_in) == written


def test_the_inside_of_what_is_put_in_is_not_asked_for() -> None:
    asked = []

    def values(node: Name | Call) -> float | None:
        asked.append(node.name if isinstance(node, Name) else node.function)
        return 7.0 if isinstance(node, Call) and node.function == "best" else None

    assert render(parse("x / best(y / z) + max(x, 1)"), values) == "x / 7 + max(x, 1)"
    assert asked == ["x", "best", "max", "x"]


def test_deep_and_long() -> None:
    deep = "abs(" * 199 + "a" + ")" * 199
    assert render(parse(deep)) == deep
    long = " + ".join(["a"] * 2_000)
    assert render(parse(long)) == long
