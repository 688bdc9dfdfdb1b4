"""Anthropic's messages."""

import json
from collections.abc import Iterable, Iterator, Sequence

from tests.providers.dialect import Dialect, dumped, pieces
from tests.providers.replies import End, Json, Spoken, Status

_ENDS: dict[End, str] = {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal", "filtered": "refusal"}
_ERRORS = {
    400: ("invalid_request_error", "Invalid request."),
    401: ("authentication_error", "invalid x-api-key"),
    403: ("permission_error", "Your API key does not have permission to use the specified resource."),
    404: ("not_found_error", "model: claude-haiku"),
    429: ("rate_limit_error", "This request would exceed your organization's rate limit of 5 requests per minute."),
    529: ("overloaded_error", "Overloaded"),
}


class Anthropic(Dialect):
    provider = "anthropic"
    chat = "/v1/messages"
    required = "anthropic-version"

    def message(self, said: Spoken, body: Json) -> Json:
        content = [_whole(block, said) for block in _blocks(said, body)]
        usage = {"input_tokens": said.usage[0], "output_tokens": said.usage[1]}
        return {**_opening(body), "content": content, "stop_reason": _stop(said, body), "usage": usage}

    def events(self, said: Spoken, body: Json) -> Iterator[Json]:
        read, written = said.usage
        usage = {"input_tokens": read, "output_tokens": 1}
        yield {"type": "message_start", "message": {**_opening(body), "content": [], "usage": usage}}
        for index, block in enumerate(_blocks(said, body)):
            yield {"type": "content_block_start", "index": index, "content_block": block}
            for piece in pieces(said.text):
                yield {"type": "content_block_delta", "index": index, "delta": _delta(block, piece)}
            yield {"type": "content_block_stop", "index": index}
        end = {"stop_reason": _stop(said, body), "stop_sequence": None}
        yield {"type": "message_delta", "delta": end, "usage": {"input_tokens": read, "output_tokens": written}}
        yield {"type": "message_stop"}

    def streamed(self, events: Iterable[Json]) -> list[bytes]:
        return [f"event: {event.get('type', 'ping')}\ndata: ".encode() + dumped(event) + b"\n\n" for event in events]

    def error(self, status: Status) -> Json:
        type, words = _ERRORS.get(status.code, ("api_error", "Internal server error"))
        return {"type": "error", "error": {"type": type, "message": status.words or words}, "request_id": "req_1"}

    def complaint(self, body: Json) -> str | None:
        if (body.get("output_config") or {}).get("format"):
            return f"'{body['model']}' does not support output format."
        return f"'{body['model']}' does not support tool use." if body.get("tools") else None

    def listed(self, path: str, names: Sequence[str]) -> Json | None:
        if path != "/v1/models":
            return None
        at = {"created_at": "2025-10-01T00:00:00Z"}
        models = [{"type": "model", "id": name, "display_name": name.title(), **at} for name in names]
        return {"data": models, "has_more": False, "first_id": names[0], "last_id": names[-1]}


def _opening(body: Json) -> Json:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body.get("model", ""),
        "stop_reason": None,
        "stop_sequence": None,
    }


def _blocks(said: Spoken, body: Json) -> list[Json]:
    """What the message consists of, still empty."""
    if said.end in ("refusal", "filtered") or not said.text:
        return []
    if said.is_structured and (name := _tool(body)):
        return [{"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}]
    return [{"type": "text", "text": ""}]


def _whole(block: Json, said: Spoken) -> Json:
    """With everything that was said; a call that was cut off has lost what it was to be called with."""
    if block["type"] == "text":
        return {**block, "text": said.text}
    return block if said.end == "length" else {**block, "input": json.loads(said.text)}


def _delta(block: Json, piece: str) -> Json:
    if block["type"] == "text":
        return {"type": "text_delta", "text": piece}
    return {"type": "input_json_delta", "partial_json": piece}


def _tool(body: Json) -> str | None:
    """The tool that is to be used, if any."""
    chosen = body.get("tool_choice") or {}
    if chosen.get("type") == "tool":
        return str(chosen["name"])
    tools = [] if chosen.get("type") == "none" else body.get("tools") or []
    return next((tool["name"] for tool in tools), None)


def _stop(said: Spoken, body: Json) -> str:
    return "tool_use" if said.end == "stop" and said.is_structured and _tool(body) else _ENDS[said.end]
