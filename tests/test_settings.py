from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import platformdirs
import pytest

from bot import settings
from bot.budget import Limits
from knowledge.errors import SettingsError

TOKEN = "MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


KEY = "sk-4b7Cq4se7kKWs"
OF_MODELS = (
    "DEMARCHE_EMBEDDING",
    "DEMARCHE_MODEL",
    "DEMARCHE_MODEL_URL",
    "DEMARCHE_MODEL_KEY",
    "DEMARCHE_MODEL_TRAINING",
    "DEMARCHE_MODEL_SECONDS",
    "DEMARCHE_MODEL_PRICES",
    "DEMARCHE_MONTHLY_CAP",
    "DEMARCHE_REQUESTS",
    "DEMARCHE_TOKENS",
)

Write = Callable[..., None]


@pytest.fixture
def folder(apart: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As ``apart``, with no setting at all."""
    for name in ("DEMARCHE_DATA", *OF_MODELS):
        monkeypatch.delenv(name, raising=False)
    return apart


@pytest.fixture
def write(folder: Path) -> Write:
    """Puts settings into .env."""

    def written(**values: str) -> None:
        lines = (f"DEMARCHE_{name}={value}" for name, value in values.items())
        (folder / ".env").write_text("\n".join(lines), encoding="utf-8")

    return written


def test_nothing_needs_to_be_set(folder: Path) -> None:
    found = settings.load()
    assert found.data == platformdirs.user_data_path("demarche", appauthor=False)
    assert found.chroma_url is None
    assert found.token is None


def test_env_is_read(folder: Path) -> None:
    lines = (f"DISCORD_TOKEN={TOKEN}", f"DEMARCHE_DATA={folder}", "CHROMA_URL=http://chroma:8000", "OTHER=1")
    (folder / ".env").write_text("\n".join(lines))
    found = settings.load()
    assert found.required_token() == TOKEN
    assert (found.data, found.chroma_url) == (folder, "http://chroma:8000")


def test_the_environment_comes_before_env(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("DEMARCHE_DATA=there")
    monkeypatch.setenv("DEMARCHE_DATA", "here")
    assert settings.load().data == Path("here")


def test_an_empty_setting_counts_as_unset(folder: Path) -> None:
    (folder / ".env").write_text("DISCORD_TOKEN=\nDEMARCHE_DATA=\nCHROMA_URL=\n")
    assert (settings.load().token, settings.load().chroma_url) == (None, None)


def test_the_home_folder_is_understood(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    (folder / ".env").write_text("DEMARCHE_DATA=~/demarche")
    assert settings.load().data == folder / "demarche"


@pytest.mark.parametrize("token", ["", "   "])
def test_a_missing_token_is_said_in_one_sentence_that_tells_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)
    with pytest.raises(SettingsError, match=r"\.env.*DISCORD_TOKEN"):
        settings.load().required_token()


def test_blanks_around_a_token_do_not_matter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", f" {TOKEN}\n")
    assert settings.load().required_token() == TOKEN


def test_the_token_is_never_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    found = settings.load()
    assert TOKEN not in f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"
    monkeypatch.setenv("CHROMA_URL", "elsewhere")
    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["ftp://s3cret", "s3cret", "http://", "http://host/s3cret", "http://user:s3cret@host:8000"]
)
def test_a_malformed_server_address_is_named_without_its_value(
    folder: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("CHROMA_URL", url)
    with pytest.raises(SettingsError, match="CHROMA_URL") as caught:
        settings.load()
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_env_that_is_no_text_is_a_setting_to_mend(folder: Path) -> None:
    (folder / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"\.env"):
        settings.load()


def test_settings_do_not_change(folder: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.load().chroma_url = "http://elsewhere"  # type: ignore[misc]


def test_without_a_setting_there_is_no_model_and_it_would_have_limits_but_no_price(folder: Path) -> None:
    found = settings.load()
    assert (found.model, found.model_url, found.model_key) == (None, None, None)
    assert (found.model_training, found.model_seconds) == ("refused", 8.0)
    assert found.limits == Limits()
    assert (found.limits.month_cost, found.limits.prices) == (None, None)


def test_a_model_is_read(write: Write) -> None:
    url = "http://127.0.0.1:11434/v1"
    write(MODEL="openai:gpt-5-mini", MODEL_URL=url, MODEL_KEY=KEY, MODEL_TRAINING="allowed", MODEL_SECONDS="12.5")
    found = settings.load()
    assert (found.model, found.model_url) == ("openai:gpt-5-mini", url)
    assert found.model_key
    assert found.model_key.get_secret_value() == KEY
    assert (found.model_training, found.model_seconds) == ("allowed", 12.5)


@pytest.mark.parametrize("model", ["ollama:llama3.2", "ollama:llama3.2:3b", "openai:a/b@c", "google_genai:gemini-3"])
def test_a_model_is_named_with_its_provider(write: Write, model: str) -> None:
    write(MODEL=model)
    assert settings.load().model == model


def test_empty_settings_of_a_model_count_as_unset(write: Write) -> None:
    write(**{name.removeprefix("DEMARCHE_"): "" for name in OF_MODELS})
    found = settings.load()
    assert (found.model, found.model_key, found.limits) == (None, None, Limits())


@pytest.mark.parametrize(
    ("name", "value", "like"),
    [
        ("MODEL", "s3cret", "reads like ollama:llama3.2"),
        ("MODEL", "s3cret:", "reads like ollama:llama3.2"),
        ("MODEL", "S3cret:x", "reads like ollama:llama3.2"),
        ("MODEL", "ollama:s3cret model", "reads like ollama:llama3.2"),
        ("MODEL_URL", "s3cret", "http://127.0.0.1:11434"),
        ("MODEL_URL", "http://user:s3cret@host", "http://127.0.0.1:11434"),
        ("MODEL_TRAINING", "s3cret", "'refused' or 'allowed'"),
        ("MODEL_SECONDS", "s3cret", "valid number"),
        ("MODEL_SECONDS", "0.93", "greater than or equal to 1"),
        ("MODEL_SECONDS", "193", "less than or equal to 120"),
        ("MODEL_PRICES", "s3cret", "reads like 0.25/2.00"),
        ("MODEL_PRICES", "0.93", "reads like 0.25/2.00"),
        ("MODEL_PRICES", "-93/1", "reads like 0.25/2.00"),
        ("MONTHLY_CAP", "s3cret", "valid decimal"),
        ("MONTHLY_CAP", "-93", "greater than or equal to 0"),
        ("MONTHLY_CAP", "NaN", "finite number"),
        ("REQUESTS", "s3cret", "reads like 60/600/3000: a person, a server, all, on a day"),
        ("REQUESTS", "93", "reads like 60/600/3000: a person, a server, all, on a day"),
        ("REQUESTS", "60/600/-93", "reads like 60/600/3000: a person, a server, all, on a day"),
        ("TOKENS", "93/193", "reads like 60/600/3000: a person, a server, all, on a day"),
    ],
)
def test_a_malformed_setting_of_a_model_is_named_with_what_it_should_read_like_and_never_its_value(
    write: Write, name: str, value: str, like: str
) -> None:
    write(MODEL_KEY=KEY, **{name: value})
    with pytest.raises(SettingsError) as caught:
        settings.load()
    says = str(caught.value)
    assert f"DEMARCHE_{name} is malformed" in says
    assert like in says
    assert all(hidden not in says for hidden in (value, "s3cret", KEY))
    assert caught.value.__cause__ is None


def test_the_key_of_a_model_is_never_shown(write: Write) -> None:
    write(MODEL="openai:gpt-5-mini", MODEL_KEY=KEY)
    found = settings.load()
    assert KEY not in f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"


def test_requests_and_tokens_are_limited_for_a_person_a_server_and_all(write: Write) -> None:
    write(REQUESTS="6/60/300", TOKENS="1000/20000/0")
    assert settings.load().limits == Limits(
        user_requests=6, server_requests=60, day_requests=300, user_tokens=1_000, server_tokens=20_000, day_tokens=0
    )


def test_one_kind_of_limit_leaves_the_other_as_it_is(write: Write) -> None:
    write(REQUESTS="6/60/300")
    assert settings.load().limits == Limits(user_requests=6, server_requests=60, day_requests=300)


@pytest.mark.parametrize(
    ("cap", "cost"), [("5", 5_000_000), ("0", 0), ("0.015", 15_000), ("1234.567891", 1_234_567_891)]
)
def test_a_cap_is_kept_in_millionths(write: Write, cap: str, cost: int) -> None:
    write(MODEL_PRICES="0.25/2.00", MONTHLY_CAP=cap)
    limits = settings.load().limits
    assert limits.month_cost == cost
    assert limits.prices == (Decimal("0.25"), Decimal("2.00"))
    assert limits.cost(1_000_000, 1_000_000) == 2_250_000


@pytest.mark.parametrize("cap", ["5", "0"])
def test_a_cap_on_what_has_no_price_says_which_setting_is_missing(write: Write, cap: str) -> None:
    write(MONTHLY_CAP=cap)
    with pytest.raises(SettingsError, match=r"DEMARCHE_MONTHLY_CAP needs.*set DEMARCHE_MODEL_PRICES, such as 0\.25/2"):
        _ = settings.load().limits


def test_prices_need_no_cap(write: Write) -> None:
    write(MODEL_PRICES="1/4")
    assert settings.load().limits == Limits(prices=(Decimal(1), Decimal(4)))


@pytest.mark.parametrize("embedding", ["multilingual", "ollama:nomic-embed-text:latest", "google_genai:embedding-001"])
def test_an_embedding_is_named_by_what_it_reads_or_with_its_provider(write: Write, embedding: str) -> None:
    assert settings.load().embedding is None
    write(EMBEDDING=embedding)
    assert settings.load().embedding == embedding


@pytest.mark.parametrize(
    "embedding", ["s3cret", "multilingual2", "openai:", ":s3cret", "OpenAI:s3cret", "openai:s3 cret"]
)
def test_a_malformed_embedding_is_named_with_how_one_reads(write: Write, embedding: str) -> None:
    write(EMBEDDING=embedding)
    with pytest.raises(SettingsError, match=r"DEMARCHE_EMBEDDING .*multilingual, or ollama:nomic-embed-text") as caught:
        settings.load()
    assert "s3cret" not in str(caught.value)
