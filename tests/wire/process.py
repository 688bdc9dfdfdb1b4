"""The real bot in a process of its own, to be killed and started again."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from bot.settings import Settings
from tests.wire.server import Discord

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0  # seconds to start or stop in; three are usual


class Bot:
    """``demarche run`` on ``data``, speaking to ``discord``; what it prints goes to ``data/bot.log``."""

    def __init__(self, discord: Discord, data: Path, **environment: str) -> None:
        self._discord, self._data, self._given = discord, data, environment
        self._process: subprocess.Popen[bytes] | None = None
        self._printed: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def log(self) -> str:
        return (self._data / "bot.log").read_text(encoding="utf-8", errors="replace")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        """Start it and wait until it has logged in."""
        logins = self._discord.logins
        self.launch()
        await self._discord.until(lambda: self._discord.logins > logins or not self.is_running, PATIENCE)
        if not self.is_running:
            raise AssertionError(f"The bot ended; it printed:\n{self.log}")
        await self._discord.until(self._discord.connected.is_set, PATIENCE)

    def launch(self, *words: str) -> None:
        """Start it and wait for nothing. It knows no settings but those of the test."""
        known = {str(field.validation_alias) for field in Settings.model_fields.values()}
        inherited = {name: value for name, value in os.environ.items() if name not in known}
        given = {"DISCORD_TOKEN": self._discord.token, "DEMARCHE_DATA": str(self._data), "PYTHONPATH": str(ROOT)}
        self._printed = (self._data / "bot.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.wire.launch", self._discord.http_url, self._discord.gateway_url, *words],
            cwd=self._data,
            env={**inherited, **given, **self._given},
            stdout=self._printed,
            stderr=subprocess.STDOUT,
        )

    def kill(self) -> None:
        """At once, as when the power fails."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As with Ctrl+C; its exit code."""
        return self._end(signal.SIGINT)

    def _end(self, by: signal.Signals) -> int:
        if self._process is None or self._printed is None:
            return 0
        self._process.send_signal(by)
        code = self._process.wait(PATIENCE)
        self._printed.close()
        self._process = self._printed = None
        return code
