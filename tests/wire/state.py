"""Discord as it stands: a server, its channels and threads, and the people in it. JSON as Discord writes it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
Announce = Callable[[str, Json], None]

TEXT, DIRECT, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 11, 12
THREADS = (PUBLIC_THREAD, PRIVATE_THREAD)

# Bits of Discord's permissions: see, send, embed, attach, read history, react, commands, threads, polls.
ORDINARY = sum(1 << bit for bit in (6, 10, 11, 14, 15, 16, 31, 35, 36, 38, 49))
MODERATING = ORDINARY | sum(1 << bit for bit in (4, 5, 13, 34))  # manage channels, server, messages, threads

INVALID, EMPTY = 50035, 50006  # codes of what a bot should not have sent

_EPOCH = 1_420_070_400_000


class Refusal(Exception):
    """What Discord answers instead of doing what it was asked."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def as_json(self) -> Json:
        wait = {"retry_after": 0.05, "global": False} if self.status == 429 else {}
        return {"message": self.message, "code": self.code, **wait}


class Snowflakes:
    """Ids that hold the time and rise, even within a millisecond."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        self._last = max(self._last + 1, (int(time.time() * 1000) - _EPOCH) << 22)
        return str(self._last)


def age(id: str) -> float:
    """Seconds since ``id`` was given."""
    return time.time() - ((int(id) >> 22) + _EPOCH) / 1000


def now(hours: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


@dataclass(frozen=True)
class User:
    id: str
    name: str
    bot: bool = False
    moderator: bool = False

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def permissions(self) -> int:
        return MODERATING if self.moderator else ORDINARY

    def as_json(self) -> Json:
        nothing = dict.fromkeys(("avatar", "primary_guild", "avatar_decoration_data", "collectibles"))
        named = {"id": self.id, "username": self.name, "global_name": self.name, "discriminator": "0"}
        return {**named, "bot": self.bot, "system": False, "flags": 0, "public_flags": 0, **nothing}


class World:
    """One server with one channel, the bot, its owner and two people."""

    def __init__(self, announce: Announce) -> None:
        self.announce = announce
        self.ids = Snowflakes()
        self.guild, self._moderators = self.ids.next(), self.ids.next()
        self.users: dict[str, User] = {}
        self.channels: dict[str, Json] = {}
        self.thread_members: dict[str, dict[str, str]] = {}
        self.commands: list[Json] = []
        self.bot = self._add(User(self.ids.next(), "Démarche", bot=True, moderator=True))
        self.owner = self.join("owner", moderator=True)
        self.alice, self.bob = self.join("alice"), self.join("bob")
        self.channel = self.open_channel("debate")

    @property
    def application(self) -> str:
        return self.bot.id

    def join(self, name: str, *, moderator: bool = False) -> User:
        return self._add(User(self.ids.next(), name, moderator=moderator))

    def _add(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def open_channel(self, name: str) -> str:
        id = self.ids.next()
        self.channels[id] = {
            "id": id, "type": TEXT, "guild_id": self.guild, "name": name, "flags": 0, "position": len(self.channels),
            "nsfw": False, "rate_limit_per_user": 0, "permission_overwrites": [],
            **dict.fromkeys(("parent_id", "topic", "last_message_id")),
        }  # fmt: skip
        self.announce("CHANNEL_CREATE", self.channels[id])
        return id

    def direct(self, user: User) -> str:
        """The channel in which ``user`` and the bot talk in private."""
        for channel in self.channels.values():
            if channel["type"] == DIRECT and channel["recipients"][0]["id"] == user.id:
                return str(channel["id"])
        id = self.ids.next()
        private = {"id": id, "type": DIRECT, "flags": 0, "last_message_id": None, "recipients": [user.as_json()]}
        self.channels[id] = private
        return id

    def of(self, channel_id: str) -> Json:
        """Raises Refusal where there is no such channel."""
        if channel_id not in self.channels:
            raise Refusal(404, 10003, "Unknown Channel")
        return self.channels[channel_id]

    def user(self, id: str) -> User:
        if id not in self.users:
            raise Refusal(404, 10013, "Unknown User")
        return self.users[id]

    def is_direct(self, channel_id: str) -> bool:
        return bool(self.of(channel_id)["type"] == DIRECT)

    def place(self, channel_id: str) -> Json:
        """What an event says of where it happened."""
        return {} if self.is_direct(channel_id) else {"guild_id": self.guild}

    def member(self, user: User, *, whole: bool = True) -> Json:
        """A user as a member of the server; events leave out what they say of the user anyway."""
        nothing = dict.fromkeys(("nick", "avatar", "banner", "premium_since", "communication_disabled_until"))
        roles = [self._moderators] if user.moderator else []
        known = {"roles": roles, "joined_at": now(), "deaf": False, "mute": False, "pending": False, "flags": 0}
        return {**known, **nothing} | ({"user": user.as_json()} if whole else {})

    def guild_as_json(self) -> Json:
        """The server as it is sent on connecting: without the Members intent only the bot's own member is in it."""
        channels = list(self.channels.values())
        threads = [each for each in channels if each["type"] in THREADS and not each["thread_metadata"]["archived"]]
        lists = ("emojis", "stickers", "features", "presences", "voice_states", "stage_instances")
        return {
            "id": self.guild, "name": "Model NATO", "owner_id": self.owner.id, "unavailable": False, "large": False,
            "joined_at": now(), "member_count": len(self.users), "preferred_locale": "en-US", "premium_tier": 0,
            "verification_level": 0, "default_message_notifications": 1, "explicit_content_filter": 0, "mfa_level": 0,
            "nsfw_level": 0, "system_channel_flags": 0, "afk_timeout": 300, "max_members": 500_000, "icon": None,
            "roles": [self._role(self.guild, "@everyone", 0), self._role(self._moderators, "moderators", 1)],
            "members": [self.member(self.bot)], "threads": threads,
            "channels": [each for each in channels if each["type"] == TEXT],
            **{name: [] for name in (*lists, "guild_scheduled_events", "soundboard_sounds")},
        }  # fmt: skip

    def _role(self, id: str, name: str, position: int) -> Json:
        flags = dict.fromkeys(("hoist", "managed", "mentionable"), False)
        colours = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        allowed = str(MODERATING if position else ORDINARY)
        looks = {"color": 0, "colors": colours, "icon": None, "unicode_emoji": None, "flags": 0}
        return {"id": id, "name": name, "position": position, "permissions": allowed, **flags, **looks}
