"""Any provider's model is asked for one answer of a shape, and whatever it does instead has a reason."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult
from langsmith.utils import get_env_var, tracing_is_enabled
from pydantic import Field

from bot import settings
from bot.llm.chat import REPLY, Chat, Message, Usage, most_tokens, opened
from bot.llm.failure import SAYS, ModelFailure, Reason
from bot.llm.sketch import Sketch
from tests.providers.clients import models
from tests.providers.dialect import Asked
from tests.providers.replies import (
    REFUSAL,
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
    Unstructured,
)
from tests.providers.server import Providers

# With which OpenAI's client comments on what is an error anyway.
pytestmark = pytest.mark.filterwarnings("ignore:This model does not support OpenAI's structured output:UserWarning")

MODELS = {
    "openai": "openai:gpt-5-mini",
    "anthropic": "anthropic:claude-haiku",
    "ollama": "ollama:llama3.2",
    "mistralai": "mistralai:mistral-small",
}
ASKED = (Message("system", "You phrase what a delegate says."), Message("human", "What of the office in Tokyo?"))
CLAIM = {"text": "France opposed the office.", "passages": [2], "quote": "strongly opposed"}
SKETCH: Json = {"stance": "against", "claims": [CLAIM], "unanswered": ""}
WRITTEN = json.dumps(SKETCH)
MISFIT = {**SKETCH, "stance": "lukewarm"}

SAID_NO: dict[Reply, Reason] = {
    Status(400): "failing",
    Status(401): "unauthorised",
    Status(403): "unauthorised",
    Status(404): "missing",
    Status(429, retry_after=20): "rate-limited",
    Status(500): "failing",
    Status(503): "failing",
    Status(529): "failing",
}
LOST: dict[Reply, Reason] = {
    Drops(): "cut off",
    Breaks(): "cut off",
    Garbage(): "unreadable",
    Garbage("application/json"): "unreadable",
    Shapeless(): "unreadable",
}
SAID: dict[Reply, Reason] = {
    Refuses(): "refusing",
    Refuses(filtered=True): "refusing",
    Says(REFUSAL): "refusing",
    Says("Sorry, but that is beyond me."): "refusing",
    Empty(): "unreadable",
    Says("Well argued."): "unreadable",
    Unstructured("Well argued."): "unreadable",
}


class Tally:
    """A meter that remembers what it is asked and told, and how often the provider had been asked by then."""

    def __init__(self, server: Providers, most: int = 10**6) -> None:
        self._server, self._most = server, most
        self.reserved: list[Usage] = []
        self.settled: list[Usage] = []
        self.calls: list[tuple[str, int]] = []

    async def reserve(self, most: Usage) -> None:
        if len(self.reserved) == self._most:
            raise ModelFailure("spent")
        self.reserved.append(most)
        self.calls.append(("reserve", len(self._server.asked)))

    async def settle(self, used: Usage) -> None:
        self.settled.append(used)
        self.calls.append(("settle", len(self._server.asked)))


class Watched(GenericFakeChatModel):
    """Notes who else hears of what it is asked. It knows no structure."""

    heard: list[str] = Field(default_factory=list)
    traced: list[bool] = Field(default_factory=list)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **more: Any,
    ) -> ChatResult:
        self.traced.append(tracing_is_enabled() is not False)
        self.heard.extend(type(handler).__name__ for handler in (run_manager.handlers if run_manager else ()))
        return super()._generate(messages, stop, run_manager, **more)


@pytest.fixture
async def chat(
    providers: Providers, provider: str, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Chat]:
    """As it is opened where the settings name it."""
    urls = {
        "openai": providers.openai_url,
        "anthropic": providers.anthropic_url,
        "ollama": providers.ollama_url,
        "mistralai": providers.mistral_url,
    }
    monkeypatch.setenv("DEMARCHE_MODEL", MODELS[provider])
    monkeypatch.setenv("DEMARCHE_MODEL_URL", urls[provider])
    monkeypatch.setenv("DEMARCHE_MODEL_KEY", "k")
    chat = opened(settings.load())
    yield chat
    await chat.close()


@pytest.fixture
def tally(providers: Providers) -> Tally:
    return Tally(providers)


@pytest.fixture
def traced(tally: Tally, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody has set up tracing on this machine, whatever was set up for the providers."""
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_k")
    get_env_var.cache_clear()  # type: ignore[attr-defined]
    yield
    get_env_var.cache_clear()  # type: ignore[attr-defined]


