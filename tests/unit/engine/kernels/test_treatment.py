from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import DOWN, NAN, bits, column, listed, tables
from tongkao.engine.kernels import (
    BoolArray,
    FloatArray,
    boxcox,
    clip,
    coin,
    log_plain,
    log_shift,
    signed_log_shift,
    statistics,
    winsorise,
)
from tongkao.engine.kernels.treatment import FAILED, LOGGED, NOT_JUDGED, PASSED, WINSORISED_HIGH, WINSORISED_LOW

OUTLIERS = column(*range(1, 21), 100, 200)
LOW_OUTLIERS = column(-200, -50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)


# --- winsorise ----------------------------------------------------------------------------------------------------------------


def test_winsorise_published() -> None:
    # the example of COINr's documentation: 1 to 10, 30 and 100
    x = column(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 100)
    treated = winsorise(x)
    assert listed(treated.values) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 30]
    assert treated.marks[:, 0].tolist() == [0] * 11 + [WINSORISED_HIGH]
    assert treated.winsorised_high.tolist() == [1]
    assert treated.winsorised_low.tolist() == [0]
    assert treated.passed[:, 0].tolist() == [FAILED, PASSED, NOT_JUDGED]
    assert treated.skewness[0, 0] == pytest.approx(3.0632410342394985, rel=1e-14)
    assert listed(x)[-1] == 100


def test_winsorise_until_it_passes_or_the_limit_is_reached() -> None:
    treated = winsorise(OUTLIERS)
    assert listed(treated.values) == [*range(1, 21), 20, 20]
    assert treated.winsorised_high.tolist() == [2]
    assert treated.passed[:, 0].tolist() == [FAILED, PASSED, NOT_JUDGED]
    assert treated.skewness[1] == pytest.approx(statistics.skewness(treated.values), rel=1e-13)
    assert treated.kurtosis[1] == pytest.approx(statistics.kurtosis(treated.values), rel=1e-13)
    limited = winsorise(OUTLIERS, max=1)
    assert listed(limited.values) == [*range(1, 21), 100, 100]
    assert limited.passed[:, 0].tolist() == [FAILED, FAILED, NOT_JUDGED]


