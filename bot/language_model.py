"""The language model of the settings, joined with what it needs: its circuit breaker, its budget, its speechwriter."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.address import MOTION
from bot.budget import Limits
from bot.language import language_of
from bot.llm import chat
from bot.llm.chat import Model
from bot.llm.circuit import Circuit, Health
from bot.records import Records
from bot.settings import Settings
from bot.speechwriter import Speechwriter
from knowledge.errors import RecordsError

HERE, HEALTH = 0, "language model"  # the setting under which its health is kept

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LanguageModel:
    """``seconds``: that it has for one answer."""

    chat: Model
    limits: Limits
    seconds: float

    async def writer(self, records: Records, now: Callable[[], datetime]) -> Speechwriter:
        """Who has it put speeches into better words, and pays from the records. Its health is kept there."""
        keeping: set[asyncio.Task[Any]] = set()

        def keep(health: Health) -> None:
            task = asyncio.create_task(_kept(records, health))
            keeping.add(task)
            task.add_done_callback(keeping.discard)

        warming = asyncio.create_task(asyncio.to_thread(language_of, MOTION))  # before the first answer needs it
        keeping.add(warming)
        warming.add_done_callback(keeping.discard)
        circuit = Circuit(self.chat.name, keep)
        kept = await health_in(records)
        if kept and kept.model == self.chat.name:
            circuit.health = kept.model_copy(update={"state": "failing"}) if kept.state == "resting" else kept
        return Speechwriter(self.chat, circuit, records.ledger(self.limits), now, self.seconds)


def configured(settings: Settings) -> LanguageModel | None:
    """The one that the settings name, if they do. Raises SettingsError."""
    return named(settings) if settings.model else None


def named(settings: Settings) -> LanguageModel:
    """The one that the settings name. Raises SettingsError."""
    return LanguageModel(chat.opened(settings), settings.limits, settings.model_seconds)


async def health_in(records: Records) -> Health | None:
    """How the model did when it was last asked, by whoever shares the records."""
    kept = await records.setting(HERE, HEALTH)
    return Health.model_validate_json(kept) if kept else None


async def _kept(records: Records, health: Health) -> None:
    try:
        await records.set(HERE, HEALTH, health.model_dump_json())
    except RecordsError as error:
        log.warning("%s", error)
