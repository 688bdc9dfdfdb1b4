import random
from collections.abc import Iterable

import pytest

from bot.debate import COUNTS_AS, GROUNDS, SILENT, WHOLE, Draft, Proposal, Voice
from bot.drafters import Brief
from bot.drafters.extractive import CLAIMS, WORDS, ExtractiveDrafter
from bot.ladder import deliver
from knowledge.argument import Argument
from knowledge.date import Date
from knowledge.delegation import ALLIANCE
from knowledge.position import Change
from knowledge.record import Record
from tests.challenges import behind
from tests.findings import found

CODES = ("FR", "LT", "DE", "HU", "US", "PL", "JP", "NATO", "LU")
MATTER = "What is said of that matter?"
EARLY = Date("2022-05-31")  # when most were not on record yet
SEED, SAMPLED = 4, 200


async def drafted(record: Record, code: str, question: str, *nearest: str) -> Draft:
    findings = found(record, question, *nearest)
    return ExtractiveDrafter(record).draft(Brief(question, record.delegations.find(code), findings, findings))


def of_topic(record: Record, topic: str) -> list[str]:
    """The article's, which are found whoever is asked."""
    return [id for id, argument in record.arguments.items() if argument.topic == topic and argument.quote]


def sampled(record: Record) -> list[Argument]:
    return random.Random(SEED).sample([*record.arguments.values()], SAMPLED)


def changes_of(record: Record, arguments: Iterable[str]) -> list[Change]:
    """What overtook any of them, each once."""
    found = [change for id in arguments for change in record.overtaking(id)]
    return [change for n, change in enumerate(found) if change not in found[:n]]


def said(draft: Draft, *voices: Voice) -> list[Proposal]:
    return [claim for claim in draft.claims if claim.voice in voices]


def sides_of(record: Record, draft: Draft) -> set[str]:
    """The sides that it gives, in whatever was said before or since."""
    told = {record.arguments[id].side for claim in said(draft, "earlier") for id in behind(claim)}
    return told | {claim.voice for claim in draft.claims if claim.voice not in ("newer", "earlier")}


def any_held_by(record: Record, holder: str) -> Argument:
    return next(argument for argument in record.arguments.values() if holder in argument.held_by)


async def test_a_delegation_asked_what_it_holds_says_that_first(record: Record) -> None:
    for code, position in record.positions.items():
        for hold in position.holds:
            if hold.topic == WHOLE or changes_of(record, hold.arguments):
                continue
            draft = await drafted(record, code, MATTER, *hold.arguments)
            assert (draft.claims[0].voice, draft.claims[0].text) == ("own", hold.claim)
            assert draft.silent_on in ("", WHOLE)


async def test_where_later_events_overtook_what_it_holds_they_come_first_and_both_are_told(record: Record) -> None:
    told = 0
    for code, position in record.positions.items():
        for hold in position.holds:
            changes = changes_of(record, hold.arguments)
            if changes:
                told += 1
                draft = await drafted(record, code, MATTER, *hold.arguments)
                newer = said(draft, "newer")
                assert [claim.text for claim in newer][: len(changes)] == [change.text for change in changes]
                assert hold.claim in [claim.text for claim in said(draft, "earlier")], hold
                assert draft.claims.index(newer[0]) < draft.claims.index(said(draft, "earlier")[0])
                for change, claim in zip(changes, newer, strict=False):
                    assert [quoted.passage for quoted in claim.quotes] == [*change.facts]
    assert told > 3


async def test_on_the_motion_it_says_what_it_holds_first(record: Record) -> None:
    for code, position in record.positions.items():
        if position.holds:
            draft = await drafted(record, code, "A role?", *of_topic(record, WHOLE))
            told = [claim.text for claim in said(draft, "own", "earlier") if behind(claim) <= {*position.held}]
            assert told == [hold.claim for hold in position.holds][: CLAIMS - 1]


async def test_on_the_motion_it_says_where_it_stands_since_when_and_on_what_grounds(record: Record) -> None:
    for code, position in record.positions.items():
        if position.holds:
            draft = await drafted(record, code, "A role?", *of_topic(record, WHOLE))
            assert draft.silent_on == WHOLE
            opening = deliver(draft, record.delegations[code], record, "A role?", record.passages).opening
            if position.stance == "none":
                assert opening.startswith(f"{SILENT} public position of ")
            else:
                assert opening.startswith(f"As of {position.as_of.words} ")
                assert opening.endswith(f" is {COUNTS_AS[position.leaning]}, {GROUNDS[position.basis]}.")


