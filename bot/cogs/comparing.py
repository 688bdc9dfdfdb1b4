"""Delegations beside each other: compared, by claim, and in a picture."""

import asyncio
import io
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import comparison, panels, pictures
from bot.cogs import seats
from bot.cogs.buttons import page_of
from bot.cogs.dates import date_of
from bot.delegate import Delegate
from bot.gate import clipped
from bot.question import asked
from knowledge.record import Record

Interaction = discord.Interaction[Any]

CHOICE = 100  # characters of a choice
ALT = 1024  # of a picture's description
KINDS = [
    app_commands.Choice(name="Who stands where", value="map"),
    app_commands.Choice(name="NATO's texts on China and the Indo-Pacific, 2019 to 2026", value="timeline"),
]


class Comparing(commands.Cog):
    """``/compare``, ``/who holds`` and ``/map``."""

    who = app_commands.Group(name="who", description="Which delegations hold, oppose or are silent on something")

    def __init__(self, delegate: Delegate) -> None:
        self._delegate = delegate

    @property
    def _record(self) -> Record:
        return self._delegate.record

    @app_commands.command()
    @app_commands.describe(first="A delegation", second="Another")
    async def compare(self, interaction: Interaction, first: str, second: str) -> None:
        """Where two delegations agree and differ, claim by claim, with citations."""
        pair = [self._record.delegations.find(name).code for name in (first, second)]
        card, view = page_of("compare", "-".join(pair), 0, self._record)
        await interaction.response.send_message(embed=card, view=view)

    @compare.autocomplete("first")
    @compare.autocomplete("second")
    async def _states(self, _: Interaction, typed: str) -> seats.Choices:
        return seats.choices(self._record, typed)

    @who.command()
    @app_commands.describe(claim="A claim on record, or any in your words")
    async def holds(self, interaction: Interaction, claim: str) -> None:
        """Which delegations hold a claim, which oppose it, and which are silent on it."""
        known = self._record.arguments.get(claim)
        text = known.claim if known else asked(claim, "claim")
        await interaction.response.defer(thinking=True)
        heard = await self._delegate.hear_whole(text)
        held = await asyncio.to_thread(comparison.who_holds, self._record, heard, known)
        first, *rest = panels.holding(held)
        await interaction.edit_original_response(embed=first)
        for page in rest:
            await interaction.followup.send(embed=page)

    @holds.autocomplete("claim")
    async def _claims(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        words = typed.casefold().split()
        found = [
            argument
            for argument in self._record.arguments.values()
            if not argument.is_bare and all(word in argument.claim.casefold() for word in words)
        ]
        return [
            app_commands.Choice(name=clipped(argument.claim, CHOICE), value=argument.id)
            for argument in found[: seats.CHOICES]
        ]

    @app_commands.command()
    @app_commands.describe(picture="Which picture", as_of="Use nothing newer than this day, such as 2024-05-30")
    @app_commands.choices(picture=KINDS)
    async def map(
        self, interaction: Interaction, picture: app_commands.Choice[str] | None = None, as_of: str | None = None
    ) -> None:
        """A picture of who stands where, or of NATO's texts over time."""
        record = self._record.until(date_of(as_of))
        await interaction.response.defer(thinking=True)
        drawn = await pictures.drawn("timeline" if picture and picture.value == "timeline" else "map", record)
        file = discord.File(io.BytesIO(drawn.png), drawn.name, description=clipped(drawn.alt, ALT))
        await interaction.edit_original_response(attachments=[file])
