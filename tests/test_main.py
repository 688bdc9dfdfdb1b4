import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot import evaluation
from knowledge.date import Date
from knowledge.errors import UnknownDelegation
from knowledge.record import Record
from tests.command import Command, Outcome

TOKYO = "Should NATO open an office in Tokyo?"
OFFICE = "france-opposes-tokyo-liaison-office"
ROOT = Path(__file__).parents[1]


def test_an_answer_is_one_document_and_nothing_else(demarche: Command) -> None:
    asked = demarche("ask", TOKYO, "--as", "fr", "--json")
    assert (asked.code, asked.err) == (0, "")
    assert (asked.document["state"], asked.document["question"]) == ("FR", TOKYO)
    assert asked.document["claims"][0]["citations"][0]["n"] == 1


def test_an_answer_is_readable_too(demarche: Command, record: Record) -> None:
    asked = demarche("ask", TOKYO, "--as", "France")
    assert asked.code == 0
    (hold,) = [hold for hold in record.positions["FR"].holds if OFFICE in hold.arguments]
    assert hold.claim.rstrip(".") in asked.words
    assert "[2] “France, for its part" in asked.words
    assert " [1] In Singapore in May 2025 France's President Macron" in asked.words
    assert "press; our summary" in asked.words


def test_without_a_state_the_rapporteur_answers(demarche: Command) -> None:
    document = demarche("ask", "Does NATO have a role in the Indo-Pacific?", "--json").document
    assert (document["state"], document["stance"]) == ("RAPPORTEUR", "none")
    sides = {claim["voice"]: {cited["side"] for cited in claim["citations"]} for claim in document["claims"]}
    assert (sides["for"], sides["against"]) == ({"for"}, {"against"})


def test_honest_silence_is_no_failure(demarche: Command) -> None:
    asked = demarche("ask", "How many moons has Jupiter?", "--json")
    assert (asked.code, asked.document["answered"], asked.document["claims"]) == (0, False, [])
    assert len(asked.document["notices"]) == 1


def test_a_batch_keeps_order_and_count_whatever_stands_in_it(demarche: Command) -> None:
    lines = {
        f"LT\t{TOKYO}".encode(): ("LT", True),
        TOKYO.encode(): ("HU", True),
        b"": ("HU", False),
        f"Atlantis\t{TOKYO}".encode(): ("Atlantis", False),
        b"\xff\xfe\xfd": ("HU", False),
        "🦆🦆".encode(): ("HU", False),
        b"x" * 10_000: ("HU", False),
        f"\t{TOKYO}\r".encode(): ("HU", True),
        "one\u2028two \x0b \x85".encode(): ("HU", False),
        f"Türkiye\t{TOKYO}".encode(): ("TR", True),
        b"How many moons has Jupiter?": ("HU", False),
    }
    asked = demarche("ask", "-", "--as", "HU", "--json", piped=b"\n".join(lines) + b"\n")
    assert (asked.code, asked.err) == (0, "")
    assert [(document["state"], document["answered"]) for document in asked.documents] == list(lines.values())
    for document in asked.documents:
        assert document["answered"] or document["notices"]


def test_a_batch_for_people_says_what_is_wrong_where_it_is_wrong(demarche: Command) -> None:
    asked = demarche("ask", "-", piped=f"🦆\n{TOKYO}".encode())
    assert asked.code == 0
    assert asked.out.index("There are no words in that") < asked.out.index("Rapporteur")


def test_an_empty_batch_prints_nothing(demarche: Command) -> None:
    assert demarche("ask", "-", "--json") == (0, "", "")


@pytest.mark.parametrize(
    ("question", "said"), [("", "no question"), ("🦆", "no words"), ("\u200b", "no question"), ("x" * 10_000, "10,000")]
)
def test_a_question_that_cannot_be_read_is_wrong_use(demarche: Command, question: str, said: str) -> None:
    for command in ("ask", "search"):
        asked = demarche(command, question, "--json")
        assert asked.code == 2
        assert said in asked.complaint


@pytest.mark.parametrize(
    "command", [("ask", TOKYO, "--as", "Lithunia"), ("position", "Lithunia"), ("chat", "--as", "Lithunia")]
)
def test_an_unknown_state_is_wrong_use_and_the_nearest_are_named(demarche: Command, command: tuple[str, ...]) -> None:
    asked = demarche(*command)
    assert asked.code == 2
    assert "Lithuania (LT)" in asked.complaint


