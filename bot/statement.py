"""What somebody claims, taken apart into single claims, and each in a few of its own words."""

import re

from bot.question import asked
from knowledge.lexical import content_words

MOST = 10  # claims taken from one message
FEW_WORDS = 12  # with which a claim is quoted back

_ENDS = re.compile(r"(?<=[.!?;…])[\"'”’)\]]*\s+|\s*\n+\s*|\s+[-–—]\s+|\s*[•·]\s+|(?:^|\s)\(?\d{1,2}[.)]\s+")
_JOINTS = re.compile(
    r",?\s+(?:and|but|while|whereas|yet|plus|besides|moreover|also)\s+(?=(?:that|the|it|we|they|you|he|she|there|nato|"
    r"china|beijing|europe|america|washington|russia|taiwan|our|your|its|nobody|no|every|all|only|[A-Z])\b)|"
    r",\s+(?:so|because|since)\s+",
    re.I,
)
_LEAST_WORDS = 3  # of a claim, which tell topics apart
_PREAMBLE = re.compile(
    r"^(?:(?:well|but|and|so|look|listen|honestly|frankly|sorry|ok(?:ay)?|come on|face it|let'?s face it|in fact|of "
    r"course|surely|first(?:ly)?|second(?:ly)?|finally|moreover|furthermore|besides|yes|no)\b[,:]?\s+|"
    r"(?:(?:you|we|nobody|no one)(?: all)? (?:can(?:no|')t|cannot|must|have to|should|know|admit)(?: \w+)? that\s+|"
    r"(?:i|we) (?:really )?(?:think|believe|say|hold|would say|am sure|are sure)(?: that)?\s+|"
    r"everybody knows(?: that)?\s+|it is (?:clear|obvious|true)(?: that)?\s+|the (?:truth|fact) is(?: that)?,?\s+))+",
    re.I,
)


_REPORTED = re.compile(
    r"^(?:[\w'’-]+ ){1,5}?(?:argues?|believes?|claims|holds?|hopes?|insists?|judges|says?|thinks?|warns?) that\s+"
)


def claims_in(text: str) -> tuple[str, ...]:
    """The single claims of ``text``, in order, verbatim but for white space. Raises QuestionError when there are no
    words at all.
    """
    whole = asked(text)
    sentences = [part for part in _ENDS.split(whole) if part and part.strip()]
    parts = [part for sentence in sentences for part in _taken_apart(sentence)]
    return tuple(_told(parts) or [whole])[:MOST]


def in_few_words(claim: str) -> str:
    """A stretch of ``claim`` of at most ``FEW_WORDS`` words, verbatim; what is left out at its end is marked."""
    words = _REPORTED.sub("", _PREAMBLE.sub("", claim)).strip(" \"'“”.!?;:,") or claim
    if len(words.split()) <= FEW_WORDS:
        return f"{words}?" if claim.rstrip().endswith("?") else words
    clause = re.split(r"[,;:]\s", words)[0].split()
    whole = FEW_WORDS // 2 <= len(clause) <= FEW_WORDS
    kept = clause if whole else words.split()[:FEW_WORDS]
    while len(kept) > FEW_WORDS // 2 and not whole and not content_words(kept[-1]):
        kept.pop()  # not to break off at "with" or "the"
    return f"{' '.join(kept).rstrip(',;:')} …"


def _taken_apart(sentence: str) -> list[str]:
    """A sentence at its joints, where each part can stand by itself."""
    parts = [part.strip() for part in _JOINTS.split(sentence)]
    stands = all(len(content_words(part)) >= _LEAST_WORDS for part in parts)
    return parts if stands else [sentence.strip()]


def _told(parts: list[str]) -> list[str]:
    """Without the parts that say nothing ("Really?"), unless nothing else is said."""
    return [part for part in parts if len(content_words(part)) >= 2]
