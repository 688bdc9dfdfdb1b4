import numpy as np
import pytest

from knowledge.pooling import BEST, Groups, dense, pooled


def test_the_best_score_counts_as_much_as_the_mean_of_the_best_five() -> None:
    groups = Groups(["a", "b", "", "a", "a"])
    found = groups.pooled(np.array([0.1, 0.8, 0.99, 0.5, 0.3]))
    assert found == {"a": pytest.approx(0.5 * 0.5 + 0.5 * 0.3), "b": pytest.approx(0.8)}


def test_what_is_not_among_the_best_five_does_not_count() -> None:
    scores = np.array([0.9, *[0.5] * (BEST - 1), *[-1.0] * 20])
    assert pooled(scores) == pytest.approx(0.5 * 0.9 + 0.5 * (0.9 + 0.5 * (BEST - 1)) / BEST)


def test_others_can_be_left_out_and_nothing_is_pooled_of_nobody() -> None:
    groups = Groups(["a", "b", "a"])
    assert groups.of({"b"}).pooled(np.array([0.1, 0.2, 0.3])) == {"b": pytest.approx(0.2)}
    assert groups.of(()).pooled(np.array([0.1, 0.2, 0.3])) == {}
    assert not groups.of(())


def test_scores_stand_at_their_places_and_nothing_elsewhere() -> None:
    assert dense({2: 0.5, 0: 1.0}, 4).tolist() == [1.0, 0.0, 0.5, 0.0]
    assert dense({}, 2).tolist() == [0.0, 0.0]
