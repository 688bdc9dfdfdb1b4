from typing import Any

import pytest
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from bot.llm.chat import Chat
from bot.llm.providers import LEARNS, PROVIDERS, is_local, provider_of, refuse_learning
from knowledge.errors import SettingsError

URL = "http://10.0.0.7:8080/v1"
HOSTS = {
    "mistralai": "https://api.mistral.ai/v1",
    "google_genai": "https://generativelanguage.googleapis.com/v1beta/openai",
    "deepseek": "https://api.deepseek.com",
    "openrouter": "https://openrouter.ai/api/v1",
}
HERE = ["http://localhost:11434", "http://127.0.0.1", "http://[::1]:8080", URL, "http://192.168.1.5/v1"]
THERE = ["https://models.example.org/v1", "https://api.mistral.ai.example.org", "http://203.0.114.9"]


@pytest.mark.parametrize("provider", sorted(LEARNS))
def test_who_learns_from_prompts_is_refused_by_name(provider: str) -> None:
    with pytest.raises(SettingsError) as refused:
        refuse_learning(f"{provider}:any", None)
    assert provider in str(refused.value)
    assert LEARNS[provider] in str(refused.value), "and on what terms it learns"
    assert "DEMARCHE_MODEL_TRAINING=allowed" in str(refused.value)


def test_everybody_who_learns_is_known_by_host_too() -> None:
    assert HOSTS.keys() == LEARNS.keys()


@pytest.mark.parametrize("provider", sorted(LEARNS))
@pytest.mark.parametrize("client", ["openai", "anthropic", "mistralai"])
def test_who_learns_from_prompts_is_refused_by_host_whatever_client_is_used(provider: str, client: str) -> None:
    for url in (HOSTS[provider], HOSTS[provider].upper().replace("HTTPS", "https")):
        with pytest.raises(SettingsError, match=f"names {provider}, and"):
            refuse_learning(f"{client}:any", url)


@pytest.mark.parametrize("provider", ["ollama", "openai", "anthropic", "azure_openai"])
@pytest.mark.parametrize("url", [None, *HERE, *THERE])
def test_who_does_not_learn_may_be_anywhere(provider: str, url: str | None) -> None:
    refuse_learning(f"{provider}:any", url)


@pytest.mark.parametrize("url", HERE)
def test_the_name_of_who_learns_does_not_matter_on_this_machine(url: str) -> None:
    refuse_learning("mistralai:any", url)


@pytest.mark.parametrize("url", [*THERE, "https://codestral.mistral.ai/v1"])
def test_who_learns_is_refused_wherever_it_is_said_to_answer(url: str) -> None:
    with pytest.raises(SettingsError, match="mistralai"):
        refuse_learning("mistralai:any", url)


def test_what_a_model_is_called_does_not_make_its_provider_learn() -> None:
    refuse_learning("ollama:deepseek-r1", None)
    refuse_learning("openai:deepseek", None)


@pytest.mark.parametrize(("urls", "local"), [(HERE, True), (THERE, False), ([None, "", *HOSTS.values()], False)])
def test_an_address_is_local_on_this_machine_or_in_its_own_network(urls: list[str | None], local: bool) -> None:
    assert {is_local(url) for url in urls} == {local}


@pytest.mark.parametrize(
    ("provider", "options"),
    [
        ("ollama", {"num_predict": 900, "base_url": URL, "api_key": "k", "client_kwargs": {"timeout": 7.5}}),
        ("openai", {"max_tokens": 900, "base_url": URL, "api_key": "k", "max_retries": 0, "timeout": 8}),
        ("anthropic", {"max_tokens": 900, "base_url": URL, "api_key": "k", "max_retries": 0, "timeout": 8}),
        ("mistralai", {"max_tokens": 900, "endpoint": URL, "api_key": "k", "max_retries": 0, "timeout": 8}),
        ("groq", {"max_tokens": 900, "base_url": URL, "api_key": "k", "max_retries": 0, "timeout": 8}),
    ],
)
def test_a_client_is_built_with_the_longest_reply_the_address_the_key_and_the_patience(
    provider: str, options: dict[str, Any]
) -> None:
    assert provider_of(f"{provider}:any").options(URL, "k", 7.5, 900) == options


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_where_no_address_is_set_it_is_the_provider_s_own_whatever_the_environment_says(provider: str) -> None:
    options = PROVIDERS[provider].options(None, "", 8, 900)
    assert options[PROVIDERS[provider].url] == PROVIDERS[provider].home
    assert "api_key" not in options


def built(provider: str) -> BaseChatModel:
    client: BaseChatModel = init_chat_model(f"{provider}:any", **provider_of(provider).options(URL, "s3cret", 7.5, 900))
    return client


@pytest.mark.parametrize(
    ("provider", "held"),
    [
        ("ollama", {"num_predict": 900, "base_url": URL, "client_kwargs": {"timeout": 7.5}}),
        ("openai", {"max_tokens": 900, "openai_api_base": URL, "max_retries": 0, "request_timeout": 8}),
        ("anthropic", {"max_tokens": 900, "anthropic_api_url": URL, "max_retries": 0, "default_request_timeout": 8}),
        ("mistralai", {"max_tokens": 900, "endpoint": URL, "max_retries": 0, "timeout": 8}),
    ],
)
async def test_the_real_client_takes_what_it_is_built_with(provider: str, held: dict[str, Any]) -> None:
    client = built(provider)
    assert {name: getattr(client, name) for name in held} == held
    assert "s3cret" not in repr(client)
    await Chat(client, provider).close()


def test_a_provider_is_known_by_what_stands_before_the_colon() -> None:
    assert provider_of("ollama:llama3.2:3b") is PROVIDERS["ollama"]
    assert provider_of("openai:o:penai").name == "openai"


def test_of_a_provider_that_is_not_known_what_most_have_in_common_is_assumed() -> None:
    found = provider_of("groq:any")
    assert (found.name, found.key, found.home, found.url) == ("groq", "GROQ_API_KEY", "", "base_url")


@pytest.mark.parametrize(
    ("provider", "package"),
    [
        ("ollama", "langchain-ollama"),
        ("openai", "langchain-openai"),
        ("anthropic", "langchain-anthropic"),
        ("mistralai", "langchain-mistralai"),
        ("google_genai", "langchain-google-genai"),
    ],
)
def test_every_provider_has_a_package(provider: str, package: str) -> None:
    assert provider_of(f"{provider}:any").package == package


def test_only_what_runs_here_needs_no_key() -> None:
    assert {name for name, provider in PROVIDERS.items() if not provider.key} == {"ollama"}
    assert {name for name, provider in PROVIDERS.items() if is_local(provider.home)} == {"ollama"}