@pytest.mark.parametrize("code", CODES)
async def test_whatever_is_found_no_delegate_says_more_than_its_position_allows(record: Record, code: str) -> None:
    position = record.position_of(record.delegations[code])
    own = {*position.held, *(fact.lower() for fact in position.facts)}
    for argument in sampled(record):
        draft = await drafted(record, code, argument.questions[0], argument.id, *of_topic(record, argument.topic))
        assert draft.stance == position.stance
        for claim in said(draft, "own"):
            assert behind(claim) <= own, claim
        for claim in said(draft, "argued"):
            assert behind(claim) <= {*position.argues}, claim
        for claim in said(draft, "own", "argued"):
            assert not any("CN" in record.arguments[id].held_by for id in behind(claim)), claim


@pytest.mark.parametrize("code", [*CODES, "RAPPORTEUR"])
async def test_whatever_is_found_all_that_is_drafted_stands(record: Record, code: str) -> None:
    for argument in sampled(record):
        draft = await drafted(record, code, argument.questions[0], argument.id, *of_topic(record, argument.topic))
        if draft.claims:
            speech = deliver(draft, record.delegations[code], record, argument.questions[0], record.passages)
            assert speech.dropped == 0, argument.id


@pytest.mark.parametrize("code", CODES)
async def test_the_facts_of_who_is_neither_asked_nor_asked_about_are_not_told(record: Record, code: str) -> None:
    for argument in sampled(record):
        draft = await drafted(record, code, MATTER, argument.id, *of_topic(record, argument.topic))
        for claim in said(draft, "own", "argued", "general"):
            held = [record.arguments[id] for id in behind(claim)]
            assert not any(each.facts and {code, ALLIANCE}.isdisjoint(each.held_by) for each in held), argument.id


@pytest.mark.parametrize("code", [*CODES, "RAPPORTEUR"])
async def test_an_answer_is_brief_and_says_nothing_twice(record: Record, code: str) -> None:
    for argument in sampled(record):
        draft = await drafted(record, code, argument.questions[0], argument.id, *of_topic(record, argument.topic))
        texts = [claim.text for claim in draft.claims]
        assert len(set(texts)) == len(texts)
        chosen = [claim.text for claim in draft.claims if claim.voice != "newer"]  # which is told beside another
        assert len(chosen) <= CLAIMS + 1
        room = 2 * WORDS if code == "RAPPORTEUR" else WORDS + 30  # who gives either side as much
        assert sum(len(text.split()) for text in chosen) <= room, argument.id
        assert len(said(draft, "newer")) <= len(said(draft, "earlier")) + 1


async def test_a_silent_delegation_names_the_topic_and_turns_to_the_record(record: Record) -> None:
    cost = "taiwan-war-costs-ten-trillion"
    assert cost not in record.positions["FR"].argues
    draft = await drafted(record, "FR", "What would it cost?", cost)
    assert draft.claims
    assert draft.silent_on == record.arguments[cost].topic
    assert any(cost in behind(claim) for claim in said(draft, "general"))


async def test_a_delegation_of_which_nothing_is_on_record_yet_has_nothing_of_its_own(record: Record) -> None:
    then = record.until(EARLY)
    assert "RO" not in then.positions
    for argument in then.arguments:
        draft = await drafted(then, "RO", "What does it hold?", argument)
        assert draft.stance == "none"
        assert not said(draft, "own", "argued", "earlier", "newer")


async def test_a_delegate_asked_about_another_state_does_not_speak_for_it(record: Record) -> None:
    theirs = any_held_by(record, "LT").id
    draft = await drafted(record, "FR", "Does Lithuania want a firmer line?", theirs)
    assert draft.others == ("LT",)
    assert draft.claims
    assert not said(draft, "own", "argued")


async def test_a_delegate_asked_about_a_state_without_record_does_not_answer_for_itself(record: Record) -> None:
    then = record.until(EARLY)
    mine = then.positions["GB"].holds[0].arguments[0]
    draft = await drafted(then, "GB", "What does Romania think of China?", mine)
    assert draft.others == ("RO",)
    assert not said(draft, "own", "argued")


async def test_a_delegate_asked_what_another_thinks_does_not_say_what_it_thinks_itself(record: Record) -> None:
    """However near its own record comes: nobody asked for it."""
    for code, other, question in (
        ("DE", "PL", "What does Poland think of China?"),
        ("GB", "IT", "What is Italy's view of linked security?"),
        ("FR", "JP", "Does Japan want an office in Tokyo?"),
    ):
        mine = record.positions[code].holds[-1].arguments[0]
        theirs = record.positions[other].holds[0].arguments[0]
        for nearest in ((theirs, mine), (mine, theirs)):
            draft = await drafted(record, code, question, *nearest)
            assert draft.others == (other,), (code, question, nearest)
            assert not said(draft, "own", "argued"), (code, question, nearest)


