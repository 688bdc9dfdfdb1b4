"""A chat model of any provider, asked for one answer of a given shape at a time."""

import inspect
import json
import logging
import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

import prompts
from bot.llm.failure import UNSPENT, ModelFailure, Reason, failure_of, is_unstructured
from bot.llm.providers import PROVIDERS, is_local, provider_of, refuse_learning
from bot.settings import Settings
from knowledge.errors import SettingsError

if TYPE_CHECKING:  # heavy: imported when a model is opened
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.runnables import Runnable

REPLY = 3000  # tokens that one answer may have, what a model thinks to itself included
SHAPE = 1200  # tokens that a provider may add to a prompt for the shape of the answer

_CLIENTS = {"root_client", "root_async_client", "_client", "_async_client", "client", "async_client"}
_CUT = frozenset({"length", "max_tokens", "model_length"})
_REFUSED = frozenset({"refusal", "content_filter", "safety"})
_WORDS_OF_REFUSAL = re.compile(r"^\W*(?:i['’]?m sorry|sorry|i (?:can(?:no|['’])t|am unable|won['’]t)\b)", re.I)

Shape = TypeVar("Shape", bound=BaseModel)


class Usage(NamedTuple):
    """Tokens of a prompt and of its answer."""

    prompt: int = 0
    answer: int = 0

    @property
    def tokens(self) -> int:
        return self.prompt + self.answer


class Meter(Protocol):
    """Asked before every call whether it may be made, and told afterwards what it took."""

    async def reserve(self, most: Usage) -> None:
        """Raises ModelFailure (spent) where ``most`` is more than is left."""

    async def settle(self, used: Usage) -> None:
        """The last call took this, and not the most it might have. Not called where nobody knows."""


class Message(NamedTuple):
    """``role``: "system", "human" or "ai"."""

    role: str
    text: str


class Model(Protocol):
    """A language model as it is used here. ``name``: as it is named in the settings."""

    name: str

    async def ask(self, messages: Sequence[Message], shape: type[Shape], meter: Meter) -> Shape:
        """One answer of that shape. Raises ModelFailure."""
        ...

    async def close(self) -> None:
        """Let go of what it holds."""


class Chat:
    """``name`` is that of the settings. A model that cannot be told a shape is asked in words from then on."""

    def __init__(self, model: "BaseChatModel", name: str) -> None:
        self._model, self.name = model, name
        self.is_structured = True

    async def ask(self, messages: Sequence[Message], shape: type[Shape], meter: Meter) -> Shape:
        """One answer of that shape. Raises ModelFailure, and nothing else of a client's."""
        from langsmith import tracing_context

        with tracing_context(enabled=False):  # whatever the environment says, nobody else is told
            try:
                return await _Asking(self._model, meter).asked(self, list(messages), shape)
            except ModelFailure:
                raise
            except Exception as error:
                raise failure_of(error) from error

    async def close(self) -> None:
        """Let go of its connections: no client of a provider does that by itself."""
        held = {**vars(self._model), **(self._model.__pydantic_private__ or {})}
        for name in _CLIENTS & held.keys():
            closing = getattr(held[name], "aclose", None) or getattr(held[name], "close", None)
            closed = closing() if closing else None
            if inspect.isawaitable(closed):
                await closed


class _Asking:
    """The calls for one answer."""

    def __init__(self, model: "BaseChatModel", meter: Meter) -> None:
        self._model, self._meter = model, meter

    async def asked(self, chat: Chat, messages: list[Message], shape: type[Shape]) -> Shape:
        if not chat.is_structured:
            return await self._in_words(messages, shape)
        try:
            return await self._structured(messages, shape)
        except Exception as error:
            if not is_unstructured(error):
                raise
        value = await self._in_words(messages, shape)
        chat.is_structured = False  # only now is it known that the shape was the matter
        return value

    async def _structured(self, messages: list[Message], shape: type[Shape]) -> Shape:
        try:
            answer: Any = await self._called(self._model.with_structured_output(shape, include_raw=True), messages)
        except ValidationError as error:  # OpenAI's client reads the answer itself, and keeps what it cannot read
            if error.title != shape.__name__:
                raise
            return await self._mended(error, messages, shape)
        _refuse_ended(answer["raw"])  # half a document may pass for a whole one
        if isinstance(answer["parsed"], shape):
            return answer["parsed"]
        return await self._read(_said(answer["raw"]), messages, shape)

    async def _in_words(self, messages: list[Message], shape: type[Shape]) -> Shape:
        """The second way: the shape is described, and the answer is JSON in a text."""
        *before, last = messages
        described = prompts.render("shape", schema=json.dumps(shape.model_json_schema()))
        asked = [*before, last._replace(text=f"{last.text}\n\n{described}")]  # some take no two of one role in a row
        return await self._read(await self._text(asked), asked, shape)

    async def _read(self, text: str, messages: list[Message], shape: type[Shape]) -> Shape:
        """What stands in a text; where that is no JSON of the shape, the model may mend it once."""
        try:
            return _parsed(text, shape)
        except ValueError as error:
            if not text.strip():
                raise ModelFailure("unreadable") from None
            return await self._mended(error, [*messages, Message("ai", text)], shape)

    async def _mended(self, error: ValueError, messages: list[Message], shape: type[Shape]) -> Shape:
        """The second chance. Raises ValueError."""
        mending = prompts.render("repair", problem=_problem(error), schema=json.dumps(shape.model_json_schema()))
        return _parsed(await self._text([*messages, Message("human", mending)]), shape)

    async def _text(self, messages: list[Message]) -> str:
        raw: AIMessage = await self._called(self._model, messages)
        _refuse_ended(raw)
        return raw.text

    async def _called(self, model: "Runnable[Any, Any]", messages: list[Message]) -> Any:
        """One request. Where it fails before anything was worked on, it took no tokens."""
        await self._meter.reserve(most_tokens(messages))
        try:
            answer = await model.ainvoke(_spoken(messages))
        except Exception as error:
            if failure_of(error).reason in UNSPENT:
                await self._meter.settle(Usage())
            raise
        raw: AIMessage = answer["raw"] if isinstance(answer, dict) else answer
        if said := raw.usage_metadata:
            await self._meter.settle(Usage(said["input_tokens"], said["output_tokens"]))
        return answer


