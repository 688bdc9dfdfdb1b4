"""What a test says to the bot, and waits to hear."""

from typing import NamedTuple

from tests.wire.interactions import Interaction
from tests.wire.server import Discord
from tests.wire.state import Json

QUESTION = "Should NATO open an office in Tokyo?"


class Talk(NamedTuple):
    """A server in which the bot is logged in."""

    discord: Discord

    async def ask(self, text: str = QUESTION, *, times: int = 1) -> Json:
        """What the bot replies when it is mentioned."""
        discord = self.discord
        said = await discord.say(discord.channel, discord.alice, text, mention_bot=True, times=times)
        return await self.answer(said)

    async def answer(self, said: Json) -> Json:
        """The one finished reply to a message: it has a card."""
        discord = self.discord
        (answer,) = await discord.until(lambda: [reply for reply in discord.replies(said) if reply["embeds"]])
        return answer

    async def slash(self, name: str, **options: str) -> Interaction:
        discord = self.discord
        return await discord.slash(discord.channel, discord.alice, name, options=options)

    async def shown(self, interaction: Interaction) -> Json:
        return await self.discord.until(lambda: interaction.message) or {}
