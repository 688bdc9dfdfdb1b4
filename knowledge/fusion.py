"""Meaning and shared words in one score, for texts that nothing is annotated of.

What a question's length decides: of a short one, a text that says its words often and at length is the better answer,
and shared words count as much as meaning; a long one is itself a text, so that lengths are evened out in full and
shared words, of which there are many, count more. Then the passages found first tell what the question is about, and
those further down what it is not (Rocchio's feedback, which costs no second embedding); of a long question that is
known.

All constants were chosen on PERSPECTRUM's training and development claims and ArguAna's training and validation
arguments, some of them cut short (``python -m tests.tuning``).
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

SHORT, LONG = 3, 100  # different words of a question that is as short or as long as can be
SATURATION = 2.5  # k1: after so many mentions of a word, half of what mentions can tell is told
WORDS, MORE_WORDS = 1.0, 2.0  # weight of shared words beside meaning; what it gains in long questions
RELEVANT, ELSEWHERE = slice(0, 10), slice(20, 60)  # ranks that are taken to be about the question, and not
TOWARDS, AWAY = 0.75, 0.4  # how far the question moves; both at its shortest
SHARPNESS = 0.05  # of the weights among the relevant: a score that much lower counts 1/e
MOTION = 0.5  # a question that is longer than this is no motion but a text
BEST, NEXT = 10, 20  # ranks among which both sides should be; ranks from which one may move up


def longness(stems: Sequence[str]) -> float:
    """0 for the shortest questions, 1 for the longest, by how many different words they have."""
    words = max(len(set(stems)), 1)
    return min(1.0, max(0.0, math.log(words / SHORT) / math.log(LONG / SHORT)))


def word_weight(longness: float) -> float:
    return WORDS + MORE_WORDS * longness * longness


def moved(vector: "Array", vectors: "Array", scores: "Array", longness: float) -> "Array":
    """The question's vector, moved towards the passages that score best and away from those further down, shape (d,).

    ``vectors`` (n, d) and ``scores`` (n,) are best first.
    """
    import numpy as np

    far = 1.0 - longness
    if len(scores) < ELSEWHERE.stop or not far:
        return vector
    weights = np.exp((scores[RELEVANT] - scores[0]) / SHARPNESS)
    towards = _unit(weights @ vectors[RELEVANT])
    away = _unit(vectors[ELSEWHERE].mean(axis=0))
    return _unit(vector + far * (TOWARDS * towards - AWAY * away))


def two_sided(leanings: Sequence[float]) -> list[int]:
    """The order of ranks in which both sides are among the best ten where both are among the first twenty: the first of
    a side that is missing takes the last of those places. ``leanings`` are for (positive), against, or neither (0).
    """
    order = list(range(len(leanings)))
    for side in (1, -1):
        best = [leanings[rank] * side for rank in order[:BEST]]
        if any(leaning > 0 for leaning in best) or not any(best):
            continue
        other = next((rank for rank in order[BEST:NEXT] if leanings[rank] * side > 0), None)
        if other is not None:
            order.remove(other)
            order.insert(BEST - 1, other)
    return order


def ranked(scores: "Array") -> "Array":
    """Ranks as positions in ``scores``, best first, ties in their order."""
    import numpy as np

    return np.argsort(-scores, kind="stable")


def best(scores: "Array", count: int) -> "Array":
    """The positions of the ``count`` highest, in no order; equal scores at the edge by position."""
    import numpy as np

    if count >= len(scores):
        return np.arange(len(scores))
    edge = np.partition(scores, len(scores) - count)[len(scores) - count]
    above, at = np.flatnonzero(scores > edge), np.flatnonzero(scores == edge)
    return np.concatenate([above, at[: count - len(above)]])


def _unit(vector: "Array") -> "Array":
    import numpy as np

    length = np.linalg.norm(vector)
    unit: Array = (vector / length if length else vector).astype(np.float32)
    return unit
