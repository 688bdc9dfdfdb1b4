from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.errors import LibraryLocked, LibraryUnreachable
from knowledge.library import MADE, STATED, Bearing, Heard, Library
from knowledge.record import Record


class Told:
    """Remembers the progress it was told of."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.steps.append((done, total))


def opened(record: Record, folder: Path) -> tuple[Library, bool]:
    """The library, and whether it had to be built."""
    told = Told()
    return Library.open(record, folder, progress=told), bool(told.steps)


def test_a_passage_is_found_through_its_text_its_claims_and_their_questions(library: Library) -> None:
    record = library.record
    argument = record.arguments["france-opposes-tokyo-liaison-office"]
    for words in (record.passage_of(argument).text, argument.claim, *argument.questions):
        assert library.search(words).hits[0].passage == record.passage_of(argument)


def test_everything_is_ranked_and_nothing_twice(library: Library) -> None:
    findings = library.search("Taiwan")
    assert len({hit.passage.id for hit in findings.hits}) == len(library.record.passages)
    assert len({match.argument.id for match in findings.matches}) == len(library.record.arguments)
    scores = [hit.score for hit in findings.hits]
    assert scores == sorted(scores, reverse=True)


def test_the_same_question_finds_the_same_in_the_same_order(library: Library) -> None:
    once, again = library.search("supply chains"), library.search("supply chains")
    assert once == again


def test_what_advocates_say_makes_their_argument(library: Library) -> None:
    for argument in library.record.arguments.values():
        heard = library.hear(argument.says[0])
        assert heard.is_known
        assert heard.makes == argument


def test_what_an_argument_answers_does_not_make_it(library: Library) -> None:
    for argument in library.record.arguments.values():
        heard = library.hear(argument.counters[0])
        assert heard.is_known
        assert heard.makes != argument
        assert max(heard.bearings, key=lambda bearing: bearing.counters).argument == argument


def test_a_statement_bears_on_every_argument_once_in_the_order_of_the_sources(library: Library) -> None:
    heard = library.hear("NATO has no business in Asia.")
    assert heard.statement == "NATO has no business in Asia."
    assert [bearing.argument for bearing in heard.bearings] == list(library.record.arguments.values())
    assert library.hear("NATO has no business in Asia.") == heard


@pytest.mark.parametrize("statement", ["How many moons has Jupiter?", "lol", "The canteen serves too much pasta."])
def test_what_the_record_does_not_speak_to_makes_nothing(library: Library, statement: str) -> None:
    heard = library.hear(statement)
    assert not heard.is_known
    assert heard.makes is None


def heard_as(record: Record, *likeness: tuple[float, float], probability: float = 0.0) -> Heard:
    """A statement that comes so near to what the first arguments say and counter."""
    pairs = zip(record.arguments.values(), likeness, strict=False)
    return Heard("So it is.", tuple(Bearing(argument, *each) for argument, each in pairs), probability)


def test_what_a_statement_makes_is_what_it_is_most_like_unless_it_denies_that(record: Record) -> None:
    first, second = list(record.arguments.values())[:2]
    assert heard_as(record, (0.7, 0.1), (0.9, 0.1)).makes == second
    assert heard_as(record, (0.9, 0.1), (0.7, 0.95)).makes == first
    assert heard_as(record, (0.7, 0.1), (0.9, 0.9)).makes is None
    assert heard_as(record, (MADE, 0.1)).makes == first
    assert heard_as(record, (MADE - 0.01, 0.1)).makes is None
    assert heard_as(record).makes is None


def test_a_statement_is_known_by_judgement_or_by_likeness(record: Record) -> None:
    assert heard_as(record, (0.1, 0.1), probability=0.5).is_known
    assert heard_as(record, (STATED, 0.1)).is_known
    assert heard_as(record, (0.1, STATED)).is_known
    assert not heard_as(record, (STATED - 0.01, STATED - 0.01), probability=0.49).is_known
    assert not heard_as(record).is_known


def test_many_may_search_at_once(library: Library) -> None:
    questions = [f"Taiwan, question {n}" for n in range(40)]
    alone = [library.search(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(library.search, questions)) == alone


def test_an_index_is_built_once_and_then_only_opened(small: Record, tmp_path: Path) -> None:
    for expected in (True, False, False):
        library, was_built = opened(small, tmp_path)
        library.search("NATO")
        library.close()
        assert was_built is expected


def test_an_index_is_built_anew_when_the_annotation_changed(small: Record, tmp_path: Path) -> None:
    opened(small, tmp_path)[0].close()
    first = next(iter(small.arguments.values()))
    reworded = first.model_copy(update={"claim": "NATO thinks about the Indo-Pacific."})
    library, was_built = opened(replace(small, arguments=small.arguments | {first.id: reworded}), tmp_path)
    library.close()
    assert was_built


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["chroma.sqlite3", "data_level0.bin"])
@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
def test_a_damaged_index_is_built_anew_without_being_asked(
    small: Record, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    library, _ = opened(small, tmp_path)
    expected = library.search("NATO and Taiwan")
    library.close()
    damage(next((tmp_path / "index").rglob(name)))
    library, was_built = opened(small, tmp_path)
    assert was_built
    assert [hit.passage.id for hit in library.search("NATO and Taiwan").hits] == [h.passage.id for h in expected.hits]
    library.close()


def test_a_folder_in_use_is_refused_and_goes_on_being_used(small: Record, tmp_path: Path) -> None:
    library, _ = opened(small, tmp_path)
    with pytest.raises(LibraryLocked):
        Library.open(small, tmp_path, patience=0.05)
    assert library.search("NATO").hits
    library.close()


def test_a_folder_is_free_again_after_it_failed_to_open(small: Record, tmp_path: Path) -> None:
    def fail(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Library.open(small, tmp_path, progress=fail)
    opened(small, tmp_path)[0].close()


def test_progress_is_told_from_nothing_to_all(small: Record, tmp_path: Path) -> None:
    told = Told()
    Library.open(small, tmp_path, progress=told).close()
    assert told.steps[0][0] == 0
    assert told.steps[-1][0] == told.steps[-1][1] > 0


def test_a_server_that_is_not_there_is_named(small: Record, tmp_path: Path) -> None:
    with pytest.raises(LibraryUnreachable, match=r"127\.0\.0\.1:9"):
        Library.open(small, tmp_path, url="http://127.0.0.1:9")
