"""The folder of the derived index: versioned, locked, sealed, and built anew when in doubt."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import filelock

from knowledge.errors import LibraryLocked, LibraryUnwritable

PATIENCE = 10.0  # seconds to wait for another process to finish a short command

_SEAL = "seal.json"


class Index:
    """``folder``/``version`` holds what was built from inputs of that version, as long as the seal is whole.

    The seal holds the hash of every file. Opening changes some of them, so that only a copy is opened: a process that
    is killed leaves what was sealed as it was. One process holds the lock until ``release``.
    """

    def __init__(self, folder: Path, version: str) -> None:
        self._folder, self.version = folder, version
        self._lock = filelock.FileLock(folder / "index.lock", is_singleton=False)

    @property
    def path(self) -> Path:
        return self._folder / self.version

    @property
    def _copy(self) -> Path:
        return self._folder / f"{self.version}.opened"

    def acquire(self, patience: float = PATIENCE) -> None:
        """Raises LibraryLocked when another process holds the folder, LibraryUnwritable when nobody can write it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=patience)
        except filelock.Timeout as error:
            raise LibraryLocked(self._folder) from error
        except OSError as error:
            raise LibraryUnwritable(self._folder) from error

    def release(self) -> None:
        shutil.rmtree(self._copy, ignore_errors=True)
        self._lock.release()

    @property
    def is_whole(self) -> bool:
        """Whether every file of this version is as it was when it was sealed."""
        try:
            seal = json.loads((self.path / _SEAL).read_text())
            return bool(seal == _hashes(self.path))
        except (OSError, ValueError):
            return False

    def copy(self, part: str = "") -> Path:
        """What may be opened (all of it, or one folder in it), in the place of what was opened before.

        Raises LibraryUnwritable.
        """
        try:
            shutil.rmtree(self._copy, ignore_errors=True)
            return Path(shutil.copytree(self.path / part, self._copy))
        except OSError as error:
            raise LibraryUnwritable(self._folder) from error

    def build(self, fill: Callable[[Path], None]) -> None:
        """Let ``fill`` write into an empty folder, seal it, put it in place and remove all other versions."""
        unfinished = self._folder / f"{self.version}.unfinished"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for old in self._folder.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            unfinished.mkdir()
            fill(unfinished)
            (unfinished / _SEAL).write_text(json.dumps(_hashes(unfinished)))
            unfinished.rename(self.path)
        except OSError as error:
            raise LibraryUnwritable(self._folder) from error


def _hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != _SEAL)
    return {path.relative_to(folder).as_posix(): _hash(path) for path in files}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
