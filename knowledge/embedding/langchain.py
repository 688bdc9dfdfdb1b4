"""Any embedding that LangChain knows, of a provider or of one's own making: what is searched is sent to it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from knowledge.embedding.vectors import in_batches, unit
from knowledge.errors import EmbeddingFailed, SettingsError

if TYPE_CHECKING:  # heavy: imported when an embedding is opened
    from langchain_core.embeddings import Embeddings

    from knowledge.embedding.vectors import Vector, Vectors

SECONDS = 60  # for one batch: a model may first have to be loaded
OPTIONS: dict[str, dict[str, Any]] = {
    "openai": {"check_embedding_ctx_length": False, "timeout": SECONDS},  # to count tokens it would fetch a file
    "ollama": {"client_kwargs": {"timeout": SECONDS}},
    "mistralai": {"timeout": SECONDS},
}


class LangChain:
    """``name`` identifies the model, whoever made ``embeddings``. Raises EmbeddingFailed."""

    def __init__(self, embeddings: "Embeddings", name: str) -> None:
        self._embeddings, self.name = embeddings, name
        self._dimensions: int | None = None

    @classmethod
    def named(cls, name: str) -> "LangChain":
        """The model ``provider:model``. Raises SettingsError that says what is missing."""
        return cls(_made(name), name)

    @property
    def dimensions(self) -> int:
        """Asked of the model where it has not embedded anything yet."""
        if self._dimensions is None:
            self.prepare()
        return self._dimensions or 0

    def passages(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, shape (len(texts), dimensions)."""
        return in_batches(self._passages, texts, self.dimensions)

    def query(self, text: str) -> "Vector":
        """A unit vector, shape (dimensions,)."""
        vector: Vector = self._unit([self._answer(self._embeddings.embed_query, text)], 1)[0]
        return vector

    def prepare(self) -> None:
        """Ask the model for one vector, which tells how long they are."""
        self.query("NATO")

    def check(self) -> None:
        """Nothing: we do not ship it."""

    def _passages(self, texts: Sequence[str]) -> "Vectors":
        return self._unit(self._answer(self._embeddings.embed_documents, list(texts)), len(texts))

    def _answer(self, embed: Callable[[Any], Any], texts: str | list[str]) -> Any:
        try:
            return embed(texts)
        except Exception as error:  # noqa: BLE001 - every provider's client has errors of its own
            raise EmbeddingFailed(self.name, f"gave no answer ({type(error).__name__})") from None

    def _unit(self, answer: list[list[float]], n: int) -> "Vectors":
        """Unit vectors, shape (n, dimensions). Raises EmbeddingFailed where they cannot be made of it."""
        import numpy as np

        lengths = {len(vector) for vector in answer}
        self._dimensions = self._dimensions or max(lengths, default=0)
        if len(answer) == n and lengths == {self._dimensions}:
            vectors = np.asarray(answer, np.float32)
            if np.isfinite(vectors).all() and vectors.any(axis=1).all():
                return unit(vectors)
        raise EmbeddingFailed(self.name, "gave vectors that cannot be used")


def _made(name: str) -> "Embeddings":
    from langchain.embeddings import init_embeddings

    provider = name.partition(":")[0]
    try:
        return init_embeddings(name, **OPTIONS.get(provider, {}))
    except ImportError as error:
        package = (getattr(error.__cause__, "name", None) or f"langchain-{provider}").partition(".")[0]
        how = "make models" if provider in OPTIONS else f"pip install {package.replace('_', '-')}"
        raise SettingsError(f"The embedding {name} needs a package; install it with: {how}") from None
    except ValueError:
        raise SettingsError(
            f"No embedding is called “{name}”, or it refuses these settings; "
            "write DEMARCHE_EMBEDDING like multilingual or ollama:nomic-embed-text."
        ) from None
    except Exception as error:  # noqa: BLE001 - as above; OpenAI's has one for a missing key
        raise EmbeddingFailed(name, f"could not be opened ({type(error).__name__})") from None
