"""OpenAI's chat completions, and Mistral's, which differ in little."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.providers.dialect import Dialect, dumped, pieces
from tests.providers.replies import End, Json, Spoken, Status

CREATED = 1_760_000_000
_ENDS: dict[End, str] = {"stop": "stop", "length": "length", "refusal": "stop", "filtered": "content_filter"}
_ERRORS = {
    400: ("invalid_request_error", None, "Invalid request."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided: k."),
    403: ("invalid_request_error", "model_not_found", "Project does not have access to this model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests per min (RPM): Limit 3, Used 3."),
    503: ("service_unavailable_error", None, "The server is overloaded or not ready yet."),
}
_MISTRAL_ERRORS = {
    400: ("invalid_request_error", "3051", "Invalid request."),
    404: ("invalid_model", "1500", "Invalid model: mistral-small"),
    429: ("rate_limited", "1300", "Rate limit exceeded"),
}
_MISTRAL_BROKEN = ("internal_server_error", "3000", "Service unavailable.")
_BROKEN = ("server_error", None, "The server had an error while processing your request. Sorry about that!")


class OpenAI(Dialect):
    provider = "openai"
    chat = "/chat/completions"
    call_id = "call_1"
    counts_unasked = False

    def message(self, said: Spoken, body: Json) -> Json:
        message = {"role": "assistant", **self._content(said, body)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(said, body)}
        return {**_envelope(body, "chat.completion"), "choices": [choice], "usage": _usage(said)}

    def events(self, said: Spoken, body: Json) -> Iterator[Json]:
        envelope = _envelope(body, "chat.completion.chunk")
        yield {**envelope, "choices": [_delta({"role": "assistant", "content": ""})]}
        for delta in self._deltas(said, body):
            yield {**envelope, "choices": [_delta(delta)]}
        counted = {"usage": _usage(said)}
        yield {**envelope, "choices": [_delta({}, _finish(said, body))], **(counted if self.counts_unasked else {})}
        if not self.counts_unasked and (body.get("stream_options") or {}).get("include_usage"):
            yield {**envelope, "choices": [], **counted}

    def streamed(self, events: Iterable[Json]) -> list[bytes]:
        return [*(b"data: " + dumped(event) + b"\n\n" for event in events), b"data: [DONE]\n\n"]

    def error(self, status: Status) -> Json:
        type, code, words = _ERRORS.get(status.code, _BROKEN)
        return {"error": {"message": status.words or words, "type": type, "param": None, "code": code}}

    def complaint(self, body: Json) -> str | None:
        if kind := (body.get("response_format") or {}).get("type"):
            return f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model."
        return "tools is not supported in this model." if body.get("tools") else None

    def listed(self, path: str, names: Sequence[str]) -> Json | None:
        if path != "/models":
            return None
        models = [{"id": name, "object": "model", "created": CREATED, "owned_by": self.provider} for name in names]
        return {"object": "list", "data": models}

    def _content(self, said: Spoken, body: Json) -> Json:
        if said.is_structured and (name := _tool(body)):
            function = {"name": name, "arguments": said.text}
            return {"content": None, "tool_calls": [{"id": self.call_id, "type": "function", "function": function}]}
        if said.end == "refusal":
            return self._refusal(said)
        return {"content": None if said.end == "filtered" else said.text}

    def _refusal(self, said: Spoken) -> Json:
        return {"content": None, "refusal": said.text}

    def _deltas(self, said: Spoken, body: Json) -> Iterator[Json]:
        content = self._content(said, body)
        for call in content.get("tool_calls", ()):
            yield {"tool_calls": [{**call, "index": 0, "function": {**call["function"], "arguments": ""}}]}
            for piece in pieces(said.text):
                yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
        for key in ("content", "refusal"):
            yield from ({key: piece} for piece in pieces(content.get(key) or ""))


class Mistral(OpenAI):
    """Knows no refusals, and tells the tokens unasked."""

    provider = "mistralai"
    call_id = "D681PevKs"
    counts_unasked = True

    def error(self, status: Status) -> Json:
        if status.code == 401:
            return {"detail": "Unauthorized"}
        type, code, words = _MISTRAL_ERRORS.get(status.code, _MISTRAL_BROKEN)
        return {"object": "error", "message": status.words or words, "type": type, "param": None, "code": code}

    def complaint(self, body: Json) -> str | None:
        if body.get("response_format"):
            return "Structured output is not supported for this model."
        return "Function calling is not enabled for this model" if body.get("tools") else None

    def _refusal(self, said: Spoken) -> Json:
        return {"content": said.text}

    def _deltas(self, said: Spoken, body: Json) -> Iterator[Json]:
        """A call arrives in one piece."""
        content = self._content(said, body)
        if calls := content.get("tool_calls"):
            yield {"content": "", "tool_calls": [{**call, "index": 0} for call in calls]}
        yield from ({"content": piece} for piece in pieces(content["content"] or ""))


def _tool(body: Json) -> str | None:
    """The function that is to be called, if any."""
    chosen: Any = body.get("tool_choice")
    if isinstance(chosen, dict):
        return str(chosen["function"]["name"])
    tools = [] if chosen == "none" else body.get("tools") or []
    return next((tool["function"]["name"] for tool in tools), None)


def _finish(said: Spoken, body: Json) -> str:
    return "tool_calls" if said.end == "stop" and said.is_structured and _tool(body) else _ENDS[said.end]


def _envelope(body: Json, kind: str) -> Json:
    return {"id": "chatcmpl-1", "object": kind, "created": CREATED, "model": body.get("model", "")}


def _delta(delta: Json, finish: str | None = None) -> Json:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _usage(said: Spoken) -> Json:
    read, written = said.usage
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
