"""The providers' own clients, as they come from LangChain."""

from collections.abc import Callable
from math import ceil
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_mistralai import ChatMistralAI
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI

from tests.providers.server import Providers

PATIENCE = 5.0  # seconds


def models(server: Providers, timeout: float = PATIENCE) -> dict[str, Callable[[], BaseChatModel]]:
    """By provider, what builds a client that tries once, and that is closed along with ``server.clients``."""

    def built(name: str, **options: Any) -> BaseChatModel:
        model: BaseChatModel = init_chat_model(name, **options)
        server.clients.push_async_callback(close, model)
        return model

    def mistral() -> BaseChatModel:
        options = {"api_key": "k", "max_retries": 0, "timeout": ceil(timeout)}  # it knows whole seconds only
        model = built("mistralai:mistral-small", base_url=server.mistral_url, **options)
        assert isinstance(model, ChatMistralAI)
        model.async_client.timeout = timeout
        return model

    once = {"api_key": "k", "max_retries": 0, "timeout": timeout}
    limits = {"timeout": timeout}  # Ollama's swallows a timeout of its own without a word
    return {
        "openai": lambda: built("openai:gpt-5-mini", base_url=server.openai_url, **once),
        "anthropic": lambda: built("anthropic:claude-haiku", base_url=server.anthropic_url, **once),
        "ollama": lambda: built("ollama:llama3.2", base_url=server.ollama_url, client_kwargs=limits),
        "mistralai": mistral,
    }


async def close(model: BaseChatModel) -> None:
    """None closes itself, and a connection that is left open warns whoever collects it."""
    match model:
        case ChatOpenAI():
            model.root_client.close()
            await model.root_async_client.close()
        case ChatAnthropic():
            if "_client" in vars(model):  # it is built when it is first needed, which takes its time
                model._client.close()
            await model._async_client.close()
        case ChatOllama():
            model._client.close()  # type: ignore[no-untyped-call]
            await model._async_client.close()  # type: ignore[no-untyped-call]
        case ChatMistralAI():
            model.client.close()
            await model.async_client.aclose()
