"""How good a run is, query by query, and how sure that is."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from tests.retrieval.sets import Judgements, RetrievalSet

DEPTH = 100  # results that are looked at
ASKED = DEPTH + 1  # results that are asked for: one may be the query itself
FIRST = 10  # results that a reader looks at
RESAMPLES, SEED = 10_000, 7
NDCG, RECALL, BOTH_SIDES = f"nDCG@{FIRST}", f"recall@{DEPTH}", f"both sides@{FIRST}"
MEASURES = (NDCG, RECALL, BOTH_SIDES)

Run = Mapping[str, Sequence[str]]  # query -> documents, best first
Figures = Mapping[str, float]  # query -> figure


class Interval(BaseModel):
    """A mean over ``n`` queries and where 95 of 100 resamples of them put it."""

    model_config = ConfigDict(frozen=True)

    mean: float
    low: float
    high: float
    n: int


def figures(found: RetrievalSet, run: Run) -> dict[str, Figures]:
    """Measure -> query -> figure; a measure that the set has no labels for is left out."""
    measured = {**_relevance(found.judgements, run), BOTH_SIDES: both_sides(found, run)}
    return {measure: of for measure, of in measured.items() if of}


def without_itself(query: str, results: Sequence[str]) -> list[str]:
    """The results, fewer the document that is the query itself: ArguAna asks with documents of its corpus."""
    return [document for document in results if document != query][:DEPTH]


def sided(found: RetrievalSet) -> dict[str, dict[str, str]]:
    """Query -> its relevant documents that are labelled -> side; only queries with documents of both."""
    labels = {}
    for query, judged in found.judgements.items():
        sides = found.sides.get(query, {})
        labels[query] = {id: sides[id] for id, score in judged.items() if score > 0 and id in sides}
    return {query: of for query, of in labels.items() if len(set(of.values())) == 2}


def both_sides(found: RetrievalSet, run: Run) -> dict[str, float]:
    """Query -> whether its first results hold relevant documents of either side; only where both are labelled."""
    return {query: float(_shown(run.get(query, ()), of) == 2) for query, of in sided(found).items()}


def interval(of: Figures) -> Interval:
    """Raises ValueError where there are no figures."""
    return _interval(np.array(list(of.values())))


def difference(ours: Figures, theirs: Figures) -> Interval:
    """Ours minus theirs, paired by query."""
    return _interval(np.array([ours[query] - theirs[query] for query in ours]))


def _relevance(judgements: Judgements, run: Run) -> dict[str, Figures]:
    import pytrec_eval  # of the benchmark's own requirements

    evaluator = pytrec_eval.RelevanceEvaluator(
        {query: dict(judged) for query, judged in judgements.items()}, {f"ndcg_cut.{FIRST}", f"recall.{DEPTH}"}
    )
    found = evaluator.evaluate({query: _scored(results) for query, results in run.items() if results})
    names = {NDCG: f"ndcg_cut_{FIRST}", RECALL: f"recall_{DEPTH}"}
    return {
        measure: {query: found.get(query, {}).get(name, 0.0) for query in judgements} for measure, name in names.items()
    }


def _shown(results: Sequence[str], side: Mapping[str, str]) -> int:
    """How many sides the first results hold."""
    return len({side[document] for document in results[:FIRST] if document in side})


def _scored(results: Sequence[str]) -> dict[str, float]:
    """Scores that keep the order: trec_eval has its own way with ties."""
    return {document: float(len(results) - rank) for rank, document in enumerate(results)}


def _interval(values: "np.ndarray[Any, np.dtype[np.float64]]") -> Interval:
    if not len(values):
        raise ValueError("no figures")
    random = np.random.default_rng(SEED)
    means = [values[random.integers(0, len(values), len(values))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(mean=float(values.mean()), low=float(low), high=float(high), n=len(values))
