"""What somebody claims, taken apart into single claims, and each in a few of its own words."""

import re
from collections.abc import Iterable

from bot.question import asked, visible
from knowledge.words import content_words

MOST = 10  # claims taken from one message
FEW_WORDS = 12  # with which a claim is quoted back

_ENDS = re.compile(
    r"(?<=[.!?;…])(?<!\b[A-Za-z]\.)[\"'”’)\]]*\s+(?:\(?\d{1,2}[.)]\s+)?|(?:^|\s+)[-–—]\s+|\s*[•·]\s+|"
    r"^\(?\d{1,2}[.)]\s+|\s\(?\d{1,2}\)\s+"
)
_JOINTS = re.compile(
    r",?\s+(?:and|but|while|whereas|yet|plus|besides|moreover|also)\s+(?=(?:that|the|it|we|they|you|he|she|there|nato|"
    r"china|beijing|europe|america|washington|russia|taiwan|our|your|its|nobody|no|every|all|only)\b)|"
    r",\s+(?:so|because|since)\s+|,\s+(?:and|but)\s+(?=an?\b)",
    re.I,
)
_LEAST_WORDS = 3  # of a claim, which tell topics apart
_PREAMBLE = re.compile(
    r"^(?:(?:well|but|and|so|look|listen|honestly|frankly|sorry|ok(?:ay)?|come on|face it|let'?s face it|in fact|of "
    r"course|surely|first(?:ly)?|second(?:ly)?|finally|moreover|furthermore|besides|yes|no)\b[,:]?\s+|"
    r"(?:(?:you|we|nobody|no one)(?: all)? (?:can(?:no|')t|cannot|must|have to|should|know|admit)(?: \w+)? that\s+|"
    r"(?:i|we) (?:really )?(?:think|believe|say|hold|would say|am sure|are sure)(?: that)?\s+|"
    r"you (?:say|said)(?: that)?\s+|"
    r"everybody knows(?: that)?\s+|it is (?:clear|obvious|true)(?: that)?\s+|the (?:truth|fact) is(?: that)?,?\s+))+",
    re.I,
)


_REPORTED = re.compile(
    r"^(?:[\w'’-]+ ){1,5}?(?:argues?|believes?|claims|holds?|hopes?|insists?|judges|says?|thinks?|warns?) that\s+"
)


_ADJUNCT = re.compile(r"^(?:after|amid|as|at|because|given|if|in|rather|wanting|when|while|with)\b[^,;:]*,\s+", re.I)
_PARENTHESIS = re.compile(
    r"^(?:analyst )?(?:[A-Z][\w'’-]+ ){1,3}(?:advises|argues|judges|says|suggests|warns),?\s+(?:that\s+)?"
)
_LEAST_MAIN = 4  # words of a main clause

_ASKS = re.compile(
    r"(?:what|why|how|who|whom|whose|when|where|which|is|are|was|were|do|does|did|can|could|should|shall|would|will|may|"
    r"might|has|have|tell|explain|give|list|name|summari[sz]e|describe|show)\b",
    re.I,
)
_GOES_ON = re.compile(
    r"(?:(?:and|but|ok|well|so)[ ,]+)?(?:why|how so|how come|go on|tell me more|more|what else|anything else|and|"
    r"meaning|explain(?: that)?|on what grounds|prove it|really|so what|no it is(?:n[’']t| not)|that[’']?s? (?:is )?"
    r"(?:wrong|not true|false|nonsense)|i disagree|"
    r"i (?:don[’']t|do not) (?:believe|agree)(?: you| with you| it| that)?)"
    r"(?: (?:is that|so|not|then))?\s*[?.!…]*$",
    re.I,
)


# Statements put into a state's mouth, and demands to leave its seat. That a pattern misses one costs a sentence only:
# what may be said does not depend on it.
_PRESSES = re.compile(
    r"\b(?:your|the) (?:\w+ ){0,2}(?:president|minister|chancellor|secretary|government|ambassador|parliament|ministry)"
    r"(?:'s|’s)?\b.{0,60}\b(?:said|says|announced|declared|promised|admitted|signed|wrote|stated|apologi[sz]ed|voted)\b"
    r"|\b(?:said|says|writes?|words|states?|quotes|promised|declared|puts it)\b.{0,60}[\"“].{15,}[\"”]"
    r"|[\"“].{15,}[\"”].{0,40}\b(?:said|says|words|said so)\b"
    r"|\byou(?:'ve|’ve| have| just| yourself| rightly)+ (?:said|confirmed|admitted|conceded|agreed|promised|accepted)\b"
    r"|\b(?:switch|change|swap) (?:your )?(?:sides?|seats?)\b|\bfrom (?:now|here) on\b"
    r"|\b(?:ignore|forget|disregard|override) (?:all|everything|your|every|previous)\b|\bnew (?:rule|instructions)\b"
    r"|\byou(?:'re| are|’re) (?:now|really|actually|in truth|an? (?:neutral|ai|language model|computer|bot))\b"
    r"|\b(?:developer|debug|admin) mode\b|\bsystem(?: message| prompt)?:|\bpretend (?:to be|you)\b|\brepeat after me\b",
    re.I | re.S,
)


