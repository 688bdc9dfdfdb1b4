import pytest

from bot.parser import Arguments, parser

NAMES = "chat ask rebut debate position positions compare holds map timeline search sources eval run doctor".split()


def told(arguments: Arguments) -> None: ...


def parsed(*words: str) -> Arguments:
    return parser(dict.fromkeys(NAMES, told)).parse_args(words)


def test_every_command_is_offered_and_leads_to_what_does_it() -> None:
    words = {
        "ask": ["?"],
        "rebut": ["."],
        "search": ["?"],
        "position": ["FR"],
        "compare": ["FR", "LT"],
        "holds": ["NATO should stay at home"],
        "debate": ["--for", "LT", "--against", "FR"],
    }
    for name in NAMES:
        assert parsed(name, *words.get(name, [])).command is told


def test_all_but_the_conversations_print_for_programs_too() -> None:
    assert parsed("positions", "--json").json
    for name in ("chat", "run"):
        with pytest.raises(SystemExit):
            parsed(name, "--json")


@pytest.mark.parametrize(
    "words", [["search", "Taiwan", "-k", "0"], ["debate", "--for", "LT", "--against", "FR", "--rounds", "x"]]
)
def test_a_number_is_from_one_up(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(*words)
    assert ended.value.code == 2
    assert "is not a number from 1 up" in capsys.readouterr().err


def test_a_debate_needs_both_sides_and_nothing_else() -> None:
    assert parsed("debate", "--for", "LT", "--against", "FR").rounds == 2
    with pytest.raises(SystemExit):
        parsed("debate", "--for", "LT")


def test_debug_may_stand_before_or_after_the_command() -> None:
    assert parsed("--debug", "doctor").debug
    assert parsed("doctor", "--debug").debug
    assert not parsed("doctor").debug


@pytest.mark.parametrize("written", ["2024-05-30", "2024-05", "2024"])
def test_a_day_a_month_or_a_year_is_taken_as_a_date(written: str) -> None:
    assert str(parsed("ask", "?", "--as-of", written).as_of) == written


def test_what_is_no_date_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed("ask", "?", "--as-of", "yesterday")
    assert ended.value.code == 2
    assert "write 2024-05-30, 2024-05 or 2024" in capsys.readouterr().err
