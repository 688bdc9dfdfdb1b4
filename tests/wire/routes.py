"""What the bot may ask Discord for: itself, its commands, channels, threads, messages, polls."""

from collections.abc import Callable
from typing import Any

from tests.wire.calls import Call, Route
from tests.wire.messages import Messages
from tests.wire.polls import Polls
from tests.wire.shapes import without_nothing
from tests.wire.state import Json, Refusal, World
from tests.wire.threads import Threads

GUILD, COMMANDS = "/guilds/{guild_id}", "/applications/{application_id}/commands"
CHANNEL, MESSAGES = "/channels/{channel_id}", "/channels/{channel_id}/messages"
MESSAGE, THREAD_MEMBERS = f"{MESSAGES}/{{message_id}}", f"{CHANNEL}/thread-members"
POLL, PINS = f"{CHANNEL}/polls/{{message_id}}", f"{MESSAGES}/pins"

_SESSIONS = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}


class House:
    """The bot, and the server it is in."""

    def __init__(self, world: World, gateway_url: Callable[[], str]) -> None:
        self._world, self._gateway_url = world, gateway_url

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/users/@me", self.me),
            Route("GET", "/users/{user_id}", lambda call: self._world.user(call.path["user_id"]).as_json()),
            Route("POST", "/users/@me/channels", self.open_direct),
            Route("GET", "/oauth2/applications/@me", self.application),
            Route("GET", "/applications/@me", self.application),
            Route("GET", "/gateway", lambda _: {"url": self._gateway_url()}),
            Route("GET", "/gateway/bot", self.gateway),
            Route("GET", COMMANDS, lambda _: self._world.commands),
            Route("PUT", COMMANDS, self.put_commands),
            Route("GET", f"{GUILD}/members/{{user_id}}", self.member),
        ]

    def me(self, _: Call) -> Json:
        private = {"verified": True, "mfa_enabled": False, "locale": "en-US", "email": None}
        return self._world.bot.as_json() | private

    def open_direct(self, call: Call) -> Json:
        return self._world.of(self._world.direct(self._world.user(str(call.body["recipient_id"]))))

    def application(self, _: Call) -> Json:
        nothing = ("icon", "type", "team", "interactions_endpoint_url", "role_connections_verification_url")
        counts = ("approximate_guild_count", "approximate_user_install_count", "approximate_user_authorization_count")
        return {
            "id": self._world.application, "name": self._world.bot.name, "description": "", "verify_key": "0" * 64,
            "bot": self._world.bot.as_json(), "owner": self._world.owner.as_json(), "bot_public": True,
            "bot_require_code_grant": False, "flags": 0, "flags_new": "0", "redirect_uris": [],
            "explicit_content_filter": 0, "eligible_oauth2_scopes": [], **dict.fromkeys(nothing),
            **dict.fromkeys(counts, 1),
        }  # fmt: skip

    def gateway(self, _: Call) -> Json:
        return {"url": self._gateway_url(), "shards": 1, "session_start_limit": _SESSIONS}

    def put_commands(self, call: Call) -> list[Json]:
        """All of them anew; one of the same name and type keeps its id."""
        ids = {_known_by(each): each["id"] for each in self._world.commands}
        self._world.commands = [self._registered(each, ids) for each in call.body]
        return self._world.commands

    def _registered(self, sent: Json, ids: dict[tuple[str, int], str]) -> Json:
        kept = {**without_nothing(sent), "type": sent.get("type") or 1, "description": sent.get("description") or ""}
        id = ids.get(_known_by(kept)) or self._world.ids.next()
        allowed = sent.get("default_member_permissions")
        permissions = {"default_member_permissions": None if allowed is None else str(allowed)}
        return {**kept, **permissions, "id": id, "application_id": self._world.application, "version": id}

    def member(self, call: Call) -> Json:
        return self._world.member(self._world.user(call.path["user_id"]))


def _known_by(command: Json) -> tuple[str, int]:
    return command["name"], command.get("type") or 1


