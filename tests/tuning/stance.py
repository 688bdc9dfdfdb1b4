"""The stance of a passage to a claim: logistic regression on both, with a product of low rank between them.

It is measured and not shipped: a guess that is right two times in three brings both sides to hardly any claim more, and
costs some of what was found.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tests.tuning.descent import descend
from tests.tuning.pairs import Claims
from tests.tuning.vectors import Array

RANK = 8
STEEP = 3  # how much quicker the weights of the product learn
DECAY, DECAY_LOW_RANK = 1e-3, 3e-4  # on sums of squares
SPREAD = 0.5  # of the low rank at the start
RATE, STEPS, SEED = 0.01, 250, 0


class Labelled(NamedTuple):
    """Pairs of a claim and a passage, shapes (n, d), and whether the passage supports it, shape (n,)."""

    claims: Array
    passages: Array
    supports: Array


class Weights(NamedTuple):
    """z = claim·c + passage·p + STEEP both·(c p) + bias + (c left)·(p right)."""

    claim: Array  # shape (d,), as the next two
    passage: Array
    both: Array
    bias: Array  # shape (1,)
    left: Array  # shape (d, rank), as the next
    right: Array


def labelled(claims: Claims, asked: Array, passages: Array, parts: Sequence[str]) -> Labelled:
    pairs = [(n, place, side) for n in claims.of(*parts) for place, side in claims.sides[n].items()]
    heard, said, supports = zip(*pairs, strict=True)
    return Labelled(asked[list(heard)], passages[list(said)], np.array(supports, np.float32))


def train(pairs: Labelled, steps: int = STEPS) -> Weights:
    start = beginning(pairs.claims.shape[1], np.random.default_rng(SEED))
    return Weights(*descend(start, lambda at: slope(Weights(*at), pairs), RATE, steps))


def beginning(size: int, chance: np.random.Generator) -> Weights:
    """Chance is where the low rank begins: from nothing it would not move."""
    left, right = (chance.normal(0, SPREAD, (size, RANK)).astype(np.float32) for _ in range(2))
    flat = np.zeros(size, np.float32)
    return Weights(flat, flat, flat, np.zeros(1, np.float32), left, right)


def leanings(at: Weights, pairs: Labelled) -> Array:
    """z of each pair, shape (n,)."""
    heard, said = pairs.claims, pairs.passages
    low_rank = ((heard @ at.left) * (said @ at.right)).sum(axis=1)
    return np.asarray(heard @ at.claim + said @ at.passage + STEEP * ((heard * said) @ at.both) + at.bias + low_rank)


def loss(at: Weights, pairs: Labelled) -> float:
    """Mean cross entropy, with decay."""
    z = leanings(at, pairs)
    decay = [DECAY * (x**2).sum() for x in at[:3]] + [DECAY_LOW_RANK * (x**2).sum() for x in at[4:]]
    return float((np.logaddexp(0, z) - pairs.supports * z).mean() + sum(decay))


def slope(at: Weights, pairs: Labelled) -> Weights:
    """The gradient of ``loss``."""
    heard, said = pairs.claims, pairs.passages
    off = (1 / (1 + np.exp(-leanings(at, pairs))) - pairs.supports) / len(heard)
    by_pair = off[:, None]
    return Weights(
        heard.T @ off + 2 * DECAY * at.claim,
        said.T @ off + 2 * DECAY * at.passage,
        STEEP * ((heard * said).T @ off) + 2 * DECAY * at.both,
        off.sum(keepdims=True),
        heard.T @ (by_pair * (said @ at.right)) + 2 * DECAY_LOW_RANK * at.left,
        said.T @ (by_pair * (heard @ at.left)) + 2 * DECAY_LOW_RANK * at.right,
    )


def accuracy(at: Weights, pairs: Labelled) -> float:
    return float(((leanings(at, pairs) > 0) == (pairs.supports > 0)).mean())
