"""Delegations beside each other: where two agree and differ, and who holds, opposes or is silent on a claim."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from bot.debate import WHOLE, Citation, cite, sentence
from bot.statement import is_negated
from knowledge.argument import Argument, Side
from knowledge.delegation import Delegation
from knowledge.errors import QuestionError
from knowledge.position import Position
from knowledge.record import Record

if TYPE_CHECKING:
    from knowledge.findings import Bearing, Heard

HEARD = 0.35  # likeness from which an argument bears on a claim
NEARLY = 0.5  # share of the best likeness, for the same
VOTES = 12  # of the nearest, by which the topic and the side of a claim are judged
CLEARLY = 1.25  # times as much for one side as for the other
SAYING, SHARPNESS = 1.5, 4  # what saying counts beside denying, of which each argument names more ways; on 20 claims

_OTHER: dict[Side, Side] = {"for": "against", "against": "for"}

Verdict = Literal["agree", "differ", "beside", "alone"]  # beside: both speak, and neither for nor against the other


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Word(_Value):
    """What a delegation holds, with its citations; their marks count through the whole comparison."""

    text: str
    citations: tuple[Citation, ...]


class Row(_Value):
    """What the two hold on a topic, as it is said within a sentence; ``alone``: only one is on record on it."""

    topic: str
    verdict: Verdict
    first: tuple[Word, ...] = ()
    second: tuple[Word, ...] = ()


class Comparison(_Value):
    first: Delegation
    second: Delegation
    positions: tuple[Position, Position]
    rows: tuple[Row, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        words = (word for row in self.rows for word in (*row.first, *row.second))
        return tuple({cited.n: cited for word in words for cited in word.citations}.values())


class Stand(_Value):
    """A delegation and what it says to a claim."""

    seat: Delegation
    words: tuple[Word, ...]


class Holding(_Value):
    """Who holds a claim, who opposes it, and who is silent on its topic (as it is said within a sentence). ``read_as``:
    what is on record that the claim was taken to say, so that a reader sees where it was misread. Where it is not clear
    which side the claim is on (``is_read`` is false), ``hold`` are those for a broader role, ``oppose`` those against.
    ``others``: delegations of which nothing is on record on that.
    """

    claim: str
    topic: str
    read_as: str = ""
    is_read: bool = True
    hold: tuple[Stand, ...] = ()
    oppose: tuple[Stand, ...] = ()
    silent: tuple[Delegation, ...] = ()
    others: int = 0

    @property
    def citations(self) -> tuple[Citation, ...]:
        words = (word for stand in (*self.hold, *self.oppose) for word in stand.words)
        return tuple({cited.n: cited for word in words for cited in word.citations}.values())


def compare(record: Record, first: Delegation, second: Delegation) -> Comparison:
    """Topic by topic: differences first, then agreements, then what only one speaks to. Raises QuestionError where the
    two are one, or where one of them takes no side.
    """
    if first.code == second.code:
        raise QuestionError(
            f"{sentence(first.in_sentence)} agrees with itself; name another delegation to compare with."
        )
    if first.is_neutral or second.is_neutral:
        raise QuestionError("The rapporteur takes no side; name two delegations to compare.")
    positions = record.position_of(first), record.position_of(second)
    ours, theirs = (_by_topic(record, position) for position in positions)
    marks = _Marks(record)
    order: dict[Verdict, int] = {"differ": 0, "agree": 1, "beside": 2, "alone": 3}
    topics = dict.fromkeys((*ours, *theirs))
    verdicts = {topic: _verdict(ours.get(topic, []), theirs.get(topic, [])) for topic in topics}
    crossed = [
        Row(topic=record.topics[one.topic], verdict="differ", first=marks.words([one]), second=marks.words([other]))
        for one, other in _crossed(record, *positions)
    ]
    rows = [
        Row(
            topic=record.topics[topic],
            verdict=verdicts[topic],
            first=marks.words(ours.get(topic, [])),
            second=marks.words(theirs.get(topic, [])),
        )
        for topic in sorted(topics, key=lambda topic: (order[verdicts[topic]], topic != WHOLE))
    ]
    return Comparison(first=first, second=second, positions=positions, rows=(*crossed, *rows))


def who_holds(record: Record, heard: "Heard", meant: Argument | None = None) -> Holding:
    """On the motion itself, by where the delegations stand; else by their arguments on the claim's topic that plead for
    the side the claim is on, or for the other. Which side that is, likeness often mistakes: where it is not clear, both
    are told as what they are. ``meant``: the argument whose claim it is, if it is one.
    """
    near = _near(heard)
    if not near:
        return Holding(claim=heard.statement, topic=record.topics[WHOLE])
    topic, side = (meant.topic, meant.side) if meant else (_topic(near), _side(near, heard.statement))
    is_read = side is not None
    side = side or "for"
    said = [bearing.argument for bearing in near if bearing.argument.topic == topic]
    ours = [argument for argument in said if argument.side == side]
    answers = (answer for argument in ours for answer in record.rebuttals.get(argument.id, ()) if answer.topic == topic)
    theirs = [argument for argument in (*said, *answers) if argument.side == _OTHER.get(side)]
    hold, oppose = (_held_by(record, arguments) for arguments in (ours, theirs))
    if topic == WHOLE:
        hold, oppose = _of_stance(record, side), _of_stance(record, _OTHER.get(side))
    marks, silent = _Marks(record), tuple(_silent(record, topic, {*hold, *oppose}))
    return Holding(
        claim=heard.statement,
        topic=record.topics[topic],
        read_as=next((argument.claim for argument in ours), "") if is_read else "",
        is_read=is_read,
        hold=tuple(marks.stand(record.delegations[code], hold[code]) for code in hold),
        oppose=tuple(marks.stand(record.delegations[code], oppose[code]) for code in oppose if code not in hold),
        silent=silent,
        others=len(record.table) - len({*hold, *oppose}) - len(silent),
    )


class _Marks:
    """Numbers citations in the order in which they are first used."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._numbers: dict[tuple[str, str], int] = {}

    def words(self, arguments: Iterable[Argument]) -> tuple[Word, ...]:
        return tuple(Word(text=argument.claim, citations=tuple(self._cited(argument))) for argument in arguments)

    def stand(self, seat: Delegation, arguments: Sequence[Argument]) -> Stand:
        return Stand(seat=seat, words=self.words(arguments[:2]))

    def _cited(self, argument: Argument) -> Iterator[Citation]:
        for cited in cite(self._record, [argument.id]):
            key = (cited.passage.id, cited.quote)
            yield cited.model_copy(update={"n": self._numbers.setdefault(key, len(self._numbers) + 1)})


