"""Whom a question addresses, and what is left of it when nobody is named."""

import re
from collections.abc import Collection, Iterable

from bot.wording import possessive
from knowledge.delegation import ALLIANCE, Delegation, Delegations
from knowledge.names import Names
from knowledge.words import content_words

MOTION = "Does NATO have a role in the Indo-Pacific?"

# Words of questions to a delegate that name no subject: "Your president said the opposite. Switch sides."
_NO_SUBJECT = frozenset(
    "against agree answer argue argument arguments argues attitude basis believe both camp case change changed country "
    "defend exactly grounds honestly line old reason reasons "
    "delegate delegation disagree explain favor favour government hold introduce leader list minister mind motion now "
    "opinion oppose opposed opposite outline please policy position prime president pros cons question really side "
    "sides speak stance stand state statement summarise summarize summary support sure switch table tonight view views "
    "vote wrong yes yours yourself".split()
)

_ALLIES = "ally|allies|members?|member states|states|countries|country|governments?|nations|leaders|ambassadors"
_OF_A_KIND = {
    "partner": re.compile(r"\b(?:which|what|do|any|all|some|have|are) (?:of )?(?:the )?[\w'’]*\s?partners\b", re.I),
    "member": re.compile(
        r"\b(?:which|what|do|does|any|all|some|most|have|has|are|how many|other|list of) (?:of )?(?:the )?"
        rf"(?:nato |european )?(?:{_ALLIES})\b|\b(?:allies|members) (?:that|who)\b",
        re.I,
    ),
    "any": re.compile(
        r"^\W*(?:so |and )?who(?:se|m)?\b(?! (?:is|was|were|are)\b)|"
        r"\bwho (?:else|supports|opposes|wants|holds|says|favou?rs|backs|rejects)\b|"
        r"\bwho(?:['’]s| is| are)?(?: not)? (?:for|against|opposed|in favou?r|supportive|divided|cautious|silent)\b|"
        r"\b(?:which|what do|do) (?:the )?(?:delegations?|delegates|of them)\b",
        re.I,
    ),
}

_THINKING = (
    "want|think|say|hold|support|oppose|believe|see|view|seek|favou?r|expect|wish|feel|mean|prefer|accept|reject"
)
_THOUGHT = "view|position|stance|line|opinion|attitude|answer|case|argument"
LONG = 4  # letters from which a name is known in small letters too ("us" is no state)

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


def addresses(question: str) -> bool:
    """Whether the seat is spoken to: "you", "your country"."""
    return bool(_YOU.search(question) or _YOURS.search(question))


def asks_about(question: str, seat: Delegation) -> bool:
    """Whether it is asked what the seat thinks: "What does Japan want?", "Japan's view"; not what it does."""
    name = rf"(?:the )?(?:{'|'.join(map(re.escape, sorted(seat.forms, key=len, reverse=True)))})"
    asked = rf"\b(?:does|do|did|would|will|should) {name} (?:\w+ly |also |really )?(?:{_THINKING})\b"
    return bool(re.search(rf"{asked}|\b{name}(?:['’]s?)? (?:\w+ )?(?:{_THOUGHT})s?\b", question, re.I))


def scope_of(question: str, delegations: Delegations, names: Names) -> tuple[str, ...]:
    """The delegations (codes) that the rapporteur is asked about, where they are several: those that are named, or all
    of a kind ("Which allies …?", "Who …?"). Empty where the question is about none or one.
    """
    named = delegations.named(question, names)
    peers = [seat for seat in delegations if seat.code in named and seat.kind in ("member", "partner")]
    if len(peers) > 1 or (peers and not has_subject(question, peers)):
        return tuple(seat.code for seat in peers)
    for kind, asked in _OF_A_KIND.items():
        if asked.search(question):
            return tuple(seat.code for seat in delegations if not seat.is_neutral and kind in (seat.kind, "any"))
    return ()


def names_only(question: str, names: Names) -> bool:
    """Whether it asks of somebody on record, and of nothing else: "What do you think of China?"."""
    return bool(names.mentioned(question)) and not _has_words_beside(names.forms, question)


def has_subject(question: str, seats: Iterable[Delegation]) -> bool:
    """Whether anything is asked beyond where the seats stand: "How would Australia vote?" has no other subject."""
    return _has_words_beside([form for seat in seats for form in seat.forms], question)


def _has_words_beside(forms: Collection[str], question: str) -> bool:
    bare = _names(forms).sub(" ", question)
    bare = re.sub(_names(form for form in forms if len(form) >= LONG).pattern, " ", bare, flags=re.I)
    return not set(content_words(bare)) <= _NO_SUBJECT


def _names(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    any_of = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"\b(?:{any_of})(['’]s)?(?!\w)")


def put_at_large(question: str, seats: Iterable[Delegation]) -> str:
    """``question`` with the seats left out: what is it about, whoever is asked? The alliance is what most are about."""
    named = _names(form for seat in seats if seat.code != ALLIANCE for form in seat.forms)
    return named.sub(lambda found: "its" if found.group(1) else "the state", question)
