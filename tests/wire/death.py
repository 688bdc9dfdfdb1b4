"""When the bot dies: at any moment, or between Discord's doing what was asked and the bot's knowing of it."""

import asyncio
import random
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from tests.wire.process import Bot
from tests.wire.routes import MESSAGES
from tests.wire.server import Discord

PATIENCE = 1.5  # seconds in which a request is waited for

Asking = tuple[str, str]  # method and path

AT_START: tuple[Asking, ...] = (("POST", MESSAGES), ("GET", MESSAGES))


class Death(NamedTuple):
    """``amid``: the request whose reply it does not live to see, after ``passing`` of its kind; None for any moment."""

    amid: Asking | None = None
    passing: int = 0
    seconds: float = 0.0

    async def come(self, discord: Discord, bot: Bot) -> bool:
        """Kill the bot; whether it was amid that request."""
        if self.amid is None:
            await asyncio.sleep(self.seconds)
            bot.kill()
            return False
        known = len(discord.requests)
        await self._asked(discord, known, self.passing)
        async with discord.holding(*self.amid):
            caught = await self._asked(discord, len(discord.requests), 1)
            await asyncio.sleep(self.seconds)
            bot.kill()
        return caught

    async def _asked(self, discord: Discord, since: int, times: int) -> bool:
        """Whether that was asked so often, within a while."""
        method, path = self.amid or ("", "")
        route = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        with suppress(AssertionError):
            await discord.until(
                lambda: sum(each.method == method and route.fullmatch(each.path) is not None
                            for each in discord.requests[since:]) >= times,
                PATIENCE,
            )  # fmt: skip
            return True
        return False


def at_work(chance: random.Random, asks: Sequence[Asking], *, amid: bool) -> Death:
    """While turns are spoken; ``amid`` one of the requests that are made for it, or at any moment."""
    if not asks or not amid:
        return Death(seconds=chance.uniform(0.0, 0.6))
    return Death(chance.choice(asks), chance.choice((0, 0, 0, 1)), chance.uniform(0.0, 0.05))


def at_start(chance: random.Random) -> Death:
    """While it starts, or takes up what is open."""
    if chance.random() < 0.5:
        return Death(seconds=chance.uniform(0.5, 2.5))
    return Death(chance.choice(AT_START), 0, chance.uniform(0.0, 0.05))
