"""``python -m tests.tuning DATA``: mostly embedding, which ``--vectors FOLDER`` spares the next run."""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from knowledge.fusion import NEXT, two_sided
from knowledge.weights import FOLDER
from tests.tuning import adapter, figures, stance
from tests.tuning.pairs import Claims, Counters, read_claims, read_counters
from tests.tuning.vectors import Array, vectors


class Material(NamedTuple):
    """Texts and their vectors."""

    claims: Claims
    asked: Array
    passages: Array
    counters: Counters
    bare: Array
    whole: Array


def main(words: Sequence[str] | None = None) -> None:
    known = argparse.ArgumentParser(prog="python -m tests.tuning", description=__doc__)
    known.add_argument("data", type=Path, help="folder with perspectrum/ and arguana/ in BEIR form")
    known.add_argument("--vectors", type=Path, help="folder in which the vectors are kept for the next run")
    known.add_argument("--out", type=Path, default=FOLDER, help="folder to write to")
    asked = known.parse_args(words)
    material = gather(asked.data, asked.vectors)
    turn = tune_adapter(material, asked.out)
    try_stance(material, turn)


def gather(data: Path, kept: Path | None) -> Material:
    claims, counters = read_claims(data / "perspectrum"), read_counters(data / "arguana")
    return Material(
        claims,
        vectors("claims", claims.claims, kept, say),
        vectors("passages", claims.passages, kept, say),
        counters,
        vectors("arguments-bare", counters.bare, kept, say),
        vectors("arguments", counters.arguments, kept, say),
    )


def tune_adapter(material: Material, out: Path) -> Array:
    """What is shipped is trained on both parts; how well that goes is told by the training parts alone."""
    _tell_found("as embedded", material, None)
    say("training the adapter on training parts")
    _tell_found("adapted", material, _adapter(material, ["train"], ["training"]))
    say("training the adapter on training and development parts")
    turn = _adapter(material, ["train", "dev"], ["training", "validation"])
    _ship(out / "adapter.npz", {"turn": turn})
    return turn


def try_stance(material: Material, turn: Array) -> None:
    """How often a passage's side can be guessed, and what both sides among the first ten would gain and cost by it."""
    say("training the stance on training claims")
    weights = stance.train(_pairs(material, "train"))
    print(f"stance on dev claims: {_accuracy(weights, material, 'dev')}, trained on train claims")
    say("training the stance on training and development claims")
    weights = stance.train(_pairs(material, "train", "dev"))
    print(f"stance on test claims: {_accuracy(weights, material, 'test')}, trained on train and dev claims")
    _tell_two_sided(material, turn, weights)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _adapter(material: Material, claims: Sequence[str], counters: Sequence[str]) -> Array:
    task = adapter.claims_task(material.claims, material.asked, material.passages, claims)
    return adapter.train(task, adapter.replies(material.counters, material.bare, material.whole, counters))


def _pairs(material: Material, *parts: str) -> stance.Labelled:
    return stance.labelled(material.claims, material.asked, material.passages, parts)


def _accuracy(weights: stance.Weights, material: Material, part: str) -> str:
    pairs = _pairs(material, part)
    supports = float(pairs.supports.mean())
    majority = max(supports, 1 - supports)
    right = stance.accuracy(weights, pairs)
    return f"{right:.3f} right (n={len(pairs.supports)} pairs; always the commoner side: {majority:.3f})"


def _tell_found(name: str, material: Material, turn: Array | None) -> None:
    """Of development parts, by vectors alone."""
    dev = material.claims.of("dev")
    sides = [material.claims.sides[place] for place in dev]
    found = figures.first(_turned(turn, material.asked[dev]), material.passages)
    asked = [place for place in material.counters.answers if material.counters.parts[place] == "validation"]
    countered = figures.first(_turned(turn, material.bare[asked]), material.whole, np.array(asked))
    answers = [{material.counters.answers[place]: True} for place in asked]
    print(
        f"{name}: dev claims nDCG@10 {figures.ndcg(found, sides):.4f}, both sides in ten "
        f"{figures.both_sides(found, sides):.3f} (n={len(dev)}); validation arguments nDCG@10 "
        f"{figures.ndcg(countered, answers):.4f} (n={len(asked)})"
    )


def _tell_two_sided(material: Material, turn: Array, weights: stance.Weights) -> None:
    """Of test claims, by vectors alone, before and after the side that is missed takes the tenth place."""
    test = material.claims.of("test")
    sides, asked = [material.claims.sides[place] for place in test], material.asked[test]
    found = figures.first(_turned(turn, asked), material.passages, count=NEXT)
    guessed = [
        stance.leanings(weights, stance.Labelled(np.tile(claim, (NEXT, 1)), material.passages[row], np.empty(0)))
        for claim, row in zip(asked, found, strict=True)
    ]
    swapped = np.array([row[two_sided(list(leaning))] for row, leaning in zip(found, guessed, strict=True)])
    for name, rows in (("as found", found), ("the missed side guessed and moved up", swapped)):
        shown = rows[:, : figures.SHOWN]
        print(
            f"test claims, {name}: both sides in ten {figures.both_sides(shown, sides):.3f}, "
            f"nDCG@10 {figures.ndcg(shown, sides):.4f} (n={len(test)})"
        )


def _turned(turn: Array | None, queries: Array) -> Array:
    return queries if turn is None else adapter.adapted(turn, queries)


def _ship(path: Path, weights: dict[str, Array]) -> None:
    print(f'{path.name}: SHA256 = "{write(path, weights)}", to be written into knowledge/{path.stem}.py')


def write(path: Path, weights: dict[str, Array]) -> str:
    """In half precision, since the rest is lost in the noise of training; the hash of the file."""
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **{name: numbers.astype(np.float16) for name, numbers in weights.items()})
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
