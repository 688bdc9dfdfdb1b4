"""What becomes of debates when the bot is killed."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cogs.debating import NOT_BEGUN
from bot.records import Debate, Records
from knowledge.record import Record
from tests.debates import url_of
from tests.wire.audit import Audit
from tests.wire.crash import crashes
from tests.wire.interactions import Interaction
from tests.wire.people import last_with, under
from tests.wire.process import PATIENCE, Bot
from tests.wire.routes import CHANNEL, MESSAGES
from tests.wire.server import POLLED_EVERY, Discord
from tests.wire.state import Json

KILLS, SEED = 10, 1
SHIFT = "The audience"  # the title of the card that tells it
ON_ITS_WAY = 0.3  # seconds in which a second word would have come
CLAIM = "NATO should open an office in Tokyo, because the security of Europe and of the Pacific is one."


async def test_nothing_is_lost_or_said_twice_when_the_bot_is_killed_again_and_again(data: Path) -> None:
    outcome = await crashes(data, KILLS, SEED)
    assert outcome.kills == KILLS
    assert outcome.held >= KILLS / 5
    assert (outcome.lost, outcome.doubled, outcome.late, outcome.problems) == ((), (), (), ())
    assert outcome.restarts == 0


class Hearing:
    """A debate of alice's with the delegate of France, in which she has the floor."""

    def __init__(self, discord: Discord, bot: Bot, data: Path, record: Record) -> None:
        self.discord, self.bot, self._data, self._record = discord, bot, data, record

    async def start(self, *, vote: bool = False) -> None:
        options = {"opponent": "FR", "vote": vote}
        await self.discord.slash(self.discord.channel, self.discord.alice, "debate", ["start"], options)

    async def started(self) -> None:
        await self.bot.start()
        await self.start()
        await self.until("reply")

    @property
    def thread(self) -> str:
        return str(self.discord.threads()[-1]["id"])

    def ours(self) -> list[Json]:
        """What the bot has said in the thread."""
        said = self.discord.messages(self.thread)
        return [each for each in said if each["author"]["id"] == self.discord.bot.id]

    def turns(self) -> list[str]:
        """The turns that the bot has shown, by their marks."""
        return [mark.rpartition(":")[2] for each in self.ours() if (mark := under(each, "record"))]

    async def speak(self) -> Json:
        """By replying to what the bot said last."""
        return await self.discord.say(self.thread, self.discord.alice, CLAIM, reply_to=self.ours()[-1]["id"])

    async def until(self, word: str) -> None:
        """Until the bot has said something with such a button in the thread."""
        threads = self.discord.threads
        await self.discord.until(lambda: threads() and last_with(self.discord, threads()[-1]["id"], word))

    async def press(self, word: str) -> Interaction:
        """The last button of that kind, once it is there."""
        await self.until(word)
        found = last_with(self.discord, self.thread, word)
        assert found
        return await self.discord.press(*found, self.discord.alice)

    async def answered(self, turns: int = 1) -> None:
        await self.discord.until(lambda: len(self.turns()) == turns)

    async def restart(self) -> None:
        self.bot.kill()
        await self.bot.start()

    async def on_record(self, reached: Callable[[Debate], bool]) -> Debate:
        """The debate, once that is so."""
        records, deadline = await Records.open(url_of(self._data), self._record), time.monotonic() + PATIENCE
        while not (debate := await records.debate_in(int(self.thread))) or not reached(debate):
            assert time.monotonic() < deadline, debate
            await asyncio.sleep(POLLED_EVERY)
        await records.close()
        return debate

    async def held(self, turns: int, *, refused: int = 0) -> Debate:
        """Once so many turns are on record and noted as shown; each is shown once, in order, as it is on record, and
        nothing else is said but so many refusals.
        """
        debate = await self.on_record(lambda held: len(held.duel.turns) == turns and None not in held.messages)
        self.bot.kill()
        findings = Audit(self.discord, self._record, {self.thread: debate}).findings(())
        assert (findings.doubled, len(findings.problems)) == ((), refused), findings
        return debate


@pytest.fixture
def hearing(discord: Discord, data: Path, record: Record) -> Iterator[Hearing]:
    with Bot(discord, data) as bot:
        yield Hearing(discord, bot, data, record)


async def test_a_turn_that_was_stored_and_not_shown_is_shown_after_the_kill(hearing: Hearing) -> None:
    await hearing.started()
    async with hearing.discord.delaying("POST", MESSAGES, lost=True) as asked:
        await hearing.speak()
        await hearing.discord.until(lambda: asked)
        hearing.bot.kill()
        await hearing.discord.until(lambda: not hearing.discord.connected.is_set())
    assert hearing.turns() == []
    await hearing.bot.start()
    await hearing.answered()
    await hearing.held(turns=2)


