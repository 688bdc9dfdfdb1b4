import asyncio
import datetime
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import discord
import pytest
from langchain_core.embeddings.fake import DeterministicFakeEmbedding

from bot import doctor
from bot import settings as configuration
from bot.doctor import Finding, examine
from bot.language_model import HEALTH, HERE
from bot.llm.circuit import Health
from bot.records import Records
from knowledge.embedding.langchain import LangChain
from knowledge.embedding.minilm import MODEL, MiniLM
from knowledge.entry import version_of
from knowledge.errors import RecordError
from knowledge.index import Index
from knowledge.record import Record
from tests.debates import begun
from tests.providers.replies import Garbage, Reply, Status
from tests.providers.server import Providers

TOKEN = "MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
KEY = "sk-4b7Cq4se7kKWs"
FLOOR = "Meanwhile every answer is composed from the record."

pytestmark = pytest.mark.usefixtures("apart")


def seen(part: str) -> Finding:
    (finding,) = [finding for finding in examine().findings if finding.part == part]
    return finding


@pytest.fixture
def index(apart: Path, record: Record) -> Iterator[Index]:
    """The index that a bot on the same folder would hold."""
    held = Index(apart / "data" / "index", version_of(record, MiniLM.name))
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
        "language model": "note",
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
    shutil.copytree(MODEL, tmp_path / "model")
    (tmp_path / "model" / "tokenizer.json").write_bytes(damage)
    monkeypatch.setattr(doctor, "named", lambda _: MiniLM(tmp_path / "model"))
    found = seen("model")
    assert found.state == "ill"
    assert "tokenizer.json" in found.says
    assert "git checkout" in found.says


def test_another_embedding_is_tried_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMARCHE_EMBEDDING", "own:any")
    monkeypatch.setattr(doctor, "named", lambda name: LangChain(DeterministicFakeEmbedding(size=12), name))
    found = seen("model")
    assert (found.state, found.says) == ("well", "own:any gives vectors of 12 dimensions.")


def test_an_embedding_that_cannot_be_reached_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("DEMARCHE_EMBEDDING", "ollama:any")
    found = seen("model")
    assert found.state == "ill"
    assert "unset DEMARCHE_EMBEDDING" in found.says


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


@contextmanager
def running() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop in a thread of its own: the doctor has its own loops."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Providers]:
    """Who offers models, on loopback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Providers()
    with running() as loop:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result()
        yield server
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result()


class Environment:
    """What is set of a language model, and nothing else of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, **values: str) -> None:
        for name, value in values.items():
            self._monkeypatch.setenv(f"DEMARCHE_{name}", value)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, record: Record) -> Environment:
    """The rest of the doctor's work is made short."""
    for provider in ("OPENAI", "ANTHROPIC", "MISTRAL"):
        monkeypatch.delenv(f"{provider}_API_KEY", raising=False)
    monkeypatch.setattr("bot.doctor.loader.load", lambda: record)
    monkeypatch.setattr("bot.doctor.version_of", lambda *_: "any")
    monkeypatch.setattr(MiniLM, "check", lambda _: None)
    return Environment(monkeypatch)


def healthy(record: Record, **health: object) -> None:
    """The bot has kept this of the model that it asked last."""

    async def kept() -> None:
        records = await Records.open(configuration.load().database, record)
        await records.set(HERE, HEALTH, Health.model_validate(health).model_dump_json())
        await records.close()

    asyncio.run(kept())


def test_without_a_language_model_answers_come_from_the_record() -> None:
    found = seen("language model")
    assert found.state == "note"
    assert "every answer is composed from the record" in found.says
    assert "README" in found.says


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("ollama:llama3.2", "ollama_url"),
        ("ollama:llama3.2:latest", "ollama_url"),
        ("openai:gpt-5-mini", "openai_url"),
        ("anthropic:claude-haiku", "anthropic_url"),
        ("mistralai:mistral-small", "mistral_url"),
    ],
)
def test_a_language_model_that_is_offered_is_well(
    providers: Providers, environment: Environment, model: str, url: str
) -> None:
    environment.set(MODEL=model, MODEL_URL=getattr(providers, url), MODEL_KEY=KEY)
    found = seen("language model")
    assert (found.state, found.says) == ("well", f"{model} is there.")
    assert [asked.method for asked in providers.asked] == ["GET"], "which costs nothing"


