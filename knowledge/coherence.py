"""The record checked against itself; each check raises RecordError, which names file, entry and remedy."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge.argument import Argument
from knowledge.dossier import Dossier
from knowledge.errors import RecordError
from knowledge.form import named
from knowledge.record import Record
from knowledge.timeline import Milestone

SPEAKERS = frozenset({"AUTHOR", "SECGEN", "SOME-ALLIES"})


def check_claim(path: Path, argument: Argument, record: Record) -> None:
    """It has a topic and holders that there are, and names nothing that its passages do not."""
    if argument.topic not in record.topics:
        raise RecordError(path, argument.id, f"there is no topic {argument.topic!r}: see topics.yaml")
    for holder in argument.held_by:
        if holder not in SPEAKERS and holder not in record.delegations:
            raise RecordError(
                path, argument.id, f"nobody is called {holder!r}: use a state's code or {named(SPEAKERS)}"
            )
    evidence = " | ".join(record.evidence(passage) for passage in record.passages_of(argument))
    if missing := record.names.unsupported(argument.claim, evidence, argument.derived):
        raise RecordError(
            path,
            argument.id,
            f"its claim names {', '.join(missing)}, its passage does not: reword it, or say in"
            " derived how that follows",
        )


def known_argument(path: Path, argument: Argument, id: str, record: Record) -> Argument:
    """The argument of that id."""
    if id not in record.arguments:
        raise RecordError(path, argument.id, f"there is no argument {id!r}: mend the id")
    return record.arguments[id]


def check_links(path: Path, argument: Argument, record: Record) -> None:
    """They lead to other arguments, and say once how."""
    if argument.id in argument.rebuts:
        raise RecordError(path, argument.id, "it rebuts itself: remove that")
    for other in (*argument.supports, *argument.rebuts):
        known_argument(path, argument, other, record)
    if both := set(argument.supports) & set(argument.rebuts):
        raise RecordError(path, argument.id, f"it both supports and rebuts {named(both)}: choose one")
    rebutted = argument.id in record.rebuttals
    if argument.unanswered == rebutted:
        raise RecordError(
            path, argument.id, f"unanswered: {'some argument' if rebutted else 'none'} rebuts it: mend it"
        )


def check_statements(at: dict[str, Path], record: Record) -> None:
    """Each stands once: what makes one argument cannot also be what another answers in the same words."""
    seen: dict[str, str] = {}
    for argument in record.arguments.values():
        for statement in (*argument.says, *argument.counters):
            key = statement.casefold()
            if key in seen:
                raise RecordError(at[argument.id], argument.id, f"“{statement}” stands under {seen[key]} too: keep one")
            seen[key] = argument.id


def check_milestone(path: Path, milestone: Milestone, record: Record) -> None:
    """Its label and date are borne out by its fact."""
    fact = record.passages.get(milestone.fact)
    if fact is None or not fact.is_summary:
        raise RecordError(path, milestone.fact, "there is no such fact: mend the id")
    if record.date_of(milestone) > fact.date:
        raise RecordError(path, milestone.fact, f"its date lies after its fact’s, {fact.date}: mend it or leave it out")
    told = f"{milestone.label} {milestone.date.words}" if milestone.date else milestone.label
    if missing := record.names.unsupported(told, record.evidence(fact), {}):
        raise RecordError(path, milestone.fact, f"“{told}” names {', '.join(missing)}, its fact does not: reword it")


def check_dossier(path: Path, dossier: Dossier, record: Record) -> None:
    """It holds what is its own, tells of topics that there are, and is silent only where no fact tells."""
    check_known(path, dossier.state, _arguments_in(dossier), record)
    for held in dossier.holds:
        for argument in held.arguments:
            if dossier.facts and not _is_of(dossier.state, record.arguments[argument], record):
                raise RecordError(path, dossier.state, f"{argument} is held by others: remove it from holds")
    spoken = {fact.topic: fact.id for fact in dossier.facts}
    for topic in (*dossier.silent_on, *(held.topic for held in dossier.holds if held.topic)):
        if topic not in record.topics:
            raise RecordError(path, dossier.state, f"there is no topic {topic!r}: see topics.yaml")
    for topic in dossier.silent_on:
        if topic in spoken:
            raise RecordError(path, dossier.state, f"silent_on {topic}, of which {spoken[topic]} tells: remove it")
    facts = {fact.id for fact in dossier.facts}
    for change in dossier.changed:
        if strangers := {*change.facts} - facts:
            raise RecordError(path, dossier.state, f"there is no fact {named(strangers)} of it: mend changed")
        if missing := record.names.unsupported(change.text, _told(change.facts, record), {}):
            raise RecordError(path, dossier.state, f"“{change.text}” names {', '.join(missing)}, its facts do not")


def check_holds(path: Path, dossier: Dossier, record: Record) -> None:
    """What is held names nothing that its passages do not."""
    position = record.positions.get(dossier.state)
    for hold in position.holds if position else ():
        behind = [record.arguments[argument] for argument in hold.arguments]
        evidence = " | ".join(record.evidence(passage) for each in behind for passage in record.passages_of(each))
        derived = {token: reason for argument in behind for token, reason in argument.derived.items()}
        if missing := record.names.unsupported(hold.claim, evidence, derived):
            raise RecordError(path, dossier.state, f"“{hold.claim}” names {', '.join(missing)}, its passages do not")


def check_known(path: Path, entry: str, arguments: Iterable[str], record: Record) -> None:
    """There are arguments of all those ids."""
    for argument in arguments:
        if argument not in record.arguments:
            raise RecordError(path, entry, f"there is no argument {argument!r}: mend the id")


def _is_of(state: str, argument: Argument, record: Record) -> bool:
    """Whether the state holds it, or it tells of the state."""
    return state in argument.held_by or state in record.names.mentioned(argument.claim)


def _told(facts: Iterable[str], record: Record) -> str:
    return " | ".join(record.evidence(record.passages[fact]) for fact in facts)


def _arguments_in(dossier: Dossier) -> Iterator[str]:
    for held in dossier.holds:
        yield from held.arguments
    for change in dossier.changed:
        yield from (*change.overtakes, *change.concerns)
    yield from (*dossier.argues, *dossier.concedes)
