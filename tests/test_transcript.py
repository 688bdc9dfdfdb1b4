import datetime
import json
from pathlib import Path

import pytest

from bot import documents, formats, transcript
from bot.debate import Claim, cite
from bot.duel import Duel, Place, Point, Seat, Turn
from bot.gate import markdown
from knowledge.date import Date
from knowledge.errors import SettingsError
from knowledge.record import Record

START = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
OFFICE = "france-opposes-tokyo-liaison-office"
STRETCHED = "deployments-would-stretch-nato-too-thin"
WILD = "*Tokyo* needs an office @everyone [x](https://evil.example/x) <@7>"


@pytest.fixture
def duel(record: Record) -> Duel:
    """A person opens, France answers, and the person lets the time run out."""
    begun = Duel(
        motion="NATO has a *role*",
        format=formats.find("classroom"),
        seats=(Seat(side="for", state="LT", person="42"), Seat(side="against", state="FR")),
        since=START,
        votes={"before:for": 3},
    )
    claims = tuple(
        Claim(
            text=record.arguments[id].claim, voice="own", citations=cite(record, ids)[-1:], to="Tokyo needs an office"
        )
        for id, ids in ((OFFICE, [OFFICE]), (STRETCHED, [OFFICE, STRETCHED]))
    )
    first = Turn(side="for", kind="opening", text=WILD, at=START, points=(Point(text=WILD), Point(text="Asia matters")))
    second = Turn(
        side="against",
        kind="opening",
        text="France said no [1]. It has its reasons [2].",
        at=START,
        claims=claims,
        points=(Point(text="France said no", argument=OFFICE, strength=1.0),),
        met=(Place(turn=0, point=0),),
        answers=0,
    )
    return begun.hold(first).hold(second).lapse(START + datetime.timedelta(days=1))


def test_a_transcript_holds_who_said_what_in_which_turn(duel: Duel, record: Record) -> None:
    text = transcript.in_markdown(duel, record)
    assert text.startswith("# NATO has a \\*role\\*\n")
    assert "- For: Lithuania (a person)\n- Against: France\n" in text
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads == [
        "## 1. Lithuania (a person): opening statement",
        "## 2. France: opening statement, to turn 1",
        "## 3. Lithuania (a person): rebuttal",
        "## Left unanswered",
        "## Votes",
        "## Sources",
    ]
    assert markdown("France said no [1]. It has its reasons [2].") in text
    assert "The time ran out." in text.partition("## 3.")[2]


def test_a_transcript_holds_every_citation_with_its_quote_and_source(duel: Duel, record: Record) -> None:
    text = transcript.in_markdown(duel, record)
    cited = [citation for turn in duel.turns for claim in turn.claims for citation in claim.citations]
    assert [citation.n for citation in cited] == [1, 2]
    for citation in cited:
        assert f"- \\[{citation.n}\\] " in text
        assert markdown(" ".join(citation.quote.split())) in text
        assert citation.passage.id in text
    (source,) = {citation.source for citation in cited}
    assert f"(<{source.url}>)" in text
    assert markdown(source.terms) in text


def test_what_is_quoted_stands_with_what_happened_since(duel: Duel, record: Record) -> None:
    (line,) = [line for line in transcript.in_markdown(duel, record).splitlines() if line.startswith("- \\[1\\] “")]
    (change,) = record.changes[OFFICE]
    assert line.endswith(f". Since then: {markdown(change.text)}")


def test_a_fact_stands_as_our_summary_of_its_source_and_is_not_repeated(duel: Duel, record: Record) -> None:
    (cited,) = cite(record, ["fr-09"])
    kind = f", passage FR-09, {cited.source.tier}, our summary"
    for told, shown in ((cited.passage.text, ""), ("France said so.", f"{markdown(cited.passage.text)} — ")):
        claim = Claim(text=told, voice="own", citations=(cited,))
        said = duel.turns[1].model_copy(update={"claims": (claim,), "text": "So [1]."})
        text = transcript.in_markdown(duel.model_copy(update={"turns": (duel.turns[0], said)}), record)
        (line,) = [line for line in text.splitlines() if line.startswith("- \\[1\\] ")]
        assert line == f"- \\[1\\] {shown}{markdown(cited.source.reference)}, France{kind}"
        assert markdown(cited.source.terms) in text.partition("## Sources")[2]


def test_a_transcript_says_up_to_which_day_the_record_was_used(duel: Duel, record: Record) -> None:
    assert "nothing newer" not in transcript.in_markdown(duel, record)
    dated = duel.model_copy(update={"as_of": Date("2024-05-30")})
    head = transcript.in_markdown(dated, record).partition("## 1.")[0]
    assert " As of 30 May 2024: nothing newer is used.\n" in head


