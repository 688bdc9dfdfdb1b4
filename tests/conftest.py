"""What many tests stand on: the real record, the real library (built once), and small ones that build in a moment."""

import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from bot.__main__ import main
from bot.delegate import Delegate
from knowledge import loader
from knowledge.calibration import Calibration, Elsewhere
from knowledge.library import Library
from knowledge.record import Record
from tests.command import Command, Outcome
from tests.folder import Folder


@pytest.fixture(scope="session")
def record() -> Record:
    return loader.load()


@pytest.fixture(scope="session")
def built(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index is built, once for all that test side by side; one process at a time may open it."""
    base, folder = tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("built")
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "index-of-all"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            Library.open(record, folder).close()
            shutil.copytree(folder, shared)
    return Path(shutil.copytree(shared, folder, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def library(record: Record, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    opened = Library.open(record, Path(shutil.copytree(built, tmp_path_factory.mktemp("library") / "data")))
    yield opened
    opened.close()


@pytest.fixture
def delegate(library: Library) -> Delegate:
    return Delegate(library)


@pytest.fixture(scope="session")
def small(record: Record) -> Record:
    """The article with five arguments, five facts and a dozen calibration questions: its index builds in a moment."""
    return shrunk(record, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the data files, to be spoilt."""
    return Folder(tmp_path)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of its own for data and settings, untouched by this machine's."""
    monkeypatch.chdir(tmp_path)
    ours = [name for name in os.environ if name.startswith("DEMARCHE_") or name.endswith("_API_KEY")]
    for name in ("DISCORD_TOKEN", "CHROMA_URL", "DATABASE_URL", *ours):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DEMARCHE_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def demarche(
    apart: Path,
    built: Path,
    record: Record,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """The command, with what is piped into it. The record is read once for all."""
    monkeypatch.setenv("DEMARCHE_DATA", str(built))
    monkeypatch.setattr(loader, "load", lambda: record)

    def run(*words: str, piped: bytes = b"") -> Outcome:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(piped), encoding="utf-8"))
        try:
            code = main(words)
        except SystemExit as exit:  # how argparse ends
            code = int(exit.code or 0)
        return Outcome(code, *capsys.readouterr())

    return run


def shrunk(record: Record, each: int) -> Record:
    """``record`` with the article, the first arguments on it and the first facts only, their links and positions left
    out.
    """
    arguments = list(record.arguments.values())
    quoted = [argument for argument in arguments if argument.quote][:each]
    facts = [argument for argument in arguments if argument.is_bare][:each]
    kept = [
        argument.model_copy(update={"supports": (), "rebuts": (), "rebutted_by": (), "unanswered": True})
        for argument in (*quoted, *facts)
    ]
    grounds = {argument.id: record.grounds[argument.id] for argument in kept}
    told = {id for behind in grounds.values() for id in behind}
    passages = {id: passage for id, passage in record.passages.items() if id in told or not passage.is_summary}
    cited = {passage.source for passage in passages.values()}
    return replace(
        record,
        sources={id: source for id, source in record.sources.items() if id in cited},
        passages=passages,
        arguments={argument.id: argument for argument in kept},
        positions={},
        grounds=grounds,
        dossiers={},
        lines={},
        timeline=(),
        calibration=Calibration(
            answered=record.calibration.answered[:6],
            elsewhere=Elsewhere(far=record.calibration.unanswered.far[:3], near=record.calibration.unanswered.near[:3]),
        ),
    )
