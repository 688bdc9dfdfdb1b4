"""What is left to be spent on the language model, and how it does."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards
from bot.budget import Asker
from bot.debater import Now
from bot.delegate import Delegate

Interaction = discord.Interaction[Any]


class Spending(commands.Cog):
    def __init__(self, delegate: Delegate, now: Now) -> None:
        self._writer, self._now = delegate.writer, now

    @app_commands.command()
    async def quota(self, interaction: Interaction) -> None:
        """What is left of the language model for you, this server and everybody."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        asker = Asker(user=interaction.user.id, server=interaction.guild_id)
        balances = await self._writer.ledger.balances(asker, self._now()) if self._writer else []
        await interaction.edit_original_response(embed=cards.quota(balances))

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """Whether answers are worded by a language model, and how it does."""
        health = self._writer.circuit.health if self._writer else None
        await interaction.response.send_message(embed=cards.status(health), ephemeral=True)