def test_a_key_is_sent_and_never_shown(providers: Providers, environment: Environment) -> None:
    environment.set(MODEL="openai:gpt-5-mini", MODEL_URL=providers.openai_url, MODEL_KEY=KEY)
    assert KEY not in seen("language model").says
    assert providers.asked[0].headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("code", [401, 403])
def test_a_key_that_is_not_accepted_is_ill(providers: Providers, environment: Environment, code: int) -> None:
    providers.lists(Status(code))
    environment.set(MODEL="openai:gpt-5-mini", MODEL_URL=providers.openai_url, MODEL_KEY=KEY)
    found = seen("language model")
    assert found.state == "ill"
    assert "openai:gpt-5-mini: it does not accept our key; set DEMARCHE_MODEL_KEY in .env" in found.says
    assert KEY not in found.says
    assert FLOOR in found.says


def test_a_key_that_is_missing_is_ill(environment: Environment) -> None:
    environment.set(MODEL="openai:gpt-5-mini")
    found = seen("language model")
    assert found.state == "ill"
    assert "set DEMARCHE_MODEL_KEY in .env, or OPENAI_API_KEY in the environment" in found.says


def test_a_language_model_that_cannot_be_reached_is_a_note_that_says_what_to_do(environment: Environment) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        environment.set(MODEL="ollama:llama3.2", MODEL_URL=f"http://127.0.0.1:{free.getsockname()[1]}")
    found = seen("language model")
    assert found.state == "note"
    assert "it cannot be reached; start it, or set DEMARCHE_MODEL_URL to where it is" in found.says
    assert FLOOR in found.says


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Status(429), "it is asked too often at the moment; try again later."),
        (Status(500), "it reports an error; try again later."),
        (Garbage(), "its answer could not be read; try again later."),
    ],
)
def test_a_provider_that_fails_is_a_note(
    providers: Providers, environment: Environment, reply: Reply, says: str
) -> None:
    providers.lists(reply)
    environment.set(MODEL="ollama:llama3.2", MODEL_URL=providers.ollama_url)
    found = seen("language model")
    assert found.state == "note"
    assert f"{says} {FLOOR}" in found.says


@pytest.mark.parametrize("model", ["mistral-nemo", "llama3.2:3b", "llama3"])
def test_a_model_that_is_not_there_is_ill_and_says_how_to_get_it(
    providers: Providers, environment: Environment, model: str
) -> None:
    environment.set(MODEL=f"ollama:{model}", MODEL_URL=providers.ollama_url)
    found = seen("language model")
    assert found.state == "ill"
    assert f"get it (ollama pull {model})" in found.says
    assert "name another in DEMARCHE_MODEL" in found.says


def test_nobody_is_told_to_pull_what_others_run(providers: Providers, environment: Environment) -> None:
    environment.set(MODEL="openai:gpt-4", MODEL_URL=providers.openai_url, MODEL_KEY=KEY)
    found = seen("language model")
    assert found.state == "ill"
    assert "see its list of models" in found.says
    assert "pull" not in found.says


