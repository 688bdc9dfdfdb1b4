import itertools

import pytest

from bot.address import scope_of
from bot.debate import COUNTS_AS, SILENT, Draft, Proposal, Speech
from bot.delegate import Delegate
from bot.drafters import Brief
from bot.drafters.extractive import ExtractiveDrafter
from bot.drafters.tour import SPEAKERS, Tour
from bot.ladder import deliver
from bot.wording import text_of
from knowledge.date import Date
from knowledge.delegation import RAPPORTEUR
from knowledge.record import Record
from tests.challenges import behind
from tests.findings import found

OFFICE = "liaison-office"
GROUPS = (
    "Baltic states",
    "Nordic states",
    "Benelux",
    "Visegrád states",
    "Western Balkans",
    "Indo-Pacific partners",
    "Black Sea allies",
    "North American allies",
)
QUESTIONS = (
    "Where do the {} stand?",
    "What do the {} say about that matter?",
    "Which of the {} changed their mind?",
    "Which of the {} are supportive?",
    "Which of the {} are against an office in Tokyo?",
)


def tour(record: Record, question: str, *nearest: str) -> Tour:
    return Tour(record, brief(record, question, *nearest))


def brief(record: Record, question: str, *nearest: str) -> Brief:
    findings = found(record, question, *nearest)
    return Brief(question, RAPPORTEUR, findings, findings, scope_of(question, record.delegations, record.names))


def of_topic(record: Record, topic: str) -> list[str]:
    return [id for id, argument in record.arguments.items() if argument.topic == topic]


def holders(record: Record, claim: Proposal) -> set[str]:
    return {holder for id in behind(claim) for holder in record.arguments[id].held_by}


def told(draft: Draft) -> list[Proposal]:
    """What was chosen, without what later events did to it."""
    return [claim for claim in draft.claims if claim.voice != "newer"]


def spoken_by(record: Record, draft: Draft) -> set[str]:
    return {holder for claim in draft.claims for holder in holders(record, claim)}


def members_of(record: Record, group: str) -> set[str]:
    (found,) = [each for each in record.delegations.groups if each.name == group]
    return {*found.members}


def names(record: Record, *codes: str) -> list[str]:
    return [record.delegations[code].in_sentence for code in codes]


@pytest.mark.parametrize("group", GROUPS)
def test_only_delegations_that_were_asked_about_speak_and_all_that_is_drafted_stands(
    record: Record, group: str
) -> None:
    spoke = 0
    for question, topic in itertools.product(QUESTIONS, (OFFICE, "partnership", "china")):
        asked = question.format(group)
        draft = tour(record, asked, *of_topic(record, topic)).draft()
        for claim in draft.claims:
            spoke += 1
            assert holders(record, claim) & members_of(record, group), (asked, claim)
        if draft.claims:
            speech = deliver(draft, RAPPORTEUR, record, asked, ())
            assert (speech.dropped, speech.opening) == (0, draft.opening)
            assert all(claim.citations for claim in speech.claims)
    assert spoke > len(QUESTIONS)


@pytest.mark.parametrize("group", GROUPS)
def test_a_tour_has_few_speakers_says_nothing_twice_and_names_who_is_left_out(record: Record, group: str) -> None:
    for question in QUESTIONS:
        draft = tour(record, question.format(group), *of_topic(record, "partnership")).draft()
        texts = [claim.text for claim in draft.claims]
        assert len({*texts}) == len(texts)
        assert len(told(draft)) <= SPEAKERS
    draft = tour(record, f"Where do the {group} stand?").draft()
    heard = spoken_by(record, draft)
    for code in members_of(record, group) - heard:
        assert any(record.delegations[code].in_sentence in notice for notice in draft.notices), code


def test_asked_where_they_stand_each_says_first_what_it_holds_first(record: Record) -> None:
    draft = tour(record, "What do the Baltic states think?").draft()
    firsts = [record.positions[code].held[0] for code in ("EE", "LT", "LV")]
    assert [behind(claim) for claim in draft.claims[:3]] == [{id} for id in firsts]
    assert {claim.voice for claim in draft.claims[:3]} == {"general"}


