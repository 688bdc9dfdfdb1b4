import datetime
import json
from collections import Counter
from typing import Any

import pytest

from bot import documents, formats
from bot.debate import Draft, Proposal, Quoted, Speech
from bot.duel import Duel, Place, Point, Seat, Turn
from bot.ladder import deliver
from knowledge.date import Date
from knowledge.delegation import RAPPORTEUR
from knowledge.errors import QuestionError
from knowledge.findings import Findings, Hit
from knowledge.record import Record

ANSWER = {"state", "question", "answered", "stance", "drafter", "claims", "notices"}
CITATION = {"n", "passage", "quote", "source", "section", "held_by", "side", "as_of"}
SOURCE = {"id", "title", "author", "publisher", "date", "url", "tier"}
HIT = {"passage", "text", "score", "source", "section"}
START = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
SEATS = (Seat(side="for", person="42"), Seat(side="against", state="FR", pleads="against"))
DOSSIER = {"state", "name", "stance", "basis", "as_of", "summary", "holds", "silent_on", "changed", "facts", "leaning"}
TOKYO = "france-opposes-tokyo-liaison-office"


def read(document: str) -> dict[str, Any]:
    """The fields of a document, which is one line."""
    assert len(document.splitlines()) == 1
    fields: dict[str, Any] = json.loads(document)
    return fields


@pytest.fixture
def spoken(record: Record) -> Speech:
    """France, on what the article quotes of it."""
    france, argument = record.delegations["FR"], record.arguments[TOKYO]
    (passage,) = record.grounds[TOKYO]
    claim = Proposal(text=argument.claim, voice="own", quotes=(Quoted(passage=passage, quote=argument.quote),))
    draft = Draft(drafter="extractive", stance="against", claims=(claim,))
    return deliver(draft, france, record, "Why “no”?", [])


def test_an_answer_has_the_contracts_keys(spoken: Speech) -> None:
    fields = read(documents.answer(spoken))
    assert fields.keys() >= ANSWER
    (claim,) = fields["claims"]
    assert claim.keys() >= {"text", "citations"}
    (citation,) = claim["citations"]
    assert citation.keys() >= CITATION
    assert citation["source"].keys() >= SOURCE
    for change in citation["since"]:
        assert change.keys() >= {"text", "facts"}


def test_an_answer_says_what_was_delivered(spoken: Speech) -> None:
    fields, cited = read(documents.answer(spoken)), spoken.citations[0]
    assert (fields["state"], fields["question"], fields["answered"]) == ("FR", spoken.question, True)
    assert (fields["stance"], fields["drafter"], fields["notices"]) == ("against", "extractive", [])
    held = spoken.position
    assert (fields["leaning"], fields["basis"], fields["as_of"]) == ("opposed", "explicit", held.as_of.isoformat())
    citation = fields["claims"][0]["citations"][0]
    assert (citation["n"], citation["passage"], citation["quote"]) == (1, cited.passage.id, cited.quote)
    assert (citation["held_by"], citation["side"]) == (list(cited.held_by), cited.side)
    assert citation["as_of"] == citation["source"]["date"] == cited.source.date.isoformat()
    assert citation["summary"] is False
    assert [change["text"] for change in citation["since"]] == [change.text for change in cited.since]
    assert citation["since"]
    assert fields["text"].endswith("[1].")


def test_a_fact_is_marked_as_our_summary_with_its_own_date(record: Record) -> None:
    france, fact = record.delegations["FR"], record.passages["FR-09"]
    claim = Proposal(text=fact.text, voice="own", quotes=(Quoted(passage=fact.id, quote=fact.text),))
    speech = deliver(Draft(drafter="extractive", stance="against", claims=(claim,)), france, record, "Why?", [])
    citation = read(documents.answer(speech))["claims"][0]["citations"][0]
    assert (citation["summary"], citation["quote"], citation["held_by"]) == (True, fact.text, ["FR"])
    assert citation["as_of"] == fact.date.isoformat()
    assert citation["source"]["id"] == fact.source


