"""The Discord client: joins the commands, and needs no privileged intent."""

import asyncio
import logging
import sys
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.asking import Asking
from bot.cogs.buttons import PERSISTENT
from bot.cogs.chair import Chair
from bot.cogs.comparing import Comparing
from bot.cogs.conversation import Conversation
from bot.cogs.debate_buttons import OF_DEBATES
from bot.cogs.debating import Debating
from bot.cogs.reading import Reading
from bot.cogs.refusal import note, refuse, whispering
from bot.cogs.rooms import Rooms
from bot.cogs.spending import Spending
from bot.debater import Debater, Now, utc
from bot.delegate import Delegate
from bot.language_model import LanguageModel, configured
from bot.records import Records
from bot.settings import Settings
from knowledge.errors import SettingsError

REFUSED = (
    "Discord refuses the token; reset it in the Developer Portal (Bot, Reset Token) and put it into .env as "
    "DISCORD_TOKEN."
)
SETTLED = 0.5  # seconds after the last server was told, until debates are taken up; members are not waited for
SAY = "say"  # the command whose event is a turn of a debate
UNREACHED = "Discord cannot be reached; check the network of this machine and start again."

log = logging.getLogger(__name__)


class Tree(app_commands.CommandTree["Client"]):
    async def interaction_check(self, interaction: discord.Interaction["Client"], /) -> bool:
        """A turn is put on record together with its event; everything else is handled once."""
        if interaction.command and interaction.command.qualified_name == SAY:
            return True
        return await interaction.client.rooms.is_new(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction["Client"], error: app_commands.AppCommandError, /
    ) -> None:
        await refuse(error, whispering(interaction))


class Client(commands.Bot):
    """Commands in servers, direct messages and wherever a user brings them; pings nobody, ever."""

    rooms: Rooms
    chair: Chair

    def __init__(self, delegate: Delegate, database: str, now: Now = utc, llm: LanguageModel | None = None) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody will miss a voice here
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        super().__init__(
            commands.when_mentioned,
            tree_cls=Tree,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            max_messages=None,
            guild_ready_timeout=SETTLED,
        )
        self.delegate = delegate
        self._database, self._now, self._llm = database, now, llm
        self._records: Records | None = None

    async def setup_hook(self) -> None:
        """Raises RecordsError when the database cannot be used."""
        records = self._records = await Records.open(self._database, self.delegate.record)
        writer = await self._llm.writer(records, self._now) if self._llm else None
        self.delegate = self.delegate.written_by(writer) if writer else self.delegate
        self._debater = Debater(self.delegate, self._now)
        self.rooms = Rooms(self, self.delegate.record, records)
        self.chair = Chair(self, self._debater, records, self._now)
        conversation = Conversation(self, self.delegate, self.rooms, self.chair)
        await self.add_cog(Asking(self, self.delegate, self.rooms))
        await self.add_cog(Comparing(self.delegate))
        await self.add_cog(Reading(self.delegate.record, self.rooms))
        await self.add_cog(Spending(self.delegate, self._now))
        await self.add_cog(conversation)
        await self.add_cog(Debating(self, self._debater, records, self.chair, conversation))
        self.add_dynamic_items(*PERSISTENT, *OF_DEBATES)
        await self.tree.sync()

    async def close(self) -> None:
        await super().close()
        if self._llm is not None:
            await self._llm.chat.close()
        if self._records is not None:
            await self._records.close()

    async def on_ready(self) -> None:
        log.info("Logged in as %s, in %d servers.", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no prefix commands; mentions are the Conversation's."""

    async def on_error(self, event: str, /, *_: Any, **__: Any) -> None:
        error = sys.exc_info()[1]
        log.error("An error in %s:", event)
        if error is not None:
            note(error)


def run(settings: Settings, delegate: Delegate) -> None:
    """Serve until stopped. Raises SettingsError when there is no token or Discord does not take it."""
    asyncio.run(_serve(Client(delegate, settings.database, llm=configured(settings)), settings.required_token()))


async def _serve(client: Client, token: str) -> None:
    async with client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            raise SettingsError(REFUSED) from None
        except (aiohttp.ClientConnectionError, OSError, TimeoutError):
            raise SettingsError(UNREACHED) from None
        await client.connect()