def test_a_tour_is_due_where_several_are_asked_about_and_their_own_record_answers(record: Record) -> None:
    theirs = record.positions["EE"].held[0]
    article = next(id for id, argument in record.arguments.items() if {"SECGEN"} & {*argument.held_by})
    question = "What do the Baltic states say about that matter?"
    assert tour(record, question, theirs).is_due
    assert not tour(record, question, article).is_due
    assert not tour(record, "What does Estonia say about that matter?", theirs).is_due
    assert tour(record, "Where do the Baltic states stand?", article).is_due
    assert tour(record, "Where do the Baltic states stand?", article).is_of_the_table
    assert not tour(record, question, theirs).is_of_the_table


async def test_the_rapporteur_goes_round_the_table_and_answers_other_questions_by_itself(record: Record) -> None:
    theirs = record.positions["EE"].held[0]
    table, other = (
        brief(record, question, theirs) for question in ("Where do the Baltic states stand?", "What is said of that?")
    )
    drafter = ExtractiveDrafter(record)
    assert drafter.draft(table) == Tour(record, table).draft()
    assert behind((drafter.draft(other)).claims[0]) == {theirs}


def test_asked_who_moved_it_tells_what_overtook_what_was_on_record_and_since_what(record: Record) -> None:
    draft = tour(record, "Which allies changed their mind?").draft()
    members = [seat.code for seat in record.delegations if seat.kind == "member" and not seat.is_neutral]
    changes = {code: [each for each in record.positions[code].changed if each.overtakes] for code in members}
    turned = [code for code in members if len({view.leaning for view in record.dossiers[code].positions}) > 1]
    moved = [code for code in members if changes[code]]
    assert all(name.casefold() in draft.opening.casefold() for name in names(record, *turned, *moved))
    assert "the United States was supportive as of 9 July 2024 and is divided since" in draft.opening.replace(
        "The", "the"
    )
    known = {change.text: change for code in moved for change in changes[code]}
    lines = {record.arguments[record.positions[code].held[0]].claim for code in turned}
    for claim in draft.claims:
        assert claim.voice == "general"
        assert claim.text in lines or [quoted.passage for quoted in claim.quotes] == [*known[claim.text].facts]


def test_whoever_did_not_move_is_not_said_to_have(record: Record) -> None:
    draft = tour(record, "Which of the Nordic states changed their mind?").draft()
    assert (draft.claims, draft.opening) == ((), "The record tells of no change.")
    one = tour(record, "Have the Baltic states changed their line?").draft()
    assert one.opening == "Later events concern Lithuania."


def test_nobody_has_moved_yet_as_of_an_earlier_date(record: Record) -> None:
    then = record.until(Date("2024-05-30"))
    assert tour(then, "Which allies changed their mind?").draft().claims == ()
    later = record.until(Date("2025-06-30"))
    assert tour(later, "Which allies changed their mind?").draft().opening.endswith("also concern France.")


@pytest.mark.parametrize(
    ("question", "leaning"),
    [
        ("Who is opposed?", "opposed"),
        ("Who is divided?", "divided"),
        ("Which delegations are cautious?", "cautious"),
        ("Which allies are supportive?", "supportive"),
        ("Which members have no public position?", "no-public-position"),
    ],
)
def test_asked_who_leans_a_way_it_counts_and_names_them_and_lets_only_them_speak(
    record: Record, question: str, leaning: str
) -> None:
    scope = scope_of(question, record.delegations, record.names)
    leaning_so = [code for code in scope if record.positions[code].leaning == leaning]
    draft = tour(record, question).draft()
    counted = f"{len(leaning_so)} of {len(scope)} asked about are "
    assert draft.opening.startswith(f"{counted}{COUNTS_AS[record.positions[leaning_so[0]].leaning]} on the record: ")
    named = draft.opening.partition(": ")[2].removesuffix(".").replace(" and ", ", ").split(", ")
    assert named == names(record, *leaning_so)
    assert draft.claims
    for claim in told(draft):
        assert holders(record, claim) & {*leaning_so}, claim


def test_a_leaning_of_one_is_told_of_one(record: Record) -> None:
    draft = tour(record, "Which of the Black Sea allies are cautious?").draft()
    assert draft.opening == "One of those asked about is cautious on the record: Türkiye."


