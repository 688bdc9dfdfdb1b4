"""Waiting for an answer in view of whoever asked."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.debate import Speech
from bot.steps import READING, Told

PATIENCE = 0.7  # seconds until a step is shown: an answer that comes sooner needs none

Answering = Callable[[Told], Coroutine[Any, Any, Speech]]
Show = Callable[[str], Awaitable[object]]


async def awaited(answering: Answering, show: Show) -> Speech:
    """The answer. While it takes its time, ``show`` is given the step it is at."""
    steps, shown = [READING], ""
    task = asyncio.create_task(answering(steps.append))
    try:
        while not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
            if steps[-1] != shown:
                shown = steps[-1]
                await show(shown)
        return task.result()
    finally:
        task.cancel()
