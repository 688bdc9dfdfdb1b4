import random
from dataclasses import replace

import pytest

from bot.debate import (
    LONGEST_CLAIM,
    WHOLE,
    Proposal,
    Quoted,
    Voice,
    cite,
    dossier_of,
    is_instructed,
    marks_of,
    words_of,
)
from knowledge.delegation import Delegation
from knowledge.errors import Unsupported
from knowledge.position import Change, Stance
from knowledge.record import Record
from tests.proposals import corruptions, delivered, other_than, proposal, stands, unnamed, words

TOKYO = "france-opposes-tokyo-liaison-office"
VILNIUS = "lithuania-wants-tougher-line-on-beijing"
MADRID = "madrid-2022-china-challenges-interests-security-values"
TRILLIONS = "taiwan-war-costs-ten-trillion"
BEIJING = "chinese-officials-tie-nato-presence-to-conflict"
LINKED = "stoltenberg-kishida-two-regions-security-linked"
MISTAKE = "france-calls-wider-nato-scope-big-mistake"  # rests on a fact, which is an argument too
REPORTED = "fr-01"


@pytest.fixture
def france(record: Record) -> Delegation:
    return record.delegations["FR"]


def change_of(record: Record, code: str) -> tuple[Change, Proposal]:
    """What overtook something that a delegation holds, and that as it is told."""
    change = next(change for change in record.positions[code].changed if change.overtakes)
    quotes = tuple(quoted for fact in change.facts for quoted in proposal(record, fact.lower()).quotes)
    return change, Proposal(text=change.text, voice="newer", quotes=quotes)


def test_every_annotated_claim_stands_on_the_words_it_rests_on(record: Record) -> None:
    speech = delivered(record, *(proposal(record, argument) for argument in record.arguments))
    assert [claim.text for claim in speech.claims] == [argument.claim for argument in record.arguments.values()]


def test_everything_held_stands_as_its_holders_own(record: Record) -> None:
    for position in record.positions.values():
        own = [proposal(record, hold.arguments[0], hold.claim, "own") for hold in position.holds]
        if own:
            speech = delivered(record, *own, seat=record.delegations[position.state])
            assert [claim.text for claim in speech.claims] == [hold.claim for hold in position.holds]


def test_all_that_is_on_record_of_a_delegation_stands_as_its_own_and_as_nobody_elses(record: Record) -> None:
    for code, position in record.positions.items():
        facts = [proposal(record, id, voice="own") for id in record.own_facts(position)]
        if facts:
            assert delivered(record, *facts, seat=record.delegations[code]).dropped == 0, code
            with pytest.raises(Unsupported):
                delivered(record, *facts, seat=record.delegations["LT" if code != "LT" else "FR"])


def test_what_others_say_of_a_state_is_not_said_as_its_own(record: Record) -> None:
    claimed = record.passages["JP-04"]
    assert claimed.by_others
    with pytest.raises(Unsupported):
        delivered(record, proposal(record, "jp-04", voice="own"), seat=record.delegations["JP"])


def test_title_date_and_link_come_from_the_record(record: Record, france: Delegation) -> None:
    (citation,) = delivered(record, proposal(record, TOKYO, voice="own"), seat=france).citations
    argument = record.arguments[TOKYO]
    assert citation.source is record.sources[citation.passage.source]
    assert citation.as_of == citation.source.date
    assert (citation.held_by, citation.side, citation.argument) == (argument.held_by, argument.side, TOKYO)
    assert (citation.since, citation.passage.is_summary) == (record.changes[TOKYO], False)


def test_a_fact_is_cited_whole_as_of_its_event_and_as_our_summary_of_its_own_source(record: Record) -> None:
    (fact,) = [fact for fact in record.dossiers["FR"].facts if fact.id == "FR-09"]
    assert fact.date != fact.source.date
    (citation,) = delivered(record, proposal(record, "fr-09", voice="own"), seat=record.delegations["FR"]).citations
    assert (citation.quote, citation.passage.is_summary, citation.held_by) == (fact.text, True, ("FR",))
    assert (citation.as_of, citation.source.date) == (fact.date, fact.source.date)
    assert (citation.source.title, citation.source.url) == (fact.source.title, fact.source.url)


