import datetime
import io
import re
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console, RenderableType

from bot import formats, terminal
from bot.debate import Claim, Speech, cite
from bot.doctor import Diagnosis
from bot.doctor import Finding as Seen
from bot.duel import Duel, Point, Seat, Turn
from bot.evaluation import Figures, Report
from knowledge.date import Date
from knowledge.findings import Findings, Hit
from knowledge.record import Record

START = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
TOKYO = "france-opposes-tokyo-liaison-office"


def drawn(renderable: RenderableType, width: int = 4000) -> str:
    screen = io.StringIO()
    Console(file=screen, width=width, highlight=False).print(renderable)
    return screen.getvalue()


def spoken(record: Record, text: str) -> Speech:
    france = record.delegations["FR"]
    claim = Claim(text=text, voice="own", citations=cite(record, [TOKYO]))
    return Speech(seat=france, question="?", position=record.position_of(france), drafter="extractive", claims=(claim,))


def test_a_speech_shows_who_speaks_what_is_said_and_on_what_it_rests(record: Record) -> None:
    who, said, cited, terms = drawn(terminal.speech(spoken(record, "France said no."))).splitlines()
    assert "🇫🇷 France" in who
    assert "opposed (stated), as of 30 May 2025" in who
    assert said == "France said no [1]."
    assert cited.strip().startswith("[1] “France, for its part")
    where = "David Sacks, Council on Foreign Relations, 30 May 2024 · NATO divisions"
    (since,) = record.changes[TOKYO]
    assert cited.strip().endswith(f" — {where} · Since then: {since.text}")
    assert "Creative Commons" in terms


def test_a_fact_is_shown_without_quotation_marks_and_only_if_it_was_not_told(record: Record) -> None:
    (cited,) = cite(record, ["fr-09"])
    where = f"{cited.source.reference} · {cited.source.tier}; our summary"
    assert drawn(terminal.citation(cited)).strip() == f"[1] {cited.passage.text} — {where}"
    assert drawn(terminal.citation(cited, {cited.passage.text})).strip() == f"[1] {where}"


def test_nothing_that_is_said_plays_with_the_terminal(record: Record) -> None:
    shown = drawn(
        terminal.speech(spoken(record, "France \x1b[31msaid\u202e [bold]no[/bold] at https://evil.example/x."))
    )
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "https://evil" not in shown
    assert "[bold]no[/bold]" in shown


@pytest.fixture
def duel(record: Record) -> Duel:
    """Lithuania opens, and France answers."""
    seats = (Seat(side="for", state="LT", pleads="for"), Seat(side="against", state="FR", pleads="against"))
    begun = Duel(motion="Does it?", format=formats.find("classroom"), seats=seats, since=START)
    opened = Turn(side="for", kind="opening", text="It does.", at=START, points=(Point(text="It does", argument="a"),))
    claim = Claim(text="It does not.", voice="own", citations=cite(record, [TOKYO]))
    text = "It does not [1]. \x1b[31m[bold]No[/bold]."
    answered = Turn(side="against", kind="opening", text=text, at=START, claims=(claim, claim), answers=0)
    return begun.hold(opened).hold(answered)


def test_a_duel_begins_with_its_motion_and_who_takes_which_side(duel: Duel, record: Record) -> None:
    first, *seats = drawn(terminal.motion(duel, record)).splitlines()
    assert first.split("  ") == ["Does it?", "Classroom duel"]
    assert [line.split(" ")[:2] for line in seats] == [["for:", "Lithuania"], ["against:", "France"]]
    assert "opposed (stated)" in seats[1]
    assert "instructed" not in "".join(seats)


def test_a_duel_as_of_a_day_says_so_and_shows_where_its_seats_stood_then(duel: Duel, record: Record) -> None:
    day = Date("2024-05-30")
    first, pro, contra = drawn(terminal.motion(duel.model_copy(update={"as_of": day}), record.until(day))).splitlines()
    assert first.split("  ")[1] == "Classroom duel, as of 30 May 2024: nothing newer is used"
    assert pro.endswith("supportive (from linked security), as of 30 May 2024")
    assert contra.endswith("opposed (stated), as of 30 May 2024")


