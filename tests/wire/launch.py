"""``python -m tests.wire.launch HTTP_URL GATEWAY_URL [words...]``: the real bot, its client pointed at a double."""

import sys
from collections.abc import Sequence

import discord
import yarl

from bot.__main__ import main as demarche


def point(http_url: str, gateway_url: str) -> None:
    """Have discord.py, webhooks and interactions included, speak to another server than Discord's."""
    discord.http.Route.BASE = http_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    discord.asset.Asset.BASE = http_url


def main(words: Sequence[str]) -> int:
    http_url, gateway_url, *rest = words
    point(http_url, gateway_url)
    return demarche(rest or ["run"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
