import shutil
from pathlib import Path

import numpy as np
import pytest

from knowledge.adapter import ADAPTER, Adapter
from knowledge.embedding.minilm import DIMENSIONS, MiniLM
from knowledge.errors import ModelDamaged
from tests.tuning import adapter
from tests.tuning.adapter import Replies, Task
from tests.tuning.pairs import Claims
from tests.tuning.vectors import Array

CLAIMS = Claims(
    ["tax sugar", "ban cars"],
    ["train", "test"],
    ["it heals", "it harms", "it costs", "cities breathe", "nobody asked"],
    [{0: True, 1: False, 2: False}, {2: False, 3: True}],
)


def units(count: int, size: int = 5, seed: int = 0) -> Array:
    drawn = np.random.default_rng(seed).normal(size=(count, size))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


def task(own: bool = False) -> Task:
    target = np.array([[0.5, 0.25, 0.25, 0], [0, 0, 0, 1.0], [0, 1, 0, 0]])
    return Task(units(3), units(4, seed=1), target, np.array([3, 0, 2]) if own else None)


def test_an_adapted_question_keeps_unit_length() -> None:
    for vector in units(20, DIMENSIONS).astype(np.float32):
        found = Adapter.bundled()(vector)
        assert found.shape == (DIMENSIONS,)
        assert found.dtype == np.float32
        assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)


def test_an_adapted_question_still_means_the_same() -> None:
    asked = MiniLM().query("Should NATO open an office in Tokyo?")
    assert 0.8 < Adapter.bundled()(asked) @ asked < 0.9999


def test_one_adapter_is_shared_by_all_who_ask() -> None:
    assert Adapter.bundled() is Adapter.bundled()


def test_the_shipped_adapter_is_small() -> None:
    assert ADAPTER.stat().st_size < 300_000


@pytest.mark.parametrize("damage", ["flipped", "missing"])
def test_a_damaged_adapter_is_named_and_never_used(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "adapter.npz"
    if damage == "flipped":
        shutil.copy(ADAPTER, path)
        content = bytearray(path.read_bytes())
        content[5000] ^= 1
        path.write_bytes(content)
    with pytest.raises(ModelDamaged, match=r"adapter\.npz"):
        Adapter(path)(units(1, DIMENSIONS)[0])


@pytest.mark.parametrize("own", [False, True])
def test_the_gradient_of_training_is_that_of_its_loss(own: bool) -> None:
    turn = units(5, seed=2)
    measured = np.empty_like(turn)
    for place in np.ndindex(turn.shape):
        step = np.zeros_like(turn)
        step[place] = 1e-6
        measured[place] = (adapter.loss(turn + step, task(own)) - adapter.loss(turn - step, task(own))) / 2e-6
    assert np.allclose(adapter.slope(turn, task(own)), measured, atol=1e-5)


def test_both_sides_of_a_claim_weigh_the_same() -> None:
    made = adapter.claims_task(CLAIMS, units(2), units(5, seed=1), ["train", "test"])
    assert made.target[0].tolist() == [0.5, 0.25, 0.25, 0, 0]


def test_what_bears_on_a_claim_held_out_is_not_trained_against() -> None:
    passages = units(5, seed=1)
    made = adapter.claims_task(CLAIMS, units(2), passages, ["train"])
    assert np.array_equal(made.documents, passages[[0, 1, 4]])
    assert made.target.tolist() == [[0.5, 0.5, 0]]


def test_an_argument_is_never_its_own_answer() -> None:
    arguments = units(6)
    replies = Replies(arguments[:2], arguments, np.array([2, 3]), np.array([0, 1]))
    drawn = replies.draw(np.random.default_rng(0))
    assert drawn.own is not None
    assert all(row[own] == 0 for row, own in zip(drawn.target, drawn.own, strict=True))
    assert adapter.loss(np.zeros((5, 5)), drawn) < adapter.loss(np.zeros((5, 5)), drawn._replace(own=None))


def test_training_turns_questions_towards_what_answers_them() -> None:
    asked, answers = units(3, 8), units(4, 8, seed=1)
    given = Task(asked, answers, np.eye(3, 4))
    turn = adapter.train(given, Replies(asked, answers, np.arange(3), np.array([3, 3, 3])))
    assert adapter.loss(turn, given) < 0.8 * adapter.loss(np.zeros_like(turn), given)
    assert np.array_equal(turn, adapter.train(given, Replies(asked, answers, np.arange(3), np.array([3, 3, 3]))))
