"""Sets in BEIR's form, of which the test part is measured."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.errors import DemarcheError

PARTS = ("corpus.jsonl", "queries.jsonl")
JUDGEMENTS = ("qrels.tsv", "qrels/test.tsv")
SIDES = {"SUPPORT": "for", "Pro": "for", "UNDERMINE": "against", "Con": "against"}

Judgements = Mapping[str, Mapping[str, int]]  # query -> document -> how relevant it is; 0 and less: not at all
Sides = Mapping[str, Mapping[str, str]]  # query -> document -> "for" or "against"


class SetError(DemarcheError):
    """A folder or a line of it is not in BEIR's form."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        self.path, self.line = path, line
        super().__init__(f"{path}, line {line}: {problem}." if line else f"{path}: {problem}.")


@dataclass(frozen=True)
class Document:
    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text, as those who publish figures on such sets join them."""
        return f"{self.title} {self.text}".strip()


@dataclass(frozen=True)
class RetrievalSet:
    """``queries``: those measured, id -> text; ``sides`` are labelled for some sets only."""

    path: Path
    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    judgements: Judgements
    sides: Sides = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.name


def set_folders(data: Path) -> tuple[list[Path], list[Path]]:
    """The folders that are sets, ``data`` itself or those in it, and those in it that are none. Raises SetError."""
    if not data.is_dir():
        raise SetError(data, 0, "there is no such folder; name one that holds sets in BEIR's form")
    if _is_set(data):
        return [data.resolve()], []
    inside = sorted(path for path in data.iterdir() if path.is_dir())
    found = [path for path in inside if _is_set(path)]
    if not found:
        raise SetError(data, 0, f"no set is here: a set has {', '.join(PARTS)} and {' or '.join(JUDGEMENTS)}")
    return found, [path for path in inside if path not in found]


def read(folder: Path) -> RetrievalSet:
    """Queries of another split and those without a relevant document are left out. Raises SetError."""
    documents = tuple(_documents(folder / "corpus.jsonl"))
    judgements = _judgements(_judgement_file(folder), {document.id for document in documents})
    asked = {
        id: text
        for id, text in _queries(folder / "queries.jsonl").items()
        if any(score > 0 for score in judgements.get(id, {}).values())
    }
    if not asked:
        raise SetError(folder, 0, "none of its test queries has a relevant document in the corpus")
    return RetrievalSet(folder, documents, asked, {id: judgements[id] for id in asked}, _sides(folder))


def _is_set(folder: Path) -> bool:
    return all((folder / part).is_file() for part in PARTS) and any((folder / name).is_file() for name in JUDGEMENTS)


def _judgement_file(folder: Path) -> Path:
    return next(path for name in JUDGEMENTS if (path := folder / name).is_file())


def _documents(path: Path) -> Iterator[Document]:
    seen: set[str] = set()
    for line, entry in _entries(path):
        id, title = _text(entry, "_id", path, line), entry.get("title") or ""
        if id in seen:
            raise SetError(path, line, f"the id {id} is there twice")
        seen.add(id)
        yield Document(id, str(title), _text(entry, "text", path, line))


def _queries(path: Path) -> dict[str, str]:
    """Those of the test part; all of them where no split is told."""
    return {
        _text(entry, "_id", path, line): _text(entry, "text", path, line)
        for line, entry in _entries(path)
        if (entry.get("metadata") or {}).get("split", "test") == "test"
    }


def _judgements(path: Path, known: set[str]) -> dict[str, dict[str, int]]:
    """What is judged of documents in the corpus."""
    judged: dict[str, dict[str, int]] = {}
    for line, row in _rows(path, ("query-id", "corpus-id", "score")):
        try:
            score = int(row["score"])
        except ValueError as error:
            raise SetError(path, line, f"the score {row['score']!r} is no whole number") from error
        if row["corpus-id"] in known:
            judged.setdefault(row["query-id"], {})[row["corpus-id"]] = score
    return judged


def _sides(folder: Path) -> Sides:
    """As PERSPECTRUM labels them (``stance.tsv``) or args.me (``stance.jsonl``); other labels are of no side."""
    table, lines = folder / "stance.tsv", folder / "stance.jsonl"
    sides: dict[str, dict[str, str]] = {}
    labels: Iterator[tuple[str, str, str]] = iter(())
    if table.is_file():
        columns = ("query-id", "corpus-id", "stance3")
        labels = ((row[columns[0]], row[columns[1]], row[columns[2]]) for _, row in _rows(table, columns))
    elif lines.is_file():
        labels = (_label(entry, lines, line) for line, entry in _entries(lines))
    for query, document, label in labels:
        if label in SIDES:
            sides.setdefault(query, {})[document] = SIDES[label]
    return sides


def _label(entry: Mapping[str, Any], path: Path, line: int) -> tuple[str, str, str]:
    return _text(entry, "topic", path, line), _text(entry, "doc", path, line), str(entry.get("stance"))


def _entries(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON lines, with their lines from 1."""
    with path.open(encoding="utf-8") as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                entry = json.loads(text)
            except ValueError as error:
                raise SetError(path, line, "this is no JSON") from error
            if not isinstance(entry, dict):
                raise SetError(path, line, "an object is expected here")
            yield line, entry


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below a header, with their lines from 1."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = next(rows, [])
        if missing := [column for column in columns if column not in header]:
            raise SetError(path, 1, f"the header lacks {', '.join(missing)}")
        for row in rows:
            if row and len(row) != len(header):
                raise SetError(path, rows.line_num, f"{len(header)} columns are expected and {len(row)} are here")
            if row:
                yield rows.line_num, dict(zip(header, row, strict=True))


def _text(entry: Mapping[str, Any], key: str, path: Path, line: int) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise SetError(path, line, f"{key} is missing or no text")
    return value
