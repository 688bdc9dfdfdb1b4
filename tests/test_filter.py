from pathlib import Path

import numpy as np
import pytest

from knowledge.date import Date
from knowledge.filter import EVERYTHING, Columns, Filter, traits_of
from tests.holdings import passage

TRAITS = [
    traits_of(passage(1, "Ships.", source="a", side="for", fact_of="FR", known_since=Date("2023"))),
    traits_of(passage(2, "Trade.", source="b", side="against", server="ours", known_since=Date("2024-05-30"))),
    traits_of(passage(3, "Treaties.", source="b", known_since=Date("2025-01"))),
]


def admitted(by: Filter) -> list[int]:
    return [place for place, traits in enumerate(TRAITS) if by.admits(traits)]


@pytest.mark.parametrize(
    ("by", "places"),
    [
        (EVERYTHING, [0, 2]),
        (Filter(server="ours"), [0, 1, 2]),
        (Filter(server="theirs"), [0, 2]),
        (Filter(sources=frozenset({"b"}), server="ours"), [1, 2]),
        (Filter(states=frozenset({"FR", "LT"})), [0]),
        (Filter(sides=frozenset({"against"}), server="ours"), [1]),
        (Filter(until=Date("2024"), server="ours"), [0, 1]),
        (Filter(until=Date("2024-05-29"), server="ours"), [0]),
    ],
)
def test_a_passage_is_found_by_whom_and_when_it_may_be(by: Filter, places: list[int]) -> None:
    assert admitted(by) == places


def test_columns_admit_what_the_filter_does_also_after_they_were_stored(tmp_path: Path) -> None:
    columns = Columns.of(TRAITS * 40)
    columns.save(tmp_path / "columns.npz")
    for by in (EVERYTHING, Filter(server="ours"), Filter(states=frozenset({"FR"})), Filter(until=Date("2024"))):
        expected = [by.admits(traits) for traits in TRAITS * 40]
        assert columns.admitted(by).tolist() == expected
        assert np.array_equal(Columns.load(tmp_path / "columns.npz").admitted(by), expected)


def test_an_earlier_day_is_kept_when_a_filter_is_cut() -> None:
    early, late = Date("2023"), Date("2024")
    assert Filter(until=early).cut(late).until == early
    assert Filter(until=late).cut(early).until == early
    assert EVERYTHING.cut(late).until == late
    assert EVERYTHING.cut(None) == EVERYTHING
