"""What people do in Discord, and what they see there: how a test drives the bot."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.wire import commands, shapes
from tests.wire.commands import ON_MESSAGE, ON_USER, Wrong
from tests.wire.interactions import COMPLETE, PRESS, RUN, SUBMIT, Interaction, Interactions
from tests.wire.messages import Messages
from tests.wire.polls import Polls
from tests.wire.state import Json, User, World
from tests.wire.threads import Threads

_ROW, _LABEL = 1, 18


class Drivers:
    """``times`` is how often the bot is told of the same event: Discord sometimes tells twice."""

    def __init__(
        self, world: World, said: Messages, threads: Threads, polls: Polls, interactions: Interactions
    ) -> None:
        self.world = world
        self.bot, self.alice, self.bob, self.channel = world.bot, world.alice, world.bob, world.channel
        self._said, self._threads, self._polls, self._interactions = said, threads, polls, interactions

    def messages(self, channel_id: str) -> list[Json]:
        """What everybody sees in a channel, the oldest first, as it is and not as the bot is shown it."""
        return self._said.shown(channel_id)

    def message(self, id: str) -> Json:
        """One message as it stands now."""
        return self._said[id]

    def replies(self, to: Json) -> list[Json]:
        """The messages that answer one."""
        said = self.messages(to["channel_id"])
        return [each for each in said if each.get("message_reference", {}).get("message_id") == to["id"]]

    def threads(self, channel_id: str | None = None) -> list[Json]:
        """The threads of a channel, archived ones too, the oldest first."""
        return [each for each in self.world.channels.values() if each.get("parent_id") == (channel_id or self.channel)]

    async def say(
        self,
        channel_id: str,
        user: User,
        text: str,
        *,
        reply_to: str | None = None,
        ping: bool = True,
        mention_bot: bool = False,
        times: int = 1,
    ) -> Json:
        """Write a message. A reply pings whom it answers, unless ``ping`` is off."""
        body: Json = {"content": f"{self.bot.mention} {text}" if mention_bot else text}
        if reply_to:
            body["message_reference"] = {"message_id": reply_to}
            body["allowed_mentions"] = {"parse": ["users"], "replied_user": ping}
        message = self._said.post(channel_id, user, body)
        for _ in range(times - 1):
            self.world.announce("MESSAGE_CREATE", self._said.event(message))
        return message

    async def edit(self, message_id: str, text: str) -> Json:
        """Change what somebody wrote."""
        return self._said.edit(message_id, {"content": text})

    async def delete(self, message_id: str) -> None:
        """As a moderator would."""
        self._said.delete(message_id)

    async def slash(
        self,
        channel_id: str,
        user: User,
        command: str,
        path: Sequence[str] = (),
        options: Mapping[str, Any] | None = None,
        *,
        times: int = 1,
    ) -> Interaction:
        """Run /command path with options; users are given as User, channels by their id."""
        offered = commands.offered(self.world, command, channel_id, user)
        data = commands.run(self.world, offered, path, options or {})
        return self._interactions.begin(RUN, channel_id, user, data, times=times)

    async def complete(
        self, channel_id: str, user: User, command: str, path: Sequence[str], option: str, typed: str
    ) -> Interaction:
        """Type into an option that completes; its ``choices`` are what the bot offers."""
        offered = commands.offered(self.world, command, channel_id, user)
        data = commands.run(self.world, offered, path, {option: typed}, focused=option)
        return self._interactions.begin(COMPLETE, channel_id, user, data)

    async def menu(self, command: str, target: Json | User, channel_id: str, user: User) -> Interaction:
        """Choose a command from the menu of a message or of a user."""
        of_user = isinstance(target, User)
        offered = commands.offered(self.world, command, channel_id, user, ON_USER if of_user else ON_MESSAGE)
        return self._interactions.begin(RUN, channel_id, user, commands.run_on(self.world, offered, target))

    async def press(
        self, message: Json, custom_id: str, user: User, values: Sequence[str] = (), *, times: int = 1
    ) -> Interaction:
        """Press a button, or choose ``values`` in a select. Raises Wrong where it is not there or greyed out."""
        source = self.message(message["id"])
        found = [part for part in shapes.parts(source["components"]) if part.get("custom_id") == custom_id]
        if not found or found[0].get("disabled"):
            raise Wrong(f"{custom_id!r} cannot be pressed; there are {shapes.custom_ids(source)}")
        data: Json = {"custom_id": custom_id, "component_type": found[0]["type"], "id": found[0]["id"]}
        if found[0]["type"] in shapes.SELECTS:
            data["values"] = list(values)
        return self._interactions.begin(PRESS, source["channel_id"], user, data, source=source, times=times)

    async def submit(
        self, modal: str | Interaction, values: Mapping[str, Any], channel_id: str, user: User, *, times: int = 1
    ) -> Interaction:
        """Fill in a modal (of that custom id, or that an interaction opened) and send it off."""
        opener = modal if isinstance(modal, Interaction) else self._interactions.with_modal(modal, user)
        if opener.modal is None:
            raise Wrong("that opened no modal")
        if unknown := set(values) - set(shapes.custom_ids(opener.modal)):
            raise Wrong(f"the modal has no {unknown}; it has {shapes.custom_ids(opener.modal)}")
        filled = [_filled(each, values) for each in opener.modal["components"]]
        data = {"custom_id": opener.modal["custom_id"], "components": filled}
        begin = self._interactions.begin
        return begin(SUBMIT, channel_id, user, data, source=opener.source, opener=opener, times=times)

    async def vote(self, message_id: str, answer_id: int, user: User) -> Json:
        """Vote in a poll; the message as it stands then."""
        return self._polls.vote(message_id, answer_id, user)

    async def unvote(self, message_id: str, answer_id: int, user: User) -> None:
        self._polls.unvote(message_id, answer_id, user)

    async def finish_poll(self, message_id: str) -> Json:
        """As when its time is over."""
        return self._polls.finish(message_id)

    async def open_thread(self, name: str, user: User) -> str:
        """As people do in the channel; its id."""
        return str(self._threads.start(self.channel, {"name": name}, user)["id"])

    async def change(self, channel_id: str, **changes: Any) -> Json:
        """Archive, lock or rename a channel or thread, as a moderator would."""
        return self._threads.change(channel_id, changes)

    async def remove(self, channel_id: str) -> None:
        """Delete a channel or thread, as a moderator would."""
        self._threads.delete(channel_id)


def _filled(component: Json, values: Mapping[str, Any]) -> Json:
    """A part of a modal as it is sent: rows and labels hold a field, and text is only text."""
    if component["type"] == _ROW:
        return {"type": _ROW, "id": 1, "components": [_field(each, values) for each in component["components"]]}
    if component["type"] == _LABEL:
        return {"type": _LABEL, "id": 1, "component": _field(component["component"], values)}
    return {"type": component["type"], "id": 1}


def _field(component: Json, values: Mapping[str, Any]) -> Json:
    id, type = component["custom_id"], component["type"]
    if type in shapes.SELECTS:
        return {"type": type, "id": 1, "custom_id": id, "values": list(values.get(id, ()))}
    given = values.get(id, component.get("value") or "")
    if component.get("required", True) and given == "":
        raise Wrong(f"{id!r} must be filled in")
    if isinstance(given, str) and len(given) > (component.get("max_length") or 4000):
        raise Wrong(f"{id!r} takes {component['max_length']} characters at most")
    return {"type": type, "id": 1, "custom_id": id, "value": given}
