"""Debates by command: start one, speak in it, see where it stands, take its transcript."""

import asyncio
import io
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot import boards, documents, formats, transcript
from bot.address import MOTION
from bot.cogs import seats
from bot.cogs.chair import Chair, Room
from bot.cogs.conversation import Conversation
from bot.cogs.debate_buttons import SPEAK, TEXT
from bot.cogs.refusal import refusing, whispering
from bot.debater import Debater
from bot.duel import Duel, Seat, Side, other
from bot.records import Debate, Records
from knowledge.errors import OutOfOrder

Interaction = discord.Interaction[Any]
Format = Literal["classroom", "model-nato", "free"]
Speaker = Literal["me", "delegate"]

PACE = 20  # seconds between two turns of ours: long enough to read sixty words
ON_RECORD = "Your turn is on record."


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
        self._taken_up = False

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
        rival: discord.Member | None = None,
        vote: bool = True,
        pace: app_commands.Range[int, 5, 600] = PACE,
    ) -> None:
        """Start a debate in a thread of its own."""
        await interaction.response.defer(thinking=True)
        mine = self._seat(state, str(interaction.user.id) if speaker == "me" else "")
        theirs = self._seat(opponent, str(rival.id) if rival else "")
        pair = self._sides(mine, theirs, side)
        duel = await self._debater.convene(motion, formats.find(format), pair)
        vote = vote and interaction.guild_id is not None
        if vote:
            duel = duel.pause()
        async with self._starting:
            room = await self._room(interaction, duel)
            debate = await self._records.begin(
                guild=interaction.guild_id, channel=room.id, starter=interaction.user.id, duel=duel, pace=pace
            )
        where = f"The debate is open in <#{room.id}>." if room.id != interaction.channel_id else "The debate is open."
        await interaction.edit_original_response(content=where)
        await self._chair.open(debate, room, votes=vote)

    @start.autocomplete("opponent")
    @start.autocomplete("state")
    async def _states(self, _: Interaction, typed: str) -> seats.Choices:
        return seats.choices(self._debater.record, typed)

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
        await self._chair.pause(debate.channel)
        await interaction.response.send_message("The debate is paused; `/debate resume` goes on.")

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
        else:
            await self._chair.end(debate.channel)
        await interaction.edit_original_response(content="The debate is over.")

    @debate.command()
    async def export(self, interaction: Interaction) -> None:
        """The transcript, with every claim, citation, quote and source, as Markdown and as JSON."""
        debate = await self._chair.debate_in(interaction.channel_id)
        await interaction.response.send_message(files=_files(debate, self._debater), ephemeral=True)

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
        if not self._taken_up:
            self._taken_up = True
            await self._chair.take_up(self._conversation.hear)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        if self._chair.is_held_in(payload.thread_id):
            await self._chair.forget(payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._chair.leave(guild)

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
        code = self._debater.record.delegations.find(state).code if state else ""
        return Seat(side="for", state=code, person=person)

    def _sides(self, mine: Seat, theirs: Seat, side: Side | None) -> tuple[Seat, Seat]:
        """The side that was chosen, or the one that follows from what the delegations hold."""
        side = side or self._stance(mine) or other(self._stance(theirs) or "against")
        mine, theirs = mine.model_copy(update={"side": side}), theirs.model_copy(update={"side": other(side)})
        return (mine, theirs) if side == "for" else (theirs, mine)

    def _stance(self, seat: Seat) -> Side | None:
        if not seat.state:
            return None
        stance = self._debater.record.position_of(self._debater.record.delegations[seat.state]).stance
        return stance if stance in ("for", "against") else None

    async def _room(self, interaction: Interaction, duel: Duel) -> Room:
        """A new thread where there can be one; here otherwise. Raises OutOfOrder where the same debate is open."""
        channel = interaction.channel
        if isinstance(channel, discord.TextChannel):
            await self._refuse_twin(channel, duel)
            return await channel.create_thread(name=boards.name(duel), type=discord.ChannelType.public_thread)
        if isinstance(channel, discord.Thread | discord.DMChannel):
            return channel
        raise OutOfOrder("room", "a debate needs a text channel, a thread or a direct message; start it in one.")

    async def _refuse_twin(self, channel: discord.TextChannel, duel: Duel) -> None:
        here = {thread.id for thread in channel.threads}
        for debate in await self._records.open_debates():
            same = debate.duel.motion == duel.motion and debate.duel.seats == duel.seats
            if same and debate.channel in here:
                raise OutOfOrder("one debate a thread", f"that debate is open already, in <#{debate.channel}>.")


def _files(debate: Debate, debater: Debater) -> list[discord.File]:
    texts = {"md": transcript.in_markdown(debate.duel, debater.record), "json": documents.debate(debate.duel)}
    return [discord.File(io.BytesIO(text.encode()), f"debate-{debate.id}.{kind}") for kind, text in texts.items()]


def _written(data: Any) -> str:
    """What stands in the modal's field, wherever Discord put it."""
    if isinstance(data, dict):
        if data.get("custom_id") == TEXT:
            return str(data.get("value", ""))
        return "".join(_written(part) for part in (data.get("components"), data.get("component")))
    return "".join(map(_written, data)) if isinstance(data, list) else ""
