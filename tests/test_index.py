import multiprocessing
import random
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from knowledge.errors import LibraryLocked, LibraryUnwritable
from knowledge.index import Index

CONTENT = bytes(range(256)) * 8


def fill(path: Path) -> None:
    (path / "part").mkdir()
    (path / "part" / "vectors.bin").write_bytes(CONTENT)
    (path / "words.db").write_bytes(CONTENT[::-1])


def built(folder: Path) -> Index:
    index = Index(folder, "v1")
    index.acquire()
    index.build(fill)
    return index


def test_what_was_built_is_whole(tmp_path: Path) -> None:
    assert built(tmp_path).is_whole


def test_what_was_never_built_is_not_whole(tmp_path: Path) -> None:
    assert not Index(tmp_path, "v1").is_whole


def test_any_damage_is_noticed(tmp_path: Path) -> None:
    chance = random.Random(11)
    index = built(tmp_path)
    for _ in range(60):
        path = chance.choice(["part/vectors.bin", "words.db", "seal.json"])
        file = index.path / path
        whole = file.read_bytes()
        at = chance.randrange(len(whole))
        damaged = bytearray(whole)
        damaged[at] ^= 1 << chance.randrange(8)
        file.write_bytes(chance.choice([bytes(damaged), whole[:at], whole + b"x"]))
        assert not index.is_whole
        file.write_bytes(whole)
    assert index.is_whole


def test_a_missing_or_foreign_file_is_noticed(tmp_path: Path) -> None:
    index = built(tmp_path)
    (index.path / "stray").touch()
    assert not index.is_whole
    (index.path / "stray").unlink()
    (index.path / "words.db").unlink()
    assert not index.is_whole


def test_building_anew_removes_what_was_there(tmp_path: Path) -> None:
    built(tmp_path).release()
    newer = Index(tmp_path, "v2")
    newer.acquire()
    newer.build(fill)
    assert newer.is_whole
    assert not (tmp_path / "v1").exists()


def test_what_was_left_unfinished_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "v1.unfinished").mkdir(parents=True)
    (tmp_path / "v1.unfinished" / "half").touch()
    assert built(tmp_path).is_whole


def test_what_was_sealed_stays_whole_whatever_is_done_to_what_was_opened(tmp_path: Path) -> None:
    index = built(tmp_path)
    for _ in range(2):
        opened = index.copy()
        assert (opened / "words.db").read_bytes() == CONTENT[::-1]
        (opened / "words.db").write_bytes(b"half")
        assert index.is_whole
    index.release()
    assert not opened.exists()


def hold(folder: Path, ready: Connection) -> None:
    index = Index(folder, "v1")
    index.acquire()
    ready.send(True)
    ready.recv()


def test_another_process_on_the_folder_is_refused_and_loses_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    other = spawn.Process(target=hold, args=(tmp_path, there))
    other.start()
    here.recv()
    index = Index(tmp_path, "v1")
    with pytest.raises(LibraryLocked, match="DEMARCHE_DATA"):
        index.acquire(patience=0.1)
    here.send(True)
    other.join()
    index.acquire()
    index.build(fill)
    assert index.is_whole


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryUnwritable, match="DEMARCHE_DATA"):
        Index(tmp_path / "file" / "data", "v1").acquire()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    def overflow(_: Path) -> None:
        raise OSError(28, "No space left on device")

    index = Index(tmp_path, "v1")
    index.acquire()
    with pytest.raises(LibraryUnwritable):
        index.build(overflow)
