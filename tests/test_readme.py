import re
from pathlib import Path

import pytest

from bot.formats import formats
from tests.command import Command

ROOT = Path(__file__).parents[1]
WIDTH = "100"  # of the terminal that printed it


def block(name: str) -> str:
    """What stands between two marks of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.S)
    assert found
    return found[1]


def test_the_duel_in_the_readme_is_what_the_command_prints(demarche: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", WIDTH)
    printed = demarche("debate", "--for", "LT", "--against", "FR", "--rounds", "1").out
    shown = block("duel").split("```")[1].split("\n", 2)[2]
    assert [line.rstrip() for line in shown.strip().splitlines()] == [
        line.rstrip() for line in printed.strip().splitlines()
    ]


def test_the_table_in_the_readme_is_what_the_command_prints(demarche: Command) -> None:
    assert block("positions").strip() == demarche("positions", "--markdown").out.strip()


def test_every_format_is_named_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"*{id}*" in text for id in formats())
