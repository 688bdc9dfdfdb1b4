"""The adapter of queries: a matrix that turns a claim towards its passages, of either side alike."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tests.tuning.descent import descend
from tests.tuning.pairs import Claims, Counters
from tests.tuning.vectors import Array

TEMPERATURE = 0.05
DECAY = 0.2  # on the sum of squares
RATE, STEPS, SEED = 0.001, 120, 0
DRAWN = 300  # arguments in a step
NEVER = -1e4  # the logit of what is not asked about


class Task(NamedTuple):
    """Queries, shape (n, d), and how the mass of each is to lie on documents, shape (n, m); its rows sum to 1."""

    queries: Array
    documents: Array  # shape (m, d)
    target: Array
    own: Array | None = None  # for each query the place of the document that it is


class Replies(NamedTuple):
    """Arguments to draw from, and what counters them."""

    queries: Array
    documents: Array
    answers: Array  # places in documents, shape (n,)
    own: Array

    def draw(self, chance: np.random.Generator) -> Task:
        drawn = chance.choice(len(self.queries), min(DRAWN, len(self.queries)), replace=False)
        target = np.zeros((len(drawn), len(self.documents)), np.float32)
        target[np.arange(len(drawn)), self.answers[drawn]] = 1
        return Task(self.queries[drawn], self.documents, target, self.own[drawn])


def claims_task(claims: Claims, asked: Array, passages: Array, parts: Sequence[str]) -> Task:
    """Both sides of a claim weigh the same, however many speak for them; what bears on other parts is left out."""
    held_out = {place for n, sides in enumerate(claims.sides) if claims.parts[n] not in parts for place in sides}
    kept = [place for place in range(len(claims.passages)) if place not in held_out]
    new = {place: n for n, place in enumerate(kept)}
    target = np.array([_shares(claims.sides[n], new) for n in claims.of(*parts)])
    some = target.any(axis=1)
    target = target[some] / target[some].sum(axis=1, keepdims=True)
    return Task(asked[claims.of(*parts)][some], passages[kept], target.astype(np.float32))


def replies(counters: Counters, bare: Array, whole: Array, parts: Sequence[str]) -> Replies:
    kept = [place for place, part in enumerate(counters.parts) if part in parts]
    new = {place: n for n, place in enumerate(kept)}
    asked = [place for place in counters.answers if place in new]
    answers = np.array([new[counters.answers[place]] for place in asked])
    return Replies(bare[asked], whole[kept], answers, np.array([new[place] for place in asked]))


def train(task: Task, replies: Replies, steps: int = STEPS) -> Array:
    """The matrix, shape (d, d)."""
    chance = np.random.default_rng(SEED)

    def gradient(at: Sequence[Array]) -> Sequence[Array]:
        (turn,) = at
        return [slope(turn, task) + slope(turn, replies.draw(chance)) + 2 * DECAY * turn]

    size = task.queries.shape[1]
    return descend([np.zeros((size, size), np.float32)], gradient, RATE, steps)[0]


def adapted(turn: Array, queries: Array) -> Array:
    """Unit vectors, shape (n, d)."""
    turned = queries + queries @ turn
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True))


def loss(turn: Array, task: Task) -> float:
    """Mean cross entropy."""
    logits = _logits(adapted(turn, task.queries), task)
    peak = logits.max(axis=1, keepdims=True)
    logs = logits - peak - np.log(np.exp(logits - peak).sum(axis=1, keepdims=True))
    return float(-(task.target * logs).sum(axis=1).mean())


def slope(turn: Array, task: Task) -> Array:
    """The gradient of ``loss``, back through softmax, length and matrix."""
    turned = task.queries + task.queries @ turn
    length = np.linalg.norm(turned, axis=1, keepdims=True)
    unit = turned / length
    share = np.exp((logits := _logits(unit, task)) - logits.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    of_unit = (share - task.target) @ task.documents / (TEMPERATURE * len(unit))
    of_turned = (of_unit - unit * (unit * of_unit).sum(axis=1, keepdims=True)) / length
    return np.asarray(task.queries.T @ of_turned)


def _logits(unit: Array, task: Task) -> Array:
    logits = unit @ task.documents.T / TEMPERATURE
    if task.own is not None:
        logits[np.arange(len(unit)), task.own] = NEVER
    return np.asarray(logits)


def _shares(sides: Mapping[int, bool], new: Mapping[int, int]) -> Array:
    """1 for each side, shared by those of its passages that have a new place."""
    shares = np.zeros(len(new), np.float32)
    for side in (True, False):
        places = [new[place] for place, supports in sides.items() if supports is side and place in new]
        shares[places] = 1 / max(1, len(places))
    return shares
