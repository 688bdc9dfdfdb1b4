"""Errors that people can cause or mend: each message is one clear sentence that says what to do.

DemarcheError
+-- RecordError            a data file does not fit: names file, entry and remedy
+-- LibraryError
|   +-- LibraryLocked      another process holds the data folder
|   +-- LibraryUnwritable  the data folder cannot be written
|   +-- LibraryUnreachable no Chroma server answers
|   +-- EmbeddingFailed    another's embedding model gives no vectors that can be used
|   +-- ModelDamaged       the embedding model is missing or is not the one we ship
+-- UnknownDelegation      nobody of that name: carries the nearest names
|   +-- AmbiguousDelegation  several may be meant: carries their names
|   +-- NotSeated            it is on record and has no delegate
+-- UnknownFormat          no format of debate of that name: carries those there are
+-- QuestionError          empty, wordless or too long
+-- OutOfOrder             a turn or a seat that the rules of debate refuse: carries the rule
+-- RecordsError           the database cannot be read or written: says why
+-- SettingsError          a setting is missing or malformed
+-- Unsupported            a draft of which nothing could be vouched for
"""

from collections.abc import Sequence
from pathlib import Path


class DemarcheError(Exception):
    """The root. ``str(error)`` may be shown to people as it is."""


class RecordError(DemarcheError):
    """A data file does not fit its schema or contradicts another."""

    def __init__(self, path: Path, entry: str, problem: str) -> None:
        self.path, self.entry, self.problem = path, entry, problem
        where = f"{path.parent.name}/{path.name}" + (f", entry {entry}" if entry else "")
        super().__init__(f"{where}: {problem}")


class LibraryError(DemarcheError):
    """The library cannot be opened."""


class LibraryLocked(LibraryError):
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"Another Démarche is using the data folder {folder}; stop it, or set DEMARCHE_DATA to another folder."
        )


class LibraryUnwritable(LibraryError):
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"The data folder {folder} cannot be written; give this user permission or free space, "
            "or set DEMARCHE_DATA to another folder."
        )


class LibraryUnreachable(LibraryError):
    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(
            f"No Chroma server answers at {url}; start it (chroma run), or unset CHROMA_URL to use the built-in index."
        )


class EmbeddingFailed(LibraryError):
    """Never with what its provider's client says: that may repeat a key, or what was sent."""

    def __init__(self, name: str, problem: str) -> None:
        self.name, self.problem = name, problem
        super().__init__(
            f"The embedding {name} {problem}; see that its provider can be reached and knows our key, "
            "or unset DEMARCHE_EMBEDDING to use the bundled one."
        )


class ModelDamaged(LibraryError):
    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"The embedding model {path} is missing or damaged; restore it with: git checkout -- {path}")


class UnknownDelegation(DemarcheError):
    """No delegation is called that. ``nearest`` holds up to three names to offer instead."""

    def __init__(self, name: str, nearest: Sequence[str]) -> None:
        self.name, self.nearest = name, tuple(nearest)
        shown = name if len(name) <= 40 else name[:39] + "…"
        hint = (
            f"nearest: {', '.join(self.nearest)}"
            if self.nearest
            else "every NATO member has a seat, by name or by code"
        )
        super().__init__(f"No delegation is called “{shown}”; {hint}.")


class AmbiguousDelegation(UnknownDelegation):
    """The name may mean several. ``nearest`` holds those to choose from."""

    def __init__(self, name: str, choices: Sequence[str]) -> None:
        self.name, self.nearest = name, tuple(choices)
        one = f"{', '.join(choices[:-1])} or {choices[-1]}"
        DemarcheError.__init__(self, f"“{name}” may mean several: {one}; choose one.")


class NotSeated(UnknownDelegation):
    """It is on record and has no delegate. ``nearest`` holds its code."""

    def __init__(self, name: str, code: str) -> None:
        self.name, self.nearest = name, (code,)
        told = f"what is on record of it is shown by: position {code}"
        DemarcheError.__init__(self, f"{name[:1].upper()}{name[1:]} has no delegate at this table; {told}.")


class UnknownFormat(DemarcheError):
    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name, self.known = name, tuple(known)
        super().__init__(f"There is no format called “{name[:40]}”; choose one of {', '.join(known)}.")


class OutOfOrder(DemarcheError):
    """Refused by a rule of debate. ``rule`` is its name."""

    def __init__(self, rule: str, says: str) -> None:
        self.rule = rule
        super().__init__(f"Out of order ({rule}): {says}")


class RecordsError(DemarcheError):
    """The database of debates cannot be read or written."""


class QuestionError(DemarcheError):
    """The question cannot be answered as it stands."""


class SettingsError(DemarcheError):
    """A setting is missing or malformed."""


class Unsupported(DemarcheError):
    """Nothing in a draft could be vouched for."""
