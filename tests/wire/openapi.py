"""What is sent, held against Discord's own description of its interface, where that is at hand."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.wire.state import Json

PATH = Path(__file__).parents[3] / "shared" / "discord" / "openapi.json"

_URI = "urn:discord"
_JSON = "application/json"
LONGEST = 300  # characters of a complaint


class Excuse(NamedTuple):
    """A place where the description asks for more than Discord does: what holds there, and why."""

    schema: str
    instead: Json
    reason: str


EXCUSED = (
    Excuse(
        "SnowflakeType",
        {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$", "minimum": 0},
        "in requests Discord takes ids as numbers too (its reference, under Snowflakes), and discord.py sends some so",
    ),
)


class Description:
    """Discord's description. Where it is not at hand, it complains of nothing."""

    def __init__(self, path: Path = PATH) -> None:
        self._path = path

    @property
    def available(self) -> bool:
        return self._path.is_file()

    def of_request(self, method: str, path: str, body: Any) -> str | None:
        """What is wrong with the body of a request, if anything is."""
        if body is None or not self.available:
            return None
        wanted = self._at("paths", path, method.lower(), "requestBody", "content", _JSON, "schema")
        return self._complaint(wanted, body, self._of_requests)

    def of_reply(self, method: str, path: str, status: int, body: Any) -> str | None:
        """What is wrong with a reply, if anything is."""
        if not self.available:
            return None
        responses = self._found(self._at("paths", path, method.lower(), "responses")) or {}
        code = str(status) if str(status) in responses else f"{status // 100}XX"
        if code not in responses:
            return f"{status} is not among the replies described"
        reference = responses[code].get("$ref", "")
        pointer = reference.removeprefix("#") or self._at("paths", path, method.lower(), "responses", code)
        if body is None and "content" not in (self._found(pointer) or {}):
            return None
        return self._complaint(pointer + self._at("content", _JSON, "schema"), body, self._of_replies)

    @staticmethod
    def _at(*keys: str) -> str:
        """A JSON pointer."""
        return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)

    def _found(self, pointer: str) -> Json | None:
        found: Any = self._document
        for key in pointer.split("/")[1:]:
            found = found.get(key.replace("~1", "/").replace("~0", "~"))
            if found is None:
                return None
        return found if isinstance(found, dict) else None

    def _complaint(self, pointer: str, body: Any, validators: "_Validators") -> str | None:
        if self._found(pointer) is None:
            return "there is nothing like that in the description"
        error = best_match(validators.at(pointer).iter_errors(body))
        return None if error is None else f"{error.json_path}: {error.message[:LONGEST]}"

    @cached_property
    def _document(self) -> Json:
        document: Json = json.loads(self._path.read_text(encoding="utf-8"))
        return document

    @cached_property
    def _of_replies(self) -> "_Validators":
        return _Validators(self._document)

    @cached_property
    def _of_requests(self) -> "_Validators":
        schemas = self._document["components"]["schemas"] | {excuse.schema: excuse.instead for excuse in EXCUSED}
        return _Validators({**self._document, "components": {**self._document["components"], "schemas": schemas}})


class _Validators:
    """One for each place in a description, made when it is first needed."""

    def __init__(self, document: Json) -> None:
        registry: Registry[Any] = Registry().with_resource(_URI, DRAFT202012.create_resource(document))
        self._registry = registry
        self._made: dict[str, Draft202012Validator] = {}

    def at(self, pointer: str) -> Draft202012Validator:
        if pointer not in self._made:
            schema = {"$ref": f"{_URI}#{quote(pointer)}"}
            self._made[pointer] = Draft202012Validator(schema, registry=self._registry)
        return self._made[pointer]
