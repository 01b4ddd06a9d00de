"""Numbers for people."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongkao.engine import explain_layout, explain_numbers
from tongkao.engine.explain_layout import WIDTH, padded, table, width, wrapped
from tongkao.engine.explain_numbers import exact_at, figure, fixed, places_for, plain, shortened, signed


@pytest.mark.parametrize("module", [explain_numbers, explain_layout])
def test_the_examples_of_the_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_figure_keeps_whole_numbers_and_seven_digits_of_others() -> None:
    assert [figure(value) for value in (178781.0, 12345678901.0, 2 / 3, 1234.56789, 12345678.9)] == [
        "178781",
        "12345678901",
        "0.6666667",
        "1234.568",
        "12345679",
    ]


def test_a_figure_has_a_proper_minus_sign_and_no_minus_zero() -> None:
    assert [figure(value) for value in (-3.5, -0.0, 0.0, None)] == ["−3.5", "0", "0", "–"]


def test_a_figure_too_small_or_too_large_for_digits_is_scientific() -> None:
    assert [figure(value) for value in (1.25e-9, -1.25e-9, 2.5e20)] == ["1.25e-09", "−1.25e-09", "2.5e+20"]


def test_points_are_rounded_half_up_as_they_read() -> None:
    assert [fixed(value, 2) for value in (84.125, 0.005, -0.005, -0.001, 1e300)][:4] == ["84.13", "0.01", "−0.01", "0.00"]


def test_plain_and_signed() -> None:
    assert [plain(30.0, 4), plain(12.5, 4), signed(0.5, 1), signed(-0.5, 1), signed(0.001, 2)] == [
        "30",
        "12.5",
        "+0.5",
        "−0.5",
        "0.00",
    ]


def test_as_many_places_as_every_number_needs_within_reason() -> None:
    assert places_for(100.0, [12.5, None, 30.0]) == 2
    assert places_for(100.0, [12.3456]) == 4
    assert places_for(100.0, [1 / 3]) == 4
    assert places_for(1000.0, [1 / 3]) == 3
    assert places_for(1000.0, [1 / 3], 5) == 5
    assert places_for(1.0, [1 / 3]) == 6


@given(st.floats(-1e12, 1e12))
def test_what_is_shown_is_near_what_is_meant(value: float) -> None:
    assert abs(shortened(value) - value) <= 1e-6 * abs(value) + 0.5 * (abs(value) >= 1e7)


@given(st.floats(0, 1000), st.integers(2, 6))
def test_a_number_that_fits_is_exact(value: float, places: int) -> None:
    assert exact_at(float(fixed(value, places)), places, 1000.0)


# --- layout -------------------------------------------------------------------------------------------------------------------


def test_chinese_characters_are_two_columns_wide() -> None:
    assert [width("总分"), width("（a）"), width("a−b"), width("é")] == [4, 5, 3, 1]
    assert [padded("分", 4), padded("1.0", 5, right=True)] == ["分  ", "  1.0"]


def test_columns_are_aligned_whatever_the_script() -> None:
    assert list(table([("项目", "得分"), ("roads", "1.5"), ("合计", "11.5")], 2, rules=(1, 2))) == [
        "  项目   得分",
        "  -----------",
        "  roads   1.5",
        "  -----------",
        "  合计   11.5",
    ]


def test_lines_break_between_words_and_between_characters_but_not_before_a_full_stop() -> None:
    assert list(wrapped("one two three", 0, 2, 8)) == ["one two", "  three"]
    assert list(wrapped("一二三四。五六", 0, 0, 8)) == ["一二三", "四。五六"]


def test_a_number_keeps_its_measure_word() -> None:
    assert list(wrapped("一二三四得 2 分", 0, 0, 12)) == ["一二三四得", "2 分"]


@given(st.text(st.sampled_from("一二三abc ，。（）“”12 分"), max_size=200), st.integers(0, 10))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, indent: int) -> None:
    lines = list(wrapped(text, indent))
    assert "".join("".join(lines).split()) == "".join(text.split())
    pieces = max((width(word) for word in text.split()), default=0)
    assert all(width(line) <= max(WIDTH, indent + 2 + pieces) for line in lines)
