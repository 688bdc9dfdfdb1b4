"""Sound proposals spoilt on purpose, by families, to measure what the ladder lets through."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from bot.debate import Proposal, grounds_of
from knowledge.argument import Argument
from knowledge.names import numbers
from knowledge.passage import folded
from knowledge.position import Position
from knowledge.record import Record

Family = Literal[
    "word", "number", "date", "country", "negation", "quote", "passage", "invented", "state", "support"
]  # fmt: skip

TEXTUAL: frozenset[Family] = frozenset({"word", "number", "date", "country", "quote", "passage", "invented", "state"})

_MONTHS = "January February March April May June July August September October November December".split()
_WORD = re.compile(r"\b[a-z]{4,}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b(?= \d)")
_NUMBER = re.compile(r"(?<![\d-])\d+(?:\.\d+)?(?![\d-])")
_VERB = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|may|might|should|would|will|wants?|holds?|calls?|called|said|says|agreed|"
    r"sees?|saw|keeps?|opposed|supported|told|warned|asked|sent|made|makes)\b"
)
_NOT = re.compile(r"\b(?:not|no|never|nobody|without) ")

Way = Callable[["Spoiler", Proposal], Proposal | None]


class Spoiler:
    """Spoils proposals of one seat. ``chance`` decides how; a way gives None where there is nothing to spoil by it."""

    def __init__(self, record: Record, position: Position, chance: random.Random) -> None:
        self._record, self._position, self._chance = record, position, chance
        self._arguments = list(record.arguments.values())

    def spoilt(self, family: Family, proposal: Proposal) -> Proposal | None:
        return _WAYS[family](self, proposal)

    def word(self, proposal: Proposal) -> Proposal | None:
        """Another content word of the record in place of one, which does not happen to be the same."""
        paraphrase = self._record.paraphrase
        found = [each for each in _WORD.finditer(proposal.text) if paraphrase.tells(each.group())]
        words = list(filter(paraphrase.tells, _WORD.findall(self._chance.choice(self._arguments).claim)))
        if not found or not words:
            return None
        old, stranger = self._chance.choice(found), self._chance.choice(words)
        if paraphrase.stem(stranger) == paraphrase.stem(old.group()):
            return None
        return _reworded(proposal, old, stranger)

    def number(self, proposal: Proposal) -> Proposal | None:
        """Another number in place of one that is no year."""
        found = [match for match in _NUMBER.finditer(proposal.text) if not _YEAR.fullmatch(match.group())]
        if not found:
            return None
        old = self._chance.choice(found)
        changed = str((int(old.group()[-1]) + self._chance.randrange(1, 10)) % 10)
        return self._unless_printed(proposal, _reworded(proposal, old, old.group()[:-1] + changed))

    def date(self, proposal: Proposal) -> Proposal | None:
        """Another year or month."""
        found = [*_YEAR.finditer(proposal.text), *_MONTH.finditer(proposal.text)]
        if not found:
            return None
        old = self._chance.choice(found)
        is_year = old.group().isdigit()
        other = str(int(old.group()) + self._chance.choice((-3, -2, -1, 1, 2, 3))) if is_year else ""
        return _reworded(proposal, old, other or self._chance.choice([each for each in _MONTHS if each != old.group()]))

    def country(self, proposal: Proposal) -> Proposal | None:
        """Another state's name."""
        names = [seat.name for seat in self._record.delegations if seat.kind in ("member", "partner")]
        found = list(re.finditer("|".join(rf"\b{re.escape(name)}\b" for name in names), proposal.text))
        if not found:
            return None
        old = self._chance.choice(found)
        return _reworded(proposal, old, self._chance.choice([name for name in names if name != old.group()]))

    def negation(self, proposal: Proposal) -> Proposal | None:
        """A "not" more, or one less."""
        if found := list(_NOT.finditer(proposal.text)):
            return _reworded(proposal, self._chance.choice(found), "")
        verbs = list(_VERB.finditer(proposal.text))
        if not verbs:
            return None
        old = self._chance.choice(verbs)
        return _reworded(proposal, old, f"{old.group()} not")

    def quote(self, proposal: Proposal) -> Proposal | None:
        """One word of a quote changed, or the beginning of it joined to the end of another."""
        first, *others = proposal.quotes
        printed = first.quote.split()
        if self._chance.random() < 0.5:
            printed[self._chance.randrange(len(printed))] = self._stranger()
        else:
            printed[len(printed) // 2 :] = self._stretch().split()
        words = " ".join(printed)
        if self._record.passages[first.passage].stretch(words):
            return None
        return proposal.model_copy(update={"quotes": (first.model_copy(update={"quote": words}), *others)})

    def passage(self, proposal: Proposal) -> Proposal | None:
        """The same words, said to stand elsewhere."""
        first, *others = proposal.quotes
        elsewhere = self._chance.choice([id for id in self._record.passages if id != first.passage])
        if self._record.passages[elsewhere].stretch(first.quote):
            return None
        return proposal.model_copy(update={"quotes": (first.model_copy(update={"passage": elsewhere}), *others)})

    def invented(self, proposal: Proposal) -> Proposal:
        """A passage that does not exist."""
        first, *others = proposal.quotes
        made_up = f"{first.passage}{self._chance.randrange(100, 1000)}"
        return proposal.model_copy(update={"quotes": (first.model_copy(update={"passage": made_up}), *others)})

    def state(self, _: Proposal) -> Proposal | None:
        """What is on record of another state, as one's own."""
        argument = self._chance.choice(self._arguments)
        own = {*self._position.held, *(fact.lower() for fact in self._position.facts)}
        if argument.id in own or not argument.facts:
            return None
        return Proposal(text=argument.claim, voice="own", quotes=grounds_of(self._record, argument))

    def support(self, proposal: Proposal) -> Proposal | None:
        """The claim, on the words of another that may be said in the same voice."""
        argument = self._record.arguments.get(proposal.quotes[0].argument)
        if argument is None:
            return None
        near = [each for each in self._arguments if self._is_near(each, argument)]
        if not near:
            return None
        return proposal.model_copy(update={"quotes": grounds_of(self._record, self._chance.choice(near))})

    def _is_near(self, other: Argument, argument: Argument) -> bool:
        apart = {*other.facts}.isdisjoint(argument.facts) and other.quote not in argument.quote
        return other.id != argument.id and other.held_by == argument.held_by and apart

    def _stranger(self) -> str:
        return self._chance.choice(self._stretch().split())

    def _stretch(self) -> str:
        """The end of some other passage."""
        words = self._chance.choice(list(self._record.passages.values())).text.split()
        return " ".join(words[-max(len(words) // 4, 3) :])

    def _unless_printed(self, proposal: Proposal, spoilt: Proposal) -> Proposal | None:
        """None where the changed number happens to be printed too."""
        ground = " ".join(self._record.passages[quoted.passage].text for quoted in proposal.quotes)
        return None if numbers(spoilt.text) <= numbers(ground) else spoilt


_WAYS: dict[Family, Way] = {
    "word": Spoiler.word,
    "number": Spoiler.number,
    "date": Spoiler.date,
    "country": Spoiler.country,
    "negation": Spoiler.negation,
    "quote": Spoiler.quote,
    "passage": Spoiler.passage,
    "invented": Spoiler.invented,
    "state": Spoiler.state,
    "support": Spoiler.support,
}
FAMILIES: Sequence[Family] = tuple(_WAYS)


def corruptions(
    spoilers: Sequence[tuple[Spoiler, Sequence[Proposal]]], family: Family, chance: random.Random
) -> Iterator[tuple[int, Proposal]]:
    """Without end: the place of a seat among ``spoilers``, and a proposal of its spoilt."""
    while True:
        place = chance.randrange(len(spoilers))
        spoiler, proposals = spoilers[place]
        if spoilt := spoiler.spoilt(family, chance.choice(proposals)):
            yield place, spoilt


def _reworded(proposal: Proposal, old: re.Match[str], new: str) -> Proposal:
    text = proposal.text[: old.start()] + new + proposal.text[old.end() :]
    return proposal.model_copy(update={"text": " ".join(folded(text).split())})
