import random
import re

import pytest
from discord import Embed

from bot import cards, panels
from bot.comparison import Comparison, Holding, compare, who_holds
from knowledge.library import Library
from knowledge.record import Record
from tests.challenges import SEED
from tests.limits import check_limits

CLAIMS = (
    "NATO should open an office in Tokyo.",
    "NATO has no business in the Indo-Pacific.",
    "China is a threat to the alliance.",
    "The security of Europe and of Asia is linked.",
    "A war over Taiwan would stay in Asia.",
    "Europe should send warships to the Pacific.",
    "NATO should admit Japan.",
    "Trade with China matters more than a quarrel about Taiwan.",
    "NATO should talk to Beijing.",
    "x" * 1999 + "*",
)


def compared(record: Record, first: str, second: str) -> Comparison:
    return compare(record, record.delegations[first], record.delegations[second])


def sampled(record: Record) -> list[Comparison]:
    """Pairs of delegations drawn from all, the same each time."""
    chance, codes = random.Random(SEED), [seat.code for seat in record.delegations if not seat.is_neutral]
    return [compared(record, *chance.sample(codes, 2)) for _ in range(30)]


def holding(record: Record, library: Library, claim: str) -> Holding:
    return who_holds(record, library.hear(claim))


def text(pages: list[Embed]) -> str:
    return "\n".join(page.description or "" for page in pages).replace("\\", "")


def names(page: Embed) -> list[str]:
    return [(field.name or "").replace("\\", "") for field in page.fields]


def marks(words: str) -> list[int]:
    return [int(n) for n in re.findall(r"\[(\d+)\]", words)]


def test_no_page_of_two_compared_goes_over_the_limits_of_discord(record: Record) -> None:
    for comparison in sampled(record):
        for page in panels.comparison(comparison):
            check_limits(page)


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_page_of_who_holds_a_claim_goes_over_the_limits_of_discord(
    record: Record, library: Library, claim: str
) -> None:
    for page in panels.holding(holding(record, library, claim)):
        check_limits(page)


def test_a_page_is_no_longer_than_a_few_screens_unless_a_single_topic_is(record: Record) -> None:
    for comparison in sampled(record):
        for page in panels.comparison(comparison):
            assert len(page) <= cards.PAGE + 40 or (page.description or "").count("**") == 2


def test_marks_count_from_one_without_a_gap_and_each_has_its_citation_on_the_page_that_first_needs_it(
    record: Record,
) -> None:
    for comparison in sampled(record):
        seen: list[int] = []
        for page in panels.comparison(comparison):
            told = dict.fromkeys(n for n in marks(text([page])) if n not in seen)
            assert [*told] == [marks(name)[0] for name in names(page)]
            seen += told
        assert seen == [*range(1, len(seen) + 1)]


def test_the_marks_of_who_holds_a_claim_are_those_of_its_citations(record: Record, library: Library) -> None:
    for claim in CLAIMS:
        pages = panels.holding(holding(record, library, claim))
        told = [*dict.fromkeys(marks(text(pages)))]
        assert told == [marks(name)[0] for page in pages for name in names(page)] == [*range(1, len(told) + 1)]


def test_differences_are_shown_before_agreements_and_those_before_what_one_alone_speaks_to(record: Record) -> None:
    order = ("≠ They differ on", "= They agree on", "· Both speak to it on", "· ")
    for comparison in sampled(record):
        headings = re.findall(r"^\*\*([≠=·] .+)\*\*$", text(panels.comparison(comparison)), re.M)
        ranks = [next(n for n, start in enumerate(order) if heading.startswith(start)) for heading in headings]
        assert ranks == sorted(ranks)


def test_what_was_set_against_the_other_is_not_told_again_as_said_by_one_alone(record: Record) -> None:
    told = text(panels.comparison(compared(record, "FR", "EE")))
    assert told.count("France has made it plain that it wants NATO to concentrate more narrowly on Europe") == 1
    assert "**· More from France on a NATO role in the Indo-Pacific**" in told
    assert "**· Only France is on record on a NATO liaison office in Tokyo**" in told


def test_both_positions_open_the_comparison(record: Record) -> None:
    told = text(panels.comparison(compared(record, "FR", "LT")))
    first, second, *_ = told.splitlines()
    assert first == f"**France**: opposed (stated), as of {record.positions['FR'].as_of.words}"
    assert second == f"**Lithuania**: supportive (from linked security), as of {record.positions['LT'].as_of.words}"


def test_who_holds_a_claim_shows_what_it_was_read_as_and_counts_both_sides_and_the_silent(
    record: Record, library: Library
) -> None:
    held = holding(record, library, CLAIMS[0])
    told = text(panels.holding(held))
    assert told.startswith(f"*On {held.topic}; read as: {held.read_as}*")
    for title, stands in (("Hold it", held.hold), ("Oppose it", held.oppose)):
        assert f"**{title}** ({len(stands)})" in told
        assert all(
            f"{stand.seat.flag} **{stand.seat.name}**: {stand.words[0].text.rstrip('.')}" in told for stand in stands
        )
    assert f"**Silent on {held.topic}** ({len(held.silent)}): {held.silent[0].name}, " in told


def test_a_claim_near_to_nothing_has_nobody_on_record_on_either_side(record: Record) -> None:
    told = text(panels.holding(Holding(claim="Jupiter has moons.", topic=record.topics["role"])))
    assert told.count("nobody on record") == 2
    assert "read as" not in told
