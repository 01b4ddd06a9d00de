from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.scheme.sound import SOUND, with_line
from tongkao.scheme.digest import canonical_text, scheme_digest
from tongkao.scheme.loader import load_scheme
from tongkao.scheme.model import Scheme
from tongkao.scheme.reader import read_yaml

SMALL = "tongkao: 1\nid: x\ntitle: 题\nyear: 2020\nindicators: {a: {title: 甲, score: {method: identity}}}\n"
SMALL += "tracks: {t: {title: 列, tree: [{indicator: a, points: 100}]}}\n"


def load(text: str) -> Scheme:
    scheme, problems, _ = load_scheme(text)
    assert scheme is not None, problems
    return scheme


def test_the_canonical_text_is_short_and_sorted() -> None:
    assert canonical_text(load(SMALL)) == (
        '{"id":"x","indicators":{"a":{"score":{"method":"identity"},"title":{"en":"甲","zh":"甲"}}},"title":{"en":"题","zh":"题"},'
        '"tongkao":1,"tracks":{"t":{"title":{"en":"列","zh":"列"},"tree":[{"indicator":"a","points":100.0}]}},"year":2020}'
    )
    assert scheme_digest(load(SMALL)) == "062d2177e00da518384cf64edfa39c3acfaf942e94f3d252354d9310a1e17e13"


def shuffled(data: Any, chance: random.Random) -> Any:
    if isinstance(data, dict):
        keys = list(data)
        chance.shuffle(keys)
        return {key: shuffled(data[key], chance) for key in keys}
    return [shuffled(item, chance) for item in data] if isinstance(data, list) else data


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_and_the_way_of_writing_do_not_matter(chance: random.Random) -> None:
    written = json.dumps(shuffled(read_yaml(SOUND).data, chance), indent=chance.choice([None, 2]))
    assert scheme_digest(load(written)) == scheme_digest(load(SOUND))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("year: 2020\n", "year: 2020  # a comment\n"),
        ("year: 2020\n", "full_mark: 100.0\nyear: 2020\n"),
        ("title: 题", "title: {zh: 题, en: 题}"),
        ("points: 100", "points: '50 * 2'"),
        ("tracks:", "events: {}\ntracks:"),
        ("title: 列,", "title: 列, tiers: [], ties: {by: [], otherwise: share}, backfill: false,"),
        ("{method: identity}", "{method: identity}, direction: up, compare: track"),
    ],
)
def test_comments_and_defaults_do_not_matter(old: str, new: str) -> None:
    changed = SMALL.replace(old, new)
    assert changed != SMALL
    assert scheme_digest(load(changed)) == scheme_digest(load(SMALL))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{economy: 60}", "{economy: 61}"),
        ("by: [economy, pm25]", "by: [pm25, economy]"),
        ("{default: 40, north: 20}", "{default: 40, north: 20, south: 40}"),
        ("en: Cities", "en: cities"),
        ("treat: none", "compare: track"),
        ("missing: zero\n", "missing: {floor: 0}\n"),
    ],
)
def test_what_the_rules_say_matters(old: str, new: str) -> None:
    assert scheme_digest(load(with_line(old, new))) != scheme_digest(load(SOUND))
