"""A server with a channel and a user in it, in which the real client lives."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from simcord import Env
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.client import Client
from bot.cogs.refusal import ANSWERED
from bot.delegate import Delegate
from bot.language_model import LanguageModel
from bot.speechwriter import Speechwriter
from knowledge.annotated import NOBODY
from knowledge.date import Date
from knowledge.errors import DemarcheError
from knowledge.findings import Bearing, Findings, Heard, Hit, Match
from knowledge.library import Library
from knowledge.record import Record
from tests.discord.hall import Hall, convened, sent

QUESTION = "Should NATO open an office in Tokyo?"
STRAY = "How many moons has Jupiter?"

Shown = discord.Message | ResponseMessage


class Broken(Exception):
    """What nobody expects."""


@dataclass
class FakeLibrary:
    """Finds by shared words; slow or broken on demand. ``pause`` is real time, spent in a thread."""

    record: Record
    pause: float = 0.0
    broken: bool = False
    is_complete: bool = True
    asked: list[str] = field(default_factory=list)
    at_search: Callable[[], None] = lambda: None

    def until(self, date: Date) -> "FakeLibrary":
        return replace(self, record=self.record.until(date))

    def search(self, question: str, _asked: Mapping[str, float] = NOBODY) -> Findings:
        self.asked.append(question)
        self.at_search()
        time.sleep(self.pause)
        if self.broken:
            raise Broken(f"no answer to {question}")
        words = set(question.casefold().split())
        scores = {
            argument.id: len(words & set(" ".join((argument.claim, *argument.questions)).casefold().split())) + 0.1
            for argument in self.record.arguments.values()
        }
        ranked = sorted(scores, key=lambda id: -scores[id])
        return Findings(
            question=question,
            hits=tuple(Hit(passage, 1.0) for passage in self.record.passages.values()),
            matches=tuple(Match(self.record.arguments[id], scores[id]) for id in ranked),
            probability=0.0 if "Jupiter" in question else 1.0,
        )

    def hear(self, statement: str) -> Heard:
        """Near to nothing: whoever claims something is answered from the delegate's own case."""
        self.asked.append(statement)
        bearings = tuple(
            Bearing(argument, 0.1, 0.1) for argument in self.record.arguments.values() if not argument.is_bare
        )
        return Heard(statement, bearings, 0.0 if "Jupiter" in statement else 1.0)


class SlowDelegate(Delegate):
    """Needs ``seconds`` of simulated time for every search."""

    seconds = 0.0

    async def search(self, question: str, of: Mapping[str, float] = NOBODY) -> Findings:
        await asyncio.sleep(self.seconds)
        return await super().search(question, of)

    def written_by(self, writer: Speechwriter | None) -> Delegate:
        return self if writer is self.writer else SlowDelegate(self._library, writer)


@dataclass
class World:
    """A server, and how to look at what the bot did there."""

    env: Env
    library: FakeLibrary
    guild: GuildHandle
    channel: ChannelHandle
    alice: MemberActor
    database: str = ""
    llm: LanguageModel | None = None

    @property
    def bot(self) -> str:
        assert self.env.bot.user
        return self.env.bot.user.mention

    async def ask(self, question: str = QUESTION, state: str | None = "FR") -> ResponseMessage:
        return answered(await self.alice.slash(self.channel, "ask", question=question, **chosen(state)))

    async def mention(self, text: str, **more: Any) -> discord.Message:
        """Say something to the bot and see what it replied."""
        said = await self.alice.send(self.channel, f"{self.bot} {text}", **more)
        replies = [m for m in self.channel.history() if m.reference and m.reference.message_id == said.id]
        assert len(replies) == 1
        return replies[0]

    async def restart(self) -> None:
        """The bot is gone, and another takes its place on the same data."""
        before = self.env.bot
        await self.env.restart_bot(client(self.library, self.database, self.llm))
        await before.close()

    def slow_down(self, seconds: float) -> None:
        delegate = cast(Client, self.env.bot).delegate
        assert isinstance(delegate, SlowDelegate)
        delegate.seconds = seconds
        self.env.settle_timeout = 0.5  # shorter than any step: time passes only when it is told to

    @property
    def sent(self) -> list[dict[str, Any]]:
        """Every message the bot sent or edited, as it went over the wire."""
        return sent(self.env)


@pytest.fixture
def fake(record: Record) -> FakeLibrary:
    return FakeLibrary(record)


@pytest.fixture
def llm() -> LanguageModel | None:
    """There is none, unless a test file has one of its own."""
    return None


@pytest.fixture
async def world(fake: FakeLibrary, database: str, llm: LanguageModel | None) -> AsyncIterator[World]:
    env = Env(client(fake, database, llm), check_errors=False, approved_intents=discord.Intents.default())
    await env.start()
    yield arranged(env, fake, database, llm)
    await env.shutdown()
    await env.bot.close()
    unexpected = [error for error in map(cause, env.errors) if not isinstance(error, DemarcheError | Broken)]
    assert not unexpected


@pytest.fixture
async def hall(library: Library, database: str, llm: LanguageModel | None) -> AsyncIterator[Hall]:
    """Where debates are held; a bug that a person could not cause fails the test."""
    hall = convened(library, database, llm)
    await hall.env.start()
    yield hall
    await hall.env.shutdown()
    await hall.env.bot.close()
    unexpected = [error for error in map(cause, hall.env.errors) if not isinstance(error, DemarcheError)]
    assert not [error for error in unexpected if not is_meant(error)]


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'demarche.db'}"


def client(library: FakeLibrary, database: str, llm: LanguageModel | None = None) -> Client:
    return Client(SlowDelegate(cast(Library, library)), database, llm=llm)


def arranged(env: Env, library: FakeLibrary, database: str = "", llm: LanguageModel | None = None) -> World:
    guild = env.create_guild("Model NATO")
    channel = guild.create_text_channel("debate")
    return World(env, library, guild, channel, guild.add_member(env.create_user("alice")), database, llm)


def cause(error: BaseException) -> BaseException:
    return cast(BaseException, getattr(error, "original", error))


def is_meant(error: BaseException) -> bool:
    """Whether a test let it happen: a call that was made to fail, an interaction that was delivered twice."""
    return isinstance(error, discord.HTTPException) and ("injected" in error.text or error.code == ANSWERED)


def chosen(state: str | None) -> dict[str, str]:
    return {"state": state} if state else {}


def answered(result: InteractionResult) -> ResponseMessage:
    """The one message that came back."""
    shown = [message for message in (result.response, *result.followups) if message]
    assert len(shown) == 1
    return shown[0]


def whispered(result: InteractionResult) -> str:
    """The sentence that only the user saw."""
    message = answered(result)
    assert message.ephemeral
    assert not message.embeds
    return message.content


def card(message: Shown) -> discord.Embed:
    assert len(message.embeds) == 1
    return message.embeds[0]


def speaker(message: Shown) -> str:
    return card(message).author.name or ""


def words(message: Shown) -> str:
    """All that can be read on a message."""
    return "\n".join(part for part in (message.content, *map(read, message.embeds)) if part)


def read(embed: discord.Embed) -> str:
    """All that can be read on a card."""
    fields = [part for field in embed.fields for part in (field.name, field.value)]
    parts = (embed.title, embed.author.name, embed.description, *fields, embed.footer.text)
    return "\n".join(part for part in parts if part)


def labels(message: Shown) -> list[str]:
    rows = message.components if isinstance(message, ResponseMessage) else [row.to_dict() for row in message.components]
    return [button["label"] for row in cast(list[Any], rows) for button in row["components"]]
