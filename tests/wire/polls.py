"""Polls: who voted for what, and how they end."""

from collections import Counter

from tests.wire.messages import POLL_RESULT, Messages
from tests.wire.state import INVALID, Json, Refusal, User, World


class Polls:
    def __init__(self, world: World, messages: Messages) -> None:
        self._world, self._messages = world, messages
        self._votes: dict[str, list[tuple[int, str]]] = {}

    def vote(self, message_id: str, answer_id: int, user: User) -> Json:
        """Vote for an answer; where only one is allowed it takes the place of the one before."""
        poll = self._open(message_id)
        if answer_id not in [answer["answer_id"] for answer in poll["answers"]]:
            raise Refusal(400, INVALID, f"There is no answer {answer_id}")
        cast = self._votes.setdefault(message_id, [])
        withdrawn = [] if poll["allow_multiselect"] else [vote for vote in cast if vote[1] == user.id]
        for vote in withdrawn:
            cast.remove(vote)
            self._announce("MESSAGE_POLL_VOTE_REMOVE", message_id, *vote)
        if (answer_id, user.id) not in cast:
            cast.append((answer_id, user.id))
            self._announce("MESSAGE_POLL_VOTE_ADD", message_id, answer_id, user.id)
        return self._messages[message_id]

    def unvote(self, message_id: str, answer_id: int, user: User) -> None:
        self._open(message_id)
        self._votes.get(message_id, []).remove((answer_id, user.id))
        self._announce("MESSAGE_POLL_VOTE_REMOVE", message_id, answer_id, user.id)

    def voters(self, message_id: str, answer_id: int) -> list[User]:
        return [self._world.users[user] for answer, user in self._votes.get(message_id, []) if answer == answer_id]

    def finish(self, message_id: str) -> Json:
        """End a poll, and say in the channel how it went."""
        self._open(message_id)
        message = self._messages[message_id]
        poll = {**message["poll"], "results": {**message["poll"]["results"], "is_finalized": True}}
        finished = self._messages.replace({**message, "poll": poll})
        self._messages.post(
            message["channel_id"],
            self._world.users[message["author"]["id"]],
            {"message_reference": {"message_id": message_id}, "allowed_mentions": {}},
            (),
            type=POLL_RESULT,
            embeds=[{"type": "poll_result", "fields": _told(poll)}],
        )
        return finished

    def _open(self, message_id: str) -> Json:
        message = self._messages[message_id]
        if "poll" not in message:
            raise Refusal(400, 520006, "Cannot expire a non-poll message")
        if message["poll"]["results"]["is_finalized"]:
            raise Refusal(400, 520002, "Poll expired")
        poll: Json = message["poll"]
        return poll

    def _announce(self, event: str, message_id: str, answer_id: int, user_id: str) -> None:
        message = self._messages.put(self._counted(self._messages[message_id]))
        vote = {"message_id": message_id, "user_id": user_id, "answer_id": answer_id}
        where = {"channel_id": message["channel_id"], **self._world.place(message["channel_id"])}
        self._world.announce(event, {**vote, **where})

    def _counted(self, message: Json) -> Json:
        """``message`` with the votes cast so far; an answer without any is not listed."""
        counts = Counter(answer for answer, _ in self._votes.get(message["id"], ()))
        counted = [{"id": answer, "count": n, "me_voted": False} for answer, n in sorted(counts.items())]
        return {**message, "poll": {**message["poll"], "results": {"is_finalized": False, "answer_counts": counted}}}


def _told(poll: Json) -> list[Json]:
    """The result as Discord writes it: fields of a card, without a victor where two are level."""
    counts = {each["id"]: each["count"] for each in poll["results"]["answer_counts"]}
    most = max(counts.values(), default=0)
    best = [id for id, count in counts.items() if count == most]
    told = {
        "poll_question_text": poll["question"]["text"],
        "victor_answer_votes": str(most),
        "total_votes": str(sum(counts.values())),
    }
    if len(best) == 1:
        texts = {answer["answer_id"]: answer["poll_media"].get("text", "") for answer in poll["answers"]}
        told |= {"victor_answer_id": str(best[0]), "victor_answer_text": texts[best[0]]}
    return [{"name": name, "value": value, "inline": False} for name, value in told.items()]
