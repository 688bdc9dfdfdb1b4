import shutil
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import DIMENSIONS, MODEL, Embedding
from knowledge.errors import ModelDamaged

EMBEDDING = Embedding()


def test_vectors_have_length_one() -> None:
    vectors = EMBEDDING(["one text", "another, somewhat longer text", ""])
    assert vectors.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_text_has_the_same_direction_alone_and_in_company() -> None:
    """The int8 model scales by batch, so that the last digits may differ."""
    alone = EMBEDDING(["NATO and Taiwan"])[0]
    together = EMBEDDING(["NATO and Taiwan", "a text of another length altogether, to pad the first one"])[0]
    assert float(alone @ together) > 0.99


def test_meaning_decides_and_not_letters() -> None:
    ship, vessel, sheep = EMBEDDING(["a warship", "a naval vessel", "a sheep"])
    assert ship @ vessel > ship @ sheep


def test_no_text_gives_no_vector() -> None:
    assert EMBEDDING([]).shape == (0, DIMENSIONS)


def test_common_words_are_known_and_slips_are_not() -> None:
    assert EMBEDDING.is_word("whether")
    assert not EMBEDDING.is_word("lithunia")


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
        Embedding(tmp_path)(["text"])
    with pytest.raises(ModelDamaged):
        Embedding(tmp_path).check()
