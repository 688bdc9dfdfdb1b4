import pytest

from bot.debate import WHOLE, Draft, Proposal, Voice
from bot.drafters import Brief
from bot.drafters.extractive import CLAIMS, WORDS, ExtractiveDrafter
from knowledge.argument import Argument
from knowledge.library import Findings, Match
from knowledge.record import Record

CODES = ("FR", "LT", "DE", "HU", "US", "PL")


def found(record: Record, question: str, *nearest: str) -> Findings:
    """A search that puts ``nearest`` first, a little apart, and everything else far behind."""
    scores = dict.fromkeys(record.arguments, 0.1) | {id: 1.0 - 0.01 * place for place, id in enumerate(nearest)}
    matches = [Match(record.arguments[id], score) for id, score in scores.items()]
    return Findings(question, (), tuple(sorted(matches, key=lambda match: -match.score)), 1.0)


async def drafted(record: Record, code: str, question: str, *nearest: str) -> Draft:
    findings = found(record, question, *nearest)
    return await ExtractiveDrafter(record).draft(Brief(question, record.delegations.find(code), findings, findings))


def behind(record: Record, claim: Proposal) -> set[str]:
    """The ids of the arguments that rest on exactly the words quoted."""
    quoted = {(quote.passage, quote.quote) for quote in claim.quotes}
    return {id for id, argument in record.arguments.items() if (record.grounds[id], argument.quote) in quoted}


def of_topic(record: Record, topic: str) -> list[str]:
    return [id for id, argument in record.arguments.items() if argument.topic == topic]


def said(draft: Draft, *voices: Voice) -> list[Proposal]:
    return [claim for claim in draft.claims if claim.voice in voices]


def any_held_by(record: Record, holder: str) -> Argument:
    return next(argument for argument in record.arguments.values() if holder in argument.held_by)


async def test_a_delegation_asked_what_it_holds_says_that_first(record: Record) -> None:
    for code, position in record.positions.items():
        for hold in position.holds:
            if hold.topic == WHOLE:
                continue
            draft = await drafted(record, code, "What is its line?", *hold.arguments)
            assert (draft.claims[0].voice, draft.claims[0].text) == ("own", hold.claim)
            assert draft.silent_on == ""


async def test_on_the_motion_it_says_all_it_holds(record: Record) -> None:
    for code, position in record.positions.items():
        if position.holds:
            draft = await drafted(record, code, "A role?", *of_topic(record, WHOLE))
            assert [claim.text for claim in said(draft, "own")] == [hold.claim for hold in position.holds][: CLAIMS - 1]


async def test_an_inferred_line_on_the_motion_is_not_passed_off_as_stated(record: Record) -> None:
    for code, position in record.positions.items():
        if position.holds:
            draft = await drafted(record, code, "A role?", *of_topic(record, WHOLE))
            stated = any(hold.topic == WHOLE for hold in position.holds)
            assert draft.silent_on == ("" if stated else WHOLE)


@pytest.mark.parametrize("code", CODES)
async def test_whatever_is_found_no_delegate_says_more_than_its_position_allows(record: Record, code: str) -> None:
    position = record.position_of(record.delegations[code])
    own = {id for hold in position.holds for id in hold.arguments}
    for argument in record.arguments.values():
        draft = await drafted(record, code, argument.questions[0], argument.id, *of_topic(record, argument.topic))
        assert draft.stance == position.stance
        for claim in said(draft, "own"):
            assert behind(record, claim) & own, claim
        for claim in said(draft, "argued"):
            assert behind(record, claim) & {*position.argues}, claim
        for claim in said(draft, "own", "argued"):
            assert not any("CN" in record.arguments[id].held_by for id in behind(record, claim)), claim


@pytest.mark.parametrize("code", [*CODES, "RAPPORTEUR"])
async def test_an_answer_is_brief_and_says_nothing_twice(record: Record, code: str) -> None:
    for argument in record.arguments.values():
        draft = await drafted(record, code, argument.questions[0], argument.id, *of_topic(record, argument.topic))
        texts = [claim.text for claim in draft.claims]
        assert len(set(texts)) == len(texts)
        assert len(texts) <= CLAIMS + 1
        assert sum(len(text.split()) for text in texts) <= WORDS + 30


async def test_a_silent_delegation_names_the_topic_and_turns_to_the_record(record: Record) -> None:
    cost = "taiwan-war-costs-ten-trillion"
    assert cost not in record.positions["FR"].argues
    draft = await drafted(record, "FR", "What would it cost?", cost)
    assert draft.silent_on == record.arguments[cost].topic
    assert any(cost in behind(record, claim) for claim in said(draft, "general"))


