"""Everything on record: all there is to cite from."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from knowledge.argument import Argument
from knowledge.calibration import Calibration
from knowledge.delegation import Delegation, Delegations
from knowledge.names import Names
from knowledge.passage import Passage, folded
from knowledge.position import Position
from knowledge.source import Source


@dataclass(frozen=True)
class Record:
    """Sources, passages, arguments and positions, and what ties them together."""

    sources: dict[str, Source]
    passages: dict[str, Passage]
    arguments: dict[str, Argument]
    positions: dict[str, Position]
    topics: dict[str, str]
    delegations: Delegations
    names: Names
    calibration: Calibration = field(repr=False)
    grounds: dict[str, str] = field(repr=False)  # argument id -> id of the passage its quote stands in

    def passage_of(self, argument: Argument) -> Passage:
        return self.passages[self.grounds[argument.id]]

    def source_of(self, passage: Passage) -> Source:
        return self.sources[passage.source]

    def position_of(self, seat: Delegation) -> Position:
        """The seat's position; one that holds nothing where no file describes it."""
        return self.positions.get(seat.code) or Position(
            state=seat.code,
            stance="none",
            basis="none",
            as_of=self.latest,
            summary=f"The record holds no position of {seat.in_sentence}.",
        )

    def evidence(self, passage: Passage) -> str:
        """All that a citation of ``passage`` shows: its words, its section and its source's line."""
        source = self.source_of(passage)
        return " | ".join((passage.text, passage.section, source.title, source.reference))

    @cached_property
    def latest(self) -> datetime.date:
        return max(source.date for source in self.sources.values())

    @cached_property
    def arguments_at(self) -> dict[str, tuple[Argument, ...]]:
        """Passage id -> the arguments that rest on it."""
        found = defaultdict(list)
        for argument in self.arguments.values():
            found[self.grounds[argument.id]].append(argument)
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
    def openers(self) -> frozenset[str]:
        """Words that may begin a sentence without being a name: those written small somewhere on record, and those that
        begin an annotated claim.
        """
        claims = [argument.claim for argument in self.arguments.values()]
        claims += [hold.claim for position in self.positions.values() for hold in position.holds]
        questions = [question for argument in self.arguments.values() for question in argument.questions]
        texts = " ".join((*(passage.text for passage in self.passages.values()), *claims, *questions))
        small = {word for word in re.findall(r"\w+", folded(texts)) if word.islower()}
        return frozenset(small | {re.split(r"\W", claim)[0].casefold() for claim in claims})

    def neighbours(self, passage: Passage) -> tuple[Passage | None, Passage | None]:
        """The passages before and after in the same source."""
        at = f"{passage.source}/{{}}".format
        return self.passages.get(at(passage.number - 1)), self.passages.get(at(passage.number + 1))