AMBIGUOUS = {
    "Korea": "South Korea (KR)",
    "the Baltics": "Estonia (EE), Latvia (LV) or Lithuania (LT)",
    "Brussels": "Belgium (BE)",
}


@pytest.mark.parametrize(("name", "choices"), AMBIGUOUS.items())
@pytest.mark.parametrize(
    "command",
    [
        ("ask", TOKYO, "--as"),
        ("rebut", "NATO has no business in Asia.", "--as"),
        ("chat", "--as"),
        ("position",),
        ("compare", "FR"),
        ("debate", "--for", "FR", "--against"),
    ],
)
def test_a_name_that_may_mean_several_is_wrong_use_and_they_are_named(
    demarche: Command, command: tuple[str, ...], name: str, choices: str
) -> None:
    asked = demarche(*command, name)
    assert asked.code == 2
    assert asked.complaint.startswith(f"“{name}” may mean several: ")
    assert choices in asked.complaint
    assert asked.complaint.endswith("; choose one.")


def test_an_ambiguous_name_in_a_batch_is_said_where_it_stands(demarche: Command) -> None:
    asked = demarche("ask", "-", "--json", piped=f"Korea\t{TOKYO}\nKR\t{TOKYO}\nChina\t{TOKYO}\n".encode())
    assert (asked.code, asked.err) == (0, "")
    first, second, third = asked.documents
    assert (first["answered"], first["error"]) == (False, "AmbiguousDelegation")
    assert "South Korea (KR)" in first["notices"][0]
    assert (second["state"], second["answered"]) == ("KR", True)
    assert (third["answered"], third["error"]) == (False, "NotSeated")


@pytest.mark.parametrize(("code", "name"), [("CN", "China"), ("AP4", "The Asia-Pacific Four")])
def test_who_is_only_on_record_can_be_looked_up_and_has_no_delegate(demarche: Command, code: str, name: str) -> None:
    for command in (("ask", TOKYO, "--as", code), ("rebut", "No.", "--as", code), ("chat", "--as", code)):
        asked = demarche(*command)
        assert asked.code == 2
        told = f"{name} has no delegate at this table; what is on record of it is shown by: position {code}."
        assert asked.complaint == told
    shown = demarche("position", code, "--json")
    assert (shown.code, shown.document["state"]) == (0, code)
    assert shown.document["facts"]


DAY = "2024-05-30"


def test_what_is_asked_as_of_a_day_is_answered_with_nothing_newer(demarche: Command, record: Record) -> None:
    then = record.until(Date(DAY))
    asked = demarche("ask", TOKYO, "--as", "FR", "--as-of", DAY, "--json").document
    assert asked["as_of"] <= DAY
    for cited in (cited for claim in asked["claims"] for cited in claim["citations"]):
        assert cited["passage"] in then.passages
        assert cited["since"] == []
    assert "2025" not in asked["text"]
    assert "2025" in demarche("ask", TOKYO, "--as", "FR", "--json").document["text"]
    found = demarche("search", "Tokyo office", "--as-of", DAY, "-k", "20", "--json").document
    assert {hit["passage"] for hit in found["hits"]} <= then.passages.keys()


def test_a_position_is_shown_as_it_was_on_a_day(demarche: Command) -> None:
    held, now = (demarche("position", "US", *when, "--json").document for when in (("--as-of", DAY), ()))
    assert (held["leaning"], now["leaning"]) == ("supportive", "divided")
    assert held["as_of"] <= DAY < now["as_of"]
    assert len(held["facts"]) < len(now["facts"])
    stances = {
        dossier["state"]: dossier["leaning"]
        for dossier in demarche("positions", "--as-of", DAY, "--json").document["positions"]
    }
    assert (stances["US"], stances["NO"]) == ("supportive", "no-public-position")
    assert "as of 30 May 2024" in demarche("position", "FR", "--as-of", DAY).words


@pytest.mark.parametrize(
    "command",
    [("ask", TOKYO), ("rebut", TOKYO), ("position", "FR"), ("positions",), ("search", "Tokyo"), ("chat",)],
)
@pytest.mark.parametrize("date", ["yesterday", "30 May 2024", "2024-13", "2024-02-31", ""])
def test_what_is_no_date_is_wrong_use(demarche: Command, command: tuple[str, ...], date: str) -> None:
    asked = demarche(*command, "--as-of", date)
    assert (asked.code, asked.out) == (2, "")
    assert "argument --as-of: " in asked.err.splitlines()[-1]
    assert "Traceback" not in asked.err


