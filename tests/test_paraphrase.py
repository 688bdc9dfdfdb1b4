import json
from pathlib import Path

import pytest

from knowledge.errors import RecordError
from knowledge.paraphrase import Flaw, Known, Paraphrase, paraphrase_of
from knowledge.record import Record
from tests.folder import Folder

TOKYO = Known(
    ("France firmly opposed a NATO liaison office in Tokyo, since it wants the alliance to stay focused on Europe.",),
    "France, for its part, has made clear its view that NATO should remain more narrowly focused on Europe and thus "
    "strongly opposed the opening of a NATO liaison office in Tokyo.",
)
WAR = Known(
    ("A major war over Taiwan that involved American forces could disrupt supply chains across Europe.",),
    "A major war over Taiwan could disrupt supply chains across Europe.",
)
SOME = Known(
    ("Some allies do not see China as a threat to Europe in 2024.",), "Some allies do not see China as a threat."
)


@pytest.fixture
def paraphrase(record: Record) -> Paraphrase:
    return record.paraphrase


@pytest.mark.parametrize(
    "text",
    [
        "Paris strongly opposed the opening of a NATO liaison office in Tokyo.",
        "France opposed a NATO office in Tokyo because it wants NATO to remain focused on Europe.",
        "Wanting the alliance to stay focused on Europe, France firmly objected to a NATO liaison bureau in Tokyo.",
        "NATO should remain focused on Europe, France holds, and it firmly opposed a liaison office of NATO in Tokyo.",
    ],
)
def test_other_words_for_the_same_are_no_flaw(paraphrase: Paraphrase, text: str) -> None:
    assert paraphrase.flaws(text, TOKYO) == []


@pytest.mark.parametrize(
    ("known", "text", "flaw"),
    [
        (TOKYO, "France firmly opposed a NATO military base in Tokyo, to stay focused on Europe.", "words"),
        (TOKYO, "France firmly opposed a NATO liaison office in Seoul, to stay focused on Europe.", "words"),
        (TOKYO, "Germany firmly opposed a NATO liaison office in Tokyo, to stay focused on Europe.", "words"),
        (TOKYO, "France opposed an office.", "words"),
        (TOKYO, "France did not oppose a NATO liaison office in Tokyo, and wants it focused on Europe.", "negation"),
        (TOKYO, "France wants a NATO liaison office in Tokyo, focused on Europe.", "negation"),
        (TOKYO, "We firmly opposed a NATO liaison office in Tokyo, since France wants it focused on Europe.", "person"),
        (
            WAR,
            "A major war over Taiwan that involved American forces disrupts supply chains across Europe.",
            "modality",
        ),
        (
            WAR,
            "A major war over Taiwan that involved American forces must disrupt supply chains in Europe.",
            "modality",
        ),
        (SOME, "Allies do not see China as a threat to Europe in 2024.", "quantity"),
        (SOME, "Every ally does not see China as a threat to Europe in 2024.", "quantity"),
        (SOME, "Some allies see China as a threat to Europe in 2024.", "negation"),
        (SOME, "Some allies do not see Europe as a threat to China in 2024.", "roles"),
        (SOME, "Some allies do not see China as a threat to Europe in 2023.", "words"),
    ],
)
def test_what_changes_the_claim_is_named(paraphrase: Paraphrase, known: Known, text: str, flaw: Flaw) -> None:
    found = paraphrase.flaws(text, known)
    assert flaw in [finding.flaw for finding in found]
    assert all(finding.says for finding in found)


def test_whoever_can_mend_it_is_told_the_word(paraphrase: Paraphrase) -> None:
    (finding,) = paraphrase.flaws("France firmly opposed a NATO liaison pizzeria in Tokyo, focused on Europe.", TOKYO)
    assert (finding.flaw, finding.words[0]) == ("words", "pizzeria")
    assert "“pizzeria”" in finding.says


def test_what_is_in_the_record_s_words_has_no_flaw(record: Record) -> None:
    for argument in record.arguments.values():
        assert record.paraphrase.flaws(argument.claim, record.known([argument])) == [], argument.id


def test_a_month_and_a_permission_are_two_things(paraphrase: Paraphrase) -> None:
    known = Known(
        ("In June 2024 Latvia said that it may send a ship.",), "In June 2024 Latvia said that it may send a ship."
    )
    assert paraphrase.flaws("Latvia said in June 2024 that it might send a ship.", known) == []
    (finding,) = paraphrase.flaws("In May 2024 Latvia said that it may send a ship.", known)
    assert finding.words == ("=May",)


def test_no_group_holds_both_sides_of_a_contrary(record: Record) -> None:
    """Where one could stand for the other, nothing else would notice."""
    paraphrase = record.paraphrase
    for one, other in (
        ("oppose", "support"),
        ("more", "less"),
        ("join", "leave"),
        ("welcome", "reject"),
        ("some", "all"),
    ):
        assert not paraphrase.mean_the_same(one, other), (one, other)
    assert paraphrase.mean_the_same("oppose", "reject")


def test_most_unfaithful_rewordings_are_noticed_and_many_faithful_ones_pass(record: Record) -> None:
    path = Path(__file__).parent / "claims" / "worded-tuning.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    passes = {True: 0, False: 0}
    for row in rows:
        known = record.known([record.arguments[row["argument"]]])
        passes[row["faithful"]] += not record.paraphrase.flaws(row["text"], known)
    faithful = sum(row["faithful"] for row in rows)
    assert passes[True] > 0.4 * faithful
    assert passes[False] < 0.1 * (len(rows) - faithful)


def test_a_vocabulary_that_does_not_fit_is_named(record: Record, folder: Folder) -> None:
    folder.edit("grammar.yaml", lambda content: content.pop("kinds"))
    with pytest.raises(RecordError, match="kinds"):
        paraphrase_of(record.names, folder.path)
