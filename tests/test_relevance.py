from typing import Any

import numpy as np

from knowledge.library import Library
from knowledge.relevance import Relevance, fit

RANDOM = np.random.default_rng(7)


Array = np.ndarray[Any, np.dtype[np.float64]]


def drawn(rows: int, towards: float) -> Array:
    vectors: Array = RANDOM.normal(size=(rows, 8))
    vectors[:, 0] += towards
    unit: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def fitted() -> tuple[Relevance, Array, Array]:
    on, off = drawn(40, 3.0), drawn(40, -3.0)
    signs = np.vstack([RANDOM.normal(0.7, 0.1, (40, 3)), RANDOM.normal(0.3, 0.1, (40, 3))])
    return fit(on, off, drawn(20, 3.0), signs), on, off


def test_what_it_was_fitted_on_is_told_apart() -> None:
    relevance, on, off = fitted()
    assert all(relevance.probability(vector, (0.7, 0.7, 0.7)) > 0.5 for vector in on)
    assert all(relevance.probability(vector, (0.3, 0.3, 0.3)) < 0.5 for vector in off)


def test_each_sign_counts() -> None:
    relevance, on, _ = fitted()
    assert relevance.probability(on[0], (0.3, 0.7, 0.7)) < relevance.probability(on[0], (0.7, 0.7, 0.7))


def test_a_judgement_survives_being_written_down() -> None:
    relevance, on, _ = fitted()
    again = Relevance.loads(relevance.dumps())
    assert again.probability(on[0], (0.5, 0.5, 0.5)) == relevance.probability(on[0], (0.5, 0.5, 0.5))


def test_the_library_refuses_what_is_far_and_answers_what_is_near(library: Library) -> None:
    for far in ("How many moons has Jupiter?", "Best pizza dough recipe", "Who won the 1998 World Cup?"):
        assert not library.search(far).is_near_enough
    for near in ("Should NATO open an office in Tokyo?", "cost of a Taiwan war", "is hungary pro china"):
        assert library.search(near).is_near_enough