def test_a_seat_without_a_position_is_marked_as_instructed_by_the_chair(duel: Duel, record: Record) -> None:
    seats = (Seat(side="for", state="LU", pleads="for"), duel.seats[1])
    _, pro, contra = drawn(terminal.motion(duel.model_copy(update={"seats": seats}), record)).splitlines()
    stands = "without a public position, as of 24 April 2025"
    assert pro == f"for: Luxembourg  {stands}; instructed by the chair to argue for a broader NATO role"
    assert "instructed" not in contra


@pytest.mark.parametrize("code", ["LU", "DE"])
def test_no_position_is_claimed_for_a_side_that_follows_from_none(duel: Duel, record: Record, code: str) -> None:
    """A motion to stay out turns the sides around; only where France's position does that is it said to."""
    seats = (
        Seat(side="for", state="FR", pleads="against"),
        Seat(side="against", state=code, pleads="for"),
    )
    _, pro, contra = drawn(terminal.motion(duel.model_copy(update={"seats": seats}), record)).splitlines()
    assert "pleads against a broader NATO role, as its position is" in pro
    assert "pleads for a broader NATO role" in contra
    assert "as its position is" not in contra


def test_a_turn_shows_who_answers_what_and_each_citation_once(duel: Duel, record: Record) -> None:
    shown = drawn(terminal.turn(duel, 1, record))
    empty, head, said, cited = shown.splitlines()
    assert (empty, head.split("  ")) == ("", ["2. 🇫🇷 France", "opening statement, to turn 1"])
    assert said.startswith("It does not [1].")
    assert "[bold]No[/bold]" in said
    assert "\x1b" not in shown
    assert cited.strip().startswith("[1] “France, for its part")
    assert drawn(terminal.turn(duel, 0, record)).splitlines()[1:] == ["1. 🇱🇹 Lithuania  opening statement", "It does."]


def test_a_duel_ends_with_what_each_side_has_left_unanswered(duel: Duel, record: Record) -> None:
    _, pro, contra, terms = drawn(terminal.balance(duel, record)).splitlines()
    assert (pro, contra) == ("Lithuania leaves no points unanswered.", "France leaves 1 point unanswered.")
    assert "Creative Commons" in terms


def test_what_is_open_in_a_conversation_is_shown_as_it_was_said(duel: Duel, record: Record) -> None:
    seats = (Seat(side="for", person="you"), duel.seats[1])
    typed = Turn(side="for", kind="rebuttal", text="So.", at=START, points=(Point(text="It [does], [/red] it does"),))
    talk = duel.model_copy(update={"seats": seats, "turns": (typed,)})
    assert drawn(terminal.unanswered(talk, record)).splitlines() == [
        "Not answered by you:",
        "• nothing",
        "Not answered by France:",
        "• It [does], [/red] it does",
    ]


def test_a_passage_is_shown_between_its_neighbours(record: Record) -> None:
    (cited,) = cite(record, [TOKYO])
    assert cited.source.url
    before, after = record.neighbours(cited.passage)
    assert before
    assert after
    shown = drawn(terminal.passage(cited, record))
    assert shown.index(before.text) < shown.index(cited.passage.text) < shown.index(after.text)
    assert cited.source.url in shown


def test_the_quote_is_marked_where_it_stands(record: Record) -> None:
    for cited in cite(record, list(record.arguments)):
        pieces = Console(width=4000).render(terminal.passage(cited, record))
        marked = "".join(piece.text for piece in pieces if piece.style and piece.style.reverse)
        assert "".join(marked.split()) == "".join(cited.quote.split())


def test_the_first_passage_has_no_neighbour_before_it(record: Record) -> None:
    first = next(iter(record.passages))
    argument = next(id for id, passages in record.grounds.items() if passages == (first,))
    assert record.neighbours(record.passages[first])[0] is None
    assert drawn(terminal.passage(cite(record, [argument])[0], record))


def test_a_source_is_shown_with_licence_and_where_its_link_leads(record: Record) -> None:
    source = record.sources["cfr-2024-05-30"]
    shown = drawn(terminal.sources(record))
    for text in (
        source.title,
        source.reference,
        source.licence,
        source.url,
        source.url_leads_to,
        source.republished_by,
    ):
        assert text
        assert text in shown


def test_every_source_is_listed_with_publisher_date_kind_and_address_where_one_is_known(record: Record) -> None:
    shown = drawn(terminal.sources(record))
    summarised = [source for source in record.sources.values() if source.is_summarised]
    assert any(source.url is None for source in summarised)
    for source in summarised:
        assert f"{source.title} — {source.publisher}, {source.date.words}, {source.tier}\n{source.url or ''}" in shown


