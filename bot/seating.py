"""Who may speak for which side: a delegate of ours never against its position.

Which way a motion leans is not read from its words (likeness tells that no better than two times in three) but from who
is seated: a delegation opposed to a NATO role that is seated for a motion makes it a motion to stay out.
"""

from bot.address import MOTION
from bot.debate import COUNTS_AS, is_instructed
from bot.duel import Seat, Side, other
from knowledge.errors import NotSeated, OutOfOrder
from knowledge.record import Record


def mandate(record: Record, seat: Seat) -> str:
    """By what right a delegate of ours speaks where its state has no position; nothing where it has one."""
    if not seat.is_ours or not is_instructed(record.position_of(record.delegations[seat.state]), seat.pleads):
        return ""
    return f"instructed by the chair to argue {seat.pleads} a broader NATO role"


def seated(record: Record, motion: str, seats: tuple[Seat, Seat]) -> tuple[Seat, Seat]:
    """``seats`` with what each pleads for towards a NATO role.

    Raises OutOfOrder (sides) where a delegate of ours would have to contradict its position. One without a position is
    instructed by the chair, and takes either side.
    """
    for seat in seats:
        _check(record, seat)
    if seats[0].state == seats[1].state and all(seat.is_ours for seat in seats):
        state = record.delegations[seats[0].state]
        raise OutOfOrder("sides", f"{state.in_sentence} does not debate against itself; seat another on one side.")
    straight = _fits(record, seats, turned=False)
    if not straight and (motion == MOTION or not _fits(record, seats, turned=True)):
        raise OutOfOrder("sides", _misfit(record, seats))
    return _pleading(seats[0], not straight), _pleading(seats[1], not straight)


def _check(record: Record, seat: Seat) -> None:
    if not seat.is_ours:
        return
    state = record.delegations[seat.state]
    if state.is_neutral:
        raise OutOfOrder("sides", "the rapporteur takes no side; seat a delegation.")
    if not state.seated:
        raise NotSeated(state.in_sentence, state.code)


def _fits(record: Record, seats: tuple[Seat, Seat], *, turned: bool) -> bool:
    return all(_stance(record, seat) in (None, other(seat.side) if turned else seat.side) for seat in seats)


def _stance(record: Record, seat: Seat) -> Side | None:
    """What a delegate of ours must plead for; people, and delegations in between, may take either side."""
    if not seat.is_ours:
        return None
    return record.position_of(record.delegations[seat.state]).side


def _pleading(seat: Seat, turned: bool) -> Seat:
    return seat.model_copy(update={"pleads": other(seat.side) if turned else seat.side})


def _misfit(record: Record, seats: tuple[Seat, Seat]) -> str:
    named = [(record.delegations[seat.state], seat) for seat in seats if _stance(record, seat)]
    stances = {record.position_of(state).leaning for state, _ in named}
    if len(named) == len(seats) and len(stances) == 1:
        both = " and ".join(state.in_sentence for state, _ in named)
        return f"{both} are both {COUNTS_AS[stances.pop()]}; seat a delegation that holds otherwise on one side."
    state, _ = next((each for each in named if _stance(record, each[1]) != each[1].side), named[0])
    stance = COUNTS_AS[record.position_of(state).leaning]
    return f"{state.in_sentence} is {stance}, and does not speak against its position; seat it on the other side."
