"""How well vectors alone find, and how often both sides."""

from collections.abc import Mapping, Sequence

import numpy as np

from tests.tuning.vectors import Array

SHOWN = 10


def first(queries: Array, documents: Array, own: Array | None = None, count: int = SHOWN) -> Array:
    """Places of the nearest documents, best first, shape (n, count), without the query itself."""
    scores = queries @ documents.T
    if own is not None:
        scores[np.arange(len(scores)), own] = -np.inf
    return np.argsort(-scores, axis=1, kind="stable")[:, :count]


def ndcg(found: Array, relevant: Sequence[Mapping[int, bool]]) -> float:
    """nDCG@10 with binary gains, mean over the queries."""
    return float(np.mean([_ndcg(places.tolist(), wanted) for places, wanted in zip(found, relevant, strict=True)]))


def both_sides(found: Array, sides: Sequence[Mapping[int, bool]]) -> float:
    """Share of the claims with two sides of which the first ten show both."""
    rows = [(row.tolist(), own) for row, own in zip(found, sides, strict=True) if len({*own.values()}) == 2]
    return float(np.mean([len({own[place] for place in row if place in own}) == 2 for row, own in rows]))


def _ndcg(places: Sequence[int], wanted: Mapping[int, bool]) -> float:
    gains = [1 / np.log2(rank + 2) for rank in range(SHOWN)]
    gained = sum(gain for gain, place in zip(gains, places, strict=True) if place in wanted)
    return float(gained / sum(gains[: len(wanted)]))
