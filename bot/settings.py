"""All configuration, read once."""

import re
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, Field, HttpUrl, SecretStr, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.budget import MICRO, Limits
from knowledge.errors import SettingsError

_DATABASE = re.compile(r"[a-z][a-z0-9]*(\+[a-z][a-z0-9_]*)?://.*")
_LIKE = "it reads like sqlite+aiosqlite:////folder/demarche.db or postgresql+asyncpg://user:password@host/demarche"


def _database(url: SecretStr | None) -> SecretStr | None:
    if url and not _DATABASE.fullmatch(url.get_secret_value()):
        raise PydanticCustomError("database_url", _LIKE)
    return url


def _written(value: str | None, form: re.Pattern[str], like: str) -> str | None:
    if value is not None and not form.fullmatch(value):
        raise PydanticCustomError("form", "it reads like {like}", {"like": like})
    return value


def _address(url: str | None) -> str | None:
    try:
        sound = url is None or (_HTTP.validate_python(url).username is None and "@" not in url)
    except ValidationError:
        sound = False
    if not sound:
        raise PydanticCustomError("form", "it reads like http://127.0.0.1:11434")
    return url


def _key(key: SecretStr | None) -> SecretStr | None:
    if key and not (key.get_secret_value().isascii() and key.get_secret_value().isprintable()):
        raise PydanticCustomError("form", "it holds signs that no key has")
    return key


_HTTP = TypeAdapter(HttpUrl)
_model = partial(_written, form=re.compile(r"[a-z][a-z0-9_]*:\S+"), like="ollama:llama3.2")
_embedding = partial(
    _written, form=re.compile(r"multilingual|[a-z][a-z0-9_]*:\S+"), like="multilingual, or ollama:nomic-embed-text"
)
_prices = partial(_written, form=re.compile(r"\d+(\.\d+)?/\d+(\.\d+)?"), like="0.25/2.00")
_shares = partial(_written, form=re.compile(r"\d+/\d+/\d+"), like="60/600/3000: a person, a server, all, on a day")


Training = Literal["refused", "allowed"]  # providers that learn from prompts


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

    embedding: Annotated[str | None, AfterValidator(_embedding), Field(validation_alias="DEMARCHE_EMBEDDING")] = None

    model: Annotated[str | None, AfterValidator(_model), Field(validation_alias="DEMARCHE_MODEL")] = None
    model_url: Annotated[str | None, AfterValidator(_address), Field(validation_alias="DEMARCHE_MODEL_URL")] = None
    model_key: Annotated[SecretStr | None, AfterValidator(_key), Field(validation_alias="DEMARCHE_MODEL_KEY")] = None
    model_training: Annotated[Literal["refused", "allowed"], Field(validation_alias="DEMARCHE_MODEL_TRAINING")] = (
        "refused"
    )
    model_seconds: Annotated[float, Field(validation_alias="DEMARCHE_MODEL_SECONDS", ge=1, le=120)] = 8.0
    model_prices: Annotated[str | None, AfterValidator(_prices), Field(validation_alias="DEMARCHE_MODEL_PRICES")] = None
    monthly_cap: Annotated[Decimal | None, Field(validation_alias="DEMARCHE_MONTHLY_CAP", ge=0)] = None
    requests: Annotated[str | None, AfterValidator(_shares), Field(validation_alias="DEMARCHE_REQUESTS")] = None
    tokens: Annotated[str | None, AfterValidator(_shares), Field(validation_alias="DEMARCHE_TOKENS")] = None

    @property
    def limits(self) -> Limits:
        """What may be spent on the model. Raises SettingsError for a cap on what has no price."""
        if self.monthly_cap is not None and not self.model_prices:
            raise SettingsError(
                "DEMARCHE_MONTHLY_CAP needs the prices of the model; set DEMARCHE_MODEL_PRICES, such as 0.25/2.00 for "
                "a million tokens read and written."
            )
        fields: dict[str, Any] = {}
        for kind, given in (("requests", self.requests), ("tokens", self.tokens)):
            whose = zip(("user", "server", "day"), map(int, given.split("/") if given else ()), strict=False)
            fields |= {f"{scope}_{kind}": most for scope, most in whose}
        if self.model_prices:
            fields["prices"] = tuple(self.model_prices.split("/"))
        cap = None if self.monthly_cap is None else int(self.monthly_cap * MICRO)
        return Limits(**fields, month_cost=cap)

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
