from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.retrieval import measures
from tests.retrieval.measures import NDCG, RECALL
from tests.retrieval.sets import Document, RetrievalSet, Sides

PRO_AND_CON = {"1": {"a": "for", "b": "against", "c": "against"}, "2": {"a": "for"}}


def a_set(judgements: Mapping[str, Mapping[str, int]], sides: Sides | None = None) -> RetrievalSet:
    documents = tuple(Document(id, "", id) for id in "abc")
    return RetrievalSet(Path("set"), documents, {query: query for query in judgements}, judgements, sides or {})


def test_a_reader_is_shown_both_sides_or_is_not() -> None:
    found = a_set({"1": {"a": 1, "b": 1}}, PRO_AND_CON)
    assert measures.both_sides(found, {"1": ["b", "x", "a"]}) == {"1": 1.0}
    assert measures.both_sides(found, {"1": ["b", "x"]}) == {"1": 0.0}
    assert measures.both_sides(found, {}) == {"1": 0.0}


def test_the_other_side_below_the_first_ten_is_not_shown() -> None:
    found = a_set({"1": {"a": 1, "b": 1}}, PRO_AND_CON)
    others = [str(number) for number in range(9)]
    assert measures.both_sides(found, {"1": ["a", *others, "b"]}) == {"1": 0.0}


def test_what_is_not_relevant_shows_no_side() -> None:
    found = a_set({"1": {"a": 1, "b": 1, "c": 0}}, PRO_AND_CON)
    assert measures.both_sides(found, {"1": ["a", "c"]}) == {"1": 0.0}


def test_only_queries_with_either_side_labelled_are_asked_for_both() -> None:
    found = a_set({"1": {"a": 1, "b": 0}, "2": {"a": 1, "b": 1}}, PRO_AND_CON)
    assert measures.both_sides(found, {"1": ["a", "b"], "2": ["a", "b"]}) == {}


def test_a_document_is_no_answer_to_itself() -> None:
    results = ["b", "a", *(str(number) for number in range(200))]
    assert measures.without_itself("a", results)[:2] == ["b", "0"]
    assert len(measures.without_itself("a", results)) == measures.DEPTH


def test_an_interval_holds_its_mean_and_is_the_same_each_time() -> None:
    figures = {str(number): number / 10 for number in range(11)}
    found = measures.interval(figures)
    assert found.low < 0.5 < found.high
    assert found.mean == pytest.approx(0.5)
    assert found.n == 11
    assert measures.interval(figures) == found


def test_figures_that_all_agree_leave_no_doubt() -> None:
    found = measures.interval({"1": 0.25, "2": 0.25})
    assert (found.low, found.mean, found.high) == (0.25, 0.25, 0.25)


def test_no_figures_have_no_interval() -> None:
    with pytest.raises(ValueError, match="no figures"):
        measures.interval({})


def test_a_difference_is_paired_by_query_not_by_order() -> None:
    ours, theirs = {"1": 0.9, "2": 0.1, "3": 0.5}, {"3": 0.6, "2": 0.2, "1": 1.0}
    found = measures.difference(ours, theirs)
    assert found.mean == pytest.approx(-0.1)
    assert found.low == pytest.approx(found.high)


def test_figures_are_those_of_trec_eval() -> None:
    pytest.importorskip("pytrec_eval")
    found = measures.figures(a_set({"1": {"a": 2, "b": 1}, "2": {"c": 1}}), {"1": ["b", "a"], "2": ["a"]})
    assert found[NDCG] == {"1": pytest.approx((1 + 2 / 1.584962) / (2 + 1 / 1.584962)), "2": 0.0}
    assert found[RECALL] == {"1": 1.0, "2": 0.0}


def test_a_query_to_which_nothing_is_found_counts_as_nothing() -> None:
    pytest.importorskip("pytrec_eval")
    found = measures.figures(a_set({"1": {"a": 1}, "2": {"c": 1}}), {"1": ["a"], "2": []})
    assert found[NDCG] == {"1": 1.0, "2": 0.0}


def test_a_measure_without_labels_is_left_out() -> None:
    pytest.importorskip("pytrec_eval")
    assert set(measures.figures(a_set({"1": {"a": 1}}), {"1": ["a"]})) == {NDCG, RECALL}
