from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.errors import LibraryLocked, LibraryUnreachable
from knowledge.library import Library
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
