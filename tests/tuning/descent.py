"""Adam (Kingma and Ba, ICLR 2015), on the whole sum or on what is drawn of it."""

from collections.abc import Callable, Sequence

import numpy as np

from tests.tuning.vectors import Array

KEPT, KEPT_SQUARES, SMALL = 0.9, 0.999, 1e-8

Gradient = Callable[[Sequence[Array]], Sequence[Array]]


def descend(start: Sequence[Array], gradient: Gradient, rate: float, steps: int) -> Sequence[Array]:
    """Where ``steps`` steps against the gradient lead from ``start``."""
    at = [weights.copy() for weights in start]
    means, squares = [np.zeros_like(x) for x in at], [np.zeros_like(x) for x in at]
    for step in range(1, steps + 1):
        for place, slope in enumerate(gradient(at)):
            means[place] = KEPT * means[place] + (1 - KEPT) * slope
            squares[place] = KEPT_SQUARES * squares[place] + (1 - KEPT_SQUARES) * slope**2
            mean, square = means[place] / (1 - KEPT**step), squares[place] / (1 - KEPT_SQUARES**step)
            at[place] -= rate * mean / (np.sqrt(square) + SMALL)
    return at
