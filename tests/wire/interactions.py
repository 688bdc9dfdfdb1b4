"""What users do with the bot (commands, buttons, modals), and what comes of it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.wire.messages import COMMAND, CONTEXT_COMMAND, EPHEMERAL, LOADING, REPLY, Messages
from tests.wire.shapes import without_nothing
from tests.wire.state import INVALID, Json, Refusal, User, World, age

RUN, PRESS, COMPLETE, SUBMIT = 2, 3, 4, 5
ANSWER, DEFER, DEFER_EDIT, EDIT, CHOICES, MODAL = 4, 5, 6, 7, 8, 9

TOKEN_LIVES = 900.0  # seconds

_UNKNOWN = (404, 10062, "Unknown interaction")


@dataclass(eq=False)
class Interaction:
    """Something ``user`` did that waits for an answer. ``source`` is the message pressed on, if there is one."""

    said: Messages = field(repr=False)
    id: str
    type: int
    user: User
    channel_id: str
    data: Json
    source: Json | None = None
    opener: "Interaction | None" = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    response: Json | None = None  # the first answer, as the bot sent it
    original: str | None = None
    followups: list[str] = field(default_factory=list)

    @property
    def message(self) -> Json | None:
        """The message that answers it (or that it edited), as it stands; None while it loads and when it is gone."""
        message = self.said[self.original] if self.original and self.original in self.said else None
        return None if message is None or message["flags"] & LOADING else message

    @property
    def messages(self) -> list[Json]:
        """All that it made or edited and that is still there, whispers too."""
        ids = [*([self.original] if self.original else []), *self.followups]
        return [self.said[id] for id in ids if id in self.said]

    @property
    def modal(self) -> Json | None:
        return self.response["data"] if self.response and self.response["type"] == MODAL else None

    @property
    def choices(self) -> list[Json] | None:
        """What was offered to complete an option with."""
        return self.response["data"]["choices"] if self.response and self.response["type"] == CHOICES else None


class Interactions:
    def __init__(self, world: World, messages: Messages, answer_within: float) -> None:
        self._world, self._messages, self._answer_within = world, messages, answer_within
        self._all: dict[str, Interaction] = {}

    def begin(
        self,
        type: int,
        channel_id: str,
        user: User,
        data: Json,
        *,
        source: Json | None = None,
        opener: Interaction | None = None,
        times: int = 1,
    ) -> Interaction:
        """Tell the bot that ``user`` did something, ``times`` times over."""
        begun = Interaction(self._messages, self._world.ids.next(), type, user, channel_id, data, source, opener)
        self._all[begun.token] = begun
        for _ in range(times):
            self._world.announce("INTERACTION_CREATE", self._event(begun))
        return begun

    def with_modal(self, custom_id: str, user: User) -> Interaction:
        """The last one that opened a modal of that name for ``user``."""
        opened = [each for each in self._all.values() if each.user == user and each.modal]
        return next(each for each in reversed(opened) if each.modal and each.modal["custom_id"] == custom_id)

    def _event(self, begun: Interaction) -> Json:
        channel, place = self._world.of(begun.channel_id), self._world.place(begun.channel_id)
        allowed = str(begun.user.permissions)
        inside: Json = {"user": begun.user.as_json()}
        if place:
            guild = {"id": self._world.guild, "locale": "en-US", "features": []}
            member = {**self._world.member(begun.user), "permissions": allowed}
            inside = {"member": member, "guild": guild, "guild_locale": "en-US", **place}
        source = self._messages.view(begun.source) if begun.source else None
        return {
            "id": begun.id, "application_id": self._world.application, "type": begun.type, "token": begun.token,
            "version": 1, "data": begun.data, "channel_id": begun.channel_id,
            "channel": {**channel, "permissions": allowed}, "locale": "en-US", "entitlements": [],
            "app_permissions": str(self._world.bot.permissions), "context": 0 if place else 1,
            "authorizing_integration_owners": self._owners(begun), "attachment_size_limit": 10_485_760, **inside,
            **without_nothing({"message": source}),
        }  # fmt: skip

    def _owners(self, begun: Interaction) -> Json:
        return {"0": self._world.guild if self._world.place(begun.channel_id) else "0"}

    def with_token(self, token: str) -> Interaction:
        """One that has been answered and may be followed up. Raises Refusal."""
        begun = self._all.get(token)
        if begun is None or begun.response is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        if age(begun.id) > TOKEN_LIVES:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return begun

    def answer(self, id: str, token: str, body: Json, files: Iterable[Json] = ()) -> Json:
        """Take the bot's first answer; what it made, as Discord tells it."""
        begun = self._all.get(token)
        if begun is None or begun.id != id or (begun.response is None and age(id) > self._answer_within):
            raise Refusal(*_UNKNOWN)
        if begun.response is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        begun.original = self._made(begun, body, files)
        begun.response = body
        return self._told(begun, body["type"])

    def _made(self, begun: Interaction, body: Json, files: Iterable[Json]) -> str | None:
        """The id of the message that an answer makes or edits."""
        data = body.get("data") or {}
        if body["type"] in (ANSWER, DEFER):
            loading = LOADING if body["type"] == DEFER else 0
            sent = {**data, "flags": (data.get("flags") or 0) | loading}
            return str(self._say(begun, sent, files, self._type(begun), begun.source)["id"])
        if body["type"] in (DEFER_EDIT, EDIT):
            if begun.source is None:
                raise Refusal(400, INVALID, "type: there is no message to edit")
            if body["type"] == EDIT:
                self._messages.edit(begun.source["id"], data)
            return str(begun.source["id"])
        return None

    def _type(self, begun: Interaction) -> int:
        if begun.source is not None:
            return REPLY
        return CONTEXT_COMMAND if begun.data.get("type", 1) != 1 else COMMAND

    def _say(self, begun: Interaction, body: Json, files: Iterable[Json], type: int, to: Json | None) -> Json:
        place = {"channel_id": begun.channel_id, **self._world.place(begun.channel_id)}
        reference = {"type": 0, "message_id": to["id"], **place} if to else None
        more = {"type": type, "webhook_id": self._world.application, "application_id": self._world.application}
        metadata = self._metadata(begun)
        linked = without_nothing({"message_reference": reference, "interaction_metadata": metadata})
        return self._messages.post(begun.channel_id, self._world.bot, body, files, **more, **linked)

    def _metadata(self, begun: Interaction) -> Json:
        known = {"id": begun.id, "type": begun.type, "user": begun.user.as_json()}
        more: Json = {"authorizing_integration_owners": self._owners(begun)}
        if begun.type == PRESS and begun.source:
            more["interacted_message_id"] = begun.source["id"]
        if begun.opener is not None:
            more["triggering_interaction_metadata"] = self._metadata(begun.opener)
        return known | more

    def _told(self, begun: Interaction, type: int) -> Json:
        message = self._messages[begun.original] if begun.original else None
        place = {"channel_id": begun.channel_id, **self._world.place(begun.channel_id)}
        told: Json = {"id": begun.id, "type": begun.type, **place}
        if message:
            told["response_message_id"] = message["id"]
            told["response_message_loading"] = bool(message["flags"] & LOADING)
            told["response_message_ephemeral"] = bool(message["flags"] & EPHEMERAL)
        resource = {"type": type, "message": self._messages.view(message)} if message else None
        return {"interaction": told} | ({"resource": resource} if type in (ANSWER, EDIT) and resource else {})

    def follow_up(self, token: str, body: Json, files: Iterable[Json] = ()) -> Json:
        """Another message; as long as the first one is loading, it completes that one instead."""
        begun = self.with_token(token)
        original = self._messages[begun.original] if begun.original and begun.original in self._messages else None
        if original and original["flags"] & LOADING:
            return self._messages.edit(original["id"], body, files)
        said = self._say(begun, body, files, REPLY if original else self._type(begun), original)
        begun.followups.append(said["id"])
        return said

    def message(self, token: str, id: str) -> Json:
        """One that the interaction made. Raises Refusal where it is not one of those."""
        begun = self.with_token(token)
        wanted = begun.original if id == "@original" else id
        if wanted is None or wanted not in (begun.original, *begun.followups):
            raise Refusal(404, 10008, "Unknown Message")
        return self._messages[wanted]