def _by_topic(record: Record, position: Position) -> dict[str, list[Argument]]:
    found = defaultdict(list)
    for id in position.held:
        argument = record.arguments[id]
        found[argument.topic].append(argument)
    return dict(found)


def _verdict(ours: Sequence[Argument], theirs: Sequence[Argument]) -> Verdict:
    if not ours or not theirs:
        return "alone"
    pairs = [(one, other) for one in ours for other in theirs]
    if any(_contradict(one, other) for one, other in pairs):
        return "differ"
    alike = any(one.side == other.side != "context" for one, other in pairs)
    return "agree" if alike else "beside"


def _crossed(record: Record, ours: Position, theirs: Position) -> list[tuple[Argument, Argument]]:
    """What answers the other on another topic, each once."""
    pairs = [(record.arguments[one], record.arguments[other]) for one in ours.held for other in theirs.held]
    crossed = [(a, b) for a, b in pairs if a.topic != b.topic and (b.id in a.rebuts or a.id in b.rebuts)]
    firsts = {one.id: (one, other) for one, other in reversed(crossed)}
    return list({other.id: (one, other) for one, other in reversed(firsts.values())}.values())


def _contradict(one: Argument, other: Argument) -> bool:
    return {one.side, other.side} == {"for", "against"} or other.id in one.rebuts or one.id in other.rebuts


def _near(heard: "Heard") -> "list[Bearing]":
    """What bears on the claim, best first."""
    ranked = sorted(heard.bearings, key=_nearness, reverse=True)
    least = max(HEARD, NEARLY * _nearness(ranked[0])) if ranked else 0.0
    return [bearing for bearing in ranked if _nearness(bearing) >= least]


def _topic(near: "Sequence[Bearing]") -> str:
    """That of the claim, by all that is as near as the best."""
    votes: dict[str, float] = defaultdict(float)
    for place, bearing in enumerate(near[:VOTES]):
        votes[bearing.argument.topic] += _nearness(bearing) / (place + 1)
    return max(votes, key=lambda topic: votes[topic])


def _side(near: "Sequence[Bearing]", claim: str) -> Side | None:
    """That of the claim: what it says counts for an argument's side, what it denies for the other. None where that is
    not clear: where the two come near to each other, or where the claim says what is not and likeness does not hear it.
    """
    votes: dict[Side, float] = defaultdict(float)
    for bearing in [each for each in near if each.argument.side in _OTHER][:VOTES]:
        side = bearing.argument.side
        votes[side] += SAYING * bearing.says**SHARPNESS
        votes[_OTHER[side]] += bearing.counters**SHARPNESS
    most, least = max(votes.values(), default=0.0), min(votes.values(), default=0.0)
    if is_negated(claim) or most < CLEARLY * least or len(votes) < len(_OTHER):
        return None
    return max(votes, key=lambda side: votes[side])


def _nearness(bearing: "Bearing") -> float:
    return max(bearing.says, bearing.counters)


def _of_stance(record: Record, stance: str | None) -> dict[str, list[Argument]]:
    """What the delegations of a stance hold first."""
    held = {code: position.held for code, position in record.positions.items() if position.stance == stance}
    return {code: [record.arguments[id] for id in ids] for code, ids in held.items() if ids}


def _silent(record: Record, topic: str, heard: set[str]) -> Iterator[Delegation]:
    for seat in record.delegations:
        position = record.position_of(seat)
        quiet = position.stance == "none" if topic == WHOLE else topic in position.silent_on
        if seat.code not in heard and quiet and not seat.is_neutral:
            yield seat


def _held_by(record: Record, arguments: Iterable[Argument]) -> dict[str, list[Argument]]:
    found: dict[str, list[Argument]] = defaultdict(list)
    for argument in arguments:
        for holder in argument.held_by:
            if holder in record.delegations:
                found[holder].append(argument)
    return dict(found)
