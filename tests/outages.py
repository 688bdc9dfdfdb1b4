"""What a language model's outages cost whoever asks: each failure with each provider's own client, on loopback.

``python -m tests.outages``: the seconds until a useful answer, one that is answered and cited, and how it is told.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from langchain_core.language_models import BaseChatModel

from bot.debate import Speech
from bot.debater import utc
from bot.delegate import Delegate
from bot.evaluation.attacks import Unlimited
from bot.llm.chat import Chat
from bot.llm.circuit import Circuit
from bot.speechwriter import SECONDS, Speechwriter
from knowledge import loader
from knowledge.library import Library
from tests.providers.clients import models
from tests.providers.replies import (
    Breaks,
    CutOff,
    Drops,
    Empty,
    Garbage,
    Json,
    Refuses,
    Reply,
    Says,
    Shapeless,
    Slow,
    Status,
)
from tests.providers.server import Providers

QUESTION, SEAT = "Should NATO open an office in Tokyo?", "FR"
REACHED = 10.0  # seconds within which a useful answer is there, whatever the model does
PROVIDERS = ("openai", "anthropic", "ollama", "mistralai")
PASSAGE, QUOTE = 2, "France, for its part, has made clear its view"  # what the seat says of it, and words of that
FAITHFUL = "France opposed a NATO liaison office in Tokyo: it wants NATO to stay focused on Europe."

Build = Callable[[], BaseChatModel]


@dataclass(frozen=True)
class Failure:
    """What the model does, and what the reader is told of it. ``reply``: None where it is not there at all."""

    reply: Reply | None
    says: str

    @property
    def remark(self) -> str:
        return f"Given without the language model: {self.says}."


def claim(text: str, passages: tuple[int, ...] = (PASSAGE,), quote: str = QUOTE) -> Json:
    return {"text": text, "passages": list(passages), "quote": quote}


def sketch(*claims: Json, stance: str = "against", unanswered: str = "") -> Json:
    return {"stance": stance, "claims": list(claims), "unanswered": unanswered}


_LATE, _LOST, _MUTE = "it takes too long", "its answer broke off", "its answer could not be read"
_LIES, _FOREIGN = "the record does not bear out what it proposed", "it answered in another language"
_FRENCH = "La France s'est opposée à un bureau de l'OTAN à Tokyo, car elle veut que l'Alliance reste en Europe."
_CHINESE = "法国反对在东京设立北约联络处，因为它希望联盟继续专注于欧洲。"

FAILURES = {
    "slow": Failure(Slow(60), _LATE),
    "down": Failure(None, "it cannot be reached"),
    "dropped": Failure(Drops(), _LOST),
    "broken amid the answer": Failure(Breaks(Says(sketch(claim(FAITHFUL)))), _LOST),
    "status 400": Failure(Status(400), "it reports an error"),
    "status 401": Failure(Status(401), "it does not accept our key"),
    "status 403": Failure(Status(403), "it does not accept our key"),
    "status 404": Failure(Status(404), "its provider does not know it"),
    "status 429": Failure(Status(429, retry_after=20), "it is asked too often at the moment"),
    "status 500": Failure(Status(500), "it reports an error"),
    "status 503": Failure(Status(503), "it reports an error"),
    "status 529": Failure(Status(529), "it reports an error"),
    "refusing": Failure(Refuses(), "it would not answer"),
    "cut off": Failure(CutOff(sketch(claim(FAITHFUL), claim(FAITHFUL))), _LOST),
    "a page": Failure(Garbage(), _MUTE),
    "no JSON": Failure(Garbage("application/json"), _MUTE),
    "shapeless": Failure(Shapeless(), _MUTE),
    "empty": Failure(Empty(), _MUTE),
    "prose": Failure(Says("France is against it, for reasons of geography."), _MUTE),
    "in French": Failure(Says(sketch(claim(_FRENCH))), _FOREIGN),
    "in Chinese": Failure(Says(sketch(claim(_CHINESE))), _FOREIGN),
    "forty claims": Failure(Says(sketch(*[claim(FAITHFUL)] * 40)), _MUTE),
    "no claims": Failure(Says(sketch(unanswered="Everything.")), "it had nothing to add"),
    "what is not on record": Failure(Says(sketch(claim("France supports a NATO office in Tokyo."))), _LIES),
    "an invented passage": Failure(Says(sketch(claim(FAITHFUL, (99,)))), _LIES),
    "a made-up quote": Failure(Says(sketch(claim(FAITHFUL, quote="France will never agree to it"))), _LIES),
    "the other stance": Failure(Says(sketch(claim(FAITHFUL), stance="for")), _LIES),
}


@dataclass(frozen=True)
class Outcome:
    """``seconds`` until the answer."""

    seconds: float
    speech: Speech

    @property
    def is_useful(self) -> bool:
        return self.speech.answered and all(claim.citations for claim in self.speech.claims)

    @property
    def cell(self) -> str:
        return f"{self.seconds:.2f} s" if self.is_useful else "NO ANSWER"


def main() -> None:
    os.environ["NO_PROXY"] = "127.0.0.1"
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(loader.load(), Path(folder))
        asyncio.run(_matrix(Delegate(library)))
        library.close()


async def _matrix(delegate: Delegate) -> None:
    await delegate.answer(QUESTION, delegate.record.delegations[SEAT])  # warm
    print(
        f"seconds until a useful answer; the model has {SECONDS:g} s; {sys.platform}, {os.cpu_count()} cores, n=1 each"
    )
    print(_row("the model is, or sends", PROVIDERS, "and the reader is told"))
    outcomes: list[Outcome] = []
    for name, failure in FAILURES.items():
        found = [await outcome(delegate, failure, provider) for provider in PROVIDERS]
        told = " / ".join(sorted({each.speech.remark or "nothing" for each in found}))
        print(_row(name, [each.cell for each in found], told), flush=True)
        outcomes += found
    useful = sum(each.is_useful for each in outcomes)
    print(f"useful answers: {useful} of {len(outcomes)} (to reach: all)")
    print(f"slowest {max(each.seconds for each in outcomes):.1f} s of {len(outcomes)} (to reach: {REACHED:g} s)")


async def outcome(delegate: Delegate, failure: Failure, provider: str) -> Outcome:
    """The answer while the provider fails so."""
    server = Providers()
    await server.start()
    chat = Chat(models(server, SECONDS)[provider](), f"{provider}:model")
    if failure.reply is None:
        await server.stop()
    else:
        server.replies(failure.reply)
    began = time.perf_counter()
    speech = await said(delegate, chat)
    took = time.perf_counter() - began
    await server.clients.aclose()
    await server.stop()
    return Outcome(took, speech)


async def said(delegate: Delegate, chat: Chat, seconds: float = SECONDS) -> Speech:
    """The answer of a delegate with this model."""
    writer = Speechwriter(chat, Circuit(chat.name), Unlimited(), utc, seconds)
    return await delegate.written_by(writer).answer(QUESTION, delegate.record.delegations[SEAT])


def _row(name: str, cells: list[str] | tuple[str, ...], told: str) -> str:
    return f"{name:<24}{''.join(f'{cell:>11}' for cell in cells)}  {told}"


if __name__ == "__main__":
    main()
