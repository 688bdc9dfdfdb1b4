"""What the trials on a set come to: each figure with its interval, and ours beside each peer's."""

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from tests.retrieval.measures import Figures, Interval, difference, figures, interval, sided
from tests.retrieval.sets import RetrievalSet
from tests.retrieval.trial import OURS, Trial

PACKAGES = ("bm25s", "chromadb", "langchain-chroma", "llama-index-core", "numpy", "onnxruntime", "pytrec-eval-terrier")


class Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Machine(Value):
    """Where, when and how it was measured."""

    cores: int | None
    cpu: str
    python: str
    date: str
    command: str
    versions: dict[str, str]


class Costs(Value):
    """CPU milliseconds a query, CPU seconds per 1,000 passages indexed (embedding included), memory and disk in MB."""

    query_p50: float
    query_p95: float
    query_mean: float
    indexing: float
    at_rest: float | None
    peak: float | None
    disk: float


class Row(Value):
    """One system: measure -> figure, and measure -> ours minus its, by which a loss of ours is below 0.

    ``failed``: why there is nothing of it.
    """

    system: str
    figures: dict[str, Interval] = {}
    ours_minus: dict[str, Interval] = {}
    costs: Costs | None = None
    failed: str = ""


class SetReport(Value):
    """``queries``: those measured; ``sided``: those of them with relevant documents labelled for either side."""

    name: str
    documents: int
    queries: int
    sided: int
    rows: tuple[Row, ...]


class Report(Value):
    machine: Machine
    sets: tuple[SetReport, ...]

    @property
    def is_whole(self) -> bool:
        return not any(row.failed for each in self.sets for row in each.rows)


def machine(command: str) -> Machine:
    return Machine(
        cores=os.cpu_count(),
        cpu=_cpu(),
        python=platform.python_version(),
        date=datetime.now(UTC).isoformat(timespec="minutes"),
        command=command,
        versions=dict(_versions()),
    )


def compared(found: RetrievalSet, trials: Mapping[str, Trial | str], given: Mapping[str, Trial]) -> SetReport:
    """``trials``: system -> its trial, or why it failed; ``given``: system -> the embedding that it was spared."""
    done = {name: trial for name, trial in trials.items() if isinstance(trial, Trial)}
    measured = {name: figures(found, trial.run) for name, trial in done.items()}
    rows = [Row(system=name, failed=trial) for name, trial in trials.items() if isinstance(trial, str)]
    for name, trial in done.items():
        figures_of = {measure: interval(of) for measure, of in measured[name].items()}
        beside = {} if name == OURS else _differences(measured.get(OURS, {}), measured[name])
        costs = _costs(trial, given.get(name), len(found.documents))
        rows.append(Row(system=name, figures=figures_of, ours_minus=beside, costs=costs))
    return SetReport(
        name=found.name,
        documents=len(found.documents),
        queries=len(found.queries),
        sided=len(sided(found)),
        rows=tuple(sorted(rows, key=lambda row: list(trials).index(row.system))),
    )


def _differences(ours: Mapping[str, Figures], theirs: Mapping[str, Figures]) -> dict[str, Interval]:
    return {measure: difference(of, theirs[measure]) for measure, of in ours.items()}


def _costs(trial: Trial, given: Trial | None, documents: int) -> Costs:
    """Embedding that was done for it counts as its own; so does the memory which that took, at its peak."""
    took = np.array(trial.seconds) * 1e3
    p50, p95 = np.percentile(took, (50, 95))
    embedding = given.indexing if given else 0.0
    peaks = [each.peak for each in (trial, given) if each and each.peak is not None]
    return Costs(
        query_p50=float(p50),
        query_p95=float(p95),
        query_mean=float(took.mean()),
        indexing=(trial.indexing + embedding) / documents * 1000,
        at_rest=trial.at_rest,
        peak=max(peaks, default=None),
        disk=trial.disk,
    )


def _cpu() -> str:
    """As the system names it, where it does."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown")


def _versions() -> Iterator[tuple[str, str]]:
    for name in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            yield name, metadata.version(name)
