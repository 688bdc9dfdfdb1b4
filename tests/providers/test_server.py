"""The providers' own clients understand what is said to them on loopback."""

import asyncio
import time
from contextlib import aclosing
from typing import Any, cast

import anthropic
import httpx
import ollama
import openai
import pytest
from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from pydantic import BaseModel

from tests.providers.clients import models
from tests.providers.dialect import Asked
from tests.providers.replies import CutOff, Reply, Says, Slow, Status
from tests.providers.server import NAMES, Providers

SENTENCE = "The allies agreed, in Vilnius, on a path."
VERDICT = {"text": "Well argued.", "score": 3}

METHODS = ("function_calling", "json_schema", "json_mode")  # the last unknown to Anthropic


class Verdict(BaseModel):
    """What is thought of a speech."""

    text: str
    score: int


class Remark(BaseModel):
    """What is said about a speech."""

    text: str


async def heard(model: BaseChatModel) -> AIMessageChunk:
    """A stream, joined again."""
    chunks = [chunk async for chunk in model.astream("Hello?")]
    assert len([chunk for chunk in chunks if chunk.text]) > 1
    return sum(chunks[1:], chunks[0])


async def judged(model: BaseChatModel, schema: type[BaseModel] = Verdict, **how: Any) -> Any:
    return await model.with_structured_output(schema, **how).ainvoke("How was the speech?")


async def test_a_model_says_a_sentence_and_what_it_cost(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Says(SENTENCE, usage=(120, 9)))
    said = await model.ainvoke("Hello?")
    assert said.text == SENTENCE
    assert isinstance(said, AIMessage)
    assert said.usage_metadata
    assert (said.usage_metadata["input_tokens"], said.usage_metadata["output_tokens"]) == (120, 9)


async def test_a_stream_joins_to_the_same_sentence(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Says(SENTENCE))
    assert (await heard(model)).text == SENTENCE


async def test_a_stream_tells_what_it_cost(providers: Providers, provider: str, model: BaseChatModel) -> None:
    """OpenAI's only if asked to, which its client does of itself at OpenAI's own address alone."""
    providers.replies(Says(SENTENCE, usage=(120, 9)))
    if provider == "openai":
        assert (await heard(model)).usage_metadata is None
        model.stream_usage = True  # type: ignore[attr-defined]
    usage = (await heard(model)).usage_metadata
    assert usage
    assert (usage["input_tokens"], usage["output_tokens"]) == (120, 9)


async def test_what_is_structured_arrives_as_the_client_asks_for_it(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Says(VERDICT))
    assert await judged(model) == Verdict.model_validate(VERDICT)


async def test_every_way_to_ask_for_structure_is_understood(
    providers: Providers, provider: str, model: BaseChatModel
) -> None:
    providers.replies(Says(VERDICT))
    for method in METHODS if provider != "anthropic" else METHODS[:2]:
        assert await judged(model, method=method) == Verdict.model_validate(VERDICT)
        assert bool(providers.asked[-1].body.get("tools")) == (method == "function_calling")


async def test_structure_streams(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Says(VERDICT))
    structured = model.with_structured_output(Verdict, method="function_calling")
    assert [each async for each in structured.astream("?")][-1] == Verdict.model_validate(VERDICT)


async def test_half_a_document_passes_as_a_whole_one_where_nothing_required_is_lost(
    providers: Providers, model: BaseChatModel, provider: str
) -> None:
    providers.replies(CutOff({"text": "Not one of the allies ever agreed to that, whatever is said."}))
    if provider == "openai":
        with pytest.raises(openai.LengthFinishReasonError):
            await judged(model, Remark, method="json_schema")
    else:
        half = await judged(model, Remark, method="json_schema")
        assert half.text.startswith("Not one of the")
        with pytest.raises((OutputParserException, ValueError)):
            await judged(model, Verdict, method="json_schema")


