"""Data files -> values: what does not fit is named with file, entry and remedy."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.errors import RecordError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Value = TypeVar("_Value", bound=BaseModel)


def mapping(path: Path) -> dict[str, Any]:
    """The fields of a file. Raises RecordError."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, the one in C where there is one
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise RecordError(path, "", f"it cannot be read as YAML ({type(error).__name__}): mend it") from error
    if not isinstance(content, dict):
        raise RecordError(path, "", "it holds no fields: see CONTRIBUTING")
    return content


def listed(path: Path, entries: dict[str, Any], key: str) -> list[Any]:
    """The entries under a key. Raises RecordError."""
    listed = entries.get(key)
    if not isinstance(listed, list):
        raise RecordError(path, key, "it is no list: write its entries one below the other, each after a dash")
    return listed


def value(kind: type[_Value], path: Path, entry: Any, key: str) -> _Value:
    """An entry as a value; ``key``: the field by which it is named where it does not fit. Raises RecordError."""
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


def named(names: Iterable[str]) -> str:
    """In order, as they are told."""
    return ", ".join(sorted(names))
