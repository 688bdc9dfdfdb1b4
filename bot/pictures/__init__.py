"""What the record looks like: the map of positions and the timeline of texts."""

import asyncio
from collections.abc import Callable
from threading import Lock
from typing import Literal

from bot.pictures.map import draw as draw_map
from bot.pictures.picture import Picture
from bot.pictures.timeline import draw as draw_timeline
from knowledge.record import Record

__all__ = ["Kind", "Picture", "draw", "drawn"]

Kind = Literal["map", "timeline"]

_DRAWS: dict[Kind, Callable[[Record], Picture]] = {"map": draw_map, "timeline": draw_timeline}
_ONE_AT_A_TIME = Lock()  # Matplotlib is not safe for threads


def draw(kind: Kind, record: Record) -> Picture:
    """What has been drawn already is not drawn again."""
    with _ONE_AT_A_TIME:
        return _DRAWS[kind](record)


async def drawn(kind: Kind, record: Record) -> Picture:
    """As ``draw``, while everything else goes on."""
    return await asyncio.to_thread(draw, kind, record)
