"""What the tests of the kernels share: columns written down as lists, and made-up columns for laws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from tongkao.engine.kernels import BoolArray, FloatArray

NAN = float("nan")
UP = np.array([1.0])
DOWN = np.array([-1.0])


def frozen(array: FloatArray) -> FloatArray:
    """The array, which nobody may change any more: a kernel that works in its input fails."""
    array.setflags(write=False)
    return array


def column(*values: float) -> FloatArray:
    """One column of values, which nobody may change."""
    return frozen(np.array(values, dtype=np.float64)[:, None])


def there(x: FloatArray) -> BoolArray:
    """Everybody who has a value counts."""
    return ~np.isnan(x)


def listed(rates: FloatArray) -> list[float]:
    """A single column as a list, the gaps as -999, which no test uses otherwise."""
    assert rates.shape[1] == 1
    return [-999.0 if np.isnan(rate) else float(rate) for rate in rates[:, 0]]


def bits(numbers: FloatArray) -> bytes:
    """The bytes of an array, in which one missing number is like another."""
    return np.where(np.isnan(numbers), NAN, numbers).tobytes()


#: values as offices report them: at most six digits, ties and gaps are frequent
numbers = st.one_of(
    st.integers(-9, 9).map(float),
    st.integers(-999_999, 999_999).map(lambda n: n / 1000),
    st.just(NAN),
)
positive_numbers = st.one_of(st.integers(1, 9).map(float), st.integers(1, 999_999).map(lambda n: n / 1000), st.just(NAN))


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[float] = numbers) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Values, who counts, and directions of a few units and columns; about a fifth of the cells do not count."""
    n, k = draw(st.integers(1, 9)), draw(st.integers(1, 3))
    x = np.array(draw(st.lists(st.lists(cells, min_size=k, max_size=k), min_size=n, max_size=n)), dtype=np.float64)
    beside = np.array(draw(st.lists(st.lists(st.integers(0, 4), min_size=k, max_size=k), min_size=n, max_size=n))) == 0
    sign = np.array(draw(st.lists(st.sampled_from([1.0, -1.0]), min_size=k, max_size=k)))
    return frozen(x), ~np.isnan(x) & ~beside, frozen(sign)


Method = Callable[[FloatArray, BoolArray, FloatArray], FloatArray]


def assert_order_of_units_never_matters(method: Method, x: FloatArray, counted: BoolArray, sign: FloatArray, seed: int) -> None:
    """Permuted units get permuted rates, to the last bit."""
    order = np.random.default_rng(seed).permutation(x.shape[0])
    assert bits(method(x[order], counted[order], sign)) == bits(method(x, counted, sign)[order])


def assert_better_values_never_get_less(method: Method, x: FloatArray, counted: BoolArray, sign: FloatArray) -> None:
    """In every column, whoever has a better value has no smaller rate (to the last digits of a double)."""
    rates = method(x, counted, sign)
    for value, rate, direction in zip(x.T, rates.T, sign, strict=True):
        answered = ~np.isnan(rate)
        ordered = rate[answered][np.argsort(value[answered] * direction, kind="stable")]
        assert (np.diff(ordered) >= -1e-9 * np.maximum(1, np.abs(ordered[1:]))).all(), (value, rate)


def assert_gaps_stay_gaps(method: Method, x: FloatArray, counted: BoolArray, sign: FloatArray) -> None:
    """A missing value has no rate."""
    assert np.isnan(method(x, counted, sign)[np.isnan(x)]).all()
