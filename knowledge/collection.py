"""Vectors by place, in Chroma: in a folder or on a server. The only module that knows Chroma."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from knowledge.errors import LibraryUnreachable

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float32]]

WIDEST = 2000  # places compared with a vector; a larger collection is cut to its nearest
LARGEST_BATCH = 5000  # Chroma takes 5,461 at once

_NAME = "library"
_SPACE: Any = {"hnsw": {"space": "cosine", "ef_search": WIDEST}}


class Collection:
    """Unit vectors numbered from 0, and a note that was written with them."""

    def __init__(self, collection: Any, close: Callable[[], None]) -> None:
        self._collection, self.close = collection, close
        self.size: int = collection.count()
        self.note: str = collection.metadata["note"]

    def similarities(self, vector: "Array") -> "Array":
        """The cosine of every place with ``vector``; places beyond Chroma's answer get the least of those in it."""
        import numpy as np

        answer = self._collection.query(
            query_embeddings=[vector], n_results=min(self.size, WIDEST), include=["distances"]
        )
        cosines = 1.0 - np.array(answer["distances"][0], np.float32)
        found = np.full(self.size, cosines.min(), np.float32)
        found[[int(place) for place in answer["ids"][0]]] = cosines
        return found


def prepare() -> None:
    """Import Chroma, which takes its time."""
    import chromadb  # noqa: F401 - only to have it loaded


def in_folder(path: Path) -> Collection:
    """The collection that ``write_folder`` left in ``path``; reading changes no file."""
    client = _folder_client(path)
    return Collection(client.get_collection(_NAME, embedding_function=None), client.close)


def write_folder(path: Path, vectors: "Array", note: str) -> None:
    client = _folder_client(path)
    try:
        _write(client, _NAME, vectors, note)
    finally:
        client.close()


def on_server(url: str, version: str) -> Collection | None:
    """The finished collection of that version, if the server has it. Raises LibraryUnreachable."""
    with _server(url) as client:
        name = f"{_NAME}-{version}"
        if name not in {collection.name for collection in client.list_collections()}:
            return None
        found = client.get_collection(name, embedding_function=None)
        return Collection(found, _stay) if (found.metadata or {}).get("note") else None


def write_server(url: str, version: str, vectors: "Array", note: str) -> Collection:
    """Write it, and what was written. Raises LibraryUnreachable."""
    with _server(url) as client:
        return Collection(_write(client, f"{_NAME}-{version}", vectors, note), _stay)


def _write(client: Any, name: str, vectors: "Array", note: str) -> Any:
    collection = client.get_or_create_collection(name, embedding_function=None, configuration=_SPACE)
    for start in range(0, len(vectors), LARGEST_BATCH):
        batch = vectors[start : start + LARGEST_BATCH]
        collection.upsert(ids=[str(start + place) for place in range(len(batch))], embeddings=batch)
    collection.modify(metadata={"note": note})  # last: a collection without a note is unfinished
    return collection


def _stay() -> None:
    """A server's collection needs no closing."""


def _folder_client(path: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path, settings=Settings(anonymized_telemetry=False))


@contextmanager
def _server(url: str) -> Iterator[Any]:
    import chromadb
    import httpx
    from chromadb.config import Settings

    parts = urlsplit(url)
    try:
        yield chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )
    except (httpx.TransportError, ValueError) as error:  # chromadb turns a refused connection into a ValueError
        raise LibraryUnreachable(url) from error
