"""People who debate: they start debates, begin and hold them, and speak in their turn, each time in another way."""

import itertools
import json
import random
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from bot.cogs.debate_buttons import TEXT
from bot.cogs.debating import ON_RECORD
from bot.gate import markdown
from bot.records import Debate
from tests.wire.callbacks import CALLBACK, ORIGINAL
from tests.wire.death import Asking
from tests.wire.interactions import Interaction
from tests.wire.routes import CHANNEL, MESSAGES, POLL
from tests.wire.server import Discord
from tests.wire.shapes import custom_ids
from tests.wire.state import Json, User

CLAIMS = Path(__file__).parents[1] / "claims" / "rebuttals.jsonl"
OPPONENTS = ("FR", "HU", "LT", "US", "DE")  # those with a case
MODAL_WITHIN = 2.0  # seconds
LONG = 6  # turns after which a conversation without an end is ended

SHOW: Asking = ("POST", MESSAGES)
TAKE: Asking = ("POST", CALLBACK)
TELL: Asking = ("PATCH", ORIGINAL)
TO_START = (SHOW, SHOW, TAKE, TELL, ("POST", f"{CHANNEL}/threads"))
TO_BEGIN = (SHOW, TAKE, ("POST", f"{POLL}/expire"))
TO_SPEAK = (SHOW, SHOW, SHOW, TAKE, TELL, ("POST", f"{CHANNEL}/typing"))
TO_ORDER = (SHOW, TAKE, TELL)

Work = Callable[[], Coroutine[Any, Any, None]]


class Move(NamedTuple):
    """What somebody may do now, in which thread, and what the bot asks of Discord then."""

    channel: str
    make: Work
    asks: tuple[Asking, ...]


@dataclass(frozen=True)
class Said:
    """What was said in a thread. ``by`` carried it, unless it was a message."""

    channel: str
    event: str
    text: str
    by: Interaction | None = None

    def is_acknowledged(self, discord: Discord) -> bool:
        """Whether who said it was told so: in words, by its being repeated, or, of a message, by a turn after it."""
        if self.by and self.by.message and self.by.message["content"] == ON_RECORD:
            return True
        after = [each for each in discord.messages(self.channel) if int(each["id"]) > int(self.event)]
        cards = [card for each in after if under(each, "record") for card in each["embeds"]]
        return any(self.by is None or markdown(self.text) in card["description"] for card in cards)


def under(message: Json, word: str) -> str | None:
    """The first button of that kind under a message."""
    return next((id for id in custom_ids(message) if id.partition(":")[0] == word), None)


def last_with(discord: Discord, channel: str, word: str) -> tuple[Json, str] | None:
    """The last message in a thread that has a button of that kind, and the button."""
    for message in reversed(discord.messages(channel)):
        if button := under(message, word):
            return message, button
    return None


