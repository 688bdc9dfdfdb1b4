"""The JSON that programs read. Keys may be added, never renamed or removed. Every document is one line."""

import json
from collections.abc import Sequence
from typing import Any

from bot.comparison import Comparison, Holding, Word
from bot.debate import Citation, Claim, Speech, cite
from bot.duel import SIDES, Duel, Place, words_in
from bot.pictures import Picture
from bot.wording import text_of
from knowledge.delegation import Delegation
from knowledge.findings import Findings
from knowledge.passage import Passage
from knowledge.position import Stance
from knowledge.record import Record
from knowledge.source import Source

Fields = dict[str, Any]

_BREAKS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}


def answer(speech: Speech) -> str:
    return _line(
        {
            "state": speech.seat.code,
            "question": speech.question,
            "answered": speech.answered,
            "stance": speech.position.stance,
            "leaning": speech.position.leaning,
            "basis": speech.position.basis,
            "as_of": speech.position.as_of.isoformat(),
            "drafter": speech.drafter,
            "opening": speech.opening,
            "claims": [_claim(claim) for claim in speech.claims],
            "notices": [*speech.notices, *([speech.remark] if speech.remark else [])],
            "remark": speech.remark,
            "translations": dict(speech.translations),
            "dropped": [fault.rung for fault in speech.faults],
            "text": text_of(speech),
        }
    )


def refusal(state: str, question: str, error: Exception, stance: Stance = "none") -> str:
    """What stands for an answer in a batch when a line could not be asked."""
    return _line(
        {
            "state": state,
            "question": question,
            "answered": False,
            "stance": stance,
            "drafter": "none",
            "claims": [],
            "notices": [str(error)],
            "error": type(error).__name__,
        }
    )


def hits(findings: Findings, record: Record, most: int) -> str:
    return _line(
        {
            "query": findings.question,
            "hits": [
                {
                    **_passage(hit.passage),
                    "text": hit.passage.text,
                    "score": round(hit.score, 4),
                    "source": _source(record.source_of(hit.passage)),
                }
                for hit in findings.hits[:most]
            ],
        }
    )


def no_hits(query: str, error: Exception) -> str:
    """What stands for a search in a batch when a line could not be searched for."""
    return _line({"query": query, "hits": [], "notices": [str(error)], "error": type(error).__name__})


def sources(record: Record) -> str:
    counted = {id: sum(passage.source == id for passage in record.passages.values()) for id in record.sources}
    return _line(
        {
            "sources": [
                {
                    **_source(source),
                    "republished_by": source.republished_by,
                    "licence": source.licence,
                    "sha256": source.sha256,
                    "passages": counted[id],
                    "arguments": sum(record.passages[behind[0]].source == id for behind in record.grounds.values()),
                }
                for id, source in record.sources.items()
            ]
        }
    )


def debate(duel: Duel, notices: Sequence[str] = ()) -> str:
    """A whole duel, complete enough to grade from."""
    return _line(
        {
            "motion": duel.motion,
            "format": duel.format.id,
            "as_of": duel.as_of and duel.as_of.isoformat(),
            "status": duel.status,
            "seats": [
                {"side": seat.side, "state": seat.state, "human": not seat.is_ours, "pleads": seat.pleads}
                for seat in duel.seats
            ],
            "turns": [_turn(duel, n) for n in range(len(duel.turns))],
            "unanswered": {side: [_place(duel, place) for place in duel.unanswered_by(side)] for side in SIDES},
            "votes": duel.votes,
            "notices": list(notices),
        }
    )


def position(seat: Delegation, record: Record) -> str:
    return _line(_position(seat, record))


def positions(seats: Sequence[Delegation], record: Record) -> str:
    return _line({"positions": [_position(seat, record) for seat in seats]})


def comparison(compared: Comparison) -> str:
    """Topic by topic, with the verdict on each."""
    return _line(
        {
            "states": [compared.first.code, compared.second.code],
            "stances": [position.stance for position in compared.positions],
            "rows": [
                {
                    "topic": row.topic,
                    "verdict": row.verdict,
                    compared.first.code: [_word(word) for word in row.first],
                    compared.second.code: [_word(word) for word in row.second],
                }
                for row in compared.rows
            ],
        }
    )