async def test_a_model_answers_in_the_shape_it_is_asked_for(chat: Chat, providers: Providers, tally: Tally) -> None:
    providers.replies(Says(SKETCH))
    assert await chat.ask(ASKED, Sketch, tally) == Sketch.model_validate(SKETCH)
    assert wanted(providers) == [True]


async def test_a_model_is_told_what_it_is_asked_in_the_role_of_each(
    chat: Chat, providers: Providers, provider: str, tally: Tally
) -> None:
    """Of which Anthropic keeps the system's apart."""
    providers.replies(Says(SKETCH))
    await chat.ask([*ASKED, Message("ai", "It did."), Message("human", "Who?")], Sketch, tally)
    [asked] = providers.asked
    roles = [message["role"] for message in asked.body["messages"]]
    assert roles == [*(["system"] if provider != "anthropic" else []), "user", "assistant", "user"]
    assert all(words in json.dumps(asked.body) for words in ("You phrase", "What of the", "It did.", "Who?"))


async def test_a_model_that_knows_no_structure_is_asked_in_words_from_then_on(
    chat: Chat, providers: Providers, tally: Tally
) -> None:
    providers.replies(Unstructured(WRITTEN))
    for _ in range(3):
        assert await chat.ask(ASKED, Sketch, tally) == Sketch.model_validate(SKETCH)
    assert wanted(providers) == [True, False, False, False]
    assert "JSON schema" in prompted(providers.asked[-1])


async def test_a_model_that_cannot_answer_at_all_is_not_thought_to_know_no_structure(
    chat: Chat, providers: Providers, tally: Tally
) -> None:
    for code in (400, 404):
        providers.replies(Status(code))
        with pytest.raises(ModelFailure):
            await chat.ask(ASKED, Sketch, tally)
    providers.asked.clear()
    providers.replies(Says(SKETCH))
    await chat.ask(ASKED, Sketch, tally)
    assert wanted(providers) == [True]


async def test_an_answer_in_words_may_stand_in_a_fence(chat: Chat, providers: Providers, tally: Tally) -> None:
    providers.replies(Unstructured(f"Here it is:\n```json\n{WRITTEN}\n```"))
    assert await chat.ask(ASKED, Sketch, tally) == Sketch.model_validate(SKETCH)
    assert len(providers.asked) == 2


@pytest.mark.parametrize("broken", [WRITTEN[:40], "Well argued.", MISFIT], ids=["half", "prose", "misfit"])
async def test_what_cannot_be_read_may_be_mended_once(
    chat: Chat, providers: Providers, tally: Tally, broken: Json | str
) -> None:
    providers.replies(Says(broken), Says(WRITTEN))
    assert await chat.ask(ASKED, Sketch, tally) == Sketch.model_validate(SKETCH)
    assert wanted(providers) == [True, False]
    assert "could not be read" in prompted(providers.asked[-1])
    assert broken is not MISFIT or "stance: Input should be 'for', 'against'" in prompted(providers.asked[-1])


@pytest.mark.parametrize("broken", [WRITTEN[:40], "Well argued.", MISFIT], ids=["half", "prose", "misfit"])
async def test_what_cannot_be_read_is_not_mended_twice(
    chat: Chat, providers: Providers, tally: Tally, broken: Json | str
) -> None:
    providers.replies(Says(broken), Says(broken), Says(WRITTEN))
    assert await reason_of(chat, tally) == "unreadable"
    assert len(providers.asked) == 2


