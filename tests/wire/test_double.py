"""The double against an unmodified discord.py client that does more than the bot does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, NamedTuple

import discord as dpy
import pytest
from discord import app_commands, ui

from tests.wire.calls import Request
from tests.wire.commands import Wrong
from tests.wire.launch import point
from tests.wire.messages import EPHEMERAL, HAS_THREAD, POLL_RESULT
from tests.wire.routes import MESSAGES
from tests.wire.server import Discord
from tests.wire.shapes import custom_ids
from tests.wire.state import Json, Refusal


class Reason(ui.Modal, title="Why?"):
    why: ui.Label[Any] = ui.Label(text="Because", component=ui.TextInput(custom_id="why", max_length=50))

    async def on_submit(self, interaction: dpy.Interaction[Any]) -> None:
        field = self.why.component
        assert isinstance(field, ui.TextInput)
        await interaction.response.send_message(f"Because {field.value}", ephemeral=True)


class Board(ui.View):
    """A button that opens a modal, one that edits the message, and a select."""

    @ui.button(label="Why", custom_id="board:why")
    async def why(self, interaction: dpy.Interaction[Any], _: ui.Button["Board"]) -> None:
        await interaction.response.send_modal(Reason(custom_id="reason"))

    @ui.button(label="Edit", custom_id="board:edit")
    async def edit(self, interaction: dpy.Interaction[Any], _: ui.Button["Board"]) -> None:
        await interaction.response.edit_message(content="edited")
        await interaction.followup.send("followed")

    @ui.select(custom_id="board:choose", options=[dpy.SelectOption(label="One"), dpy.SelectOption(label="Two")])
    async def choose(self, interaction: dpy.Interaction[Any], select: ui.Select["Board"]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"chose {select.values[0]}")


floor = app_commands.Group(name="floor", description="The floor")


@floor.command(description="Give it to somebody")
async def give(interaction: dpy.Interaction[Any], to: dpy.Member, minutes: app_commands.Range[int, 1, 9]) -> None:
    await interaction.response.defer(thinking=True)
    await interaction.followup.send(f"{to.mention} has {minutes} minutes", view=Board(timeout=None))


class Client(dpy.Client):
    def __init__(self) -> None:
        intents = dpy.Intents.none()
        intents.guilds = intents.guild_messages = intents.guild_polls = True
        super().__init__(intents=intents)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(floor)
        self.heard: list[dpy.Message] = []
        self.votes: list[dpy.RawPollVoteActionEvent] = []

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: dpy.Message) -> None:
        self.heard.append(message)

    async def on_raw_poll_vote_add(self, vote: dpy.RawPollVoteActionEvent) -> None:
        self.votes.append(vote)


class Pair(NamedTuple):
    discord: Discord
    client: Client

    @property
    def channel(self) -> dpy.TextChannel:
        channel = self.client.get_channel(int(self.discord.channel))
        assert isinstance(channel, dpy.TextChannel)
        return channel

    async def give(self) -> Json:
        given = await self.discord.slash(
            self.discord.channel, self.discord.alice, "floor", ["give"], {"to": self.discord.bob, "minutes": 2}
        )
        return await self.discord.until(lambda: given.message) or {}


@pytest.fixture
async def pair(discord: Discord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pair]:
    for owner, name in ((dpy.http.Route, "BASE"), (dpy.gateway.DiscordWebSocket, "DEFAULT_GATEWAY")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back afterwards what is pointed elsewhere now
    monkeypatch.setattr(dpy.asset.Asset, "BASE", dpy.asset.Asset.BASE)
    point(discord.http_url, discord.gateway_url)
    async with Client() as client:
        await client.login(discord.token)
        running = asyncio.create_task(client.connect())
        await discord.until(lambda: client.guilds and client.guilds[0].text_channels)
        yield Pair(discord, client)
        await client.close()
        await running


async def test_what_does_not_concern_the_bot_is_hidden_from_it(pair: Pair) -> None:
    ours = await pair.channel.send("Ours")
    await pair.discord.say(pair.discord.channel, pair.discord.alice, "Among ourselves")
    await pair.discord.say(pair.discord.channel, pair.discord.alice, "To you", mention_bot=True)
    await pair.discord.say(pair.discord.channel, pair.discord.alice, "On that", reply_to=str(ours.id))
    await pair.discord.say(pair.discord.channel, pair.discord.alice, "Aside", reply_to=str(ours.id), ping=False)
    await pair.discord.until(lambda: len(pair.client.heard) == 5)
    expected = ["Ours", "", f"{pair.discord.bot.mention} To you", "On that", ""]
    assert [each.content for each in pair.client.heard] == expected
    assert [each.content async for each in pair.channel.history(oldest_first=True)] == expected


async def test_history_is_read_from_either_end(pair: Pair) -> None:
    sent = [await pair.channel.send(str(n)) for n in range(5)]
    assert [each.content async for each in pair.channel.history(limit=2)] == ["4", "3"]
    assert [each.content async for each in pair.channel.history(limit=2, after=sent[1])] == ["2", "3"]
    assert [each.content async for each in pair.channel.history(before=sent[1])] == ["0"]


async def test_a_thread_is_started_written_into_archived_and_deleted(pair: Pair) -> None:
    message = await pair.channel.send("Here begins")
    thread = await message.create_thread(name="A debate", auto_archive_duration=60)
    assert thread.id == message.id
    assert pair.discord.message(str(message.id))["flags"] & HAS_THREAD
    await thread.send("First")
    await pair.discord.say(str(thread.id), pair.discord.alice, "Second", mention_bot=True)
    await pair.discord.until(lambda: pair.client.heard[-1].content.endswith("Second"))
    await thread.edit(name="It is over", archived=True, locked=True)
    (kept,) = pair.discord.threads()
    assert (kept["name"], kept["thread_metadata"]["locked"]) == ("It is over", True)
    with pytest.raises(Refusal, match="locked"):
        await pair.discord.say(str(thread.id), pair.discord.alice, "Too late")
    (listed,) = [each async for each in pair.channel.archived_threads()]
    assert listed.id == thread.id
    await thread.delete()
    assert pair.discord.threads() == []


async def test_a_thread_without_a_message_is_announced_in_its_channel(pair: Pair) -> None:
    thread = await pair.channel.create_thread(name="Apart", type=dpy.ChannelType.public_thread)
    await thread.add_user(dpy.Object(int(pair.discord.alice.id)))
    assert {member.id for member in await thread.fetch_members()} >= {int(pair.discord.alice.id)}
    assert pair.discord.messages(pair.discord.channel)[-1]["content"] == "Apart"
    assert await pair.channel.guild.active_threads() == [thread]


async def test_a_poll_is_voted_on_and_ended(pair: Pair) -> None:
    poll = dpy.Poll("Adjourn?", timedelta(hours=1)).add_answer(text="Yes").add_answer(text="No")
    message = await pair.channel.send(poll=poll)
    await pair.discord.vote(str(message.id), 2, pair.discord.alice)
    await pair.discord.vote(str(message.id), 1, pair.discord.alice)
    await pair.discord.vote(str(message.id), 1, pair.discord.bob)
    await pair.discord.until(lambda: len(pair.client.votes) == 3)
    fetched = await pair.channel.fetch_message(message.id)
    assert fetched.poll
    assert [answer.vote_count for answer in fetched.poll.answers] == [2, 0]
    assert {voter.name async for voter in fetched.poll.answers[0].voters()} == {"alice", "bob"}
    ended = await fetched.end_poll()
    assert ended.poll
    assert ended.poll.is_finalised()
    assert pair.discord.messages(pair.discord.channel)[-1]["type"] == POLL_RESULT


async def test_a_subcommand_is_run_with_what_people_fill_in(pair: Pair) -> None:
    assert (await pair.give())["content"] == f"{pair.discord.bob.mention} has 2 minutes"


async def test_what_people_could_not_do_is_the_mistake_of_the_test(pair: Pair) -> None:
    for values in ({"to": pair.discord.bob}, {"to": pair.discord.bob, "minutes": 10}, {"whom": "bob"}):
        with pytest.raises(Wrong):
            await pair.discord.slash(pair.discord.channel, pair.discord.alice, "floor", ["give"], values)
    with pytest.raises(Wrong, match="board:why"):
        await pair.discord.press(await pair.give(), "board:who", pair.discord.alice)


async def test_a_modal_is_opened_filled_in_and_answered(pair: Pair) -> None:
    opened = await pair.discord.press(await pair.give(), "board:why", pair.discord.alice)
    await pair.discord.until(lambda: opened.modal)
    filled = await pair.discord.submit("reason", {"why": "I can"}, pair.discord.channel, pair.discord.alice)
    shown = await pair.discord.until(lambda: filled.message) or {}
    assert (shown["content"], bool(shown["flags"] & EPHEMERAL)) == ("Because I can", True)


async def test_a_message_is_edited_by_its_own_buttons(pair: Pair) -> None:
    board = await pair.give()
    assert custom_ids(board) == ["board:why", "board:edit", "board:choose"]
    edited = await pair.discord.press(board, "board:edit", pair.discord.bob)
    await pair.discord.until(lambda: len(edited.messages) == 2)
    assert [each["content"] for each in edited.messages] == ["edited", "followed"]
    await pair.discord.press(board, "board:choose", pair.discord.bob, ["Two"])
    await pair.discord.until(lambda: pair.discord.message(board["id"])["content"] == "chose Two")


async def test_what_is_edited_pinned_and_deleted_is_so(pair: Pair) -> None:
    message = await pair.channel.send("First")
    await message.edit(content="Second")
    await message.pin()
    kept = pair.discord.message(str(message.id))
    assert (kept["content"], kept["pinned"], bool(kept["edited_timestamp"])) == ("Second", True, True)
    await message.delete()
    with pytest.raises(dpy.NotFound):
        await pair.channel.fetch_message(message.id)


async def test_a_file_is_sent_and_fetched_again(pair: Pair) -> None:
    file = dpy.File(__file__, filename="communiqué.md", description="As adopted")
    sent = await pair.channel.send("Adopted", file=file)
    assert b"unmodified discord.py" in await sent.attachments[0].read()


async def test_a_request_may_be_refused_and_slowed_down(pair: Pair) -> None:
    pair.discord.refuse("POST", MESSAGES, Refusal(403, 50013, "Missing Permissions"))
    with pytest.raises(dpy.Forbidden):
        await pair.channel.send("No")
    pair.discord.refuse("POST", MESSAGES, Refusal(429, 0, "You are being rate limited."))
    await pair.channel.send("Later")
    assert [status(each) for each in pair.discord.requests[-3:]] == [403, 429, 200]


def status(request: Request) -> int:
    return request.status


async def test_a_client_that_is_told_to_reconnect_resumes(pair: Pair) -> None:
    await pair.discord.ask_to_reconnect()
    await pair.discord.until(lambda: pair.discord.resumptions == 1)
    assert await pair.give()


async def test_a_route_that_is_not_there_is_noted(pair: Pair) -> None:
    with pytest.raises(dpy.NotFound):
        await pair.channel.webhooks()
    assert pair.discord.unknown == [f"GET /channels/{pair.discord.channel}/webhooks"]
    pair.discord.unknown.clear()
