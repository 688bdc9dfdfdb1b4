import pytest

from bot.debate import words_of
from bot.drafters.composer import NAME, Composer, word_count
from knowledge.argument import Argument
from knowledge.date import Date
from knowledge.position import Pleads
from knowledge.record import Record

OFFICE = "france-opposes-tokyo-liaison-office"
EUROPE = "france-keep-nato-focused-on-europe"
STRETCHED = "deployments-would-stretch-nato-too-thin"


def composer(record: Record, code: str = "FR", pleads: Pleads | None = None) -> Composer:
    return Composer(record, record.delegations[code], pleads)


def test_what_a_delegation_holds_is_said_in_its_own_words_and_the_rest_in_the_records(record: Record) -> None:
    own, other = composer(record).told([record.arguments[OFFICE], record.arguments[STRETCHED]], "argued", "Why?")
    (hold,) = [hold for hold in record.positions["FR"].holds if OFFICE in hold.arguments]
    assert (own.voice, own.text, own.to) == ("own", hold.claim, "Why?")
    assert (other.voice, other.text, other.to) == ("argued", record.arguments[STRETCHED].claim, "Why?")


def test_every_claim_quotes_the_words_it_rests_on(record: Record) -> None:
    arguments = list(record.arguments.values())
    for argument, claim in zip(arguments, composer(record).claims(arguments, "general"), strict=True):
        assert [quoted.passage for quoted in claim.quotes] == [*record.grounds[argument.id]]
        for quoted in claim.quotes:
            assert quoted.quote == words_of(argument, record.passages[quoted.passage])
            assert quoted.argument == argument.id


def test_a_hold_with_two_arguments_behind_it_is_said_once(record: Record) -> None:
    for code, position in record.positions.items():
        own = [record.arguments[id] for hold in position.holds for id in hold.arguments]
        said = [claim.text for claim in composer(record, code).spoken([*own, *own])]
        assert said == [hold.claim for hold in position.holds]


def test_a_fact_of_the_delegation_is_its_own_in_the_words_of_the_summary(record: Record) -> None:
    facts = [record.arguments[fact.lower()] for fact in record.positions["FR"].facts]
    spoken = composer(record).spoken(facts)
    assert [claim.text for claim in spoken] == [record.passages[id].text for id in record.positions["FR"].facts]
    assert {claim.voice for claim in spoken} == {"own"}


def test_a_draft_takes_the_stance_of_the_position(record: Record) -> None:
    for code, position in record.positions.items():
        draft = composer(record, code).drafted([], "taiwan", ("FR",))
        assert (draft.drafter, draft.stance) == (NAME, position.stance)
        assert (draft.silent_on, draft.others) == ("taiwan", ("FR",))


def test_of_arguments_on_the_same_words_one_is_chosen(record: Record) -> None:
    office, europe = record.arguments[OFFICE], record.arguments[EUROPE]
    assert europe.quote in office.quote
    assert composer(record).distinct([office, europe], 5, 500) == [office]
    assert composer(record).distinct([europe], 5, 500, beside=[office]) == []


def test_no_more_is_chosen_than_there_is_room_for(record: Record) -> None:
    arguments: list[Argument] = list(record.arguments.values())
    for most, words in ((3, 500), (50, 60), (2, 40), (0, 100), (5, 0)):
        chosen = composer(record).distinct(arguments, most, words)
        assert len(chosen) <= most
        assert word_count(argument.claim for argument in chosen) <= words
    assert len(composer(record).distinct(arguments, 3, 500)) == 3
    assert len(composer(record).distinct(arguments, 3, 500, beside=arguments[:2])) == 1


def test_of_arguments_on_the_same_facts_one_is_chosen(record: Record) -> None:
    mistake, reported, other = (
        record.arguments[id] for id in ("france-calls-wider-nato-scope-big-mistake", "fr-01", "fr-02")
    )
    assert {*mistake.facts} == {*reported.facts}
    assert composer(record).distinct([mistake, reported, other], 5, 500) == [mistake, other]


def test_what_was_overtaken_is_told_after_what_overtook_it_and_dated(record: Record) -> None:
    (change,) = record.positions["FR"].changed
    mine = composer(record)
    said = mine.spoken([record.arguments[OFFICE], record.arguments[EUROPE]])
    newer, *earlier = mine.drafted(said, renewed=True).claims
    assert (newer.voice, newer.text) == ("newer", change.text)
    assert [quoted.passage for quoted in newer.quotes] == [*change.facts]
    assert [(claim.text, claim.voice) for claim in earlier] == [(claim.text, "earlier") for claim in said]
    assert mine.drafted(said).claims == tuple(said)


def test_the_fact_that_overtook_a_claim_is_not_told_twice(record: Record) -> None:
    mine = composer(record)
    said = mine.spoken([record.arguments[id] for id in ("fr-07", OFFICE)])
    assert [claim.voice for claim in mine.drafted(said, renewed=True).claims] == ["newer", "earlier"]


def test_what_was_not_overtaken_yet_stands_as_it_did(record: Record) -> None:
    then = record.until(Date("2025-05-29"))
    mine = composer(then)
    said = mine.spoken([then.arguments[OFFICE]])
    assert mine.drafted(said, renewed=True).claims == tuple(said)


def test_what_answers_in_a_debate_is_not_told_as_it_was_before(record: Record) -> None:
    mine = composer(record)
    granted = mine.claims([record.arguments[OFFICE]], "granted")
    assert mine.drafted(granted, renewed=True).claims == tuple(granted)


@pytest.mark.parametrize("pleads", ["for", "against"])
@pytest.mark.parametrize("code", ["AL", "LU", "SK"])
def test_who_is_instructed_by_the_chair_argues_the_line_of_its_side_and_in_general_only(
    record: Record, code: str, pleads: Pleads
) -> None:
    mine = composer(record, code, pleads)
    case = mine.case(())
    assert [argument.id for argument in case] == [
        id for id in record.line(pleads).argues if record.arguments[id].side in (pleads, "context")
    ]
    told = mine.drafted(mine.told(case, "argued"))
    assert {claim.voice for claim in told.claims} == {"general"}
    assert told.stance == "none"
    assert {claim.voice for claim in mine.drafted(mine.claims(case, "unmet")).claims} == {"unmet"}


def test_who_has_no_position_and_pleads_nothing_has_no_case_but_what_it_holds(record: Record) -> None:
    for code in ("AL", "LU", "SK"):
        case = [argument.id for argument in composer(record, code).case(())]
        assert case == [*record.positions[code].held]
