import random
from dataclasses import replace

import pytest

from bot.debate import LONGEST_CLAIM, WHOLE, Proposal, Quoted, Voice, cite
from knowledge.delegation import Delegation
from knowledge.errors import Unsupported
from knowledge.position import Stance
from knowledge.record import Record
from tests.proposals import corruptions, delivered, other_than, proposal, stands

TOKYO = "france-opposes-tokyo-liaison-office"
VILNIUS = "lithuania-wants-tougher-line-on-beijing"
MADRID = "madrid-2022-china-challenges-interests-security-values"
TRILLIONS = "taiwan-war-costs-ten-trillion"
BEIJING = "chinese-officials-tie-nato-presence-to-conflict"
LINKED = "stoltenberg-kishida-two-regions-security-linked"


@pytest.fixture
def france(record: Record) -> Delegation:
    return record.delegations["FR"]


def test_every_annotated_claim_stands_on_its_own_quote(record: Record) -> None:
    for argument in record.arguments:
        assert stands(record, proposal(record, argument)), argument


def test_everything_held_stands_as_its_holders_own(record: Record) -> None:
    for position in record.positions.values():
        for hold in position.holds:
            own = proposal(record, hold.arguments[0], hold.claim, "own")
            assert stands(record, own, record.delegations[position.state]), hold.claim


def test_title_date_and_link_come_from_the_record(record: Record, france: Delegation) -> None:
    (citation,) = delivered(record, proposal(record, TOKYO, voice="own"), seat=france).citations
    argument = record.arguments[TOKYO]
    assert citation.source is record.sources[citation.passage.source]
    assert citation.as_of == citation.source.date
    assert (citation.held_by, citation.side, citation.argument) == (argument.held_by, argument.side, TOKYO)


def test_words_that_no_argument_rests_on_are_the_authors(record: Record) -> None:
    bare = replace(record, arguments={}, positions={}, grounds={})
    (citation,) = delivered(bare, proposal(record, LINKED)).citations
    assert (citation.argument, citation.held_by, citation.side) == ("", ("AUTHOR",), "context")


def test_a_passage_that_nobody_knows_is_no_evidence(record: Record) -> None:
    known = proposal(record, TOKYO)
    for passage in ("cfr-2024-05-30/999", "elsewhere/1", ""):
        quoted = Quoted(passage=passage, quote=record.arguments[TOKYO].quote)
        assert not stands(record, known.model_copy(update={"quotes": (quoted,)}))


def test_a_passage_that_was_neither_found_nor_is_in_the_position_is_no_evidence(record: Record) -> None:
    claim = proposal(record, TOKYO)
    assert delivered(record, claim, found=[record.grounds[TOKYO]]).answered
    with pytest.raises(Unsupported):
        delivered(record, claim, found=[other_than(record, record.grounds[TOKYO])])


@pytest.mark.parametrize(("voice", "allowed"), [("own", False), ("argued", False), ("general", True)])
def test_another_states_words_are_not_its_own(record: Record, france: Delegation, voice: Voice, allowed: bool) -> None:
    assert stands(record, proposal(record, VILNIUS, voice=voice), france) is allowed


def test_what_a_delegate_may_argue_is_still_not_its_own(record: Record, france: Delegation) -> None:
    position = record.position_of(france)
    held = {record.grounds[argument] for hold in position.holds for argument in hold.arguments}
    argued = next(argument for argument in position.argues if record.grounds[argument] not in held)
    assert stands(record, proposal(record, argued, voice="argued"), france)
    assert not stands(record, proposal(record, argued, voice="own"), france)


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
    line = [*position.argues, *(id for hold in position.holds for id in hold.arguments)]
    opposed = [id for id in position.concedes if record.arguments[id].side == "for"]
    neutral = [id for id in position.concedes if id not in opposed]
    for theirs, conceded, others in ((False, neutral, line), (True, opposed, [*line, *neutral])):
        apart = {record.grounds[id] for id in conceded} - {record.grounds[id] for id in others}
        assert apart  # passages on which nothing else rests
        for id in conceded:
            if record.grounds[id] in apart:
                assert stands(record, proposal(record, id, voice=voice), france) is CONCEDED[voice][theirs], id


