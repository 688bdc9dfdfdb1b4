"""How a debate looks in Discord: its board, its turns, what is open, the votes. Every text passes the gate."""

import datetime

import discord
from discord import Embed

from bot import cards
from bot.debate import sentence
from bot.duel import SIDES, Due, Duel, Seat, Side, other
from bot.formats import NAMES
from bot.gate import clipped, markdown, plain
from bot.seating import mandate
from bot.votes import ANSWERS, Votes
from bot.wording import worded_by
from knowledge.position import Stance
from knowledge.record import Record

FREE = "Either side may speak."
MOTION, POINT, NAME = 280, 160, 90  # characters of a motion, of a point in a list, of a thread's name

HOW = (
    "Speak by replying to my last message, with its **Reply** button, or with `/say`. `/debate status` tells whose "
    "turn it is, `/debate summary` what is answered and what is open."
)


def name(duel: Duel, record: Record) -> str:
    """Of the thread in which it is held: the flags tell it from others on the same motion."""
    flags = [record.delegations[seat.state].flag for seat in duel.seats if seat.state]
    return clipped(f"{' – '.join(flags)} {plain(duel.motion)}".strip(), NAME)


def opening(duel: Duel, record: Record) -> Embed:
    """What is debated, by whom, and how."""
    record = record.until(duel.as_of)
    card = Embed(colour=cards.COLOURS["none"], title=clipped(markdown(duel.motion), MOTION - 30))
    seats = [f"**{sentence(seat.side)}**: {_seated(seat, record)}" for seat in duel.seats]
    turned = [line for line in (_turned(duel, record), _dated(duel)) if line]
    ours = all(seat.is_ours for seat in duel.seats)
    how = "**Stop** under a turn holds the debate; `/debate resume` goes on." if ours else HOW
    card.description = "\n".join([*seats, *turned, "", f"{duel.format.name}: {duel.format.tells}", "", how])
    return card


def turn(duel: Duel, n: int, record: Record) -> Embed:
    """One turn of ours, with its citations; or a person's, that came without a message of its own."""
    said, record = duel.turns[n], record.until(duel.as_of)
    seat = duel.seat(said.side)
    card = Embed(colour=cards.COLOURS[_stance(seat, record)])
    card.set_author(name=f"{_speaker(seat, record)} · {NAMES[said.kind]}")
    person = [f"<@{seat.person}>:"] if seat.person else []
    lines = (clipped(markdown(" ".join(line.split())), cards.PARAGRAPH) for line in said.text.split("\n"))
    card.description = clipped("\n".join([*person, *filter(None, lines)]), cards.TEXT)
    to = f", to turn {said.answers + 1}" if said.answers is not None else ""
    terms = dict.fromkeys(each.source.terms for each in said.citations)
    small = [f"Turn {n + 1}{to}", plain(worded_by(said.drafter, said.remark)), *map(plain, terms)]
    card.set_footer(text=" · ".join(filter(None, small)))
    return cards.with_citations(card, said.claims)


def next_up(duel: Duel, record: Record) -> str:
    """Whose turn it is now, for what, and until when."""
    due = duel.due
    if due is None:
        return "The debate is over."
    if not duel.format.ordered:
        return ""
    return f"Next: {_due(duel, due, record)}."


def call(duel: Duel, record: Record) -> str:
    """As ``next_up``, where nothing was said just before."""
    return next_up(duel, record) or FREE


def status(duel: Duel, record: Record) -> Embed:
    """Where the debate stands."""
    card = Embed(colour=cards.COLOURS["none"], title=clipped(markdown(duel.motion), MOTION - 30))
    record = record.until(duel.as_of)
    lines = [f"**{sentence(seat.side)}**: {_seated(seat, record)}" for seat in duel.seats]
    lines += [_dated(duel)] if duel.as_of else []
    lines.append(f"{_counted(len(duel.turns), 'turn')} held. {_state(duel, record)}")
    lines += [f"{_who(duel, side, record)} has {_count(duel, side)} to answer." for side in SIDES]
    card.description = "\n".join(lines)
    return card


