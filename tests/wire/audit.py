"""The threads of debates, held against what is on record."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot import boards
from bot.cogs.debating import NOT_BEGUN
from bot.duel import Turn
from bot.records import Debate
from knowledge.record import Record
from tests.wire.messages import POLL_RESULT
from tests.wire.people import Said, under
from tests.wire.server import Discord
from tests.wire.state import Json

_KINDS = {
    "standing": "the board", "begin": "the first vote", "count": "the last vote", "transcript": "the report",
}  # fmt: skip

_MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Findings:
    """Each is said in a sentence."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    problems: tuple[str, ...]


class Audit:
    """``debates`` by thread; None where a thread was opened and its debate is not on record."""

    def __init__(self, discord: Discord, record: Record, debates: dict[str, Debate | None]) -> None:
        self._discord, self._record, self._debates = discord, record, debates

    def findings(self, said: Iterable[Said]) -> Findings:
        held = [debate for debate in self._debates.values() if debate]
        return Findings(
            lost=tuple(self._lost(said)),
            doubled=tuple(line for debate in held for line in self._doubled(debate)),
            problems=(
                *(line for thread, debate in self._debates.items() if debate is None for line in self._stray(thread)),
                *(line for debate in held for line in self._amiss(debate)),
            ),
        )

    def _lost(self, said: Iterable[Said]) -> Iterator[str]:
        """What was acknowledged and is not on record; a message is to be heard even where it was not acknowledged."""
        for each in said:
            debate = self._debates.get(each.channel)
            on_record = debate and each.event in {turn.event for turn in debate.duel.turns}
            if not on_record and (each.by is None or each.is_acknowledged(self._discord)):
                yield f"{each.event} in thread {each.channel} is not on record"

    def _ours(self, thread: str) -> list[Json]:
        """What the bot said of itself, not to answer a command."""
        said = (each for each in self._discord.messages(thread) if each["author"]["id"] == self._discord.bot.id)
        return [each for each in said if "interaction_metadata" not in each and each["type"] != POLL_RESULT]

    def _doubled(self, debate: Debate) -> Iterator[str]:
        """The same post twice, a person's turn said again, the same words twice, two turns for one event."""
        ours = self._ours(str(debate.channel))
        posts = Counter(_kind(each) for each in ours)
        wanted = Counter(self._card(debate, n)["description"] for n in range(len(debate.duel.turns)))
        words = Counter(card["description"] for each in ours for card in each["embeds"] if under(each, "record"))
        events = Counter(turn.event for turn in debate.duel.turns if turn.event)
        again = [n for n, turn in enumerate(debate.duel.turns) if turn.event and debate.messages[n] == int(turn.event)]
        yield from (f"debate {debate.id}: {kind} {n} times" for kind, n in posts.items() if n > 1)
        yield from (f"debate {debate.id}: the turn of {event} {n} times" for event, n in events.items() if n > 1)
        yield from (f"debate {debate.id}: turn {n} was repeated" for n in again if posts[f"turn {n}"])
        yield from (f"debate {debate.id}: said again: {text!r}" for text in words - wanted)

    def _stray(self, thread: str) -> Iterator[str]:
        if (said := [each["content"] for each in self._ours(thread)]) != [NOT_BEGUN]:
            yield f"thread {thread} has no debate, and says {said}"

    def _amiss(self, debate: Debate) -> Iterator[str]:
        """What is missing, out of order, other than on record, not cited, or should not be there."""
        where, ours = f"debate {debate.id}", self._ours(str(debate.channel))
        shown = {_kind(each): each for each in ours}
        if None in debate.messages or list(debate.messages) != sorted(filter(None, debate.messages)):
            yield f"{where}: shown in {debate.messages}"
        for n, turn in enumerate(debate.duel.turns):
            if debate.messages[n] != int(turn.event or 0):
                yield from (f"{where}, turn {n}: {line}" for line in self._unlike(debate, n, shown.get(f"turn {n}")))
            yield from (f"{where}, turn {n}: {line}" for line in _uncited(debate, turn))
        yield from (f"{where}: {kind} is missing" for kind in _needed(debate) if kind not in shown)
        yield from (f"{where} says: {each['content']}" for each in ours if _kind(each) == "a sentence")

    def _unlike(self, debate: Debate, n: int, message: Json | None) -> Iterator[str]:
        """How a turn is shown other than it is on record."""
        if message is None or int(message["id"]) != debate.messages[n]:
            yield "not shown where it is noted"
        elif not debate.duel.turns[n].lapsed:
            wanted, card = self._card(debate, n), message["embeds"][0]
            if any(card.get(part) != wanted.get(part) for part in ("description", "footer", "fields")):
                yield f"shown as {card['description']!r}"

    def _card(self, debate: Debate, n: int) -> Json:
        return dict(boards.turn(debate.duel, n, self._record).to_dict())


def _kind(message: Json) -> str:
    """What a message of the bot's is, by its buttons."""
    if mark := under(message, "record"):
        return f"turn {mark.rpartition(':')[2]}"
    for word, kind in _KINDS.items():
        if under(message, word):
            return kind
    if under(message, "reply"):
        return f"the call {message['id']}"
    return f"the card {message['embeds'][0]['title']}" if message["embeds"] else "a sentence"


def _needed(debate: Debate) -> Iterator[str]:
    yield "the board"
    if debate.duel.status == "ended":
        yield "the report"
    if "before" in debate.polls:
        yield "the first vote"
    if "after" in debate.polls:
        yield "the last vote"


def _uncited(debate: Debate, turn: Turn) -> Iterator[str]:
    """In a turn of ours every mark stands for a citation on record, and every claim has one."""
    if not debate.duel.seat(turn.side).is_ours:
        return
    cited = {citation.n for claim in turn.claims for citation in claim.citations}
    marked = {int(mark) for mark in _MARK.findall(turn.text)}
    if not turn.lapsed and (marked != cited or not all(claim.citations for claim in turn.claims)):
        yield f"marks {sorted(marked)}, citations {sorted(cited)}"
