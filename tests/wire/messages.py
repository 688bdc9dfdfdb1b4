"""What was said: posted, edited, deleted, and announced to whoever listens."""

from collections.abc import Iterable

from tests.wire import shapes
from tests.wire.sight import seen
from tests.wire.state import INVALID, THREADS, Json, Refusal, User, World, age, now

DEFAULT, THREAD_CREATED, REPLY, COMMAND, STARTER, CONTEXT_COMMAND, POLL_RESULT = 0, 18, 19, 20, 21, 23, 46
HAS_THREAD, EPHEMERAL, LOADING = 1 << 5, 1 << 6, 1 << 7

_UNKNOWN = (404, 10008, "Unknown Message")
_ARCHIVED = (400, 50083, "Thread is archived")
_LOCKED = (403, 160005, "Thread is locked")


class Messages:
    """All messages. A value handed out never changes: an edit puts another in its place."""

    def __init__(self, world: World, nonce_seconds: float) -> None:
        self._world, self._nonce_seconds = world, nonce_seconds
        self._all: dict[str, Json] = {}

    def __getitem__(self, id: str) -> Json:
        if id not in self._all:
            raise Refusal(*_UNKNOWN)
        return self._all[id]

    def __contains__(self, id: str) -> bool:
        return id in self._all

    def find(self, channel_id: str, id: str) -> Json:
        """One that everybody in the channel sees."""
        if self[id]["channel_id"] != channel_id or self[id]["flags"] & EPHEMERAL:
            raise Refusal(*_UNKNOWN)
        return self[id]

    def shown(self, channel_id: str) -> list[Json]:
        """What everybody sees in a channel, the oldest first."""
        everybody = (each for each in self._all.values() if not each["flags"] & EPHEMERAL)
        return [each for each in everybody if each["channel_id"] == channel_id]

    def page(self, channel_id: str, before: int | None, after: int | None, limit: int) -> list[Json]:
        """As they are asked for: the newest first, those nearest to ``after`` where it is given."""
        between = [
            each
            for each in self.shown(self._world.of(channel_id)["id"])
            if (before is None or int(each["id"]) < before) and (after is None or int(each["id"]) > after)
        ]
        return (between[:limit] if after is not None and before is None else between[-limit:])[::-1]

    def post(self, channel_id: str, author: User, body: Json, files: Iterable[Json] = (), **more: object) -> Json:
        """Keep and announce what ``author`` says; the same nonce again says nothing new."""
        channel = self._world.of(channel_id)
        if existing := self._said_before(author, body):
            return existing
        if channel["type"] in THREADS:
            self._reopen(channel, author)
        message = {**self._written(channel_id, author, body, files), **more}
        if message["type"] in (DEFAULT, REPLY, COMMAND, CONTEXT_COMMAND) and not message["flags"] & LOADING:
            shapes.check(message)
        self._all[message["id"]] = message
        self._count(channel_id, message["id"])
        self._announce("MESSAGE_CREATE", message)
        return message

    def _said_before(self, author: User, body: Json) -> Json | None:
        if not body.get("enforce_nonce") or body.get("nonce") is None:
            return None
        same = (each for each in self._all.values() if each["author"]["id"] == author.id)
        nonces = (each for each in same if each.get("nonce") == body["nonce"])
        return next((each for each in nonces if age(each["id"]) < self._nonce_seconds), None)

    def _written(self, channel_id: str, author: User, body: Json, files: Iterable[Json]) -> Json:
        reference = self._reference(channel_id, body.get("message_reference"))
        answered = self._all.get(reference["message_id"]) if reference else None
        pinged = shapes.pinged(body, answered["author"]["id"] if answered else None)
        message: Json = {
            "id": self._world.ids.next(), "channel_id": channel_id, "author": author.as_json(),
            "type": REPLY if reference else DEFAULT, "flags": body.get("flags") or 0, "timestamp": now(),
            "edited_timestamp": None, "tts": False, "pinned": False, "mention_everyone": False, "mention_roles": [],
            "content": body.get("content") or "", "attachments": list(files),
            "embeds": [shapes.embed(card) for card in body.get("embeds") or ()],
            "components": shapes.components(body.get("components") or ()),
            "mentions": [self._world.users[id].as_json() for id in pinged if id in self._world.users],
        }  # fmt: skip
        optional = {"message_reference": reference, "nonce": body.get("nonce")}
        polled = {"poll": shapes.poll(body["poll"])} if body.get("poll") else {}
        return message | shapes.without_nothing(optional) | polled

    def _reference(self, channel_id: str, sent: Json | None) -> Json | None:
        if not sent:
            return None
        if str(sent["message_id"]) not in self._all:
            if sent.get("fail_if_not_exists", True):
                raise Refusal(400, INVALID, "message_reference: Unknown message")
            return None
        place = self._world.place(channel_id)
        return {"type": 0, "channel_id": channel_id, "message_id": str(sent["message_id"]), **place}

    def _reopen(self, thread: Json, author: User) -> None:
        """Whoever writes into an archived thread opens it again, unless it is locked."""
        kept = thread["thread_metadata"]
        if kept["locked"] and not author.moderator:
            raise Refusal(*_LOCKED)
        if kept["archived"]:
            opened = {**thread, "thread_metadata": {**kept, "archived": False, "archive_timestamp": now()}}
            self._world.channels[thread["id"]] = opened
            self._world.announce("THREAD_UPDATE", opened)

    def _count(self, channel_id: str, id: str) -> None:
        channel = {**self._world.of(channel_id), "last_message_id": id}
        for counter in ("message_count", "total_message_sent") if channel["type"] in THREADS else ():
            channel[counter] += 1
        self._world.channels[channel_id] = channel

    def edit(self, id: str, body: Json, files: Iterable[Json] = ()) -> Json:
        """Change what ``body`` holds; what was still loading is then complete."""
        before = self[id]
        self._must_be_open(before["channel_id"])
        changes: Json = {}
        if "content" in body:
            pinged = shapes.pinged(body, None)
            changes["mentions"] = [self._world.users[user].as_json() for user in pinged if user in self._world.users]
            changes["content"] = body["content"] or ""
        if "embeds" in body:
            changes["embeds"] = [shapes.embed(card) for card in body["embeds"] or ()]
        if "components" in body:
            changes["components"] = shapes.components(body["components"] or ())
        kept = {str(each["id"]) for each in body.get("attachments") or before["attachments"]}
        changes["attachments"] = [*(each for each in before["attachments"] if each["id"] in kept), *files]
        completed = before["flags"] & LOADING
        changes["flags"] = (before["flags"] & ~LOADING) | ((body.get("flags") or 0) & ~EPHEMERAL)
        after = {**before, **changes, "edited_timestamp": None if completed else now()}
        shapes.check(after)
        return self.replace(after)

    def _must_be_open(self, channel_id: str) -> None:
        channel = self._world.of(channel_id)
        if channel["type"] in THREADS and channel["thread_metadata"]["archived"]:
            raise Refusal(*_ARCHIVED)

    def put(self, message: Json) -> Json:
        """Keep ``message`` in the place of what it was, silently."""
        self._all[message["id"]] = message
        return message

    def replace(self, message: Json) -> Json:
        self.put(message)
        self._announce("MESSAGE_UPDATE", message)
        return message

    def delete(self, id: str) -> None:
        message = self[id]
        del self._all[id]
        if not message["flags"] & EPHEMERAL:
            gone = {"id": id, "channel_id": message["channel_id"], **self._world.place(message["channel_id"])}
            self._world.announce("MESSAGE_DELETE", gone)

    def forget(self, channel_id: str) -> None:
        """What is in a channel goes with it."""
        self._all = {id: each for id, each in self._all.items() if each["channel_id"] != channel_id}

    def view(self, message: Json, *, nonce: bool = True) -> Json:
        """``message`` with what belongs to it, as the bot is shown it."""
        whole = dict(message) if nonce else {key: value for key, value in message.items() if key != "nonce"}
        if thread := self._world.channels.get(message["id"]):
            whole["thread"] = thread
        reference = message.get("message_reference")
        if reference and "message_id" in reference:
            whole["referenced_message"] = self._all.get(reference["message_id"])
        return seen(whole, self._world.bot, direct=self._world.is_direct(message["channel_id"]))

    def event(self, message: Json) -> Json:
        """``message`` as it is announced."""
        place = self._world.place(message["channel_id"])
        author = self._world.users[message["author"]["id"]]
        member = {"member": self._world.member(author, whole=False)} if place else {}
        return {**self.view(message), **place, **member, "channel_type": self._world.of(message["channel_id"])["type"]}

    def _announce(self, name: str, message: Json) -> None:
        if not message["flags"] & EPHEMERAL:
            self._world.announce(name, self.event(message))
