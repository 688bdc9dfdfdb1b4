import random
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedded import WINDOW, Embedded
from knowledge.errors import LibraryUnwritable
from knowledge.progress import unheard
from tests.embeddings import Hashed
from tests.holdings import sentences

TEXTS = sentences(40)


def kept(folder: Path, texts: list[str] = TEXTS) -> tuple[Embedded, Hashed, np.ndarray]:
    """What is kept after the texts were embedded, what had to be embedded for it, and their vectors."""
    hashed = Hashed()
    embedded = Embedded(folder, hashed)
    rows = embedded.rows(embedded.keys(texts, len(texts), unheard))
    return embedded, hashed, np.array(embedded.vectors[rows])


def test_each_text_has_its_own_vector(tmp_path: Path) -> None:
    _, _, vectors = kept(tmp_path)
    assert np.allclose(vectors, Hashed().passages(TEXTS))


def test_nothing_is_embedded_twice(tmp_path: Path) -> None:
    _, first, vectors = kept(tmp_path, [*TEXTS, *TEXTS])
    _, second, again = kept(tmp_path, [*TEXTS, "Something new"])
    assert sorted(first.embedded) == sorted(TEXTS)
    assert second.embedded == ["Something new"]
    assert np.array_equal(vectors[:40], again[:40])


def test_another_embedding_starts_anew(tmp_path: Path) -> None:
    kept(tmp_path)
    other = Hashed("another", dimensions=8)
    embedded = Embedded(tmp_path, other)
    embedded.keys(TEXTS, len(TEXTS), unheard)
    assert sorted(other.embedded) == sorted(TEXTS)
    assert embedded.vectors.shape == (40, 8)


def test_whoever_is_interrupted_goes_on_where_it_stopped(tmp_path: Path) -> None:
    texts = sentences(3 * WINDOW)

    def stop(done: int, _total: int) -> None:
        if done >= 2 * WINDOW:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Embedded(tmp_path, Hashed()).keys(texts, len(texts), stop)
    _, hashed, vectors = kept(tmp_path, texts)
    assert sorted(hashed.embedded) == sorted(texts[2 * WINDOW :])
    assert np.allclose(vectors, Hashed().passages(texts))


@pytest.mark.parametrize("name", ["hashed.vectors", "hashed.keys"])
def test_what_is_damaged_is_embedded_again_and_nothing_else_is_wrong(tmp_path: Path, name: str) -> None:
    chance, expected = random.Random(5), kept(tmp_path)[2]
    path = tmp_path / name
    for _ in range(25):
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        flipped = bytearray(whole)
        flipped[at] ^= 1 << chance.randrange(8)
        path.write_bytes(chance.choice([bytes(flipped), whole[:at]]))
        _, hashed, vectors = kept(tmp_path)
        assert hashed.embedded
        assert np.array_equal(vectors, expected)


def test_lost_vectors_are_not_taken_for_others(tmp_path: Path) -> None:
    embedded, _, _ = kept(tmp_path)
    keys = embedded.keys(TEXTS, len(TEXTS), unheard)
    (tmp_path / "hashed.vectors").unlink()
    with pytest.raises(KeyError):
        Embedded(tmp_path, Hashed()).rows(keys)


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    Embedded(tmp_path, Hashed()).keys(TEXTS, 40, lambda done, total: told.append((done, total)))
    assert told == [(0, 40), (40, 40)]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryUnwritable):
        Embedded(tmp_path / "file", Hashed())
