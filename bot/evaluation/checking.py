"""How well the ladder tells sound drafts from spoilt ones: measured on real drafts, spoilt in ten ways; on rewordings,
faithful and not; on claims and evidence of the world at large; and on what an obedient model says when it is attacked.
"""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from bot.debate import Claim, Draft, Proposal, Quoted, grounds_of
from bot.delegate import Delegate
from bot.evaluation.corruption import FAMILIES, Family, Spoiler, corruptions
from bot.evaluation.debating import Opposed
from bot.evaluation.delegations import Put
from bot.evaluation.reading import read
from bot.ladder import judged
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.paraphrase import Known
from knowledge.record import Record

SEED, EACH = 5, 300  # of the spoilt drafts, and how many a family


class Reworded(BaseModel):
    """An argument (id) in somebody's words. ``fault``: what is wrong with them, where they are not faithful."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    argument: str
    text: str
    faithful: bool
    fault: str = ""


class Evidenced(BaseModel):
    """A claim of WiCE, and the sentences that may bear it out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    claim: str
    label: str
    evidence: tuple[str, ...]
    supporting: tuple[tuple[int, ...], ...] = Field(default=(), alias="supporting_sentences")


class Detection(BaseModel):
    """Of ``n`` drafts of a kind, the share from 0 to 1 that was dropped."""

    name: str
    n: int
    dropped: float


class Checking(BaseModel):
    """``spoilt``: by family; ``spoilt_rewordings``: of faithful rewordings that pass; ``clean``: the drafts that the
    first were made of; ``rewordings``: held out, faithful and by fault; ``recombined``: false sentences that were
    made of the record's own words so as to pass; ``evidence``: claims of WiCE by label, beside
    the sentences that are said to support them.
    """

    spoilt: list[Detection]
    spoilt_rewordings: list[Detection]
    clean: Detection
    rewordings: list[Detection]
    recombined: Detection
    evidence: list[Detection]


class Drafted(NamedTuple):
    """What was drafted for a seat, and passed."""

    seat: Delegation
    proposals: list[Proposal]


async def measure(delegate: Delegate, questions: Path, claims: Path, evidence: Path) -> Checking:
    """From what is drafted for the questions and claims in two folders. ``evidence`` need not be there."""
    record, chance = delegate.record, random.Random(SEED)  # noqa: S311 - a sample that is the same every time
    drafts = await _drafted(delegate, questions, claims)
    reworded = read(Reworded, claims / "worded.jsonl")
    recombined = read(Reworded, claims / "recombined.jsonl")
    clean = [_falls(record, each.seat, proposal) for each in drafts for proposal in each.proposals]
    return Checking(
        spoilt=[_spoilt(record, drafts, family, chance) for family in FAMILIES],
        spoilt_rewordings=[_spoilt(record, [_passing(record, reworded)], family, chance) for family in FAMILIES],
        clean=_share("clean", clean),
        rewordings=_rewordings(record, reworded),
        recombined=_share("recombined", [_falls(record, RAPPORTEUR, _worded(record, each)) for each in recombined]),
        evidence=_evidence(record, evidence / "claims.jsonl"),
    )


async def _drafted(delegate: Delegate, questions: Path, claims: Path) -> list[Drafted]:
    """Every claim of the answers and rebuttals, each once a seat."""
    found: dict[str, dict[str, Proposal]] = {}
    for put in read(Put, questions / "delegations" / "fidelity.jsonl"):
        speech = await delegate.answer(put.question, delegate.record.delegations[put.state])
        found.setdefault(put.state, {}).update((claim.text, _proposed(claim)) for claim in speech.claims)
    for opposed in read(Opposed, claims / "rebuttals.jsonl"):
        speech = await delegate.rebut(opposed.claim, delegate.record.delegations.find(opposed.state))
        found.setdefault(speech.seat.code, {}).update((claim.text, _proposed(claim)) for claim in speech.claims)
    return [Drafted(delegate.record.delegations[code], list(said.values())) for code, said in found.items() if said]


def _proposed(claim: Claim) -> Proposal:
    quotes = (Quoted(passage=c.passage.id, quote=c.quote, argument=c.argument) for c in claim.citations)
    return Proposal(text=claim.text, voice=claim.voice, quotes=tuple(quotes), to=claim.to)


def _falls(record: Record, seat: Delegation, proposal: Proposal) -> bool:
    """Whether it is dropped, although its passage was found."""
    draft = Draft(drafter="measured", stance=record.position_of(seat).stance, claims=(proposal,))
    return not judged(draft, seat, record, record.passages)[0]


def _spoilt(record: Record, drafts: Sequence[Drafted], family: Family, chance: random.Random) -> Detection:
    spoilers = [(Spoiler(record, record.position_of(each.seat), chance), each.proposals) for each in drafts]
    made = corruptions(spoilers, family, chance)
    taken = [next(made) for _ in range(EACH)]
    return _share(family, [_falls(record, drafts[place].seat, proposal) for place, proposal in taken])


def _passing(record: Record, reworded: Iterable[Reworded]) -> Drafted:
    """The faithful ones that are not dropped, as the rapporteur says them."""
    seat = RAPPORTEUR
    proposals = [_worded(record, each) for each in reworded if each.faithful]
    return Drafted(seat, [proposal for proposal in proposals if not _falls(record, seat, proposal)])


def _worded(record: Record, each: Reworded) -> Proposal:
    argument = record.arguments[each.argument]
    return Proposal(text=each.text, voice="general", quotes=grounds_of(record, argument))


def _rewordings(record: Record, reworded: Iterable[Reworded]) -> list[Detection]:
    fell: dict[str, list[bool]] = {}
    for each in reworded:
        fell.setdefault(each.fault or "faithful", []).append(_falls(record, RAPPORTEUR, _worded(record, each)))
    return [_share(name, results) for name, results in fell.items()]


def _evidence(record: Record, path: Path) -> list[Detection]:
    """By label; a claim that nothing is said to support stands beside all of its evidence."""
    fell: dict[str, list[bool]] = {}
    for each in read(Evidenced, path) if path.exists() else []:
        places = sorted({place for group in each.supporting for place in group}) or range(len(each.evidence))
        words = " ".join(each.evidence[place] for place in places)
        flaws = record.paraphrase.flaws(each.claim, Known((), words))
        unsupported = record.names.unsupported(each.claim, words, {})
        fell.setdefault(each.label, []).append(bool(flaws or unsupported))
    return [_share(name, results) for name, results in sorted(fell.items())]


def _share(name: str, results: Sequence[bool]) -> Detection:
    return Detection(name=name, n=len(results), dropped=sum(results) / max(len(results), 1))
