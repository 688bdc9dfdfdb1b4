"""The bot and Discord, each on its side of a real wire."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.wire.server import Discord


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """One of its own, with an index in it."""
    return Path(shutil.copytree(built, tmp_path / "data"))


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord() as running:
        yield running
        assert running.unknown == []
        assert running.problems == []
