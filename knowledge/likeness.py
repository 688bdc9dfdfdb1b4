"""Cosines of another embedding, put as the bundled one would: what is near and what is far differs from model to model,
and what was chosen on the one has to hold for the other.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

NEAR, FAR = 0.552, 0.286  # what the bundled model makes of the annotated questions and claims


@dataclass(frozen=True)
class Scale:
    """A straight line through two points: likeness of texts that belong together, and of any two."""

    slope: float = 1.0
    offset: float = 0.0

    def of(self, cosines: "Array") -> "Array":
        scaled: Array = cosines * self.slope + self.offset if self != AS_IT_IS else cosines
        return scaled


AS_IT_IS = Scale()


def fit(together: "Array", apart: "Array") -> Scale:
    """Of cosines of pairs of texts that belong together, and of pairs that do not."""
    near, far = float(together.mean()), float(apart.mean())
    slope = (NEAR - FAR) / max(near - far, 1e-6)
    return Scale(slope, FAR - slope * far)
