"""Run by Alembic, on the connection it is handed."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from bot.records.tables import Table


def plainly(kind: str, item: Any, _: object) -> str | Literal[False]:
    """A drafted step names what a type of ours is made of: the type may change, the step may not."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_item=plainly
)
with context.begin_transaction():
    context.run_migrations()
