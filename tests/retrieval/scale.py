"""``python -m tests.retrieval.scale FOLDER [KEPT]``: the library with a hundred thousand real passages, in one process.

The passages are the sentences of all sets in FOLDER, each once. Everything is done by one thread
(``make bench-scale`` sees to that). KEPT is a folder that is kept for the next run, which then leaves out ingest.
"""

import json
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

from knowledge.collection import Collection
from knowledge.date import Date
from knowledge.embedding import BATCH, MiniLM
from knowledge.filter import EVERYTHING, Filter
from knowledge.holdings import Holdings
from knowledge.library import Library
from knowledge.passage import Passage
from knowledge.record import EMPTY

PASSAGES, SAMPLE, QUERIES, WARM_UPS, SEED = 100_000, 4_000, 400, 20, 9
WORDS = 4  # of a sentence that is one

P = ParamSpec("P")
R = TypeVar("R")

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_FILTERS = {
    "everything": EVERYTHING,
    "one source in fifty": Filter(sources=frozenset({"source-1"})),
    "one state in ten": Filter(states=frozenset({"FR"})),
    "one side in three": Filter(sides=frozenset({"for"})),
    "as of a day (half)": Filter(until=Date("2009")),
    "another server's left out": Filter(server="ours"),
}


def main() -> None:
    data = Path(sys.argv[1])
    passages = tuple(_passages(_sentences(data), PASSAGES))
    queries = [json.loads(line)["text"] for path in sorted(data.glob("*/queries.jsonl")) for line in path.open()]
    short = [query for query in queries if len(query.split()) <= 40]
    chance = random.Random(SEED)
    asked = [chance.choice(short) for _ in range(WARM_UPS + QUERIES)]
    holdings = Holdings(version=f"scale-{len(passages)}", read=lambda: passages)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2] if sys.argv[2:] else scratch)
        if any(folder.glob("*")):
            Library.open(EMPTY, folder, holdings=holdings, progress=_tell).close()
        else:
            ingest(folder, holdings, passages, chance)
        start(folder, holdings)
        warm(folder, holdings, asked)


def ingest(folder: Path, holdings: Holdings, passages: Sequence[Passage], chance: random.Random) -> None:
    """All of it, against the raw embedding of a sample: in batches as the texts come, which is what others would do,
    and sorted by length, which is the best that the model can do.
    """
    model, sample = MiniLM(), [passage.text for passage in chance.sample(passages, SAMPLE)]
    model.prepare()
    as_they_come = _spent(lambda: model.passages(sample)) * len(passages) / SAMPLE
    by_length = _spent(lambda: model.passages(sorted(sample, key=len))) * len(passages) / SAMPLE
    before = _peak()
    took = _spent(lambda: Library.open(EMPTY, folder, holdings=holdings, progress=_tell).close())
    print(
        f"\ningest of {len(passages):,} passages: {took:.0f} s; the embedding alone, from a sample of n={SAMPLE:,}: "
        f"{as_they_come:.0f} s as they come ({took / as_they_come:.2f} times), {by_length:.0f} s by length "
        f"({took / by_length:.2f} times); peak memory {before:.0f} MB before, "
        f"{_peak():.0f} MB after (batches of {BATCH})"
    )
    for part in sorted(folder.iterdir()):
        print(f"  disk, {part.name}: {_size(part):.0f} MB")


def start(folder: Path, holdings: Holdings) -> None:
    took = sorted(_spent(lambda: Library.open(EMPTY, folder, holdings=holdings).close()) for _ in range(5))
    print(f"start with a built index: median {took[2]:.2f} s, at most {took[-1]:.2f} s (n=5; to reach: 3 s)")


def warm(folder: Path, holdings: Holdings, asked: Sequence[str]) -> None:
    library, spent = Library.open(EMPTY, folder, holdings=holdings), {"embedding": 0.0, "Chroma": 0.0}
    library._embedding.query = _timed(library._embedding.query, spent, "embedding")  # type: ignore[method-assign]
    Collection.nearest = _timed(Collection.nearest, spent, "Chroma")  # type: ignore[method-assign]
    for name, by in _FILTERS.items():
        took, ours = [], []
        for query in asked:
            spent.update(dict.fromkeys(spent, 0.0))
            whole = _spent(lambda query=query, by=by: library.find(query, by=by))  # type: ignore[misc]
            took.append(whole)
            ours.append(whole - sum(spent.values()))
        rows = (sorted(times[WARM_UPS:]) for times in (took, ours))
        (p50, p95), (ours50, ours95) = ((row[len(row) // 2] * 1e3, row[int(len(row) * 0.95)] * 1e3) for row in rows)
        print(
            f"warm search, {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, of which ours p50 {ours50:.1f} ms, "
            f"p95 {ours95:.1f} ms (n={QUERIES})"
        )
    library.close()


def _passages(sentences: Iterator[str], count: int) -> Iterator[Passage]:
    day = Date("2000")
    for n, text in zip(range(count), sentences, strict=False):
        yield Passage(
            id=f"p{n}",
            source=f"source-{n % 50}",
            number=n + 1,
            section="",
            paragraph=1,
            start=0,
            end=len(text),
            text=text,
            date=day,
            known_since=Date(str(2000 + n % 20)),
            fact_of="FR" if n % 10 == 0 else "",
            side=("for", "against", "")[n % 3],
            server="theirs" if n % 7 == 0 else "",
        )


def _sentences(data: Path) -> Iterator[str]:
    seen = set()
    for text in _texts(data):
        for sentence in _SENTENCE.split(text):
            if len(sentence.split()) >= WORDS and sentence not in seen:
                seen.add(sentence)
                yield sentence


def _texts(data: Path) -> Iterator[str]:
    for path in sorted(data.glob("*/corpus.jsonl")):
        for line in path.open(encoding="utf-8"):
            yield json.loads(line)["text"]
    for path in sorted(data.glob("*/claims.jsonl")):
        for line in path.open(encoding="utf-8"):
            yield from (each for each in json.loads(line)["evidence"] if isinstance(each, str))


def _timed(work: Callable[P, R], spent: dict[str, float], name: str) -> Callable[P, R]:
    def timed(*given: P.args, **named: P.kwargs) -> R:
        began = time.perf_counter()
        try:
            return work(*given, **named)
        finally:
            spent[name] += time.perf_counter() - began

    return timed


def _spent(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _tell(done: int, total: int) -> None:
    if total and done * 20 // total != (done - 256) * 20 // total:
        print(f"  {done:,} of {total:,}", file=sys.stderr, flush=True)


def _peak() -> float:
    """Megabytes, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _size(path: Path) -> float:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6


if __name__ == "__main__":
    main()
