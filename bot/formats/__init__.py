"""The formats of a debate: who speaks how often, and for how long. Each is a file in this folder."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import RecordError, SettingsError, UnknownFormat

Kind = Literal["opening", "question", "answer", "rebuttal", "closing"]

NAMES: dict[Kind, str] = {
    "opening": "opening statement",
    "question": "question",
    "answer": "answer",
    "rebuttal": "rebuttal",
    "closing": "closing statement",
}
FOLDER = Path(__file__).parent
DEFAULT = "classroom"
MOST_ROUNDS = 10


class Limits(BaseModel):
    """Of one turn: ``words`` at most; ``seconds`` until it lapses, None where people may take their time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: int = Field(ge=10, le=1000)
    seconds: float | None = Field(default=None, gt=0)


class Format(BaseModel):
    """``ordered``: whether sides take turns by a schedule. Where they do not, each turn is a rebuttal, there is no end,
    and either side may speak.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z-]+$")
    name: str
    tells: str
    ordered: bool = True
    rounds: int = Field(default=1, ge=0, le=MOST_ROUNDS)
    turns: dict[Kind, Limits]

    def of_rounds(self, rounds: int | None) -> "Format":
        """Raises SettingsError where those are too many."""
        if rounds is not None and rounds > MOST_ROUNDS:
            raise SettingsError(f"A debate has at most {MOST_ROUNDS} rounds of rebuttals; ask for fewer.")
        return self if rounds is None else self.model_copy(update={"rounds": rounds})


@cache
def formats(folder: Path = FOLDER) -> dict[str, Format]:
    """All formats by id. Raises RecordError when a file does not fit."""
    found = (_read(path) for path in sorted(folder.glob("*.yaml")))
    return {format.id: format for format in found}


def find(id: str) -> Format:
    """Raises UnknownFormat with those there are."""
    known = formats()
    if id not in known:
        raise UnknownFormat(id, list(known))
    return known[id]


def _read(path: Path) -> Format:
    try:
        format = Format.model_validate(_fields(path) | {"id": path.stem})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise RecordError(path, ".".join(map(str, first["loc"])), f"{first['msg']}: mend it") from error
    needed = {"opening", "rebuttal", "closing"} if format.ordered else {"rebuttal"}
    if missing := needed - set(format.turns):
        raise RecordError(path, "turns", f"there are no limits for {', '.join(sorted(missing))}: add them")
    if ("question" in format.turns) != ("answer" in format.turns):
        raise RecordError(path, "turns", "a question needs an answer: give limits to both or to neither")
    return format


def _fields(path: Path) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise RecordError(path, "", f"it cannot be read as YAML ({type(error).__name__}): mend it") from error
    if not isinstance(content, dict):
        raise RecordError(path, "", "it holds no fields: see the other formats")
    return content
