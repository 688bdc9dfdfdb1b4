"""Points of an opponent, and what a seat may say to them."""

import random
from collections.abc import Iterator, Mapping

from bot.debate import Proposal
from bot.drafters.reply import Challenge
from knowledge.findings import Bearing, Heard
from knowledge.record import Record

# They cover every leaning: one is opposed, two are supportive, two cautious and two divided.
CODES = ("FR", "LT", "DE", "HU", "US", "JP", "NATO")
WITHOUT_POSITION = ("AL", "LU", "SK")  # of whom no position is on record
SEED, SAMPLED = 4, 300


def put(record: Record, argument: str, again: bool = False) -> Challenge:
    """The point as a delegate of ours puts it."""
    known = record.arguments[argument]
    return Challenge(known.claim, makes=known, again=again)


def heard(
    record: Record, text: str, says: Mapping[str, float] | None = None, counters: Mapping[str, float] | None = None
) -> Challenge:
    """A point in somebody's own words, near to some arguments and to what others answer, and far from the rest."""
    bearings = tuple(
        Bearing(argument, (says or {}).get(id, 0.1), (counters or {}).get(id, 0.1))
        for id, argument in record.arguments.items()
        if not argument.is_bare
    )
    return Challenge(text, heard=Heard(text, bearings, 1.0))


def behind(claim: Proposal) -> set[str]:
    """The ids of the arguments that it is made of."""
    return {quoted.argument for quoted in claim.quotes}


def own(record: Record, code: str) -> set[str]:
    return {*record.positions[code].held}


def may_say(record: Record, code: str) -> set[str]:
    return own(record, code) | {*record.positions[code].argues}


def allowed(record: Record, code: str) -> set[str]:
    return may_say(record, code) | {*record.positions[code].concedes}


def every_point(record: Record) -> Iterator[tuple[str, str]]:
    return ((code, id) for code in CODES for id in record.arguments)


def some_points(record: Record) -> list[tuple[str, str]]:
    """Points drawn from all that argue anything, the same each time."""
    arguing = [(code, id) for code, id in every_point(record) if not record.arguments[id].is_bare]
    return random.Random(SEED).sample(arguing, SAMPLED)


def answers_with(record: Record, code: str) -> set[str]:
    """What it says and argues, and of what it concedes what does not plead for the other side."""
    opposed = {"for": "against", "against": "for"}.get(record.positions[code].stance)
    return may_say(record, code) | {id for id in allowed(record, code) if record.arguments[id].side != opposed}
