import pytest

from bot.debate import SILENT, Claim, Speech, Voice, cite
from bot.drafters.rebuttal import ANSWERED_BEFORE, NO_ANSWER
from bot.wording import TURNED, parts, possessive, quoted, since, standing, text_of, words_cited
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
        drafter="extractive",
        opening=opening,
        claims=claims,
        notices=notices,
    )


def debated(record: Record, *claims: tuple[Voice, str], opponent: str = "", opening: str = "") -> str:
    """France's turn, in claims (voice, words answered) of one sentence each."""
    made = [
        claim(record, f"So it is {n}.", voice).model_copy(update={"to": to}) for n, (voice, to) in enumerate(claims)
    ]
    return text_of(speech(record, *made, opening=opening).model_copy(update={"opponent": opponent}))


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


def test_a_delegate_that_begins_with_others_arguments_is_named(record: Record) -> None:
    argued = claim(record, "It would be a mistake.", "argued")
    assert shown(speech(record, argued, code="US")) == "The American delegate points out: It would be a mistake [1]."
    after = shown(speech(record, claim(record, "France holds one thing."), argued)).splitlines()
    assert after[1] == "Its delegate points out: It would be a mistake [1]."


def test_an_author_is_named_in_full_once(record: Record) -> None:
    spoken = speech(
        record,
        claim(record, "Analyst David Sacks warns of one thing.", "argued"),
        claim(record, "There is another, analyst David Sacks argues.", "general"),
    )
    assert shown(spoken).splitlines() == [
        "The French delegate points out: Analyst David Sacks warns of one thing [1].",
        "In general, and not as France’s words: There is another, Sacks argues [1].",
    ]


@pytest.mark.parametrize(
    ("code", "voice", "lead_in"),
    [
        ("FR", "own", ""),
        ("FR", "argued", "The French delegate points out:"),
        ("FR", "opposing", "The other side says:"),
        ("US", "general", "In general, and not as the United States’ words:"),
        ("RAPPORTEUR", "general", ""),
        ("RAPPORTEUR", "opposing", "On the other side:"),
        ("RAPPORTEUR", "for", "In favour:"),
        ("RAPPORTEUR", "against", "Against:"),
        ("FR", "granted", "Granted:"),
        ("FR", "again", "As said before:"),
        ("FR", "noted", "To be fair, the record holds:"),
        ("FR", "recorded", "On that, the record holds:"),
        ("FR", "unmet", "The other side has not answered this:"),
        ("US", "owed", "The United States, for its part, has not answered this:"),
    ],
)
def test_every_voice_is_announced(record: Record, code: str, voice: Voice, lead_in: str) -> None:
    (part,) = parts(speech(record, claim(record, "So it is.", voice), code=code))
    assert part.lead_in == lead_in


def test_silence_is_said_first_and_notices_last(record: Record) -> None:
    silence = f"{SILENT} French statement on that."
    spoken = speech(record, claim(record, "France said no."), opening=silence, notices=("Ask again.",))
    assert shown(spoken).splitlines() == [silence, "What it does hold: France said no [1].", "Ask again."]


def test_what_is_held_follows_on_where_it_stands_without_more_words(record: Record) -> None:
    stands = "As of 2025 France is opposed, by its own statements."
    spoken = speech(record, claim(record, "France said no."), opening=stands)
    assert shown(spoken).splitlines() == [stands, "France said no [1]."]


def test_the_newer_record_leads_and_what_was_before_is_dated(record: Record) -> None:
    newer, earlier = claim(record, "It has moved.", "newer", ("fr-07",)), claim(record, "It said no.", "earlier")
    assert shown(speech(record, newer, earlier)).splitlines() == [
        "The newer record first: It has moved [1].",
        "Before that, as of 30 May 2024: It said no [1].",
    ]


def test_a_part_holds_the_claims_of_one_voice(record: Record) -> None:
    claims = [claim(record, f"Claim {n}.", voice) for n, voice in enumerate(("own", "own", "argued"))]  # type: ignore[arg-type]
    assert [len(part.sentences) for part in parts(speech(record, *claims))] == [2, 1]


def test_where_a_delegation_stands_is_said_with_basis_and_date(record: Record) -> None:
    lines = {code: standing(position) for code, position in record.positions.items()}
    assert lines["FR"] == f"opposed (stated), as of {record.positions['FR'].as_of.words}"
    assert lines["LT"].startswith("supportive (from linked security), as of ")
    assert lines["ES"].startswith("cautious (inferred), as of ")
    assert lines["US"].startswith("divided (stated), as of ")
    assert lines["LU"].startswith("without a public position, as of ")
    assert standing(record.position_of(RAPPORTEUR)).startswith("without a public position")


def test_a_plural_name_takes_an_apostrophe() -> None:
    assert (possessive("France"), possessive("the Netherlands")) == ("France’s", "the Netherlands’")