def summary(duel: Duel, record: Record) -> Embed:
    """The running record: each side's points, answered and open."""
    card = Embed(colour=cards.COLOURS["none"], title="Answered and open")
    for side in SIDES:
        card.add_field(
            name=f"Put by {_who(duel, side, record)}", value=_points(duel, side) or "Nothing yet.", inline=False
        )
    return card


def report(duel: Duel, record: Record) -> Embed:
    """The end: what each side left open."""
    card = summary(duel, record)
    card.title = "The debate is over"
    return card


def audience(duel: Duel) -> Embed:
    """How the audience moved."""
    return Embed(colour=cards.COLOURS["none"], title="The audience", description=Votes(duel.votes).shift)


def lapse(duel: Duel, n: int, record: Record) -> str:
    said = duel.turns[n]
    return f"Time has run out for the {NAMES[said.kind]} of {_who(duel, said.side, record)}; the floor passes on."


def poll(duel: Duel, when: str) -> discord.Poll:
    """The audience's vote ``when`` the debate has not begun, or is over."""
    asked = discord.Poll(
        question=clipped(plain(f"{sentence(when)} the debate: {duel.motion}"), MOTION),
        duration=datetime.timedelta(days=1),
    )
    for answer in ANSWERS:
        asked.add_answer(text=answer)
    return asked


def _points(duel: Duel, side: Side) -> str:
    missing = duel.unanswered_by(other(side))
    lines: list[str] = []
    places = duel.put_by(side)
    for n, place in enumerate(places):
        mark = "▫️ open" if place in missing else "▪️ answered"
        line = f"{mark}, turn {place.turn + 1}: {clipped(markdown(duel.point(place).text), POINT)}"
        if sum(map(len, lines)) + len(lines) + len(line) > 990:
            return "\n".join([*lines, f"… and {len(places) - n} more"])
        lines.append(line)
    return "\n".join(lines)


def _count(duel: Duel, side: Side) -> str:
    return _counted(len(duel.unanswered_by(side)), "point")


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count or 'no'} {noun}s"


def _state(duel: Duel, record: Record) -> str:
    if duel.status == "paused" and not duel.turns:
        return "The debate has not begun; `/debate resume` begins it."
    if duel.status == "paused":
        return "The debate is paused; `/debate resume` goes on."
    return call(duel, record)


def _due(duel: Duel, due: Due, record: Record) -> str:
    seat = duel.seat(due.side)
    person = f"<@{seat.person}> for " if seat.person else ""
    who = _who(duel, due.side, record) if seat.state else "the motion" if due.side == "for" else "those against it"
    until = f", <t:{int(duel.deadline.timestamp())}:R> at the latest" if seat.person and duel.deadline else ""
    return f"{person}{who}, {NAMES[due.kind]}, at most {due.words} words{until}"


def _who(duel: Duel, side: Side, record: Record) -> str:
    seat = duel.seat(side)
    return markdown(record.delegations[seat.state].in_sentence) if seat.state else f"the side {side}"


def _speaker(seat: Seat, record: Record) -> str:
    if not seat.state:
        return f"{sentence(seat.side)} the motion"
    state = record.delegations[seat.state]
    return f"{state.flag} {state.name}"


def _seated(seat: Seat, record: Record) -> str:
    state = markdown(_speaker(seat, record)) if seat.state else ""
    speaker = f"<@{seat.person}>" if seat.person else "its delegate"
    how = f", {instructed}" if (instructed := mandate(record, seat)) else ""
    return f"{state}, {speaker}{how}" if state else speaker


def _turned(duel: Duel, record: Record) -> str:
    """Where a motion turned the sides around, so that nobody is misled by "for"."""
    for seat in duel.seats:
        if seat.is_ours and seat.pleads != seat.side and record.position_of(record.delegations[seat.state]).side:
            who = sentence(_who(duel, seat.side, record))
            return (
                f"*{who}, {seat.side} this motion, speaks {seat.pleads} a broader NATO role: the sides follow the "
                "delegations’ positions.*"
            )
    return ""


def _dated(duel: Duel) -> str:
    return f"*As of {duel.as_of.words}: nothing newer is used.*" if duel.as_of else ""


def _stance(seat: Seat, record: Record) -> Stance:
    return record.position_of(record.delegations[seat.state]).stance if seat.state else "none"