def test_an_unknown_state_cannot_play_with_the_terminal(demarche: Command) -> None:
    complaint = demarche("position", "\x1b[31mAtlantis\u202e").complaint
    assert not {"\x1b", "\u202e"} & set(complaint)
    assert "\x1b" not in demarche("ask", "-", piped=b"\x1b[31mX\tWhy?\n").out


@pytest.mark.parametrize(
    ("name", "code"),
    [("uk", "GB"), ("Holland", "NL"), ("turkey", "TR"), ("TÜRKİYE", "TR"), ("usa", "US"), ("pl", "PL")],
)
def test_a_state_is_known_by_every_usual_name(demarche: Command, name: str, code: str) -> None:
    assert demarche("position", name, "--json").document["state"] == code


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["frobnicate"],
        ["ask"],
        ["ask", "one", "two"],
        ["search", "Tokyo", "-k", "many"],
        ["search", "Tokyo", "-k", "0"],
        ["search", "Tokyo", "-k", "-1"],
    ],
)
def test_wrong_use_is_explained_without_a_traceback(demarche: Command, words: list[str]) -> None:
    asked = demarche(*words)
    assert (asked.code, asked.out) == (2, "")
    assert asked.err
    assert "Traceback" not in asked.err


def test_a_search_finds_passages_best_first(demarche: Command) -> None:
    found = demarche("search", "Tokyo office", "-k", "3", "--json").document
    scores = [hit["score"] for hit in found["hits"]]
    assert (found["query"], len(scores)) == ("Tokyo office", 3)
    assert scores == sorted(scores, reverse=True)
    assert "Tokyo" in found["hits"][0]["text"]
    assert "1. France" in demarche("search", "Tokyo office", "-k", "1").words


def test_a_batch_of_searches_keeps_order_and_count(demarche: Command) -> None:
    found = demarche("search", "-", "--json", piped=b"Tokyo office\n\nFR\tTaiwan\n")
    assert [document["query"] for document in found.documents] == ["Tokyo office", "", "Taiwan"]
    assert [bool(document["hits"]) for document in found.documents] == [True, False, True]
    assert "no question" in demarche("search", "-", piped=b"\n").out


def test_positions_and_sources_are_shown_for_people_and_programs(demarche: Command, record: Record) -> None:
    listed = demarche("positions", "--json").document["positions"]
    assert [dossier["state"] for dossier in listed] == [seat.code for seat in record.delegations]
    assert len(listed) > 40
    assert len(demarche("sources", "--json").document["sources"]) == len(record.sources)
    assert "France (FR)" in demarche("positions").words
    assert "Licence:" in demarche("sources").words
    assert record.positions["FR"].summary in demarche("position", "FR").words


def test_talking_in_the_terminal(demarche: Command, record: Record) -> None:
    lines = (
        TOKYO,
        "/cite 1",
        "/as LT",
        "/position",
        "/sources",
        "/help",
        TOKYO,
        "/other",
        "/frob",
        "/quit",
        "never read",
    )
    talk = demarche("chat", "--as", "FR", piped="\n".join(lines).encode())
    assert (talk.code, talk.err) == (0, "")
    assert talk.out.count("You to France> ") == 3
    assert talk.out.count("You to Lithuania> ") == 7
    assert talk.words.count(record.positions["LT"].summary) == 2
    assert "There is no command /frob" in talk.words


def test_the_end_of_the_input_ends_the_conversation(demarche: Command) -> None:
    talk = demarche("chat", piped=TOKYO.encode())
    assert talk.code == 0
    assert talk.out.count("You to France> ") == 2


def test_running_without_a_token_is_one_sentence(demarche: Command) -> None:
    running = demarche("run")
    assert running.code == 2
    assert "DISCORD_TOKEN" in running.complaint


