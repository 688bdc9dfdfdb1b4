"""Transactions on the database: many may read, one at a time writes, and what was begun is finished."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot.records.faults import told
from bot.records.opening import reading, writing

T = TypeVar("T")


class Sessions:
    """Raises RecordsError when the database fails. That a key is there already is let through as IntegrityError."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading, self._writing = async_sessionmaker(reading(engine)), async_sessionmaker(writing(engine))
        self._one_at_a_time = asyncio.Lock()

    async def close(self) -> None:
        async with self._one_at_a_time:
            await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        with told():
            async with self._reading() as session:
                yield session

    async def write(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Do ``work`` in one transaction. It is finished even when whoever waits for it is cancelled."""
        return await asyncio.shield(self._commit(work))

    async def _commit(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        with told():
            async with self._one_at_a_time, self._writing.begin() as session:
                return await work(session)
