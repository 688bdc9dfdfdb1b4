import numpy as np
import pytest

from knowledge import fusion


def test_the_longer_a_question_the_more_its_words_count() -> None:
    lengths = [fusion.longness([f"word{n}" for n in range(count)]) for count in (0, 1, 3, 10, 40, 100, 1000)]
    weights = [fusion.word_weight(each) for each in lengths]
    assert lengths == sorted(lengths)
    assert lengths[:3] == [0, 0, 0]
    assert lengths[-2:] == [1, 1]
    assert weights == sorted(weights)
    assert weights[0] == fusion.WORDS


def test_a_word_asked_twice_makes_no_question_longer() -> None:
    assert fusion.longness(["ship"] * 50) == 0


def test_the_best_are_the_highest_and_ties_go_by_place() -> None:
    scores = np.array([0.5, 0.9, 0.5, 0.1, 0.5, 0.9])
    assert sorted(fusion.best(scores, 3)) == [0, 1, 5]
    assert sorted(fusion.best(scores, 4)) == [0, 1, 2, 5]
    assert sorted(fusion.best(scores, 9)) == list(range(6))
    assert fusion.ranked(scores).tolist() == [1, 5, 0, 2, 4, 3]


def test_a_short_question_moves_towards_what_it_found_and_away_from_what_it_did_not() -> None:
    chance = np.random.default_rng(1)
    question, near, far = np.eye(8, dtype=np.float32)[:3]
    about = question + near + 0.1 * chance.standard_normal((20, 8))
    other = question + far + 0.1 * chance.standard_normal((60, 8))
    vectors = np.vstack([about, other]).astype(np.float32)
    scores = np.linspace(1.0, 0.2, 80)
    moved = fusion.moved(question, vectors, scores, 0.0)
    assert moved @ near > 0 > moved @ far
    assert np.linalg.norm(moved) == pytest.approx(1.0)
    assert fusion.moved(question, vectors, scores, 0.9) @ near < moved @ near


def test_a_long_question_or_a_small_collection_moves_nothing() -> None:
    question, vectors = np.eye(4, dtype=np.float32)[0], np.ones((80, 4), np.float32)
    assert fusion.moved(question, vectors, np.ones(80), 1.0) is question
    assert fusion.moved(question, vectors[:59], np.ones(59), 0.0) is question


def test_the_side_that_is_missing_takes_the_last_place_among_the_best() -> None:
    leanings = [1.0] * 14 + [-1.0] + [1.0] * 10
    order = fusion.two_sided(leanings)
    assert order[:10] == [*range(9), 14]
    assert order[10:] == [9, 10, 11, 12, 13, *range(15, 25)]


@pytest.mark.parametrize(
    "leanings",
    [
        [1.0] * 9 + [-1.0] + [1.0] * 10,  # both are there
        [1.0] * 20 + [-1.0] * 5,  # the other side is too far down
        [0.0] * 14 + [-1.0] * 6,  # nobody takes a side among the best
        [0.0] * 25,
        [1.0] * 5,
        [],
    ],
)
def test_otherwise_the_order_stays(leanings: list[float]) -> None:
    assert fusion.two_sided(leanings) == list(range(len(leanings)))


def test_neither_side_counts_as_none() -> None:
    assert fusion.two_sided([0.0] * 8 + [-1.0] * 4 + [1.0] * 2)[:10] == [*range(9), 12]
