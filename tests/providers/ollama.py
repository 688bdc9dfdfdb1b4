"""Ollama's chat."""

import json
from collections.abc import Iterable, Iterator, Sequence

from tests.providers.dialect import Dialect, dumped, pieces
from tests.providers.replies import End, Json, Spoken, Status

AT = "2026-01-01T00:00:00Z"
_ENDS: dict[End, str] = {"stop": "stop", "length": "length", "refusal": "stop", "filtered": "stop"}
_ERRORS = {
    400: "invalid request",
    401: "unauthorized",
    404: "model 'llama3.2' not found",
    429: "too many requests",
    503: "server busy, please try again.  maximum pending requests exceeded",
}
_BROKEN = "llama runner process has terminated: exit status 2"
_DETAILS = {"format": "gguf", "family": "llama", "parameter_size": "3.2B", "quantization_level": "Q4_K_M"}


class Ollama(Dialect):
    provider = "ollama"
    chat = "/api/chat"
    stream_kind = "application/x-ndjson"

    def message(self, said: Spoken, body: Json) -> Json:
        message = {"role": "assistant", "content": _text(said, body), **_calls(said, body)}
        return {**_line(body, message), **_end(said)}

    def events(self, said: Spoken, body: Json) -> Iterator[Json]:
        for piece in pieces(_text(said, body)):
            yield _line(body, {"role": "assistant", "content": piece})
        if calls := _calls(said, body):
            yield _line(body, {"role": "assistant", "content": "", **calls})
        yield {**_line(body, {"role": "assistant", "content": ""}), **_end(said)}

    def streamed(self, events: Iterable[Json]) -> list[bytes]:
        return [dumped(event) + b"\n" for event in events]

    def is_streaming(self, body: Json) -> bool:
        """Unless told not to."""
        return bool(body.get("stream", True))

    def error(self, status: Status) -> Json:
        return {"error": status.words or _ERRORS.get(status.code, _BROKEN)}

    def complaint(self, body: Json) -> str | None:
        if isinstance(body.get("format"), dict):
            return "json: cannot unmarshal object into Go struct field ChatRequest.format of type string"
        if body.get("format"):
            return f"invalid format: {body['format']!r}"
        tools = f"registry.ollama.ai/library/{body['model']}:latest does not support tools"
        return tools if body.get("tools") else None

    def listed(self, path: str, names: Sequence[str]) -> Json | None:
        match path:
            case "/api/tags":
                return {"models": [_model(f"{name}:latest") for name in names]}
            case "/api/show":
                capabilities = ["completion", "tools"]
                return {"details": _DETAILS, "model_info": {}, "capabilities": capabilities, "modified_at": AT}
            case "/api/version":
                return {"version": "0.12.0"}
        return None


def _model(name: str) -> Json:
    return {
        "name": name,
        "model": name,
        "modified_at": AT,
        "size": 2_019_393_189,
        "digest": "a80c4f17acd5",
        "details": _DETAILS,
    }


def _line(body: Json, message: Json) -> Json:
    return {"model": body.get("model", ""), "created_at": AT, "message": message, "done": False}


def _end(said: Spoken) -> Json:
    read, written = said.usage
    counted = {"prompt_eval_count": read, "eval_count": written}
    return {"done": True, "done_reason": _ENDS[said.end], "total_duration": 1, **counted}


def _calls(said: Spoken, body: Json) -> Json:
    """The call of the first tool; of one that was cut off Ollama can make nothing, and shows the text."""
    if not said.is_structured or said.end == "length" or not body.get("tools"):
        return {}
    name = body["tools"][0]["function"]["name"]
    return {"tool_calls": [{"function": {"name": name, "arguments": json.loads(said.text)}}]}


def _text(said: Spoken, body: Json) -> str:
    return "" if _calls(said, body) else said.text
