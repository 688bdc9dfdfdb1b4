"""The double by itself: what it refuses, what it notes, how it forgets."""

from pathlib import Path
from typing import Any

import aiohttp
import discord as dpy
import pytest

from tests.wire.messages import EPHEMERAL, LOADING
from tests.wire.openapi import Description
from tests.wire.server import Discord
from tests.wire.state import Json


async def post(discord: Discord, path: str, body: Json, token: str = "") -> Any:
    """What is replied, as JSON."""
    authorization = {"Authorization": f"Bot {token or discord.token}"}
    session = aiohttp.ClientSession(headers=authorization)
    async with session, session.post(discord.http_url + path, json=body) as response:
        assert response.headers["Content-Type"] == "application/json"
        return await response.json()


async def said(discord: Discord, **body: Any) -> Json:
    reply: Json = await post(discord, f"/channels/{discord.channel}/messages", body)
    return reply


def texts(discord: Discord) -> list[str]:
    return [each["content"] for each in discord.messages(discord.channel)]


async def test_the_same_nonce_says_nothing_new(discord: Discord) -> None:
    first = await said(discord, content="once", nonce="7", enforce_nonce=True)
    assert await said(discord, content="twice", nonce="7", enforce_nonce=True) == first
    await said(discord, content="not enforced", nonce="7")
    assert texts(discord) == ["once", "not enforced"]


async def test_a_nonce_is_forgotten_after_a_while() -> None:
    async with Discord(nonce_seconds=0) as discord:
        await said(discord, content="once", nonce="7", enforce_nonce=True)
        await said(discord, content="twice", nonce="7", enforce_nonce=True)
        assert texts(discord) == ["once", "twice"]


async def test_a_stranger_is_turned_away(discord: Discord) -> None:
    refused = await post(discord, f"/channels/{discord.channel}/messages", {"content": "x"}, token="another")
    assert refused["message"] == "401: Unauthorized"


async def test_what_is_no_json_is_not_read(discord: Discord) -> None:
    authorization = {"Authorization": f"Bot {discord.token}"}
    url = f"{discord.http_url}/channels/{discord.channel}/messages"
    session = aiohttp.ClientSession(headers=authorization)
    async with session, session.post(url, data=b"{") as response:
        assert (await response.json())["code"] == 50109


async def test_an_answer_that_comes_too_late_is_not_taken() -> None:
    async with Discord(answer_within=0) as discord:
        discord.world.commands = [{"id": "1", "name": "ask", "type": 1}]
        asked = await discord.slash(discord.channel, discord.alice, "ask")
        late = await post(discord, f"/interactions/{asked.id}/{asked.token}/callback", {"type": 5})
        assert late["code"] == 10062
        assert asked.message is None


async def test_what_completes_a_whisper_stays_one(discord: Discord) -> None:
    discord.world.commands = [{"id": "1", "name": "ask", "type": 1}]
    asked = await discord.slash(discord.channel, discord.alice, "ask")
    callback = f"/interactions/{asked.id}/{asked.token}/callback?with_response=true"
    told = await post(discord, callback, {"type": 5, "data": {"flags": EPHEMERAL}})
    assert told["interaction"]["response_message_loading"]
    assert asked.messages[0]["flags"] == EPHEMERAL | LOADING
    assert (await post(discord, callback, {"type": 5}))["code"] == 40060
    await post(discord, f"/webhooks/{discord.bot.id}/{asked.token}?wait=true", {"content": "Done", "flags": 0})
    assert asked.message
    assert (asked.message["content"], asked.message["flags"]) == ("Done", EPHEMERAL)
    assert discord.messages(discord.channel) == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [({}, "empty"), ({"content": "x" * 2001}, "content"), ({"embeds": [{"description": "x" * 4000}] * 2}, "embeds")],
)
async def test_what_discord_does_not_take_is_noted(body: Json, complaint: str) -> None:
    async with Discord() as discord:
        refused = await said(discord, **body)
        assert complaint in refused["message"]
        (problem,) = discord.problems
        assert problem == f"POST /channels/{{channel_id}}/messages, request: {refused['message']}"


@pytest.mark.skipif(not Description().available, reason="Discord's description is not at hand")
async def test_what_the_description_does_not_allow_is_noted_with_its_place() -> None:
    async with Discord() as discord:
        await said(discord, content="x", embeds=[{"title": "y" * 257}])
        assert "request: $.embeds[0].title: " in discord.problems[0]


@pytest.mark.skipif(not Description().available, reason="Discord's description is not at hand")
def test_a_reply_is_held_against_the_description() -> None:
    description = Description()
    assert description.of_reply("GET", "/gateway", 200, {"url": "ws://127.0.0.1"}) is None
    assert "'url' is a required property" in (description.of_reply("GET", "/gateway", 200, {}) or "")
    assert description.of_reply("GET", "/gateway", 404, {"code": 0, "message": "404: Not Found"}) is None
    assert "not among" in (description.of_reply("GET", "/gateway", 201, {}) or "")


def test_without_a_description_nothing_is_wrong(tmp_path: Path) -> None:
    description = Description(tmp_path / "openapi.json")
    assert not description.available
    assert description.of_request("POST", "/anything", {}) is None
    assert description.of_reply("POST", "/anything", 200, {}) is None


async def test_a_client_with_a_privileged_intent_is_sent_away(discord: Discord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(discord.gateway_url) as socket:
        hello = await socket.receive_json()
        assert hello["op"] == 10
        intents = dpy.Intents(message_content=True).value
        await socket.send_json({"op": 2, "d": {"token": discord.token, "intents": intents}})
        assert (await socket.receive()).data == 4014
