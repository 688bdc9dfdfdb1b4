"""The chair of all debates: gives the floor, puts every turn on record before it is shown, and keeps the pace.

What is on record decides. A turn is stored first and shown then; what was stored and not shown is shown when the bot is
back, once.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import discord

from bot.budget import Asker
from bot.cogs.refusal import note, sentence_of
from bot.cogs.stage import Stage
from bot.debater import Debater, Now, utc
from bot.duel import SHORT_OF_TIME, Duel, Side, Turn
from bot.records import Debate, Records
from bot.votes import Votes
from knowledge.errors import OutOfOrder

GRACE = SHORT_OF_TIME + 0.5  # seconds after a deadline until a turn lapses
UNKNOWN_CHANNEL = 10003  # what Discord says of a thread that was deleted
BROKEN = "Something went wrong here and has been noted."

Hears = Callable[[discord.Message], Awaitable[object]]
Work = Callable[[int], Coroutine[Any, Any, None]]  # on a room


class Chair:
    """One at a time in each room; rooms do not wait for each other."""

    def __init__(self, client: discord.Client, debater: Debater, records: Records, now: Now = utc) -> None:
        self._stage = Stage(client, debater.record, records)
        self._debater, self._records, self._now = debater, records, now
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._timers: dict[int, asyncio.Task[None]] = {}
        self._rooms: set[int] = set()  # those with an open debate

    def is_held_in(self, room: int) -> bool:
        """Whether a debate is open there."""
        return room in self._rooms

    async def debate_in(self, room: int | None) -> Debate:
        """The debate of a room. Raises OutOfOrder where there is none."""
        debate = await self._records.debate_in(room) if room is not None else None
        if debate is None:
            raise OutOfOrder("no debate", "there is no debate here; start one with /debate start.")
        return debate

    async def presided(self, interaction: discord.Interaction[Any]) -> Debate:
        """The debate here, for somebody who may preside over it: seated in it, who started it, or a moderator.

        Raises OutOfOrder.
        """
        debate = await self.debate_in(interaction.channel_id)
        user = interaction.user.id
        seated = any(seat.person == str(user) for seat in debate.duel.seats)
        if not (seated or user == debate.starter or interaction.permissions.manage_threads):
            raise OutOfOrder("chair", "only those seated, who started the debate, and moderators may do that.")
        return debate

    async def open(self, debate: Debate) -> None:
        """Take the chair of a debate that is on record, and announce it. One that cannot be announced is given up.

        Raises what Discord says then.
        """
        self._rooms.add(debate.channel)
        try:
            await self._stage.open(debate)
        except discord.HTTPException:
            await self.forget(debate.channel)
            raise

    async def begin(self, room: int) -> None:
        """Give the floor for the first time."""
        async with self._locks[room]:
            await self._guarded(room, self._begun(room))

    async def hear(self, room: int, person: int, text: str, event: int, message: discord.Message | None = None) -> None:
        """Put a person's turn on record, once, and go on.

        Raises OutOfOrder naming the rule, QuestionError and RecordsError; then nothing has changed.
        """
        async with self._locks[room]:
            debate = await self.debate_in(room)
            side = debate.duel.side_of(str(person))
            if any(turn.event == str(event) for turn in debate.duel.turns):
                return
            await self._refuse_early(debate)
            turn, n = await self._read(debate, side, text, event), len(debate.duel.turns)
            if not await self._records.hold(debate.id, turn, n):
                await self._refuse_overtaken(room, turn)
                return
        await self._guarded(room, self._heard(debate, n, message))

    async def _read(self, debate: Debate, side: Side, text: str, event: int) -> Turn:
        """A person's turn. One that comes too late also passes the floor on."""
        try:
            return await self._debater.read(debate.duel, side, text, str(event))
        except OutOfOrder as refused:
            if refused.rule == "time":
                self._start(debate.channel, 0.0, self._lapse)
            raise

    async def _refuse_overtaken(self, room: int, turn: Turn) -> None:
        """Raises OutOfOrder unless the turn is on record already: then it only came twice."""
        if all(held.event != turn.event for held in (await self.debate_in(room)).duel.turns):
            raise OutOfOrder("turn order", "another turn came before yours; read it, then speak.")

    async def _refuse_early(self, debate: Debate) -> None:
        """Raises OutOfOrder before the vote is closed, and when a turn was not seen by whoever wants to speak."""
        duel = debate.duel
        unbegun = duel.status == "paused" and not duel.turns and "before" in debate.polls
        if unbegun and not Votes(duel.votes).taken("before"):
            raise OutOfOrder("vote", "the vote before the debate is still open; press Begin under it.")
        if await self._stage.show_missing(debate):
            await self._records.alter(debate.id, since=self._now())  # nobody's time runs on what was not seen
            self._set_timer(await self.debate_in(debate.channel))
            raise OutOfOrder("turn order", "a turn before yours could not be shown until now; read it, then speak.")

    async def _heard(self, debate: Debate, n: int, message: discord.Message | None) -> None:
        if message is not None:
            await self._records.shown(debate.id, n, message.id)
        await self.go_on(debate.channel)

    async def go_on(self, room: int) -> None:
        """Show what is on record and not shown; then let our delegate speak, if it is due."""
        async with self._locks[room]:
            await self._gone_on(room)

    async def _gone_on(self, room: int) -> None:
        """In its lock."""
        self._still(room)
        debate = await self._records.debate_in(room)
        if debate is None:
            return
        try:
            await self._held(debate)
        except discord.NotFound as missing:
            if missing.code != UNKNOWN_CHANNEL:
                raise
            await self.forget(room)

    async def pause(self, room: int) -> None:
        """Raises OutOfOrder when it is not running."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            await self._records.alter(debate.id, status=debate.duel.pause().status)
            self._still(room)

    async def resume(self, room: int) -> None:
        """Begin, or go on. Raises OutOfOrder when it is over, or goes on already."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            if debate.duel.status == "running" and room in self._timers:
                raise OutOfOrder("pause", "the debate is not paused; /debate status tells whose turn it is.")
            resumed = debate.duel.resume(self._now())
            if not debate.duel.turns:
                await self._stage.count(debate, "before")
            await self._records.alter(debate.id, status=resumed.status, since=resumed.since)
            await self._begun(room)

    async def _begun(self, room: int) -> None:
        """In its lock: go on, and tell a person who is due."""
        before = await self.debate_in(room)
        await self._gone_on(room)
        debate = await self.debate_in(room)
        if debate.duel.status == "running" and debate.messages == before.messages:
            await self._stage.call(debate)

    async def end(self, room: int) -> None:
        """Before all turns are held. Raises OutOfOrder when it is over."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            await self._records.alter(debate.id, status=debate.duel.end().status)
        await self.go_on(room)

    async def count(self, room: int) -> None:
        """The votes after a debate, and the shift. Raises OutOfOrder when there is nothing to count."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            if "after" not in debate.polls:
                raise OutOfOrder("vote", "there is no vote to count here.")
            if not await self._stage.tell_votes(debate, await self._stage.count(debate, "after")):
                raise OutOfOrder("vote", "the votes have been counted already.")

    async def forget(self, room: int) -> None:
        """The room is gone; what was said in it is kept."""
        self._still(room)
        self._rooms.discard(room)
        await self._records.forget(room)

    async def leave(self, guild: int) -> None:
        """The bot was removed from a server: its debates wait there."""
        for debate in await self._records.open_debates():
            if debate.guild == guild:
                self._still(debate.channel)
        await self._records.leave(guild)

    async def remember(self) -> None:
        """Before anything is heard after a start: where debates are open. Nobody's time ran while the bot was away."""
        for debate in await self._records.open_debates():
            self._rooms.add(debate.channel)
            if debate.duel.status == "running":
                await self._records.alter(debate.id, since=self._now())

    async def take_up(self, hears: Hears) -> None:
        """Every open debate goes on, and what was said to the bot while it was away is heard by ``hears``."""
        debates = [*await self._records.open_debates(), *await self._records.unreported()]
        await asyncio.gather(*(self._guarded(each.channel, self._taken_up(each, hears)) for each in debates))

    async def _taken_up(self, debate: Debate, hears: Hears) -> None:
        if debate.guild is not None and not self._stage.is_in(debate.guild):
            await self.leave(debate.guild)
            return
        if debate.duel.status != "ended":
            if not debate.duel.turns:
                await self._stage.open_missing(debate)
            for message in await self._stage.missed(debate):
                await hears(message)
        await self.go_on(debate.channel)

    async def _held(self, debate: Debate) -> None:
        """In its lock: what is missing is shown, our turns are spoken, and a timer is set for what comes then."""
        await self._stage.show_missing(debate)
        while self._is_ours_due(debate):
            debate = await self._speak(debate)
            if _is_among_delegates(debate.duel):
                break
        if debate.duel.status == "ended":
            await self._close(debate)
        else:
            self._set_timer(debate)

    def _is_ours_due(self, debate: Debate) -> bool:
        """In a free conversation with a person ours only ever answers."""
        duel, due = debate.duel, debate.duel.due
        if due is None or duel.status != "running" or not duel.seat(due.side).is_ours:
            return False
        return duel.format.ordered or bool(duel.turns) or _is_among_delegates(duel)

    async def _speak(self, debate: Debate) -> Debate:
        """Draft the turn that is due, put it on record, and show it; it lapses where its time runs out meanwhile."""
        n, begun = len(debate.duel.turns), debate.duel.resume(self._now())
        async with self._stage.room(debate.channel).typing():
            turn = await self._debater.speak(begun, Asker(user=debate.starter, server=debate.guild))
            if begun.is_late(turn.at):
                turn = begun.lapse(turn.at).turns[-1]
            await self._records.hold(debate.id, turn, n)
        held = await self.debate_in(debate.channel)
        await self._stage.show(held, n)
        return held

    async def _close(self, debate: Debate) -> None:
        """Tell how it ended, once."""
        self._still(debate.channel)
        self._rooms.discard(debate.channel)
        if debate.id in {each.id for each in await self._records.unreported()}:
            await self._stage.close(debate)

    def _set_timer(self, debate: Debate) -> None:
        duel, room = debate.duel, debate.channel
        if self._is_ours_due(debate):
            self._start(room, debate.pace, self.go_on)
        elif duel.deadline:
            left = (duel.deadline - self._now()).total_seconds() + GRACE
            self._start(room, max(left, 0.0), self._lapse)

    async def _lapse(self, room: int) -> None:
        """The person who was due has let the time run out."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            n = len(debate.duel.turns)
            if debate.duel.status != "running" or not debate.duel.is_late(self._now()):
                return
            await self._records.hold(debate.id, debate.duel.lapse(self._now()).turns[-1], n)
        await self.go_on(room)

    def _start(self, room: int, seconds: float, work: Work) -> None:
        self._still(room)
        self._timers[room] = asyncio.create_task(self._after(room, seconds, work))

    async def _after(self, room: int, seconds: float, work: Work) -> None:
        await asyncio.sleep(seconds)
        self._timers.pop(room, None)
        await self._guarded(room, work(room))

    def _still(self, room: int) -> None:
        """No timer of that room runs on."""
        timer = self._timers.pop(room, None)
        if timer is not None and timer is not asyncio.current_task():
            timer.cancel()

    async def _guarded(self, room: int, work: Coroutine[Any, Any, None]) -> None:
        """Work that nobody waits for: what goes wrong is said in the room, as far as it can be."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - nobody waits for it; it is noted and said
            if isinstance(error, discord.NotFound) and error.code == UNKNOWN_CHANNEL:
                await self.forget(room)
            else:
                await self._tell(room, error)

    async def _tell(self, room: int, error: Exception) -> None:
        said = sentence_of(error, BROKEN)
        try:
            await self._stage.room(room).send(f"{said} `/debate resume` goes on.")
        except discord.HTTPException as failed:
            note(failed)

    async def close(self) -> None:
        for room in list(self._timers):
            self._still(room)


def _is_among_delegates(duel: Duel) -> bool:
    return all(seat.is_ours for seat in duel.seats)
