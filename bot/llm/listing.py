"""Which models a provider offers: costs nothing, and tells whether it is there and takes our key."""

from typing import Any

import httpx

from bot.llm.failure import ModelFailure, failure_of
from bot.llm.providers import Provider, provider_of

PATIENCE = 5.0  # seconds

_ANTHROPIC = "2023-06-01"  # the version of its interface


async def offered(model: str, url: str | None, key: str) -> frozenset[str] | None:
    """Their names, or None of a provider that is not known here. Raises ModelFailure."""
    provider = provider_of(model)
    home = (url or provider.home).rstrip("/")
    if not home:
        return None
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, headers=_headers(provider, key)) as client:
            answer = await client.get(home + provider.listing)
            answer.raise_for_status()
            return _names(answer.json())
    except (httpx.HTTPError, ValueError) as error:
        raise failure_of(error) from None


def _headers(provider: Provider, key: str) -> dict[str, str]:
    if provider.name == "anthropic":
        return {"x-api-key": key, "anthropic-version": _ANTHROPIC}
    return {"Authorization": f"Bearer {key}"} if key else {}


def _names(listed: Any) -> frozenset[str]:
    """As they may be named in the settings: Ollama's without the tag that is meant anyway, too. Raises ModelFailure."""
    entries = listed.get("data", listed.get("models")) if isinstance(listed, dict) else None
    if not isinstance(entries, list):
        raise ModelFailure("unreadable")
    names = {str(entry.get("id", entry.get("name", ""))) for entry in entries if isinstance(entry, dict)}
    return frozenset(names | {name.removesuffix(":latest") for name in names})
