"""Vectors by place, in Chroma: in a folder or on a server. The only module that knows Chroma."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from knowledge.errors import LibraryUnreachable

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float32]]

WIDEST = 5000  # places compared with a vector; a larger collection is cut to its nearest
CLOSELY = 400  # places that the index looks at for one that it is asked for, or as many as it is asked for
HELD = 20_000  # places that are compared one by one in memory, which is quicker than asking for so many neighbours
FEW = 500  # vectors read at once: Chroma hands them out in twice the size and keeps the memory
LARGEST_BATCH = 5000  # Chroma takes 5,461 at once

_NAME = "library"
_SPACE: Any = {"hnsw": {"space": "cosine", "ef_search": CLOSELY}}


class Collection:
    """Unit vectors numbered from 0, and a note written with them. ``url`` names the server, if they are on one."""

    def __init__(self, collection: Any, close: Callable[[], None], url: str = "", held: int = HELD) -> None:
        self._collection, self.close, self._url = collection, close, url
        self.size: int = collection.count()
        self.note: str = collection.metadata["note"]
        self._held = None if url or self.size > held else _vectors(collection, range(self.size))

    def nearest(self, vector: "Array", count: int) -> "Array":
        """The places of the ``count`` nearest, the nearest first. Raises LibraryUnreachable."""
        import numpy as np

        with _reached(self._url):
            answer = self._collection.query(query_embeddings=[vector], n_results=min(count, self.size), include=[])
        return np.array([int(place) for place in answer["ids"][0]], np.int64)

    def vectors(self, places: "Sequence[int] | Array") -> "Array":
        """Of those places, shape (places, dimensions). Raises LibraryUnreachable."""
        with _reached(self._url):
            return _vectors(self._collection, places)

    def similarities(self, vector: "Array") -> "Array":
        """The cosine of every place with ``vector``; places beyond Chroma's answer get the least of those in it.

        Raises LibraryUnreachable.
        """
        import numpy as np

        if self._held is not None:
            cosines: Array = self._held @ vector
            return cosines
        nearest = {"n_results": min(self.size, WIDEST), "include": ["distances"]}
        with _reached(self._url):
            answer = self._collection.query(query_embeddings=[vector], **nearest)
        near = 1.0 - np.array(answer["distances"][0], np.float32)
        found = np.full(self.size, near.min(), np.float32)
        found[[int(place) for place in answer["ids"][0]]] = near
        return found


def _vectors(collection: Any, places: "Sequence[int] | Array") -> "Array":
    """Of those places, shape (places, dimensions)."""
    import numpy as np

    parts = []
    for start in range(0, len(places), FEW):
        ids = [str(place) for place in places[start : start + FEW]]
        stored = collection.get(ids=ids, include=["embeddings"])
        at = {id: place for place, id in enumerate(stored["ids"])}
        parts.append(np.asarray(stored["embeddings"], np.float32)[[at[id] for id in ids]])
    vectors: Array = np.concatenate(parts)
    return vectors


def prepare() -> None:
    """Import Chroma, which takes its time."""
    import chromadb  # noqa: F401 - only to have it loaded


def in_folder(path: Path, held: int = HELD) -> Collection:
    """The collection that ``write_folder`` left in ``path``; up to ``held`` vectors are kept in memory."""
    client = _folder_client(path)
    return Collection(client.get_collection(_NAME, embedding_function=None), client.close, held=held)


def write_folder(path: Path, vectors: "Iterable[Array]", note: str) -> None:
    """``vectors`` come in parts, shape (places, dimensions) each."""
    client = _folder_client(path)
    try:
        _write(client, _NAME, vectors, note)
    finally:
        client.close()


def on_server(url: str, version: str) -> Collection | None:
    """The finished collection of that version, if the server has it. Raises LibraryUnreachable."""
    with _reached(url):
        client, name = _server_client(url), f"{_NAME}-{version}"
        named = next((collection for collection in client.list_collections() if collection.name == name), None)
        if named is None or "note" not in (named.metadata or {}):
            _leave(client)
            return None
        return Collection(client.get_collection(name, embedding_function=None), partial(_leave, client), url)


def write_server(url: str, version: str, vectors: "Iterable[Array]", note: str) -> Collection:
    """Write it, and what was written. Raises LibraryUnreachable."""
    with _reached(url):
        client = _server_client(url)
        return Collection(_write(client, f"{_NAME}-{version}", vectors, note), partial(_leave, client), url)


def _write(client: Any, name: str, vectors: "Iterable[Array]", note: str) -> Any:
    collection = client.get_or_create_collection(name, embedding_function=None, configuration=_SPACE)
    place = 0
    for part in vectors:
        for start in range(0, len(part), LARGEST_BATCH):
            batch = part[start : start + LARGEST_BATCH]
            collection.upsert(ids=[str(place + n) for n in range(len(batch))], embeddings=batch)
            place += len(batch)
    collection.modify(metadata={"note": note})  # last: a collection without a note is unfinished
    return collection


def _folder_client(path: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path, settings=Settings(anonymized_telemetry=False))


def _server_client(url: str) -> Any:
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url)
    return chromadb.HttpClient(
        host=parts.hostname or "localhost",
        port=parts.port or (443 if parts.scheme == "https" else 8000),
        ssl=parts.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )


def _leave(client: Any) -> None:
    sessions = [part._server._session for part in (client, client._admin_client)]  # chromadb 1.5.9 leaves them open
    client.close()
    for session in sessions:
        session.close()


@contextmanager
def _reached(url: str) -> Iterator[None]:
    """Turns a lost server into LibraryUnreachable; without a ``url`` there is none to lose."""
    if not url:
        yield
        return
    import httpx

    try:
        yield
    except (httpx.TransportError, ValueError) as error:  # chromadb turns a refused connection into a ValueError
        raise LibraryUnreachable(url) from error
