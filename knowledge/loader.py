"""The data files -> the record."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge import reader
from knowledge.argument import Argument
from knowledge.calibration import Calibration
from knowledge.coherence import (
    check_claim,
    check_dossier,
    check_holds,
    check_known,
    check_links,
    check_milestone,
    check_statements,
    known_argument,
)
from knowledge.delegation import Delegation, Delegations, Group
from knowledge.dossier import Dossier, Fact, Line
from knowledge.errors import RecordError
from knowledge.form import listed, mapping, named, value
from knowledge.names import Names
from knowledge.passage import Passage
from knowledge.position import Stance
from knowledge.record import Record
from knowledge.source import Source
from knowledge.timeline import Milestone

HERE = Path(__file__).parent
LONGEST_ID = 60  # characters of a source's id


def load(folder: Path = HERE) -> Record:
    """Read ``folder``. Raises RecordError naming file, entry and remedy when anything does not fit."""
    topics = mapping(folder / "topics.yaml")
    delegations, names = _delegations(folder / "delegations.yaml")
    sources, passages = _sources(folder / "sources")
    calibration = value(Calibration, folder / "calibration.yaml", mapping(folder / "calibration.yaml"), "")
    record = Record(sources, passages, {}, {}, topics, delegations, names, calibration, {})
    files = _add_dossiers(folder / "states", record)
    _add_arguments(folder / "arguments", record)
    _add_lines(folder / "lines.yaml", record)
    for path, dossier in files.items():
        check_dossier(path, dossier, record)
    whole = replace(record, timeline=_timeline(folder / "timeline.yaml", record)).with_positions()
    for path, dossier in files.items():
        check_holds(path, dossier, whole)
    return whole


def _delegations(path: Path) -> tuple[Delegations, Names]:
    entries = mapping(path)
    members = [value(Delegation, path, entry, "code") for entry in listed(path, entries, "delegations")]
    groups = [value(Group, path, entry, "name") for entry in listed(path, entries, "groups")]
    known = {member.code for member in members}
    for code, count in Counter(member.code for member in members).items():
        if count > 1:
            raise RecordError(path, code, f"it stands there {count} times: keep one")
    for group in groups:
        if strangers := {*group.members} - known:
            raise RecordError(path, group.name, f"there is no delegation {named(strangers)}: mend the code")
    ambiguous = {name: tuple(choices) for name, choices in entries.get("ambiguous", {}).items()}
    return Delegations(members, groups, ambiguous), Names(members, listed(path, entries, "others"))


def _sources(folder: Path) -> tuple[dict[str, Source], dict[str, Passage]]:
    sources: dict[str, Source] = {}
    passages: dict[str, Passage] = {}
    for path in sorted(folder.glob("*.yaml")):
        entry = mapping(path)
        furniture = tuple(entry.pop("furniture", ()))
        source = value(Source, path, entry, "id")
        sources[source.id] = source
        passages |= {passage.id: passage for passage in reader.read(path.with_suffix(".txt"), source, furniture)}
    return sources, passages


def _add_dossiers(folder: Path, record: Record) -> dict[Path, Dossier]:
    files: dict[Path, Dossier] = {}
    for path in sorted(folder.glob("*.yaml")):
        dossier = value(Dossier, path, mapping(path), "state")
        if dossier.state not in record.delegations:
            raise RecordError(path, dossier.state, "there is no such delegation: see delegations.yaml")
        if dossier.state in record.dossiers:
            raise RecordError(path, dossier.state, "the state has a file already: merge the two")
        for fact in dossier.facts:
            _add_fact(path, fact, dossier.state, record)
        record.dossiers[dossier.state] = files[path] = dossier
    return files


def _add_fact(path: Path, fact: Fact, state: str, record: Record) -> None:
    """A fact is a passage of its own source, and an argument that claims just what it says."""
    if fact.id in record.passages:
        raise RecordError(path, fact.id, "the id is taken: choose another")
    if not fact.id.startswith(f"{state}-"):
        raise RecordError(path, fact.id, f"a fact of {state} is numbered {state}-01, {state}-02 and so on: mend the id")
    if fact.topic not in record.topics:
        raise RecordError(path, fact.id, f"there is no topic {fact.topic!r}: see topics.yaml")
    source = _source_of(fact)
    if record.sources.setdefault(source.id, source) != source:
        raise RecordError(path, fact.id, f"another source has the id {source.id}: tell their titles apart")
    record.passages[fact.id] = Passage(
        id=fact.id,
        source=source.id,
        number=1,
        section=record.delegations[state].name,
        paragraph=1,
        start=0,
        end=len(fact.text),
        text=fact.text,
        date=fact.date,
        known_since=fact.known_since,
        fact_of=state,
        by_others=fact.by_others,
    )
    argument = Argument(
        id=fact.id.lower(),
        claim=fact.text,
        topic=fact.topic,
        side="context",
        held_by=(state,),
        facts=(fact.id,),
        questions=fact.questions,
        unanswered=True,
    )
    record.arguments[argument.id], record.grounds[argument.id] = argument, argument.facts


def _source_of(fact: Fact) -> Source:
    of = fact.source
    id = "-".join((of.date.isoformat(), _slug(of.publisher)[:20], _slug(of.title)))[:LONGEST_ID].strip("-")
    fields = of.model_dump(include={"publisher", "title", "tier", "url"})
    return Source(id=id, date=of.date, **fields)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _add_arguments(folder: Path, record: Record) -> None:
    at = {}
    for path in sorted(folder.glob("*.yaml")):
        entries = mapping(path)
        for entry in listed(path, entries, "arguments"):
            argument = value(Argument, path, entry, "id")
            if argument.id in record.arguments:
                raise RecordError(path, argument.id, "the id is taken: choose another")
            at[argument.id] = path
            record.grounds[argument.id] = _grounds(path, argument, record, entries)
            record.arguments[argument.id] = argument
            check_claim(path, argument, record)
    for id, path in at.items():
        _add_answers(path, record.arguments[id], record)
    for id, path in at.items():
        check_links(path, record.arguments[id], record)
    check_statements(at, record)


def _grounds(path: Path, argument: Argument, record: Record, entries: dict[str, Any]) -> tuple[str, ...]:
    """Where its quote stands, in the source its file is of; or its facts, of the state its file is of."""
    if argument.facts:
        theirs = {fact.id for fact in _dossier(path, entries, record).facts}
        if strangers := {*argument.facts} - theirs:
            raise RecordError(path, argument.id, f"there is no fact {named(strangers)} of that state: mend the id")
        return argument.facts
    source = entries.get("source")
    if source not in record.sources:
        raise RecordError(path, "source", f"there is no source {source!r}: name the file of one in sources/")
    for passage in record.passages.values():
        if passage.source == source and passage.stretch(argument.quote):
            return (passage.id,)
    raise RecordError(path, argument.id, f"its quote does not stand in one passage of {source}: copy it from the text")


def _dossier(path: Path, entries: dict[str, Any], record: Record) -> Dossier:
    state = str(entries.get("state"))
    if state not in record.dossiers:
        raise RecordError(path, "state", f"there is no file of {state!r} in states/: name one that there is")
    return record.dossiers[state]


def _add_answers(path: Path, argument: Argument, record: Record) -> None:
    """What is said to rebut it rebuts it."""
    for id in argument.rebutted_by:
        answer = known_argument(path, argument, id, record)
        if argument.id not in answer.rebuts:
            record.arguments[id] = answer.model_copy(update={"rebuts": (*answer.rebuts, argument.id)})


def _add_lines(path: Path, record: Record) -> None:
    if not path.exists():
        return
    for stance, entry in mapping(path).items():
        line = value(Line, path, entry, "")
        check_known(path, stance, (*line.argues, *line.concedes), record)
        record.lines[_stance(path, stance)] = line


def _stance(path: Path, name: str) -> Stance:
    match name:
        case "for" | "against" | "mixed":
            return name
    raise RecordError(path, name, "there is no such stance: for, against or mixed")


def _timeline(path: Path, record: Record) -> tuple[Milestone, ...]:
    if not path.exists():
        return ()
    milestones = [value(Milestone, path, entry, "fact") for entry in mapping(path).get("milestones", ())]
    for milestone in milestones:
        check_milestone(path, milestone, record)
    return tuple(sorted(milestones, key=record.date_of))
