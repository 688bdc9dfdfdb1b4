"""The chair of all debates: gives the floor, puts every turn on record before it is shown, and keeps the pace.

What is on record decides. A turn is stored first and shown then; what was stored and not shown is shown when the bot is
back, once, found by the button under it and by its nonce.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import discord

from bot import boards
from bot.cogs.debate_buttons import Begin, Count, shown_turns, under_turn, under_vote
from bot.cogs.refusal import note, sentence_of
from bot.debater import Debater, Now, utc
from bot.duel import SHORT_OF_TIME, Duel
from bot.records import Debate, Records
from bot.votes import ANSWERS, When, key
from knowledge.errors import OutOfOrder

LOOKED_BACK = 50  # messages of a thread, for a turn that may have been shown before a crash
MISSED = 100  # messages since the last turn, for what was said while the bot was away

GRACE = SHORT_OF_TIME + 0.5  # seconds after a deadline until a turn lapses

Room = discord.Thread | discord.TextChannel | discord.DMChannel
Hears = Callable[[discord.Message], Awaitable[object]]


class Chair:
    """One at a time in each room; rooms do not wait for each other."""

    def __init__(self, client: discord.Client, debater: Debater, records: Records, now: Now = utc) -> None:
        self._client, self._debater, self._records, self._now = client, debater, records, now
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

    async def open(self, debate: Debate, room: Room, *, votes: bool) -> None:
        """Take the chair of a debate that is on record: announce it, and begin, after the vote if there is one."""
        self._rooms.add(debate.channel)
        await room.send(embed=boards.opening(debate.duel, self._debater.record))
        if not votes:
            await self.go_on(debate.channel)
            return
        poll = await room.send(poll=boards.poll(debate.duel, "before"), view=under_vote(Begin))
        await self._records.alter(debate.id, polls={"before": poll.id})

    async def hear(self, room: int, person: int, text: str, event: int, message: discord.Message | None = None) -> int:
        """Put a person's turn on record and go on; the number of the turn, counted from 1, or 0 when it came twice.

        Raises OutOfOrder naming the rule, QuestionError and RecordsError; then nothing has changed.
        """
        async with self._locks[room]:
            debate = await self.debate_in(room)
            duel = debate.duel
            side = duel.side_of(str(person))
            if not duel.turns and duel.status == "paused":
                raise OutOfOrder("vote", "the vote before the debate is still open; press Begin under it.")
            turn = await self._debater.read(duel, side, text, str(event))
            n = len(duel.turns)
            if not await self._records.hold(debate.id, turn, n):
                return 0
            if message is not None:
                await self._records.shown(debate.id, n, message.id)
        await self.go_on(room)
        return n + 1

    async def go_on(self, room: int) -> None:
        """Show what is on record and not shown; then let whoever is due speak, or say whose turn it is."""
        async with self._locks[room]:
            self._still(room)
            debate = await self._records.debate_in(room)
            if debate is None:
                return
            try:
                await self._held(debate)
            except discord.NotFound:
                await self.forget(room)

    async def pause(self, room: int) -> None:
        """Raises OutOfOrder when it is not running."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            await self._records.alter(debate.id, status=debate.duel.pause().status)
            self._still(room)

    async def resume(self, room: int) -> None:
        """Begin, or go on. Raises OutOfOrder when it is over."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            resumed = debate.duel.resume(self._now())
            if not debate.duel.turns:
                await self._count(debate, "before")
            await self._records.alter(debate.id, status=resumed.status, since=resumed.since)
        await self.go_on(room)

    async def end(self, room: int) -> None:
        """Before all turns are held. Raises OutOfOrder when it is over."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            await self._records.alter(debate.id, status=debate.duel.end().status)
        await self.go_on(room)

    async def count(self, room: int) -> None:
        """The votes after a debate, and the report. Raises OutOfOrder when there is nothing to count."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            if "after" not in debate.polls:
                raise OutOfOrder("vote", "there is no vote to count here.")
            counted = await self._count(debate, "after")
            await self._room(room).send(embed=boards.report(counted, self._debater.record))

    async def forget(self, room: int) -> None:
        """The room is gone; what was said in it is kept."""
        self._still(room)
        self._rooms.discard(room)
        await self._records.forget(room)

    async def leave(self, guild: discord.Guild) -> None:
        """The bot was removed from a server: its debates wait there."""
        for debate in await self._records.open_debates():
            if debate.guild == guild.id:
                self._still(debate.channel)
        await self._records.leave(guild.id)

    async def take_up(self, hears: Hears) -> None:
        """After a start: every open debate goes on, and what was said to the bot meanwhile is heard by ``hears``."""
        for debate in [*await self._records.open_debates(), *await self._records.unreported()]:
            if debate.duel.status != "ended":
                self._rooms.add(debate.channel)
            await self._guarded(debate.channel, self._taken_up(debate, hears))

    async def _taken_up(self, debate: Debate, hears: Hears) -> None:
        room = self._room(debate.channel)
        if debate.duel.status == "running":
            await self._records.alter(debate.id, since=self._now())  # nobody's time ran while the bot was away
        await self.go_on(debate.channel)
        last = max((message for message in debate.messages if message), default=debate.id)
        if any(not seat.is_ours for seat in debate.duel.seats):
            async for message in room.history(limit=MISSED, after=discord.Object(last), oldest_first=True):
                await hears(message)

    async def _held(self, debate: Debate) -> None:
        """In its lock: what is missing is shown, our turns are spoken, and a timer is set for what comes then."""
        await self._show_missing(debate)
        while debate.duel.status == "running" and (due := debate.duel.due):
            ours = debate.duel.seat(due.side).is_ours and not self._waits(debate)
            if not ours:
                break
            debate = await self._speak(debate)
            if _is_among_delegates(debate.duel):
                break
        if debate.duel.status == "ended":
            await self._close(debate)
        else:
            self._set_timer(debate)

    def _waits(self, debate: Debate) -> bool:
        """In a free conversation ours only ever answers."""
        return not debate.duel.format.ordered and not debate.duel.turns and not _is_among_delegates(debate.duel)

    async def _speak(self, debate: Debate) -> Debate:
        """Draft the turn that is due, put it on record, and show it; it lapses where its time ran out meanwhile."""
        n = len(debate.duel.turns)
        async with self._room(debate.channel).typing():
            turn = await self._debater.speak(debate.duel)
            if debate.duel.is_late(turn.at):
                turn = debate.duel.lapse(turn.at).turns[-1]
            await self._records.hold(debate.id, turn, n)
        held = await self.debate_in(debate.channel)
        await self._show(held, n)
        return held

    async def _show_missing(self, debate: Debate) -> None:
        missing = [n for n, message in enumerate(debate.messages) if message is None]
        if not missing:
            return
        shown = await shown_turns(self._room(debate.channel), self._client, debate.id, LOOKED_BACK)
        for n in missing:
            if n in shown:
                await self._records.shown(debate.id, n, shown[n])
            else:
                await self._show(debate, n)

    async def _show(self, debate: Debate, n: int) -> None:
        """A turn in its room, with whose turn is next. The same nonce for the same turn, whoever sends it."""
        duel, record = debate.duel, self._debater.record
        up_to = duel.model_copy(update={"turns": duel.turns[: n + 1]})
        lapsed = f"{boards.lapse(duel, n, record)} " if duel.turns[n].lapsed else ""
        message = await self._room(debate.channel).send(
            content=f"{lapsed}{boards.next_up(up_to, record)}" or None,
            embed=None if lapsed else boards.turn(duel, n, record),
            view=under_turn(debate, n),
            nonce=f"{debate.id}.{n}",
        )
        await self._records.shown(debate.id, n, message.id)

    async def _close(self, debate: Debate) -> None:
        """Tell how it ended, once; where the audience voted before, let it vote again."""
        self._still(debate.channel)
        self._rooms.discard(debate.channel)
        if debate.id not in {each.id for each in await self._records.unreported()}:
            return
        room, duel = self._room(debate.channel), debate.duel
        await room.send(embed=boards.report(duel, self._debater.record), nonce=f"{debate.id}.report")
        if "before" in debate.polls:
            poll = await room.send(poll=boards.poll(duel, "after"), view=under_vote(Count), nonce=f"{debate.id}.after")
            await self._records.alter(debate.id, polls={**debate.polls, "after": poll.id})
        await self._records.alter(debate.id, reported=True)

    async def _count(self, debate: Debate, when: When) -> Duel:
        """End a poll and keep its result."""
        if when not in debate.polls:
            return debate.duel
        try:
            message = await self._room(debate.channel).fetch_message(debate.polls[when])
        except discord.NotFound:
            return debate.duel
        if message.poll and not message.poll.is_finalised():
            message = await message.end_poll()
        answers = message.poll.answers if message.poll else []
        counts = {key(when, name): answer.vote_count for name, answer in zip(ANSWERS, answers, strict=False)}
        votes = {**debate.duel.votes, **counts}
        await self._records.alter(debate.id, votes=votes)
        return debate.duel.model_copy(update={"votes": votes})

    def _set_timer(self, debate: Debate) -> None:
        duel, room = debate.duel, debate.channel
        if duel.status != "running" or duel.due is None:
            return
        if duel.seat(duel.due.side).is_ours:
            self._start(room, debate.pace, self.go_on(room))
        elif duel.deadline:
            left = (duel.deadline - self._now()).total_seconds() + GRACE
            self._start(room, max(left, 0.0), self._lapse(room))

    async def _lapse(self, room: int) -> None:
        """The person who was due has let the time run out."""
        async with self._locks[room]:
            debate = await self.debate_in(room)
            n = len(debate.duel.turns)
            if debate.duel.status != "running" or not debate.duel.is_late(self._now()):
                return
            await self._records.hold(debate.id, debate.duel.lapse(self._now()).turns[-1], n)
        await self.go_on(room)

    def _start(self, room: int, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        self._still(room)
        self._timers[room] = asyncio.create_task(self._after(room, seconds, work))

    async def _after(self, room: int, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            work.close()
            raise
        self._timers.pop(room, None)
        await self._guarded(room, work)

    def _still(self, room: int) -> None:
        """No timer of that room runs on."""
        timer = self._timers.pop(room, None)
        if timer is not None and timer is not asyncio.current_task():
            timer.cancel()

    async def _guarded(self, room: int, work: Coroutine[Any, Any, None]) -> None:
        """Work that nobody waits for: what goes wrong is said in the room, as far as it can be."""
        try:
            await work
        except discord.NotFound:
            await self.forget(room)
        except Exception as error:  # noqa: BLE001 - nobody waits for it; it is noted and said
            await self._tell(room, error)

    async def _tell(self, room: int, error: Exception) -> None:
        said = sentence_of(error)
        try:
            await self._room(room).send(f"{said} Go on with `/debate resume`.")
        except discord.HTTPException as failed:
            note(failed)

    def _room(self, room: int) -> Any:
        """Where to send: what the client knows, or at least the id."""
        return self._client.get_channel(room) or self._client.get_partial_messageable(room)

    async def close(self) -> None:
        for room in list(self._timers):
            self._still(room)


def _is_among_delegates(duel: Duel) -> bool:
    return all(seat.is_ours for seat in duel.seats)