async def test_replies_follow_one_another_and_the_last_stays(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Says("One."), Says("Two."))
    assert [(await model.ainvoke("?")).text for _ in range(3)] == ["One.", "Two.", "Two."]


async def test_an_answer_may_depend_on_what_is_asked(providers: Providers, provider: str, model: BaseChatModel) -> None:
    def echo(asked: Asked) -> Reply:
        return Says(f"{asked.provider} heard {asked.body['messages'][-1]['content']}")

    providers.answers(echo)
    assert (await model.ainvoke("Tallinn")).text == f"{provider} heard Tallinn"


async def test_what_was_asked_is_kept(providers: Providers, provider: str, model: BaseChatModel) -> None:
    await model.ainvoke("Tallinn")
    [asked] = providers.asked
    assert (asked.provider, asked.method) == (provider, "POST")
    assert asked.body["model"] in NAMES
    assert "Bearer k" in asked.headers.get("authorization", "Bearer k")


async def test_the_models_are_listed(providers: Providers) -> None:
    async with openai.AsyncOpenAI(base_url=providers.openai_url, api_key="k") as asking:
        assert [model.id async for model in asking.models.list()] == list(NAMES)
    async with anthropic.AsyncAnthropic(base_url=providers.anthropic_url, api_key="k") as asking_anthropic:
        assert [model.id async for model in asking_anthropic.models.list()] == list(NAMES)
    async with ollama.AsyncClient(host=providers.ollama_url) as asking_ollama:
        assert [model.model for model in (await asking_ollama.list()).models] == [f"{name}:latest" for name in NAMES]
        assert (await asking_ollama.show("llama3.2")).capabilities == ["completion", "tools"]
    async with httpx.AsyncClient() as asking_mistral:
        listed = (await asking_mistral.get(f"{providers.mistral_url}/models")).json()
    assert [model["id"] for model in listed["data"]] == list(NAMES)


async def test_a_list_can_fail_while_models_answer(providers: Providers, model: BaseChatModel) -> None:
    providers.lists(Status(401))
    async with httpx.AsyncClient() as asking:
        assert (await asking.get(f"{providers.openai_url}/models")).status_code == 401
    assert (await model.ainvoke("Hello?")).text


async def test_anthropic_insists_on_a_version(providers: Providers) -> None:
    async with httpx.AsyncClient() as asking:
        assert (await asking.get(f"{providers.anthropic_url}/v1/models")).status_code == 400


async def test_an_unknown_path_is_not_found(providers: Providers) -> None:
    async with httpx.AsyncClient() as asking:
        assert (await asking.get(f"{providers.openai_url}/chat/completions")).status_code == 404


async def test_a_stream_may_be_left_early(providers: Providers, model: BaseChatModel) -> None:
    providers.replies(Says(SENTENCE * 50))
    async with aclosing(cast(Any, model.astream("Hello?"))) as stream:
        async for _ in stream:
            break
    assert (await model.ainvoke("Hello?")).text == SENTENCE * 50


async def test_who_waits_for_a_slow_provider_is_released_when_it_stops(
    providers: Providers, model: BaseChatModel
) -> None:
    arrived = asyncio.Event()

    def slowly(_: Asked) -> Reply:
        arrived.set()
        return Slow(60)

    providers.answers(slowly)
    waiting = asyncio.create_task(model.ainvoke("Hello?"))
    await arrived.wait()
    began = time.monotonic()
    await providers.stop()
    with pytest.raises(Exception, match=r"(?i)connect"):
        await waiting
    assert time.monotonic() - began < 1


async def test_a_provider_that_was_away_comes_back(providers: Providers, provider: str) -> None:
    model = models(providers)[provider]()
    await model.ainvoke("Hello?")
    await providers.stop()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", providers.port)
    with pytest.raises(Exception, match=r"(?i)connect"):
        await model.ainvoke("Hello?")
    await providers.start()
    assert (await model.ainvoke("Hello?")).text