class Channels:
    """What is in a channel. The bot is who asks."""

    def __init__(self, world: World, messages: Messages, threads: Threads, polls: Polls) -> None:
        self._world, self._messages, self._threads, self._polls = world, messages, threads, polls

    def routes(self) -> list[Route]:
        return [
            Route("GET", CHANNEL, lambda call: self._world.of(call.path["channel_id"])),
            Route("PATCH", CHANNEL, lambda call: self._threads.change(call.path["channel_id"], call.body)),
            Route("DELETE", CHANNEL, lambda call: self._threads.delete(call.path["channel_id"])),
            Route("POST", f"{CHANNEL}/typing", lambda call: self._world.of(call.path["channel_id"]) and None, 204),
            Route("GET", MESSAGES, self.page),
            Route("POST", MESSAGES, self.post),
            Route("GET", MESSAGE, lambda call: self._messages.view(self._found(call), nonce=False)),
            Route("PATCH", MESSAGE, self.edit),
            Route("DELETE", MESSAGE, self.delete, 204),
            Route("POST", f"{CHANNEL}/threads", self.start, 201),
            Route("POST", f"{MESSAGE}/threads", self.start_from, 201),
            Route("GET", THREAD_MEMBERS, lambda call: self._threads.members(call.path["channel_id"])),
            Route("GET", f"{GUILD}/threads/active", lambda _: self.listed(self._threads.active())),
            Route("GET", f"{CHANNEL}/threads/archived/public", self.archived),
            Route("PUT", f"{PINS}/{{message_id}}", lambda call: self.pin(call, True), 204),
            Route("DELETE", f"{PINS}/{{message_id}}", lambda call: self.pin(call, False), 204),
            Route("PUT", f"{THREAD_MEMBERS}/{{user_id}}", self.add, 204),
            Route("DELETE", f"{THREAD_MEMBERS}/{{user_id}}", self.remove, 204),
            Route("GET", f"{THREAD_MEMBERS}/{{user_id}}", self.thread_member),
            Route("POST", f"{POLL}/expire", self.finish),
            Route("GET", f"{POLL}/answers/{{answer_id}}", self.voters),
        ]

    def _found(self, call: Call) -> Json:
        return self._messages.find(call.path["channel_id"], call.path["message_id"])

    def _own(self, call: Call, refusal: tuple[int, int, str]) -> Json:
        message = self._found(call)
        if message["author"]["id"] != self._world.bot.id:
            raise Refusal(*refusal)
        return message

    def page(self, call: Call) -> list[Json]:
        limit = call.number("limit") or 50
        found = self._messages.page(call.path["channel_id"], call.number("before"), call.number("after"), limit)
        return [self._messages.view(message, nonce=False) for message in found]

    def post(self, call: Call) -> Json:
        said = self._messages.post(call.path["channel_id"], self._world.bot, call.body, call.files)
        return self._messages.view(said)

    def edit(self, call: Call) -> Json:
        message = self._own(call, (403, 50005, "Cannot edit a message authored by another user"))
        return self._messages.view(self._messages.edit(message["id"], call.body, call.files))

    def delete(self, call: Call) -> None:
        self._messages.delete(self._found(call)["id"])

    def start(self, call: Call) -> Json:
        thread = self._threads.start(call.path["channel_id"], call.body, self._world.bot)
        return thread | {"member": self._threads.member(thread["id"], self._world.bot.id)}

    def start_from(self, call: Call) -> Json:
        by = self._world.bot
        thread = self._threads.start_from(call.path["channel_id"], call.path["message_id"], call.body, by)
        return thread | {"member": self._threads.member(thread["id"], by.id)}

    def listed(self, threads: list[Json]) -> Json:
        joined = [each["id"] for each in threads if self._threads.has(each["id"], self._world.bot)]
        members = [self._threads.member(id, self._world.bot.id) for id in joined]
        return {"threads": threads, "members": members, "has_more": False}

    def archived(self, call: Call) -> Json:
        return self.listed(self._threads.archived(call.path["channel_id"]))

    def pin(self, call: Call, pinned: bool) -> None:
        self._messages.replace({**self._found(call), "pinned": pinned})

    def _user_id(self, call: Call) -> str:
        return self._world.bot.id if call.path["user_id"] == "@me" else call.path["user_id"]

    def add(self, call: Call) -> None:
        self._threads.add(call.path["channel_id"], self._world.user(self._user_id(call)))

    def remove(self, call: Call) -> None:
        self._threads.remove(call.path["channel_id"], self._world.user(self._user_id(call)))

    def thread_member(self, call: Call) -> Json:
        return self._threads.member(call.path["channel_id"], self._user_id(call))

    def finish(self, call: Call) -> Json:
        message = self._own(call, (403, 50001, "Missing Access"))
        return self._messages.view(self._polls.finish(message["id"]), nonce=False)

    def voters(self, call: Call) -> dict[str, Any]:
        answer = int(call.path["answer_id"])
        return {"users": [user.as_json() for user in self._polls.voters(self._found(call)["id"], answer)]}