class People:
    def __init__(self, discord: Discord, chance: random.Random) -> None:
        self._discord, self._chance = discord, chance
        self._people = [discord.alice, discord.bob, *(discord.world.join(name) for name in ("carol", "dan", "eve"))]
        self._claims = _claims(chance)
        self._opened: dict[str, Interaction] = {}  # modals that wait to be filled in, by thread
        self.said: list[Said] = []

    def start(self) -> Move:
        return Move("", self._start, TO_START)

    async def _start(self) -> None:
        """A debate of any kind; where the same is open already, the bot says so."""
        person = self._chance.choice(self._people)
        opponent = self._chance.choice(OPPONENTS)
        kinds: list[Mapping[str, Any]] = [
            {"opponent": opponent, "vote": False},
            {"opponent": opponent, "vote": True},
            {"opponent": opponent, "format": "free", "vote": False},
            {"opponent": "FR", "state": "LT", "rival": self._other(person), "vote": False},
            {"opponent": "HU", "state": "LT", "speaker": "delegate", "pace": 5, "vote": self._chance.random() < 0.3},
        ]
        options = self._chance.choice(kinds)
        await self._discord.slash(self._discord.channel, person, "debate", ["start"], options)

    def replies(self, debates: list[Debate]) -> list[Move]:
        """A message from whoever may speak, in each debate in which somebody may."""
        due = [(str(debate.channel), self._due(debate)) for debate in debates if debate.duel.status == "running"]
        return [Move(channel, partial(self._reply, channel, user), TO_SPEAK) for channel, user in due if user]

    def moves(self, debates: list[Debate]) -> list[Move]:
        """All that somebody may do."""
        return [move for debate in debates if (move := self._move(debate))]

    def _move(self, debate: Debate) -> Move | None:
        channel, duel, starter = str(debate.channel), debate.duel, self._user(debate.starter)
        if duel.status == "paused":
            begin = None if duel.turns else last_with(self._discord, channel, "begin")
            if begin:
                return Move(channel, partial(self._press, begin, starter), TO_BEGIN)
            return Move(channel, partial(self._order, debate, "resume"), TO_ORDER)
        if not duel.format.ordered and len(duel.turns) >= LONG:
            return Move(channel, partial(self._order, debate, "end"), TO_ORDER)
        stop = last_with(self._discord, channel, "stop")
        if stop and self._chance.random() < 0.2:
            return Move(channel, partial(self._press, stop, starter), TO_ORDER)
        speaker = self._due(debate)
        return Move(channel, partial(self._speak, channel, speaker), TO_SPEAK) if speaker else None

    def _due(self, debate: Debate) -> User | None:
        """The person who may speak; in a conversation without order whoever there is."""
        duel = debate.duel
        seats = [duel.seat(duel.due.side)] if duel.due and (duel.format.ordered or duel.turns) else list(duel.seats)
        return next((self._user(int(seat.person)) for seat in seats if seat.person), None)

    async def _speak(self, channel: str, user: User) -> None:
        ways = [self._reply, self._say, self._write, self._open]
        if channel in self._opened:
            ways = [self._write]
        await self._chance.choice(ways)(channel, user)

    async def _reply(self, channel: str, user: User) -> None:
        """By a message that answers one of the bot's."""
        discord = self._discord
        ours = [each for each in discord.messages(channel) if each["author"]["id"] == discord.bot.id]
        regular = [each for each in ours if "interaction_metadata" not in each]
        text = next(self._claims)
        said = await discord.say(channel, user, text, reply_to=regular[-1]["id"])
        self.said.append(Said(channel, said["id"], text))

    async def _say(self, channel: str, user: User) -> None:
        text = next(self._claims)
        said = await self._discord.slash(channel, user, "say", options={"text": text})
        self.said.append(Said(channel, said.id, text, said))

    async def _write(self, channel: str, user: User) -> None:
        """In the modal; in one that was opened before, if there is one."""
        if channel not in self._opened:
            await self._open(channel, user)
        opener = self._opened.pop(channel, None)
        if opener is None or opener.user != user:
            return
        text = next(self._claims)
        said = await self._discord.submit(opener, {TEXT: text}, channel, user)
        self.said.append(Said(channel, said.id, text, said))

    async def _open(self, channel: str, user: User) -> None:
        """The modal, and no more than that: it is filled in later."""
        found = last_with(self._discord, channel, "reply")
        if found is None:
            await self._say(channel, user)
            return
        pressed = await self._discord.press(*found, user)
        await self._discord.until(lambda: pressed.modal, MODAL_WITHIN)
        self._opened[channel] = pressed

    async def _press(self, found: tuple[Json, str], user: User) -> None:
        await self._discord.press(*found, user)

    async def _order(self, debate: Debate, order: str) -> None:
        await self._discord.slash(str(debate.channel), self._user(debate.starter), "debate", [order])

    def _user(self, id: int) -> User:
        return self._discord.world.users[str(id)]

    def _other(self, person: User) -> User:
        return self._chance.choice([each for each in self._people if each != person])


def _claims(chance: random.Random) -> Iterator[str]:
    """What opponents say, over and over, never twice in the same words."""
    lines = CLAIMS.read_text(encoding="utf-8").splitlines()
    claims = [json.loads(line)["claim"] for line in lines]
    for n in itertools.count(1):
        chance.shuffle(claims)
        yield from (claim if n == 1 else f"{claim} ({n})" for claim in claims if len(claim.split()) < 50)
