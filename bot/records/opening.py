"""Opening the database: its driver, what must be said to SQLite alone, and the migrations."""

import asyncio
import logging
import sqlite3
import threading
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidRequestError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.records.faults import CLOSED, told
from knowledge.errors import RecordsError

PATIENCE = 2.0  # seconds to wait for whoever else is writing: Discord waits 3 for a first word
MALFORMED = "DATABASE_URL is malformed; write it like sqlite+aiosqlite:////folder/demarche.db."
NEWER = "A newer Démarche has written this database; update this one, or set DATABASE_URL to another."
PASSING = "DATABASE_URL names no file, so that all would be lost at the end; write sqlite+aiosqlite:////folder/file.db."
UNKNOWN = "DATABASE_URL names a database not known here; use sqlite+aiosqlite, or postgresql+asyncpg."
WAITING = (
    "DATABASE_URL names a driver that blocks; use sqlite+aiosqlite, postgresql+asyncpg or another asynchronous one."
)

_MIGRATING = threading.Lock()  # Alembic has one environment per process


async def opened(url: str, patience: float = PATIENCE) -> AsyncEngine:
    """The database at ``url``, migrated off the event loop. Raises RecordsError."""
    _keep_quiet()
    engine = _connector(url, patience)
    await asyncio.to_thread(_migrate, url, patience)
    return engine


def _keep_quiet() -> None:
    """Keep people's words out of every log, whatever its level: these two would print what they are given."""
    for name in ("aiosqlite", "sqlalchemy.engine"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _connector(url: str, patience: float) -> AsyncEngine:
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            _make_folder(address)
        engine = create_async_engine(address, echo=False, hide_parameters=True, pool_pre_ping=True)
    except ImportError as error:
        raise RecordsError(_missing(error.name or "its driver")) from None
    except NoSuchModuleError:
        raise RecordsError(UNKNOWN) from None
    except InvalidRequestError:
        raise RecordsError(WAITING) from None
    except (ArgumentError, ValueError):
        raise RecordsError(MALFORMED) from None
    if engine.dialect.name == "sqlite":
        _try_file(engine)
        _speak_sqlite(engine, patience)
    return engine


def _missing(driver: str) -> str:
    return f"DATABASE_URL needs a driver that is not installed; install it with: pip install {driver}"


def _speak_sqlite(engine: AsyncEngine, patience: float) -> None:
    """All that is said to SQLite alone."""
    pragmas = {
        "busy_timeout": round(patience * 1000),
        "journal_mode": "WAL",  # reading goes on while somebody writes
        "synchronous": "FULL",  # NORMAL may lose the last commits when power fails, and those were acknowledged
        "foreign_keys": "ON",
    }

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver would begin too late, and before a CREATE TABLE not at all
        cursor = connection.cursor()
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")  # wait for a lock first, not half-way


def _make_folder(address: URL) -> None:
    """Raises RecordsError where there is no file to keep."""
    path = address.database or ""
    if path in ("", ":memory:", "file::memory:") or address.query.get("mode") == "memory":
        raise RecordsError(PASSING)
    if not path.startswith("file:"):
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise RecordsError(CLOSED) from None


def _try_file(engine: AsyncEngine) -> None:
    """Fail here rather than in the driver's thread: it may outlive the event loop it tells."""
    words, options = engine.dialect.create_connect_args(engine.url)
    try:
        sqlite3.connect(words[0], **options).close()
    except sqlite3.Error:
        raise RecordsError(CLOSED) from None


def reading(engine: AsyncEngine) -> AsyncEngine:
    """``engine`` for reading: all statements of a transaction see the same moment."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def writing(engine: AsyncEngine) -> AsyncEngine:
    return engine.execution_options(writes=True)


def _migrate(url: str, patience: float) -> None:
    with _MIGRATING, told():
        try:
            asyncio.run(_upgrade(url, patience))
        except CommandError:
            raise RecordsError(NEWER) from None


async def _upgrade(url: str, patience: float) -> None:
    engine = _connector(url, patience)
    try:
        async with writing(engine).begin() as connection:
            await connection.run_sync(lambda bare: command.upgrade(migrations(bare), "head"))
    finally:
        await engine.dispose()


def migrations(connection: Connection) -> Config:
    """What Alembic's commands take."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "bot:migrations")
    return config
