import math
import random
from pathlib import Path

import numpy as np
import pytest

from knowledge import shelf
from knowledge.date import Date
from knowledge.errors import LibraryLocked
from knowledge.filter import EVERYTHING, Filter, traits_of
from knowledge.holdings import Holdings, text_of
from knowledge.library import Library
from knowledge.record import EMPTY
from tests.embeddings import Hashed
from tests.holdings import held, passage, sentences
from tests.index_faults import FAULTS, Fault

COUNT = 300
QUESTIONS = ("Ships protect the Baltic", "Who says that trade divides Japan?", "Radars", "case17 case204")


def opened(folder: Path, holdings: Holdings, embedding: Hashed | None = None, **known: object) -> Library:
    return Library.open(EMPTY, folder, holdings=holdings, embedding=embedding or Hashed(), **known)  # type: ignore[arg-type]


def found(library: Library, question: str, count: int = 10, by: Filter = EVERYTHING) -> list[str]:
    return [hit.passage.id for hit in library.find(question, count, by)]


def test_what_says_most_of_a_question_is_found_first_and_comes_back_whole(tmp_path: Path) -> None:
    holdings = held(COUNT)
    with_all = opened(tmp_path, holdings)
    for wanted in random.Random(2).sample(list(holdings.read()), 20):
        assert with_all.find(wanted.text)[0].passage == wanted
    with_all.close()


def test_scores_fall_and_nothing_is_found_twice(tmp_path: Path) -> None:
    library = opened(tmp_path, held(COUNT))
    for question in QUESTIONS:
        hits = library.find(question, 100, Filter(until=Date("2030")))
        assert len({hit.passage.id for hit in hits}) == 100
        assert found(library, question, 100) == found(library, question, 100)
        scores = [hit.score for hit in hits]
        assert scores[:9] == sorted(scores[:9], reverse=True)  # the tenth place may be the other side's
        assert scores[10:] == sorted(scores[10:], reverse=True)
    library.close()


def test_the_same_texts_are_in_the_order_of_the_holdings(tmp_path: Path) -> None:
    library = opened(tmp_path, Holdings.of(passage(n, "Ships protect the Baltic") for n in range(1, 31)))
    assert found(library, "Ships protect the Baltic", 30) == [f"p{n}" for n in range(1, 31)]
    library.close()


def test_a_question_nobody_can_read_finds_something_or_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    library = opened(tmp_path, held(COUNT))
    for question in ("", "?", "the", 'ships" OR (', "☃" * 300, "ships " * 2000):
        assert len(library.find(question)) <= 10
    library.close()


def test_an_empty_list_finds_nothing(tmp_path: Path) -> None:
    library = opened(tmp_path, Holdings("empty", tuple))
    assert library.find("Ships") == ()
    library.close()


@pytest.mark.parametrize("few", [0, 5_000])
@pytest.mark.parametrize("in_memory", [True, False])
def test_a_filter_leaves_the_best_of_what_it_admits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, in_memory: bool
) -> None:
    """Whether vectors are compared in memory or asked of the index, and however few are left."""
    monkeypatch.setattr(shelf, "FEW", few)
    if not in_memory:
        monkeypatch.setattr("knowledge.store.HELD", 0)
    sides = ("for", "against", "context")
    listed = [
        passage(
            n,
            text,
            source=f"list{n % 20}",
            side=sides[n % 3],
            fact_of="FR" if n % 2 else "",
            server="ours" if n % 5 == 0 else "",
            known_since=Date(f"{2000 + n % 25}"),
        )
        for n, text in enumerate(sentences(600), start=1)
    ]
    library = opened(tmp_path, Holdings.of(listed))
    for by in (
        Filter(sources=frozenset({"list3"})),
        Filter(states=frozenset({"FR"}), sides=frozenset({"for"})),
        Filter(until=Date("2012"), server="ours"),
        Filter(server="ours"),
    ):
        admitted = {each.id for each in listed if by.admits(traits_of(each))}
        for question in QUESTIONS:
            hits = library.find(question, 20, by)
            assert len(hits) == min(20, len(admitted))
            assert {hit.passage.id for hit in hits} <= admitted
        wanted = next(each for each in listed if each.id in admitted)
        assert library.find(wanted.text, 1, by)[0].passage == wanted
    library.close()


def test_an_index_finds_nearly_what_comparing_one_by_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holdings = held(1000)
    exact = opened(tmp_path / "exact", holdings)
    monkeypatch.setattr("knowledge.store.HELD", 0)
    indexed = opened(tmp_path / "indexed", holdings)
    shared = sum(len({*found(exact, question)} & {*found(indexed, question)}) for question in QUESTIONS)
    assert shared >= 0.9 * 10 * len(QUESTIONS)
    exact.close()
    indexed.close()


