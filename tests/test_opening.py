import asyncio
import importlib.util
import sqlite3
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, inspect, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import settings
from bot.records import Records, opening
from bot.records.tables import Table
from knowledge.date import Date
from knowledge.errors import RecordsError, SettingsError
from knowledge.record import Record
from tests.debates import AT, GUILD, THREAD, begun, claim, turn_of, url_of


@asynccontextmanager
async def engine(folder: Path) -> AsyncIterator[AsyncEngine]:
    opened = await opening.opened(url_of(folder))
    yield opened
    await opened.dispose()


def differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))


async def test_the_migrations_make_the_tables_and_take_them_back(tmp_path: Path) -> None:
    async with engine(tmp_path) as opened, opened.begin() as connection:
        assert await connection.run_sync(differences) == []
        await connection.run_sync(lambda bare: command.downgrade(opening.migrations(bare), "base"))
        assert await connection.run_sync(lambda bare: inspect(bare).get_table_names()) == ["alembic_version"]
        await connection.run_sync(lambda bare: command.upgrade(opening.migrations(bare), "head"))
        assert await connection.run_sync(differences) == []


async def test_debates_held_before_they_had_a_date_go_on_without_one(record: Record, tmp_path: Path) -> None:
    records = await Records.open(url_of(tmp_path), record)
    debate = await begun(records)
    turn = turn_of(debate.duel, claims=(claim(record, next(iter(record.arguments))),))
    await records.hold(debate.id, turn, 0)
    await records.close()
    async with engine(tmp_path) as opened, opened.begin() as connection:
        await connection.run_sync(lambda bare: command.downgrade(opening.migrations(bare), "0002"))
        assert "as_of" not in {each["name"] for each in await connection.run_sync(columns)}
    for _ in range(2):  # once migrated, it stays so
        records = await Records.open(url_of(tmp_path), record)
        (found,) = await records.open_debates()
        assert found.duel == debate.duel.hold(turn)
        assert found.duel.as_of is None
        await records.close()
    records = await Records.open(url_of(tmp_path), record)
    dated = await begun(records, channel=7, as_of=Date("2024-05-30"))
    assert [each.duel.as_of for each in await records.open_debates()] == [None, dated.duel.as_of]
    await records.close()


def columns(connection: Connection) -> Any:
    """Of the table of debates."""
    return inspect(connection).get_columns("debates")


async def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "demarche.db") as bare:
        bare.execute("CREATE TABLE settings (mine INTEGER)")
    with pytest.raises(RecordsError, match="SQLITE_ERROR"):
        await opening.opened(url_of(tmp_path))
    assert bare.execute("SELECT name FROM sqlite_master").fetchall() == [("settings",)]
    bare.close()


async def test_two_may_open_a_new_database_at_once(record: Record, tmp_path: Path) -> None:
    both = await asyncio.gather(*(Records.open(url_of(tmp_path / "new" / "folder"), record) for _ in range(2)))
    assert await both[0].is_new(1)
    assert not await both[1].is_new(1)
    await asyncio.gather(*(records.close() for records in both))


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    async with engine(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "demarche.db") as bare:
        bare.execute("UPDATE alembic_version SET version_num = '9999'")
    bare.close()
    with pytest.raises(RecordsError, match="newer Démarche"):
        await opening.opened(url_of(tmp_path))


async def test_a_commit_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    async with engine(tmp_path) as opened, opened.connect() as connection:
        said = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 2000}


