import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import LibraryUnreachable
from knowledge.filter import Filter
from knowledge.library import Library
from knowledge.record import EMPTY, Record
from tests.embeddings import Hashed
from tests.holdings import held, sentences


class Server:
    """A Chroma server on loopback."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(folder), "--host", "127.0.0.1"]
        quiet = subprocess.DEVNULL
        self._server = subprocess.Popen([*command, "--port", str(port)], stdout=quiet, stderr=quiet)
        self.url = f"http://127.0.0.1:{port}"
        self._wait(port)

    def stop(self) -> None:
        self._server.kill()
        self._server.wait()

    def _wait(self, port: int) -> None:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(self.url)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "chroma")
    yield started
    started.stop()


def test_a_server_finds_what_a_folder_finds(small: Record, tmp_path: Path, server: Server) -> None:
    served, own = Library.open(small, tmp_path, url=server.url), Library.open(small, tmp_path)
    for question in ("NATO and the Indo-Pacific", "What did NATO say in 2019?", "pizza"):
        there, here = served.search(question), own.search(question)
        assert [hit.passage.id for hit in there.hits] == [hit.passage.id for hit in here.hits]
        assert there.probability == pytest.approx(here.probability, abs=1e-4)
    served.close()
    own.close()


@pytest.mark.parametrize("held_in_memory", [20_000, 0])
def test_several_processes_find_on_a_server_what_a_folder_finds(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, held_in_memory: int
) -> None:
    monkeypatch.setattr("knowledge.store.HELD", held_in_memory)
    listed, first, second = held(200, server="ours"), Hashed(), Hashed()
    own = Library.open(EMPTY, tmp_path / "own", holdings=listed, embedding=Hashed())
    served = [
        Library.open(EMPTY, tmp_path, url=server.url, holdings=listed, embedding=each) for each in (first, second)
    ]
    assert (len(first.embedded), second.embedded) == (200, [])
    for question in sentences(200)[::20]:
        for by in (Filter(server="ours"), Filter(server="ours", sources=frozenset({"list"}))):
            expected = [hit.passage.id for hit in own.find(question, 5, by)]
            assert all([hit.passage.id for hit in each.find(question, 5, by)] == expected for each in served)
    for library in (own, *served):
        library.close()


def test_what_a_server_holds_is_not_written_twice(small: Record, tmp_path: Path, server: Server) -> None:
    def refuse(_done: int, _total: int) -> None:
        raise AssertionError("built again")

    Library.open(small, tmp_path, url=server.url).close()
    Library.open(small, tmp_path, url=server.url, progress=refuse).close()


def test_a_server_that_goes_away_is_named(small: Record, tmp_path: Path, server: Server) -> None:
    library = Library.open(small, tmp_path, url=server.url)
    server.stop()
    with pytest.raises(LibraryUnreachable, match="CHROMA_URL"):
        library.search("NATO")
    library.close()
