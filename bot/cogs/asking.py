"""Questions put by command, and claims to be checked."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards
from bot.budget import Asker
from bot.cogs import seats
from bot.cogs.buttons import under
from bot.cogs.imprint import Imprint
from bot.cogs.progress import Answering, awaited
from bot.cogs.rooms import Rooms
from bot.delegate import Delegate
from bot.question import asked
from knowledge.errors import QuestionError

Interaction = discord.Interaction[Any]


class Asking(commands.Cog):
    def __init__(self, bot: commands.Bot, delegate: Delegate, rooms: Rooms) -> None:
        self._tree, self._delegate, self._rooms = bot.tree, delegate, rooms

    async def cog_load(self) -> None:
        self._tree.add_command(app_commands.ContextMenu(name="Check this claim", callback=self.check))

    @app_commands.command()
    @app_commands.describe(question="Anything about NATO, China and the Indo-Pacific", state="Who answers")
    async def ask(self, interaction: Interaction, question: str, state: str | None = None) -> None:
        """Put a question to a delegate; every claim of the answer carries its source."""
        question = asked(question)
        seat = self._delegate.record.delegations.seat(state) if state else None
        await interaction.response.defer(thinking=True)
        if seat is None:
            seat = await self._rooms.seat(interaction.channel)
        else:
            await self._rooms.choose(interaction.channel_id, seat)
        speaker = seat
        asker = Asker(user=interaction.user.id, server=interaction.guild_id)
        await self._deliver(interaction, lambda told: self._delegate.answer(question, speaker, told, asker=asker))

    @ask.autocomplete("state")
    async def _states(self, _: Interaction, typed: str) -> seats.Choices:
        return seats.speakers(self._delegate.record, typed)

    async def check(self, interaction: Interaction, message: discord.Message) -> None:
        """What the record says for and against somebody's message."""
        if not message.content.strip():
            raise QuestionError("There are no words in that message to check.")
        statement = asked(message.content)
        await interaction.response.defer(thinking=True)
        await self._deliver(interaction, lambda told: self._delegate.check(statement, told))

    async def _deliver(self, interaction: Interaction, answering: Answering) -> None:
        speech = await awaited(answering, lambda step: interaction.edit_original_response(content=step))
        await interaction.edit_original_response(
            content=None, embed=cards.answer(speech), view=under(speech, plain=self._delegate.writer is not None)
        )
        if speech.answered:
            self._rooms.answered(interaction.channel_id, Imprint.of(speech))
