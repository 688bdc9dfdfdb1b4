import pytest

from knowledge.date import Date
from knowledge.position import STANCES, Hold, Leaning, Position


def standing(leaning: Leaning, *holds: Hold) -> Position:
    return Position(
        state="FR", leaning=leaning, basis="explicit", as_of=Date("2024-05-30"), summary="So it stands.", holds=holds
    )


@pytest.mark.parametrize(
    ("leaning", "stance", "side"),
    [
        ("supportive", "for", "for"),
        ("cautious", "mixed", None),
        ("divided", "mixed", None),
        ("opposed", "against", "against"),
        ("no-public-position", "none", None),
    ],
)
def test_a_leaning_is_a_stance_towards_the_motion(leaning: Leaning, stance: str, side: str | None) -> None:
    position = standing(leaning)
    assert (position.stance, position.side) == (stance, side)
    assert len(STANCES) == 5


def test_what_is_behind_several_holds_is_held_once() -> None:
    holds = [Hold(claim="So.", topic="role", arguments=behind) for behind in (("b", "a"), ("c", "b"))]
    assert standing("opposed", *holds).held == ("b", "a", "c")
    assert standing("opposed").held == ()
