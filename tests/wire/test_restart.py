"""What outlives the bot when it dies."""

from pathlib import Path

from tests.wire.process import Bot
from tests.wire.routes import MESSAGES
from tests.wire.server import Discord
from tests.wire.shapes import custom_ids
from tests.wire.talk import Talk

STOPPED = 130  # the exit code after Ctrl+C


async def test_a_bot_killed_while_it_speaks_has_spoken_once_and_answers_again(discord: Discord, data: Path) -> None:
    talk = Talk(discord)
    with Bot(discord, data) as bot:
        await bot.start()
        async with discord.holding("POST", MESSAGES):
            before = await talk.ask()
            bot.kill()
        await discord.until(lambda: not discord.connected.is_set())
        await bot.start()
        assert discord.logins == 2
        assert await talk.shown(await discord.press(before, custom_ids(before)[0], discord.alice))
        after = await talk.ask()
        assert [each for each in discord.messages(discord.channel) if each["author"]["id"] == discord.bot.id] == [
            before,
            after,
        ]
        assert bot.stop() == STOPPED