async def test_a_file_that_may_only_be_read_is_refused(record: Record, tmp_path: Path) -> None:
    async with engine(tmp_path):
        pass
    with pytest.raises(RecordsError, match="cannot be written; give this user permission"):
        await Records.open(f"sqlite+aiosqlite:///file:{tmp_path / 'demarche.db'}?mode=ro&uri=true", record)


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "demarche.db").mkdir()
    with pytest.raises(RecordsError, match="cannot be opened; check that it is a file"):
        await opening.opened(url_of(tmp_path))


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordsError, match="its folder exists"):
        await opening.opened(url_of(tmp_path / "file" / "folder"))


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demarche.db").write_text("Dear diary, " * 100)
    with pytest.raises(RecordsError, match="damaged or none of ours"):
        await opening.opened(url_of(tmp_path))
    assert (tmp_path / "demarche.db").read_text() == "Dear diary, " * 100


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite+aiosqlite://", "names no file"),
        ("sqlite+aiosqlite:///:memory:", "names no file"),
        ("sqlite+aiosqlite:///file:x?mode=memory&uri=true", "names no file"),
        ("sqlite:////s3cret.db", "sqlite\\+aiosqlite"),
        ("s3cret+driver://user:s3cret@host/name", "not known here"),
        ("postgresql+asyncpg://user:s3cret@host:s3cret/name", "malformed"),
        ("s3cret", "malformed"),
    ],
)
async def test_an_address_that_does_not_serve_is_said_without_it(url: str, says: str) -> None:
    with pytest.raises(RecordsError, match=says) as caught:
        await opening.opened(url)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.skipif(importlib.util.find_spec("asyncpg") is not None, reason="the driver is installed here")
async def test_a_missing_driver_is_named_with_how_to_install_it() -> None:
    with pytest.raises(RecordsError, match="pip install asyncpg") as caught:
        await opening.opened("postgresql+asyncpg://user:s3cret@host/name")
    assert "s3cret" not in str(caught.value)


def test_debates_are_kept_in_the_data_folder_unless_it_is_set(apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert settings.load().database == f"sqlite+aiosqlite:///{apart}/data/demarche.db"
    monkeypatch.setenv("DEMARCHE_DATA", "here")
    assert settings.load().database == f"sqlite+aiosqlite:///{apart}/here/demarche.db"


def test_the_address_of_a_database_is_never_shown(apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql+asyncpg://demarche:s3cret@host/demarche"
    monkeypatch.setenv("DATABASE_URL", url)
    found = settings.load()
    assert found.database == url
    assert "s3cret" not in f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"


@pytest.mark.parametrize("url", ["s3cret", "/s3cret.db", "postgresql:s3cret", "://s3cret", "Postgres s3cret://x"])
def test_a_malformed_address_of_a_database_is_named_without_its_value(
    apart: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError, match=r"DATABASE_URL is malformed \(it reads like sqlite") as caught:
        settings.load()
    assert "s3cret" not in str(caught.value)


async def test_every_statement_is_understood_by_postgresql_too(record: Record, tmp_path: Path) -> None:
    said: list[Any] = []

    def hear(_connection: object, statement: Any, *_: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_execute", hear)
    try:
        await everything(record, tmp_path)
    finally:
        event.remove(Engine, "before_execute", hear)
    postgresql = make_url("postgresql+asyncpg://").get_dialect()()
    written = [str(statement.compile(dialect=postgresql)) for statement in said]
    assert {statement.split()[0] for statement in written} >= {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE"}
    for table in Table.metadata.tables:
        assert any(f"CREATE TABLE {table} (" in statement for statement in written)


async def everything(record: Record, folder: Path) -> None:
    """Each method once."""
    records = await Records.open(url_of(folder), record)
    debate = await begun(records)
    await records.hold(debate.id, turn_of(debate.duel, claims=(claim(record, next(iter(record.arguments))),)), 0)
    await records.unshown()
    await records.shown(debate.id, 0, 1)
    await records.alter(debate.id, status="paused", since=AT, votes={}, polls={})
    await records.open_debates()
    await records.is_new(1)
    await records.set(1, "a", "b")
    await records.set(1, "a", "c")
    await records.setting(1, "a")
    await records.set(1, "a", None)
    await records.leave(GUILD)
    await records.forget(THREAD)
    await records.close()
