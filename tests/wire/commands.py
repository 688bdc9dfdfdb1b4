"""Commands as people run them: what they fill in, checked as Discord's own client checks it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.wire.state import ORDINARY, Json, User, World

CHAT, ON_USER, ON_MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2
IN_PRIVATE = 1


class Wrong(ValueError):
    """Something that people could not do in Discord: the test that tries is wrong."""


def offered(world: World, name: str, channel_id: str, user: User, type: int = CHAT) -> Json:
    """The command of that name, if ``user`` finds it in that channel. Raises Wrong."""
    found = next((each for each in world.commands if (each["name"], each["type"]) == (name, type)), None)
    if found is None:
        raise Wrong(f"no command {name!r} among {[command['name'] for command in world.commands]}")
    needed = int(found.get("default_member_permissions") or 0)
    if needed & ~user.permissions:
        raise Wrong(f"{user.name} is not allowed {name!r}")
    if world.is_direct(channel_id) and IN_PRIVATE not in (found.get("contexts") or (IN_PRIVATE,)):
        raise Wrong(f"{name!r} is not offered in direct messages")
    return found


def run(
    world: World, command: Json, path: Sequence[str], values: Mapping[str, Any], focused: str | None = None
) -> Json:
    """The data of an interaction that runs /command path with ``values``; or that completes ``focused``."""
    resolved = _resolved(world, values.values())
    options = _options(command, path, values, focused)
    return {**_named(command), "options": options, **({"resolved": resolved} if resolved else {})}


def _options(of: Json, path: Sequence[str], values: Mapping[str, Any], focused: str | None) -> list[Json]:
    """What is filled in at the end of ``path``, inside the subcommands that lead there."""
    if path:
        step = _option(of, path[0])
        return [{"name": step["name"], "type": step["type"], "options": _options(step, path[1:], values, focused)}]
    if focused is None:
        _check_required(of, values)
    return [_filled(_option(of, name), value, focused) for name, value in values.items()]


def run_on(world: World, command: Json, target: Json | User) -> Json:
    """The data of an interaction from the menu of a message or user."""
    if isinstance(target, User):
        return {**_named(command), "target_id": target.id, "resolved": _resolved(world, [target])}
    return {**_named(command), "target_id": target["id"], "resolved": {"messages": {target["id"]: target}}}


def _named(command: Json) -> Json:
    return {"id": command["id"], "name": command["name"], "type": command["type"]}


def _option(of: Json, name: str) -> Json:
    for option in of.get("options") or ():
        if option["name"] == name:
            return dict(option)
    raise Wrong(f"{of['name']!r} has no option {name!r}")


def _check_required(leaf: Json, values: Mapping[str, Any]) -> None:
    for option in leaf.get("options") or ():
        if option["type"] in (SUBCOMMAND, GROUP):
            raise Wrong(f"{leaf['name']!r} is run with one of its subcommands, such as {option['name']!r}")
        if option.get("required") and option["name"] not in values:
            raise Wrong(f"{leaf['name']!r} needs {option['name']!r}")


def _filled(option: Json, value: Any, focused: str | None) -> Json:
    given = value.id if isinstance(value, User) else value
    filled = {"name": option["name"], "type": option["type"], "value": given}
    if option["name"] == focused:
        return {**filled, "focused": True}
    _check(option, given)
    return filled


def _check(option: Json, value: Any) -> None:
    """Raises Wrong where Discord's client would not have sent that."""
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise Wrong(f"{option['name']!r} is one of {choices}, not {value!r}")
    size = len(value) if isinstance(value, str) else value
    least, most = ("min_length", "max_length") if isinstance(value, str) else ("min_value", "max_value")
    if size < option.get(least, size) or size > option.get(most, size):
        raise Wrong(f"{option['name']!r} may not be {value!r}")


def _resolved(world: World, values: Any) -> Json:
    users = [value for value in values if isinstance(value, User)]
    channels = [value for value in values if isinstance(value, str) and value in world.channels]
    resolved: Json = {
        "users": {user.id: user.as_json() for user in users},
        "members": {
            user.id: world.member(user, whole=False) | {"permissions": str(user.permissions)} for user in users
        },
        "channels": {id: {**world.channels[id], "permissions": str(ORDINARY)} for id in channels},
    }
    return {key: value for key, value in resolved.items() if value}
