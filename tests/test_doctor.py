import asyncio
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import discord
import pytest

from bot import doctor
from bot import settings as configuration
from bot.doctor import Finding, examine
from bot.records import Records
from knowledge.embedding import MODEL, Embedding
from knowledge.entry import version_of
from knowledge.errors import RecordError
from knowledge.index import Index
from knowledge.record import Record
from tests.debates import begun

TOKEN = "MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"

pytestmark = pytest.mark.usefixtures("apart")


def seen(part: str) -> Finding:
    (finding,) = [finding for finding in examine().findings if finding.part == part]
    return finding


@pytest.fixture
def index(apart: Path, record: Record) -> Iterator[Index]:
    """The index that a bot on the same folder would hold."""
    held = Index(apart / "data" / "index", version_of(record, Embedding.name))
    held.acquire()
    yield held
    held.release()


def write(path: Path) -> None:
    (path / "vectors").write_bytes(b"vectors")


def test_a_fresh_machine_has_no_ill(record: Record) -> None:
    report = examine()
    assert report.healthy
    assert {finding.part: finding.state for finding in report.findings} == {
        "python": "well",
        "record": "well",
        "model": "well",
        "index": "note",
        "database": "note",
        "token": "note",
    }
    says = seen("record").says
    assert f"{len(record.passages)} passages" in says
    assert says.startswith(f"{len(record.sources)} sources, ")


def test_a_database_is_opened_and_its_debates_are_counted(record: Record) -> None:
    settings = configuration.load()
    settings.data.mkdir()

    async def made() -> None:
        records = await Records.open(settings.database, record)
        await begun(records)
        await records.close()

    asyncio.run(made())
    found = seen("database")
    assert (found.state, found.says) == ("well", "it opens and can be written; 1 debate is open.")


def test_a_database_that_is_none_is_named(apart: Path) -> None:
    (apart / "data").mkdir()
    (apart / "data" / "demarche.db").write_bytes(b"not a database, but long enough to be looked at" * 100)
    assert seen("database").state == "ill"


def test_a_missing_token_is_a_note_that_names_the_setting() -> None:
    found = seen("token")
    assert found.state == "note"
    assert "DISCORD_TOKEN in .env" in found.says


def test_a_malformed_setting_is_named_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMA_URL", "s3cret")
    report = examine()
    assert not report.healthy
    (found,) = report.findings
    assert "CHROMA_URL" in found.says
    assert "s3cret" not in found.says


@pytest.mark.parametrize("damage", [b"", b"not the model"])
def test_a_damaged_model_is_named_with_how_to_restore_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: bytes
) -> None:
    class Damaged(Embedding):
        def __init__(self) -> None:
            super().__init__(tmp_path / "model")

    shutil.copytree(MODEL, tmp_path / "model")
    (tmp_path / "model" / "tokenizer.json").write_bytes(damage)
    monkeypatch.setattr(doctor, "Embedding", Damaged)
    found = seen("model")
    assert found.state == "ill"
    assert "tokenizer.json" in found.says
    assert "git checkout" in found.says


def test_a_damaged_record_is_named_and_the_rest_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> Record:
        raise RecordError(Path("states/FR.yaml"), "FR", "there is no argument 'x': mend the id")

    monkeypatch.setattr("bot.doctor.loader.load", damaged)
    found = seen("record")
    assert (found.state, seen("model").state) == ("ill", "well")
    assert "states/FR.yaml, entry FR" in found.says


def test_a_whole_index_is_well(index: Index) -> None:
    index.build(write)
    index.release()
    assert seen("index").state == "well"
    assert seen("index").says.startswith("whole")


def test_an_index_that_is_not_built_yet_is_a_note() -> None:
    assert seen("index").says.startswith("not built yet")


def test_a_damaged_index_is_a_note_that_says_what_mends_it(index: Index) -> None:
    index.build(write)
    (index.path / "vectors").write_bytes(b"vexors")
    index.release()
    found = seen("index")
    assert found.state == "note"
    assert found.says.startswith("damaged; the next command builds it")


def test_a_locked_index_is_a_note_since_it_may_be_the_bot(index: Index) -> None:
    found = seen("index")
    assert found.state == "note"
    assert "Another Démarche is using the data folder" in found.says
    assert "if that is the bot" in found.says


def test_looking_does_not_keep_the_index(index: Index) -> None:
    index.release()
    examine()
    index.acquire(patience=0)


def test_a_folder_that_cannot_be_written_is_ill(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DEMARCHE_DATA", str(tmp_path / "file" / "below"))
    found = seen("index")
    assert found.state == "ill"
    assert "cannot be written" in found.says
    assert "DEMARCHE_DATA" in found.says


def test_a_server_that_is_not_there_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("CHROMA_URL", url)
    found = seen("index")
    assert found.state == "ill"
    assert url in found.says
    assert "chroma run" in found.says


class Stranger(BaseHTTPRequestHandler):
    """Answers everything, and is no Chroma."""

    def answer(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"hello": "there"}).encode())

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        """Quietly."""


def test_a_server_that_is_no_chroma_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("CHROMA_URL", f"http://127.0.0.1:{server.server_port}")
        found = seen("index")
        server.shutdown()
    assert found.state == "ill"
    assert "No Chroma server answers" in found.says


class Discord:
    """A client whose login ends as it is told to."""

    user = "Démarche#0001"
    closed = False

    def __init__(self, ends: BaseException | None = None, after: float = 0) -> None:
        self._ends, self._after = ends, after

    async def login(self, token: str) -> None:
        assert token == TOKEN
        await asyncio.sleep(self._after)
        if self._ends:
            raise self._ends

    async def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("client", "state", "says"),
    [
        (Discord(), "well", "accepted for Démarche#0001"),
        (Discord(discord.LoginFailure("Improper token has been passed.")), "ill", "refuses the token; reset it"),
        (Discord(OSError("no network")), "note", "could not be reached"),
        (Discord(after=60), "note", "could not be reached"),
    ],
)
def test_a_token_is_tried(monkeypatch: pytest.MonkeyPatch, client: Discord, state: str, says: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setattr(doctor, "REACH", 0.05)
    monkeypatch.setattr(discord, "Client", lambda **_: client)
    found = seen("token")
    assert found.state == state
    assert says in found.says
    assert TOKEN not in found.says
    assert client.closed