async def test_a_delegation_without_a_file_has_nothing_of_its_own(record: Record) -> None:
    assert "PL" not in record.positions
    for argument in record.arguments:
        draft = await drafted(record, "PL", "What does it hold?", argument)
        assert draft.stance == "none"
        assert not said(draft, "own", "argued")


async def test_a_delegate_asked_about_another_state_does_not_speak_for_it(record: Record) -> None:
    theirs = any_held_by(record, "LT").id
    draft = await drafted(record, "FR", "Does Lithuania want a firmer line?", theirs)
    assert draft.others == ("LT",)
    assert {claim.voice for claim in draft.claims} == {"general"}


async def test_a_delegate_asked_about_a_state_without_record_does_not_answer_for_itself(record: Record) -> None:
    mine = record.positions["DE"].holds[0].arguments[0]
    draft = await drafted(record, "DE", "What does Poland think of China?", mine)
    assert draft.others == ("PL",)
    assert not said(draft, "own", "argued")


async def test_a_state_is_known_by_its_name_in_small_letters(record: Record) -> None:
    theirs = any_held_by(record, "LT").id
    assert (await drafted(record, "FR", "does lithuania want a firmer line", theirs)).others == ("LT",)


async def test_a_delegate_compared_with_another_speaks_for_itself(record: Record) -> None:
    mine = record.positions["FR"].holds[-1]
    draft = await drafted(record, "FR", "Do France and Lithuania agree?", *mine.arguments)
    assert draft.others == ()
    assert said(draft, "own")


async def test_the_other_side_does_not_take_the_delegations_side(record: Record) -> None:
    for code, position in record.positions.items():
        for hold in position.holds:
            draft = await drafted(record, code, "And you?", *hold.arguments)
            own = {record.arguments[id].side for claim in said(draft, "own", "argued") for id in behind(record, claim)}
            for claim in said(draft, "opposing"):
                sides = {record.arguments[id].side for id in behind(record, claim)}
                assert "context" not in sides
                assert own - sides, claim


async def test_beijing_is_heard_as_the_other_side_only_where_it_was_asked_about(record: Record) -> None:
    for code in CODES:
        for argument in record.arguments.values():
            if argument.topic != "beijing":
                draft = await drafted(record, code, "What of it?", argument.id)
                theirs = [id for claim in said(draft, "opposing") for id in behind(record, claim)]
                assert not any("CN" in record.arguments[id].held_by for id in theirs)


async def test_the_rapporteur_gives_both_sides_of_the_motion(record: Record) -> None:
    draft = await drafted(record, "RAPPORTEUR", "Should NATO have a role there?", *of_topic(record, WHOLE))
    for side in ("for", "against"):
        claims = [claim for claim in draft.claims if claim.voice == side]
        assert claims
        assert all(record.arguments[id].side == side for claim in claims for id in behind(record, claim))


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
    assert draft.claims
    assert {claim.voice for claim in draft.claims} == {side}


async def test_the_rapporteur_asked_for_pros_and_cons_gives_both(record: Record) -> None:
    draft = await drafted(record, "RAPPORTEUR", "List the pros and cons.", *of_topic(record, WHOLE))
    assert {claim.voice for claim in draft.claims} == {"for", "against"}


async def test_the_rapporteur_names_the_state_of_which_there_is_nothing(record: Record) -> None:
    draft = await drafted(record, "RAPPORTEUR", "What do Poland and France think of a role?", *of_topic(record, WHOLE))
    assert draft.others == ("PL",)
    assert {claim.voice for claim in draft.claims} == {"for", "against"}


async def test_a_side_of_which_nothing_was_found_is_left_out(record: Record) -> None:
    against = next(argument for argument in record.arguments.values() if argument.side == "against")
    draft = await drafted(record, "RAPPORTEUR", "What does Poland say?", against.id)
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
            assert any(
                id in argument.rebuts or argument.id in record.arguments[id].rebuts for id in behind(record, claim)
            )
    assert opposed > len(record.arguments)


def test_a_statement_is_met_with_what_is_near_it_and_what_answers_that(record: Record) -> None:
    argument = record.arguments["only-ukraine-and-russia-concern-nato"]
    draft = ExtractiveDrafter(record).both_sides_of(found(record, "NATO should stick to Ukraine.", argument.id))
    assert argument.id in behind(record, draft.claims[0])
    assert said(draft, "opposing")
    assert draft.stance == "none"
