"""The commands that set delegations beside each other, and what every command knows as of a date."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.pictures import draw
from knowledge.date import Date
from knowledge.record import Record
from tests.command import Command

TOKYO = "Should NATO open an office in Tokyo?"
OFFICE = "NATO should open a liaison office in Tokyo."
YEAR = Date("2023")
CITATION = {"n", "passage", "quote", "source", "section", "held_by", "side", "as_of"}
PNG = b"\x89PNG\r\n\x1a\n"
PICTURES = ("map", "timeline")


def dates(value: Any) -> Iterator[Date]:
    """Every date in a document that is called so."""
    if isinstance(value, list):
        for each in value:
            yield from dates(each)
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("date", "as_of") and each:
                yield Date(each)
            yield from dates(each)


def test_two_delegations_are_compared_for_programs(demarche: Command, record: Record) -> None:
    compared = demarche("compare", "France", "lt", "--json")
    assert (compared.code, compared.err) == (0, "")
    fields = compared.document
    assert (fields["states"], fields["stances"]) == (["FR", "LT"], ["against", "for"])
    assert {row["verdict"] for row in fields["rows"]} <= {"agree", "differ", "beside", "alone"}
    words = [word for row in fields["rows"] for code in fields["states"] for word in row[code]]
    assert fields["rows"][0]["verdict"] == "differ"
    for word in words:
        assert word["citations"]
        for cited in word["citations"]:
            assert cited.keys() >= CITATION
            assert cited["quote"] in record.passages[cited["passage"]].text


def test_two_delegations_are_compared_for_people(demarche: Command) -> None:
    compared = demarche("compare", "FR", "LT")
    assert (compared.code, compared.err) == (0, "")
    assert "France opposed (stated), as of 30 May 2025" in compared.words
    assert "≠ differ" in compared.words
    assert "[1] “" in compared.words


def test_who_holds_a_claim_is_said_for_programs_and_for_people(demarche: Command, record: Record) -> None:
    held = demarche("holds", OFFICE, "--json")
    assert (held.code, held.err) == (0, "")
    fields = held.document
    assert fields["claim"] == OFFICE
    hold, oppose = ([stand["state"] for stand in fields[side]] for side in ("hold", "oppose"))
    assert ("US" in hold, "FR" in oppose) == (True, True)
    every = [*hold, *oppose, *fields["silent"]]
    assert len({*every}) == len(every)
    assert {*every} <= {seat.code for seat in record.delegations}
    for stand in (*fields["hold"], *fields["oppose"]):
        assert all(cited.keys() >= CITATION for word in stand["words"] for cited in word["citations"])
    words = demarche("holds", OFFICE).words
    assert f"Hold it ({len(hold)}):" in words
    assert f"Oppose it ({len(oppose)}):" in words


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_told_in_words_and_drawn_into_a_file(
    demarche: Command, record: Record, apart: Path, kind: str
) -> None:
    told = demarche(kind, "--json", "--out", "here.PNG")
    assert (told.code, told.err) == (0, "")
    drawn = draw("map" if kind == "map" else "timeline", record)
    assert told.document == {"name": drawn.name, "alt": drawn.alt, "bytes": len(drawn.png)}
    assert (apart / "here.PNG").read_bytes() == drawn.png
    assert drawn.png.startswith(PNG)


def test_the_map_and_the_timeline_are_tables_for_people(demarche: Command, record: Record) -> None:
    shown = demarche("map")
    assert (shown.code, shown.err) == (0, "")
    codes = [seat.code for seat in record.delegations if seat.choice.endswith(")") and not seat.is_neutral]
    assert sorted(re.findall(r"\((\w+)\)", shown.out)) == sorted(codes)
    shown = demarche("timeline")
    assert (shown.code, shown.err) == (0, "")
    assert re.findall(r"\bNATO-\d\d\b", shown.out) == [each.fact for each in record.timeline]


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("map.jpg", "ends in .png"),
        ("map", "ends in .png"),
        (".png", "ends in .png"),
        ("not-there/map.png", "not-there/map.png cannot be written"),
        ("folder.png", "folder.png cannot be written"),
    ],
)
def test_a_picture_that_cannot_be_written_is_refused_in_one_sentence(
    demarche: Command, apart: Path, kind: str, out: str, says: str
) -> None:
    (apart / "folder.png").mkdir()
    refused = demarche(kind, "--out", out, "--json")
    assert refused.code == 2
    assert says in refused.complaint
    assert [path.name for path in apart.iterdir()] == ["folder.png"]


def test_the_table_of_the_readme_has_every_delegation_once(demarche: Command, record: Record) -> None:
    head, rule, *rows = demarche("positions", "--markdown").out.splitlines()
    assert {row.count("|") for row in (head, rule, *rows)} == {9}
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    seats = [record.delegations[code] for code in record.positions]
    assert [cell[2] for cell in cells] == [seat.choice for seat in seats if not seat.is_neutral]
    positions = [record.position_of(seat) for seat in seats if not seat.is_neutral]
    assert [sum(map(int, cell[6:9])) for cell in cells] == [len(position.facts) for position in positions]


def test_the_table_of_the_readme_may_be_of_an_earlier_day(demarche: Command) -> None:
    table = demarche("positions", "--markdown", "--as-of", "2023").out
    (france,) = [row for row in table.splitlines() if "France (FR)" in row]
    assert france in table
    assert {int(year) for year in re.findall(r"\b20\d\d\b", table)} <= {*range(2000, 2024)}


def test_the_table_of_an_earlier_day_has_every_delegation_too(demarche: Command) -> None:
    then, now = (demarche("positions", "--markdown", *when).out for when in (("--as-of", "2010"), ()))
    assert len(then.splitlines()) == len(now.splitlines())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compare", "FR", "Atlantis"], "Atlantis"),
        (["compare", "Lithunia", "FR"], "Lithuania (LT)"),
        (["compare", "FR", "Korea"], "South Korea (KR)"),
        (["compare", "", "FR"], "No delegation"),
        (["position", "Korea"], "South Korea (KR)"),
        (["holds", " "], "claim"),
    ],
)
def test_what_names_nobody_or_several_is_wrong_use(demarche: Command, words: list[str], says: str) -> None:
    refused = demarche(*words, "--json")
    assert refused.code == 2
    assert says in refused.complaint


@pytest.mark.parametrize("words", [["compare", "FR"], ["compare", "FR", "LT", "DE"], ["holds"], ["map", "FR"]])
def test_a_comparison_is_of_two_and_a_claim_is_needed(demarche: Command, words: list[str]) -> None:
    refused = demarche(*words)
    assert (refused.code, refused.out) == (2, "")
    assert "Traceback" not in refused.err


@pytest.mark.parametrize("command", [["compare", "FR", "LT"], ["holds", OFFICE], ["map"], ["timeline"], ["positions"]])
def test_what_is_no_date_is_wrong_use(demarche: Command, command: list[str]) -> None:
    refused = demarche(*command, "--as-of", "2023-13")
    assert (refused.code, refused.out) == (2, "")
    assert "argument --as-of: " in refused.err.splitlines()[-1]


@pytest.mark.parametrize(
    "command",
    [
        ["ask", TOKYO, "--as", "FR"],
        ["ask", "Who is opposed?"],
        ["rebut", OFFICE, "--as", "FR"],
        ["search", "Which office did Macron refuse in Singapore?", "-k", "50"],
        ["position", "US"],
        ["positions"],
        ["compare", "FR", "US"],
        ["holds", OFFICE],
    ],
    ids=lambda command: command[0],
)
def test_as_of_a_year_nothing_newer_is_printed(demarche: Command, command: list[str]) -> None:
    then, now = ([*dates(demarche(*command, "--json", *when).document)] for when in (("--as-of", str(YEAR)), ()))
    assert then
    assert max(then) <= YEAR < max(now)


@pytest.mark.parametrize("kind", PICTURES)
def test_as_of_a_year_a_picture_and_its_table_tell_of_nothing_newer(demarche: Command, kind: str) -> None:
    then, now = (demarche(kind, "--json", *when).document for when in (("--as-of", str(YEAR)), ()))
    assert "As of 2023" in then["alt"]
    assert then["alt"] != now["alt"]
    table = demarche(kind, "--as-of", str(YEAR)).out
    for told in (then["alt"], table):
        assert max(int(year) for year in re.findall(r"\b20\d\d\b", told)) == YEAR.last.year
