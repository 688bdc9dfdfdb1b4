import copy
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.annotated import BESIDE, MEANT, NOT_MEANT, SPEAKER, Later
from knowledge.argument import Argument
from knowledge.date import Date
from knowledge.errors import LibraryLocked, LibraryUnreachable
from knowledge.filter import Filter
from knowledge.findings import CLAIMED, MADE, STATED, Bearing, Findings, Heard
from knowledge.holdings import Holdings
from knowledge.library import Library
from knowledge.record import Record
from tests.holdings import passage

ARTICLE = Date("2024-05-30")


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


def sampled(record: Record, count: int) -> list[Argument]:
    """Some of the arguments that argue, of the article and of the dossiers, each time the same."""
    chance = random.Random(6)
    argued = [argument for argument in record.arguments.values() if not argument.is_bare]
    quoted, told = ([a for a in argued if bool(a.quote) is is_quoted] for is_quoted in (True, False))
    return [*chance.sample(quoted, count // 2), *chance.sample(told, count - count // 2)]


def scored(findings: Findings) -> dict[str, float]:
    """Passages and arguments (ids) by their score."""
    hits = {hit.passage.id: hit.score for hit in findings.hits}
    return hits | {match.argument.id: match.score for match in findings.matches}


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


def test_a_fact_is_found_when_its_state_is_asked_its_question(library: Library) -> None:
    facts = [argument for argument in library.record.arguments.values() if argument.is_bare]
    for fact in random.Random(1).sample(facts, 25):
        (state,), passage = fact.held_by, library.record.passage_of(fact)
        assert library.search(fact.questions[0], {state: SPEAKER}).hits[0].passage == passage


def test_whoever_is_asked_the_article_speaks_as_before_and_the_facts_of_who_is_asked_gain(library: Library) -> None:
    record, question = library.record, "Should the alliance open an office over there?"
    nobody, asked = scored(library.search(question)), scored(library.search(question, {"FR": SPEAKER, "JP": MEANT}))
    gained = {"FR": SPEAKER - NOT_MEANT, "JP": MEANT - NOT_MEANT}
    assert nobody.keys() == asked.keys() == {*record.passages, *record.arguments}
    for id, score in asked.items():
        passage = record.passages.get(id) or record.passage_of(record.arguments[id])
        assert score - nobody[id] == pytest.approx(gained.get(passage.fact_of, 0.0), abs=1e-6)


@pytest.mark.parametrize(
    ("question", "states"),
    [
        ("What do the Baltic states think of Asia?", {"EE", "LV", "LT"}),
        ("What do the Dutch and Portugal think of Asia?", {"NL", "PT"}),
        ("What do the nordics spend on defence?", {"DK", "FI", "IS", "NO", "SE"}),
    ],
)
def test_the_facts_of_who_is_named_come_before_those_of_others(
    library: Library, question: str, states: set[str]
) -> None:
    facts = [hit.passage for hit in library.search(question).hits if hit.passage.is_summary]
    assert {passage.fact_of for passage in facts[:4]} <= states


def test_the_article_comes_before_the_facts_of_those_it_quotes_and_behind_those_of_others(library: Library) -> None:
    assert NOT_MEANT < BESIDE < 0 < MEANT < SPEAKER
    assert not library.search("Does France oppose a NATO office in Tokyo?").hits[0].passage.is_summary
    assert library.search("What does Portugal say about the security of Asia and Europe?").hits[0].passage.is_summary


def test_nothing_newer_than_its_day_is_found_in_an_earlier_library(library: Library) -> None:
    question = "Would Macron change his mind on NATO in Asia?"
    for date in (Date("2023-07-12"), ARTICLE, Date("2025-05-29")):
        earlier = library.until(date)
        findings, heard = earlier.search(question, {"FR": SPEAKER}), earlier.hear(question)
        assert earlier.record == library.record.until(date)
        assert scored(findings).keys() == {*earlier.record.passages, *earlier.record.arguments}
        assert all(hit.passage.known_since.last <= date.last for hit in findings.hits)
        assert [bearing.argument for bearing in heard.bearings] == [
            argument for argument in earlier.record.arguments.values() if not argument.is_bare
        ]
    newest = library.search(question, {"FR": SPEAKER}).hits[0].passage
    assert newest.known_since == Date("2025-05-30")
    assert newest.id not in library.until(Date("2025-05-29")).record.passages


def test_what_was_known_then_is_found_as_it_is_found_now(library: Library) -> None:
    question = "Does France oppose a NATO office in Tokyo?"
    now, then = scored(library.search(question)), scored(library.until(ARTICLE).search(question))
    assert then == {id: score for id, score in now.items() if id in then}
    assert library.until(ARTICLE).search(question).hits[0] == library.search(question).hits[0]


def test_before_anything_was_known_nothing_is_found(library: Library) -> None:
    earlier = library.until(Date("2015"))
    findings, heard = earlier.search("Does NATO have a role in Asia?"), earlier.hear("NATO has no business in Asia.")
    assert (findings.hits, findings.matches, findings.is_near_enough) == ((), (), False)
    assert (heard.bearings, heard.makes, heard.is_known) == ((), None, False)


def test_what_advocates_say_makes_their_argument(library: Library) -> None:
    for argument in sampled(library.record, 24):
        heard = library.hear(argument.says[0])
        assert heard.is_known
        assert heard.makes == argument


def test_what_an_argument_answers_does_not_make_it(library: Library) -> None:
    for argument in sampled(library.record, 24):
        heard = library.hear(argument.counters[0])
        assert heard.is_known
        assert heard.makes != argument
        assert max(heard.bearings, key=lambda bearing: bearing.counters).argument == argument


def test_a_statement_bears_on_every_argument_once_in_the_order_of_the_sources(library: Library) -> None:
    """But for bare facts, which argue nothing."""
    heard = library.hear("NATO has no business in Asia.")
    assert heard.statement == "NATO has no business in Asia."
    argued = [argument for argument in library.record.arguments.values() if not argument.is_bare]
    assert [bearing.argument for bearing in heard.bearings] == argued
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
    assert heard_as(record, (0.1, 0.1), probability=CLAIMED).is_known
    assert heard_as(record, (STATED, 0.1)).is_known
    assert heard_as(record, (0.1, STATED)).is_known
    assert not heard_as(record, (STATED - 0.01, STATED - 0.01), probability=CLAIMED - 0.01).is_known
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


def test_the_best_of_annotated_and_other_passages_are_found_together(small: Record, tmp_path: Path) -> None:
    own = passage(1, "A canteen in Tokyo serves the liaison office of the alliance its noodles.")
    library = Library.open(small, tmp_path, holdings=Holdings.of([own, passage(2, "Noodles are good.")]))
    found = [hit.passage for hit in library.find("Which canteen serves noodles to the liaison office in Tokyo?")]
    assert found[0] == own
    assert any(each.id in small.passages for each in found)
    library.close()


def test_annotated_passages_are_filtered_by_what_rests_on_them(library: Library) -> None:
    record = library.record
    for by in (Filter(states=frozenset({"FR"})), Filter(sides=frozenset({"against"})), Filter(until=Date("2023"))):
        for hit in library.find("Should NATO open an office in Tokyo?", 50, by):
            arguments = record.arguments_at.get(hit.passage.id, ())
            assert not by.states or hit.passage.fact_of == "FR" or any("FR" in each.held_by for each in arguments)
            assert not by.sides or any(each.side == "against" for each in arguments)
            assert by.until is None or hit.passage.known_since <= by.until


def test_asked_for_a_motion_both_sides_come_first(library: Library) -> None:
    for motion in ("NATO has a role in the Indo-Pacific", "NATO should open an office in Tokyo"):
        best = [hit.passage for hit in library.find(motion)]
        sides = {argument.side for each in best for argument in library.record.arguments_at.get(each.id, ())}
        assert sides >= {"for", "against"}


def test_words_alone_find_what_is_asked_in_the_words_of_the_record(library: Library) -> None:
    """As they do while the index is built; more is refused then, and nothing is invented."""
    by_words, asked = copy.copy(library), "Why does France oppose a NATO liaison office in Tokyo?"
    by_words._annotated = copy.copy(library._annotated)
    by_words._annotated.later = Later()
    assert not by_words.is_complete
    assert library.is_complete
    findings = by_words.search(asked, {"FR": SPEAKER})
    assert findings.is_near_enough
    assert "Tokyo" in findings.hits[0].passage.text
    assert not by_words.search("How many moons has Jupiter?").is_near_enough
    assert by_words.hear("France opposes a NATO liaison office in Tokyo.").is_known
    assert not by_words.hear("Jupiter has many moons.").is_known
    assert by_words.until(ARTICLE).search(asked).hits
