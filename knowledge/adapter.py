"""The vector of a claim, turned towards what is said for and against it rather than what says the same.

Trained on PERSPECTRUM (Chen et al., NAACL 2019; CC BY-SA 4.0) and ArguAna (Wachsmuth et al., ACL 2018), training and
development parts only; renewed by ``make tune DATA=folder``. By vectors alone, trained on the training parts only,
nDCG@10 goes from .607 to .614 on the development claims (139) and from .578 to .615 on the validation arguments (459).
"""

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import weights

if TYPE_CHECKING:
    from knowledge.weights import Array

ADAPTER = weights.FOLDER / "adapter.npz"
SHA256 = "df442e7aac5ff350c21b59aea6c422186b23816787a2fb38da5922c457cbd77d"


class Adapter:
    """Of queries only: passages keep their vectors. Reads its file when first used. Raises ModelDamaged."""

    def __init__(self, path: Path = ADAPTER) -> None:
        self._path = path

    @staticmethod
    @cache
    def bundled() -> "Adapter":
        return Adapter()

    def __call__(self, vector: "Array") -> "Array":
        """A unit vector for a unit vector, shape (384,)."""
        import numpy as np

        turned = vector + vector @ self._turn
        unit: Array = (turned / np.linalg.norm(turned)).astype(np.float32)
        return unit

    @cached_property
    def _turn(self) -> "Array":
        """Shape (384, 384)."""
        return weights.read(self._path, SHA256)["turn"]
