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
from bot.cogs.conversation import Conversation
from bot.cogs.reading import Reading
from bot.cogs.refusal import note, refuse, whispering
from bot.cogs.rooms import Rooms
from bot.delegate import Delegate
from bot.settings import Settings
from knowledge.errors import SettingsError

REFUSED = (
    "Discord refuses the token; reset it in the Developer Portal (Bot, Reset Token) and put it into .env as "
    "DISCORD_TOKEN."
)
UNREACHED = "Discord cannot be reached; check the network of this machine and start again."

log = logging.getLogger(__name__)


class Tree(app_commands.CommandTree["Client"]):
    async def interaction_check(self, interaction: discord.Interaction["Client"], /) -> bool:
        return interaction.client.rooms.is_new(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction["Client"], error: app_commands.AppCommandError, /
    ) -> None:
        await refuse(error, whispering(interaction))


class Client(commands.Bot):
    """Commands in servers, direct messages and wherever a user brings them; pings nobody, ever."""

    def __init__(self, delegate: Delegate) -> None:
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
        )
        self.delegate = delegate
        self.rooms = Rooms(self, delegate.record)

    async def setup_hook(self) -> None:
        await self.add_cog(Asking(self, self.delegate, self.rooms))
        await self.add_cog(Reading(self.delegate.record, self.rooms))
        await self.add_cog(Conversation(self, self.delegate, self.rooms))
        self.add_dynamic_items(*PERSISTENT)
        await self.tree.sync()

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
    asyncio.run(_serve(Client(delegate), settings.required_token()))


async def _serve(client: Client, token: str) -> None:
    async with client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            raise SettingsError(REFUSED) from None
        except (aiohttp.ClientConnectionError, OSError, TimeoutError):
            raise SettingsError(UNREACHED) from None
        await client.connect()
