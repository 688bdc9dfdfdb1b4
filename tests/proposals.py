"""Proposals, sound ones and spoilt ones."""

import random
import re
from collections.abc import Collection, Iterator

from bot.debate import Draft, Proposal, Quoted, Speech, Voice, words_of
from bot.ladder import deliver
from knowledge.argument import Argument
from knowledge.delegation import RAPPORTEUR, Delegation
from knowledge.errors import Unsupported
from knowledge.names import numbers
from knowledge.position import Stance
from knowledge.record import Record


def proposal(record: Record, argument: str, text: str = "", voice: Voice = "general", quote: str = "") -> Proposal:
    """The argument, on all that it rests on; ``quote``: other words of the first passage."""
    known = record.arguments[argument]
    first, *others = (
        Quoted(passage=passage.id, quote=words_of(known, passage), argument=argument)
        for passage in record.passages_of(known)
    )
    changed = first.model_copy(update={"quote": quote or first.quote})
    return Proposal(text=text or known.claim, voice=voice, quotes=(changed, *others))


def unnamed(claim: Proposal) -> Proposal:
    """As somebody drafts it who only has the words, and not the arguments that rest on them."""
    return claim.model_copy(
        update={"quotes": tuple(quoted.model_copy(update={"argument": ""}) for quoted in claim.quotes)}
    )


def delivered(
    record: Record,
    *claims: Proposal,
    seat: Delegation = RAPPORTEUR,
    stance: Stance | None = None,
    found: Collection[str] | None = None,
    silent_on: str = "",
    others: tuple[str, ...] = (),
    opening: str = "",
    notices: tuple[str, ...] = (),
) -> Speech:
    """The speech of a draft whose stance fits and for which all passages were found, unless said otherwise."""
    draft = Draft(
        drafter="extractive",
        stance=stance or record.position_of(seat).stance,
        claims=claims,
        silent_on=silent_on,
        others=others,
        opening=opening,
        notices=notices,
    )
    return deliver(draft, seat, record, "A question?", record.passages if found is None else found)


def stands(record: Record, claim: Proposal, seat: Delegation = RAPPORTEUR) -> bool:
    try:
        return delivered(record, claim, seat=seat).answered
    except Unsupported:
        return False


def words(record: Record, argument: Argument) -> str:
    """What it rests on before all."""
    return words_of(argument, record.passage_of(argument))


def other_than(record: Record, passage: str) -> str:
    return next(id for id in record.passages if id != passage)


def corruptions(record: Record, chance: random.Random) -> Iterator[Proposal]:
    """Sound proposals of which one word of the quote, one number or the passage was changed."""
    arguments = list(record.arguments.values())
    ways = (changed_word, lost_word, swapped_words, changed_number, changed_passage)
    while True:
        argument = chance.choice(arguments)
        changed = chance.choice(ways)(record, argument, chance)
        if changed:
            yield changed


def changed_word(record: Record, argument: Argument, chance: random.Random) -> Proposal | None:
    printed = words(record, argument).split()
    printed[chance.randrange(len(printed))] = chance.choice(chance.choice(list(record.passages.values())).text.split())
    return unless_it_stands(record, argument, " ".join(printed))


def lost_word(record: Record, argument: Argument, chance: random.Random) -> Proposal | None:
    printed = words(record, argument).split()
    if len(printed) < 3:
        return None
    del printed[chance.randrange(1, len(printed) - 1)]
    return unless_it_stands(record, argument, " ".join(printed))


def swapped_words(record: Record, argument: Argument, chance: random.Random) -> Proposal | None:
    printed = words(record, argument).split()
    at = chance.randrange(len(printed) - 1)
    printed[at : at + 2] = reversed(printed[at : at + 2])
    return unless_it_stands(record, argument, " ".join(printed))


def changed_number(record: Record, argument: Argument, chance: random.Random) -> Proposal | None:
    found = list(re.finditer(r"\d", argument.claim))
    if not found:
        return None
    at = chance.choice(found).start()
    text = (
        argument.claim[:at] + str((int(argument.claim[at]) + chance.randrange(1, 10)) % 10) + argument.claim[at + 1 :]
    )
    ground = " ".join((*map(record.evidence, record.passages_of(argument)), *argument.derived))
    return None if numbers(text) <= numbers(ground) else proposal(record, argument.id, text)


def changed_passage(record: Record, argument: Argument, chance: random.Random) -> Proposal | None:
    passage = chance.choice([id for id in record.passages if id not in record.grounds[argument.id]])
    elsewhere = Quoted(passage=passage, quote=words(record, argument))
    return proposal(record, argument.id).model_copy(update={"quotes": (elsewhere,)})


def unless_it_stands(record: Record, argument: Argument, quote: str) -> Proposal | None:
    """None where the changed words happen to be printed too (such as "the" for "the")."""
    printed = " ".join((words(record, argument), "|", record.passage_of(argument).text)).split()
    return None if f" {quote} " in f" {' '.join(printed)} " else proposal(record, argument.id, quote=quote)
