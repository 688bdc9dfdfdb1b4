import io
import re

import pytest
from rich.console import Console, RenderableType

from bot import columns
from bot.comparison import Comparison, Holding, Stand, Word, compare
from bot.debate import COUNTS_AS, cite
from bot.wording import standing
from knowledge.date import Date
from knowledge.record import Record

WIDE, NARROW = 4000, 60
DAY = Date("2023")
OFFICE = "france-opposes-tokyo-liaison-office"


def drawn(renderable: RenderableType, width: int = WIDE) -> str:
    screen = io.StringIO()
    Console(file=screen, width=width, highlight=False).print(renderable)
    return screen.getvalue()


def marks(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\[(\d+)\]", text)]


def column(lines: list[str], at: int) -> list[str]:
    """The cells of a column of a wide table, without the head."""
    return [re.split(r"\s{2,}", line.strip())[at] for line in lines[1:]]


@pytest.fixture
def compared(record: Record) -> Comparison:
    return compare(record, record.delegations["FR"], record.delegations["LT"])


@pytest.fixture
def held(record: Record) -> Holding:
    """France against the United States on the office in Tokyo, with Norway silent."""
    (first,), (second,) = (cite(record, [OFFICE]), cite(record, ["us-01"]))
    stands = [
        Stand(seat=record.delegations[code], words=(Word(text=text, citations=(cited,)),))
        for code, text, cited in (
            ("FR", "France said no.", first),
            ("US", "The United States said yes.", second.model_copy(update={"n": 2})),
        )
    ]
    return Holding(
        claim="no office in Tokyo",
        topic="an office",
        read_as="No office.",
        hold=(stands[0],),
        oppose=(stands[1],),
        silent=(record.delegations["NO"], record.delegations["SK"]),
    )


def test_a_comparison_says_where_both_stand_and_since_when(compared: Comparison) -> None:
    first, second, head, *_ = drawn(columns.comparison(compared)).splitlines()
    for line, seat, position in zip((first, second), ("France", "Lithuania"), compared.positions, strict=True):
        assert line.endswith(f" {seat}  {standing(position)}")
    assert head.split() == ["On", "France", "Lithuania"]


def test_a_comparison_has_a_line_for_every_topic_with_its_verdict(compared: Comparison) -> None:
    lines = [line for line in drawn(columns.comparison(compared)).splitlines() if line.strip()]
    rows = [line for line in lines if line.strip().startswith(tuple(columns.VERDICTS.values()))]
    assert len(rows) == len(compared.rows) > 3
    for line, row in zip(rows, compared.rows, strict=True):
        assert line.strip().startswith(columns.VERDICTS[row.verdict])
        assert row.topic in line
        for words in (row.first, row.second):
            assert [word.text.rstrip(".") in line for word in words] == [
                place < columns.WORDS for place in range(len(words))
            ]


def test_every_mark_in_a_comparison_has_its_citation_below_numbered_from_one(compared: Comparison) -> None:
    lines = drawn(columns.comparison(compared)).splitlines()
    below = [n for line in lines if (n := re.match(r"\s+\[(\d+)\] ", line))]
    numbers = [int(n.group(1)) for n in below]
    assert numbers == [*range(1, len(compared.citations) + 1)]
    assert {*marks("\n".join(line for line in lines if not re.match(r"\s+\[\d+\] ", line)))} <= {*numbers}


def test_a_narrow_terminal_loses_no_mark_and_no_name_of_a_comparison(compared: Comparison) -> None:
    wide, narrow = (drawn(columns.comparison(compared), width) for width in (WIDE, NARROW))
    assert all(len(line) <= NARROW for line in narrow.splitlines())
    assert sorted(marks(narrow)) == sorted(marks(wide))
    assert narrow.count("…") == wide.count("…")
    assert "Lithuania" in narrow.splitlines()[3]


def test_who_holds_who_opposes_and_who_is_silent_is_said_in_that_order(held: Holding) -> None:
    claim, read, hold, france, oppose, states, silent, first, second = drawn(columns.holding(held)).splitlines()
    assert (claim, read) == ("No office in Tokyo", "On an office; read as: No office.")
    assert (hold, france) == ("Hold it (1):", "  🇫🇷 France: France said no [1].")
    assert (oppose, states) == ("Oppose it (1):", "  🇺🇸 United States: The United States said yes [2].")
    assert silent == "Silent on an office (2): Norway, Slovakia"
    assert [line.strip()[:4] for line in (first, second)] == ["[1] ", "[2] "]


def test_a_claim_that_nobody_holds_says_so_and_names_no_silent_ones() -> None:
    lines = drawn(columns.holding(Holding(claim="The moon is made of cheese.", topic="the moon"))).splitlines()
    nobody = "  nobody on record"
    assert lines == ["The moon is made of cheese.", "Hold it (0):", nobody, "Oppose it (0):", nobody]


def test_a_claim_plays_no_tricks_with_the_terminal(held: Holding) -> None:
    shown = drawn(columns.holding(held.model_copy(update={"claim": "No \x1b[31m[bold]office[/bold]\u202e."})))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[bold]" in shown


@pytest.mark.parametrize(
    "day",
    [
        None,
        DAY,
        Date("2010"),
    ],
    ids=str,
)
def test_the_axis_has_every_delegation_once_from_opposed_to_silent(record: Record, day: Date | None) -> None:
    known = record.until(day)
    head, *rows = drawn(columns.along_the_axis(known)).splitlines()
    assert head.split() == ["Delegation", "Basis", "As", "of"]
    seats = [seat for seat in known.delegations if not seat.is_neutral]
    assert len(rows) == len(seats) == 40
    for seat in seats:
        (row,) = [row for row in rows if f" {seat.choice}  " in row]
        position = known.position_of(seat)
        assert row.strip().startswith(COUNTS_AS[position.leaning])
        assert row.rstrip().endswith(f" {position.as_of.words}")
        assert f"  {position.basis.replace('-', ' ')}  " in row
    order = [COUNTS_AS[known.position_of(seat).leaning] for seat in seats]
    said = [next(word for word in {*order} if row.strip().startswith(word)) for row in rows]
    assert [word for n, word in enumerate(said) if n == 0 or said[n - 1] != word] == [
        word
        for word in ("opposed", "cautious", "divided", "supportive", "without a public position")
        if word in {*order}
    ]


def test_a_narrow_terminal_loses_no_code_of_the_axis(record: Record) -> None:
    narrow = drawn(columns.along_the_axis(record), NARROW)
    assert all(len(line) <= NARROW for line in narrow.splitlines())
    for seat in record.delegations:
        code = f"({seat.code})" if seat.code != seat.name else seat.code
        assert len(re.findall(re.escape(code), narrow)) == (0 if seat.is_neutral else 1), seat.code
    assert "…" not in narrow


@pytest.mark.parametrize("day", [None, DAY], ids=str)
def test_the_timeline_has_every_milestone_once_oldest_first(record: Record, day: Date | None) -> None:
    known = record.until(day)
    lines = drawn(columns.timeline(known)).splitlines()
    assert lines[0].split() == ["When", "What", "Fact", "Source"]
    milestones = known.timeline
    assert column(lines, 0) == [known.date_of(each).words for each in milestones]
    assert column(lines, 1) == [each.label for each in milestones]
    assert column(lines, 2) == [each.fact for each in milestones]
    sources = [known.source_of(known.passages[each.fact]).reference for each in milestones]
    assert column(lines, 3) == sources
    dates = [known.date_of(each) for each in milestones]
    assert dates == sorted(dates)


def test_a_narrow_terminal_loses_no_fact_of_the_timeline(record: Record) -> None:
    narrow = drawn(columns.timeline(record), NARROW)
    facts = [milestone.fact for milestone in record.timeline]
    assert re.findall(r"\b[A-Z]+\d*-\d\d\b", narrow) == facts
    assert all(len(line) <= NARROW for line in narrow.splitlines())
    assert "…" not in narrow
