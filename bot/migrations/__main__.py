"""Draft the next step: ``python -m bot.migrations "what it does"``."""

import asyncio
import sys
import tempfile

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.records import opening


async def draft(what: str) -> None:
    """Compare the tables with a database made by the steps so far."""
    with tempfile.TemporaryDirectory() as folder:
        engine = await opening.opened(f"sqlite+aiosqlite:///{folder}/so-far.db")
        async with engine.connect() as connection:
            await connection.run_sync(_draft, what)
        await engine.dispose()


def _draft(connection: Connection, what: str) -> None:
    config = opening.migrations(connection)
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    command.revision(config, what, autogenerate=True, rev_id=f"{len(steps) + 1:04}")


if __name__ == "__main__":
    asyncio.run(draft(sys.argv[1]))
