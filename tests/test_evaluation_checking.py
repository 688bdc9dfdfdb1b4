import random
from pathlib import Path

import pytest

from bot.debate import Proposal
from bot.delegate import Delegate
from bot.evaluation import checking
from bot.evaluation.checking import Reworded
from bot.evaluation.corruption import FAMILIES, TEXTUAL, Family, Spoiler
from bot.evaluation.reading import read
from knowledge.record import Record
from tests.proposals import proposal

HERE = Path(__file__).parent
SEED, TRIES = 5, 60


def spoilt(record: Record, family: Family, times: int = TRIES) -> list[tuple[Proposal, Proposal]]:
    """What France holds, spoilt so many times by a family, each with what it was."""
    position, chance = record.positions["FR"], random.Random(SEED)
    spoiler = Spoiler(record, position, chance)
    sound = [proposal(record, id, voice="own") for id in position.held]
    found: list[tuple[Proposal, Proposal]] = []
    while len(found) < times:
        before = chance.choice(sound)
        if after := spoiler.spoilt(family, before):
            found.append((before, after))
    return found


@pytest.mark.parametrize("family", [family for family in FAMILIES if family != "number"])
def test_what_is_spoilt_is_never_what_it_was(record: Record, family: Family) -> None:
    for before, after in spoilt(record, family):
        assert (after.text, after.quotes) != (before.text, before.quotes)
        if family in ("word", "date", "country", "negation"):
            assert after.quotes == before.quotes
        if family in ("quote", "passage", "invented", "support"):
            assert after.text == before.text


@pytest.mark.parametrize("family", sorted(TEXTUAL - {"number"}))
def test_nothing_spoilt_in_its_text_gets_through(record: Record, family: Family) -> None:
    seat = record.delegations["FR"]
    through = [after.text for _, after in spoilt(record, family) if not checking._falls(record, seat, after)]
    assert len(through) <= TRIES // 50, through


async def test_every_family_is_measured_and_nothing_sound_falls(
    delegate: Delegate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "EACH", 12)
    for folder, name in (
        ("questions/delegations", "fidelity"),
        ("claims", "rebuttals"),
        ("claims", "worded"),
        ("claims", "recombined"),
    ):
        lines = (HERE / folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / f"{name}.jsonl").write_text("\n".join(lines[::12]), encoding="utf-8")
    measured = await checking.measure(delegate, tmp_path / "questions", tmp_path / "claims", tmp_path / "none")
    assert [each.name for each in measured.spoilt] == list(FAMILIES)
    assert all(each.n == 12 for each in (*measured.spoilt, *measured.spoilt_rewordings))
    assert measured.clean.n > 20
    assert measured.clean.dropped == 0
    assert measured.evidence == []


def test_a_claim_of_the_world_at_large_is_compared_with_what_is_said_to_support_it(
    record: Record, tmp_path: Path
) -> None:
    (tmp_path / "claims.jsonl").write_text(
        '{"claim": "The bridge opened in 1932.", "label": "supported", "supporting_sentences": [[1]],'
        ' "evidence": ["It is long.", "The bridge was opened in 1932."]}\n'
        '{"claim": "The bridge opened in 1933.", "label": "not_supported", "supporting_sentences": [],'
        ' "evidence": ["It is long.", "The bridge was opened in 1932."]}\n',
        encoding="utf-8",
    )
    measured = checking._evidence(record, tmp_path / "claims.jsonl")
    assert [(each.name, each.n, each.dropped) for each in measured] == [
        ("not_supported", 1, 1.0),
        ("supported", 1, 0.0),
    ]


def test_the_rewordings_that_measure_are_of_known_arguments_and_none_is_in_another_set(record: Record) -> None:
    sets = [read(Reworded, HERE / "claims" / f"{name}.jsonl") for name in ("worded", "worded-tuning", "worded-tuning2")]
    assert all(each.argument in record.arguments for rewordings in sets for each in rewordings)
    texts = [{each.text for each in rewordings} for rewordings in sets]
    assert texts[0].isdisjoint(texts[1] | texts[2])
    assert all(bool(each.fault) != each.faithful for each in sets[0])
