"""Whom a question addresses, and what is left of it when nobody is named."""

import re
from collections.abc import Iterable

from bot.wording import possessive
from knowledge.delegation import ALLIANCE, Delegation
from knowledge.lexical import content_words

MOTION = "Does NATO have a role in the Indo-Pacific?"

# Words of questions to a delegate that name no subject: "Your president said the opposite. Switch sides."
_NO_SUBJECT = frozenset(
    "argue argument arguments argues attitude believe change changed country defend delegate delegation explain "
    "government hold introduce leader minister mind motion opinion opposite outline please policy position prime "
    "president really sides side speak stance stand summarise summarize summary support switch view views wrong yours "
    "against answer question table tonight vote yes yourself agree disagree favour favor oppose opposed sure state statement case list pros cons both now".split()
)

_YOU = re.compile(r"\b(?:you|(?:your|the) (?:country|state|government|delegation))\b", re.I)
_YOURS = re.compile(r"\byour\b(?! (?:country|state|government|delegation))", re.I)


def put_to(seat: Delegation, question: str) -> str:
    """``question`` as it is meant: without a subject of its own it is about the motion, and "you" is the seat (the
    rapporteur is nobody's "you").
    """
    if not has_subject(question, [seat]):
        return MOTION
    if seat.is_neutral:
        return question
    question = _YOURS.sub(possessive(seat.in_sentence), question)
    return _YOU.sub(seat.in_sentence, question)


def has_subject(question: str, seats: Iterable[Delegation]) -> bool:
    """Whether anything is asked beyond where the seats stand: "How would Australia vote?" has no other subject."""
    bare = _names(form for seat in seats for form in seat.forms).sub(" ", question)
    return not set(content_words(bare)) <= _NO_SUBJECT


def _names(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    any_of = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"\b(?:{any_of})(['’]s)?(?!\w)")


def put_at_large(question: str, seats: Iterable[Delegation]) -> str:
    """``question`` with the seats left out: what is it about, whoever is asked? The alliance is what most are about."""
    named = _names(form for seat in seats if seat.code != ALLIANCE for form in seat.forms)
    return named.sub(lambda found: "its" if found.group(1) else "the state", question)
