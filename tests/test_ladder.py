"""What the ladder does with words that are not the record's own; what it does with the record's is in test_debate."""

import pytest

from bot.debate import Draft, Fault, Proposal, Rung
from bot.ladder import deliver, judged
from knowledge.delegation import Delegation
from knowledge.record import Record
from tests.proposals import proposal, unnamed

TOKYO = "france-opposes-tokyo-liaison-office"
VILNIUS = "lithuania-wants-tougher-line-on-beijing"
WORDED = "Wanting the alliance to stay focused on Europe, Paris strongly opposed a NATO liaison office in Tokyo."


@pytest.fixture
def france(record: Record) -> Delegation:
    return record.delegations["FR"]


def fault_of(record: Record, seat: Delegation, claim: Proposal, stance: str = "against") -> Fault:
    draft = Draft.model_validate({"drafter": "model", "stance": stance, "claims": (claim,)})
    claims, faults = judged(draft, seat, record, record.passages)
    assert claims == []
    (fault,) = faults
    assert fault.says
    return fault


def test_a_claim_says_how_it_was_checked(record: Record, france: Delegation) -> None:
    held = next(hold.claim for hold in record.positions["FR"].holds if TOKYO in hold.arguments)
    in_short = "France firmly opposed a NATO liaison office in Tokyo …"
    claims = (
        proposal(record, TOKYO, voice="own"),
        proposal(record, TOKYO, held, "own"),
        proposal(record, TOKYO, WORDED, "own"),
        proposal(record, TOKYO, in_short, "unmet"),
        proposal(record, TOKYO, "that stands on record", "granted"),
    )
    speech = deliver(Draft(drafter="model", stance="against", claims=claims), france, record, "Why?", [])
    checked = [claim.checked for claim in speech.claims]
    assert checked == ["annotated", "annotated", "worded", "abridged", "annotated"]


def test_other_words_are_checked_whether_or_not_the_argument_is_named(record: Record, france: Delegation) -> None:
    claim = proposal(record, TOKYO, WORDED, "own")
    for each in (claim, unnamed(claim)):
        speech = deliver(Draft(drafter="model", stance="against", claims=(each,)), france, record, "Why?", [])
        assert speech.claims[0].citations[0].argument == TOKYO


@pytest.mark.parametrize(
    ("changes", "rung"),
    [
        ({"text": "Paris strongly opposed a NATO liaison office in Seoul, to stay focused on Europe."}, "names"),
        ({"text": "Paris strongly opposed twelve NATO offices in Tokyo, to stay focused on Europe."}, "names"),
        ({"text": "Paris strongly opposed a NATO liaison palace in Tokyo, to stay focused on Europe."}, "words"),
        ({"text": WORDED.replace("strongly", "never")}, "negation"),
        ({"text": "In our view France strongly opposed a NATO liaison office in Tokyo, focused on Europe."}, "person"),
        ({"text": f"{WORDED} <@1>"}, "form"),
        ({"text": f"{WORDED} https://evil.example"}, "form"),
        ({"text": "word " * 46}, "length"),
        ({"text": ""}, "length"),
        ({"quotes": ()}, "passage"),
    ],
)
def test_the_rung_on_which_a_claim_fails_is_named(
    record: Record, france: Delegation, changes: dict[str, object], rung: Rung
) -> None:
    claim = proposal(record, TOKYO, WORDED, "own").model_copy(update=changes)
    assert fault_of(record, france, claim).rung == rung


def test_what_fails_before_the_words_are_looked_at_is_named_too(record: Record, france: Delegation) -> None:
    sound = proposal(record, TOKYO, WORDED, "own")
    (quoted,) = sound.quotes
    nowhere = quoted.model_copy(update={"passage": "cfr-2024-05-30/99"})
    made_up = quoted.model_copy(update={"quote": "France welcomed the opening of a NATO liaison office"})
    assert fault_of(record, france, sound.model_copy(update={"quotes": (nowhere,)})).rung == "passage"
    assert fault_of(record, france, sound.model_copy(update={"quotes": (made_up,)})).rung == "quote"
    assert fault_of(record, france, proposal(record, VILNIUS, voice="own")).rung == "holder"
    assert fault_of(record, france, sound, "for").rung == "stance"


@pytest.mark.parametrize("voice", ["own", "argued", "granted", "noted", "general"])
def test_a_point_is_named_in_short_only_where_points_are_named(record: Record, france: Delegation, voice: str) -> None:
    """Elsewhere half a sentence would pass for a whole one."""
    half = proposal(record, TOKYO, "Wanting the alliance to stay focused on Europe", "own")
    assert fault_of(record, france, half.model_copy(update={"voice": voice})).rung in ("words", "negation")


def test_words_that_no_argument_rests_on_are_compared_with_themselves(record: Record) -> None:
    seat = record.delegations["RAPPORTEUR"]
    claim = proposal(record, TOKYO, "France strongly opposed the opening of a NATO liaison office in Tokyo.", "general")
    bare = record.until(None)
    assert deliver(Draft(drafter="model", stance="none", claims=(unnamed(claim),)), seat, bare, "?", record.passages)
