"""What is the matter with the database, in one sentence that says what to do.

What a driver says is never passed on: it may repeat a password or the words of a message.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from knowledge.errors import RecordsError

LOCKED = "Another program has locked the database; try again when it is done, or stop it. Nothing was lost."
FULL = "There is no space left for the database; free some and try again. What was stored before is safe."
READ_ONLY = "The database cannot be written; give this user permission to write it and its folder, and try again."
UNREACHABLE = "The database does not answer; check that it runs, and that DATABASE_URL names it rightly."
REFUSED = "The database refuses us; set DATABASE_URL with a user, a password and a database that it knows."
CLOSED = "The database file cannot be opened; check that it is a file, and that its folder exists and may be written."
DAMAGED = "The database file is damaged or none of ours; restore it from a copy, or set DATABASE_URL to another."
BROKEN = "The disk of the database fails; check it, and try again. What was stored before is safe."

# The beginnings of what SQLite (sqlite.org/rescode.html) and the SQL standard (as in PostgreSQL) call the matter.
_MATTERS = {
    **dict.fromkeys(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL", "55P03", "40001", "40P01", "57014"), LOCKED),
    **dict.fromkeys(("SQLITE_FULL", "53100"), FULL),
    **dict.fromkeys(("SQLITE_READONLY", "SQLITE_PERM", "25006", "42501"), READ_ONLY),
    **dict.fromkeys(("SQLITE_CANTOPEN", "SQLITE_AUTH"), CLOSED),
    **dict.fromkeys(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_FORMAT"), DAMAGED),
    "SQLITE_IOERR": BROKEN,
    **dict.fromkeys(("08", "57P", "53300"), UNREACHABLE),
    **dict.fromkeys(("28", "3D"), REFUSED),
}


@contextmanager
def told() -> Iterator[None]:
    """Raises RecordsError where the database fails. That a key is there already is no failure: it is let through."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, NoConnection, OSError) as error:
        raise RecordsError(sentence(error)) from None


def sentence(error: Exception) -> str:
    cause: BaseException = error.orig if isinstance(error, DBAPIError) and error.orig else error
    code = _code(cause)
    for beginning, says in _MATTERS.items():
        if code.startswith(beginning):
            return says
    if isinstance(error, OSError | NoConnection) or (isinstance(error, OperationalError) and not code):
        return UNREACHABLE  # some drivers have no code for it
    return f"The database failed ({code or type(cause).__name__}); try again, and report that if it stays so."


def _code(cause: BaseException) -> str:
    return str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
