"""Seats as people choose them in a command."""

from discord import app_commands

from knowledge.record import Record

CHOICES = 25  # what Discord shows

Choices = list[app_commands.Choice[str]]


def choices(record: Record, typed: str) -> Choices:
    """The delegations that fit what was typed so far."""
    seats = record.delegations.matching(typed)[:CHOICES]
    return [app_commands.Choice(name=f"{seat.flag} {seat.name} ({seat.code})", value=seat.code) for seat in seats]
