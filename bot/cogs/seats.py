"""Seats as people choose them in a command."""

from discord import app_commands

from knowledge.delegation import Delegation
from knowledge.record import Record

CHOICES = 25  # what Discord shows

Choices = list[app_commands.Choice[str]]


def choices(record: Record, typed: str) -> Choices:
    """The delegations that fit what was typed so far."""
    return _offered(record.delegations.matching(typed))


def speakers(record: Record, typed: str) -> Choices:
    """As ``choices``, of those that have a delegate."""
    return _offered([seat for seat in record.delegations.matching(typed) if seat.seated])


def debaters(record: Record, typed: str) -> Choices:
    """As ``choices``, without the rapporteur, and first those that have a case on record."""
    found = [seat for seat in record.delegations.matching(typed) if seat.seated and not seat.is_neutral]
    return _offered(sorted(found, key=lambda seat: not record.position_of(seat).argues))


def _offered(found: list[Delegation]) -> Choices:
    shown = found[:CHOICES]
    return [app_commands.Choice(name=f"{seat.flag} {seat.name} ({seat.code})", value=seat.code) for seat in shown]
