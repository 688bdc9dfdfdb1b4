"""The real bot, killed at random moments of running debates, and whether anything is lost or said twice by that."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot import formats
from bot.address import MOTION
from bot.debater import utc
from bot.duel import Duel, Seat
from bot.records import Debate, Records
from bot.seating import seated
from knowledge import loader
from tests.debates import url_of
from tests.wire.audit import Audit
from tests.wire.death import Death, at_start, at_work
from tests.wire.owed import Owed
from tests.wire.people import Move, People
from tests.wire.process import Bot
from tests.wire.server import Discord

WITHIN = 10.0  # seconds, to go on
GIVEN_UP = 45.0
LOOKED_EVERY = 0.05
MOST_RESTARTS = 5
AT_ONCE = 7  # debates
HURRY = 0.4  # seconds between the turns of the two delegates of a debate that is put on record without a command
NONCES = 1.0  # seconds in which Discord knows a nonce: less than a start takes, as if the bot had been away for long
TOLD_EVERY = 20  # kills

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """``held``: kills between Discord's doing something and the bot's knowing; ``late``: what was owed for too long;
    ``took``: seconds from a launch until all debates had gone on; ``restarts``: launches without a kill before them.
    """

    kills: int
    held: int
    debates: int
    turns: int
    acknowledged: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    late: tuple[str, ...]
    took: tuple[float, ...]
    restarts: int
    problems: tuple[str, ...]


async def crashes(data: Path, kills: int, seed: int, told: Tell = lambda _: None) -> Outcome:
    """Kill the bot on ``data``, in which an index is, so many times."""
    async with Discord(nonce_seconds=NONCES) as discord:
        with Bot(discord, data) as bot:
            experiment = Experiment(discord, bot, data, random.Random(seed))
            await experiment.run(kills, told)
            bot.kill()
            return await experiment.outcome()


class Experiment:
    def __init__(self, discord: Discord, bot: Bot, data: Path, chance: random.Random) -> None:
        self._discord, self._bot, self._data, self._chance = discord, bot, data, chance
        self._record = loader.load()
        self._people = People(discord, chance)
        self._kills = self._held = self._restarts = 0
        self._took: list[float] = []
        self._late: list[str] = []
        self._owed = Owed(discord)
        self._launched, self._logins = 0.0, 0

    async def run(self, kills: int, told: Tell) -> None:
        self._launch()
        debates = await self._gone_on()
        self._took.clear()  # there was nothing to take up
        tell_at = TOLD_EVERY
        while self._kills < kills:
            moves = await self._chosen(debates)
            await self._die(self._drawn(moves), moves)
            await self._speak_meanwhile(debates, {move.channel for move in moves})
            self._launch()
            if self._kills < kills and self._chance.random() < 0.3:
                await self._die(at_start(self._chance), [])
                self._launch()
            debates = await self._gone_on()
            if self._kills >= tell_at:
                tell_at += TOLD_EVERY
                told(f"{self._kills} kills, {len(self._people.said)} turns of people, {len(debates)} debates open")

    async def outcome(self) -> Outcome:
        async with self._records() as records:
            threads = [each["id"] for each in self._discord.threads()]
            debates = {thread: await records.debate_in(int(thread)) for thread in threads}
        said, findings = self._people.said, Audit(self._discord, self._record, debates).findings(self._people.said)
        held = [debate for debate in debates.values() if debate]
        return Outcome(
            kills=self._kills,
            held=self._held,
            debates=len(held),
            turns=sum(len(debate.duel.turns) for debate in held),
            acknowledged=sum(each.is_acknowledged(self._discord) for each in said),
            lost=findings.lost,
            doubled=findings.doubled,
            late=tuple(self._late),
            took=tuple(self._took),
            restarts=self._restarts,
            problems=(*findings.problems, *self._discord.unknown, *self._discord.problems, *self._errors()),
        )

    def _errors(self) -> list[str]:
        """What the bot itself noted as broken."""
        return [line for line in self._bot.log.splitlines() if "ERROR" in line]

    @asynccontextmanager
    async def _records(self) -> AsyncIterator[Records]:
        """Not open while the bot dies: who comes next shall find the database as the dead left it."""
        records = await Records.open(url_of(self._data), self._record)
        try:
            yield records
        finally:
            await records.close()

    async def _chosen(self, debates: list[Debate]) -> list[Move]:
        """Some of what people may do, and new debates as old ones end."""
        moves = self._people.moves(debates)
        chosen = self._chance.sample(moves, min(len(moves), self._chance.randint(2, 4)))
        if len(debates) >= AT_ONCE:
            return chosen
        if self._chance.random() < 0.3:
            await self._begin_on_record()
        return [*chosen, *(self._people.start() for _ in range(min(2, AT_ONCE - len(debates))))]

    async def _begin_on_record(self) -> None:
        """Two delegates in a hurry: a debate on record of which nobody was told, as when the bot died before that."""
        seats = seated(self._record, MOTION, (Seat(side="for", state="LT"), Seat(side="against", state="FR")))
        format = formats.find(self._chance.choice(("classroom", "model-nato")))
        thread = await self._discord.open_thread("In a hurry", self._discord.alice)
        duel = Duel(motion=MOTION, format=format, seats=seats, since=utc())
        async with self._records() as records:
            await records.begin(
                guild=int(self._discord.world.guild),
                channel=int(thread),
                starter=int(self._discord.alice.id),
                duel=duel,
                pace=HURRY,
            )

    def _drawn(self, moves: list[Move]) -> Death:
        """Half of them amid a request, and more as long as too few were caught."""
        asks = [asked for move in moves for asked in move.asks]
        amid = self._held * 3 <= self._kills or self._chance.random() < 0.5
        return at_work(self._chance, asks, amid=amid)

    async def _die(self, death: Death, moves: list[Move]) -> None:
        """While people make their moves."""
        making = asyncio.create_task(self._make(moves))
        self._held += await death.come(self._discord, self._bot)
        self._kills += 1
        making.cancel()
        with suppress(asyncio.CancelledError):
            await making

    async def _make(self, moves: list[Move]) -> None:
        for move in moves:
            with suppress(AssertionError):  # a modal that never opened
                await move.make()

    async def _speak_meanwhile(self, debates: list[Debate], moved: set[str]) -> None:
        """While the bot is away, in a debate in which nothing has happened since."""
        replies = [move for move in self._people.replies(debates) if move.channel not in moved]
        if replies and self._chance.random() < 0.5:
            await self._chance.choice(replies).make()

    def _launch(self) -> None:
        self._owed.remember()
        self._logins, self._launched = self._discord.logins, time.monotonic()
        self._bot.launch()

    async def _gone_on(self) -> list[Debate]:
        """The open debates, once the bot owes nothing to any of them."""
        await self._discord.until(lambda: self._discord.logins > self._logins or not self._bot.is_running, GIVEN_UP)
        owed = ["a login"]
        async with self._records() as records:
            while self._bot.is_running:
                before, owed = owed, await self._owed.found(records, self._people.said)
                seconds = time.monotonic() - self._launched
                if not owed:
                    self._took.append(seconds)
                    self._late += [f"after {seconds:.1f} s: {', '.join(before)}"] if seconds > WITHIN else []
                    return await records.open_debates()
                if seconds > GIVEN_UP:
                    raise AssertionError(f"{owed}; the bot printed:\n{self._bot.log}")
                await asyncio.sleep(LOOKED_EVERY)
        self._restarts += 1
        if self._restarts > MOST_RESTARTS:
            raise AssertionError(f"The bot ends by itself; it printed:\n{self._bot.log}")
        self._launch()
        return await self._gone_on()