async def test_a_turn_that_discord_showed_without_the_bot_knowing_is_not_shown_again(hearing: Hearing) -> None:
    await hearing.started()
    async with hearing.discord.holding("POST", MESSAGES):
        await hearing.speak()
        await hearing.answered()
        await hearing.restart()
        await hearing.restart()
    await hearing.held(turns=2)


async def test_a_turn_that_reaches_discord_after_the_bot_is_back_is_not_shown_twice(hearing: Hearing) -> None:
    await hearing.started()
    async with hearing.discord.delaying("POST", MESSAGES) as asked:
        await hearing.speak()
        await hearing.discord.until(lambda: asked)
        await hearing.restart()
        await hearing.discord.until(lambda: len(asked) == 2)
    await hearing.answered()
    await hearing.held(turns=2)


async def test_a_turn_that_was_heard_and_not_answered_is_answered_after_the_kill(hearing: Hearing) -> None:
    await hearing.started()
    async with hearing.discord.delaying("POST", f"{CHANNEL}/typing", lost=True) as asked:
        said = await hearing.speak()
        await hearing.discord.until(lambda: asked)
        hearing.bot.kill()
    await hearing.bot.start()
    await hearing.answered()
    debate = await hearing.held(turns=2)
    assert [turn.event for turn in debate.duel.turns] == [said["id"], ""]


async def test_a_turn_sent_while_the_bot_was_away_is_heard_once_when_it_is_back(hearing: Hearing) -> None:
    await hearing.started()
    hearing.bot.kill()
    said = await hearing.speak()
    await hearing.bot.start()
    await hearing.answered()
    await hearing.restart()
    debate = await hearing.held(turns=2)
    assert [turn.event for turn in debate.duel.turns] == [said["id"], ""]


async def test_a_turn_sent_while_the_line_was_cut_is_heard_when_discord_begins_anew(hearing: Hearing) -> None:
    await hearing.started()
    await hearing.discord.drop(forget=True)
    said = await hearing.speak()
    await hearing.answered()
    debate = await hearing.held(turns=2)
    assert [turn.event for turn in debate.duel.turns] == [said["id"], ""]


async def test_what_was_refused_before_the_kill_is_neither_heard_nor_refused_again(hearing: Hearing) -> None:
    await hearing.started()
    told = hearing.ours()[-1]["id"]
    long = await hearing.discord.say(hearing.thread, hearing.discord.alice, "word " * 200, reply_to=told)
    await hearing.discord.until(lambda: hearing.discord.replies(long))
    await hearing.restart()
    said = await hearing.speak()
    await hearing.answered()
    assert len(hearing.discord.replies(long)) == 1
    assert (await hearing.held(turns=2, refused=1)).duel.turns[0].event == said["id"]


async def test_board_and_vote_are_posted_once_though_the_bot_died_between_them(hearing: Hearing) -> None:
    await hearing.bot.start()
    async with hearing.discord.holding("POST", MESSAGES):
        await hearing.start(vote=True)
        await hearing.discord.until(lambda: hearing.discord.threads() and hearing.ours())
        hearing.bot.kill()
    await hearing.bot.start()
    await hearing.on_record(lambda debate: debate.polls["before"] > 0)
    await hearing.restart()
    assert (await hearing.held(turns=0)).polls["before"]


async def test_report_last_vote_and_shift_are_told_once_though_the_bot_died_amid_each(hearing: Hearing) -> None:
    discord, alice = hearing.discord, hearing.discord.alice
    await hearing.bot.start()
    await hearing.start(vote=True)
    await hearing.press("begin")
    await hearing.until("reply")
    async with discord.holding("POST", MESSAGES):
        await discord.slash(hearing.thread, alice, "debate", ["end"])
        await hearing.until("transcript")
        hearing.bot.kill()
    await hearing.bot.start()
    async with discord.holding("POST", MESSAGES):
        await hearing.until("count")
        hearing.bot.kill()
    await hearing.bot.start()
    await hearing.on_record(lambda debate: "after" in debate.polls)
    async with discord.holding("POST", MESSAGES):
        await hearing.press("count")
        await discord.until(lambda: [card for card in hearing.ours()[-1]["embeds"] if card.get("title") == SHIFT])
        hearing.bot.kill()
    await hearing.bot.start()
    again = await hearing.press("count")
    await discord.until(lambda: again.followups)
    assert (await hearing.held(turns=0)).duel.status == "ended"


async def test_a_thread_without_a_debate_on_record_says_so_once(hearing: Hearing) -> None:
    await hearing.bot.start()
    async with hearing.discord.holding("POST", f"{CHANNEL}/threads"):
        await hearing.start()
        await hearing.discord.until(hearing.discord.threads)
        hearing.bot.kill()
    await hearing.bot.start()
    await hearing.discord.until(hearing.ours)
    known = hearing.bot.log.count("Logged in as")
    await hearing.restart()
    await hearing.discord.until(lambda: hearing.bot.log.count("Logged in as") > known)
    await asyncio.sleep(ON_ITS_WAY)
    assert [each["content"] for each in hearing.ours()] == [NOT_BEGUN]