def holding(held: Holding) -> str:
    return _line(
        {
            "claim": held.claim,
            "topic": held.topic,
            "read_as": held.read_as,
            "is_read": held.is_read,
            "hold": [{"state": stand.seat.code, "words": [_word(word) for word in stand.words]} for stand in held.hold],
            "oppose": [
                {"state": stand.seat.code, "words": [_word(word) for word in stand.words]} for stand in held.oppose
            ],
            "silent": [seat.code for seat in held.silent],
        }
    )


def picture(drawn: Picture) -> str:
    return _line({"name": drawn.name, "alt": drawn.alt, "bytes": len(drawn.png)})


def _word(word: Word) -> Fields:
    return {"text": word.text, "citations": [_citation(citation) for citation in word.citations]}


def _position(seat: Delegation, record: Record) -> Fields:
    held = record.position_of(seat)
    return {
        "state": seat.code,
        "name": seat.name,
        "stance": held.stance,
        "leaning": held.leaning,
        "basis": held.basis,
        "as_of": held.as_of.isoformat(),
        "summary": held.summary,
        "holds": [
            {
                "claim": hold.claim,
                "topic": hold.topic,
                "arguments": list(hold.arguments),
                "citations": [_citation(citation) for citation in cite(record, hold.arguments)],
            }
            for hold in held.holds
        ],
        "silent_on": [record.topics[topic] for topic in held.silent_on],
        "changed": [
            {"text": change.text, "facts": list(change.facts), "overtakes": list(change.overtakes)}
            for change in held.changed
        ],
        "facts": [_fact(record.passages[fact], record) for fact in held.facts],
    }


def _fact(passage: Passage, record: Record) -> Fields:
    return {
        "id": passage.id,
        "text": passage.text,
        "topic": record.arguments[passage.id.lower()].topic,
        "date": passage.date.isoformat(),
        "source": _source(record.source_of(passage)),
    }


def _turn(duel: Duel, n: int) -> Fields:
    turn = duel.turns[n]
    return {
        "n": n,
        "state": duel.seat(turn.side).state,
        "side": turn.side,
        "kind": turn.kind,
        "answers": turn.answers,
        "at": turn.at.isoformat(),
        "lapsed": turn.lapsed,
        "text": turn.text,
        "words": words_in(turn.text),
        "drafter": turn.drafter,
        "remark": turn.remark,
        "claims": [_claim(claim) for claim in turn.claims],
        "points": [point.model_dump() for point in turn.points],
        "met": [_place(duel, place) for place in turn.met],
    }


def _place(duel: Duel, place: Place) -> Fields:
    point = duel.point(place)
    return {"turn": place.turn, "point": place.point, "text": point.text, "argument": point.argument}


def _claim(claim: Claim) -> Fields:
    return {
        "text": claim.text,
        "voice": claim.voice,
        "to": claim.to,
        "checked": claim.checked,
        "citations": [_citation(citation) for citation in claim.citations],
    }


def _citation(citation: Citation) -> Fields:
    return {
        "n": citation.n,
        **_passage(citation.passage),
        "quote": citation.quote,
        "source": _source(citation.source),
        "held_by": list(citation.held_by),
        "side": citation.side,
        "as_of": citation.as_of.isoformat(),
        "summary": citation.passage.is_summary,
        "since": [{"text": change.text, "facts": list(change.facts)} for change in citation.since],
    }


def _passage(passage: Passage) -> Fields:
    return {"passage": passage.id, "section": passage.section, "paragraph": passage.paragraph}


def _source(source: Source) -> Fields:
    return {
        "id": source.id,
        "title": source.title,
        "author": source.author,
        "publisher": source.publisher,
        "date": source.date.isoformat(),
        "url": source.url,
        "url_leads_to": source.url_leads_to,
        "tier": source.tier,
    }


def _line(fields: Fields) -> str:
    """One line for every reader of lines, whatever was typed."""
    return json.dumps(fields, ensure_ascii=False).translate(_BREAKS)
