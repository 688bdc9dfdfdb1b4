"""All configuration, read once."""

import re
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.errors import SettingsError

_DATABASE = re.compile(r"[a-z][a-z0-9]*(\+[a-z][a-z0-9_]*)?://.*")
_LIKE = "it reads like sqlite+aiosqlite:////folder/demarche.db or postgresql+asyncpg://user:password@host/demarche"


def _database(url: SecretStr | None) -> SecretStr | None:
    if url and not _DATABASE.fullmatch(url.get_secret_value()):
        raise PydanticCustomError("database_url", _LIKE)
    return url


class Settings(BaseSettings):
    """From the environment or ``.env``; an empty value counts as unset."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    token: Annotated[SecretStr | None, Field(validation_alias="DISCORD_TOKEN")] = None
    data: Annotated[Path, AfterValidator(Path.expanduser), Field(validation_alias="DEMARCHE_DATA")] = (
        platformdirs.user_data_path("demarche", appauthor=False)
    )
    chroma_url: Annotated[str | None, Field(validation_alias="CHROMA_URL", pattern=r"^https?://[^/\s@]+/?$")] = None
    database_url: Annotated[SecretStr | None, AfterValidator(_database), Field(validation_alias="DATABASE_URL")] = None

    @property
    def database(self) -> str:
        """The URL of the database, by default a file in the data folder. It may hold a password: never show it."""
        own = f"sqlite+aiosqlite:///{self.database_file}"
        return self.database_url.get_secret_value() if self.database_url else own

    @property
    def database_file(self) -> Path:
        """Where the database is, if no URL names another."""
        return self.data.absolute() / "demarche.db"

    def required_token(self) -> str:
        """Raises SettingsError when there is none."""
        token = self.token.get_secret_value().strip() if self.token else ""
        if not token:
            raise SettingsError(
                "There is no Discord token; copy .env.example to .env and set DISCORD_TOKEN "
                "(README: “Add it to a server”)."
            )
        return token


def load() -> Settings:
    """Raises SettingsError naming the setting, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SettingsError(f"The setting {first['loc'][0]} is malformed ({first['msg']}); mend it in .env.") from None
    except UnicodeDecodeError:
        raise SettingsError("The file .env is not plain text (UTF-8); copy .env.example anew and fill it in.") from None
