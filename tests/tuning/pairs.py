"""What the learned parts are trained on, read from public sets in BEIR form."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

SIDES = {"SUPPORT": True, "UNDERMINE": False}


class Claims(NamedTuple):
    """PERSPECTRUM: claims, and passages that support or undermine them."""

    claims: Sequence[str]
    parts: Sequence[str]  # of each claim: train, dev or test
    passages: Sequence[str]
    sides: Sequence[Mapping[int, bool]]  # of each claim: place of a passage -> whether it supports the claim

    def of(self, *parts: str) -> list[int]:
        """Places of the claims of these parts."""
        return [place for place, part in enumerate(self.parts) if part in parts]


class Counters(NamedTuple):
    """ArguAna without its test part: arguments, and the best counter-argument of some."""

    arguments: Sequence[str]  # with their titles, as they are searched
    bare: Sequence[str]  # without, as they are asked
    parts: Sequence[str]  # of each argument: training or validation
    answers: Mapping[int, int]  # place of an argument -> place of what counters it


def read_claims(folder: Path) -> Claims:
    queries, documents = _lines(folder / "queries.jsonl"), _lines(folder / "corpus.jsonl")
    claim_places, passage_places = _places(queries), _places(documents)
    sides: list[dict[int, bool]] = [{} for _ in queries]
    with (folder / "stance.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            sides[claim_places[row["query-id"]]][passage_places[row["corpus-id"]]] = SIDES[row["stance3"]]
    parts = [query["metadata"]["split"] for query in queries]
    return Claims([query["text"] for query in queries], parts, [_whole(document) for document in documents], sides)


def read_counters(folder: Path) -> Counters:
    """The counter-argument of an argument ``...a`` is ``...b``."""
    documents = [one for one in _lines(folder / "corpus.jsonl") if not one["_id"].startswith("test-")]
    places = _places(documents)
    return Counters(
        [_whole(document) for document in documents],
        [document["text"] for document in documents],
        [id.split("-")[0] for id in places],
        {place: places[id[:-1] + "b"] for id, place in places.items() if id[-1] == "a" and id[:-1] + "b" in places},
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _places(entries: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {entry["_id"]: place for place, entry in enumerate(entries)}


def _whole(document: Mapping[str, Any]) -> str:
    return f"{document.get('title', '')} {document['text']}".strip()