def test_winsorise_low_values_and_the_sign_does_not_matter() -> None:
    treated = winsorise(LOW_OUTLIERS)
    assert listed(treated.values) == [-50, -50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert treated.marks[:, 0].tolist() == [WINSORISED_LOW] + [0] * 13
    assert treated.winsorised_low.tolist() == [1]
    assert listed(-winsorise(-LOW_OUTLIERS).values) == listed(treated.values)


def test_winsorise_takes_ties_together_even_beyond_the_limit() -> None:
    treated = winsorise(column(*range(1, 31), 300, 300, 900), max=2)
    assert treated.winsorised_high.tolist() == [3]
    assert listed(treated.values)[-4:] == [30, 30, 30, 30]


def test_a_column_that_passes_stays() -> None:
    x = column(3, 1, 4, 1, 5, 9, 2, 6, NAN)
    treated = winsorise(x)
    assert listed(treated.values) == listed(x)
    assert treated.passed[:, 0].tolist() == [PASSED, NOT_JUDGED, NOT_JUDGED]
    assert not treated.marks.any()


def test_a_column_that_would_become_constant_is_left_as_it_was() -> None:
    two_values = column(1, 1, 1, 1, 1, 1, 1, 2)
    for treated in (winsorise(two_values), coin(two_values), coin(two_values, combine=True)):
        assert listed(treated.values) == [1, 1, 1, 1, 1, 1, 1, 2]
        assert treated.left_alone.tolist() == [True]
        assert treated.logged.tolist() == [False]
        assert treated.winsorised_high.tolist() == [0]
        assert treated.passed[:, 0].tolist() == [FAILED, NOT_JUDGED, NOT_JUDGED]
    assert listed(winsorise(two_values, max=1, may_become_constant=True).values) == [1] * 8


def test_constant_short_and_empty_columns_are_not_judged() -> None:
    x = np.array([[4.0, NAN, NAN], [4.0, 7.0, NAN], [4.0, NAN, NAN], [4.0, 100.0, NAN]])
    treated = coin(x)
    np.testing.assert_array_equal(treated.values, x)
    assert (treated.passed == NOT_JUDGED).all()


# --- coin ---------------------------------------------------------------------------------------------------------------------


def test_coin_takes_the_logarithm_of_the_original_column() -> None:
    treated = coin(OUTLIERS, max=1)
    assert treated.values.tolist() == log_shift(OUTLIERS).tolist()
    assert treated.logged.tolist() == [True]
    assert treated.marks[:, 0].tolist() == [LOGGED] * 21 + [LOGGED + WINSORISED_HIGH]
    assert treated.passed[:, 0].tolist() == [FAILED, FAILED, PASSED]
    assert treated.skewness[2, 0] == pytest.approx(statistics.skewness(treated.values)[0], rel=1e-12)


def test_coin_combined_takes_the_logarithm_of_the_winsorised_column() -> None:
    treated = coin(OUTLIERS, max=1, combine=True)
    assert treated.values.tolist() == log_shift(winsorise(OUTLIERS, max=1).values).tolist()


def test_coin_without_winsorising_and_with_other_logarithms() -> None:
    assert coin(LOW_OUTLIERS, max=0).values.tolist() == log_shift(LOW_OUTLIERS).tolist()
    assert coin(LOW_OUTLIERS, max=0).passed[:, 0].tolist() == [FAILED, FAILED, FAILED]
    assert coin(LOW_OUTLIERS, max=0, log="signed_shift").values.tolist() == signed_log_shift(LOW_OUTLIERS).tolist()
    plain = coin(OUTLIERS, max=0, log="plain")
    assert plain.values.tolist() == np.log(OUTLIERS).tolist()
    gone = coin(LOW_OUTLIERS, max=0, log="plain")
    assert listed(gone.values)[:3] == [-999, -999, 0]
    assert gone.skewness[2, 0] == pytest.approx(statistics.skewness(gone.values)[0], rel=1e-12)


def test_coin_thresholds_decide() -> None:
    assert coin(OUTLIERS, skew=4.0).passed[0, 0] == PASSED
    assert coin(OUTLIERS, kurtosis=14.0).passed[0, 0] == PASSED
    assert coin(OUTLIERS, max=1, skew=0.1, kurtosis=-5.0).logged.tolist() == [True]


def test_units_listed_apart_decide_nothing_and_are_pulled_in_too() -> None:
    x = np.vstack([OUTLIERS, column(5000, -5000, 4)])
    counted = np.array([[True]] * 22 + [[False]] * 3)
    treated = coin(x, counted=counted)
    assert listed(treated.values)[:22] == listed(coin(OUTLIERS).values)
    assert listed(treated.values)[22:] == [20, -5000, 4]
    logged = coin(x, max=0, counted=counted).values
    assert logged[:22].tolist() == log_shift(OUTLIERS).tolist()
    assert logged[23, 0] == logged[0, 0]
    assert logged[22, 0] == pytest.approx(math.log(5000 - 1 + 1.99))


@given(table=tables(), seed=st.integers(0, 9))
def test_order_of_units_never_matters_and_order_of_values_stays(
    table: tuple[FloatArray, BoolArray, FloatArray], seed: int
) -> None:
    x = table[0]
    order = np.random.default_rng(seed).permutation(x.shape[0])
    treated = coin(x, skew=0.5, kurtosis=-1.0, max=2)
    assert bits(coin(x[order], skew=0.5, kurtosis=-1.0, max=2).values) == bits(treated.values[order])
    for before, after in zip(x.T, treated.values.T, strict=True):
        ordered = after[np.argsort(before, kind="stable")]
        assert (np.diff(ordered[~np.isnan(ordered)]) >= 0).all()


def test_columns_are_treated_alone_whatever_stands_beside_them() -> None:
    random = np.random.default_rng(3)
    x = np.exp(random.normal(size=(400, 120)) * np.linspace(0.1, 2, 120))  # several blocks of columns
    x[random.random(x.shape) < 0.05] = NAN
    together = coin(x)
    for col in (0, 40, 80, 119):
        assert bits(coin(x[:, col : col + 1]).values) == bits(np.ascontiguousarray(together.values[:, col : col + 1]))
    assert together.logged.any()
    assert not together.logged.all()


def _read(path: Path) -> tuple[list[str], FloatArray]:
    with path.open(encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    return header[1:], np.array([[float(cell) if cell else NAN for cell in row[1:]] for row in rows])


@pytest.mark.parametrize(("case", "most"), [("s01_default", 5), ("s09_treat_winmax1", 1)])
def test_coin_reproduces_the_published_treatment(reference: Path, case: str, most: int) -> None:
    folder = reference / "asem"
    names, x = _read(folder / "s01_default" / "screened.csv")
    expected_names, expected = _read(folder / case / "treated.csv")
    treated = coin(x, max=most)
    assert names == expected_names
    np.testing.assert_allclose(treated.values, expected, rtol=1e-10, atol=1e-10)

    with (folder / case / "treatment.csv").open(encoding="utf-8") as file:
        records = {row["iCode"]: row for row in csv.DictReader(file)}
    for col, name in enumerate(names):
        record = records[name]
        assert treated.winsorised_high[col] + treated.winsorised_low[col] == int(record["n_winsorised"] or 0)
        for step in range(3):
            verdict = {"true": PASSED, "false": FAILED}.get(record.get(f"pass{step}") or "", NOT_JUDGED)
            assert treated.passed[step, col] == verdict
            if verdict != NOT_JUDGED:
                assert treated.skewness[step, col] == pytest.approx(float(record[f"skew{step}"]), rel=1e-10, abs=1e-10)
                assert treated.kurtosis[step, col] == pytest.approx(float(record[f"kurt{step}"]), rel=1e-10, abs=1e-10)

    words = {
        "": 0,
        "winhi": WINSORISED_HIGH,
        "winlo": WINSORISED_LOW,
        "+log_CT": LOGGED,
        "winhi+log_CT": LOGGED + WINSORISED_HIGH,
    }
    with (folder / case / "treated_points.csv").open(encoding="utf-8") as file:
        points = [[words[cell] for cell in row[1:]] for row in list(csv.reader(file))[1:]]
    assert treated.marks.tolist() == points


# --- single transformations ---------------------------------------------------------------------------------------------------


def test_clip() -> None:
    assert listed(clip(column(-5, 3, 50, NAN), low=0.0, high=10.0)) == [0, 3, 10, -999]


def test_log_plain() -> None:
    assert listed(log_plain(column(1, math.e, 0, -1, NAN))) == [0, 1, -999, -999, -999]


def test_log_shift_published() -> None:
    expected = [
        0.73236789371322664,
        -2.5257286443082556,
        1.1249295969854831,
        -2.5257286443082556,
        1.4060969884160703,
        2.0893918725330041,
    ]
    x = column(3, 1, 4, 1, 5, 9, 2, 6)
    assert listed(log_shift(x))[:5] == pytest.approx(expected[:5], rel=1e-14)
    assert listed(signed_log_shift(x)) == listed(log_shift(x))


def test_signed_log_shift_is_mirrored_for_a_long_lower_tail() -> None:
    assert listed(signed_log_shift(LOW_OUTLIERS)) == pytest.approx([-rate for rate in listed(log_shift(DOWN * LOW_OUTLIERS))])
    assert listed(signed_log_shift(LOW_OUTLIERS))[0] == pytest.approx(-5.3665366055251802, rel=1e-14)


def test_constant_columns_have_no_logarithm_and_stay() -> None:
    assert listed(log_shift(column(4, 4, NAN))) == [4, 4, -999]
    assert listed(signed_log_shift(column(4, 4, NAN))) == [4, 4, -999]


def test_boxcox_by_hand() -> None:
    x = column(3, 1, 4, NAN)
    assert listed(boxcox(x)) == pytest.approx([math.log(3), 0, math.log(4), -999])
    assert listed(boxcox(x, exponent=2.0)) == [4, 0, 7.5, -999]
    assert listed(boxcox(column(-5, -2), exponent=0.5)) == [0, 2]
    assert listed(boxcox(x, counted=np.array([[True], [False], [True], [False]]))) == pytest.approx([0, 0, math.log(2), -999])