def test_what_rests_on_several_facts_has_a_mark_for_each(record: Record) -> None:
    known = next(argument for argument in record.arguments.values() if len(argument.facts) > 1)
    (claim,) = delivered(record, proposal(record, known.id)).claims
    assert [citation.passage.id for citation in claim.citations] == [*record.grounds[known.id]]
    assert [citation.n for citation in claim.citations] == [*range(1, len(known.facts) + 1)]
    one_of_them = proposal(record, known.id).quotes[:1]
    unnamed_one = unnamed(proposal(record, known.facts[0].lower()).model_copy(update={"quotes": one_of_them}))
    assert stands(record, unnamed_one)


def test_words_that_no_argument_rests_on_are_the_authors_or_of_the_state_that_a_fact_tells_of(record: Record) -> None:
    bare = replace(record, arguments={}, positions={}, grounds={})
    for argument, holder in ((LINKED, "AUTHOR"), (REPORTED, "FR")):
        said = proposal(record, argument, words(record, record.arguments[argument]))
        (citation,) = delivered(bare, unnamed(said)).citations
        assert (citation.argument, citation.held_by, citation.side) == ("", (holder,), "context")


def test_a_passage_that_nobody_knows_is_no_evidence(record: Record) -> None:
    known = proposal(record, TOKYO)
    for passage in ("cfr-2024-05-30/999", "elsewhere/1", ""):
        quoted = Quoted(passage=passage, quote=record.arguments[TOKYO].quote)
        assert not stands(record, known.model_copy(update={"quotes": (quoted,)}))


def test_a_passage_that_was_neither_found_nor_is_in_the_position_is_no_evidence(record: Record) -> None:
    claim, seat = proposal(record, TOKYO), record.delegations["LT"]
    ground = record.ground_of(record.arguments[TOKYO])
    assert delivered(record, claim, seat=seat, found=[ground]).answered
    with pytest.raises(Unsupported):
        delivered(record, claim, seat=seat, found=[other_than(record, ground)])
    assert delivered(record, claim, found=()).answered  # the rapporteur may tell all that is on record


@pytest.mark.parametrize(("voice", "allowed"), [("own", False), ("argued", False), ("general", True)])
def test_another_states_words_are_not_its_own(record: Record, france: Delegation, voice: Voice, allowed: bool) -> None:
    assert stands(record, proposal(record, VILNIUS, voice=voice), france) is allowed


def test_what_a_delegate_may_argue_is_still_not_its_own(record: Record, france: Delegation) -> None:
    for argued in record.position_of(france).argues:
        assert stands(record, proposal(record, argued, voice="argued"), france), argued
        assert not stands(record, proposal(record, argued, voice="own"), france), argued


def test_of_arguments_on_the_same_words_the_one_that_is_meant_counts(record: Record, france: Delegation) -> None:
    mistake, reported = (proposal(record, id, voice="argued") for id in (MISTAKE, REPORTED))
    assert [quoted.quote for quoted in mistake.quotes] == [quoted.quote for quoted in reported.quotes]
    for claim, meant in ((mistake, MISTAKE), (reported, REPORTED)):
        (citation,) = delivered(record, claim, seat=france).citations
        assert citation.argument == meant
    argues = record.position_of(france).model_copy(update={"holds": (), "facts": (), "argues": (MISTAKE,)})
    arguing = replace(record, positions={**record.positions, "FR": argues})
    assert stands(arguing, mistake, france)
    assert not stands(arguing, reported, france)
    (citation,) = delivered(arguing, unnamed(reported), seat=france).citations
    assert citation.argument == MISTAKE  # where none is named, one that may be used


CONCEDED: dict[Voice, tuple[bool, bool]] = {  # may it be said of what is neutral, and of what pleads for the other side
    "own": (False, False),
    "argued": (False, False),
    "contradicting": (True, False),
    "recorded": (True, False),
    "again": (True, False),
    "unmet": (True, False),
    "granted": (True, True),
    "noted": (True, True),
}


@pytest.mark.parametrize("voice", CONCEDED)
def test_what_a_delegate_concedes_it_grants_and_never_turns_against_its_own_side(
    record: Record, france: Delegation, voice: Voice
) -> None:
    position = record.position_of(france)
    opposed = [id for id in position.concedes if record.arguments[id].side == "for"]
    neutral = [id for id in position.concedes if id not in opposed]
    for theirs, conceded in ((False, neutral), (True, opposed)):
        assert conceded
        for id in conceded:
            assert stands(record, proposal(record, id, voice=voice), france) is CONCEDED[voice][theirs], id