async def test_what_is_said_in_words_is_not_mended_twice_either(chat: Chat, providers: Providers, tally: Tally) -> None:
    providers.replies(Unstructured(WRITTEN), Unstructured(WRITTEN), Says("No."), Says("No."), Says(WRITTEN))
    await chat.ask(ASKED, Sketch, tally)
    assert await reason_of(chat, tally) == "unreadable"
    assert len(providers.asked) == 4


@pytest.mark.parametrize("failures", [SAID_NO, LOST, SAID], ids=["says no", "is lost", "says nothing of use"])
async def test_every_failure_has_a_reason_whoever_the_provider_is(
    chat: Chat, providers: Providers, tally: Tally, failures: dict[Reply, Reason]
) -> None:
    reasons = {}
    for reply in failures:
        providers.replies(reply)
        reasons[reply] = await reason_of(chat, tally)
    assert reasons == failures


async def test_an_answer_that_broke_off_is_not_taken_for_a_whole_one(
    chat: Chat, providers: Providers, tally: Tally
) -> None:
    """Nor mended, as it would break off again."""
    for content in (SKETCH, {"unanswered": "", "stance": "against", "claims": []}):
        providers.replies(CutOff(content))
        assert await reason_of(chat, tally) == "cut off"
    assert len(providers.asked) == 2


async def test_a_provider_that_is_down_cannot_be_reached(chat: Chat, providers: Providers, tally: Tally) -> None:
    await providers.stop()
    assert await reason_of(chat, tally) == "unreachable"
    assert tally.settled == [Usage()]


async def test_a_provider_that_was_down_is_reached_again(chat: Chat, providers: Providers, tally: Tally) -> None:
    await providers.stop()
    await reason_of(chat, tally)
    await providers.start()
    providers.replies(Says(SKETCH))
    assert await chat.ask(ASKED, Sketch, tally)


async def test_nobody_waits_longer_than_they_will(chat: Chat, providers: Providers, tally: Tally) -> None:
    """And since nobody knows what was worked on by then, nothing comes back."""
    patience = asyncio.timeout(10)

    def slow(_asked: Asked) -> Slow:
        patience.reschedule(asyncio.get_running_loop().time())  # as soon as it is asked, however busy the machine is
        return Slow(30)

    providers.answers(slow)
    with pytest.raises(TimeoutError):
        async with patience:
            await chat.ask(ASKED, Sketch, tally)
    providers.replies(Says(SKETCH))
    assert (len(tally.reserved), tally.settled) == (1, [])
    assert await chat.ask(ASKED, Sketch, tally)


async def test_a_client_that_loses_patience_says_so(providers: Providers, provider: str, tally: Tally) -> None:
    providers.replies(Slow(30))
    chat = Chat(models(providers, timeout=0.1)[provider](), MODELS[provider])
    assert await reason_of(chat, tally) == "slow"
    assert tally.settled == []
    await chat.close()


def test_every_reason_ends_a_sentence_about_the_model() -> None:
    assert {*SAID_NO.values(), *LOST.values(), *SAID.values()} < set(SAYS)
    for reason, says in SAYS.items():
        assert str(ModelFailure(reason)) == says
        assert not says.endswith(".")


async def test_what_a_provider_complains_of_is_not_repeated(chat: Chat, providers: Providers, tally: Tally) -> None:
    """It may repeat what was sent."""
    providers.replies(Status(500, words="What of the office in Tokyo? That is beyond me."))
    with pytest.raises(ModelFailure) as raised:
        await chat.ask(ASKED, Sketch, tally)
    assert "Tokyo" not in str(raised.value)


async def test_the_meter_is_asked_before_every_call_and_told_after_it(
    chat: Chat, providers: Providers, tally: Tally
) -> None:
    providers.replies(Unstructured("Well argued.", usage=(90, 4)), Says("No.", usage=(90, 4)), Says(WRITTEN))
    await chat.ask(ASKED, Sketch, tally)
    assert tally.calls == [
        *(("reserve", 0), ("settle", 1)),
        *(("reserve", 1), ("settle", 2)),
        *(("reserve", 2), ("settle", 3)),
    ]


