"""Debates by command: start one, speak in it, see where it stands, take its transcript."""

import asyncio
import contextlib
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot import boards, formats
from bot.address import MOTION
from bot.cogs import seats
from bot.cogs.chair import Chair
from bot.cogs.conversation import Conversation
from bot.cogs.dates import date_of
from bot.cogs.debate_buttons import PAUSED, SPEAK, TEXT, files
from bot.cogs.refusal import refusing, whispering
from bot.cogs.stage import WANTED, Room
from bot.debater import Debater
from bot.duel import Duel, Seat, Side, other
from bot.records import Records
from knowledge.errors import DemarcheError, OutOfOrder
from knowledge.record import Record

Interaction = discord.Interaction[Any]
Format = Literal["classroom", "model-nato", "free"]
Speaker = Literal["me", "delegate"]

PACE = 20  # seconds between two turns of ours: long enough to read sixty words
ON_RECORD = "Your turn is on record."
NOT_BEGUN = "The bot went away before this debate was on record; begin it here with `/debate start`."


def _stance(seat: Seat, record: Record) -> Side | None:
    return record.position_of(record.delegations[seat.state]).side if seat.state else None


class Debating(commands.Cog):
    """``/say`` and ``/debate``."""

    debate = app_commands.Group(
        name="debate",
        description="Debate against a delegate, or let two of them debate",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )

    def __init__(
        self, client: discord.Client, debater: Debater, records: Records, chair: Chair, conversation: Conversation
    ) -> None:
        self._client, self._debater, self._records = client, debater, records
        self._chair, self._conversation = chair, conversation
        self._starting = asyncio.Lock()

    @debate.command()
    @app_commands.describe(
        opponent="The delegation to debate against",
        state="Yours; you may also speak for no state",
        side="Yours; where you choose none, the one your opponent does not take",
        motion=f"“{MOTION}”, if you give none",
        format="Short turns (classroom), longer ones with questions (model-nato), or no order at all (free)",
        speaker="Who speaks for your state: you, or its delegate",
        rival="Somebody who speaks for your opponent in place of its delegate",
        vote="Let the audience vote before and after",
        pace="Seconds between the turns of two delegates (20)",
        as_of="Use nothing newer than this day, such as 2024-05-30",
    )
    async def start(
        self,
        interaction: Interaction,
        opponent: str,
        state: str | None = None,
        side: Side | None = None,
        motion: str = MOTION,
        format: Format = "classroom",
        speaker: Speaker = "me",
        rival: discord.User | None = None,
        vote: bool = True,
        pace: app_commands.Range[int, 5, 600] = PACE,
        as_of: str | None = None,
    ) -> None:
        """Start a debate in a thread of its own."""
        await interaction.response.defer(thinking=True)
        if rival:
            self._refuse_rival(interaction, rival, speaker)
        mine = self._seat(state, str(interaction.user.id) if speaker == "me" else "")
        theirs = self._seat(opponent, str(rival.id) if rival else "")
        day = date_of(as_of)
        pair = self._sides(mine, theirs, side, self._debater.record.until(day))
        if format == "free" and all(seat.is_ours for seat in pair):
            raise OutOfOrder("format", "two delegates need a format that ends; choose classroom or model-nato.")
        duel = await self._debater.convene(motion, formats.find(format), pair, day)
        votes = vote and interaction.guild_id is not None
        room = await self._convened(interaction, duel.pause() if votes else duel, pace, votes)
        where = "The debate is open." if room == interaction.channel_id else f"The debate is open in <#{room}>."
        await interaction.edit_original_response(content=where)
        if not votes:
            await self._chair.begin(room)

    @start.autocomplete("opponent")
    @start.autocomplete("state")
    async def _states(self, _: Interaction, typed: str) -> seats.Choices:
        return seats.debaters(self._debater.record, typed)

    @debate.command()
    async def status(self, interaction: Interaction) -> None:
        """Whose turn it is, for what, and until when."""
        debate = await self._chair.debate_in(interaction.channel_id)
        await interaction.response.send_message(embed=boards.status(debate.duel, self._debater.record), ephemeral=True)

    @debate.command()
    async def summary(self, interaction: Interaction) -> None:
        """What has been answered, and what is still open."""
        debate = await self._chair.debate_in(interaction.channel_id)
        await interaction.response.send_message(embed=boards.summary(debate.duel, self._debater.record))

    @debate.command()
    async def pause(self, interaction: Interaction) -> None:
        """Stop the clock; nobody speaks until the debate is resumed."""
        debate = await self._chair.presided(interaction)
        await interaction.response.defer(thinking=True)
        await self._chair.pause(debate.channel)
        await interaction.edit_original_response(content=PAUSED)

    @debate.command()
    async def resume(self, interaction: Interaction) -> None:
        """Begin after the vote, or go on after a pause."""
        debate = await self._chair.presided(interaction)
        await interaction.response.defer(thinking=True)
        await self._chair.resume(debate.channel)
        await interaction.edit_original_response(content="The debate goes on.")

    @debate.command()
    async def end(self, interaction: Interaction) -> None:
        """End the debate now and report; after the last vote, count it."""
        debate = await self._chair.presided(interaction)
        await interaction.response.defer(thinking=True)
        if debate.duel.status == "ended" and "after" in debate.polls:
            await self._chair.count(debate.channel)
            await interaction.edit_original_response(content="The votes are counted.")
        else:
            await self._chair.end(debate.channel)
            await interaction.edit_original_response(content="The debate is over.")

    @debate.command()
    async def export(self, interaction: Interaction) -> None:
        """The transcript, with every claim, citation, quote and source, as Markdown and as JSON."""
        debate = await self._chair.debate_in(interaction.channel_id)
        await interaction.response.send_message(files=files(debate, self._debater.record), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(text="Your turn in the debate of this thread")
    @app_commands.allowed_installs(guilds=True, users=False)
    async def say(self, interaction: Interaction, text: str) -> None:
        """Speak in the debate that is held here."""
        await self._heard(interaction, text)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """A turn written in a modal, also in one that was opened before the bot was restarted."""
        if interaction.type is not discord.InteractionType.modal_submit or not interaction.data:
            return
        if interaction.data.get("custom_id") == SPEAK:
            async with refusing(whispering(interaction)):
                await self._heard(interaction, _written(interaction.data))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """After a start, and when Discord begins anew with us: it does not tell what happened in between."""
        await self._chair.take_up(self._conversation.catch_up)
        async with self._starting:
            await self._excuse()

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        if self._chair.is_held_in(payload.thread_id):
            await self._chair.forget(payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._chair.leave(guild.id)

    async def cog_load(self) -> None:
        await self._chair.remember()

    async def cog_unload(self) -> None:
        await self._chair.close()

    async def _heard(self, interaction: Interaction, text: str) -> None:
        """On record first, acknowledged then."""
        debate = await self._chair.debate_in(interaction.channel_id)
        debate.duel.side_of(str(interaction.user.id))
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._chair.hear(debate.channel, interaction.user.id, text, interaction.id)
        await interaction.edit_original_response(content=ON_RECORD)

    def _seat(self, state: str | None, person: str) -> Seat:
        """For either side, until the sides are given. Raises UnknownDelegation and OutOfOrder."""
        if not state and not person:
            raise OutOfOrder("seats", "a delegate speaks for a state; give yours.")
        found = self._debater.record.delegations.seat(state) if state else None
        if found and found.is_neutral:
            raise OutOfOrder("sides", "the rapporteur takes no side; seat a delegation.")
        return Seat(side="for", state=found.code if found else "", person=person)

    def _refuse_rival(self, interaction: Interaction, rival: discord.abc.User, speaker: Speaker) -> None:
        """Raises OutOfOrder for whoever cannot speak here, or speaks for the other side."""
        if interaction.guild_id is None or rival.bot:
            raise OutOfOrder(
                "seats", "only a person of this server can speak for your opponent; choose one, or nobody."
            )
        if speaker == "me" and rival == interaction.user:
            raise OutOfOrder("seats", "nobody speaks for both sides; choose somebody else as your rival, or nobody.")

    def _sides(self, mine: Seat, theirs: Seat, side: Side | None, record: Record) -> tuple[Seat, Seat]:
        """The side that was chosen, or the one that follows from what the delegations hold."""
        side = side or _stance(mine, record) or other(_stance(theirs, record) or "against")
        mine, theirs = mine.model_copy(update={"side": side}), theirs.model_copy(update={"side": other(side)})
        return (mine, theirs) if side == "for" else (theirs, mine)

    async def _convened(self, interaction: Interaction, duel: Duel, pace: float, votes: bool) -> int:
        """On record and announced, in a room of its own where there can be one, which is taken back when that fails.

        Raises OutOfOrder, RecordsError and what Discord says.
        """
        async with self._starting:
            room = await self._room(interaction.channel, duel)
            try:
                debate = await self._records.begin(
                    guild=interaction.guild_id,
                    channel=room.id,
                    starter=interaction.user.id,
                    event=interaction.id,
                    duel=duel,
                    pace=pace,
                    polls={"before": WANTED} if votes else {},
                )
                await self._chair.open(debate)
            except (DemarcheError, discord.HTTPException):
                if isinstance(room, discord.Thread) and room != interaction.channel:
                    with contextlib.suppress(discord.HTTPException):
                        await room.delete()
                raise
        return room.id

    async def _excuse(self) -> None:
        """In threads that were opened for a debate which a crash kept off the record."""
        for thread in (thread for guild in self._client.guilds for thread in guild.threads):
            is_empty = thread.owner_id == self._client.application_id and thread.last_message_id is None
            if is_empty and await self._records.debate_in(thread.id) is None:
                with contextlib.suppress(discord.HTTPException):
                    await thread.send(NOT_BEGUN, nonce=thread.id)

    async def _room(self, here: object, duel: Duel) -> Room:
        """A new thread where there can be one; here otherwise. Raises OutOfOrder where the same debate is open."""
        if isinstance(here, discord.TextChannel):
            await self._refuse_twin(here, duel)
            news, public = discord.ChannelType.news_thread, discord.ChannelType.public_thread
            name = boards.name(duel, self._debater.record)
            return await here.create_thread(name=name, type=news if here.is_news() else public)
        if isinstance(here, discord.Thread | discord.DMChannel):
            return here
        raise OutOfOrder("room", "a debate needs a text channel, a thread or a direct message; start it in one.")

    async def _refuse_twin(self, channel: discord.TextChannel, duel: Duel) -> None:
        here = {thread.id: thread.name for thread in channel.threads}
        for debate in await self._records.open_debates():
            same = debate.duel.motion == duel.motion and debate.duel.seats == duel.seats
            if same and debate.channel in here:
                name = here[debate.channel]
                raise OutOfOrder("one debate a thread", f"that debate is open already, in the thread “{name}”.")


def _written(data: Any) -> str:
    """What stands in the modal's field, wherever Discord put it."""
    if isinstance(data, dict):
        if data.get("custom_id") == TEXT:
            return str(data.get("value", ""))
        return "".join(_written(part) for part in (data.get("components"), data.get("component")))
    return "".join(map(_written, data)) if isinstance(data, list) else ""
