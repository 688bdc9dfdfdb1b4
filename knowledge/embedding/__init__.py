"""Text -> vectors: by the bundled model, by one that reads other languages, or by any that LangChain knows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from knowledge.embedding.minilm import DIMENSIONS, MiniLM
from knowledge.embedding.vectors import BATCH

if TYPE_CHECKING:
    from knowledge.embedding.vectors import Vector, Vectors

__all__ = ["BATCH", "DIMENSIONS", "MULTILINGUAL", "Embedding", "MiniLM", "named"]

MULTILINGUAL = "multilingual"


class Embedding(Protocol):
    """Threads may share it. All of it may raise DemarcheError where the model cannot be used."""

    @property
    def name(self) -> str:
        """Identifies model and quantisation: an index made with another is built again."""
        ...

    @property
    def dimensions(self) -> int:
        """Known once it is prepared."""
        ...

    def passages(self, texts: Sequence[str]) -> "Vectors":
        """Of what is searched: unit vectors, shape (len(texts), dimensions)."""
        ...

    def query(self, text: str) -> "Vector":
        """Of what is searched for: a unit vector, shape (dimensions,)."""
        ...

    def prepare(self) -> None:
        """Load the model now rather than with the first text."""

    def check(self) -> None:
        """Raises ModelDamaged where we ship the model and its files are not those."""


def named(name: str | None) -> Embedding:
    """The bundled one (None), ``multilingual``, or ``provider:model``, as LangChain calls it. Raises SettingsError."""
    if name is None:
        return MiniLM()
    if name == MULTILINGUAL:
        from knowledge.embedding.e5 import E5

        return E5()
    from knowledge.embedding.langchain import LangChain

    return LangChain.named(name)
