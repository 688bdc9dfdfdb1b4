from pathlib import Path

import pytest

from bot import formats
from bot.formats import DEFAULT, MOST_ROUNDS, NAMES
from knowledge.errors import RecordError, SettingsError, UnknownFormat

SOUND = """
name: Ours
tells: Short.
turns:
  opening: {words: 60, seconds: 300}
  rebuttal: {words: 60}
  closing: {words: 60}
"""


def written(folder: Path, text: str) -> Path:
    (folder / "ours.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_format_is_named_by_its_file() -> None:
    files = {path.stem for path in formats.FOLDER.glob("*.yaml")}
    assert {format.id for format in formats.formats().values()} == files == set(formats.formats())
    assert {"classroom", "model-nato", "free"} <= files
    assert DEFAULT in files


def test_in_the_classroom_every_turn_has_sixty_words() -> None:
    assert {limits.words for limits in formats.find("classroom").turns.values()} == {60}


def test_a_model_nato_exchange_has_questions_and_a_free_conversation_no_order() -> None:
    assert {*formats.find("model-nato").turns} == {*NAMES}
    free = formats.find("free")
    assert (free.ordered, {*free.turns}) == (False, {"rebuttal"})


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownFormat, match="classroom, free, model-nato") as raised:
        formats.find("parliament")
    assert raised.value.known == tuple(formats.formats())
    with pytest.raises(UnknownFormat):
        formats.find("../settings")


def test_rounds_are_as_asked_for_or_as_the_format_has_them() -> None:
    exchange = formats.find("model-nato")
    assert exchange.of_rounds(None) == exchange
    assert exchange.of_rounds(MOST_ROUNDS).rounds == MOST_ROUNDS
    assert exchange.of_rounds(1).turns == exchange.turns
    with pytest.raises(SettingsError, match=f"at most {MOST_ROUNDS}"):
        exchange.of_rounds(MOST_ROUNDS + 1)


def test_a_new_format_is_a_file(tmp_path: Path) -> None:
    ours = formats.formats(written(tmp_path, SOUND))["ours"]
    assert (ours.id, ours.name, ours.ordered, ours.rounds) == ("ours", "Ours", True, 1)
    assert ours.turns["rebuttal"].seconds is None


@pytest.mark.parametrize(
    ("sound", "broken", "problem"),
    [
        ("closing: {words: 60}", "", "no limits for closing"),
        ("name: Ours", "", "name"),
        ("rebuttal: {words: 60}", "rebuttal: {words: 1}", "turns.rebuttal.words"),
        ("rebuttal: {words: 60}", "rebuttal: {words: many}", "turns.rebuttal.words"),
        ("seconds: 300", "seconds: 0", "turns.opening.seconds"),
        ("rebuttal: {words: 60}", "heckling: {words: 60}", "turns.heckling"),
        ("tells: Short.", "tells: Short.\nrounds: 11", "rounds"),
        ("tells: Short.", "tells: Short.\nrounds: -1", "rounds"),
        ("tells: Short.", "tells: Short.\nspeakers: 4", "speakers"),
        ("closing:", "question: {words: 40}\n  closing:", "a question needs an answer"),
        ("closing:", "answer: {words: 40}\n  closing:", "a question needs an answer"),
        ("tells: Short.", "tells: Short.\nid: theirs", None),
    ],
)
def test_a_format_that_does_not_fit_is_named_with_what_to_mend(
    tmp_path: Path, sound: str, broken: str, problem: str | None
) -> None:
    assert sound in SOUND
    folder = written(tmp_path, SOUND.replace(sound, broken))
    if problem is None:
        assert formats.formats(folder)["ours"].id == "ours"
        return
    with pytest.raises(RecordError, match=problem) as raised:
        formats.formats(folder)
    assert "ours.yaml" in str(raised.value)


@pytest.mark.parametrize("text", ["", "just words", "name: [", "- one\n- two", "\xff"])
def test_a_file_that_holds_no_format_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(RecordError, match=r"ours\.yaml"):
        formats.formats(written(tmp_path, text))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(RecordError, match=r"ours\.yaml"):
        formats.formats(tmp_path)
