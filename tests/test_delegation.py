import pytest

from knowledge.errors import UnknownDelegation
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


def test_all_members_have_a_seat_and_the_rapporteur_too(record: Record) -> None:
    assert len(list(record.delegations)) == 32 + 1


def test_what_is_typed_finds_seats_by_name_code_and_alias(record: Record) -> None:
    def codes(typed: str) -> list[str]:
        return [seat.code for seat in record.delegations.matching(typed)]

    assert codes("lith")[0] == "LT"
    assert codes("hu")[0] == "HU"
    assert codes("holl")[0] == "NL"
    assert "SI" in codes("slov")
    assert "SK" in codes("slov")
    assert codes("zzz") == []


def test_no_two_seats_share_a_name(record: Record) -> None:
    keys = [key for seat in record.delegations for key in seat.keys]
    assert len(keys) == len(set(keys))
