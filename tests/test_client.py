import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import cast

import discord
import pytest

from bot import client as discord_side
from bot import settings as configuration
from bot.client import REFUSED, UNREACHED, Client
from bot.cogs.asking import Asking
from bot.cogs.progress import awaited
from bot.cogs.rooms import Rooms
from bot.debate import Speech
from bot.delegate import Delegate
from bot.steps import DRAFTING, READING, Told
from knowledge.delegation import RAPPORTEUR
from knowledge.errors import SettingsError
from knowledge.library import Library

NOWHERE = "sqlite+aiosqlite:////nowhere/demarche.db"  # opened only by who logs in


class Refusing(BaseHTTPRequestHandler):
    """Discord, to whom the token means nothing."""

    def do_GET(self) -> None:
        body = b'{"message": "401: Unauthorized", "code": 0}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("apart")
def test_without_a_token_it_says_where_to_put_one(delegate: Delegate) -> None:
    with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
        discord_side.run(configuration.load(), delegate)


@pytest.mark.usefixtures("apart", "refusing")
def test_a_refused_token_is_named_without_being_shown(
    delegate: Delegate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret.token.value")
    with pytest.raises(SettingsError) as raised:
        discord_side.run(configuration.load(), delegate)
    assert str(raised.value) == REFUSED
    assert "secret" not in caplog.text


@pytest.mark.usefixtures("apart")
def test_where_discord_cannot_be_reached_it_says_so(delegate: Delegate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret.token.value")
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:1")
    with pytest.raises(SettingsError) as raised:
        discord_side.run(configuration.load(), delegate)
    assert str(raised.value) == UNREACHED


async def test_it_asks_for_no_privileged_intent_and_pings_nobody(delegate: Delegate) -> None:
    client = Client(delegate, NOWHERE)
    assert client.intents.value & discord.Intents(message_content=True, members=True, presences=True).value == 0
    assert client.allowed_mentions
    assert client.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


async def test_commands_can_be_used_in_servers_in_direct_messages_and_as_a_user_install(delegate: Delegate) -> None:
    client = Client(delegate, NOWHERE)
    await client.add_cog(Asking(client, delegate, cast(Rooms, None)))
    offered = [command.to_dict(client.tree) for command in client.tree.get_commands()]
    assert {command["name"] for command in offered} == {"ask", "Check this claim"}
    for command in offered:
        assert command["integration_types"] == [0, 1]
        assert command["contexts"] == [0, 1, 2]


async def test_what_breaks_in_an_event_is_logged_without_its_message(
    delegate: Delegate, caplog: pytest.LogCaptureFixture
) -> None:
    client, written = Client(delegate, NOWHERE), "what somebody wrote"
    try:
        raise ValueError(written)
    except ValueError:
        await client.on_error("message")
    assert "ValueError" in caplog.text
    assert "what somebody wrote" not in caplog.text
    assert caplog.records[-1].levelno == logging.ERROR


async def test_a_slow_answer_is_awaited_in_view(
    library: Library, delegate: Delegate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In real time, with the thread the library is searched in."""
    monkeypatch.setattr("bot.cogs.progress.PATIENCE", 0.05)
    released, shown = threading.Event(), list[str]()
    search = library.search
    monkeypatch.setattr(library, "search", lambda question, asked: released.wait(5) and search(question, asked))

    async def show(step: str) -> None:
        shown.append(step)
        released.set()

    async def answering(told: Told) -> Speech:
        return await delegate.answer("Should NATO open an office in Tokyo?", RAPPORTEUR, told)

    assert (await awaited(answering, show)).answered
    assert shown[0] == READING
    assert set(shown) <= {READING, DRAFTING}
