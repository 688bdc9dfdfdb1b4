"""The data files -> the record, checked against itself: what does not fit is named with file, entry and remedy."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge import reader
from knowledge.argument import Argument
from knowledge.calibration import Calibration
from knowledge.delegation import Delegation, Delegations, Group
from knowledge.dossier import Dossier, Fact, Line
from knowledge.errors import RecordError
from knowledge.names import Names
from knowledge.passage import Passage
from knowledge.position import Stance
from knowledge.record import Record
from knowledge.source import Source
from knowledge.timeline import Milestone

HERE = Path(__file__).parent
SPEAKERS = frozenset({"AUTHOR", "SECGEN", "SOME-ALLIES"})
LONGEST_ID = 60  # characters of a source's id

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Value = TypeVar("_Value", bound=BaseModel)


def load(folder: Path = HERE) -> Record:
    """Read ``folder``. Raises RecordError naming file, entry and remedy when anything does not fit."""
    topics = _mapping(folder / "topics.yaml")
    delegations, names = _delegations(folder / "delegations.yaml")
    sources, passages = _sources(folder / "sources")
    calibration = _value(Calibration, folder / "calibration.yaml", _mapping(folder / "calibration.yaml"), "")
    record = Record(sources, passages, {}, {}, topics, delegations, names, calibration, {})
    files = _add_dossiers(folder / "states", record)
    _add_arguments(folder / "arguments", record)
    _add_lines(folder / "lines.yaml", record)
    for path, dossier in files.items():
        _check_dossier(path, dossier, record)
    whole = replace(record, timeline=_timeline(folder / "timeline.yaml", record)).with_positions()
    for path, dossier in files.items():
        _check_holds(path, dossier, whole)
    return whole


def _delegations(path: Path) -> tuple[Delegations, Names]:
    entries = _mapping(path)
    members = [_value(Delegation, path, entry, "code") for entry in _listed(path, entries, "delegations")]
    groups = [_value(Group, path, entry, "name") for entry in _listed(path, entries, "groups")]
    known = {member.code for member in members}
    for code, count in Counter(member.code for member in members).items():
        if count > 1:
            raise RecordError(path, code, f"it stands there {count} times: keep one")
    for group in groups:
        if strangers := {*group.members} - known:
            raise RecordError(path, group.name, f"there is no delegation {_list(strangers)}: mend the code")
    ambiguous = {name: tuple(choices) for name, choices in entries.get("ambiguous", {}).items()}
    return Delegations(members, groups, ambiguous), Names(members, _listed(path, entries, "others"))


def _sources(folder: Path) -> tuple[dict[str, Source], dict[str, Passage]]:
    sources: dict[str, Source] = {}
    passages: dict[str, Passage] = {}
    for path in sorted(folder.glob("*.yaml")):
        entry = _mapping(path)
        furniture = tuple(entry.pop("furniture", ()))
        source = _value(Source, path, entry, "id")
        sources[source.id] = source
        passages |= {passage.id: passage for passage in reader.read(path.with_suffix(".txt"), source, furniture)}
    return sources, passages


def _add_dossiers(folder: Path, record: Record) -> dict[Path, Dossier]:
    files: dict[Path, Dossier] = {}
    for path in sorted(folder.glob("*.yaml")):
        dossier = _value(Dossier, path, _mapping(path), "state")
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
        entries = _mapping(path)
        for entry in _listed(path, entries, "arguments"):
            argument = _value(Argument, path, entry, "id")
            if argument.id in record.arguments:
                raise RecordError(path, argument.id, "the id is taken: choose another")
            at[argument.id] = path
            record.grounds[argument.id] = _grounds(path, argument, record, entries)
            record.arguments[argument.id] = argument
            _check_claim(path, argument, record)
    for id, path in at.items():
        _add_answers(path, record.arguments[id], record)
    for id, path in at.items():
        _check_links(path, record.arguments[id], record)
    _check_statements(at, record)


def _grounds(path: Path, argument: Argument, record: Record, entries: dict[str, Any]) -> tuple[str, ...]:
    """Where its quote stands, in the source its file is of; or its facts, of the state its file is of."""
    if argument.facts:
        theirs = {fact.id for fact in _dossier(path, entries, record).facts}
        if strangers := {*argument.facts} - theirs:
            raise RecordError(path, argument.id, f"there is no fact {_list(strangers)} of that state: mend the id")
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


def _check_claim(path: Path, argument: Argument, record: Record) -> None:
    if argument.topic not in record.topics:
        raise RecordError(path, argument.id, f"there is no topic {argument.topic!r}: see topics.yaml")
    for holder in argument.held_by:
        if holder not in SPEAKERS and holder not in record.delegations:
            raise RecordError(
                path, argument.id, f"nobody is called {holder!r}: use a state's code or {_list(SPEAKERS)}"
            )
    evidence = " | ".join(record.evidence(passage) for passage in record.passages_of(argument))
    if missing := record.names.unsupported(argument.claim, evidence, argument.derived):
        raise RecordError(
            path,
            argument.id,
            f"its claim names {', '.join(missing)}, its passage does not: reword it, or say in"
            " derived how that follows",
        )


def _add_answers(path: Path, argument: Argument, record: Record) -> None:
    """What is said to rebut it rebuts it."""
    for id in argument.rebutted_by:
        answer = _known(path, argument, id, record)
        if argument.id not in answer.rebuts:
            record.arguments[id] = answer.model_copy(update={"rebuts": (*answer.rebuts, argument.id)})


def _known(path: Path, argument: Argument, id: str, record: Record) -> Argument:
    if id not in record.arguments:
        raise RecordError(path, argument.id, f"there is no argument {id!r}: mend the id")
    return record.arguments[id]


def _check_links(path: Path, argument: Argument, record: Record) -> None:
    if argument.id in argument.rebuts:
        raise RecordError(path, argument.id, "it rebuts itself: remove that")
    for other in (*argument.supports, *argument.rebuts):
        _known(path, argument, other, record)
    if both := set(argument.supports) & set(argument.rebuts):
        raise RecordError(path, argument.id, f"it both supports and rebuts {_list(both)}: choose one")
    rebutted = argument.id in record.rebuttals
    if argument.unanswered == rebutted:
        raise RecordError(
            path, argument.id, f"unanswered: {'some argument' if rebutted else 'none'} rebuts it: mend it"
        )


def _check_statements(at: dict[str, Path], record: Record) -> None:
    """Each stands once: what makes one argument cannot also be what another answers in the same words."""
    seen: dict[str, str] = {}
    for argument in record.arguments.values():
        for statement in (*argument.says, *argument.counters):
            key = statement.casefold()
            if key in seen:
                raise RecordError(at[argument.id], argument.id, f"“{statement}” stands under {seen[key]} too: keep one")
            seen[key] = argument.id


def _add_lines(path: Path, record: Record) -> None:
    if not path.exists():
        return
    for stance, entry in _mapping(path).items():
        line = _value(Line, path, entry, "")
        _check_known(path, stance, (*line.argues, *line.concedes), record)
        record.lines[_stance(path, stance)] = line


def _stance(path: Path, name: str) -> Stance:
    match name:
        case "for" | "against" | "mixed":
            return name
    raise RecordError(path, name, "there is no such stance: for, against or mixed")


def _timeline(path: Path, record: Record) -> tuple[Milestone, ...]:
    if not path.exists():
        return ()
    milestones = [_value(Milestone, path, entry, "fact") for entry in _mapping(path).get("milestones", ())]
    for milestone in milestones:
        _check_milestone(path, milestone, record)
    return tuple(sorted(milestones, key=record.date_of))


def _check_milestone(path: Path, milestone: Milestone, record: Record) -> None:
    fact = record.passages.get(milestone.fact)
    if fact is None or not fact.is_summary:
        raise RecordError(path, milestone.fact, "there is no such fact: mend the id")
    if record.date_of(milestone) > fact.date:
        raise RecordError(path, milestone.fact, f"its date lies after its fact’s, {fact.date}: mend it or leave it out")
    told = f"{milestone.label} {milestone.date.words}" if milestone.date else milestone.label
    if missing := record.names.unsupported(told, record.evidence(fact), {}):
        raise RecordError(path, milestone.fact, f"“{told}” names {', '.join(missing)}, its fact does not: reword it")


def _check_dossier(path: Path, dossier: Dossier, record: Record) -> None:
    _check_known(path, dossier.state, _arguments_in(dossier), record)
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
            raise RecordError(path, dossier.state, f"there is no fact {_list(strangers)} of it: mend changed")
        if missing := record.names.unsupported(change.text, _told(change.facts, record), {}):
            raise RecordError(path, dossier.state, f"“{change.text}” names {', '.join(missing)}, its facts do not")


def _is_of(state: str, argument: Argument, record: Record) -> bool:
    """Whether the state holds it, or it tells of the state."""
    return state in argument.held_by or state in record.names.mentioned(argument.claim)


def _told(facts: Iterable[str], record: Record) -> str:
    return " | ".join(record.evidence(record.passages[fact]) for fact in facts)


def _check_holds(path: Path, dossier: Dossier, record: Record) -> None:
    position = record.positions.get(dossier.state)
    for hold in position.holds if position else ():
        behind = [record.arguments[argument] for argument in hold.arguments]
        evidence = " | ".join(record.evidence(passage) for each in behind for passage in record.passages_of(each))
        derived = {token: reason for argument in behind for token, reason in argument.derived.items()}
        if missing := record.names.unsupported(hold.claim, evidence, derived):
            raise RecordError(path, dossier.state, f"“{hold.claim}” names {', '.join(missing)}, its passages do not")


def _check_known(path: Path, entry: str, arguments: Iterable[str], record: Record) -> None:
    for argument in arguments:
        if argument not in record.arguments:
            raise RecordError(path, entry, f"there is no argument {argument!r}: mend the id")


def _arguments_in(dossier: Dossier) -> Iterator[str]:
    for held in dossier.holds:
        yield from held.arguments
    for change in dossier.changed:
        yield from (*change.overtakes, *change.concerns)
    yield from (*dossier.argues, *dossier.concedes)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, the one in C where there is one
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise RecordError(path, "", f"it cannot be read as YAML ({type(error).__name__}): mend it") from error
    if not isinstance(content, dict):
        raise RecordError(path, "", "it holds no fields: see CONTRIBUTING")
    return content


def _listed(path: Path, entries: dict[str, Any], key: str) -> list[Any]:
    """The entries under a key."""
    listed = entries.get(key)
    if not isinstance(listed, list):
        raise RecordError(path, key, "it is no list: write its entries one below the other, each after a dash")
    return listed


def _value(kind: type[_Value], path: Path, entry: Any, key: str) -> _Value:
    if not isinstance(entry, dict):
        raise RecordError(path, str(entry)[:40], "it has no fields: write them one a line, as name and value")
    try:
        return kind.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where, place = _placed(entry, first["loc"])
        raise RecordError(path, where or str(entry.get(key, "?")), f"{place}: {_said(first['msg'])}") from error


def _placed(entry: dict[str, Any], loc: tuple[int | str, ...]) -> tuple[str, str]:
    """The id of the entry within a list that does not fit, if it has one, and the place in it."""
    at: Any = entry
    for depth, part in enumerate(loc):
        try:
            at = at[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(at, dict) and "id" in at:
            return str(at["id"]), ".".join(map(str, loc[depth + 1 :]))
    return "", ".".join(map(str, loc))


def _said(message: str) -> str:
    """Pydantic's words, and what to do where they do not say it."""
    message = message.removeprefix("Value error, ")
    return f"{message}: add it" if message == "Field required" else message


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
