"""What becomes of a library whose index is damaged, or wanted by two: ``make bench-faults``.

Each time something else is done to the files of a data folder. Then the library is opened as the bot opens it: it has
to answer at once, by words alone where the index is being rebuilt, and afterwards just as it did before.
"""

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from knowledge import loader
from knowledge.errors import LibraryLocked
from knowledge.library import Library
from knowledge.record import Record
from tests.conftest import shrunk
from tests.embeddings import Hashed
from tests.holdings import held, sentences

TIMES, SEED, PASSAGES = 240, 13, 80
QUESTIONS = (*sentences(PASSAGES)[:3], "Does NATO have a role in the Indo-Pacific?", "What did NATO say in 2019?")

Fault = Callable[[Path, random.Random], None]


def truncated(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def flipped(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 8, 64])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def deleted(path: Path, _chance: random.Random) -> None:
    path.unlink()


def halved(path: Path, chance: random.Random) -> None:
    """Half a directory: what a disk keeps of a folder that was being copied."""
    for other in sorted(path.parent.iterdir()):
        if other == path or (other.is_file() and chance.random() < 0.5):
            other.unlink()


def emptied(path: Path, _chance: random.Random) -> None:
    path.write_bytes(b"")


def swapped(path: Path, chance: random.Random) -> None:
    """Another file of the index in its place."""
    others = [other for other in path.parent.iterdir() if other.is_file() and other != path]
    if others:
        path.write_bytes(chance.choice(sorted(others)).read_bytes())
    else:
        path.unlink()


FAULTS: tuple[Fault, ...] = (truncated, flipped, deleted, halved, emptied, swapped)


def main() -> None:
    times = int(sys.argv[1]) if sys.argv[1:] and sys.argv[1] else TIMES
    chance, record = random.Random(SEED), shrunk(loader.load(), 5)
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole"
        library = opened(record, whole)
        expected = answers(library)
        library.close()
        for n in range(times):
            folder = Path(shutil.copytree(whole, Path(scratch) / str(n)))
            outcome = tried_twice(record, folder) if n % 8 == 7 else damaged(record, folder, expected, chance)
            outcomes[outcome] += 1
            shutil.rmtree(folder)
    print(f"{times} faults injected (seed {SEED}): {', '.join(f'{count} {what}' for what, count in outcomes.items())}")
    sys.exit(any(what.startswith("WRONG") for what in outcomes))


def opened(record: Record, folder: Path, *, wait: bool = True, patience: float = 1.0) -> Library:
    holdings = held(PASSAGES)
    return Library.open(record, folder, holdings=holdings, embedding=Hashed(), wait=wait, patience=patience)


def answers(library: Library) -> list[list[str]]:
    return [[hit.passage.id for hit in library.find(question)] for question in QUESTIONS]


def damaged(record: Record, folder: Path, expected: list[list[str]], chance: random.Random) -> str:
    """What happened after one file, or half a folder, was spoilt."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    fault = chance.choice(FAULTS)
    fault(chance.choice([path for path in files if path.suffix != ".lock"]), chance)
    library = opened(record, folder, wait=False)
    try:
        rebuilt, meanwhile = not library.is_complete, answers(library)
        library.wait()
        if not library.is_complete or answers(library) != expected or not all(meanwhile[:3]):
            return f"WRONG after being {fault.__name__}"
        return "detected, rebuilt and answered meanwhile" if rebuilt else "mended before the first answer"
    finally:
        library.close()


def tried_twice(record: Record, folder: Path) -> str:
    """What a second writer meets, and what becomes of the first."""
    library = opened(record, folder)
    try:
        opened(record, folder, patience=0.05).close()
    except LibraryLocked:
        return "second writers refused" if all(answers(library)) else "WRONG: the first writer was harmed"
    finally:
        library.close()
    return "WRONG: two writers at once"


if __name__ == "__main__":
    main()
