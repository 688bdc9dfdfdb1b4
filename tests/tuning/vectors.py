"""Texts as vectors, kept in a folder for the next run if one is named."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embedding.minilm import MiniLM

Array = np.ndarray[Any, np.dtype[Any]]

TOLD = 1024  # texts between two lines of progress


def vectors(name: str, texts: Sequence[str], kept: Path | None, say: Callable[[str], None]) -> Array:
    """Unit vectors, shape (len(texts), d), from ``kept``/``name``.npy if it has as many."""
    path = kept / f"{name}.npy" if kept else None
    if path and path.exists() and len(found := np.load(path)) == len(texts):
        return np.asarray(found)
    made = _embedded(name, texts, say)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, made)
    return made


def _embedded(name: str, texts: Sequence[str], say: Callable[[str], None]) -> Array:
    """Shorter ones first, since a batch takes as long as its longest text."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    parts = []
    for at in range(0, len(order), TOLD):
        parts.append(embed([texts[place] for place in order[at : at + TOLD]]))
        say(f"{name}: {min(at + TOLD, len(order))} of {len(order)} texts embedded")
    made = np.empty((len(texts), parts[0].shape[1]), np.float32)
    made[order] = np.concatenate(parts)
    return made


def embed(texts: Sequence[str]) -> Array:
    return MiniLM().passages(texts)
