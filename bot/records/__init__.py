"""What must survive a crash: debates, turns, citations, settings, spending and the events that were handled.

The only module that knows SQL. What it returns are values; a method that returns has committed.
"""

import datetime
import itertools
from typing import Any

from sqlalchemy import Delete, Executable, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import selectinload

from bot.budget import Limits
from bot.duel import Duel, Seat, Status, Turn
from bot.formats import Format
from bot.records.ledger import SpendingLedger, old_spending
from bot.records.opening import PATIENCE, opened
from bot.records.sessions import Sessions
from bot.records.tables import ClaimRow, DebateRow, EventRow, SeatRow, SettingRow, Table, TurnRow
from bot.records.values import Debate, debate_of, row_of_seat, row_of_turn
from knowledge.errors import OutOfOrder, RecordsError
from knowledge.record import Record

__all__ = ["Debate", "Records"]

KEPT = datetime.timedelta(days=7)  # how long a handled event is known; Discord repeats one within minutes
SWEEP = 1000  # every so many events, the old ones are let go

_WHOLE = select(DebateRow).options(
    selectinload(DebateRow.seats),
    selectinload(DebateRow.turns).selectinload(TurnRow.claims).selectinload(ClaimRow.citations),
)


class Records:
    """Open them with ``Records.open``. Every method raises RecordsError when the database fails."""

    def __init__(self, engine: AsyncEngine, record: Record) -> None:
        self._sessions, self._record = Sessions(engine), record
        self._events = itertools.count(1)

    @classmethod
    async def open(cls, url: str, record: Record, *, patience: float = PATIENCE) -> "Records":
        """``patience``: seconds to wait for whoever else is writing."""
        records = cls(await opened(url, patience), record)
        try:
            await records._execute(_sweeping())  # whether it can be written is better known now
            await records._execute(old_spending(_now()))
        except RecordsError:
            await records.close()
            raise
        return records

    async def close(self) -> None:
        await self._sessions.close()

    def ledger(self, limits: Limits) -> SpendingLedger:
        """What is spent on the language model."""
        return SpendingLedger(self._sessions, limits)

    async def begin(
        self,
        *,
        guild: int | None,
        channel: int,
        starter: int,
        duel: Duel,
        pace: float,
        event: int | None = None,
        polls: dict[str, int] | None = None,
    ) -> Debate:
        """Raises OutOfOrder (one debate a thread) where the channel has an open one already."""
        row = DebateRow(
            guild=guild,
            channel=channel,
            open_in=channel,
            starter=starter,
            event=event or channel,
            seats=[row_of_seat(n, seat) for n, seat in enumerate(duel.seats)],
            turns=[row_of_turn(n, turn) for n, turn in enumerate(duel.turns)],
            pace=pace,
            polls=polls or {},
            **duel.model_dump(mode="json", exclude={"seats", "turns", "since"}),
            since=duel.since,
        )
        if not await self._add(row):
            raise OutOfOrder(
                "one debate a thread", "one is open here already; end it with /debate end, or start yours elsewhere."
            )
        return (await self._debates(DebateRow.open_in == channel))[0]

    async def debate_in(self, channel: int) -> Debate | None:
        """The open one, or else the last that was held there."""
        found = await self._debates(DebateRow.channel == channel)
        return found[-1] if found else None

    async def open_debates(self) -> list[Debate]:
        """Those that run or are paused, the oldest first."""
        return await self._debates(DebateRow.status != "ended")

    async def unreported(self) -> list[Debate]:
        """Those that are over and whose end was not told yet."""
        return await self._debates(
            (DebateRow.status == "ended") & DebateRow.reported.is_(False) & DebateRow.gone.is_(False)
        )

    async def hold(self, debate: int, turn: Turn, n: int) -> bool:
        """Store turn ``n``, counted from 0, with its event. False when either is there already: nothing is stored then.
        Raises OutOfOrder when the debate is over or a turn before it is missing.
        """
        try:
            return await self._sessions.write(lambda session: self._hold(session, debate, turn, n))
        except IntegrityError:
            return False  # another was faster

    async def _hold(self, session: AsyncSession, debate: int, turn: Turn, n: int) -> bool:
        row = await session.get_one(DebateRow, debate)
        held = await session.scalar(select(func.count()).where(TurnRow.debate == debate)) or 0
        handled = await session.get(EventRow, int(turn.event)) if turn.event else None
        if n < held or handled:
            return False
        if row.status == "ended":
            raise OutOfOrder("closed", "this debate is over; start another with /debate start.")
        if n > held:
            raise OutOfOrder("turn order", "a turn before this one is missing; wait for it.")
        session.add(stored := row_of_turn(n, turn))
        stored.debate, row.since = debate, turn.at
        if _is_last(row, turn, n):
            row.status, row.open_in = "ended", None
        if turn.event:
            await self._note(session, int(turn.event))
        return True

    async def shown(self, debate: int, n: int, message: int) -> None:
        """Note the message in which a turn was shown."""
        await self._execute(update(TurnRow).where(TurnRow.debate == debate, TurnRow.n == n).values(message=message))

    async def unshown(self) -> list[tuple[Debate, int]]:
        """The turns of ours that were held and are not shown yet, the oldest debate first."""
        ours = (SeatRow.debate == TurnRow.debate) & (SeatRow.side == TurnRow.side) & (SeatRow.person == "")
        missing = (
            select(TurnRow.debate, TurnRow.n)
            .join(SeatRow, ours)
            .join(DebateRow, DebateRow.id == TurnRow.debate)
            .where(TurnRow.message.is_(None), TurnRow.lapsed.is_(False), DebateRow.gone.is_(False))
            .order_by(TurnRow.debate, TurnRow.n)
        )
        async with self._sessions.read() as session:
            places = (await session.execute(missing)).all()
        debates = {debate.id: debate for debate in await self._debates(DebateRow.id.in_({id for id, _ in places}))}
        return [(debates[id], n) for id, n in places]

    async def alter(
        self,
        debate: int,
        *,
        status: Status | None = None,
        since: datetime.datetime | None = None,
        votes: dict[str, int] | None = None,
        polls: dict[str, int] | None = None,
        reported: bool | None = None,
    ) -> None:
        """Change what is given, and nothing else; one that is ended frees its channel."""
        given = {"status": status, "since": since, "votes": votes, "polls": polls, "reported": reported}
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if status == "ended":
            changes["open_in"] = None
        if changes:
            await self._execute(update(DebateRow).where(DebateRow.id == debate).values(changes))

    async def forget(self, channel: int) -> None:
        """The thread was deleted: the debate is over, its turns are kept and none is to be shown any more."""
        await self._execute(
            update(DebateRow).where(DebateRow.channel == channel).values(status="ended", open_in=None, gone=True)
        )

    async def leave(self, guild: int) -> None:
        """The bot was removed from the guild: its debates wait."""
        running = (DebateRow.guild == guild) & (DebateRow.status == "running")
        await self._execute(update(DebateRow).where(running).values(status="paused"))

    async def is_new(self, event: int) -> bool:
        """Note an event that comes with no turn (``hold`` notes those that do). False when it was noted before."""
        try:
            await self._sessions.write(lambda session: self._note(session, event))
        except IntegrityError:
            return False
        return True

    async def _note(self, session: AsyncSession, event: int) -> None:
        session.add(EventRow(id=event, at=_now()))
        if next(self._events) % SWEEP == 0:
            await session.execute(_sweeping())

    async def setting(self, scope: int, key: str) -> str | None:
        async with self._sessions.read() as session:
            found = await session.get(SettingRow, (scope, key))
            return found.value if found else None

    async def set(self, scope: int, key: str, value: str | None) -> None:
        """``scope``: the id of a channel or a guild; None takes the setting back."""
        there = (SettingRow.scope == scope) & (SettingRow.key == key)
        if value is None:
            await self._execute(delete(SettingRow).where(there))
        elif not await self._add(SettingRow(scope=scope, key=key, value=value)):
            await self._execute(update(SettingRow).where(there).values(value=value))

    async def _debates(self, which: Any) -> list[Debate]:
        async with self._sessions.read() as session:
            rows = await session.scalars(_WHOLE.where(which).order_by(DebateRow.id))
            return [debate_of(row, self._record) for row in rows]

    async def _add(self, row: Table) -> bool:
        """False when its key is taken."""

        async def add(session: AsyncSession) -> None:
            session.add(row)

        try:
            await self._sessions.write(add)
        except IntegrityError:
            return False
        return True

    async def _execute(self, statement: Executable) -> None:
        await self._sessions.write(lambda session: session.execute(statement))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _sweeping() -> Delete:
    """Lets old events go."""
    return delete(EventRow).where(EventRow.at < _now() - KEPT)


def _is_last(row: DebateRow, turn: Turn, n: int) -> bool:
    """Whether nothing is due after the ``n``-th turn. The schedule only counts the turns, so that any will do."""
    seats = (Seat(side="for"), Seat(side="against"))
    duel = Duel(motion=row.motion, format=Format.model_validate(row.format), seats=seats, since=row.since)
    return duel.model_copy(update={"turns": (turn,) * (n + 1)}).due is None