def test_both_sides_are_among_the_first_ten_by_their_labels(tmp_path: Path) -> None:
    alike = [passage(n, f"Ships protect the Baltic {'again ' * n}", side="for") for n in range(1, 14)]
    library = opened(tmp_path, Holdings.of([*alike, passage(14, "Ships cost the Baltic much again", side="against")]))
    sides = [hit.passage.side for hit in library.find("Ships protect the Baltic again", 10)]
    assert sides == ["for"] * 9 + ["against"]
    library.close()


def test_until_a_day_nothing_newer_is_found(tmp_path: Path) -> None:
    listed = [passage(n, text, known_since=Date(f"20{n:02}")) for n, text in enumerate(sentences(20), start=1)]
    library = opened(tmp_path, Holdings.of(listed))
    earlier = library.until(Date("2010-12-31"))
    assert {*found(earlier, "Ships", 20)} == {f"p{n}" for n in range(1, 11)}
    assert {*found(earlier, "Ships", 20, Filter(until=Date("2030")))} == {f"p{n}" for n in range(1, 11)}
    assert len(library.find("Ships", 20)) == 20
    library.close()


def test_what_is_held_is_embedded_once_and_only_what_is_new_after_that(tmp_path: Path) -> None:
    first, second, third = Hashed(), Hashed(), Hashed()
    opened(tmp_path, held(50), first).close()
    opened(tmp_path, held(50), second).close()
    longer = [*held(50).read(), passage(51, "Something new about ships")]
    library = opened(tmp_path, Holdings.of(longer), third)
    assert len(first.embedded) == 50
    assert second.embedded == []
    assert third.embedded == [text_of(longer[-1])]
    assert found(library, "Something new about ships", 1) == ["p51"]
    library.close()


def test_another_embedding_builds_the_index_anew(tmp_path: Path) -> None:
    opened(tmp_path, held(50)).close()
    other = Hashed("another", 16)
    library = opened(tmp_path, held(50), other)
    assert len(other.embedded) == 50
    assert found(library, sentences(50)[7], 1) == ["p8"]
    library.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_is_damaged_is_noticed_and_built_anew(tmp_path: Path, fault: Fault) -> None:
    """Some files of each index here; ``python -m tests.index_faults`` injects hundreds."""
    chance = random.Random(7)
    holdings = held(60)
    library = opened(tmp_path, holdings)
    expected = [found(library, question) for question in QUESTIONS]
    library.close()
    for _ in range(3):
        files = [path for path in sorted(tmp_path.rglob("*")) if path.is_file() and path.stat().st_size]
        fault(chance.choice([path for path in files if path.suffix != ".lock"]), chance)
        library = opened(tmp_path, holdings)
        assert [found(library, question) for question in QUESTIONS] == expected
        library.close()


def test_a_second_library_on_the_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    library = opened(tmp_path, held(50))
    with pytest.raises(LibraryLocked):
        opened(tmp_path, held(50), patience=0.05)
    assert library.find("Ships")
    library.close()


class Slow(Hashed):
    """Embeds nothing that is searched before it is told to."""

    def __init__(self) -> None:
        super().__init__()
        import threading

        self.go = threading.Event()

    def passages(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
        assert self.go.wait(10)
        return super().passages(texts)


def test_words_serve_while_the_index_is_built(tmp_path: Path) -> None:
    slow = Slow()
    library = opened(tmp_path, held(80), slow, wait=False)
    assert not library.is_complete
    by_words = library.find(sentences(80)[4])
    assert by_words[0].passage.id == "p5"
    assert library.find("Nothing of which any text speaks") == ()
    slow.go.set()
    library.wait()
    assert library.is_complete
    assert library.find(sentences(80)[4])[0].passage.id == "p5"
    assert not math.isclose(library.find(sentences(80)[4])[0].score, by_words[0].score)
    library.close()


def test_whoever_closes_amid_building_waits_for_little_and_loses_nothing(tmp_path: Path) -> None:
    texts = sentences(600)
    holdings = Holdings.of(passage(n, text) for n, text in enumerate(texts, start=1))
    slow = Slow()
    library = opened(tmp_path, holdings, slow, wait=False)
    slow.go.set()
    library.close()
    done, rest = len(slow.embedded), Hashed()
    opened(tmp_path, holdings, rest).close()
    assert done + len(rest.embedded) == 600