@pytest.mark.parametrize(
    ("health", "says"),
    [
        ({"state": "working"}, "is there; when the bot asked it last, it answers."),
        (
            {"state": "failing", "reason": "slow"},
            "it failed: it takes too long (04 May 2026, 12:30 UTC).",
        ),
        (
            {"state": "resting", "reason": "failing"},
            "it reports an error (04 May 2026, 12:30 UTC); it is left alone",
        ),
    ],
)
def test_how_the_model_did_when_the_bot_asked_it_is_told(
    providers: Providers, environment: Environment, record: Record, health: dict[str, str], says: str
) -> None:
    at = datetime.datetime(2026, 5, 4, 12, 30, tzinfo=datetime.UTC)
    environment.set(MODEL="ollama:llama3.2", MODEL_URL=providers.ollama_url)
    healthy(record, model="ollama:llama3.2", at=at, **health)
    found = seen("language model")
    assert found.state == "well"
    assert says in found.says


def test_how_another_model_did_is_not_told(providers: Providers, environment: Environment, record: Record) -> None:
    environment.set(MODEL="ollama:llama3.2", MODEL_URL=providers.ollama_url)
    healthy(record, model="ollama:mistral-small", state="working")
    assert seen("language model").says == "ollama:llama3.2 is there."


def test_a_database_is_not_made_to_tell_how_a_model_did(providers: Providers, environment: Environment) -> None:
    environment.set(MODEL="ollama:llama3.2", MODEL_URL=providers.ollama_url)
    assert seen("language model").state == "well"
    assert not configuration.load().database_file.exists()


@pytest.mark.parametrize(
    "settings",
    [
        {"MODEL": "mistralai:mistral-small"},
        {"MODEL": "openai:mistral-small", "MODEL_URL": "https://api.mistral.ai/v1"},
    ],
)
def test_a_provider_that_learns_from_prompts_is_ill(environment: Environment, settings: dict[str, str]) -> None:
    environment.set(**settings, MODEL_KEY=KEY)
    found = seen("language model")
    assert found.state == "ill"
    assert "may train on prompts" in found.says
    assert "DEMARCHE_MODEL_TRAINING=allowed" in found.says


def test_a_provider_whose_learning_is_ruled_out_is_asked(providers: Providers, environment: Environment) -> None:
    environment.set(MODEL="mistralai:mistral-small", MODEL_URL=providers.mistral_url, MODEL_KEY=KEY)
    environment.set(MODEL_TRAINING="allowed")
    assert seen("language model").state == "well"


def test_a_package_that_is_missing_is_ill_and_says_how_to_install_it(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def uninstalled(model: str, **_: object) -> None:
        raise ImportError(f"no package for {model}")

    monkeypatch.setattr("langchain.chat_models.init_chat_model", uninstalled)
    environment.set(MODEL="ollama:llama3.2")
    found = seen("language model")
    assert found.state == "ill"
    assert "The provider ollama needs langchain-ollama; install it with: make models" in found.says


def test_a_provider_that_nobody_knows_is_ill(environment: Environment) -> None:
    environment.set(MODEL="nonsense:llama3.2", MODEL_KEY=KEY)
    found = seen("language model")
    assert found.state == "ill"
    assert "No provider is called “nonsense”" in found.says


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("ollama:llama3.2", "http://[::1"),
        ("ollama:llama3.2", "http://127.0.0.1:99999"),
        ("openai:gpt-5-mini", "http://host:port"),
    ],
)
def test_an_address_that_cannot_be_one_is_ill_and_named(environment: Environment, model: str, url: str) -> None:
    environment.set(MODEL=model, MODEL_URL=url, MODEL_KEY=KEY)
    report = examine()
    assert not report.healthy
    assert any("DEMARCHE_MODEL_URL" in finding.says for finding in report.findings if finding.state == "ill")


def test_an_empty_key_counts_as_missing(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    environment.set(MODEL="openai:gpt-5-mini")
    found = seen("language model")
    assert found.state == "ill"
    assert "set DEMARCHE_MODEL_KEY in .env" in found.says


def test_a_language_model_that_is_ill_does_not_keep_the_rest_from_being_looked_at(environment: Environment) -> None:
    environment.set(MODEL="mistralai:mistral-small", MODEL_KEY=KEY)
    assert [finding.part for finding in examine().findings][-2:] == ["language model", "token"]
