"""Files of what to measure with: one JSON object a line."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter

_Value = TypeVar("_Value", bound=BaseModel)


def read(kind: type[_Value], path: Path) -> list[_Value]:
    """The values of a file with one JSON object a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return TypeAdapter(list[kind]).validate_python([json.loads(line) for line in lines if line])  # type: ignore[valid-type]