def test_a_silent_answer_has_no_claims_and_says_why(record: Record) -> None:
    speech = Speech(
        seat=RAPPORTEUR,
        question="Moons?",
        position=record.position_of(RAPPORTEUR),
        drafter="none",
        notices=("Nothing on that.",),
    )
    fields = read(documents.answer(speech))
    assert (fields["answered"], fields["claims"], fields["notices"]) == (False, [], ["Nothing on that."])


def test_what_could_not_be_asked_stands_in_the_batch_as_a_silent_answer() -> None:
    fields = read(documents.refusal("XX", "", QuestionError("There is no question here.")))
    assert fields.keys() >= ANSWER
    assert (fields["answered"], fields["claims"], fields["notices"]) == (False, [], ["There is no question here."])
    assert fields["stance"] == "none"
    assert read(documents.refusal("FR", "", QuestionError("No."), "against"))["stance"] == "against"


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_document_is_one_line_whatever_was_typed(end: str) -> None:
    typed = f"one{end}two"
    assert read(documents.refusal("XX", typed, QuestionError("No.")))["question"] == typed
    assert read(documents.no_hits(typed, QuestionError("No.")))["query"] == typed


@pytest.fixture
def duel(record: Record, spoken: Speech) -> Duel:
    """A person opens, France answers, and the person lets the time run out."""
    begun = Duel(motion="A role?", format=formats.find("classroom"), seats=SEATS, since=START, votes={"before:for": 3})
    opened = Turn(side="for", kind="opening", text="Tokyo waits. So?", at=START, points=(Point(text="Tokyo waits"),))
    text = "France said no [1]."
    points = (Point(text="France said no", argument=TOKYO, strength=2.0),)
    answered = Turn(
        side="against",
        kind="opening",
        text=text,
        at=START,
        claims=spoken.claims,
        points=points,
        answers=0,
        met=(Place(turn=0, point=0),),
    )
    return begun.hold(opened).hold(answered).lapse(START + datetime.timedelta(days=1))


def test_a_debate_has_the_contracts_keys(duel: Duel) -> None:
    fields = read(documents.debate(duel, ["It is over."]))
    assert fields.keys() >= {"motion", "turns", "format", "status", "seats", "unanswered", "votes", "notices"}
    assert (fields["motion"], fields["format"], fields["status"]) == ("A role?", "classroom", "running")
    assert (fields["votes"], fields["notices"]) == ({"before:for": 3}, ["It is over."])
    assert fields["seats"] == [
        {"side": "for", "state": "", "human": True, "pleads": None},
        {"side": "against", "state": "FR", "human": False, "pleads": "against"},
    ]
    assert fields["as_of"] is None
    dated = duel.model_copy(update={"as_of": Date("2024-05-30")})
    assert read(documents.debate(dated))["as_of"] == "2024-05-30"
    for turn in fields["turns"]:
        assert turn.keys() >= {"state", "kind", "answers", "claims"}


def test_a_debate_is_told_turn_by_turn(duel: Duel) -> None:
    first, second, third = read(documents.debate(duel))["turns"]
    assert (first["state"], first["kind"], first["answers"], first["claims"]) == ("", "opening", None, [])
    assert (second["state"], second["answers"], second["words"]) == ("FR", 0, 3)
    assert second["met"] == [{"turn": 0, "point": 0, "text": "Tokyo waits", "argument": ""}]
    assert second["claims"][0]["citations"][0].keys() >= CITATION
    assert second["points"][0]["argument"] == TOKYO
    assert (third["lapsed"], third["text"], third["at"]) == (True, "", "2026-05-05T12:00:00+00:00")


def test_what_a_debate_left_unanswered_is_told_of_each_side(duel: Duel) -> None:
    unanswered = read(documents.debate(duel))["unanswered"]
    assert unanswered["against"] == []
    assert [point["text"] for point in unanswered["for"]] == ["France said no"]