@pytest.mark.parametrize("code", ["AL", "LU", "SK"])
def test_who_has_no_position_may_use_the_line_of_either_side_as_the_debate_wants_it(record: Record, code: str) -> None:
    seat = record.delegations[code]
    for id in (*record.line("for").argues, *record.line("against").argues):
        claim = {voice: proposal(record, id, voice=voice) for voice in ("own", "argued", "general", "unmet", "owed")}
        stood = {voice for voice in claim if stands(record, claim[voice], seat)}
        assert stood == {"general", "unmet", "owed"}, id


@pytest.mark.parametrize("voice", CONCEDED)
def test_no_voice_in_a_debate_makes_beijings_line_a_delegates(record: Record, voice: Voice) -> None:
    for seat in record.delegations.seated:
        assert not stands(record, proposal(record, BEIJING, voice=voice), seat), seat.code
    assert stands(record, proposal(record, BEIJING, voice="owed"), record.delegations["FR"])


@pytest.mark.parametrize("code", ["FR", "LT", "HU", "DE"])
def test_what_later_events_did_is_told_by_who_may_tell_what_it_was_before(record: Record, code: str) -> None:
    change, newer = change_of(record, code)
    before = [proposal(record, id, voice="earlier") for id in change.overtakes]
    ours = delivered(record, newer, *before, seat=record.delegations[code])
    assert (ours.dropped, ours.claims[0].text) == (0, change.text)
    assert all(change in citation.since for citation in ours.citations if citation.argument in change.overtakes)
    for claim in (newer, *before):
        assert not stands(record, claim, record.delegations["EE"])
    assert delivered(record, newer, *before).dropped == 0  # the rapporteur tells what became of anybody's record


def test_a_fact_that_overtakes_nothing_is_no_newer_record(record: Record, france: Delegation) -> None:
    assert stands(record, proposal(record, REPORTED, voice="own"), france)
    assert not stands(record, proposal(record, REPORTED, voice="newer"), france)


def test_a_claim_keeps_the_words_it_answers_and_the_speech_what_was_said_of_the_debate(record: Record) -> None:
    answer = proposal(record, TOKYO).model_copy(update={"to": "Tokyo needs an office"})
    speech = delivered(record, answer, opening="That was answered.", notices=("All points are met.",))
    assert speech.claims[0].to == "Tokyo needs an office"
    assert (speech.opening, speech.notices, speech.opponent) == ("That was answered.", ("All points are met.",), "")


def test_a_quote_with_one_changed_word_is_dropped(record: Record) -> None:
    quote = record.arguments[TOKYO].quote
    assert not stands(record, proposal(record, TOKYO, quote=quote.replace("opposed", "supported")))


def test_a_quote_in_another_case_is_dropped(record: Record) -> None:
    assert not stands(record, proposal(record, TOKYO, quote=record.arguments[TOKYO].quote.upper()))


def test_a_quote_stitched_from_two_places_is_dropped(record: Record) -> None:
    words = record.passage_of(record.arguments[TOKYO]).text.split()
    stitched = " ".join((*words[:6], *words[9:14]))
    assert not stands(record, proposal(record, TOKYO, "Its view is clear.", quote=stitched))


def test_a_quote_from_another_passage_is_dropped(record: Record) -> None:
    assert not stands(record, proposal(record, TOKYO, quote=record.arguments[VILNIUS].quote))


def test_a_quote_without_words_is_dropped(record: Record) -> None:
    quoted = Quoted(passage=record.ground_of(record.arguments[TOKYO]), quote=" \n")
    assert not stands(record, proposal(record, TOKYO).model_copy(update={"quotes": (quoted,)}))


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -3)])
def test_a_quote_that_breaks_a_word_is_dropped(record: Record, cut: slice) -> None:
    """Else "able" would be verbatim of "unable"."""
    assert not stands(record, proposal(record, TOKYO, quote=record.arguments[TOKYO].quote[cut]))


def test_a_quote_with_other_spaces_and_straight_quotes_is_shown_as_the_source_prints_it(record: Record) -> None:
    printed = record.passage_of(record.arguments[LINKED]).text
    typed = printed.translate({ord(curly): '"' for curly in "“”"}).replace("’", "'").replace(" ", "\n  ")
    assert typed != printed
    (citation,) = delivered(record, proposal(record, LINKED, quote=typed)).citations
    assert citation.quote == printed