def test_a_leaning_that_nobody_has_is_said_to_be_nobodys(record: Record) -> None:
    draft = tour(record, "Which of the Baltic states are divided?").draft()
    assert (draft.claims, draft.opening) == ((), f"{SILENT} delegation among those that is divided.")


@pytest.mark.parametrize(("question", "side"), [("Who supports {}?", "for"), ("Who is against {}?", "against")])
def test_asked_who_is_for_something_only_those_speak_who_are(record: Record, question: str, side: str) -> None:
    asked = question.format("a liaison office in Tokyo")
    draft = tour(record, asked, *of_topic(record, OFFICE)).draft()
    assert draft.claims
    for claim in told(draft):
        arguments = [record.arguments[id] for id in behind(claim)]
        assert {(argument.topic, argument.side) for argument in arguments} == {(OFFICE, side)}, claim


def test_where_none_of_them_is_on_record_on_a_side_that_is_said(record: Record) -> None:
    draft = tour(record, "Which of the Nordic states oppose an office in Tokyo?", *of_topic(record, OFFICE)).draft()
    what = record.topics[OFFICE]
    assert (draft.claims, draft.opening) == ((), f"{SILENT} statement of those delegations against {what}.")


def test_those_who_are_on_record_on_something_else_only_are_not_said_to_be_for_what_was_asked(record: Record) -> None:
    near = [*of_topic(record, OFFICE), record.positions["MK"].held[0]]
    draft = tour(record, "Do the Western Balkans support an office in Tokyo?", *near).draft()
    assert {record.arguments[id].topic for claim in draft.claims for id in behind(claim)} <= {OFFICE}


def test_who_is_silent_on_what_was_asked_is_named(record: Record) -> None:
    near = [id for id in of_topic(record, "china") if {"CZ", "HU"} & {*record.arguments[id].held_by}]
    topic = record.arguments[near[0]].topic
    draft = tour(record, "What do the Visegrád states say about that matter?", *near).draft()
    silent = [code for code in ("CZ", "HU", "PL", "SK") if topic in record.positions[code].silent_on]
    notice = [each for each in draft.notices if each.startswith(SILENT)]
    assert len(notice) == bool(silent)
    assert all(name in notice[0] for name in names(record, *silent))


def test_what_was_overtaken_is_told_after_what_overtook_it(record: Record) -> None:
    draft = tour(record, "Do France and Germany agree?").draft()
    voices = [claim.voice for claim in draft.claims]
    assert voices.index("newer") + 1 == voices.index("earlier")
    assert behind(draft.claims[voices.index("earlier")]) == {record.positions["FR"].held[0]}


async def said(delegate: Delegate, question: str) -> Speech:
    return await delegate.answer(question, RAPPORTEUR)


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("What do the Baltic states think?", {"EE", "LV", "LT"}),
        ("Which allies changed their mind?", {"FR", "DE", "HU", "LT", "HR", "PT", "US"}),
        ("Who is opposed?", {"FR", "CN"}),
        ("Which members have no public position?", {"AL", "LU", "SK"}),
    ],
)
async def test_a_question_to_the_table_is_answered_by_those_it_is_about(
    delegate: Delegate, question: str, codes: set[str]
) -> None:
    speech = await said(delegate, question)
    assert (speech.seat, speech.dropped) == (RAPPORTEUR, 0)
    assert {holder for citation in speech.citations for holder in citation.held_by} >= codes
    for claim in speech.claims:
        assert claim.citations
        assert all({*citation.held_by} & codes for citation in claim.citations), claim


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which of the Baltic states are divided?", "delegation among those that is divided."),
        ("Which of the Nordic states oppose a liaison office in Tokyo?", "statement of those delegations against"),
        ("Which of the Nordic states changed their mind?", "The record tells of no change."),
    ],
)
async def test_that_nobody_does_what_was_asked_is_an_answer_too(delegate: Delegate, question: str, answer: str) -> None:
    speech = await said(delegate, question)
    assert answer in text_of(speech)
    assert not speech.answered


async def test_a_question_to_the_table_knows_nothing_newer_than_its_date(delegate: Delegate) -> None:
    then = delegate.until(Date("2024-05-30"))
    speech = await said(then, "Who is opposed?")
    assert speech.answered
    assert all(citation.passage.known_since <= Date("2024-05-30") for citation in speech.citations)
    assert "2025" not in text_of(speech)
