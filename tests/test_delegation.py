from collections import Counter

import pytest

from knowledge.delegation import Delegation, Delegations, Group
from knowledge.errors import AmbiguousDelegation, NotSeated, UnknownDelegation
from knowledge.record import Record


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fr", "FR"),
        ("FR", "FR"),
        ("France", "FR"),
        ("french", "FR"),
        ("UK", "GB"),
        ("Holland", "NL"),
        ("the netherlands", "NL"),
        ("Türkiye", "TR"),
        ("Turkiye", "TR"),
        ("Turkey", "TR"),
        ("USA", "US"),
        ("U.S.", "US"),
        ("  Lithuania ", "LT"),
        ("Budapest", "HU"),
        ("rapporteur", "RAPPORTEUR"),
        ("us", "US"),
        ("Japan", "JP"),
        ("seoul", "KR"),
        ("South Korea", "KR"),
        ("Aotearoa", "NZ"),
        ("European Union", "EU"),
        ("nato", "NATO"),
        ("IP4", "AP4"),
        ("Beijing", "CN"),
    ],
)
def test_a_seat_is_found_by_any_usual_name(record: Record, name: str, code: str) -> None:
    assert record.delegations.find(name).code == code


def test_an_unknown_name_is_answered_with_the_nearest(record: Record) -> None:
    with pytest.raises(UnknownDelegation, match=r"Lithuania \(LT\)") as raised:
        record.delegations.find("Lithunia")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["", "Atlantis", "🎉", "x" * 5000])
def test_a_name_near_nothing_is_refused_in_one_short_line(record: Record, name: str) -> None:
    with pytest.raises(UnknownDelegation) as raised:
        record.delegations.find(name)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("Korea", ("South Korea (KR)", "North Korea (no seat)")),
        ("the Baltics", ("Estonia (EE)", "Latvia (LV)", "Lithuania (LT)")),
        ("Brussels", ("Belgium (BE)", "NATO", "European Union (EU)")),
        ("BENELUX", ("Belgium (BE)", "Luxembourg (LU)", "Netherlands (NL)")),
        (" v4 ", ("Czechia (CZ)", "Hungary (HU)", "Poland (PL)", "Slovakia (SK)")),
    ],
)
def test_a_name_of_several_gets_a_choice_and_no_guess(record: Record, name: str, choices: tuple[str, ...]) -> None:
    for chosen in (record.delegations.find, record.delegations.seat):
        with pytest.raises(AmbiguousDelegation, match="choose one") as raised:
            chosen(name)
        assert raised.value.nearest == choices
        assert all(choice in str(raised.value) for choice in choices)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("name", "code"), [("China", "CN"), ("Beijing", "CN"), ("IP4", "AP4")])
def test_who_has_no_seat_is_looked_up_and_not_seated(record: Record, name: str, code: str) -> None:
    assert record.delegations.find(name).code == code
    with pytest.raises(NotSeated, match=f"no delegate at this table.* position {code}") as raised:
        record.delegations.seat(name)
    assert raised.value.nearest == (code,)


def test_who_has_a_seat_is_seated_by_any_usual_name(record: Record) -> None:
    for seat in record.delegations.seated:
        assert record.delegations.seat(seat.code) == record.delegations.seat(seat.name) == seat


def test_all_members_have_a_seat_and_the_rapporteur_too(record: Record) -> None:
    kinds = Counter(seat.kind for seat in record.delegations if not seat.is_neutral)
    assert kinds == {"member": 32, "partner": 4, "institution": 2, "group": 1, "other": 1}
    seated = {seat.code for seat in record.delegations.seated}
    assert seated == {seat.code for seat in record.delegations} - {"AP4", "CN"}
    assert "RAPPORTEUR" in seated


def test_what_is_typed_finds_seats_by_name_code_and_alias(record: Record) -> None:
    def codes(typed: str) -> list[str]:
        return [seat.code for seat in record.delegations.matching(typed)]

    assert codes("lith")[0] == "LT"
    assert codes("hu")[0] == "HU"
    assert codes("holl")[0] == "NL"
    assert "SI" in codes("slov")
    assert "SK" in codes("slov")
    assert codes("zzz") == []


def test_what_is_typed_of_a_group_finds_its_members(record: Record) -> None:
    assert {seat.code for seat in record.delegations.matching("balt")} == {"EE", "LV", "LT"}
    assert {"BE", "LU", "NL"} == {seat.code for seat in record.delegations.matching("benel")}
    assert [seat.code for seat in record.delegations.matching("kor")] == ["KR"]


def test_nothing_typed_offers_all(record: Record) -> None:
    assert record.delegations.matching("") == list(record.delegations)


def test_no_two_seats_share_a_name_but_that_of_their_capital(record: Record) -> None:
    times = Counter(key for seat in record.delegations for key in seat.keys)
    assert {key for key, count in times.items() if count > 1} == {"brussels"}


def test_no_group_is_called_as_a_seat_or_as_another_group(record: Record) -> None:
    seats = {key for seat in record.delegations for key in seat.keys}
    owners: dict[str, str] = {}
    for group in record.delegations.groups:
        for form in group.forms:
            assert form.casefold() not in seats
            assert owners.setdefault(form.casefold(), group.name) == group.name


def test_a_code_is_nobody_elses_name() -> None:
    seats = [
        Delegation(code="AA", name="Aland", adjective="Alandic", flag="🏳️"),
        Delegation(code="BB", name="Beland", adjective="Belandic", flag="🏳️", aliases=("AA",)),
    ]
    assert Delegations(seats).find("aa").code == "AA"


def test_a_group_is_a_choice_of_its_members_and_a_shared_name_one_of_its_bearers() -> None:
    seats = [Delegation(code=code, name=f"{code}land", adjective=f"{code}ish", flag="🏳️") for code in ("AA", "BB")]
    group = Group(name="Twins", spoken="the twins", members=("AA", "BB"), aliases=("the pair",))
    delegations = Delegations(seats, [group], {"Land": ("AAland (AA)", "Sealand (no seat)")})
    for name, choices in (("the pair", ("AAland (AA)", "BBland (BB)")), ("land", ("AAland (AA)", "Sealand (no seat)"))):
        with pytest.raises(AmbiguousDelegation) as raised:
            delegations.find(name)
        assert raised.value.nearest == choices


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("What do the Baltic states think?", {"EE", "LV", "LT"}),
        ("scandinavia or the low countries", {"DK", "FI", "IS", "NO", "SE", "BE", "LU", "NL"}),
        ("Do the Visegrád four and Japan agree?", {"CZ", "HU", "PL", "SK", "JP"}),
        ("What has NATO to do with the French?", {"FR"}),  # the alliance is in most questions
        ("What was said at the Madrid summit?", set()),
        ("Who is in favour?", set()),
    ],
)
def test_who_is_named_in_a_text_is_named_alone_or_in_a_group(record: Record, text: str, codes: set[str]) -> None:
    assert record.delegations.named(text, record.names) == codes


def test_a_seat_is_offered_with_its_code_where_that_is_not_its_name(record: Record) -> None:
    assert record.delegations["FR"].choice == "France (FR)"
    assert record.delegations["NATO"].choice == "NATO"


def test_every_name_within_a_sentence_has_its_article(record: Record) -> None:
    spoken = {seat.in_sentence for seat in record.delegations}
    assert {"the United States", "the Netherlands", "the European Union", "the Asia-Pacific Four", "Japan"} <= spoken
