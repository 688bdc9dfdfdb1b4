"""A tour de table: what several delegations hold on a question, one after the other."""

import re
from collections.abc import Iterable, Iterator

from bot.address import has_subject
from bot.debate import COUNTS_AS, SILENT, WHOLE, Draft, Proposal, Voice, sentence, stands
from bot.drafters import Brief
from bot.drafters.composer import Composer
from knowledge.argument import Argument
from knowledge.delegation import Delegation
from knowledge.position import Leaning, Pleads, Position
from knowledge.record import Record

SPEAKERS = 5  # delegations that one answer gives the floor to
WORDS = 120
NEAR = 0.8  # share of the best score from which an argument still answers; chosen on tests/questions/delegations
SIDED = 0.5  # the same where only one side of one topic is asked for
AT_HAND = 0.75  # share of the article's best score from which the delegations' own record answers better

_LEANINGS: dict[Leaning, re.Pattern[str]] = {
    "divided": re.compile(r"\b(divided|split|of two minds|two voices)\b", re.I),
    "cautious": re.compile(r"\b(cautious|hesita\w+|reserved|on the fence|in between|undecided)\b", re.I),
    "no-public-position": re.compile(
        r"\b(no (?:public )?(?:position|stance|view|statement)s?|silent|nothing on record|not spoken)\b", re.I
    ),
    "opposed": re.compile(r"\b(oppos\w+|against|reject\w*|objects?|sceptic\w*|skeptic\w*)\b", re.I),
    "supportive": re.compile(r"\b(support\w*|in favou?r|favou?rs?|backs?|for it|welcom\w+|wants?)\b", re.I),
}
_SIDES: dict[Leaning, Pleads] = {"opposed": "against", "supportive": "for"}
_TURNED = re.compile(
    r"\bnot\b|n[’']t\b|\bnever\b|\bno\b(?! public)|\b(?:stay|keep|keeps|stays) (?:\w+ )?out\b|\bout of\b", re.I
)
_CHANGED = re.compile(r"\bchang\w*\b|\bmoved\b|\bshift\w*\b|\bturned\b|\bdifferent(?:ly)? (?:now|since)\b", re.I)

_WORDS_OF_LEANING = re.compile("|".join(said.pattern for said in _LEANINGS.values()), re.I)

Turn = tuple[Delegation, list[Argument]]


