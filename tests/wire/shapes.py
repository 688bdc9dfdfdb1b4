"""What was sent, completed into what Discord keeps and shows."""

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from tests.wire.state import EMPTY, INVALID, Json, Refusal, now

SELECTS = (3, 5, 6, 7, 8)
_WANTED: dict[int, Json] = {  # by type of component: what it has when nothing is said of it
    **{select: {"min_values": 1, "max_values": 1} for select in SELECTS},
    9: {"components": []},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}

LONGEST, LONGEST_EMBEDS, MOST_COMPONENTS = 2000, 6000, 40

_MENTION = re.compile(r"<@!?(\d+)>")


def embed(sent: Json) -> Json:
    kept = without_nothing(sent) | {"type": sent.get("type") or "rich"}
    if "fields" in kept:
        kept["fields"] = [{"inline": False, **without_nothing(field)} for field in kept["fields"]]
    return kept | {key: without_nothing(kept[key]) for key in ("author", "footer") if key in kept}


def components(sent: Iterable[Json]) -> list[Json]:
    """Numbered, and with everything in them that was left out."""
    numbers = count(1)
    return [_component(each, numbers) for each in sent]


def _component(sent: Json, numbers: Iterator[int]) -> Json:
    kept = {**_WANTED.get(sent["type"], {}), **without_nothing(sent)}
    kept["id"] = next(numbers)
    if "components" in kept:
        kept["components"] = [_component(each, numbers) for each in kept["components"]]
    if "accessory" in kept:
        kept["accessory"] = _component(kept["accessory"], numbers)
    if "emoji" in kept:
        kept["emoji"] = without_nothing(kept["emoji"])
    return kept


def poll(sent: Json) -> Json:
    answers = [
        {"answer_id": n, "poll_media": without_nothing(answer["poll_media"])}
        for n, answer in enumerate(sent["answers"], start=1)
    ]
    return {
        "question": without_nothing(sent["question"]),
        "answers": answers,
        "expiry": now(hours=sent.get("duration") or 24),
        "allow_multiselect": bool(sent.get("allow_multiselect")),
        "layout_type": 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }


def without_nothing(sent: Json) -> Json:
    return {key: value for key, value in sent.items() if value is not None}


def parts(sent: Iterable[Json]) -> Iterator[Json]:
    """All components, those inside others too."""
    for each in sent:
        yield each
        inside = [*each.get("components", ()), each.get("accessory"), each.get("component")]
        yield from parts(part for part in inside if part)


def custom_ids(message: Json) -> list[str]:
    """What can be pressed or chosen on a message, or filled in in a modal, in order."""
    return [part["custom_id"] for part in parts(message["components"]) if part.get("custom_id")]


def mentioned(text: str) -> list[str]:
    return list(dict.fromkeys(_MENTION.findall(text)))


def pinged(body: Json, replied_to: str | None) -> list[str]:
    """The ids of whom a message mentions: whom it names, and whom it answers, as far as it allows."""
    allowed = body.get("allowed_mentions")
    named = mentioned(body.get("content") or "")
    if allowed is None:
        return list(dict.fromkeys([*named, *([replied_to] if replied_to else [])]))
    everyone = "users" in (allowed.get("parse") or ())
    kept = [id for id in named if everyone or id in (allowed.get("users") or ())]
    answered = [replied_to] if replied_to and allowed.get("replied_user") else []
    return list(dict.fromkeys([*kept, *answered]))


def check(message: Json) -> None:
    """Raises Refusal where Discord would not take ``message``, for reasons that its description leaves out."""
    if not any(message.get(part) for part in ("content", "embeds", "components", "attachments", "poll")):
        raise Refusal(400, EMPTY, "Cannot send an empty message")
    inside = list(parts(message["components"]))
    ids = [part["custom_id"] for part in inside if part.get("custom_id")]
    for right, complaint in (
        (len(message["content"]) <= LONGEST, f"content: Must be {LONGEST} or fewer in length."),
        (sum(map(_length, message["embeds"])) <= LONGEST_EMBEDS, "embeds: Embed size exceeds maximum size of 6000"),
        (len(inside) <= MOST_COMPONENTS, f"components: Must be {MOST_COMPONENTS} or fewer in length."),
        (len(ids) == len(set(ids)), "components: Component custom id cannot be duplicated"),
    ):
        if not right:
            raise Refusal(400, INVALID, complaint)


def _length(card: Json) -> int:
    texts: list[Any] = [card.get("title"), card.get("description")]
    texts += [card.get("author", {}).get("name"), card.get("footer", {}).get("text")]
    texts += [field[key] for field in card.get("fields", ()) for key in ("name", "value")]
    return sum(len(text or "") for text in texts)