def test_every_dossier_can_be_drawn_and_cites_what_it_holds(record: Record) -> None:
    for seat in record.delegations:
        held, shown = record.position_of(seat), drawn(terminal.dossier(seat, record))
        assert held.summary in shown
        for hold in held.holds:
            marked = re.search(rf"• {re.escape(hold.claim)} ((?:\[\d+\])+)$", shown, re.M)
            assert marked
            assert marked[1].count("[") == len({ground for id in hold.arguments for ground in record.grounds[id]})
        for change in held.changed:
            assert re.search(rf"• {re.escape(change.text)} (\[\d+\])+$", shown, re.M)
        assert ("Since the article of 30 May 2024:" in shown) == bool(held.changed)
        for topic in held.silent_on:
            assert record.topics[topic] in shown


def test_the_table_has_a_row_for_every_seat(record: Record) -> None:
    lines = drawn(terminal.table(record.delegations, record), width=160).splitlines()
    assert len(lines) == 1 + len(list(record.delegations))
    (france,) = [line for line in lines if "France (FR)" in line]
    held = record.positions["FR"]
    cells = re.split(r"\s{2,}", france.strip())
    assert cells[1:] == [
        "France (FR)",
        "opposed",
        "explicit",
        "30 May 2025",
        str(len(held.holds)),
        str(len(held.facts)),
    ]
    (luxembourg,) = [line for line in lines if "Luxembourg (LU)" in line]
    assert "without a public position" in luxembourg


def test_hits_are_shown_best_first_with_their_scores(record: Record) -> None:
    hits = tuple(Hit(passage, 0.5) for passage in record.passages.values())
    lines = drawn(terminal.found(Findings("?", hits, (), 1.0), 2)).splitlines()
    assert [line[:3] for line in lines] == ["1. ", "2. "]
    assert lines[0].endswith(f"{hits[0].passage.section} · {hits[0].passage.id} · 0.50")


def test_figures_are_shown_where_they_apply() -> None:
    report = Report(
        sets=[Figures(name="article", n=90, hit_1=0.9, hit_3=1.0, mrr=0.95, refused=0.01), Figures(name="far", n=9)],
        answers=7,
        citations=20,
        uncited=0,
        resolved=1.0,
        verbatim=0.95,
        linked=1.0,
    )
    shown = drawn(terminal.figures(report), width=120)
    (row,) = [line for line in shown.splitlines() if line.startswith(" article") or line.startswith("article")]
    assert row.split() == ["article", "90", "0.900", "1.000", "0.950", "0.010"]
    assert "20 citations: 100.0% resolved, 95.0% verbatim" in shown


def test_a_diagnosis_marks_what_is_ill() -> None:
    states = {"python": "well", "token": "note", "model": "ill"}
    seen = [Seen.model_validate({"part": part, "state": state, "says": "so"}) for part, state in states.items()]
    assert drawn(terminal.diagnosis(Diagnosis(findings=seen))).splitlines() == [
        "✓ python: so",
        "• token: so",
        "✗ model: so",
    ]


def test_progress_is_drawn_only_if_there_is_any() -> None:
    idle, busy = (Console(file=io.StringIO(), force_terminal=True, width=100) for _ in range(2))
    with terminal.building(idle):
        pass
    with terminal.building(busy) as told:
        for done in range(3):
            told(done, 2)
    assert "Indexing" not in written(idle)
    assert "Indexing the library" in written(busy)


def test_no_progress_leaves_no_empty_line() -> None:
    console = Console(file=io.StringIO())
    with terminal.building(console):
        pass
    assert written(console) == ""


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_piped_line_is_read_plainly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("first\nsecond\n"))
    read = terminal.reader(tmp_path / "history")
    assert [read("> "), read("> ")] == ["first", "second"]
    with pytest.raises(EOFError):
        read("> ")
    assert not (tmp_path / "history").exists()


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("folder", [".", "not/yet/there"])
def test_a_typed_line_is_kept_in_the_history(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str) -> None:
    history = tmp_path / folder / "history"
    monkeypatch.setattr("sys.stdin", Keyboard())
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("Why no ofice\x7f\x7f\x7f\x7fffice?\n")
        assert terminal.reader(history)("> ") == "Why no office?"
    assert "+Why no office?" in history.read_text()
