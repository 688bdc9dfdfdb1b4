"""Talking with a delegate: by mentioning the bot, by replying to it, or in direct messages."""

import re
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot import cards
from bot.budget import Asker
from bot.cogs.buttons import under
from bot.cogs.chair import Chair
from bot.cogs.imprint import Imprint
from bot.cogs.progress import awaited
from bot.cogs.refusal import Say, refusing
from bot.cogs.rooms import Rooms
from bot.delegate import Delegate
from bot.question import asked
from bot.statement import is_question
from knowledge.delegation import Delegation
from knowledge.errors import UnknownDelegation

HINT = (
    "Mention me with a question, or reply to one of my answers that was not given to a command: "
    "*should NATO open an office in Tokyo?* To choose who answers, begin with *as France:* — or use `/ask`. "
    "More under `/help`."
)

_AS = re.compile(r"as\s+([^:\n]{2,40}):\s*(?=\S)", re.I)


class Conversation(commands.Cog):
    def __init__(self, client: discord.Client, delegate: Delegate, rooms: Rooms, chair: Chair) -> None:
        self._client, self._delegate, self._rooms, self._chair = client, delegate, rooms, chair

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if not self._is_addressed(message):
            return
        if self._chair.is_held_in(message.channel.id):
            await self.hear(message)
        elif await self._rooms.is_new(message.id):
            await self._converse(message, _Reply(message))

    async def hear(self, message: discord.Message) -> None:
        """A turn of the debate that is held there; it is held once, or refused once."""
        if self._is_addressed(message):
            await self._hear(message, partial(self._refuse, message))

    async def catch_up(self, message: discord.Message) -> None:
        """A turn that was sent while the bot was away, and that it has not replied to."""
        if self._is_addressed(message):
            await self._hear(message, _Reply(message).say)

    async def _hear(self, message: discord.Message, refuse: Say) -> None:
        text = self._without_mention(message.content)
        async with refusing(refuse):
            await self._chair.hear(message.channel.id, message.author.id, text, message.id, message)

    async def _refuse(self, message: discord.Message, why: str) -> None:
        if await self._rooms.is_new(message.id):
            await _Reply(message).say(why)

    async def _converse(self, message: discord.Message, reply: "_Reply") -> None:
        async with refusing(reply.say):
            text = self._without_mention(message.content)
            if text:
                await self._answer(message, text, reply)
            else:
                await reply.say(HINT)

    async def _answer(self, message: discord.Message, text: str, reply: "_Reply") -> None:
        named, text = self._choice(text)
        question = asked(text)
        if named:
            await self._rooms.choose(message.channel.id, named)
        async with message.channel.typing():
            seat = named or self._replied_to(message) or await self._rooms.seat(message.channel)
            respond = self._delegate.answer if is_question(question) else self._delegate.rebut
            asker = Asker(user=message.author.id, server=message.guild.id if message.guild else None)
            said = self._before(message)
            speech = await awaited(lambda told: respond(question, seat, told, asker=asker, said=said), reply.say)
            view = under(speech, plain=self._delegate.writer is not None)
            await reply.say(None, embed=cards.answer(speech), view=view)
        if speech.answered:
            self._rooms.answered(message.channel.id, Imprint.of(speech))

    def _is_addressed(self, message: discord.Message) -> bool:
        """Somebody speaks to us; not a bot, and not Discord itself."""
        if message.author.bot or message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return False
        return message.guild is None or self._client.user in message.mentions

    def _without_mention(self, text: str) -> str:
        return re.sub(rf"<@!?{self._client.user.id}>", " ", text).strip() if self._client.user else text

    def _choice(self, text: str) -> tuple[Delegation | None, str]:
        """The seat named in "as France: ...", and the rest. Raises UnknownDelegation where a name was meant."""
        found = _AS.match(text)
        if found is None:
            return None, text
        try:
            return self._delegate.record.delegations.seat(found[1]), text[found.end() :]
        except UnknownDelegation as unknown:
            if unknown.nearest:
                raise
            return None, text  # "as I said: ..."

    def _before(self, message: discord.Message) -> list[str]:
        """What was asked and answered in the message replied to."""
        original = message.reference.resolved if message.reference else None
        if not isinstance(original, discord.Message):
            return []
        return [text for text in (original.content, *(embed.description for embed in original.embeds)) if text]

    def _replied_to(self, message: discord.Message) -> Delegation | None:
        """The seat that gave the answer replied to."""
        original = message.reference.resolved if message.reference else None
        if not isinstance(original, discord.Message) or original.author != self._client.user:
            return None
        imprint = Imprint.on(original)
        return imprint.seat(self._delegate.record) if imprint else None


class _Reply:
    """The one message that answers another: sent first, edited from then on."""

    def __init__(self, to: discord.Message) -> None:
        self._to = to
        self._sent: discord.Message | None = None

    async def say(
        self, text: str | None, *, embed: discord.Embed | None = None, view: discord.ui.View | None = None
    ) -> None:
        fields: dict[str, Any] = {"content": text, "embed": embed, "view": view}
        if self._sent is not None:
            await self._sent.edit(**fields)
            return
        reference = self._to.to_reference(fail_if_not_exists=False)
        self._sent = await self._to.channel.send(**fields, reference=reference, mention_author=False, nonce=self._to.id)
