"""Threads: started from a channel or a message, archived, locked, renamed; and the channels that they are in."""

from tests.wire.messages import HAS_THREAD, STARTER, THREAD_CREATED, Messages
from tests.wire.state import PUBLIC_THREAD, THREADS, Json, Refusal, User, World, now

_OF_METADATA = ("archived", "locked", "invitable", "auto_archive_duration")
_OF_CHANNEL = ("name", "topic", "rate_limit_per_user", "nsfw", "position", "flags")


class Threads:
    def __init__(self, world: World, messages: Messages) -> None:
        self._world, self._messages = world, messages

    def start(self, channel_id: str, body: Json, by: User) -> Json:
        """One of its own, which the channel says was started."""
        thread = self._opened(self._world.ids.next(), channel_id, body, by)
        if thread["type"] == PUBLIC_THREAD:
            reference = {"type": 0, "channel_id": thread["id"], "guild_id": self._world.guild}
            said = {"content": thread["name"], "allowed_mentions": {}}
            self._messages.post(channel_id, by, said, (), type=THREAD_CREATED, message_reference=reference)
        return thread

    def start_from(self, channel_id: str, message_id: str, body: Json, by: User) -> Json:
        """One that bears the id of the message it hangs on."""
        message = self._messages.find(channel_id, message_id)
        if message_id in self._world.channels:
            raise Refusal(400, 160004, "A thread has already been created for this message")
        thread = self._opened(message_id, channel_id, {**body, "type": PUBLIC_THREAD}, by)
        self._messages.replace({**message, "flags": message["flags"] | HAS_THREAD})
        reference = {"type": 0, "channel_id": channel_id, "guild_id": self._world.guild, "message_id": message_id}
        self._messages.post(message_id, by, {}, (), type=STARTER, message_reference=reference)
        return thread

    def _opened(self, id: str, channel_id: str, body: Json, by: User) -> Json:
        if self._world.of(channel_id)["type"] in THREADS:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        counts = {"message_count": 0, "total_message_sent": 0, "member_count": 1}
        metadata = {
            "archived": False, "locked": False, "archive_timestamp": now(), "create_timestamp": now(),
            "auto_archive_duration": body.get("auto_archive_duration") or 4320, "invitable": True,
        }  # fmt: skip
        thread = {
            "id": id, "type": body.get("type") or PUBLIC_THREAD, "guild_id": self._world.guild, "name": body["name"],
            "parent_id": channel_id, "owner_id": by.id, "last_message_id": None, "flags": 0, **counts,
            "rate_limit_per_user": body.get("rate_limit_per_user") or 0, "thread_metadata": metadata,
        }  # fmt: skip
        self._world.channels[id] = thread
        self._world.thread_members[id] = {by.id: now()}
        self._world.announce("THREAD_CREATE", {**thread, "newly_created": True})
        return thread

    def change(self, channel_id: str, body: Json) -> Json:
        """Archive, lock, rename: whatever of ``body`` is not null."""
        channel = self._world.of(channel_id)
        is_thread = channel["type"] in THREADS
        changes = {key: body[key] for key in _OF_CHANNEL if body.get(key) is not None}
        if is_thread:
            kept = {key: body[key] for key in _OF_METADATA if body.get(key) is not None}
            if channel["thread_metadata"]["archived"] and kept.get("archived") is not False:
                raise Refusal(400, 50083, "Thread is archived")
            stamped = {"archive_timestamp": now()} if "archived" in kept else {}
            changes["thread_metadata"] = {**channel["thread_metadata"], **kept, **stamped}
        self._world.channels[channel_id] = changed = {**channel, **changes}
        self._world.announce("THREAD_UPDATE" if is_thread else "CHANNEL_UPDATE", changed)
        return changed

    def delete(self, channel_id: str) -> Json:
        channel = self._world.of(channel_id)
        del self._world.channels[channel_id]
        self._messages.forget(channel_id)
        self._world.announce("THREAD_DELETE" if channel["type"] in THREADS else "CHANNEL_DELETE", channel)
        return channel

    def add(self, thread_id: str, user: User) -> None:
        self._of(thread_id).setdefault(user.id, now())
        self._tell_of_members(thread_id, added=[user])

    def remove(self, thread_id: str, user: User) -> None:
        self._of(thread_id).pop(user.id, None)
        self._tell_of_members(thread_id, removed=[user])

    def member(self, thread_id: str, user_id: str) -> Json:
        if user_id not in self._of(thread_id):
            raise Refusal(404, 10007, "Unknown Member")
        return {"id": thread_id, "user_id": user_id, "join_timestamp": self._of(thread_id)[user_id], "flags": 0}

    def members(self, thread_id: str) -> list[Json]:
        return [self.member(thread_id, user_id) for user_id in self._of(thread_id)]

    def has(self, thread_id: str, user: User) -> bool:
        return user.id in self._of(thread_id)

    def active(self) -> list[Json]:
        return [each for each in self._all() if not each["thread_metadata"]["archived"]]

    def archived(self, channel_id: str) -> list[Json]:
        """Those of a channel, the one archived last first."""
        found = [each for each in self._all() if each["parent_id"] == channel_id and each["type"] == PUBLIC_THREAD]
        kept = [each for each in found if each["thread_metadata"]["archived"]]
        return sorted(kept, key=lambda each: str(each["thread_metadata"]["archive_timestamp"]), reverse=True)

    def _all(self) -> list[Json]:
        return [each for each in self._world.channels.values() if each["type"] in THREADS]

    def _of(self, thread_id: str) -> dict[str, str]:
        if self._world.of(thread_id)["type"] not in THREADS:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        return self._world.thread_members[thread_id]

    def _tell_of_members(
        self, thread_id: str, added: list[User] | None = None, removed: list[User] | None = None
    ) -> None:
        members = len(self._of(thread_id))
        thread = self._world.channels[thread_id] = {**self._world.of(thread_id), "member_count": members}
        self._world.announce(
            "THREAD_MEMBERS_UPDATE",
            {
                "id": thread["id"],
                "guild_id": self._world.guild,
                "member_count": members,
                "added_members": [
                    {**self.member(thread_id, user.id), "member": self._world.member(user)} for user in added or ()
                ],
                "removed_member_ids": [user.id for user in removed or ()],
            },
        )