async def test_a_state_is_known_by_its_name_in_small_letters(record: Record) -> None:
    theirs = any_held_by(record, "LT").id
    assert (await drafted(record, "FR", "does lithuania want a firmer line", theirs)).others == ("LT",)


async def test_a_delegate_compared_with_another_speaks_for_itself(record: Record) -> None:
    mine = record.positions["FR"].holds[-1]
    draft = await drafted(record, "FR", "Do France and Lithuania agree?", *mine.arguments)
    assert draft.others == ()
    assert said(draft, "own")


async def test_the_other_side_does_not_take_the_delegations_side(record: Record) -> None:
    opposed = 0
    for code, position in record.positions.items():
        for hold in position.holds:
            draft = await drafted(record, code, MATTER, *hold.arguments)
            ours = said(draft, "own", "argued", "earlier")
            own = {record.arguments[id].side for claim in ours for id in behind(claim)}
            for claim in said(draft, "opposing"):
                opposed += 1
                sides = {record.arguments[id].side for id in behind(claim)}
                assert "context" not in sides
                assert own - sides, (code, hold.claim, claim)
    assert opposed > len(record.positions)


async def test_beijing_is_heard_as_the_other_side_only_where_it_was_asked_about(record: Record) -> None:
    for code in CODES:
        for argument in sampled(record)[: SAMPLED // 2]:
            if argument.topic != "beijing":
                draft = await drafted(record, code, MATTER, argument.id)
                theirs = [id for claim in said(draft, "opposing") for id in behind(claim)]
                assert not any("CN" in record.arguments[id].held_by for id in theirs)


async def test_the_rapporteur_gives_both_sides_of_the_motion(record: Record) -> None:
    draft = await drafted(record, "RAPPORTEUR", "Should NATO have a role there?", *of_topic(record, WHOLE))
    for side in ("for", "against"):
        claims = [claim for claim in draft.claims if claim.voice == side]
        assert claims
        assert all(record.arguments[id].side == side for claim in claims for id in behind(claim))


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("What are the arguments for a role?", "for"),
        ("What is the case in favour of it?", "for"),
        ("What do its supporters say?", "for"),
        ("What are the arguments against a role?", "against"),
        ("What do opponents say?", "against"),
        ("List the cons.", "against"),
    ],
)
async def test_the_rapporteur_asked_for_one_side_gives_one(record: Record, question: str, side: Voice) -> None:
    draft = await drafted(record, "RAPPORTEUR", question, *of_topic(record, WHOLE))
    assert said(draft, side)
    assert sides_of(record, draft) == {side}


async def test_the_rapporteur_asked_for_pros_and_cons_gives_both(record: Record) -> None:
    draft = await drafted(record, "RAPPORTEUR", "List the pros and cons.", *of_topic(record, WHOLE))
    assert sides_of(record, draft) == {"for", "against"}


async def test_the_rapporteur_names_the_state_of_which_there_is_nothing(record: Record) -> None:
    then = record.until(Date("2024-05-30"))
    assert "SK" not in then.spoken_of
    draft = await drafted(then, "RAPPORTEUR", "What do Slovakia and France think of a role?", *of_topic(then, WHOLE))
    assert draft.others == ("SK",)
    assert {claim.voice for claim in draft.claims} == {"for", "against"}


async def test_a_side_of_which_nothing_was_found_is_left_out(record: Record) -> None:
    then = record.until(Date("2024-05-30"))
    against = next(argument for argument in then.arguments.values() if argument.side == "against")
    draft = await drafted(then, "RAPPORTEUR", "What does Slovakia say?", against.id)
    assert {claim.voice for claim in draft.claims} == {"against"}


def test_what_answers_an_argument_rebuts_it_or_is_rebutted_by_it(record: Record) -> None:
    drafter, france = ExtractiveDrafter(record), record.delegations["FR"]
    opposed = 0
    for argument in record.arguments.values():
        for claim in drafter.other_side(
            france, [argument.id], found(record, "And the other side?", argument.id)
        ).claims:
            opposed += 1
            assert claim.voice == "opposing"
            assert any(id in argument.rebuts or argument.id in record.arguments[id].rebuts for id in behind(claim))
    assert opposed > sum(not argument.is_bare for argument in record.arguments.values())


def test_a_statement_is_met_with_what_is_near_it_and_what_answers_that(record: Record) -> None:
    argument = record.arguments["only-ukraine-and-russia-concern-nato"]
    draft = ExtractiveDrafter(record).both_sides_of(found(record, "NATO should stick to Ukraine.", argument.id))
    assert argument.id in behind(draft.claims[0])
    assert said(draft, "opposing")
    assert draft.stance == "none"
