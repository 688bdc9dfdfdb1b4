import json
from pathlib import Path

import numpy as np
import pytest

from tests.test_adapter import CLAIMS, units
from tests.tuning import figures, stance
from tests.tuning.pairs import read_claims, read_counters
from tests.tuning.stance import Labelled, Weights


def pairs(count: int = 7, size: int = 5) -> Labelled:
    supports = np.random.default_rng(5).integers(0, 2, count).astype(float)
    return Labelled(units(count, size), units(count, size, seed=1), supports)


def somewhere(size: int = 5) -> Weights:
    return Weights(*(weights + 0.3 for weights in stance.beginning(size, np.random.default_rng(1))))


def test_the_gradient_of_training_is_that_of_its_loss() -> None:
    at = somewhere()
    for name, slope in stance.slope(at, pairs())._asdict().items():
        weights = getattr(at, name).astype(float)
        for place in np.ndindex(weights.shape):
            step = np.zeros_like(weights)
            step[place] = 1e-6
            up, down = (stance.loss(at._replace(**{name: weights + sign * step}), pairs()) for sign in (1, -1))
            assert slope[place] == pytest.approx((up - down) / 2e-6, abs=1e-5), name


def test_what_can_be_told_apart_is_learnt() -> None:
    given = pairs(30, 20)
    trained = stance.train(given)
    assert stance.accuracy(trained, given) == 1
    assert all(np.array_equal(*both) for both in zip(trained, stance.train(given), strict=True))


def test_pairs_are_read_as_published(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        _lines({"_id": "p1", "title": "", "text": "it heals"}, {"_id": "p2", "title": "", "text": "it harms"})
    )
    (tmp_path / "queries.jsonl").write_text(_lines({"_id": "c", "text": "tax sugar", "metadata": {"split": "dev"}}))
    (tmp_path / "stance.tsv").write_text("query-id\tcorpus-id\tstance3\nc\tp2\tUNDERMINE\nc\tp1\tSUPPORT\n")
    claims = read_claims(tmp_path)
    assert (claims.passages, claims.sides, claims.of("dev")) == (["it heals", "it harms"], [{1: False, 0: True}], [0])


def test_test_arguments_are_not_even_read(tmp_path: Path) -> None:
    ids = ["test-x-pro01a", "test-x-pro01b", "training-y-con01a", "training-y-con01b", "validation-z-con02a"]
    (tmp_path / "corpus.jsonl").write_text(_lines(*({"_id": id, "title": "y", "text": id} for id in ids)))
    counters = read_counters(tmp_path)
    assert counters.bare == ids[2:]
    assert (counters.answers, counters.parts) == ({0: 1}, ["training", "training", "validation"])


def test_both_sides_are_counted_where_there_are_two() -> None:
    found = np.array([[0, 4, 1], [3, 4, 0]])
    assert figures.both_sides(found, CLAIMS.sides) == 0.5


def _lines(*entries: object) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)
