"""The model that all systems share, so that none is better or worse by its embedding."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from knowledge.embedding import Embedding

Array = np.ndarray[Any, np.dtype[np.float32]]

_VECTORS, _TEXTS = "vectors.npy", "texts.json"


def bundled() -> "Embedding":
    """The model that is shipped, loaded. The only place that knows how it is called."""
    from knowledge.embedding import named

    model = named(None)
    model.prepare()
    return model


class Model:
    """Passages that were embedded before are looked up, to spare hours; questions are embedded each time."""

    def __init__(self, folder: Path) -> None:
        """``folder``: where ``write`` left the vectors."""
        texts: list[str] = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
        self._place = {text: place for place, text in enumerate(texts)}
        self._vectors: Array = np.load(folder / _VECTORS)  # whole: none of it may be counted to a system's memory

    def prepare(self) -> None:
        self._model = bundled()

    def passages(self, texts: Sequence[str]) -> Array:
        """Unit vectors, shape (len(texts), 384). Raises KeyError for a text that is not of the set."""
        return self._vectors[[self._place[text] for text in texts]]

    def query(self, text: str) -> Array:
        """A unit vector, shape (384,)."""
        return self._model.query(text)


def write(folder: Path, texts: Sequence[str]) -> None:
    """Embed the texts."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / _VECTORS, bundled().passages(texts))
    (folder / _TEXTS).write_text(json.dumps(texts), encoding="utf-8")
