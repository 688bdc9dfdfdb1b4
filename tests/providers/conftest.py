"""Providers on loopback, and the clients that talk with them."""

from collections.abc import AsyncIterator

import pytest
from langchain_core.language_models import BaseChatModel

from tests.providers.clients import models
from tests.providers.server import Providers

NAMES = ("openai", "anthropic", "ollama", "mistralai")


@pytest.fixture
async def providers(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Providers]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
    server = Providers()
    await server.start()
    yield server
    await server.clients.aclose()
    await server.stop()


@pytest.fixture(params=NAMES)
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def model(providers: Providers, provider: str) -> BaseChatModel:
    return models(providers)[provider]()
