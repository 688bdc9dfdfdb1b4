"""The data files -> the record, checked against itself: what does not fit is named with file, entry and remedy."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge import reader
from knowledge.argument import Argument
from knowledge.calibration import Calibration
from knowledge.delegation import Delegation, Delegations
from knowledge.errors import RecordError
from knowledge.names import Names
from knowledge.passage import Passage
from knowledge.position import Position
from knowledge.record import Record
from knowledge.source import Source

HERE = Path(__file__).parent
SPEAKERS = frozenset({"AUTHOR", "NATO", "SECGEN", "JP", "CN", "SOME-ALLIES"})

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Value = TypeVar("_Value", bound=BaseModel)


def load(folder: Path = HERE) -> Record:
    """Read ``folder``. Raises RecordError naming file, entry and remedy when anything does not fit."""
    topics = _mapping(folder / "topics.yaml")
    seats = _mapping(folder / "delegations.yaml")
    members = [_value(Delegation, folder / "delegations.yaml", entry, "code") for entry in seats["delegations"]]
    delegations, names = Delegations(members), Names(members, seats["others"])
    sources, passages = _sources(folder / "sources")
    calibration = _value(Calibration, folder / "calibration.yaml", _mapping(folder / "calibration.yaml"), "")
    record = Record(sources, passages, {}, {}, topics, delegations, names, calibration, {})
    _add_arguments(folder / "arguments", record)
    _add_positions(folder / "states", record)
    return record


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


def _add_arguments(folder: Path, record: Record) -> None:
    at = {}
    for path in sorted(folder.glob("*.yaml")):
        entries = _mapping(path)
        source = entries.get("source")
        if source not in record.sources:
            raise RecordError(path, "source", f"there is no source {source!r}: name one of {_list(record.sources)}")
        for entry in entries.get("arguments", ()):
            argument = _value(Argument, path, entry, "id")
            if argument.id in at:
                raise RecordError(path, argument.id, "the id is taken: choose another")
            at[argument.id] = path
            record.arguments[argument.id] = argument
            record.grounds[argument.id] = _ground(path, argument, record, source)
            _check_claim(path, argument, record)
    for argument in record.arguments.values():
        _check_links(at[argument.id], argument, record)
    _check_statements(at, record)


def _ground(path: Path, argument: Argument, record: Record, source: str) -> str:
    for passage in record.passages.values():
        if passage.source == source and passage.stretch(argument.quote):
            return passage.id
    raise RecordError(path, argument.id, f"its quote does not stand in one passage of {source}: copy it from the text")


def _check_claim(path: Path, argument: Argument, record: Record) -> None:
    if argument.topic not in record.topics:
        raise RecordError(path, argument.id, f"there is no topic {argument.topic!r}: see topics.yaml")
    for holder in argument.held_by:
        if holder not in SPEAKERS and holder not in record.delegations:
            raise RecordError(
                path, argument.id, f"nobody is called {holder!r}: use a state's code or {_list(SPEAKERS)}"
            )
    evidence = record.evidence(record.passage_of(argument))
    if missing := record.names.unsupported(argument.claim, evidence, argument.derived):
        raise RecordError(
            path,
            argument.id,
            f"its claim names {', '.join(missing)}, its passage does not: reword it, or say in"
            " derived how that follows",
        )


def _check_links(path: Path, argument: Argument, record: Record) -> None:
    if argument.id in argument.rebuts:
        raise RecordError(path, argument.id, "it rebuts itself: remove that")
    for other in (*argument.supports, *argument.rebuts):
        if other not in record.arguments:
            raise RecordError(path, argument.id, f"there is no argument {other!r}: mend the id")
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


def _add_positions(folder: Path, record: Record) -> None:
    for path in sorted(folder.glob("*.yaml")):
        position = _value(Position, path, _mapping(path), "state")
        if position.state not in record.delegations:
            raise RecordError(path, position.state, "there is no such delegation: see delegations.yaml")
        if position.state in record.positions:
            raise RecordError(path, position.state, "the state has a file already: merge the two")
        for argument in _arguments_behind(position):
            if argument not in record.arguments:
                raise RecordError(path, position.state, f"there is no argument {argument!r}: mend the id")
        for topic in (*position.silent_on, *(hold.topic for hold in position.holds)):
            if topic not in record.topics:
                raise RecordError(path, position.state, f"there is no topic {topic!r}: see topics.yaml")
        _check_holds(path, position, record)
        record.positions[position.state] = position


def _check_holds(path: Path, position: Position, record: Record) -> None:
    for hold in position.holds:
        behind = [record.arguments[argument] for argument in hold.arguments]
        evidence = " | ".join(record.evidence(record.passage_of(argument)) for argument in behind)
        derived = {token: reason for argument in behind for token, reason in argument.derived.items()}
        if missing := record.names.unsupported(hold.claim, evidence, derived):
            raise RecordError(path, position.state, f"“{hold.claim}” names {', '.join(missing)}, its passages do not")


def _arguments_behind(position: Position) -> Iterator[str]:
    for hold in position.holds:
        yield from hold.arguments
    yield from (*position.argues, *position.concedes)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, the one in C where there is one
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise RecordError(path, "", f"it cannot be read as YAML ({type(error).__name__}): mend it") from error
    if not isinstance(content, dict):
        raise RecordError(path, "", "it holds no fields: see CONTRIBUTING")
    return content


def _value(kind: type[_Value], path: Path, entry: dict[str, Any], key: str) -> _Value:
    try:
        return kind.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RecordError(path, str(entry.get(key, "?")), f"{place}: {first['msg']}") from error


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