@pytest.mark.parametrize(
    "text",
    [
        "It opposed 12 liaison offices in Tokyo.",
        "It opposed a liaison office in Tokyo in 2019.",
        "It opposed a liaison office in Tokyo in March.",
        "It opposed offices in Tokyo and Seoul.",
        "It opposed a liaison office with Poland.",
        "It opposed a liaison office, said President Macron.",
        "It opposed a liaison office, unlike Kissinger.",
        "It opposed a liaison office, unlike Šimonytė.",
        "It opposed a liaison office, unlike Łukasz.",
        "It opposed a liaison office with twelve others.",
        "It opposed a liaison office with fifteen others.",
        "It opposed a liaison office with twenty-five others.",
        "It opposed a liaison office for a hundred reasons.",
        "It opposed a liaison office of thousands.",
    ],
)
def test_a_claim_with_a_number_a_year_or_a_name_that_its_passage_does_not_hold_is_dropped(
    record: Record, text: str
) -> None:
    assert stands(
        record, proposal(record, TOKYO, "France strongly opposed the opening of a NATO liaison office in Tokyo.")
    )
    assert not stands(record, proposal(record, TOKYO, text))


@pytest.mark.parametrize("name", ["Macron", "Rutte", "Kishida", "Trump", "Kissinger"])
def test_a_strangers_name_is_noticed_where_a_sentence_begins_too(record: Record, name: str) -> None:
    assert not stands(record, proposal(record, TOKYO, f"{name} opposed a liaison office in Tokyo."))


def test_billions_are_not_trillions(record: Record) -> None:
    assert stands(record, proposal(record, TRILLIONS, "It would shave up to $10 trillion off global GDP."))
    assert not stands(record, proposal(record, TRILLIONS, "It would shave up to $10 billion off global GDP."))


def test_what_follows_from_a_passage_may_be_said_of_its_argument_only(record: Record) -> None:
    derived = record.arguments[TRILLIONS].derived
    assert "Taiwan" in derived
    text = "A major war over Taiwan would shave up to $10 trillion off global output, analyst David Sacks says."
    assert stands(record, proposal(record, TRILLIONS, text))
    assert not stands(record, proposal(record, TOKYO, "A war over Taiwan was on its mind."))


def test_a_capital_is_no_evidence_for_its_state(record: Record) -> None:
    assert "Madrid" in record.passage_of(record.arguments[MADRID]).text
    evidence = record.evidence(record.passage_of(record.arguments[MADRID]))
    assert record.names.unsupported("NATO said in Madrid that China is a challenge.", evidence, {}) == ()
    assert record.names.unsupported("NATO said in Spain that China is a challenge.", evidence, {}) == ("ES",)
    said = "China's ambitions and coercive policies, Spain said, challenge NATO's interests, security and values."
    assert not stands(record, proposal(record, MADRID, said))


def test_a_state_is_evidence_for_its_capital(record: Record, france: Delegation) -> None:
    assert stands(
        record,
        proposal(record, TOKYO, "Paris strongly opposed the opening of a NATO liaison office in Tokyo.", "own"),
        france,
    )


def test_a_claim_without_a_citation_is_dropped(record: Record) -> None:
    assert not stands(record, Proposal(text="So it is.", voice="general", quotes=()))


def test_a_claim_without_words_is_dropped(record: Record) -> None:
    blank = proposal(record, TOKYO).model_copy(update={"text": " "})
    assert not stands(record, blank)


def test_one_bad_citation_drops_the_claim_with_its_good_ones(record: Record) -> None:
    good = proposal(record, TOKYO)
    bad = good.quotes[0].model_copy(update={"quote": "words that nobody wrote"})
    assert not stands(record, good.model_copy(update={"quotes": (*good.quotes, bad)}))


def test_an_over_long_claim_is_dropped(record: Record) -> None:
    text = "France strongly opposed the opening of a NATO liaison office in Tokyo"
    at_most = f"{text}{' so' * (LONGEST_CLAIM - len(text.split()))}"
    assert stands(record, proposal(record, TOKYO, at_most))
    assert not stands(record, proposal(record, TOKYO, f"{at_most} so"))


@pytest.mark.parametrize("stance", ["for", "mixed", "none"])
def test_another_stance_than_the_positions_is_not_delivered(record: Record, france: Delegation, stance: Stance) -> None:
    with pytest.raises(Unsupported, match="not delivered"):
        delivered(record, proposal(record, TOKYO, voice="own"), seat=france, stance=stance)


def test_a_draft_of_which_nothing_stands_is_not_delivered(record: Record) -> None:
    with pytest.raises(Unsupported):
        delivered(record, proposal(record, TOKYO, quote="words that nobody wrote"))
    with pytest.raises(Unsupported):
        delivered(record)


