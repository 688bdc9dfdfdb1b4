"""What the bot owes to the debates that are open, as long as it has not gone on with them."""

from collections.abc import Iterable, Iterator

from bot.records import Debate, Records
from tests.wire.people import Said, last_with, under
from tests.wire.server import Discord


class Owed:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._shown: dict[str, int] = {}
        self._heard: set[str] = set()

    def remember(self) -> None:
        """How far the debates have come: from here they are to go on."""
        self._shown = {each["id"]: self._turns(each["id"]) for each in self._discord.threads()}

    async def found(self, records: Records, said: Iterable[Said]) -> list[str]:
        """What is missing; nothing when all has gone on."""
        return [
            *[f"a word in {each['id']}" for each in self._discord.threads() if not self._is_opened(each["id"])],
            *[line for debate in await records.open_debates() for line in self._to(debate)],
            *[f"the end of {debate.id}" for debate in await records.unreported()],
            *[line for each in said if each.by is None for line in await self._unheard(each, records)],
        ]

    def _to(self, debate: Debate) -> Iterator[str]:
        thread, duel = str(debate.channel), debate.duel
        if None in debate.messages:
            yield f"a turn of {debate.id}, shown in {debate.messages}"
        if duel.status == "paused" and not duel.turns and not last_with(self._discord, thread, "begin"):
            yield f"the vote of {debate.id}"
        if duel.status == "running" and not any(seat.person for seat in duel.seats):
            if self._turns(thread) <= self._shown.get(thread, 0):
                yield f"the next turn of {debate.id}"
        elif self._is_to_answer(debate):
            yield f"the answer in {debate.id}"

    def _is_to_answer(self, debate: Debate) -> bool:
        duel = debate.duel
        ours = duel.status == "running" and duel.due is not None and duel.seat(duel.due.side).is_ours
        return ours and (duel.format.ordered or bool(duel.turns))

    def _is_opened(self, thread: str) -> bool:
        return any(each["author"]["id"] == self._discord.bot.id for each in self._discord.messages(thread))

    def _turns(self, thread: str) -> int:
        return sum(under(each, "record") is not None for each in self._discord.messages(thread))

    async def _unheard(self, said: Said, records: Records) -> list[str]:
        """A message, also one that came while the bot was away, is a turn or is refused."""
        if said.event in self._heard:
            return []
        debate = await records.debate_in(int(said.channel))
        events = {turn.event for turn in debate.duel.turns} if debate else set()
        if said.event not in events and not self._discord.replies(self._discord.message(said.event)):
            return [f"a hearing for {said.event}"]
        self._heard.add(said.event)
        return []
