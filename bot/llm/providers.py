"""Who offers language models, what each needs, and whether it learns from what it is sent."""

import ipaddress
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from knowledge.errors import SettingsError

LEARNS = {  # host or provider -> on what terms; read in November 2026
    "mistralai": "its free plan may train on prompts (help.mistral.ai, “Do you use my user data”)",
    "google_genai": "its unpaid tier uses prompts to improve its products (Gemini API Additional Terms)",
    "deepseek": "its terms let it train on prompts (DeepSeek Privacy Policy)",
    "openrouter": "some of the models behind it train on prompts (OpenRouter, “Provider Logging”)",
}
_DOMAINS = {
    "mistral.ai": "mistralai",
    "generativelanguage.googleapis.com": "google_genai",
    "deepseek.com": "deepseek",
    "openrouter.ai": "openrouter",
}


@dataclass(frozen=True)
class Provider:
    """``key``: the environment variable that its client reads, empty where none is needed; ``url`` and ``limit``: what
    its client calls the address and the longest reply; ``home``: where it is reached unless another address is given;
    ``listing``: where under its address it lists its models.
    """

    name: str
    key: str
    home: str
    url: str = "base_url"
    limit: str = "max_tokens"
    listing: str = "/models"

    def options(self, url: str | None, key: str, seconds: float, longest: int) -> dict[str, Any]:
        """What its client is built with. It tries once: whether it is tried again is decided elsewhere."""
        built: dict[str, Any] = {self.limit: longest}
        built |= {self.url: url or self.home} if url or self.home else {}  # whatever else the environment names
        built |= {"api_key": key} if key else {}
        if self.name == "ollama":
            return built | {"client_kwargs": {"timeout": seconds}}
        return built | {"max_retries": 0, "timeout": ceil(seconds)}  # some count whole seconds only

    @property
    def package(self) -> str:
        return f"langchain-{self.name.replace('_', '-')}"


PROVIDERS = {
    each.name: each
    for each in (
        Provider("ollama", "", "http://127.0.0.1:11434", limit="num_predict", listing="/api/tags"),
        Provider("openai", "OPENAI_API_KEY", "https://api.openai.com/v1"),
        Provider("anthropic", "ANTHROPIC_API_KEY", "https://api.anthropic.com", listing="/v1/models?limit=1000"),
        Provider("mistralai", "MISTRAL_API_KEY", "https://api.mistral.ai/v1", url="endpoint"),
    )
}


def provider_of(model: str) -> Provider:
    """Of a model named ``provider:name``; for one that we do not know, what most have in common."""
    name = model.partition(":")[0]
    return PROVIDERS.get(name) or Provider(name, f"{name.upper()}_API_KEY", "")


def refuse_learning(model: str, url: str | None, setting: str = "DEMARCHE_MODEL") -> None:
    """Of the model that ``setting`` names. Raises SettingsError where what people write would teach somebody's model:
    Discord's terms forbid that.
    """
    host = (urlsplit(url).hostname or "").rstrip(".") if url else ""
    known = [name for domain, name in _DOMAINS.items() if f".{host}".endswith(f".{domain}")]
    who = next(iter(known), "" if is_local(url) else model.partition(":")[0])
    if why := LEARNS.get(who):
        raise SettingsError(
            f"{setting} names {who}, and {why}; choose another, or, if your contract rules that out, set "
            "DEMARCHE_MODEL_TRAINING=allowed."
        )


def is_local(url: str | None) -> bool:
    """Whether the address is on this machine or in its own network."""
    host = urlsplit(url).hostname if url else None
    try:
        return bool(host) and (host == "localhost" or ipaddress.ip_address(host or "").is_private)
    except ValueError:
        return False
