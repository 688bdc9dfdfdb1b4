from knowledge.holdings import Holdings, text_of, version_of_holdings
from tests.holdings import held, passage


def test_other_passages_or_another_order_are_another_version() -> None:
    one, other = passage(1, "Ships"), passage(2, "Trade")
    versions = {Holdings.of(each).version for each in ([], [one], [one, other], [other, one])}
    assert len(versions) == 4
    assert Holdings.of([one]).version == Holdings.of([one]).version


def test_they_can_be_read_again_and_again() -> None:
    holdings = held(5)
    assert list(holdings.read()) == list(holdings.read())


def test_what_an_index_is_made_with_tells_it_from_others() -> None:
    assert version_of_holdings(held(5), "one model") != version_of_holdings(held(5), "another")
    assert version_of_holdings(held(5)) != version_of_holdings(held(6))


def test_a_passage_is_found_by_its_section_too() -> None:
    assert text_of(passage(1, "They sail.", section="Ships")) == "Ships They sail."
    assert text_of(passage(1, "They sail.")) == "They sail."