async def test_the_meter_is_told_what_a_call_took(chat: Chat, providers: Providers, tally: Tally) -> None:
    providers.replies(Says(SKETCH, usage=(120, 9)))
    await chat.ask(ASKED, Sketch, tally)
    assert tally.settled == [Usage(120, 9)]


async def test_where_nothing_is_left_nobody_is_asked(chat: Chat, providers: Providers) -> None:
    assert await reason_of(chat, Tally(providers, 0)) == "spent"
    assert providers.asked == []


async def test_where_not_enough_is_left_to_mend_an_answer_nothing_is_mended(chat: Chat, providers: Providers) -> None:
    providers.replies(Says("Well argued."), Says(WRITTEN))
    assert await reason_of(chat, Tally(providers, 1)) == "spent"
    assert len(providers.asked) == 1


async def test_the_meter_gets_everything_back_where_nothing_was_worked_on(
    chat: Chat, providers: Providers, tally: Tally
) -> None:
    for reply in SAID_NO:
        providers.replies(reply)
        await reason_of(chat, tally)
    assert len(tally.settled) == len(tally.reserved) == len(providers.asked) >= len(SAID_NO)
    assert set(tally.settled) == {Usage()}


async def test_the_meter_gets_nothing_back_where_nobody_knows_what_was_worked_on(
    chat: Chat, providers: Providers, tally: Tally
) -> None:
    for reply in LOST:
        providers.replies(reply)
        await reason_of(chat, tally)
    assert len(tally.reserved) == len(LOST)
    assert tally.settled == []


async def test_as_much_is_reserved_as_a_call_can_take(chat: Chat, providers: Providers, tally: Tally) -> None:
    """No token is shorter than a byte, and what is reserved for the answer is the longest that may be given."""
    providers.replies(Says(SKETCH))
    await chat.ask(ASKED, Sketch, tally)
    [asked], [most] = providers.asked, tally.reserved
    assert most == most_tokens(ASKED)
    assert most.answer == REPLY == longest(asked.body)
    assert most.prompt > sum(len(message.text.encode()) for message in ASKED) + len(schema_of(Sketch))


async def test_nobody_else_is_told_even_where_tracing_is_set_up(tally: Tally, traced: None) -> None:
    assert tracing_is_enabled() is True
    model = Watched(messages=iter([AIMessage(WRITTEN)]))
    chat = Chat(model, "watched:model")
    assert await chat.ask(ASKED, Sketch, tally) == Sketch.model_validate(SKETCH)
    assert model.traced == [False]
    assert model.heard == []
    await chat.close()


async def test_a_chat_that_is_closed_asks_nobody(chat: Chat, providers: Providers, tally: Tally) -> None:
    providers.replies(Says(SKETCH))
    await chat.ask(ASKED, Sketch, tally)
    await chat.close()
    await reason_of(chat, tally)
    assert len(providers.asked) == 1


async def reason_of(chat: Chat, tally: Tally, messages: Sequence[Message] = ASKED) -> Reason:
    """Why it has no answer."""
    with pytest.raises(ModelFailure) as raised:
        await chat.ask(messages, Sketch, tally)
    return raised.value.reason


def wanted(server: Providers) -> list[bool]:
    """Of each request, whether it asked for structure."""
    keys = ("tools", "response_format", "format", "output_config")
    return [any(asked.body.get(key) for key in keys) for asked in server.asked]


def prompted(asked: Asked) -> str:
    """The last that a model was told."""
    content = asked.body["messages"][-1]["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def longest(body: Json) -> int:
    """The tokens that an answer may have."""
    found = [body.get("max_tokens"), body.get("max_completion_tokens"), body.get("options", {}).get("num_predict")]
    [most] = [int(tokens) for tokens in found if tokens is not None]
    return most


def schema_of(shape: type[Sketch]) -> str:
    return json.dumps(shape.model_json_schema())