def test_a_malformed_setting_is_named(demarche: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMA_URL", "elsewhere")
    asked = demarche("ask", TOKYO)
    assert asked.code == 2
    assert "CHROMA_URL" in asked.complaint


def test_a_folder_that_cannot_be_written_is_said_in_one_line(
    demarche: Command, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (apart / "file").touch()
    monkeypatch.setenv("DEMARCHE_DATA", str(apart / "file" / "below"))
    asked = demarche("ask", TOKYO)
    assert asked.code == 1
    assert "cannot be written" in asked.complaint


def test_a_server_that_is_not_there_is_said_in_one_line(demarche: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("CHROMA_URL", url)
    asked = demarche("ask", TOKYO)
    assert asked.code == 1
    assert f"No Chroma server answers at {url}" in asked.complaint
    examined = demarche("doctor", "--json")
    assert examined.code == 1
    assert [part["part"] for part in examined.document["findings"] if part["state"] == "ill"] == ["index"]


def test_the_doctor_finds_a_whole_index_and_no_ill(demarche: Command) -> None:
    assert demarche("doctor").code == 0
    says = {part["part"]: part["state"] for part in demarche("doctor", "--json").document["findings"]}
    assert says == {
        "python": "well",
        "record": "well",
        "model": "well",
        "index": "well",
        "database": "note",
        "language model": "note",
        "token": "note",
    }


def test_the_figures_are_computed_from_the_questions_at_hand(
    demarche: Command, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"id": "1", "question": TOKYO, "gold": ["NATO liaison office in Tokyo"]}
    (apart / "mine.jsonl").write_text(json.dumps(asked))
    monkeypatch.setattr(evaluation, "QUESTIONS", apart)
    monkeypatch.setattr(evaluation, "CLAIMS", apart / "not-there")
    monkeypatch.setattr(evaluation, "DEVELOPMENT", apart / "not-there.jsonl")
    report = demarche("eval", "--json").document
    assert [(each["name"], each["hit_1"]) for each in report["sets"]] == [("mine", 1.0)]
    assert report["verbatim"] == 1.0
    assert "mine" in demarche("eval").words


def test_figures_without_questions_are_refused_in_one_line(
    demarche: Command, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "QUESTIONS", apart)
    monkeypatch.setattr(evaluation, "DEVELOPMENT", apart / "not-there.jsonl")
    refused = demarche("eval")
    assert refused.code == 1
    assert "question" in refused.complaint


def broken() -> None:
    raise RuntimeError("the details of something private")


def test_what_nobody_foresaw_is_one_line(demarche: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.__main__.loader.load", broken)
    asked = demarche("positions", "--json")
    assert asked.code == 1
    assert "RuntimeError" in asked.complaint
    assert "private" not in asked.complaint


def test_debug_shows_where_it_broke(demarche: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("--debug", "position", "Atlantis"), ("position", "Atlantis", "--debug")):
        with pytest.raises(UnknownDelegation):
            demarche(*words)
    monkeypatch.setattr("bot.__main__.loader.load", broken)
    with pytest.raises(RuntimeError):
        demarche("positions", "--debug")


def test_an_interruption_is_quiet(demarche: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.__main__.loader.load", interrupted)
    assert demarche("positions") == (130, "", "")


def surroundings(home: Path, data: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "DEMARCHE_DATA": str(data), "PYTHONPATH": str(ROOT)}


def process(*words: str, home: Path, data: Path, piped: str = "") -> Outcome:
    """The command as people start it, in a process of its own."""
    done = subprocess.run(
        words, cwd=home, env=surroundings(home, data), input=piped, capture_output=True, encoding="utf-8", check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def test_a_batch_in_a_process_prints_json_and_nothing_else(built: Path, tmp_path: Path) -> None:
    piped = f"FR\t{TOKYO}\n\nTürkiye\t{TOKYO}\n"
    asked = process(sys.executable, "-m", "bot", "ask", "-", "--json", home=tmp_path, data=built, piped=piped)
    assert (asked.code, asked.err) == (0, "")
    assert [document["state"] for document in asked.documents] == ["FR", "RAPPORTEUR", "TR"]


def test_the_console_script_is_the_same_command(built: Path, tmp_path: Path) -> None:
    script = str(Path(sys.executable).parent / "demarche")
    asked = process(script, "position", "Lithunia", home=tmp_path, data=built)
    assert asked.code == 2
    assert "Lithuania (LT)" in asked.complaint


@pytest.mark.parametrize("form", [["--json"], []])
def test_a_reader_who_leaves_early_is_no_failure(built: Path, tmp_path: Path, form: list[str]) -> None:
    words = (sys.executable, "-m", "bot", "positions", *form)
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=tmp_path, env=surroundings(tmp_path, built), stdout=pipe, stderr=pipe) as left:
        assert left.stdout
        assert left.stderr
        left.stdout.close()  # long before the first word
        assert left.stderr.read() == b""
    assert left.returncode == 0
