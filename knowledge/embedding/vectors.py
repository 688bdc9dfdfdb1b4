"""Vectors of texts, and what every embedding does with them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # heavy: imported when first needed
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float32]]  # shape (dimensions,)
    Vectors = np.ndarray[Any, np.dtype[np.float32]]  # shape (texts, dimensions)

BATCH = 8  # texts: larger ones take more memory and no less time


def in_batches(embed: "Callable[[Sequence[str]], Vectors]", texts: Sequence[str], dimensions: int) -> "Vectors":
    """What ``embed`` makes of ``BATCH`` texts at a time, shape (len(texts), dimensions)."""
    import numpy as np

    parts = [embed(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
    return np.concatenate(parts) if parts else np.empty((0, dimensions), np.float32)


def unit(vectors: "Vectors") -> "Vectors":
    """Each row at length one, shape (n, dimensions)."""
    import numpy as np

    scaled: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled
