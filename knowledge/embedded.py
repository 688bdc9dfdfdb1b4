"""Texts that were embedded before: nothing is embedded twice, whatever becomes of an index.

Two files that only grow: the vectors, and for each the hash of its text and the checksum of its numbers. Whoever is
killed amid a row loses that row; a damaged one does not match its checksum, and its text is embedded again.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.embedding import Embedding
from knowledge.errors import LibraryUnwritable
from knowledge.progress import Progress

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

WINDOW = 256  # texts that are sorted by length, so that a batch is little padded, and then written at once

_HASH, _SUM = 16, 4  # bytes


class Embedded:
    """One process at a time: whoever holds the index's lock."""

    def __init__(self, folder: Path, embedding: Embedding) -> None:
        self._folder, self._embedding = folder, embedding
        self._path = folder / re.sub(r"[^\w.-]", "-", embedding.name)
        self._row_of: dict[bytes, int] = {}
        self._count = 0
        self._load()

    def keys(self, texts: Iterable[str], total: int, progress: Progress) -> bytes:
        """By which the texts' vectors are found, one behind the other; what is missing is embedded.

        Raises LibraryUnwritable.
        """
        keys: list[bytes] = []
        for window in _windows(texts):
            progress(len(keys), total)
            keys.extend(self._keys_of(window))
        progress(total, total)
        return b"".join(keys)

    def rows(self, keys: bytes) -> "Array":
        """Where in ``vectors`` they stand, shape (texts,). Raises KeyError if any is missing or damaged."""
        import numpy as np

        return np.array([self._row_of[keys[at : at + _HASH]] for at in range(0, len(keys), _HASH)], np.int64)

    @property
    def vectors(self) -> "Array":
        """All there are, shape (rows, dimensions), as they lie on disk."""
        import numpy as np

        shape = (self._count, self._embedding.dimensions)
        if not self._count:
            return np.empty(shape, np.float32)
        return np.memmap(self._vectors, np.float32, "r", shape=shape)

    @property
    def _vectors(self) -> Path:
        return self._path.with_name(f"{self._path.name}.vectors")

    @property
    def _keys(self) -> Path:
        return self._path.with_name(f"{self._path.name}.keys")

    def _keys_of(self, texts: Sequence[str]) -> list[bytes]:
        keys = [hashlib.blake2b(text.encode(), digest_size=_HASH).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._row_of}
        if new:
            self._append(dict(sorted(new.items(), key=lambda each: len(each[1]))))
        return keys

    def _append(self, new: dict[bytes, str]) -> None:
        vectors = [vector.tobytes() for vector in self._embedding.passages(list(new.values()))]
        sums = (zlib.crc32(vector).to_bytes(_SUM, "little") for vector in vectors)
        try:
            with self._vectors.open("ab") as file:
                file.write(b"".join(vectors))
            with self._keys.open("ab") as file:  # after the vectors: a key without one would point at nothing
                file.write(b"".join(key + sum for key, sum in zip(new, sums, strict=True)))
        except OSError as error:
            raise LibraryUnwritable(self._folder) from error
        for key in new:
            self._row_of[key], self._count = self._count, self._count + 1

    def _load(self) -> None:
        """Takes over the rows that are whole, and cuts off what stands half written behind the last."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in (self._vectors, self._keys):
                path.touch()
            keys, width = self._keys.read_bytes(), 4 * self._embedding.dimensions  # bytes of 32-bit numbers
            self._count = min(len(keys) // (_HASH + _SUM), self._vectors.stat().st_size // width)
            for path, size in ((self._keys, _HASH + _SUM), (self._vectors, width)):
                with path.open("r+b") as file:
                    file.truncate(self._count * size)
        except OSError as error:
            raise LibraryUnwritable(self._folder) from error
        numbers = self.vectors.reshape(-1).view("uint8").data if self._count else memoryview(b"")
        for row in range(self._count):
            key = keys[row * (_HASH + _SUM) : (row + 1) * (_HASH + _SUM)]
            if zlib.crc32(numbers[row * width : (row + 1) * width]) == int.from_bytes(key[_HASH:], "little"):
                self._row_of[key[:_HASH]] = row


def _windows(texts: Iterable[str]) -> Iterator[list[str]]:
    window: list[str] = []
    for text in texts:
        window.append(text)
        if len(window) == WINDOW:
            yield window
            window = []
    if window:
        yield window
