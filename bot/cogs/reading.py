"""Looking things up: positions, passages, sources, and how it all works."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards
from bot.cogs import seats
from bot.cogs.buttons import page_of
from bot.cogs.rooms import Rooms
from bot.debate import Citation
from knowledge.errors import QuestionError
from knowledge.record import Record

Interaction = discord.Interaction[Any]


class Reading(commands.Cog):
    def __init__(self, record: Record, rooms: Rooms) -> None:
        self._record, self._rooms = record, rooms

    @app_commands.command()
    @app_commands.describe(state="Whose position")
    async def position(self, interaction: Interaction, state: str) -> None:
        """Where a delegation stands, why, since when, and what it is silent on."""
        seat = self._record.delegations.find(state)
        card, view = page_of("position", seat.code, 0, self._record)
        await interaction.response.send_message(embed=card, view=view)

    @position.autocomplete("state")
    async def _states(self, _: Interaction, typed: str) -> seats.Choices:
        return seats.choices(self._record, typed)

    @app_commands.command()
    @app_commands.describe(number="The number in brackets")
    async def cite(self, interaction: Interaction, number: app_commands.Range[int, 1, 99]) -> None:
        """Open the passage behind a citation of the last answer here."""
        await interaction.response.defer(thinking=True)
        cited = await self._cited(interaction.channel, number)
        await interaction.edit_original_response(embed=cards.passage(cited, self._record))

    @app_commands.command()
    async def sources(self, interaction: Interaction) -> None:
        """What is in the library: titles, authors, dates, licences and links."""
        card, view = page_of("sources", "", 0, self._record)
        await interaction.response.send_message(embed=card, view=view, ephemeral=True)

    @app_commands.command()
    async def help(self, interaction: Interaction) -> None:
        """How to ask, to check and to look things up."""
        await interaction.response.send_message(embed=cards.guide(), ephemeral=True)

    async def _cited(self, channel: object, number: int) -> Citation:
        last = await self._rooms.last_answer(channel)
        if last is None:
            raise QuestionError("There is no answer here to cite from yet; put a question with /ask first.")
        citations = last.citations(self._record)
        if number > len(citations):
            raise QuestionError(
                f"The last answer here has citations 1 to {len(citations)}; give one of those, such as /cite 1."
            )
        return citations[number - 1]
