"""Everything on record: all there is to cite from."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from knowledge.argument import Argument
from knowledge.calibration import NO_QUESTIONS, Calibration
from knowledge.date import Date
from knowledge.delegation import Delegation, Delegations
from knowledge.dossier import Dossier, Line
from knowledge.names import Names
from knowledge.paraphrase import Known, Paraphrase, paraphrase_of
from knowledge.passage import Passage, folded
from knowledge.position import Change, Hold, Pleads, Position, Stance
from knowledge.source import Source
from knowledge.timeline import Milestone

_REASON = re.compile(r",? (?:since|because) ")  # what follows it may be left unsaid


@dataclass(frozen=True)
class Record:
    """Sources, passages, arguments and positions, and what ties them together. ``as_of``: nothing newer is in it."""

    sources: dict[str, Source]
    passages: dict[str, Passage]
    arguments: dict[str, Argument]
    positions: dict[str, Position]
    topics: dict[str, str]
    delegations: Delegations
    names: Names
    calibration: Calibration = field(repr=False)
    grounds: dict[str, tuple[str, ...]] = field(repr=False)  # argument id -> ids of the passages that it rests on
    dossiers: dict[str, Dossier] = field(repr=False, default_factory=dict)
    lines: dict[Stance, Line] = field(repr=False, default_factory=dict)
    timeline: tuple[Milestone, ...] = field(repr=False, default=())  # oldest first
    as_of: Date | None = None
    _earlier: dict[Date, "Record"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def until(self, date: Date | None) -> "Record":
        """What was on record on that day: no source, fact, argument or position newer than it."""
        if date is None or date == self.as_of:
            return self
        if date not in self._earlier:
            self._earlier[date] = self._cut(date)
        return self._earlier[date]

    def _cut(self, date: Date) -> "Record":
        passages = {id: passage for id, passage in self.passages.items() if passage.known_since <= date}
        cited = {passage.source for passage in passages.values()}
        grounds = {id: behind for id, behind in self.grounds.items() if passages.keys() >= {*behind}}
        cut = replace(
            self,
            sources={id: source for id, source in self.sources.items() if id in cited},
            passages=passages,
            arguments={id: _linked(argument, grounds) for id, argument in self.arguments.items() if id in grounds},
            grounds=grounds,
            positions={},
            timeline=tuple(milestone for milestone in self.timeline if milestone.fact in passages),
            as_of=date,
        )
        return cut.with_positions()

    def with_positions(self) -> "Record":
        """With every position that the dossiers bear out."""
        found = {code: position for code, dossier in self.dossiers.items() if (position := self._read(dossier))}
        return replace(self, positions=found)

    def line(self, side: Pleads) -> Line:
        """What anybody may put forward and concede who pleads for a side, as far as it is on record."""
        line = self.lines.get(side, Line())
        known = {
            kind: tuple(id for id in getattr(line, kind) if id in self.arguments) for kind in ("argues", "concedes")
        }
        return Line(**known)

    def ground_of(self, argument: Argument) -> str:
        """The passage (id) that it rests on before all."""
        return self.grounds[argument.id][0]

    def passage_of(self, argument: Argument) -> Passage:
        return self.passages[self.ground_of(argument)]

    def passages_of(self, argument: Argument) -> tuple[Passage, ...]:
        """All that it rests on."""
        return tuple(self.passages[id] for id in self.grounds[argument.id])

    def source_of(self, passage: Passage) -> Source:
        return self.sources[passage.source]

    def position_of(self, seat: Delegation) -> Position:
        """The seat's position; one that holds nothing where no file describes it."""
        return self.positions.get(seat.code) or self._nothing_of(seat)

    def date_of(self, milestone: Milestone) -> Date:
        return milestone.date or self.passages[milestone.fact].date

    @property
    def table(self) -> tuple[Position, ...]:
        """Where all stand of whom there is a dossier, the rapporteur aside; as of an early day, some nowhere."""
        seats = (self.delegations[code] for code in self.dossiers)
        return tuple(self.position_of(seat) for seat in seats if not seat.is_neutral)

    def own_facts(self, position: Position) -> list[str]:
        """The arguments (ids) that tell what is on record of a state, without what others say of it."""
        return [fact.lower() for fact in position.facts if not self.passages[fact].by_others]

    def evidence(self, passage: Passage) -> str:
        """All that a citation of ``passage`` shows: its words, its section and its source's line."""
        source = self.source_of(passage)
        return " | ".join((passage.text, passage.section, source.title, source.reference))

    def wordings(self, arguments: Iterable[Argument]) -> frozenset[str]:
        """In which words the record itself puts what the arguments say: theirs, those of who holds them, and those of
        what they did to others.
        """
        found = list(arguments)
        facts = {argument.id for argument in found}
        said = {claim for argument in found for claim in self._worded.get(argument.id, ())}
        changes = (change for argument in found for change in self._telling.get(argument.id, ()))
        return frozenset(said | {change.text for change in changes if {f.lower() for f in change.facts} <= facts})

    def known(self, arguments: Iterable[Argument]) -> Known:
        """All that another wording of the arguments is compared with."""
        found = list(arguments)
        resting = [argument.quote or self.passage_of(argument).text for argument in found]
        claims = self.wordings(found) if len(found) == 1 else {" ".join(argument.claim for argument in found)}
        shorter = {_REASON.split(claim)[0] for claim in claims} - claims
        return Known(tuple(sorted(claims)), " ".join(resting), tuple(sorted(shorter)))

    @property
    def paraphrase(self) -> Paraphrase:
        """Tells whether a sentence is another wording of something known."""
        return paraphrase_of(self.names)

    @cached_property
    def _worded(self) -> dict[str, tuple[str, ...]]:
        """Argument id -> its claim, and the claims of who holds it."""
        found = {id: [argument.claim] for id, argument in self.arguments.items()}
        for position in self.positions.values():
            for hold in position.holds:
                for argument in hold.arguments:
                    found[argument].append(hold.claim)
        return {id: tuple(claims) for id, claims in found.items()}

    @cached_property
    def _telling(self) -> dict[str, tuple[Change, ...]]:
        """Argument id of a fact -> the changes that it bears out."""
        found = defaultdict(list)
        for position in self.positions.values():
            for change in position.changed:
                for fact in change.facts:
                    found[fact.lower()].append(change)
        return {argument: tuple(changes) for argument, changes in found.items()}

    @cached_property
    def latest(self) -> Date:
        return max((source.date for source in self.sources.values()), default=self.as_of or Date("2024-05-30"))

    @cached_property
    def arguments_at(self) -> dict[str, tuple[Argument, ...]]:
        """Passage id -> the arguments that rest on it."""
        found = defaultdict(list)
        for argument in self.arguments.values():
            for passage in self.grounds[argument.id]:
                found[passage].append(argument)
        return {passage: tuple(arguments) for passage, arguments in found.items()}

    @cached_property
    def rebuttals(self) -> dict[str, tuple[Argument, ...]]:
        """Argument id -> the arguments that rebut it."""
        found = defaultdict(list)
        for argument in self.arguments.values():
            for rebutted in argument.rebuts:
                found[rebutted].append(argument)
        return {rebutted: tuple(arguments) for rebutted, arguments in found.items()}

    @cached_property
    def strength(self) -> dict[str, float]:
        """Argument id -> how much of the record supports it: 1 for itself and 1 for each argument that supports it."""
        found = dict.fromkeys(self.arguments, 1.0)
        for argument in self.arguments.values():
            for supported in argument.supports:
                found[supported] += 1.0
        return found

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """The names of whom the record says anything; a capital that lends its name to a summit is not enough."""
        holders = {holder for argument in self.arguments.values() for holder in argument.held_by}
        texts = " | ".join(passage.text for passage in self.passages.values())
        return frozenset(holders | self.names.mentioned(texts, capitals=False))

    @cached_property
    def quoted_of(self) -> frozenset[str]:
        """Those of whose views a source is quoted, and not only facts are told."""
        return frozenset(
            holder for argument in self.arguments.values() if argument.quote for holder in argument.held_by
        )

    @cached_property
    def openers(self) -> frozenset[str]:
        """Words that may begin a sentence without being a name: those written small somewhere on record, and those that
        begin an annotated claim.
        """
        claims = [argument.claim for argument in self.arguments.values()]
        claims += [hold.claim for position in self.positions.values() for hold in position.holds]
        texts = " ".join((*(passage.text for passage in self.passages.values()), *claims))
        small = {word for word in re.findall(r"\w+", folded(texts)) if word.islower()}
        return frozenset(small | {re.split(r"\W", claim)[0].casefold() for claim in claims})

    @cached_property
    def changes(self) -> dict[str, tuple[Change, ...]]:
        """Argument id -> what later events did to it."""
        found = defaultdict(list)
        for position in self.positions.values():
            for change in position.changed:
                for argument in (*change.overtakes, *change.concerns):
                    found[argument].append(change)
        return {argument: tuple(changes) for argument, changes in found.items()}

    def overtaking(self, argument: str) -> list[Change]:
        """The changes since which the argument (id) no longer stands as it did."""
        return [change for change in self.changes.get(argument, ()) if argument in change.overtakes]

    def neighbours(self, passage: Passage) -> tuple[Passage | None, Passage | None]:
        """The passages before and after in the same source."""
        at = f"{passage.source}/{{}}".format
        return self.passages.get(at(passage.number - 1)), self.passages.get(at(passage.number + 1))

    def _nothing_of(self, seat: Delegation, facts: tuple[str, ...] = ()) -> Position:
        since = f"As of {self.as_of.words} the" if self.as_of else "The"
        return Position(
            state=seat.code,
            leaning="no-public-position",
            basis="none",
            as_of=self.as_of or self.latest,
            summary=f"{since} record holds no position of {seat.in_sentence}.",
            facts=facts,
        )

    def _read(self, dossier: Dossier) -> Position | None:
        """Its position, as far as this record goes; a summary that tells of more gives way to what is held."""
        facts = tuple(fact.id for fact in dossier.facts if fact.id in self.passages)
        views = [view for view in dossier.positions if self.as_of is None or view.since <= self.as_of]
        if not views:
            return self._nothing_of(self.delegations[dossier.state], facts) if facts else None
        view, holds = views[-1], tuple(self._holds(dossier))
        is_newest = view is dossier.positions[-1]
        is_whole = len(facts) == len(dossier.facts) if is_newest else self.as_of is None or view.as_of <= self.as_of
        if not holds and not is_whole:
            return self._nothing_of(self.delegations[dossier.state], facts)
        position = Position(
            state=dossier.state,
            leaning=view.leaning,
            basis=view.basis,
            as_of=view.as_of,
            summary=view.summary,
            holds=holds,
            silent_on=dossier.silent_on,
            changed=tuple(change for change in dossier.changed if self.passages.keys() >= {*change.facts}),
            facts=facts,
        )
        if not is_whole:
            position = position.model_copy(update=self._summed_up(position, view.since))
        return position.model_copy(update=self._line(dossier, position))

    def _summed_up(self, position: Position, since: Date) -> Mapping[str, object]:
        """As far as this record goes: by what is held, or by saying that there is no position."""
        silent = self._nothing_of(self.delegations[position.state]).summary
        held = " ".join(hold.claim for hold in position.holds[:2])
        as_of = self._newest(position, since)
        return {"as_of": as_of, "summary": silent if position.stance == "none" else held}

    def _holds(self, dossier: Dossier) -> list[Hold]:
        known = [held for held in dossier.holds if self.arguments.keys() >= {*held.arguments}]
        firsts = [self.arguments[held.arguments[0]] for held in known]
        return [
            Hold(claim=held.claim or first.claim, topic=held.topic or first.topic, arguments=held.arguments)
            for held, first in zip(known, firsts, strict=True)
        ]

    def _newest(self, position: Position, since: Date) -> Date:
        """The date of the newest evidence of what is held."""
        behind = (self.passages[id].date for argument in position.held for id in self.grounds[argument])
        newest = max((date for date in behind if self.as_of is None or date <= self.as_of), default=since)
        return min(newest, position.as_of)

    def _line(self, dossier: Dossier, position: Position) -> Mapping[str, tuple[str, ...]]:
        """What its delegate argues and concedes: its own lists or those of its side. What is at odds with what the
        state itself holds can only be conceded.
        """
        own = Line(argues=dossier.argues, concedes=dossier.concedes)
        line = own if own != Line() else self.lines.get(position.stance, Line())
        held = set(position.held)
        known = [id for id in line.argues if id in self.arguments and id not in held]
        at_odds = {id for id in known if self._is_at_odds(id, held)}
        conceded = [id for id in line.concedes if id in self.arguments and id not in held and id not in known]
        return {
            "argues": tuple(id for id in known if id not in at_odds),
            "concedes": (*conceded, *(id for id in known if id in at_odds)),
        }

    def _is_at_odds(self, argument: str, held: set[str]) -> bool:
        answers = held & {*self.arguments[argument].rebuts}
        return bool(answers) or any(argument in self.arguments[id].rebuts for id in held)


def _linked(argument: Argument, known: Mapping[str, object]) -> Argument:
    """The argument with links to known ones only."""
    kinds = ("supports", "rebuts", "rebutted_by")
    links = {kind: tuple(id for id in getattr(argument, kind) if id in known) for kind in kinds}
    kept = all(links[kind] == getattr(argument, kind) for kind in links)
    return argument if kept else argument.model_copy(update=links)


EMPTY = Record({}, {}, {}, {}, {}, Delegations([], [], {}), Names([], []), NO_QUESTIONS, {})