@pytest.mark.parametrize("voice", CONCEDED)
def test_no_voice_in_a_debate_makes_beijings_line_a_delegates(record: Record, voice: Voice) -> None:
    for code in record.positions:
        seat = record.delegations[code]
        assert not stands(record, proposal(record, BEIJING, voice=voice), seat)
    assert stands(record, proposal(record, BEIJING, voice="owed"), record.delegations["FR"])


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
    quoted = Quoted(passage=record.grounds[TOKYO], quote=" \n")
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
    assert stands(record, proposal(record, TOKYO, "It opposed a liaison office in Tokyo."))
    assert not stands(record, proposal(record, TOKYO, text))


def test_a_strangers_name_is_noticed_where_a_sentence_begins_too(record: Record) -> None:
    assert not stands(record, proposal(record, TOKYO, "Macron opposed a liaison office in Tokyo."))


def test_billions_are_not_trillions(record: Record) -> None:
    assert stands(record, proposal(record, TRILLIONS, "It would cost up to $10 trillion."))
    assert not stands(record, proposal(record, TRILLIONS, "It would cost up to $10 billion."))


def test_what_follows_from_a_passage_may_be_said_of_its_argument_only(record: Record) -> None:
    derived = record.arguments[TRILLIONS].derived
    assert "Taiwan" in derived
    text = "A war over Taiwan would cost up to $10 trillion."
    assert stands(record, proposal(record, TRILLIONS, text))
    assert not stands(record, proposal(record, TOKYO, "A war over Taiwan was on its mind."))


def test_a_capital_is_no_evidence_for_its_state(record: Record) -> None:
    assert "Madrid" in record.passage_of(record.arguments[MADRID]).text
    assert stands(record, proposal(record, MADRID, "At Madrid it was adopted."))
    assert not stands(record, proposal(record, MADRID, "There Spain adopted it."))


def test_a_state_is_evidence_for_its_capital(record: Record, france: Delegation) -> None:
    assert stands(record, proposal(record, TOKYO, "A firm no came from Paris.", "own"), france)


def test_a_claim_without_a_citation_is_dropped(record: Record) -> None:
    assert not stands(record, Proposal(text="So it is.", voice="general", quotes=()))


def test_a_claim_without_words_is_dropped(record: Record) -> None:
    blank = proposal(record, TOKYO).model_copy(update={"text": " "})
    assert not stands(record, blank)


def test_one_bad_citation_drops_the_claim_with_its_good_ones(record: Record) -> None:
    good = proposal(record, TOKYO)
    bad = Quoted(passage=record.grounds[TOKYO], quote="words that nobody wrote")
    assert not stands(record, good.model_copy(update={"quotes": (*good.quotes, bad)}))


def test_an_over_long_claim_is_dropped(record: Record) -> None:
    assert stands(record, proposal(record, TOKYO, "so " * LONGEST_CLAIM))
    assert not stands(record, proposal(record, TOKYO, "so " * (LONGEST_CLAIM + 1)))


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


def test_an_inferred_stance_on_the_motion_is_said_to_be_inferred(record: Record) -> None:
    hungary = record.delegations["HU"]
    said = delivered(record, proposal(record, MADRID), seat=hungary, silent_on=WHOLE)
    assert said.opening.endswith("it counts as opposed.")
    other = delivered(record, proposal(record, MADRID), seat=hungary, silent_on="taiwan")
    assert "counts as" not in other.opening


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


def test_no_corrupted_draft_gets_through(record: Record) -> None:
    chance = random.Random(2024)
    corrupted = corruptions(record, chance)
    for _ in range(300):
        claim = next(corrupted)
        assert not stands(record, claim), claim