class Tour(Composer):
    """The rapporteur's, over the delegations it was asked about."""

    def __init__(self, record: Record, brief: Brief) -> None:
        super().__init__(record, brief.seat)
        self._brief = brief
        self._table = [record.delegations[code] for code in brief.scope]
        self._ranked = [match for match in brief.findings.matches if self._is_heard(match.argument)]

    @property
    def is_due(self) -> bool:
        """Whether the delegations' own record answers, and not what others say of them."""
        if len(self._table) < 2 or not self._ranked:
            return self.is_of_the_table
        return (
            self.is_of_the_table
            or self._leaning is not None
            or self._ranked[0].score >= AT_HAND * self._brief.findings.matches[0].score
        )

    @property
    def is_of_the_table(self) -> bool:
        """Whether only the delegations themselves are asked about: where they stand, or whether they moved."""
        if not self._table:
            return False
        return not self._has_subject or bool(_CHANGED.search(self._brief.question))

    def draft(self) -> Draft:
        if _CHANGED.search(self._brief.question):
            return self._changed()
        topic = self._brief.findings.matches[0].argument.topic if self._ranked else WHOLE
        if self._leaning and (topic == WHOLE or not self._has_subject or self._leaning not in _SIDES):
            return self._leaning_so(self._leaning)
        if not self._has_subject:
            opening = stands(self._table[0], self._record) if len(self._table) == 1 else ""
            return self._told(self._main_lines(self._table), "general", opening)
        side = _SIDES.get(self._leaning) if self._leaning else None
        return self._on_topic(topic, side)

    @property
    def _has_subject(self) -> bool:
        without = _WORDS_OF_LEANING.sub(" ", self._bare) if self._leaning else self._bare
        return has_subject(without, self._table)

    @property
    def _bare(self) -> str:
        """The question without the words that ask for delegations."""
        groups = self._record.delegations.groups_in(self._brief.question)
        forms = sorted((form for group in groups for form in group.forms), key=len, reverse=True)
        bare = re.sub("|".join(map(re.escape, forms)) or r"(?!)", " ", self._brief.question, flags=re.I)
        return _WORDS_OF_THE_TABLE.sub(" ", bare)

    @property
    def _leaning(self) -> Leaning | None:
        if len(self._table) == 1:
            return None
        said = next((leaning for leaning, words in _LEANINGS.items() if words.search(self._brief.question)), None)
        if not _TURNED.search(self._brief.question):
            return said
        return "opposed" if said == "supportive" else None  # who is not opposed may be anything

    def _is_heard(self, argument: Argument) -> bool:
        return not {*self._brief.scope}.isdisjoint(argument.held_by)

    def _changed(self) -> Draft:
        """What later events did to what is on record of each."""
        turned = {seat.in_sentence: moved for seat in self._table if (moved := self._moved(seat))}
        positions = [(seat, self._held_by(seat)) for seat in self._table]
        changes = [(seat, change) for seat, held in positions for change in held.changed if change.overtakes]
        told = dict.fromkeys(seat.in_sentence for seat, _ in changes)
        if not turned and not told:
            return self.drafted(()).model_copy(update={"opening": "The record tells of no change."})
        stands = [f"{sentence(name)} {moved}." for name, moved in turned.items()]
        also = "also " if turned else ""
        later = [f"Later events {also}concern {_list(told)}."] if told else []
        lines = [line for seat, line in self._main_lines(self._table) if seat.in_sentence in turned]
        proposals = [self._said(argument, "general") for line in lines for argument in line[:1]]
        proposals += [self._newer(change, "").model_copy(update={"voice": "general"}) for _, change in changes]
        opening = " ".join([*stands, *later])
        return self.drafted(proposals[: SPEAKERS + 2]).model_copy(update={"opening": opening})

    def _moved(self, seat: Delegation) -> str:
        """How its leaning changed, as the predicate of a sentence; nothing where it did not."""
        dossier, as_of = self._record.dossiers.get(seat.code), self._record.as_of
        views = [view for view in dossier.positions if not as_of or view.since <= as_of] if dossier else []
        if len({view.leaning for view in views}) < 2:
            return ""
        before, now = views[-2:]
        was = f"was {COUNTS_AS[before.leaning]} as of {before.as_of.words}"
        return f"{was} and is {COUNTS_AS[now.leaning]} since {now.since.words}"

    def _leaning_so(self, leaning: Leaning) -> Draft:
        """The delegations of a leaning, each with what it holds first."""
        found = [seat for seat in self._table if self._held_by(seat).leaning == leaning]
        if not found:
            told = f"{SILENT} delegation among those that is {COUNTS_AS[leaning]}."
            return self.drafted(()).model_copy(update={"opening": told})
        counts = f"{len(found)} of {len(self._table)} asked about" if len(found) > 1 else "One of those asked about"
        opening = f"{counts} {'are' if len(found) > 1 else 'is'} {COUNTS_AS[leaning]} on the record: {_names(found)}."
        return self._told(self._main_lines(found), "general", opening, of=found)

    def _on_topic(self, topic: str, side: Pleads | None) -> Draft:
        """What each has on record on what was asked, best first; on one side only, where one was asked for."""
        best = self._ranked[0].score
        near = [match.argument for match in self._ranked if match.score >= (SIDED if side else NEAR) * best]
        if side:
            near = [argument for argument in near if argument.side == side and argument.topic == topic]
        turns: dict[str, Turn] = {}
        for argument in near:
            for seat in self._table:
                if seat.code in argument.held_by:
                    turns.setdefault(seat.code, (seat, []))[1].append(argument)
        if not turns:
            return self.drafted(()).model_copy(update={"opening": self._nobody(topic, side)})
        silent = [seat for seat in self._table if topic in self._held_by(seat).silent_on]
        quiet = f"{SILENT} statement of {_names(silent[:12])} on that." if 0 < len(silent) <= 12 else ""
        return self._told(turns.values(), "general", notice=quiet)

    def _nobody(self, topic: str, side: Pleads | None) -> str:
        what = {"for": "in favour of", "against": "against", None: "on"}[side]
        return f"{SILENT} statement of those delegations {what} {self._record.topics[topic]}."

    def _main_lines(self, seats: Iterable[Delegation]) -> list[Turn]:
        """What each holds first."""
        held = ((seat, self._held_by(seat).held) for seat in seats)
        return [(seat, [self._record.arguments[id] for id in ids]) for seat, ids in held if ids]

    def _told(
        self,
        turns: Iterable[Turn],
        voice: Voice,
        opening: str = "",
        notice: str = "",
        of: Iterable[Delegation] = (),
    ) -> Draft:
        """One argument of each, two where there are few; who is left out is named."""
        order = list(turns)
        chosen = self.distinct(_dealt(order), SPEAKERS, WORDS)
        proposals = [self._said(argument, voice) for argument in chosen]
        heard = {holder for argument in chosen for holder in argument.held_by}
        rest = [] if of else [seat for seat, _ in order if seat.code not in heard]
        notices = [f"Also on record on that: {_names(rest)}."] if rest else []
        notices += [notice] if notice else []
        draft = self.drafted(proposals, renewed=True)
        return draft.model_copy(update={"opening": opening, "notices": tuple(notices)})

    def _said(self, argument: Argument, voice: Voice) -> Proposal:
        return self.claims([argument], voice)[0]

    def _held_by(self, seat: Delegation) -> Position:
        return self._record.position_of(seat)


_WORDS_OF_THE_TABLE = re.compile(
    r"\b(?:who(?:se|m)?|allies|ally|members?|states?|countries|country|governments?|nations?|delegations?|partners?|nato|"
    r"about|each|versus|vs|four|come|down|compare[ds]?|differ\w*|between|all|which|line|lines|same|alike|mind|minds|public|record|role|"
    r"indo-pacific|asia|pacific|alliance|broader|bigger|wider|question|them|whole|still|yet|far|ones?)\b",
    re.I,
)


def _dealt(turns: list[Turn]) -> Iterator[Argument]:
    """The first of each, then the second of each; of two, a third."""
    for place in range(3 if len(turns) < 3 else 2):
        for _, arguments in turns:
            yield from arguments[place : place + 1]


def _names(seats: Iterable[Delegation]) -> str:
    return _list(seat.in_sentence for seat in seats)


def _list(names: Iterable[str]) -> str:
    *most, last = [*names]
    return f"{', '.join(most)} and {last}" if most else last
