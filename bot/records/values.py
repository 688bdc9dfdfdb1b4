"""From values to rows and back. What the record no longer bears out does not come back."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from bot.debate import Citation, Claim, citation_of
from bot.duel import Duel, Place, Point, Seat, Turn
from bot.formats import Format
from bot.records.tables import CitationRow, ClaimRow, DebateRow, SeatRow, TurnRow
from knowledge.date import Date
from knowledge.record import Record


class Debate(BaseModel):
    """A duel and where it is held. ``channel``: the thread, or the channel of a direct message; ``pace``: seconds
    between two turns of ours; ``polls``: "before" and "after" -> message; ``event``: what started it, of which nothing
    older is a part; where that is not known, its channel; ``messages``: per turn, where it was shown.
    """

    model_config = ConfigDict(frozen=True)

    id: int
    guild: int | None
    channel: int
    starter: int
    event: int
    duel: Duel
    pace: float
    polls: dict[str, int]
    messages: tuple[int | None, ...]


def row_of_seat(n: int, seat: Seat) -> SeatRow:
    return SeatRow(n=n, **seat.model_dump())


def row_of_turn(n: int, turn: Turn) -> TurnRow:
    return TurnRow(
        n=n,
        event=int(turn.event) if turn.event else None,
        claims=[_row_of_claim(m, claim) for m, claim in enumerate(turn.claims)],
        **turn.model_dump(exclude={"event", "claims"}),
    )


def _row_of_claim(n: int, claim: Claim) -> ClaimRow:
    citations = [_row_of_citation(place, citation) for place, citation in enumerate(claim.citations)]
    return ClaimRow(n=n, text=claim.text, voice=claim.voice, to=claim.to, checked=claim.checked, citations=citations)


def _row_of_citation(place: int, citation: Citation) -> CitationRow:
    return CitationRow(
        place=place,
        n=citation.n,
        passage=citation.passage.id,
        quote=citation.quote,
        argument=citation.argument,
        source=citation.source.id,
    )


def debate_of(row: DebateRow, record: Record) -> Debate:
    return Debate(
        id=row.id,
        guild=row.guild,
        channel=row.channel,
        starter=row.starter,
        event=row.event,
        duel=_duel_of(row, record),
        pace=row.pace,
        polls=row.polls,
        messages=tuple(turn.message for turn in row.turns),
    )


def _duel_of(row: DebateRow, record: Record) -> Duel:
    as_of = Date(row.as_of) if row.as_of else None
    first, second = (Seat.model_validate(seat, from_attributes=True) for seat in row.seats)
    return Duel(
        motion=row.motion,
        format=Format.model_validate(row.format),
        seats=(first, second),
        since=row.since,
        turns=tuple(_turn_of(turn, record.until(as_of)) for turn in row.turns),
        status=row.status,
        votes=row.votes,
        as_of=as_of,
    )


def _turn_of(row: TurnRow, record: Record) -> Turn:
    return Turn(
        side=row.side,
        kind=row.kind,
        text=row.text,
        at=row.at,
        claims=tuple(_claims_of(row, record)),
        points=tuple(map(Point.model_validate, row.points)),
        answers=row.answers,
        met=tuple(map(Place.model_validate, row.met)),
        lapsed=row.lapsed,
        event=str(row.event or ""),
        drafter=row.drafter,
        remark=row.remark,
    )


def _claims_of(row: TurnRow, record: Record) -> Iterator[Claim]:
    for claim in row.claims:
        if citations := tuple(_citations_of(claim, record)):
            yield Claim(text=claim.text, voice=claim.voice, to=claim.to, checked=claim.checked, citations=citations)


def _citations_of(row: ClaimRow, record: Record) -> Iterator[Citation]:
    """Those whose words still stand in their passage."""
    for cited in row.citations:
        passage = record.passages.get(cited.passage)
        if passage and (quote := passage.stretch(cited.quote)):
            yield citation_of(record, passage, quote, record.arguments.get(cited.argument), cited.n)
