"""Embeddings that need no model."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Hashed:
    """A text is the sum of its words, each of them a direction of its own. Remembers what it was asked to embed."""

    def __init__(self, name: str = "hashed", dimensions: int = 48) -> None:
        self.name, self.dimensions = name, dimensions
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.array([self.query(text) for text in texts], np.float32).reshape(len(texts), self.dimensions)

    def query(self, text: str) -> Vectors:
        total = sum((self._direction(word) for word in text.casefold().split()), np.full(self.dimensions, 1e-6))
        return (total / np.linalg.norm(total)).astype(np.float32)

    def prepare(self) -> None:
        """There is nothing to load."""

    def check(self) -> None:
        """There is nothing to damage."""

    def _direction(self, word: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "little")
        return np.random.default_rng(seed).standard_normal(self.dimensions).astype(np.float32)
