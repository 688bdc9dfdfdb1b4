"""What a bot is shown of a message without the Message Content intent.

It reads what it wrote, what mentions it, what is said to it in private, and replies that ping one of its regular
messages (not its answers to commands).
"""

from tests.wire.shapes import mentioned
from tests.wire.state import Json, User

_HIDDEN = ("poll", "message_snapshots")


def seen(message: Json, bot: User, *, direct: bool) -> Json:
    """``message`` as ``bot`` receives it; a message replied to is judged by itself."""
    view = dict(message)
    answered = message.get("referenced_message")
    if answered:
        view["referenced_message"] = seen(answered, bot, direct=direct)
    return view if direct or _is_open(message, bot) else _emptied(view)


def _is_open(message: Json, bot: User) -> bool:
    return message["author"]["id"] == bot.id or bot.id in mentioned(message["content"]) or _pings(message, bot)


def _pings(message: Json, bot: User) -> bool:
    answered = message.get("referenced_message")
    if not answered or answered["author"]["id"] != bot.id or "interaction_metadata" in answered:
        return False
    return bot.id in [user["id"] for user in message["mentions"]]


def _emptied(message: Json) -> Json:
    shown = {key: value for key, value in message.items() if key not in _HIDDEN}
    return {**shown, "content": "", "embeds": [], "attachments": [], "components": []}


# Which events a bot is sent by which intent: in a server, in private. What is not named here is always sent.
GUILDS, MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
MESSAGES, DIRECT_MESSAGES, CONTENT = 1 << 9, 1 << 12, 1 << 15
TYPING, DIRECT_TYPING, POLLS, DIRECT_POLLS = 1 << 11, 1 << 14, 1 << 24, 1 << 25
PRIVILEGED = MEMBERS | PRESENCES | CONTENT

_BY_INTENT = {
    ("GUILD_CREATE", "CHANNEL_", "THREAD_"): (GUILDS, GUILDS),
    ("MESSAGE_POLL_",): (POLLS, DIRECT_POLLS),
    ("MESSAGE_",): (MESSAGES, DIRECT_MESSAGES),
    ("TYPING_",): (TYPING, DIRECT_TYPING),
}


def is_sent(event: str, data: Json, intents: int) -> bool:
    """Whether a bot that asked for ``intents`` is told of ``event``."""
    for names, (in_server, in_private) in _BY_INTENT.items():
        if event.startswith(names):
            return bool(intents & (in_server if "guild_id" in data or event == "GUILD_CREATE" else in_private))
    return True