@pytest.mark.parametrize(("code", "as_of"), [("LU", None), ("SK", None), ("AL", None), ("NO", Date("2024-05-30"))])
def test_a_transcript_says_who_is_instructed_by_the_chair(
    duel: Duel, record: Record, code: str, as_of: Date | None
) -> None:
    seats = (Seat(side="for", state=code, pleads="for"), duel.seats[1])
    head = transcript.in_markdown(duel.model_copy(update={"seats": seats, "as_of": as_of}), record).partition("## 1.")[
        0
    ]
    name = record.delegations[code].name
    assert f"- For: {name}, instructed by the chair to argue for a broader NATO role\n- Against: France\n" in head


def test_a_seat_for_a_motion_is_not_said_to_be_instructed_against_it(duel: Duel, record: Record) -> None:
    """A motion to stay out turns the sides around: for it is against a NATO role, and that has to be said so."""
    seats = (
        Seat(side="for", state="LU", pleads="against"),
        Seat(side="against", state="LT", pleads="for"),
    )
    head = transcript.in_markdown(duel.model_copy(update={"seats": seats}), record).partition("## 1.")[0]
    (line,) = [line for line in head.splitlines() if line.startswith("- For: Luxembourg")]
    assert "to argue for" in line or "NATO role" in head


def test_a_person_is_never_said_to_be_instructed(duel: Duel, record: Record) -> None:
    seats = (Seat(side="for", state="LU", pleads="for", person="42"), duel.seats[1])
    assert "instructed" not in transcript.in_markdown(duel.model_copy(update={"seats": seats}), record)


def test_a_transcript_says_what_each_side_left_open(duel: Duel, record: Record) -> None:
    left = transcript.in_markdown(duel, record).partition("## Left unanswered")[2].partition("## Votes")[0]
    assert left.split("\n\n") == [
        "",
        "By Lithuania (a person):",
        "- France said no",
        "By France:",
        "- Asia matters",
        "",
    ]


def test_votes_and_sources_are_shown_only_if_there_are_any(duel: Duel, record: Record) -> None:
    assert "- before:for: 3" in transcript.in_markdown(duel, record)
    bare = duel.model_copy(update={"votes": {}, "turns": duel.turns[:1]})
    assert "## Votes" not in transcript.in_markdown(bare, record)
    assert "## Sources" not in transcript.in_markdown(bare, record)


def test_what_people_said_pings_nobody_and_links_nowhere(duel: Duel, record: Record) -> None:
    text = transcript.in_markdown(duel, record)
    assert not any(sign in text for sign in ("https://evil", " @everyone", "<@7>", "\n*Tokyo"))


def test_a_person_for_no_state_is_the_side_it_takes(duel: Duel, record: Record) -> None:
    stateless = duel.model_copy(update={"seats": (Seat(side="for", person="42"), duel.seats[1])})
    assert "## 1. the side for (a person): opening statement" in transcript.in_markdown(stateless, record)


def test_the_files_name_says_in_which_form_it_is_written(duel: Duel, record: Record, tmp_path: Path) -> None:
    for name in ("duel.md", "duel.txt", "duel"):
        transcript.write(tmp_path / name, duel, record)
        assert (tmp_path / name).read_text(encoding="utf-8") == transcript.in_markdown(duel, record)
    transcript.write(tmp_path / "duel.json", duel, record)
    written = (tmp_path / "duel.json").read_text(encoding="utf-8")
    assert written == documents.debate(duel) + "\n"
    assert json.loads(written)["turns"][1]["claims"][0]["citations"][0]["passage"] == record.grounds[OFFICE][0]


def test_a_file_that_cannot_be_written_is_said_in_one_sentence(duel: Duel, record: Record, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "duel.json"):
        with pytest.raises(SettingsError, match="cannot be written"):
            transcript.write(path, duel, record)


def test_whether_a_file_can_be_written_is_known_beforehand_and_costs_nothing_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("An old one.")
    transcript.check(tmp_path / "old.md")
    assert (tmp_path / "old.md").read_text() == "An old one."
    for path in (tmp_path, tmp_path / "nowhere" / "duel.json"):
        with pytest.raises(SettingsError, match="cannot be written"):
            transcript.check(path)


def test_the_table_of_positions_counts_the_facts_of_every_delegation_by_their_sources(record: Record) -> None:
    head, rule, *rows = transcript.positions(record).splitlines()
    assert head == "| | delegation | stance | basis | as of | official | press | research |"
    assert rule.count("|") == head.count("|")
    assert len(rows) == sum(not seat.is_neutral for seat in record.delegations)
    (luxembourg,) = [row for row in rows if "Luxembourg (LU)" in row]
    assert "| without a public position | none | 24 April 2025 |" in luxembourg
    counted = [int(cell) for row in rows for cell in row.split("|")[6:9]]
    assert sum(counted) == sum(passage.is_summary for passage in record.passages.values())
