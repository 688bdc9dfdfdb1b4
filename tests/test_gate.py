import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gate import NO_LINK, clipped, link, markdown, plain
from knowledge.record import Record

MARKUP = set("\\*_~`|><#[]@")
WORDS = "http:// https:// :// www. discord.gg/ @everyone <@1> <t:0> # > - ** __ || ``` [a](b) \\ a ä 1".split()
PIECES = st.sampled_from([*WORDS, "\u200b", "\u202e", "\r", "\n"])
STRANGE = st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join)


def unescaped(shown: str) -> str:
    return re.sub(r"\\.", "", shown, flags=re.DOTALL)


@pytest.mark.parametrize(
    "typed",
    [
        "@everyone",
        "@here",
        "<@80351110224678912>",
        "<@&165511591545143296>",
        "<#103735883630395392>",
        "</ask:816437322781949972>",
        "<a:wave:393900000000000000>",
        "<t:1618953630:R>",
        "**bold** _and_ __under__ ~~gone~~",
        "||a secret||",
        "`code`",
        "```\nblock\n```",
        "# a heading",
        "-# small print",
        "> a quotation",
        "[France](javascript:alert)",
        r"\*escaped\*",
    ],
)
def test_what_would_format_or_mention_is_shown_as_typed(typed: str) -> None:
    shown = markdown(typed)
    assert MARKUP.isdisjoint(unescaped(shown))
    assert re.sub(r"\\(.)", r"\1", shown) == typed


@pytest.mark.parametrize(("typed", "shown"), [("- a list", r"\- a list"), ("1. a list", r"1\. a list")])
def test_a_list_is_no_list(typed: str, shown: str) -> None:
    assert markdown(typed) == shown


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=c",
        "HTTP://EXAMPLE.ORG",
        "discord://settings",
        "www.example.org",
        "discord.gg/abc",
        "discordapp.com/invite/abc",
        "ht\u200btps://example.org",
        "https:/\u2060/example.org",
        "ä://example.org",
    ],
)
def test_a_strangers_link_is_removed(address: str) -> None:
    assert plain(f"See {address} now") == f"See {NO_LINK} now"
    assert NO_LINK in markdown(f"[here]({address})")


def test_ordinary_words_pass_as_they_are() -> None:
    for text in ("NATO’s role: “yes”, 3.5 % (at 10:30)", "naïve; Šimonytė – Łukasz", "北约", "www is a web"):
        assert plain(text) == text
        assert markdown(text) == text


@pytest.mark.parametrize("hidden", ["\u200b", "\u2060", "\u00ad", "\ufeff", "\u202e", "\u2066", "\x1b", "\x07", "\r"])
def test_hidden_turning_and_control_characters_are_left_out(hidden: str) -> None:
    assert plain(f"Tok{hidden}yo") == "Tokyo"


@pytest.mark.parametrize("blank", ["\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", "\U000e0101", "\U000e0041"])
def test_characters_that_show_as_nothing_are_left_out(blank: str) -> None:
    assert plain(f"Tok{blank}yo") == "Tokyo"


@given(STRANGE)
@settings(derandomize=True, deadline=None, database=None, max_examples=500)
def test_nothing_that_is_shown_formats_mentions_or_links(typed: str) -> None:
    shown = markdown(typed)
    assert MARKUP.isdisjoint(unescaped(shown))
    assert "://" not in shown


@given(st.text() | STRANGE)
@settings(derandomize=True, deadline=None, database=None, max_examples=200)
def test_what_has_passed_the_gate_passes_it_again(typed: str) -> None:
    assert plain(plain(typed)) == plain(typed)


def test_ten_thousand_strange_characters_pass_in_a_moment() -> None:
    typed = "*@<a:" * 2000
    assert MARKUP.isdisjoint(unescaped(markdown(typed)))


def test_the_only_link_leads_to_a_source(record: Record) -> None:
    linked = [source for source in record.sources.values() if source.url]
    for source in linked:
        assert link(source) == f"[{markdown(source.publisher)}](<{source.url}>)"
        assert link(source, "a] [b") == rf"[a\] \[b](<{source.url}>)"
    assert 1 < len(linked) < len(record.sources)


def test_a_source_without_a_page_is_named_without_a_link(record: Record) -> None:
    for source in record.sources.values():
        if not source.url:
            assert link(source) == markdown(source.publisher)
            assert MARKUP.isdisjoint(unescaped(link(source, "a] [b")))


def test_a_long_text_is_cut_at_a_word_and_the_cut_is_marked() -> None:
    assert clipped("one two three", 20) == "one two three"
    assert clipped("one two three", 10) == "one two…"
    assert clipped("one two three", 13) == "one two three"


@given(STRANGE, st.integers(min_value=2, max_value=40))
@settings(derandomize=True, deadline=None, database=None, max_examples=300)
def test_a_cut_never_lays_markup_bare(typed: str, most: int) -> None:
    cut = clipped(markdown(typed), most)
    assert len(cut) <= most
    assert MARKUP.isdisjoint(unescaped(cut))
