"""How the bot answers interactions: the callback, and the messages that follow it."""

from tests.wire.calls import Call, Route
from tests.wire.interactions import Interactions
from tests.wire.messages import Messages
from tests.wire.state import Json

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL, FOLLOW_UP = f"{WEBHOOK}/messages/@original", f"{WEBHOOK}/messages/{{message_id}}"


class Callbacks:
    """None of these needs the bot's token: that of the interaction is enough."""

    def __init__(self, messages: Messages, interactions: Interactions) -> None:
        self._messages, self._interactions = messages, interactions

    def routes(self) -> list[Route]:
        one = [
            (method, path, answer, status)
            for path in (ORIGINAL, FOLLOW_UP)
            for method, answer, status in (
                ("GET", self.message, 200), ("PATCH", self.edit, 200), ("DELETE", self.delete, 204),
            )
        ]  # fmt: skip
        return [
            Route("POST", CALLBACK, self.answer),
            Route("POST", WEBHOOK, self.follow_up),
            *(Route(*each) for each in one),
        ]

    def answer(self, call: Call) -> Json | None:
        id, token = call.path["interaction_id"], call.path["interaction_token"]
        told = self._interactions.answer(id, token, call.body, call.files)
        return told if call.is_on("with_response") else None

    def follow_up(self, call: Call) -> Json | None:
        said = self._interactions.follow_up(call.path["webhook_token"], call.body, call.files)
        return self._messages.view(said) if call.is_on("wait") else None

    def _found(self, call: Call) -> Json:
        return self._interactions.message(call.path["webhook_token"], call.path.get("message_id", "@original"))

    def message(self, call: Call) -> Json:
        return self._messages.view(self._found(call), nonce=False)

    def edit(self, call: Call) -> Json:
        return self._messages.view(self._messages.edit(self._found(call)["id"], call.body, call.files))

    def delete(self, call: Call) -> None:
        self._messages.delete(self._found(call)["id"])
