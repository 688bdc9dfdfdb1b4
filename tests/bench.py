"""Speed, memory and survival on this machine: ``make bench``. Each figure with its n; ratios are of one run."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.delegate import Delegate
from bot.evaluation import DEVELOPMENT, QUESTIONS, read_questions
from knowledge import loader
from knowledge.library import Library

STARTS, WARM_UPS, ANSWERS = 9, 20, 400
KILLS, SEED = 200, 2
QUESTION = "Should NATO open an office in Tokyo?"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DEMARCHE_DATA"] = folder
        print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
        print(f"index built from nothing: {_timed(_ask):.1f} s (n=1)")
        start_to_answer()
        warm_searches(Path(folder))
        asyncio.run(warm_answers(Path(folder)))
        asyncio.run(kills(Path(folder), int(sys.argv[1]) if sys.argv[1:] else KILLS))


def start_to_answer() -> None:
    """Process start to first answer, against importing chromadb alone; pairs, alternating."""
    pairs = []
    for _ in range(STARTS):
        whole = _timed(_ask)
        imported = _timed(lambda: _run("-c", "import chromadb"))
        pairs.append((whole, imported))
    ratios = [whole / imported for whole, imported in pairs]
    print(
        f"start to first answer: {statistics.median(whole for whole, _ in pairs):.2f} s; import chromadb: "
        f"{statistics.median(imported for _, imported in pairs):.2f} s; ratio {statistics.median(ratios):.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f}, n={STARTS}; to reach: 2)"
    )


def warm_searches(folder: Path) -> None:
    """Of the article and the dossiers, with the embedding of the question."""
    library, took = Library.open(loader.load(), folder), []
    questions = _questions()
    for place in range(WARM_UPS + ANSWERS):
        took.append(_timed(partial(library.search, questions[place % len(questions)])))
    p50, p95 = _percentiles(took[WARM_UPS:])
    print(f"warm search: p50 {p50 * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms (n={ANSWERS}; to reach: p95 15 ms)")
    library.close()


async def warm_answers(folder: Path) -> None:
    record = loader.load()
    library = Library.open(record, folder)
    delegate = Delegate(library)
    questions = _questions()
    seats = [record.delegations[code] for code in record.positions]
    took = []
    for place in range(WARM_UPS + ANSWERS):
        question, seat = questions[place % len(questions)], seats[place % len(seats)]
        began = time.perf_counter()
        await delegate.answer(question, seat)
        took.append(time.perf_counter() - began)
    p50, p95 = _percentiles(took[WARM_UPS:])
    print(f"warm answer: p50 {p50 * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms (n={ANSWERS}; to reach: p95 50 ms)")
    if resident := _resident():
        print(f"memory at rest after that: {resident:.0f} MB (n=1; to reach: 400 MB)")
    library.close()


async def kills(folder: Path, times: int) -> None:
    """The real process, killed in running debates. Some minutes: progress is told."""
    from tests.wire.crash import crashes  # not before the memory was measured

    outcome = await crashes(folder, times, SEED, lambda line: print(f"  {line}", file=sys.stderr, flush=True))
    for line in (*outcome.lost, *outcome.doubled, *outcome.late, *outcome.problems):
        print(f"  {line}")
    print(
        f"killed {outcome.kills} times, {outcome.held} of them amid a request that Discord had carried out: "
        f"{outcome.acknowledged} turns of people acknowledged (n={outcome.turns} turns, {outcome.debates} debates), "
        f"{len(outcome.lost)} lost, {len(outcome.doubled)} doubled, {len(outcome.problems)} problems; resumed: p50 "
        f"{statistics.median(outcome.took):.1f} s, max {max(outcome.took):.1f} s, {len(outcome.late)} later than 10 s "
        f"(n={len(outcome.took)}; to reach: 0, 0, 10 s)"
    )


def _questions() -> list[str]:
    files = [path for path in (DEVELOPMENT, *sorted(QUESTIONS.glob("*.jsonl"))) if path.exists()]
    return [asked.question for path in files for asked in read_questions(path)]


def _percentiles(took: list[float]) -> tuple[float, float]:
    """The 50th and the 95th."""
    ordered = sorted(took)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]


def _ask() -> None:
    _run("-m", "bot", "ask", QUESTION, "--as", "FR")


def _run(*words: str) -> None:
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _resident() -> float | None:
    """Megabytes that this process holds, where the system tells."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
