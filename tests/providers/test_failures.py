"""What the providers' own clients make of a provider that fails."""

import time
from collections.abc import Awaitable, Callable
from json import JSONDecodeError
from typing import Any

import httpx
import ollama
import openai
import pytest
from langchain_core import exceptions as core
from langchain_core.language_models import BaseChatModel
from pydantic import ValidationError

from tests.providers.clients import models
from tests.providers.replies import (
    REFUSAL,
    Breaks,
    CutOff,
    Drops,
    Empty,
    Garbage,
    Refuses,
    Says,
    Shapeless,
    Slow,
    Status,
    Unstructured,
)
from tests.providers.server import Providers
from tests.providers.test_server import Verdict, judged

Errors = type[Exception] | tuple[type[Exception], ...]
Asking = Callable[[BaseChatModel], Awaitable[Any]]

CLASSIFIED = {
    400: core.ModelInvalidRequestError,
    401: core.ModelAuthenticationError,
    403: core.ModelPermissionDeniedError,
    404: core.ModelNotFoundError,
    429: core.ModelRateLimitError,
    500: core.ModelAPIError,
    503: core.ModelAPIError,
    529: core.ModelAPIError,
}
LATE: dict[str, Errors] = {
    "openai": core.ModelTimeoutError,
    "anthropic": core.ModelTimeoutError,
    "ollama": httpx.ReadTimeout,
    "mistralai": httpx.ReadTimeout,
}
LOST: dict[str, Errors] = {
    "openai": core.ModelConnectionError,
    "anthropic": core.ModelConnectionError,
    "ollama": httpx.RemoteProtocolError,
    "mistralai": httpx.RemoteProtocolError,
}
PAGE: dict[str, Errors] = {
    "openai": (AttributeError, ValueError),
    "anthropic": AttributeError,
    "ollama": JSONDecodeError,
    "mistralai": JSONDecodeError,
}
MISSHAPEN: dict[str, Errors] = {
    "openai": TypeError,
    "anthropic": TypeError,
    "ollama": ValidationError,
    "mistralai": KeyError,
}
REJECTED: dict[str, Errors] = {
    "openai": core.ModelInvalidRequestError,
    "anthropic": core.ModelInvalidRequestError,
    "ollama": ollama.ResponseError,
    "mistralai": httpx.HTTPStatusError,
}


async def plain(model: BaseChatModel) -> Any:
    return await model.ainvoke("How was the speech?")


async def tools(model: BaseChatModel) -> Any:
    return await judged(model, method="function_calling")


async def streamed(model: BaseChatModel) -> Any:
    return [chunk async for chunk in model.astream("How was the speech?")]


@pytest.fixture(params=[plain, judged, tools], ids=["plain", "structured", "tools"])
def ask(request: pytest.FixtureRequest) -> Asking:
    asking: Asking = request.param
    return asking


async def test_a_slow_provider_is_not_waited_for(providers: Providers, provider: str, ask: Asking) -> None:
    providers.replies(Slow(60))
    began = time.monotonic()
    with pytest.raises(LATE[provider]):
        await ask(models(providers, timeout=0.2)[provider]())
    assert time.monotonic() - began < 1


async def test_a_provider_may_be_slow_and_answer_yet(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Slow(0.05, Says("At last.")))
    assert (await model.ainvoke("?")).text == "At last."


async def test_a_connection_closes_without_an_answer(
    providers: Providers, provider: str, model: BaseChatModel, ask: Asking
) -> None:
    providers.replies(Drops())
    with pytest.raises(LOST[provider]):
        await ask(model)
    assert len(providers.asked) == 1


async def test_a_connection_closes_in_the_middle_of_an_answer(
    providers: Providers, provider: str, model: BaseChatModel, ask: Asking
) -> None:
    providers.replies(Breaks())
    with pytest.raises(LOST[provider]):
        await ask(model)


async def test_a_connection_closes_in_the_middle_of_a_stream(providers: Providers, model: BaseChatModel) -> None:
    """Of which OpenAI's client alone makes an error of its own."""
    providers.replies(Breaks())
    with pytest.raises(Exception, match=r"(?i)connection"):
        await streamed(model)


