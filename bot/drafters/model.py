"""A draft in a language model's words. It is given numbered passages, and says what some of them say.

What a claim rests on, whose it is and in which voice it is said follow from the number: the model chooses, and words.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import prompts
from bot.debate import Draft, Fault, Proposal, Quoted, Speech, Voice, grounds_of
from bot.ladder import voice_of
from bot.llm.chat import Message
from bot.llm.failure import ModelFailure
from bot.llm.sketch import MOST, Sketch, SketchedClaim
from bot.wording import standing
from knowledge.record import Record

Kind = Literal["question", "rebuttal", "opening", "closing", "plain"]  # a prompt each

WORDS = 90  # of an answer, unless a format says otherwise
REMEMBERED, LINE = 6, 600  # lines of a conversation that are told, and characters of each

# Numbers by which Discord knows somebody or something, and what holds them: mentions, emoji, links to messages.
_ID = re.compile(
    r"\\?<\\?(?:@\\?[!&]?|#|a?:\w+:|/[^>:]*:|t:)\d+(?::\w)?\\?>|\S*discord(?:app)?\.com/channels/\S*|\b\d{17,20}\b"
)


@dataclass(frozen=True)
class Task:
    """What is to be put into better words: ``floor`` is what is said without. ``question``: what it answers, in the
    words of people; ``said``: what went before; ``beside``: arguments (ids) that may be said as well.
    """

    kind: Kind
    floor: Speech
    question: str
    said: tuple[str, ...] = ()
    words: int = WORDS
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A numbered passage: the claim that rests on it, and in which voice that is said in answer ``to`` what."""

    text: str
    quotes: tuple[Quoted, ...]
    voice: Voice
    to: str = ""

    @property
    def arguments(self) -> frozenset[str]:
        return frozenset(quoted.argument for quoted in self.quotes)


class Assignment:
    """A task as a model is told it, and its answer as a draft."""

    def __init__(self, record: Record, task: Task, drafter: str) -> None:
        self._record, self.task, self.drafter = record, task, drafter
        self._seat, self._position = task.floor.seat, task.floor.position

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What the floor says, then what may be said beside it."""
        known = {id for item in self.said for id in item.arguments}
        return (*self.said, *(item for id in self.task.beside if id not in known for item in self._beside(id)))

    @cached_property
    def said(self) -> tuple[Item, ...]:
        return tuple(self._said())

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """The role and the task. Words of people are quoted as data."""
        position, name = self._position, self._seat.in_sentence
        summary, stood = position.summary, standing(position)
        role = prompts.render("delegate", seat=name, stance=position.stance, standing=stood, summary=summary)
        task = prompts.render(
            self.task.kind,
            seat=name,
            stance=position.stance,
            question=_data(self.task.question),
            said=told(self.task.said),
            passages="\n\n".join(self._numbered()),
            words=str(self.task.words),
        )
        return Message("system", role), Message("human", task)

    def draft(self, sketch: Sketch) -> Draft:
        """The sketch with what its numbers stand for. Raises ModelFailure where it is no answer at all."""
        if len(sketch.claims) > max(MOST, len(self.items)):
            raise ModelFailure("unreadable")
        claims = tuple(map(self._proposal, sketch.claims))
        return Draft(drafter=self.drafter, stance=sketch.stance, claims=claims)

    def mending(self, sketch: Sketch, faults: Iterable[Fault]) -> tuple[Message, ...]:
        """The task again, with what was wrong."""
        listed = "\n".join(
            f"- {_data(fault.text)}: {fault.says}" if fault.text else f"- {fault.says}" for fault in faults
        )
        answer, wrong = Message("ai", sketch.model_dump_json()), Message("human", prompts.render("mend", faults=listed))
        return (*self.messages, answer, wrong)

    def _said(self) -> Iterator[Item]:
        for claim in self.task.floor.claims:
            quotes = (Quoted(passage=c.passage.id, quote=c.quote, argument=c.argument) for c in claim.citations)
            yield Item(claim.text, tuple(quotes), claim.voice, claim.to)

    def _beside(self, id: str) -> Iterator[Item]:
        """An argument in the voice in which this seat may say it; nothing where it is not its own to say, or something
        newer overtakes it.
        """
        argument = self._record.arguments[id]
        voice = voice_of(argument, self._position, self._record)
        is_its = self._seat.is_neutral or voice in ("own", "argued")
        if is_its and not self._record.overtaking(id):
            yield Item(argument.claim, grounds_of(self._record, argument), voice)

    def _numbered(self) -> Iterator[str]:
        """What the model sees of each item; the claim is the record's own wherever it has one."""
        for n, item in enumerate(self.items, start=1):
            known = [self._record.arguments[id] for id in sorted(item.arguments) if id in self._record.arguments]
            whose = ", ".join(sorted({self._holder(code) for argument in known for code in argument.held_by}))
            words = " ".join(quoted.quote for quoted in item.quotes)
            claim = known[0].claim if known and item.text.endswith("…") else item.text
            about = f" (in answer to {_data(item.to)})" if item.to else ""
            yield f"[{n}] {whose}{about}\nclaim: {claim}\nwords: {_data(words)}"

    def _holder(self, code: str) -> str:
        delegations = self._record.delegations
        return delegations[code].name if code in delegations else code.replace("-", " ").lower()

    def _proposal(self, claim: SketchedClaim) -> Proposal:
        known = [self.items[n - 1] for n in claim.passages if 1 <= n <= len(self.items)]
        if not known or len(known) < len(claim.passages):
            wrong = Quoted(passage="", quote=claim.quote)
            return Proposal(text=claim.text, voice="general", quotes=(wrong,))
        first, *others = known
        quoted = first.quotes[0].model_copy(update={"quote": claim.quote})
        quotes = (quoted, *first.quotes[1:], *(each for item in others for each in item.quotes))
        return Proposal(text=claim.text, voice=first.voice, quotes=tuple(dict.fromkeys(quotes)), to=first.to)


def reading(seat: str, question: str, said: Sequence[str]) -> tuple[Message, ...]:
    """What a model is told to find out what somebody means."""
    return (Message("human", prompts.render("search", seat=seat, question=_data(question), said=told(said))),)


def told(said: Sequence[str]) -> str:
    """The last lines of a conversation, as data."""
    return "\n".join(f"- {_data(line, LINE)}" for line in said[-REMEMBERED:]) or "nothing"


def _data(words: str, most: int | None = None) -> str:
    """Words of people between quotation marks that they cannot close, without anybody's id."""
    return json.dumps(_ID.sub("…", words)[:most], ensure_ascii=False)