def opened(settings: Settings) -> Chat:
    """The model that the settings name. Raises SettingsError that says what is missing."""
    model = settings.model or ""
    provider = provider_of(model)
    if settings.model_training == "refused":
        refuse_learning(model, settings.model_url)
    options = provider.options(settings.model_url, key_of(settings), settings.model_seconds, REPLY)
    made = _made(model, options)
    _keep_quiet()  # once the clients are there: some set themselves louder when they are imported
    return Chat(made, model)


def _keep_quiet() -> None:
    """Keep people's words out of every log, whatever its level: these would print what is sent, or what comes back."""
    for name in ("langchain_core", "openai", "anthropic", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def key_of(settings: Settings) -> str:
    """What the provider knows us by; nothing where it needs none. Raises SettingsError where there is none."""
    variable = provider_of(settings.model or "").key
    if settings.model_key:
        return settings.model_key.get_secret_value()
    if not variable or os.environ.get(variable):
        return os.environ.get(variable, "")
    if is_local(settings.model_url):
        return "none"
    raise SettingsError(
        f"The language model needs a key; set DEMARCHE_MODEL_KEY in .env, or {variable} in the environment."
    )


def _made(model: str, options: dict[str, Any]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    name = provider_of(model).name
    try:
        made: BaseChatModel = init_chat_model(model, **options)
    except ImportError:
        provider = provider_of(model)
        how = "make models" if name in PROVIDERS else f"pip install {provider.package}"
        raise SettingsError(f"The provider {name} needs {provider.package}; install it with: {how}") from None
    except ValueError:
        raise SettingsError(
            f"No provider is called “{name}” or it refuses these settings; write DEMARCHE_MODEL like ollama:llama3.2."
        ) from None
    return made


def most_tokens(messages: Sequence[Message]) -> Usage:
    """What asking can take at most: no token is shorter than a byte, and an answer has its limit."""
    return Usage(sum(len(message.text.encode()) + 16 for message in messages) + SHAPE, REPLY)


def _spoken(messages: Sequence[Message]) -> "list[BaseMessage]":
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "human": HumanMessage, "ai": AIMessage}
    return [kinds[message.role](message.text) for message in messages]


def _refuse_ended(raw: "AIMessage") -> None:
    """Raises ModelFailure where the model says itself that it did not finish, or would not begin."""
    told = {str(raw.response_metadata.get(key, "")).lower() for key in ("finish_reason", "stop_reason", "done_reason")}
    reason: Reason | None = "cut off" if told & _CUT else "refusing" if told & _REFUSED else None
    if raw.additional_kwargs.get("refusal") or _WORDS_OF_REFUSAL.match(raw.text):
        reason = "refusing"
    if reason:
        raise ModelFailure(reason)


def _said(raw: "AIMessage") -> str:
    """Its text, or what it would call a function with: of what does not fit the shape there is nothing else."""
    calls = [json.dumps(call["args"]) for call in raw.tool_calls]
    broken = [call["args"] or "" for call in raw.invalid_tool_calls]
    return next((text for text in (raw.text, *calls, *broken) if text.strip()), "")


def _parsed(text: str, shape: type[Shape]) -> Shape:
    """Raises ValueError."""
    from langchain_core.utils.json import parse_json_markdown

    return shape.model_validate(parse_json_markdown(text))


def _problem(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return "it is not JSON"
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
