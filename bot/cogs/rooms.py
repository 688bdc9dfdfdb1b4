"""What is remembered of each channel, and what is read back from it after a restart."""

import logging
from typing import TypeVar

import discord

from bot.cogs.imprint import Imprint
from bot.records import Records
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.errors import RecordsError, UnknownDelegation
from knowledge.record import Record

ROOMS = 10_000  # channels remembered at once
EVENTS = 5_000  # events remembered, some being delivered twice
STATE = "state"  # the setting of a channel
LOOKED_BACK = 50  # messages, for the last answer in a channel

log = logging.getLogger(__name__)

_Value = TypeVar("_Value")


class Rooms:
    """The state chosen in each channel and the last answer given there. A question can be answered while the database
    is not at hand: then only this process remembers.
    """

    def __init__(self, client: discord.Client, record: Record, records: Records) -> None:
        self._client, self._record, self._records = client, record, records
        self._chosen = _Latest[str | None](ROOMS)
        self._answers = _Latest[Imprint | None](ROOMS)
        self._events = _Latest[None](EVENTS)

    async def is_new(self, event: int) -> bool:
        """False when a message or interaction of that id was here before. Turns of a debate are not asked about: they
        are put on record together with their event.
        """
        seen = event in self._events
        self._events[event] = None
        if seen:
            return False
        try:
            return await self._records.is_new(event)
        except RecordsError as error:
            log.warning("%s", error)
            return True

    async def choose(self, channel: int | None, seat: Delegation) -> None:
        if channel is None:
            return
        self._chosen[channel] = seat.code
        try:
            await self._records.set(channel, STATE, seat.code)
        except RecordsError as error:
            log.warning("%s", error)

    def answered(self, channel: int | None, imprint: Imprint) -> None:
        if channel is not None:
            self._answers[channel] = imprint

    async def seat(self, channel: object) -> Delegation:
        """Who speaks here: the state chosen, else that of the last answer, else the rapporteur."""
        chosen = await self._choice(getattr(channel, "id", 0))
        if chosen is None and (last := await self.last_answer(channel)):
            chosen = last.state
        try:
            return self._record.delegations.find(chosen or RAPPORTEUR.code)
        except UnknownDelegation:
            return RAPPORTEUR

    async def _choice(self, channel: int) -> str | None:
        if channel not in self._chosen:
            try:
                self._chosen[channel] = await self._records.setting(channel, STATE)
            except RecordsError as error:
                log.warning("%s", error)
                return None
        return self._chosen[channel]

    async def last_answer(self, channel: object) -> Imprint | None:
        """The last answer given in a channel; looked up there once after a restart."""
        if not isinstance(channel, discord.abc.Messageable):
            return None
        id: int = getattr(channel, "id", 0)
        if id not in self._answers:
            self._answers[id] = await self._found_in(channel)
        return self._answers[id]

    async def _found_in(self, channel: discord.abc.Messageable) -> Imprint | None:
        try:
            async for message in channel.history(limit=LOOKED_BACK):
                if message.author == self._client.user and (imprint := Imprint.on(message)):
                    return imprint
        except (discord.Forbidden, discord.NotFound):
            return None  # a channel the bot is not in, where somebody brought their own copy of the commands
        return None


class _Latest(dict[int, _Value]):
    """Keeps the ``most`` entries written last."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: int, value: _Value) -> None:
        self.pop(key, None)
        super().__setitem__(key, value)
        if len(self) > self._most:
            del self[next(iter(self))]
