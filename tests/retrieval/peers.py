"""What a developer would otherwise take, each as its documentation has it, behind one seam.

Whoever embeds does it with the same model, and gets one text a document: nothing is split.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tests.retrieval.measures import ASKED
from tests.retrieval.sets import Document
from tests.retrieval.vectors import Model


class System(Protocol):
    """``is_given_vectors``: embedding the documents is not among what its indexing is seen to cost."""

    name: str
    is_given_vectors: bool

    def index(self, documents: Sequence[Document], folder: Path) -> None:
        """Make the documents searchable, and leave in ``folder`` what it takes to open them again."""

    def search(self, query: str) -> list[str]:
        """The ids of the ``ASKED`` nearest, best first."""
        ...


class Bm25s:
    """Shared words: BM25 as Lucene computes it, English stop words, Snowball stems."""

    name, is_given_vectors = "bm25s", False
    saturation, lengths = 1.5, 0.75

    def __init__(self, model: Model) -> None:
        """It has no use for a model."""

    def index(self, documents: Sequence[Document], folder: Path) -> None:
        import bm25s
        import Stemmer

        self._ids, self._stemmer = [document.id for document in documents], Stemmer.Stemmer("english")
        self._index = bm25s.BM25(k1=self.saturation, b=self.lengths, method="lucene")
        self._index.index(self._words([document.whole for document in documents]), show_progress=False)
        self._index.save(folder)

    def search(self, query: str) -> list[str]:
        k = min(ASKED, len(self._ids))
        places, scores = self._index.retrieve(self._words([query]), k=k, show_progress=False)
        return [self._ids[place] for place, score in zip(places[0], scores[0], strict=True) if score > 0]

    def _words(self, texts: list[str]) -> Any:
        import bm25s

        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)


class Bm25sForShort(Bm25s):
    """With the settings that are best for args.me, whose queries are two or three words."""

    name = "bm25s (k1 .9, b .4)"
    saturation, lengths = 0.9, 0.4


class Chroma:
    """A persistent collection that keeps the documents; HNSW at its defaults, by cosine."""

    name, is_given_vectors = "Chroma", True

    def __init__(self, model: Model) -> None:
        self._model = model

    def index(self, documents: Sequence[Document], folder: Path) -> None:
        import chromadb

        client = chromadb.PersistentClient(folder)
        self._collection = client.create_collection(
            "passages", embedding_function=_for_chroma(self._model), configuration={"hnsw": {"space": "cosine"}}
        )
        step = client.get_max_batch_size()
        for start in range(0, len(documents), step):
            batch = documents[start : start + step]
            self._collection.add([each.id for each in batch], documents=[each.whole for each in batch])

    def search(self, query: str) -> list[str]:
        return self._collection.query(query_texts=[query], n_results=ASKED, include=[])["ids"][0]


class LangChain:
    """Its vector store over Chroma, and the retriever that the store hands out."""

    name, is_given_vectors = "LangChain, Chroma", True

    def __init__(self, model: Model) -> None:
        self._model = model

    def index(self, documents: Sequence[Document], folder: Path) -> None:
        from langchain_chroma import Chroma as Store

        store = Store.from_texts(
            [document.whole for document in documents],
            _for_langchain(self._model),
            ids=[document.id for document in documents],
            persist_directory=str(folder),
        )
        self._retriever = store.as_retriever(search_kwargs={"k": ASKED})

    def search(self, query: str) -> list[str]:
        return [str(found.id) for found in self._retriever.invoke(query)]


class LlamaIndex:
    """Its default vector index, in memory, written to the folder."""

    name, is_given_vectors = "LlamaIndex", True

    def __init__(self, model: Model) -> None:
        self._model = model

    def index(self, documents: Sequence[Document], folder: Path) -> None:
        from llama_index.core import VectorStoreIndex
        from llama_index.core.schema import TextNode

        nodes = [TextNode(id_=document.id, text=document.whole) for document in documents]
        index = VectorStoreIndex(nodes, embed_model=_for_llama_index(self._model))
        index.storage_context.persist(folder)
        self._retriever = index.as_retriever(similarity_top_k=ASKED)

    def search(self, query: str) -> list[str]:
        return [found.node.node_id for found in self._retriever.retrieve(query)]


class Exact:
    """Every document compared, by cosine: what no index over these vectors can better."""

    name, is_given_vectors = "exact cosine", True

    def __init__(self, model: Model) -> None:
        self._model = model

    def index(self, documents: Sequence[Document], folder: Path) -> None:
        self._ids = [document.id for document in documents]
        self._vectors = self._model.passages([document.whole for document in documents])
        np.save(folder / "vectors.npy", self._vectors)

    def search(self, query: str) -> list[str]:
        cosines = self._vectors @ self._model.query(query)
        return [self._ids[place] for place in np.argsort(-cosines, kind="stable")[:ASKED]]


PEERS: tuple[type[Bm25s | Chroma | LangChain | LlamaIndex | Exact], ...] = (
    Bm25s,
    Bm25sForShort,
    Chroma,
    LangChain,
    LlamaIndex,
    Exact,
)


def _for_chroma(model: Model) -> Any:
    from chromadb import EmbeddingFunction

    class Bundled(EmbeddingFunction[list[str]]):
        def __init__(self) -> None:
            """Chroma deprecates those without one."""

        def __call__(self, input: list[str]) -> list[Any]:
            return list(model.passages(input))

        def embed_query(self, input: list[str]) -> list[Any]:
            return [model.query(text) for text in input]

    return Bundled()


def _for_langchain(model: Model) -> Any:
    from langchain_core.embeddings import Embeddings

    class Bundled(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = model.passages(texts).tolist()
            return found

        def embed_query(self, text: str) -> list[float]:
            found: list[float] = model.query(text).tolist()
            return found

    return Bundled()


def _for_llama_index(model: Model) -> Any:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class Bundled(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = model.passages(texts).tolist()
            return found

        def _get_query_embedding(self, query: str) -> list[float]:
            found: list[float] = model.query(query).tolist()
            return found

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return Bundled()