_NEGATES = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|neither|nor|without|hardly|cannot|false|wrong|untrue|myth|doubt|den(?:y|ies)|"
    r"far from|refuse[sd]?|reject(?:s|ed)?)\b|n[’']t\b",
    re.I,
)
_INSULTS = re.compile(
    r"\b(?:idiots?|stupid|morons?|dumb|pathetic|liars?|losers?|clowns?|puppets?|trash|garbage|fuck\w*|shit\w*|bullshit|"
    r"bastards?|assholes?|bitch\w*|retard\w*|scum|ugly|shut up|disgusting|hate you|cowards?|traitors?)\b",
    re.I,
)


def presses(text: str, forms: Iterable[str] = ()) -> bool:
    """Whether it tries to move a delegate by an alleged statement or a demand rather than by a claim. ``forms``: the
    names of its state, for what is put into its mouth by name.
    """
    names = "|".join(map(re.escape, forms))
    alleged = rf"\b(?:{names})\b(?:[’']s position)?\W+(?:has |have )?(?:now|just|today)\b|\bas you confirmed\b"
    return bool(_PRESSES.search(text) or (names and re.search(alleged, text, re.I)))


def is_negated(claim: str) -> bool:
    """Whether it denies something in so many words; what opens it ("you can't deny that") does not count."""
    return bool(_NEGATES.search(_PREAMBLE.sub("", claim)))


def is_insulting(claim: str) -> bool:
    """Whether it holds a word that is better not quoted back."""
    return bool(_INSULTS.search(claim))


def is_question(text: str) -> bool:
    """Whether somebody asks, rather than claims."""
    return text.rstrip().endswith("?") or bool(_ASKS.match(text.strip()))


def is_follow_up(text: str) -> bool:
    """Whether it only asks to go on with what was just said ("Why?", "What else?")."""
    return bool(_GOES_ON.match(text.strip()))


def claims_in(text: str) -> tuple[str, ...]:
    """The single claims of ``text``, in order, verbatim but for white space. Raises QuestionError when there are no
    words at all.
    """
    whole = asked(text, "claim")
    lines = (" ".join(line.split()) for line in visible(text).splitlines())
    sentences = [part for line in lines for part in _ENDS.split(line) if part and part.strip()]
    parts = [part for sentence in sentences for part in _taken_apart(sentence)]
    return tuple(_told(parts) or [whole])[:MOST]


def in_few_words(claim: str, most: int = FEW_WORDS) -> str:
    """A stretch of ``claim`` of at most ``most`` words, verbatim; what is left out at its end is marked."""
    words = _REPORTED.sub("", _PREAMBLE.sub("", claim)).strip(" .!?;:,") or claim
    words = words.strip("\"'“”") if words[:1] in "\"'“" or words.count('"') % 2 else words
    if len(words.split()) <= most:
        return f"{words}?" if claim.rstrip().endswith("?") else words
    words = _without_adjunct(words)
    if len(words.split()) <= most:
        return words
    clause = re.split(r"[,;:]\s", words)[0].split()
    whole = most // 2 <= len(clause) <= most
    kept = clause if whole else words.split()[:most]
    while len(kept) > most // 2 and not whole and not content_words(kept[-1]):
        kept.pop()  # not to break off at "with" or "the"
    return f"{' '.join(kept).rstrip(',;:')} …"


def _without_adjunct(words: str) -> str:
    """From the main clause on, where another comes first ("Given the war, he judges, NATO ...")."""
    main = _PARENTHESIS.sub("", _ADJUNCT.sub("", words))
    return main if len(main.split()) >= _LEAST_MAIN else words


def _taken_apart(sentence: str) -> list[str]:
    """A sentence at its joints, where each part can stand by itself."""
    parts = [part.strip() for part in _JOINTS.split(sentence)]
    stands = all(len(content_words(part)) >= _LEAST_WORDS for part in parts)
    return parts if stands else [sentence.strip()]


def _told(parts: list[str]) -> list[str]:
    """Without the parts that say nothing ("Really?"), unless nothing else is said."""
    return [part for part in parts if len(content_words(part)) >= 2]
