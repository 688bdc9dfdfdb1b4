from bot.drafters.composer import NAME, Composer, word_count
from knowledge.argument import Argument
from knowledge.record import Record

OFFICE = "france-opposes-tokyo-liaison-office"
EUROPE = "france-keep-nato-focused-on-europe"
STRETCHED = "deployments-would-stretch-nato-too-thin"


def composer(record: Record, code: str = "FR") -> Composer:
    return Composer(record, record.delegations[code])


def test_what_a_delegation_holds_is_said_in_its_own_words_and_the_rest_in_the_records(record: Record) -> None:
    own, other = composer(record).told([record.arguments[OFFICE], record.arguments[STRETCHED]], "argued", "Why?")
    (hold,) = [hold for hold in record.positions["FR"].holds if OFFICE in hold.arguments]
    assert (own.voice, own.text, own.to) == ("own", hold.claim, "Why?")
    assert (other.voice, other.text, other.to) == ("argued", record.arguments[STRETCHED].claim, "Why?")


def test_every_claim_quotes_the_words_it_rests_on(record: Record) -> None:
    arguments = list(record.arguments.values())
    for argument, claim in zip(arguments, composer(record).claims(arguments, "general"), strict=True):
        (quoted,) = claim.quotes
        assert (quoted.passage, quoted.quote) == (record.grounds[argument.id], argument.quote)


def test_a_hold_with_two_arguments_behind_it_is_said_once(record: Record) -> None:
    for code, position in record.positions.items():
        own = [record.arguments[id] for hold in position.holds for id in hold.arguments]
        said = [claim.text for claim in composer(record, code).spoken([*own, *own])]
        assert said == [hold.claim for hold in position.holds]


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
