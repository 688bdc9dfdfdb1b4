"""A circuit breaker around the model: after several failures it is left alone for a while, then tried once."""

import asyncio
import datetime
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Literal, TypeVar

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from purgatory.service._async.circuitbreaker import AsyncCircuitBreaker
from pydantic import BaseModel, ConfigDict
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from bot.llm.failure import SAYS, ModelFailure, Reason

FAILURES = 3  # in a row, after which the model is left alone
ATTEMPTS = 2
UNASKED: tuple[Reason, ...] = ("spent", "resting")  # it did not come to that
# It answered, if to no use, and people can make it do that: nobody may have it left alone for all others.
PROVOKED: tuple[Reason, ...] = ("silent", "refusing", "foreign", "unsupported")
REST = 60.0  # seconds until it is tried again

log = logging.getLogger(__name__)


class Health(BaseModel):
    """How the model does. ``reason``: of the last failure, where it has not answered since; ``at``: when that was."""

    model_config = ConfigDict(frozen=True)

    model: str
    state: Literal["working", "failing", "resting", "untried"] = "untried"
    reason: Reason | None = None
    at: datetime.datetime | None = None

    @property
    def says(self) -> str:
        """Of the model, as the end of a sentence that names it."""
        if self.state == "untried":
            return "has not been asked yet"
        if self.state == "working" or self.reason is None or self.at is None:
            return "answers"
        when = f"{SAYS[self.reason]} ({self.at:%d %B %Y, %H:%M} UTC)"
        rest = f"; it is left alone for {REST:.0f} seconds at a time, and every answer is given without it"
        return f"failed: {when}{rest if self.state == 'resting' else ''}"


Told = Callable[[Health], None]


def _unheard(_: Health) -> None:
    """For those who do not follow it."""


T = TypeVar("T")


class Circuit:
    """``told`` hears of every change of health."""

    def __init__(self, model: str, told: Told = _unheard, *, failures: int = FAILURES, rest: float = REST) -> None:
        self._breakers = AsyncCircuitBreakerFactory(default_threshold=failures, default_ttl=rest)
        self._probing = asyncio.Lock()
        self._told = told
        self.health = Health(model=model)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """What fails inside is counted. Raises ModelFailure (resting) while the model is left alone, and for all but
        the one attempt by which it is tried again.
        """
        breaker = await self._breakers.get_breaker(self.health.model)
        if breaker.context.state == "closed":
            async with self._counted(breaker):
                yield
            return
        if self._probing.locked():
            raise ModelFailure("resting")
        async with self._probing, self._counted(breaker):
            yield

    @asynccontextmanager
    async def _counted(self, breaker: AsyncCircuitBreaker) -> AsyncIterator[None]:
        try:
            await breaker.__aenter__()
        except OpenedState:
            raise ModelFailure("resting") from None
        try:
            yield
        except ModelFailure as failed:
            if failed.reason in PROVOKED:
                await self._answered(breaker)
            elif failed.reason not in UNASKED:
                await self._failed(breaker, failed)
            raise
        await self._answered(breaker)

    async def _answered(self, breaker: AsyncCircuitBreaker) -> None:
        await breaker.__aexit__(None, None, None)
        if breaker.context.state == "closed":  # an answer from before it was left alone does not end that
            self._note("working")

    async def _failed(self, breaker: AsyncCircuitBreaker, failed: ModelFailure) -> None:
        await breaker.__aexit__(type(failed), failed, failed.__traceback__)
        self._note("failing" if breaker.context.state == "closed" else "resting", failed.reason)

    def _note(self, state: Literal["working", "failing", "resting"], reason: Reason | None = None) -> None:
        before, at = self.health, datetime.datetime.now(datetime.UTC)
        self.health = before.model_copy(update={"state": state, "reason": reason, "at": at})
        if (before.state, before.reason) != (state, reason):
            log.info("The language model %s %s.", before.model, self.health.says)
            self._told(self.health)


async def tried(call: Callable[[], Awaitable[T]]) -> T:
    """What a call gives, the second time if what failed the first may pass. Raises ModelFailure."""
    again = AsyncRetrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.25, max=1.0),
        retry=retry_if_exception(lambda error: isinstance(error, ModelFailure) and error.is_passing),
        reraise=True,
    )

    async def once() -> T:
        return await call()

    return await again(once)
