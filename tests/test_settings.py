from pathlib import Path

import platformdirs
import pytest

from bot import settings
from knowledge.errors import SettingsError

TOKEN = "MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


@pytest.fixture
def folder(apart: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As ``apart``, with no setting at all."""
    monkeypatch.delenv("DEMARCHE_DATA")
    return apart


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
