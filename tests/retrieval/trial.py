"""One system on one set, in a process of its own: what it found and what that cost.

``python -m tests.retrieval.trial SET SYSTEM VECTORS OUT``: set and vectors are read before anything is measured.
"""

import gc
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from knowledge.errors import DemarcheError
from knowledge.memory import trim
from tests.retrieval import sets, vectors
from tests.retrieval.measures import without_itself
from tests.retrieval.peers import PEERS, System
from tests.retrieval.sets import RetrievalSet

EMBEDDING = "embedding"  # not a system: embeds the set's documents for those that are
OURS = "Démarche"

# One thread each, since threads that wait for one another count as busy; and nothing is fetched or reported.
SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "HF_HUB_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
}


class TrialFailed(DemarcheError):
    """The process ended without a result: says its last words."""


class Trial(BaseModel):
    """``seconds``: of CPU, query by query; ``indexing``: of CPU; memory beside the documents' and disk in MB.

    ``at_rest``: grown after all queries; ``peak``: at most, meanwhile; None where the system does not tell.
    """

    model_config = ConfigDict(frozen=True)

    run: dict[str, list[str]]
    seconds: list[float]
    indexing: float
    at_rest: float | None
    peak: float | None
    disk: float


def apart(found: Path, system: str, stored: Path) -> Trial:
    """Run it in another process. ``stored``: where the vectors are, or shall be. Raises TrialFailed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "trial.json"
        words = [sys.executable, "-m", __name__, str(found), system, str(stored), str(out)]
        done = subprocess.run(words, env={**os.environ, **SETTINGS}, capture_output=True, text=True, check=False)
        if done.returncode or not out.exists():
            sys.stderr.write(done.stderr)
            raise TrialFailed((done.stderr.strip() or f"it ended with {done.returncode}").splitlines()[-1])
        return Trial.model_validate_json(out.read_text(encoding="utf-8"))


def embed(found: RetrievalSet, stored: Path) -> Trial:
    """What embedding all documents costs, whoever does it; the vectors are left in ``stored``."""
    memory = Memory()
    began = time.process_time()
    vectors.write(stored, [document.whole for document in found.documents])
    took = time.process_time() - began
    return Trial(run={}, seconds=[], indexing=took, at_rest=memory.grown, peak=memory.peak, disk=0.0)


def attempt(found: RetrievalSet, system: System, model: vectors.Model | None) -> Trial:
    """``model``: the one that the system was given, if any; it is loaded after indexing, before the first query."""
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory()
        began = time.process_time()
        system.index(found.documents, Path(folder))
        indexing = time.process_time() - began
        if model and system.is_given_vectors:
            model.prepare()
        run, seconds = _asked(found, system)
        at_rest, peak = memory.grown, memory.peak
        return Trial(run=run, seconds=seconds, indexing=indexing, at_rest=at_rest, peak=peak, disk=_size(Path(folder)))


class Memory:
    """Of this process, in MB, from when this is made."""

    def __init__(self) -> None:
        gc.collect()
        trim()
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # forget the peak until now
        self._before = _status("VmRSS")

    @property
    def grown(self) -> float | None:
        """What it holds more than then, after whatever can be given back is."""
        gc.collect()
        trim()
        return self._more("VmRSS")

    @property
    def peak(self) -> float | None:
        return self._more("VmHWM")

    def _more(self, what: str) -> float | None:
        now = _status(what)
        return None if now is None or self._before is None else now - self._before


def _asked(found: RetrievalSet, system: System) -> tuple[dict[str, list[str]], list[float]]:
    system.search(next(iter(found.queries.values())))  # not measured: the first one loads
    run, seconds = {}, []
    for id, text in found.queries.items():
        began = time.process_time()
        results = system.search(text)
        seconds.append(time.process_time() - began)
        run[id] = without_itself(id, results)
    return run, seconds


def _status(what: str) -> float | None:
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{what}:")), None)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def _trial(found: RetrievalSet, name: str, stored: Path) -> Trial:
    if name == EMBEDDING:
        return embed(found, stored)
    if name == OURS:
        from tests.retrieval.ours import Ours

        return attempt(found, Ours(), None)
    model = vectors.Model(stored)
    return attempt(found, next(peer for peer in PEERS if peer.name == name)(model), model)


def main() -> None:
    found, name, stored, out = sys.argv[1:]
    out_of = _trial(sets.read(Path(found)), name, Path(stored))
    Path(out).write_text(out_of.model_dump_json(), encoding="utf-8")


if __name__ == "__main__":
    main()
