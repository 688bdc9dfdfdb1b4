"""Language models of nobody's: each does one thing, in place of one of a provider's."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.budget import Limits
from bot.evaluation.attacks import Attack, Obedient
from bot.language_model import LanguageModel
from bot.llm.chat import Message, Meter, Shape, Usage, most_tokens
from bot.llm.failure import ModelFailure, Reason
from knowledge.record import Record

WORDED = Path(__file__).parents[1] / "claims" / "worded-tuning.jsonl"
USED = Usage(100, 20)  # tokens of every answer
LONG = 60.0  # seconds that a model has, longer than any here takes that is not meant to be late

_ITEM = re.compile(r"^\[(\d+)\] .*\nclaim: (.*)\nwords: (.*)$", re.M)
_STANCE = re.compile(r'"stance"\s+to\s+"(\w+)"')


@dataclass
class Fake:
    """Keeps what it is told, takes its time (``pause``, simulated), pays, and says nothing."""

    name: str = "fake:model"
    pause: float = 0.0
    prompts: list[str] = field(default_factory=list)
    is_closed: bool = False

    async def ask(self, messages: Sequence[Message], shape: type[Shape], meter: Meter) -> Shape:
        self.prompts.append("\n".join(message.text for message in messages))
        await meter.reserve(most_tokens(messages))
        await asyncio.sleep(self.pause)
        said = self.said(next(message.text for message in messages if message.role == "human"))
        await meter.settle(USED)
        return shape.model_validate({"unanswered": "", "question": "", "lines": [], **said})

    async def close(self) -> None:
        self.is_closed = True

    def said(self, prompt: str) -> dict[str, Any]:
        return {"stance": stance_in(prompt), "claims": list(self.claims(prompt))}

    def claims(self, _prompt: str) -> Iterator[dict[str, Any]]:
        yield from ()


@dataclass
class Rewording(Fake):
    """Says every claim it knows other words for in those: ``words``, by claim."""

    words: Mapping[str, str] = field(default_factory=dict)

    def claims(self, prompt: str) -> Iterator[dict[str, Any]]:
        for n, claim, quote in items_in(prompt):
            if claim in self.words:
                yield {"text": self.words[claim], "passages": [n], "quote": " ".join(quote.split()[:6])}


@dataclass
class Lying(Fake):
    """Says the same of every passage, whatever it holds, and cites it word for word."""

    lie: str = ""

    def claims(self, prompt: str) -> Iterator[dict[str, Any]]:
        for n, _, quote in items_in(prompt):
            yield {"text": self.lie, "passages": [n], "quote": quote}


@dataclass
class Failing(Fake):
    """Gives nothing that can be used."""

    reason: Reason = "failing"

    def said(self, _prompt: str) -> dict[str, Any]:
        raise ModelFailure(self.reason)


@dataclass
class Attacked(Fake):
    """Obeys: the ``attack`` it is under, and every text in its prompt."""

    name: str = Obedient.name
    attack: Attack | None = None

    async def ask(self, messages: Sequence[Message], shape: type[Shape], meter: Meter) -> Shape:
        self.prompts.append("\n".join(message.text for message in messages))
        return await Obedient(self.attack).ask(messages, shape, meter)


def spoken_by(model: Fake, limits: Limits | None = None) -> LanguageModel:
    return LanguageModel(model, limits or Limits(), LONG)


def faithful(record: Record) -> dict[str, str]:
    """Every claim of the record (in each of its wordings) for which there are other words that hold -> those."""
    lines = map(json.loads, WORDED.read_text(encoding="utf-8").splitlines())
    known = [(record.arguments[line["argument"]], line["text"]) for line in lines if line["faithful"]]
    return {
        wording: text
        for argument, text in known
        if text not in record.wordings([argument]) and not record.paraphrase.flaws(text, record.known([argument]))
        for wording in record.wordings([argument])
    }


def items_in(prompt: str) -> Iterator[tuple[int, str, str]]:
    """The numbered passages of a prompt: number, claim, words."""
    for n, claim, words in _ITEM.findall(prompt):
        yield int(n), claim, json.loads(words)


def stance_in(prompt: str) -> str:
    found = _STANCE.search(prompt)
    return found.group(1) if found else "none"


def as_data(words: str) -> str:
    """As it stands in a prompt."""
    return json.dumps(words, ensure_ascii=False)[1:-1]
