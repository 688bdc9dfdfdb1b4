"""A server in which debates are held: the real client on the real library, and the simulation's clock."""

import datetime
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

import discord
from simcord import Env
from simcord.actors import MemberActor
from simcord.backend.serializers import guild_create_payload
from simcord.builders import ChannelHandle, GuildHandle
from simcord.results import InteractionResult

from bot.budget import OPERATOR, Asker
from bot.client import Client
from bot.delegate import Delegate
from bot.duel import Duel, Turn
from bot.language_model import LanguageModel
from knowledge.library import Library

MOTION = "Does NATO have a role in the Indo-Pacific?"

# Lithuania's turns, and what could be said against them.
OPENING = "NATO has a role in the Indo-Pacific because the security of Europe and of Asia is linked."
REBUTTAL = "NATO can work with partners in the Indo-Pacific without losing sight of Europe."
CLOSING = "France has not answered how Europe stays safe if deterrence fails in Asia."
AGAINST = "With Russia at war in Ukraine, NATO must keep its forces in Europe."


@dataclass
class Clock:
    """Tells the simulation's time, and more where it is set ahead."""

    env: Env | None = None
    ahead: float = 0.0

    def __call__(self) -> datetime.datetime:
        assert self.env
        return self.env.now() + datetime.timedelta(seconds=self.ahead)


@dataclass
class Hall:
    env: Env
    clock: Clock
    library: Library
    database: str
    guild: GuildHandle
    channel: ChannelHandle
    alice: MemberActor
    bob: MemberActor
    llm: LanguageModel | None = None

    @property
    def bot(self) -> str:
        assert self.env.bot.user
        return self.env.bot.user.mention

    def run_out_while_drafting(self, seconds: float) -> None:
        """The delegate's next turn takes it that long."""
        debater = cast(Client, self.env.bot)._debater
        speak = debater.speak

        async def slowly(duel: Duel, asker: Asker = OPERATOR) -> Turn:
            debater.speak = speak  # type: ignore[method-assign]
            self.clock.ahead += seconds
            return await speak(duel, asker)

        debater.speak = slowly  # type: ignore[method-assign]

    async def begin(self, **options: Any) -> InteractionResult:
        """Alice asks for a debate, as Lithuania against France where she does not say otherwise."""
        wanted = {"opponent": "FR", "state": "LT", "vote": False, **options}
        return await self.alice.slash(
            self.channel, "debate start", **{k: v for k, v in wanted.items() if v is not None}
        )

    async def start(self, **options: Any) -> ChannelHandle:
        """The thread of the debate that Alice began."""
        before = {thread.id for thread in self.channel.threads}
        result = await self.begin(**options)
        (thread,) = (thread for thread in self.channel.threads if thread.id not in before)
        assert result.response
        assert result.response.content == f"The debate is open in <#{thread.id}>."
        return thread

    async def between_delegates(self, **options: Any) -> ChannelHandle:
        return await self.start(speaker="delegate", **options)

    async def say(self, thread: ChannelHandle, text: str, who: MemberActor | None = None) -> discord.Message:
        """Speak by mentioning the bot."""
        return await (who or self.alice).send(thread, f"{self.bot} {text}")

    async def debate(self, thread: ChannelHandle, *turns: str) -> None:
        """Alice says one after the other."""
        for turn in turns:
            await self.say(thread, turn)

    async def restart(self) -> None:
        """The bot is gone, and another takes its place on the same data."""
        before = self.env.bot
        await self.env.restart_bot(client(self.library, self.database, self.clock, self.llm))
        await before.close()

    async def deliver_again(self, event: str) -> None:
        """The last event of that name comes a second time."""
        payloads = [payload for way, name, payload in self.env.backend.transcript if (way, name) == ("GATEWAY", event)]
        self.env.backend.emit(event, deepcopy(payloads[-1]))
        await self.env.settle()

    async def remove_bot(self) -> Any:
        """What is needed to bring it back."""
        backend, guild = self.env.backend, self.env.backend.get_guild(self.guild.id)
        ids = [*guild.channel_ids, *guild.thread_ids]
        kept = guild, {id: (backend.channels[id], backend.messages.get(id, {})) for id in ids}
        backend.remove_guild(guild.id)
        await self.env.settle()
        return kept

    async def bring_back(self, kept: Any) -> None:
        backend = self.env.backend
        guild, channels = kept
        backend.guilds[guild.id] = guild
        for id, (channel, messages) in channels.items():
            backend.channels[id], backend.messages[id] = channel, messages
        backend.emit("GUILD_CREATE", guild_create_payload(backend, guild))
        await self.env.settle()

    async def lose(self, channel: ChannelHandle) -> None:
        """Somebody deletes the channel or thread."""
        self.env.backend.delete_channel(channel.id)
        await self.env.settle()

    def forbid(self, method: str, path: str, times: int | None = None) -> None:
        self.env.inject_error(method, path, status=403, code=50013, times=times)

    def break_once(self, method: str, path: str) -> None:
        """The next call of that kind fails, and is not tried again."""
        self.env.inject_error(method, path, status=400, code=0)

    @property
    def sent(self) -> list[dict[str, Any]]:
        return sent(self.env)


def client(library: Library, database: str, clock: Clock, llm: LanguageModel | None = None) -> Client:
    return Client(Delegate(library), database, clock, llm)


def convened(library: Library, database: str, llm: LanguageModel | None = None) -> Hall:
    clock = Clock()
    bot = client(library, database, clock, llm)
    env = clock.env = Env(bot, check_errors=False, approved_intents=discord.Intents.default())
    guild = env.create_guild("Model NATO")
    alice, bob = (guild.add_member(env.create_user(name)) for name in ("alice", "bob"))
    return Hall(env, clock, library, database, guild, guild.create_text_channel("debate"), alice, bob, llm)


def sent(env: Env) -> list[dict[str, Any]]:
    """Every message the bot sent or edited, as it went over the wire."""
    bodies = [request.json for request in env.http_requests if request.method in ("POST", "PATCH")]
    messages = [body.get("data", body) if isinstance(body, dict) else {} for body in bodies]
    return [message for message in messages if {"content", "embeds"} & set(message)]


def numbers(thread: ChannelHandle) -> list[int]:
    """Of the turns the bot has shown, in the order in which they stand there."""
    return list(_numbers(thread))


def _numbers(thread: ChannelHandle) -> Iterator[int]:
    for message in thread.history():
        for embed in message.embeds:
            if (embed.footer.text or "").startswith("Turn "):
                yield int((embed.footer.text or "").split()[1].rstrip(","))


def polls(thread: ChannelHandle) -> list[discord.Message]:
    return [message for message in thread.history() if message.poll]


def last(thread: ChannelHandle) -> discord.Message:
    message = thread.last_message
    assert message
    return message
