import pytest

from bot.debate import Claim, Speech, Voice, cite
from bot.wording import parts, possessive, standing
from knowledge.delegation import RAPPORTEUR
from knowledge.record import Record

TOKYO = "france-opposes-tokyo-liaison-office"
VILNIUS = "lithuania-wants-tougher-line-on-beijing"


def claim(record: Record, text: str, voice: Voice = "own", arguments: tuple[str, ...] = (TOKYO,)) -> Claim:
    return Claim(text=text, voice=voice, citations=cite(record, arguments))


def speech(
    record: Record, *claims: Claim, code: str = "FR", opening: str = "", notices: tuple[str, ...] = ()
) -> Speech:
    seat = record.delegations[code]
    return Speech(
        seat=seat,
        question="A question?",
        position=record.position_of(seat),
        drafter="test",
        opening=opening,
        claims=claims,
        notices=notices,
    )


def shown(spoken: Speech) -> str:
    return "\n".join(f"{part.lead_in} {part.text}".strip() for part in parts(spoken))


def test_a_claim_ends_in_its_marks(record: Record) -> None:
    assert (
        shown(speech(record, claim(record, "France said no.", arguments=(TOKYO, VILNIUS)))) == "France said no [1][2]."
    )


def test_a_delegation_just_named_is_it(record: Record) -> None:
    spoken = speech(
        record,
        claim(record, "France holds one thing."),
        claim(record, "France has opposed another."),
        claim(record, "France's neighbours differ."),
    )
    assert (
        shown(spoken) == "France holds one thing [1]. It has also opposed another [1]. France's neighbours differ [1]."
    )


def test_it_is_said_within_a_part_only(record: Record) -> None:
    spoken = speech(record, claim(record, "France holds one thing."), claim(record, "France is cited.", "general"))
    assert shown(spoken).splitlines() == [
        "France holds one thing [1].",
        "In general, and not as France’s words: France is cited [1].",
    ]


def test_an_author_is_named_in_full_once(record: Record) -> None:
    spoken = speech(
        record,
        claim(record, "Analyst David Sacks warns of one thing.", "argued"),
        claim(record, "There is another, analyst David Sacks argues.", "general"),
    )
    assert shown(spoken).splitlines() == [
        "Its delegate points out: Analyst David Sacks warns of one thing [1].",
        "In general, and not as France’s words: There is another, Sacks argues [1].",
    ]


@pytest.mark.parametrize(
    ("code", "voice", "lead_in"),
    [
        ("FR", "own", ""),
        ("FR", "argued", "Its delegate points out:"),
        ("FR", "opposing", "The other side says:"),
        ("US", "general", "In general, and not as the United States’ words:"),
        ("RAPPORTEUR", "general", ""),
        ("RAPPORTEUR", "opposing", "On the other side:"),
        ("RAPPORTEUR", "for", "In favour:"),
        ("RAPPORTEUR", "against", "Against:"),
    ],
)
def test_every_voice_is_announced(record: Record, code: str, voice: Voice, lead_in: str) -> None:
    (part,) = parts(speech(record, claim(record, "So it is.", voice), code=code))
    assert part.lead_in == lead_in


def test_silence_is_said_first_and_notices_last(record: Record) -> None:
    spoken = speech(record, claim(record, "France said no."), opening="Nothing on that.", notices=("Ask again.",))
    assert shown(spoken).splitlines() == ["Nothing on that.", "What it does hold: France said no [1].", "Ask again."]


def test_a_part_holds_the_claims_of_one_voice(record: Record) -> None:
    claims = [claim(record, f"Claim {n}.", voice) for n, voice in enumerate(("own", "own", "argued"))]  # type: ignore[arg-type]
    assert [len(part.sentences) for part in parts(speech(record, *claims))] == [2, 1]


def test_where_a_delegation_stands_is_said_with_basis_and_date(record: Record) -> None:
    lines = {code: standing(position) for code, position in record.positions.items()}
    assert lines["FR"].startswith("opposed (stated), as of ")
    assert lines["LT"].startswith("in favour (inferred), as of ")
    assert lines["US"].startswith("no position on record, as of ")
    assert standing(record.position_of(RAPPORTEUR)).startswith("no position on record")


def test_a_plural_name_takes_an_apostrophe() -> None:
    assert (possessive("France"), possessive("the Netherlands")) == ("France’s", "the Netherlands’")