def test_what_falls_is_counted_and_the_rest_is_numbered_without_a_gap(record: Record) -> None:
    fallen = proposal(record, TOKYO, quote="words that nobody wrote")
    speech = delivered(record, proposal(record, TOKYO), fallen, proposal(record, VILNIUS), proposal(record, MADRID))
    assert speech.dropped == 1
    assert [citation.n for citation in speech.citations] == [1, 2, 3]
    assert [claim.citations[0].n for claim in speech.claims] == [1, 2, 3]


def test_words_cited_twice_have_one_number(record: Record) -> None:
    both = proposal(record, VILNIUS).model_copy(
        update={"quotes": (*proposal(record, VILNIUS).quotes, *proposal(record, TOKYO).quotes)}
    )
    speech = delivered(record, proposal(record, TOKYO), both)
    assert [[citation.n for citation in claim.citations] for claim in speech.claims] == [[1], [2, 1]]
    assert [citation.n for citation in speech.citations] == [1, 2]
    assert speech.citations[1].argument == VILNIUS


def test_a_silent_delegation_says_so_first(record: Record, france: Delegation) -> None:
    speech = delivered(record, proposal(record, MADRID), seat=france, silent_on="taiwan")
    assert speech.opening == f"The record holds no French statement on {record.topics['taiwan']}."


@pytest.mark.parametrize(
    ("code", "opening"),
    [
        ("FR", "As of {as_of} France is opposed, by its own statements."),
        ("US", "As of {as_of} the United States is divided, by its own statements."),
        ("LT", "As of {as_of} Lithuania is supportive, which is read from its linking the two regions’ security."),
        ("ES", "As of {as_of} Spain is cautious, which is inferred and not stated."),
        ("LU", "The record holds no public position of Luxembourg on {role}."),
    ],
)
def test_on_the_motion_a_delegation_says_since_when_and_on_what_grounds_it_stands_there(
    record: Record, code: str, opening: str
) -> None:
    seat = record.delegations[code]
    said = delivered(record, proposal(record, MADRID), seat=seat, silent_on=WHOLE)
    as_of = record.position_of(seat).as_of.words
    assert said.opening == opening.format(role=record.topics[WHOLE], as_of=as_of)
    other = delivered(record, proposal(record, MADRID), seat=seat, silent_on="taiwan")
    assert other.opening.startswith("The record holds no")


def test_nobody_speaks_for_another(record: Record) -> None:
    dutch = record.delegations["NL"]
    speech = delivered(record, proposal(record, TOKYO), seat=dutch, others=("FR", "US"))
    assert speech.opening == "The Netherlands does not speak for France or the United States."
    neutral = delivered(record, proposal(record, TOKYO), others=("PL",))
    assert neutral.opening == "The record holds nothing of Poland."


def test_known_arguments_are_cited_in_their_order(record: Record) -> None:
    cited = cite(record, [MADRID, "no-such-argument", TOKYO])
    assert [(citation.n, citation.argument) for citation in cited] == [(1, MADRID), (2, TOKYO)]
    assert all(citation.quote in citation.passage.text for citation in cited)
    assert marks_of(cited) == {MADRID: [1], TOKYO: [2]}


def test_a_dossier_cites_all_that_is_held_and_what_changed_it_each_once(record: Record) -> None:
    for code in ("FR", "LT", "NATO", "LU", "RAPPORTEUR"):
        position = record.position_of(record.delegations[code])
        cited = dossier_of(position, record)
        changed = [fact.lower() for change in position.changed for fact in change.facts]
        assert [*marks_of(cited)] == [*dict.fromkeys((*position.held, *changed))]
        assert [citation.n for citation in cited] == [*range(1, len(cited) + 1)]


def test_the_words_an_argument_rests_on_are_its_quote_or_the_whole_of_a_fact(record: Record) -> None:
    for argument in record.arguments.values():
        for passage in record.passages_of(argument):
            words = words_of(argument, passage)
            assert words in passage.text
            assert (words == passage.text) or not passage.is_summary
            assert passage.is_summary == bool(argument.facts)


def test_only_who_has_no_position_and_pleads_is_instructed(record: Record) -> None:
    instructed = {code for code, position in record.positions.items() if is_instructed(position, "for")}
    assert instructed == {code for code, position in record.positions.items() if position.stance == "none"}
    assert instructed > {"AL", "LU", "SK"}
    assert not any(is_instructed(position, None) for position in record.positions.values())


def test_no_corrupted_draft_gets_through(record: Record) -> None:
    chance = random.Random(2024)
    corrupted = corruptions(record, chance)
    for _ in range(300):
        claim = next(corrupted)
        assert not stands(record, claim), claim
