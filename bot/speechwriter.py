"""Has a language model put a speech into better words, within its time and money; what it cannot do stays as it was."""

import asyncio
import datetime
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from bot import translation
from bot.budget import OPERATOR, WHOSE, Amount, Asker, Ledger, Overspent
from bot.debate import Claim, Draft, Fault, Speech
from bot.drafters.model import Assignment, Task, reading
from bot.language import is_foreign
from bot.llm.chat import Message, Model, Shape, Usage
from bot.llm.circuit import PROVOKED, Circuit, tried
from bot.llm.failure import ModelFailure, Reason
from bot.llm.sketch import Reading, Sketch, Translated
from bot.question import asked
from bot.revision import Revision
from bot.steps import CHECKING, DRAFTING, Told
from knowledge.errors import QuestionError, RecordsError
from knowledge.record import Record

log = logging.getLogger(__name__)

SECONDS = 8.0  # that a model has for one answer in all, so that it comes within ten whatever happens

Now = Callable[[], datetime.datetime]


class Speechwriter:
    """For every seat. ``seconds``: that the model has for one answer."""

    def __init__(self, chat: Model, circuit: Circuit, ledger: Ledger, now: Now, seconds: float = SECONDS) -> None:
        self._chat, self._seconds, self._now = chat, seconds, now
        self.circuit, self.ledger = circuit, ledger

    def sitting(self, asker: Asker = OPERATOR) -> "Sitting":
        """For one answer; its time begins."""
        return Sitting(self._chat, self.circuit, _Purse(self.ledger, asker, self._now), self._seconds)


class Sitting:
    """What a model does for one answer."""

    def __init__(self, chat: Model, circuit: Circuit, purse: "_Purse", seconds: float) -> None:
        self._chat, self._circuit, self._purse = chat, circuit, purse
        self._until = asyncio.get_running_loop().time() + seconds
        self._failure: ModelFailure | None = None

    async def understood(self, question: str, seat: str, said: Sequence[str]) -> str:
        """What somebody means, as it can be searched for; nothing where that is not known. It is never shown."""
        try:
            async with self._attempt():
                read = await self._asked(reading(seat, question, said), Reading)
        except ModelFailure:
            return ""
        try:
            return asked(read.question)
        except QuestionError:
            return ""

    async def phrased(self, task: Task, record: Record, told: Told) -> Speech:
        """The speech in the model's words, as far as they hold, else as it was and why."""
        if not task.floor.answered:
            return task.floor
        assignment = Assignment(record, task, self._chat.name)
        told(DRAFTING)
        try:
            async with self._attempt():
                return await self._written(assignment, record, told)
        except ModelFailure as failure:
            return task.floor.model_copy(update={"remark": _remark(failure)})

    async def translated(self, speech: Speech, language: str, record: Record) -> Speech:
        """The speech in a language, as far as its lines come back as what they were."""
        lines = translation.lines_of(speech)
        try:
            async with self._attempt():
                there = (await self._asked(translation.there(lines, language), Translated)).lines
                back = (await self._asked(translation.back(tuple(there), language), Translated)).lines
        except ModelFailure:
            return speech
        pairs = await asyncio.to_thread(lambda: tuple(translation.sound(lines, there, back, language, record)))
        return speech.model_copy(update={"translations": pairs})

    @asynccontextmanager
    async def _attempt(self) -> AsyncIterator[None]:
        """What fails once fails for the whole answer, and counts once."""
        if self._failure:
            raise self._failure
        try:
            async with self._circuit.attempt():
                yield
        except ModelFailure as failure:
            self._failure = None if failure.reason in PROVOKED else failure
            raise

    async def _written(self, assignment: Assignment, record: Record, told: Told) -> Speech:
        """Raises ModelFailure where nothing of what the model drafts holds."""
        revision = Revision(assignment, record)
        sketch = await self._asked(assignment.messages, Sketch)
        told(CHECKING)
        good, faults = await asyncio.to_thread(revision.judge, assignment.draft(sketch))
        if faults:
            told(DRAFTING)
            better = await self._mended(assignment, sketch, faults, needed=not good)
            told(CHECKING)
            good = _merged((await asyncio.to_thread(revision.judge, better))[0], good) if better else good
        if not good:
            raise ModelFailure(await asyncio.to_thread(_why, sketch))
        return revision.speech(good, unanswered=bool(sketch.unanswered.strip()))

    async def _mended(
        self, assignment: Assignment, sketch: Sketch, faults: Sequence[Fault], *, needed: bool
    ) -> Draft | None:
        """The one chance to mend. Where something holds already, it may fail."""
        try:
            return assignment.draft(await self._asked(assignment.mending(sketch, faults), Sketch))
        except ModelFailure:
            if needed:
                raise
            return None

    async def _asked(self, messages: Sequence[Message], shape: type[Shape]) -> Shape:
        """Raises ModelFailure, also when the time is up."""
        if asyncio.get_running_loop().time() >= self._until:
            raise ModelFailure("slow")
        try:
            async with asyncio.timeout_at(self._until):
                return await tried(lambda: self._chat.ask(messages, shape, self._purse))
        except TimeoutError:
            raise ModelFailure("slow") from None


class _Purse:
    """Pays for the calls of one answer: the most that each can take before it, what it took afterwards."""

    def __init__(self, ledger: Ledger, asker: Asker, now: Now) -> None:
        self._ledger = ledger
        self._accounts = list(ledger.limits.accounts(asker, now()))
        self._reserved = Usage()

    async def reserve(self, most: Usage) -> None:
        """Raises ModelFailure (spent), also where nobody can tell what is left."""
        cost = self._ledger.limits.cost(most.prompt, most.answer)
        try:
            await self._ledger.charge(self._accounts, Amount(requests=1, tokens=most.tokens, cost=cost))
        except Overspent as over:
            raise ModelFailure("spent", f"nothing is left for {WHOSE[over.scope]}") from None
        except RecordsError:
            raise ModelFailure("spent", "what was spent cannot be looked up") from None
        self._reserved = most

    async def settle(self, used: Usage) -> None:
        limits, most = self._ledger.limits, self._reserved
        cost = limits.cost(most.prompt, most.answer) - limits.cost(used.prompt, used.answer)
        try:
            await self._ledger.refund(self._accounts, Amount(tokens=most.tokens - used.tokens, cost=cost))
        except RecordsError as error:
            log.warning("%s", error)  # the answer is there, and stays charged with the most it could take


def _remark(failure: ModelFailure) -> str:
    return f"Given without the language model: {failure}."


def _merged(better: Sequence[Claim], good: Sequence[Claim]) -> list[Claim]:
    """What was mended, and what was good already and is not among it."""
    mended = {citation.argument for claim in better for citation in claim.citations}
    return [*better, *(claim for claim in good if mended.isdisjoint(c.argument for c in claim.citations))]


def _why(sketch: Sketch) -> Reason:
    """Nothing of a sketch holds."""
    if not sketch.claims:
        return "silent"
    return "foreign" if is_foreign(" ".join(claim.text for claim in sketch.claims)) else "unsupported"