async def test_a_provider_says_no_in_its_own_words(
    providers: Providers, provider: str, model: BaseChatModel, ask: Asking
) -> None:
    for code, classified in CLASSIFIED.items():
        providers.replies(Status(code))
        with pytest.raises(classified if provider in ("openai", "anthropic") else REJECTED[provider]) as raised:
            await ask(model)
        error: Any = raised.value
        assert (error.status_code if hasattr(error, "status_code") else error.response.status_code) == code
    assert len(providers.asked) == len(CLASSIFIED)


async def test_a_provider_says_when_to_come_again(providers: Providers, provider: str, model: BaseChatModel) -> None:
    """Which Ollama's client does not pass on."""
    providers.replies(Status(429, retry_after=20, words="Too fast."))
    with pytest.raises(Exception, match=r"Too fast\.") as raised:
        await model.ainvoke("?")
    error: Any = raised.value
    assert provider == "ollama" or error.response.headers["Retry-After"] == "20"


async def test_a_page_comes_instead_of_an_answer(
    providers: Providers, provider: str, model: BaseChatModel, ask: Asking
) -> None:
    providers.replies(Garbage())
    with pytest.raises(PAGE[provider]):
        await ask(model)


async def test_what_is_said_to_be_json_is_none(providers: Providers, model: BaseChatModel, ask: Asking) -> None:
    providers.replies(Garbage("application/json"))
    with pytest.raises(JSONDecodeError):
        await ask(model)


async def test_json_comes_in_another_shape(
    providers: Providers, provider: str, model: BaseChatModel, ask: Asking
) -> None:
    providers.replies(Shapeless())
    with pytest.raises(MISSHAPEN[provider]):
        await ask(model)


async def test_nothing_is_said(providers: Providers, provider: str, model: BaseChatModel) -> None:
    providers.replies(Empty())
    assert (await model.ainvoke("?")).text == ""
    assert await tools(model) is None
    with pytest.raises((core.OutputParserException, ValueError)):
        await judged(model, method="json_schema")


async def test_text_comes_where_structure_was_asked_for(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Says("Well argued."))
    assert await tools(model) is None
    with pytest.raises((core.OutputParserException, ValidationError)):
        await judged(model, method="json_schema")


async def test_a_model_refuses(providers: Providers, provider: str, model: BaseChatModel) -> None:
    """In plain text, where its provider knows nothing of refusals."""
    providers.replies(Refuses())
    said = await model.ainvoke("?")
    if provider in ("openai", "anthropic"):
        assert not said.text
        with pytest.raises(core.ModelRefusalError):
            await judged(model)
    else:
        assert said.text == REFUSAL
        assert await tools(model) is None


async def test_a_filter_keeps_the_answer_back(providers: Providers) -> None:
    providers.replies(Refuses(filtered=True))
    model = models(providers)["openai"]()
    assert (await model.ainvoke("?")).response_metadata["finish_reason"] == "content_filter"
    with pytest.raises(openai.ContentFilterFinishReasonError):
        await judged(model)


async def test_a_model_is_cut_off(providers: Providers, provider: str, model: BaseChatModel) -> None:
    providers.replies(CutOff({"text": "Well argued.", "score": 3}))
    said = await model.ainvoke("?")
    assert said.text == '{"text": "Well arg'
    assert {"length", "max_tokens"} & set(map(str, said.response_metadata.values()))
    with pytest.raises((core.OutputParserException, openai.LengthFinishReasonError)):
        await judged(model, method="json_schema")


@pytest.mark.filterwarnings("ignore:This model does not support OpenAI's structured output:UserWarning")
async def test_a_model_knows_no_structure(
    providers: Providers, provider: str, model: BaseChatModel, ask: Asking
) -> None:
    providers.replies(Unstructured("Well argued."))
    if ask is plain:
        assert (await ask(model)).text == "Well argued."
    else:
        with pytest.raises(REJECTED[provider]):
            await ask(model)


async def test_another_verdict_than_was_asked_for_is_none(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Says({"text": "Well argued.", "score": "high"}))
    with pytest.raises((core.OutputParserException, ValidationError)):
        await judged(model, Verdict)