def test_an_opponents_words_are_taken_up_once_before_they_are_answered(record: Record) -> None:
    said = debated(record, ("own", "Asia matters"), ("contradicting", "Asia matters"), ("own", "Tokyo waits"))
    first, second, third = said.splitlines()
    assert first == "You say “Asia matters”. So it is 0 [1]."
    assert second.removesuffix(" So it is 1 [1].") in TURNED
    assert third == "You say “Tokyo waits”. So it is 2 [1]."


def test_a_delegate_is_named_and_one_that_speaks_of_itself_not_twice(record: Record) -> None:
    for words, taken_up in (
        ("Asia matters", "Lithuania says “Asia matters”."),
        ("Lithuania wants more", "Lithuania says it “wants more”."),
        ("Lithuania's office stands", "Lithuania says its “office stands”."),
        ("Lithuanians want more", "Lithuania says “Lithuanians want more”."),
        ("Does Asia matter?", "Lithuania asks “Does Asia matter?”"),
    ):
        assert debated(record, ("own", words), opponent="Lithuania").startswith(f"{taken_up} So it is")
    assert debated(record, ("own", "So"), opponent="the United States").startswith("The United States says “So”.")
    assert debated(record, ("own", "Why so?")).startswith("You ask “Why so?” So it is")


@pytest.mark.parametrize(
    ("voice", "lead_in"),
    [
        ("own", "Even so:"),  # "Even so," where the sentence begins with the name
        ("argued", "Even so, its delegate points out:"),
        ("contradicting", "Even so, the record adds:"),
        ("recorded", "Even so, the record adds:"),
    ],
)
def test_what_follows_a_concession_turns_from_it(record: Record, voice: Voice, lead_in: str) -> None:
    said = debated(record, ("granted", "Asia matters"), (voice, "Asia matters"))
    assert said.splitlines() == ["You say “Asia matters”. Granted: So it is 0 [1].", f"{lead_in} So it is 1 [1]."]
    elsewhere = debated(record, ("granted", "Asia matters"), (voice, "Tokyo waits"))
    assert "Even so" not in elsewhere


def test_what_leads_to_the_records_answer_varies_and_is_the_same_for_the_same_words(record: Record) -> None:
    words = [f"Point {letter}" for letter in "abcdefgh"]
    said = [debated(record, ("contradicting", each)) for each in words]
    assert {lead_in for lead_in in TURNED for text in said if lead_in in text} == {*TURNED}
    assert said == [debated(record, ("contradicting", each)) for each in words]


def test_a_closing_names_who_has_not_answered(record: Record) -> None:
    said = debated(record, ("unmet", ""), ("owed", ""), opponent="the United States")
    assert said.splitlines() == [
        "The United States has not answered this: So it is 0 [1].",
        "France, for its part, has not answered this: So it is 1 [1].",
    ]


def test_what_is_said_of_the_debate_leads_over_to_the_own_case(record: Record) -> None:
    for opening, lead_in in ((NO_ANSWER, "What it does hold: "), (ANSWERED_BEFORE, "")):
        assert debated(record, ("own", ""), opening=opening).splitlines() == [opening, f"{lead_in}So it is 0 [1]."]


def test_words_that_hold_quotation_marks_are_quoted_with_others() -> None:
    assert (quoted("so\n it is"), quoted("a “so” called"), quoted('a "so" called')) == (
        "“so it is”",
        "«a “so” called»",
        '«a "so" called»',
    )


def test_the_article_is_quoted_and_a_fact_is_shown_as_our_summary_without_quotation_marks(record: Record) -> None:
    for cited in cite(record, [*record.arguments]):
        shown_words = words_cited(cited)
        if cited.passage.is_summary:
            assert shown_words == cited.passage.text
            assert (shown_words[0], shown_words[-1]) != ("“", "”")
        else:
            assert shown_words == quoted(cited.quote)


def test_a_summary_that_was_told_is_not_shown_again_and_a_quote_is(record: Record) -> None:
    article, fact = cite(record, [TOKYO, "fr-07"])
    told = {article.quote, fact.quote}
    assert (words_cited(article, told), words_cited(fact, told)) == (quoted(article.quote), "")


def test_what_later_events_did_to_what_is_cited_stands_beside_it_unless_it_was_told(record: Record) -> None:
    article, fact = cite(record, [TOKYO, "fr-07"])
    (change,) = record.positions["FR"].changed
    assert since(article) == f"Since then: {change.text}"
    assert since(article, {change.text}) == ""
    assert since(fact) == ""
    several = next(cited for cited in cite(record, [*record.arguments]) if len(cited.since) > 1)
    first, *others = several.since
    assert since(several, {first.text}) == " ".join(f"Since then: {change.text}" for change in others)
