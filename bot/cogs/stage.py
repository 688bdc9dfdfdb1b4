"""Where a debate is shown: its board, its turns, its votes and its end, each of them once.

What was shown is known from the record; what was shown just before a crash, from the buttons under it.
"""

from itertools import takewhile
from typing import Any

import discord

from bot import boards
from bot.cogs.debate_buttons import (
    Begin,
    Count,
    Reply,
    Running,
    Standing,
    Transcript,
    shown_in,
    under_board,
    under_call,
    under_end,
    under_turn,
    under_vote,
)
from bot.duel import Duel
from bot.records import Debate, Records
from bot.votes import ANSWERS, Votes, When, key
from knowledge.record import Record

WANTED = 0  # stands for the poll of a vote that is to be taken
MISSED = 500  # messages since the last turn, for what was said while the bot was away

Room = discord.Thread | discord.TextChannel | discord.DMChannel


class Stage:
    def __init__(self, client: discord.Client, record: Record, records: Records) -> None:
        self._client, self._record, self._records = client, record, records

    def room(self, id: int, guild: int | None = None) -> Any:
        """Where to send: what the client knows, or at least the id."""
        return self._client.get_channel(id) or self._client.get_partial_messageable(id, guild_id=guild)

    def is_in(self, guild: int | None) -> bool:
        """Whether the bot is in that server, if it is one."""
        return guild is None or self._client.get_guild(guild) is not None

    async def open(self, debate: Debate) -> None:
        """The board and, if there is to be one, the vote before the debate."""
        await self._open(debate, {})

    async def open_missing(self, debate: Debate) -> None:
        """As ``open``, without what is there already; and the call of the person who is to begin."""
        there = await self._there(debate)
        await self._open(debate, there)
        if debate.duel.status == "running" and self._is_call_missing(debate, there):
            await self.call(debate)

    async def _open(self, debate: Debate, there: dict[str, int]) -> None:
        room = self.room(debate.channel)
        if Standing.of(debate) not in there:
            board = boards.opening(debate.duel, self._record)
            await room.send(embed=board, view=under_board(debate), nonce=f"{debate.id}.board")
        if debate.polls.get("before") == WANTED:
            before = there.get(Begin.of(debate)) or await self._asked(debate, "before", Begin)
            await self._records.alter(debate.id, polls={"before": before})

    def _is_call_missing(self, debate: Debate, there: dict[str, int]) -> bool:
        due = debate.duel.next
        return not debate.duel.seat(due.side).is_ours and Reply.at(debate, 0) not in there

    async def call(self, debate: Debate) -> None:
        """Tell whoever is due, and how to speak."""
        said = boards.call(debate.duel, self._record)
        nonce = None if debate.duel.turns else f"{debate.id}.call"  # later ones may be repeated
        await self.room(debate.channel).send(said, view=under_call(debate), nonce=nonce)

    async def show(self, debate: Debate, n: int) -> None:
        """A turn, with whose turn is next. The same nonce for the same turn, whoever sends it."""
        duel = debate.duel
        up_to = duel.model_copy(update={"turns": duel.turns[: n + 1]})
        lapsed = f"{boards.lapse(duel, n, self._record)} " if duel.turns[n].lapsed else ""
        message = await self.room(debate.channel).send(
            content=f"{lapsed}{boards.next_up(up_to, self._record)}" or None,
            embed=None if lapsed else boards.turn(duel, n, self._record),
            view=under_turn(debate, n),
            nonce=f"{debate.id}.{n}",
        )
        await self._records.shown(debate.id, n, message.id)

    async def show_missing(self, debate: Debate) -> bool:
        """What is on record and was not shown; False when there was nothing of that kind."""
        missing = [n for n, message in enumerate(debate.messages) if message is None]
        there = await self._there(debate) if missing else {}
        unseen = [n for n in missing if Running.at(debate, n) not in there]
        for n in missing:
            if n in unseen:
                await self.show(debate, n)
            else:
                await self._records.shown(debate.id, n, there[Running.at(debate, n)])
        return bool(unseen)

    async def missed(self, debate: Debate) -> list[discord.Message]:
        """What was said since the last turn was shown, without what the bot has replied to."""
        last = max(filter(None, debate.messages), default=debate.event)
        found = self.room(debate.channel, debate.guild).history(limit=MISSED, after=discord.Object(last))
        said = [message async for message in found]
        ours = [message.reference for message in said if message.author == self._client.user]
        replied = {reference.message_id for reference in ours if reference}
        return [message for message in said if message.id not in replied]

    async def close(self, debate: Debate) -> None:
        """How it ended; where the audience voted before, it may vote again."""
        room, duel, there = self.room(debate.channel), debate.duel, await self._there(debate)
        if Transcript.of(debate) not in there:
            report = boards.report(duel, self._record)
            await room.send(embed=report, view=under_end(debate), nonce=f"{debate.id}.report")
        if Votes(duel.votes).taken("before") and "after" not in debate.polls:
            after = there.get(Count.of(debate)) or await self._asked(debate, "after", Count)
            await self._records.alter(debate.id, polls={**debate.polls, "after": after})
        await self._records.alter(debate.id, reported=True)

    async def _asked(self, debate: Debate, when: When, button: type[Begin] | type[Count]) -> int:
        poll, view = boards.poll(debate.duel, when), under_vote(button, debate)
        message = await self.room(debate.channel).send(poll=poll, view=view, nonce=f"{debate.id}.{when}")
        return int(message.id)

    async def count(self, debate: Debate, when: When) -> Duel:
        """End a poll and keep its result; one that was deleted has none."""
        if debate.polls.get(when, WANTED) == WANTED:
            return debate.duel
        try:
            message = await self.room(debate.channel).fetch_message(debate.polls[when])
        except discord.NotFound:
            return debate.duel
        if message.poll and not message.poll.is_finalised():
            message = await message.end_poll()
        answers = message.poll.answers if message.poll else []
        counts = {key(when, name): answer.vote_count for name, answer in zip(ANSWERS, answers, strict=False)}
        votes = {**debate.duel.votes, **counts}
        await self._records.alter(debate.id, votes=votes)
        return debate.duel.model_copy(update={"votes": votes})

    async def tell_votes(self, debate: Debate, duel: Duel) -> bool:
        """How the audience moved; False when that was told before."""
        told = boards.audience(duel)
        if told.title in await self._there(debate):
            return False
        await self.room(debate.channel).send(embed=told, nonce=f"{debate.id}.votes")
        return True

    async def _there(self, debate: Debate) -> dict[str, int]:
        """By their buttons, the messages since the last turn before the first that is missing."""
        last = max(filter(None, takewhile(bool, debate.messages)), default=debate.event)
        return await shown_in(self.room(debate.channel), self._client, debate, last)