def test_a_search_lists_the_best_hits_in_order(record: Record) -> None:
    hits = tuple(Hit(passage, 1 / (place + 1)) for place, passage in enumerate(record.passages.values()))
    fields = read(documents.hits(Findings("Tokyo?", hits, (), 1.0), record, 3))
    assert fields["query"] == "Tokyo?"
    assert [hit["passage"] for hit in fields["hits"]] == [hit.passage.id for hit in hits[:3]]
    assert [hit["score"] for hit in fields["hits"]] == [1.0, 0.5, 0.3333]
    for hit in fields["hits"]:
        assert hit.keys() >= HIT
        assert hit["source"].keys() >= SOURCE
        assert hit["text"] == record.passages[hit["passage"]].text
    empty = read(documents.no_hits("", QuestionError("There is no question here.")))
    assert (empty["query"], empty["hits"]) == ("", [])


def test_the_sources_are_listed_with_licence_and_what_they_hold(record: Record) -> None:
    listed = read(documents.sources(record))["sources"]
    assert [source["id"] for source in listed] == list(record.sources)
    for source in listed:
        assert source.keys() >= SOURCE | {"licence", "sha256"}
    assert sum(source["passages"] for source in listed) == len(record.passages)
    assert sum(source["arguments"] for source in listed) == len(record.arguments)


def test_a_dossier_has_the_contracts_keys_for_every_seat(record: Record) -> None:
    for seat in record.delegations:
        fields = read(documents.position(seat, record))
        held = record.position_of(seat)
        assert fields.keys() >= DOSSIER
        assert (fields["state"], fields["name"]) == (seat.code, seat.name)
        assert (fields["stance"], fields["basis"]) == (held.stance, held.basis)
        assert fields["as_of"] == held.as_of.isoformat()
        assert [hold["claim"] for hold in fields["holds"]] == [hold.claim for hold in held.holds]
        assert fields["silent_on"] == [record.topics[topic] for topic in held.silent_on]
        assert fields["leaning"] == held.leaning


def test_a_dossier_lists_every_fact_with_its_source_and_what_has_changed(record: Record) -> None:
    for code in ("FR", "LU", "US", "NATO", "CN"):
        fields, held = read(documents.position(record.delegations[code], record)), record.positions[code]
        assert [fact["id"] for fact in fields["facts"]] == list(held.facts)
        for fact in fields["facts"]:
            assert fact.keys() >= {"id", "text", "topic", "date", "source"}
            assert fact["source"].keys() >= SOURCE
            assert fact["text"] == record.passages[fact["id"]].text
        assert [change["text"] for change in fields["changed"]] == [change.text for change in held.changed]
        assert all({*change["facts"]} <= {*held.facts} for change in fields["changed"])
        assert all({*change["overtakes"]} <= {*record.arguments} for change in fields["changed"])


def test_everything_held_is_cited(record: Record) -> None:
    for seat in record.delegations:
        for hold in read(documents.position(seat, record))["holds"]:
            assert hold["citations"]
            for citation in hold["citations"]:
                assert citation.keys() >= CITATION
                assert citation["quote"] in record.passages[citation["passage"]].text


def test_the_table_holds_every_seat(record: Record) -> None:
    listed = read(documents.positions(list(record.delegations), record))["positions"]
    assert [dossier["state"] for dossier in listed] == [seat.code for seat in record.delegations]
    kinds = Counter(record.delegations[dossier["state"]].kind for dossier in listed)
    assert (kinds["member"], kinds["partner"], kinds["institution"]) == (33, 4, 2)  # with the rapporteur
    assert {"JP", "KR", "AU", "NZ", "EU", "NATO", "AP4", "CN"} <= {dossier["state"] for dossier in listed}


def test_letters_stand_as_they_are(record: Record) -> None:
    assert "Türkiye" in documents.position(record.delegations["TR"], record)
