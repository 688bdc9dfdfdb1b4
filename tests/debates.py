"""Debates to store."""

import datetime
from pathlib import Path
from typing import Any

from bot import formats
from bot.debate import Claim, cite
from bot.duel import Duel, Seat, Turn
from bot.records import Debate, Records
from knowledge.record import Record

AT = datetime.datetime(2026, 5, 4, 12, 30, 15, 123456, tzinfo=datetime.UTC)
THREAD, GUILD, STARTER = 2**62, 2**61, 2**60
OURS, THEIRS = Seat(side="for", state="FR", pleads="for"), Seat(side="against", person="42")


def url_of(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'demarche.db'}"


async def begun(records: Records, channel: int = THREAD, format: str = "classroom", **changes: Any) -> Debate:
    duel = Duel(motion="NATO has a role", format=formats.find(format), seats=(OURS, THEIRS), since=AT, **changes)
    return await records.begin(guild=GUILD, channel=channel, starter=STARTER, duel=duel, pace=2.5)


def turn_of(duel: Duel, **changes: Any) -> Turn:
    """The turn that is due."""
    due = duel.due
    assert due
    number = len(duel.turns)
    said = {
        "side": due.side,
        "kind": due.kind,
        "text": f"Turn {number}",
        "at": AT + datetime.timedelta(seconds=1),
        "event": str(1000 + number),
    }
    return Turn(**{**said, **changes})


def claim(record: Record, *arguments: str) -> Claim:
    return Claim(text="It has.", voice="contradicting", citations=cite(record, arguments), to="It has none.")
