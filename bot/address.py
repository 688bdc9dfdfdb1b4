"""Whom a question addresses, and what is left of it when nobody is named."""

import re
from collections.abc import Iterable

from bot.wording import possessive
from knowledge.delegation import Delegation
from knowledge.lexical import content_words

MOTION = "Does NATO have a role in the Indo-Pacific?"

# Words of questions to a delegate that name no subject: "Your president said the opposite. Switch sides."
_NO_SUBJECT = frozenset(
    "argue argument arguments argues attitude believe change changed country defend delegate delegation explain "
    "government hold introduce leader minister mind motion opinion opposite outline please policy position prime "
    "president really sides side speak stance stand summarise summarize summary support switch view views wrong yours "
    "yourself agree disagree favour favor oppose opposed sure state statement case list pros cons both now".split()
)

_YOU = re.compile(r"\b(?:you|(?:your|the) (?:country|state|government|delegation))\b", re.I)
_YOURS = re.compile(r"\byour\b(?! (?:country|state|government|delegation))", re.I)


def put_to(seat: Delegation, question: str) -> str:
    """``question`` as it is meant: without a subject of its own it is about the motion, and "you" is the seat (the
    rapporteur is nobody's "you").
    """
    if set(content_words(question)) <= _NO_SUBJECT:
        return MOTION
    if seat.is_neutral:
        return question
    question = _YOURS.sub(possessive(seat.in_sentence), question)
    return _YOU.sub(seat.in_sentence, question)


def put_at_large(question: str, seats: Iterable[Delegation]) -> str:
    """``question`` with the seats left out: what is it about, whoever is asked?"""
    forms = sorted((form for seat in seats for form in seat.forms), key=len, reverse=True)
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})(['’]s)?(?!\w)")
    return named.sub(lambda found: "its" if found.group(1) else "the state", question)
