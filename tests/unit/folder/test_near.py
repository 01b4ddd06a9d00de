import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongkao.folder.near import Near

MANY = [f"unit_{number:05d}" for number in range(50_000)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("unit_4999", "unit_49999"),
        ("unit_49x99", "unit_49999"),
        ("unit_449999", "unit_49999"),
        ("uint_49999", "unit_49999"),
        ("other", ""),
    ],
)
def test_slips_among_many_names(text, name):
    assert Near(MANY)(text) == name


def test_a_hundred_slips_among_fifty_thousand_names_are_quick():
    near = Near(MANY)
    start = time.process_time()
    assert all(near(f"unjt_{number:05d}") == f"unit_{number:05d}" for number in range(100))
    assert time.process_time() - start < 3


def test_few_names_are_compared_as_everywhere():
    assert Near(["donghe", "xishan"])("dongho") == "donghe"
    assert Near(["donghe", "xishan"])("beihu") == ""


def test_long_texts_have_no_nearest_name():
    assert Near(["a" * 70])("a" * 71) == ""


@given(st.text(alphabet="abc", min_size=4, max_size=8), st.integers(0, 7))
def test_a_name_with_one_character_left_out_is_found(text, place):
    names = {f"name{number:04d}" for number in range(300)} | {text}
    slip = text[: place % len(text)] + text[place % len(text) + 1 :]
    assert Near(names)(slip) == text
