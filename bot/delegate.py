"""One question -> one speech."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.address import MOTION, names_only, put_at_large, put_to, scope_of
from bot.budget import OPERATOR, Asker
from bot.debate import Draft, Speech
from bot.drafters import Brief
from bot.drafters.extractive import ExtractiveDrafter
from bot.drafters.model import Task
from bot.drafters.rebuttal import WORDS, Rebutter
from bot.drafters.reply import ENOUGH, Challenge
from bot.drafters.tour import Tour
from bot.ladder import deliver
from bot.language import is_foreign, language_of
from bot.question import asked
from bot.speechwriter import Sitting, Speechwriter
from bot.statement import claims_in, presses
from bot.steps import DRAFTING, READING, Told, unheard
from knowledge.annotated import NOBODY, SPEAKER
from knowledge.date import Date
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.errors import SettingsError, Unsupported
from knowledge.findings import Findings, Heard
from knowledge.library import Library
from knowledge.record import Record

BY_WORDS = "The index is being rebuilt: until then only what is asked in the record's own words is found."
NO_MODEL = "Plain words take a language model, and none is set up here; the README says how (“A language model”)."
PLAIN_WORDS = 140  # what is said plainly may take
BESIDE = 6  # arguments that a model may say beside what the floor says
ELLIPTIC = 6  # words of a question that may lean on what was said before
NEAR = 0.7  # share of the best score from which one is among them

DAYS = 16  # dates whose record is kept at hand


class Delegate:
    """Speaks for any seat. The library is searched off the event loop. ``writer``: who puts what is said into better
    words, if anybody does.
    """

    def __init__(self, library: Library, writer: Speechwriter | None = None) -> None:
        self._library, self.writer = library, writer
        self._extractive = ExtractiveDrafter(library.record)

    @property
    def record(self) -> Record:
        return self._library.record

    def until(self, date: Date | None) -> "Delegate":
        """The delegate who knows what was on record on that day, and nothing newer."""
        return self if date is None or date == self.record.as_of else self._at(date)

    @lru_cache(maxsize=DAYS)  # noqa: B019 - there are few delegates, and they live as long as the process
    def _at(self, date: Date) -> "Delegate":
        return Delegate(self._library.until(date), self.writer)

    def written_by(self, writer: Speechwriter | None) -> "Delegate":
        """The same delegate, whose words are put by somebody else."""
        return self if writer is self.writer else Delegate(self._library, writer)

    async def answer(
        self,
        question: str,
        seat: Delegation,
        told: Told = unheard,
        *,
        asker: Asker = OPERATOR,
        said: Sequence[str] = (),
    ) -> Speech:
        """The seat's answer, or a speech without claims that says why there is none. ``said``: the lines of the
        conversation before, oldest first. Raises QuestionError.
        """
        question, sitting = asked(question), self._sitting(asker)
        told(READING)
        brief = await self._understood(question, seat, sitting, said)
        if brief is None:
            return await asyncio.to_thread(self._silent, seat, question)
        told(DRAFTING)
        floor = self._delivered(self._extractive.draft(brief), seat, question, brief.findings)
        task = Task("question", floor, question, tuple(said), beside=self._beside(brief))
        return await self._translated(sitting, await self._phrased(sitting, task, told), question)

    async def _understood(
        self, question: str, seat: Delegation, sitting: Sitting | None, said: Sequence[str]
    ) -> Brief | None:
        """What the question finds on record, as it stands or as a model reads it; None where that is nothing."""
        brief = await self._brief(question, seat)
        is_answered = await self._is_answered(brief)
        goes_on = bool(said) and len(question.split()) <= ELLIPTIC
        if sitting is None or (is_answered and not goes_on):
            return brief if is_answered else None
        if meant := await sitting.understood(question, seat.in_sentence, said):
            read = await self._brief(meant, seat)
            if await self._is_answered(read):
                return read
        return brief if is_answered else None

    async def _brief(self, question: str, seat: Delegation) -> Brief:
        put = put_to(seat, question)
        scope = scope_of(question, self.record.delegations, self.record.names) if seat.is_neutral else ()
        gains = dict.fromkeys(scope, 0.0) if seat.is_neutral else {seat.code: SPEAKER}
        findings = at_large = await self.search(put, gains)
        if not seat.is_neutral:
            at_large = await self.search(put_at_large(put, [seat]), dict.fromkeys(gains, 0.0))
        return Brief(question, seat, findings, at_large, scope)

    async def _is_answered(self, brief: Brief) -> bool:
        """Whether the record speaks to the question."""
        if names_only(brief.question, self.record.names) or Tour(self.record, brief).is_of_the_table:
            return True
        return brief.findings.is_near_enough or await self._is_near_at_large(put_to(brief.seat, brief.question))

    def _beside(self, brief: Brief) -> tuple[str, ...]:
        """What else is near to the question (ids), best first."""
        matches = brief.findings.matches
        return tuple(m.argument.id for m in matches[:BESIDE] if m.score >= NEAR * matches[0].score)

    def _sitting(self, asker: Asker) -> Sitting | None:
        return self.writer.sitting(asker) if self.writer else None

    async def _translated(self, sitting: Sitting | None, speech: Speech, question: str) -> Speech:
        """In the language of the question, where a model can tell it."""
        if sitting is None or not speech.answered:
            return speech
        language = await asyncio.to_thread(language_of, question)
        return await sitting.translated(speech, language, self.record) if language else speech

    async def plainly(self, speech: Speech, asker: Asker = OPERATOR, told: Told = unheard) -> Speech:
        """The same in plain words. Raises SettingsError where there is no model to find them."""
        if self.writer is None:
            raise SettingsError(NO_MODEL)
        task = Task("plain", speech, speech.question, words=PLAIN_WORDS)
        return await self._phrased(self._sitting(asker), task, told)

    async def phrased(self, task: Task, asker: Asker = OPERATOR) -> Speech:
        """A speech in better words, if there is anybody to find them."""
        return await self._phrased(self._sitting(asker), task, unheard)

    async def _phrased(self, sitting: Sitting | None, task: Task, told: Told) -> Speech:
        return await sitting.phrased(task, self.record, told) if sitting else task.floor

    async def other_side(self, arguments: list[str], seat: Delegation, question: str) -> Speech:
        """What the record says against the arguments (ids) that the seat put forward."""
        findings = await self.search(question or self.record.arguments[arguments[0]].claim)
        draft = self._extractive.other_side(seat, arguments, findings)
        if not draft.claims:
            return self.unanswered(seat, question, "The record holds nothing that speaks against that.")
        return self._delivered(draft, seat, question, findings)

    async def rebut(
        self,
        statement: str,
        seat: Delegation,
        told: Told = unheard,
        *,
        asker: Asker = OPERATOR,
        said: Sequence[str] = (),
    ) -> Speech:
        """The seat's reply to somebody's claims; the rapporteur weighs them. Raises QuestionError."""
        if seat.is_neutral:
            return await self.check(statement, told)
        sitting = self._sitting(asker)
        told(READING)
        known, pressed, meant = await self._known(statement), presses(statement, seat.forms), ""
        if sitting and not known and not pressed:
            meant = await sitting.understood(statement, seat.in_sentence, said)
            known = await self._known(meant) if meant else []
        if not known and not pressed:
            return await asyncio.to_thread(self._silent, seat, statement)
        unsure = known and not any(each.is_near_enough for each in known)
        if unsure and await asyncio.to_thread(is_foreign, statement):
            return await asyncio.to_thread(self._silent, seat, statement)
        told(DRAFTING)
        # A model's reading is never given back as if somebody had said it.
        challenges = [Challenge("" if meant else each.statement, heard=each) for each in known]
        rebuttal = Rebutter(self.record, seat).rebut(challenges, pressed=pressed)
        floor = self.delivered(rebuttal.draft, seat, statement, self._borne_on(known))
        speech = await self._phrased(sitting, Task("rebuttal", floor, statement, tuple(said), WORDS), told)
        return await self._translated(sitting, speech, statement)

    async def _known(self, statement: str) -> list[Heard]:
        """The claims of a statement to which the record speaks."""
        return [each for each in await self.hear(statement) if each.is_known]

    def _borne_on(self, heard: Sequence[Heard]) -> list[str]:
        """The passages (ids) of all that the claims heard come near to."""
        near = (b.argument.id for each in heard for b in each.bearings if max(b.says, b.counters) >= ENOUGH)
        return [ground for id in near for ground in self.record.grounds[id]]

    async def hear(self, statement: str) -> list[Heard]:
        """What the library hears in each claim of a statement. Raises QuestionError."""
        claims = claims_in(statement)
        return await asyncio.to_thread(lambda: [self._library.hear(claim) for claim in claims])

    async def hear_whole(self, statement: str) -> Heard:
        """What the library hears in a statement that is not taken apart. Raises QuestionError."""
        return await asyncio.to_thread(self._library.hear, asked(statement))

    def delivered(self, draft: Draft, seat: Delegation, question: str, found: Sequence[str] = ()) -> Speech:
        """What is vouched for of a draft that rests on the seat's own record, and on the passages ``found`` (ids)."""
        try:
            return self._told(deliver(draft, seat, self.record, question, found))
        except Unsupported:
            said = draft.opening or f"The record holds nothing that {seat.in_sentence} could say to that."
            return self.unanswered(seat, question, said)

    async def check(self, statement: str, told: Told = unheard) -> Speech:
        """What the record says for and against a statement of somebody's. Raises QuestionError."""
        told(READING)
        findings = await self.search(statement)
        if not findings.is_near_enough:
            return await asyncio.to_thread(self._silent, RAPPORTEUR, findings.question)
        return self._delivered(self._extractive.both_sides_of(findings), RAPPORTEUR, findings.question, findings)

    async def search(self, question: str, of: Mapping[str, float] = NOBODY) -> Findings:
        """``of``: the delegations (codes) that are asked, and what their facts have before the article."""
        return await asyncio.to_thread(self._library.search, asked(question), of)

    async def _is_near_at_large(self, question: str) -> bool:
        """Whether the record speaks to it once every state is left out: some it has never heard of."""
        at_large = put_at_large(question, [seat for seat in self.record.delegations if seat.kind == "member"])
        if at_large == question or await asyncio.to_thread(is_foreign, question):
            return False
        return (await self.search(at_large)).is_near_enough

    def _delivered(self, draft: Draft, seat: Delegation, question: str, findings: Findings) -> Speech:
        try:
            return self._told(deliver(draft, seat, self.record, question, [hit.passage.id for hit in findings.hits]))
        except Unsupported:
            told = "" if draft.claims else next(iter((draft.opening, *draft.notices)), "")
            return self.unanswered(seat, question, told) if told else self._silent(seat, question)

    def _silent(self, seat: Delegation, question: str) -> Speech:
        if question and is_foreign(question):
            notice = "The library reads English; please ask in English."
        else:
            notice = (
                "Nothing in the library speaks to that. It covers NATO, China and the Indo-Pacific; "
                f"try “{self._suggestion(seat)}”"
            )
        return self.unanswered(seat, question, notice)

    def unanswered(self, seat: Delegation, question: str, notice: str) -> Speech:
        """A speech without claims, and why."""
        position = self.record.position_of(seat)
        return self._told(Speech(seat=seat, question=question, position=position, drafter="none", notices=(notice,)))

    def _told(self, speech: Speech) -> Speech:
        """With the notice that more may be on record, as long as not all of it can be found."""
        if self._library.is_complete:
            return speech
        return speech.model_copy(update={"notices": (*speech.notices, BY_WORDS)})

    def _suggestion(self, seat: Delegation) -> str:
        """A question that the seat's own record answers."""
        holds = self.record.position_of(seat).holds
        known = [holds[-1].arguments[0]] if holds else self.record.arguments
        return next((self.record.arguments[id].questions[0] for id in known), MOTION)
