import numpy as np

from knowledge.lexical import Lexical
from knowledge.words import content_stems, content_words
from tests.holdings import sentences

LEXICAL = Lexical.of(["The office in Tokyo", "Ships and offices", "Trade with China"])


def test_words_are_matched_by_their_stem() -> None:
    assert set(LEXICAL.scores("offices?")) == {0, 1}


def test_the_best_text_scores_one() -> None:
    scores = LEXICAL.scores("a Tokyo office")
    assert scores[0] == 1.0
    assert 0 < scores[1] < 1


def test_a_question_without_words_of_its_own_matches_nothing() -> None:
    assert LEXICAL.scores("what is the") == {}
    assert LEXICAL.known("what is the") == 0.0


def test_signs_of_the_query_language_are_plain_text() -> None:
    assert set(LEXICAL.scores('tokyo" OR NEAR(china* - ^')) == {0, 2}


def test_the_share_of_known_words_grows_with_them() -> None:
    assert LEXICAL.known("jupiter moons") == 0.0
    assert LEXICAL.known("tokyo moons") < LEXICAL.known("tokyo office") == 1.0


def test_empty_words_carry_no_topic() -> None:
    assert content_words("What do YOU think about the Tokyo office?") == ["tokyo", "office"]


def test_a_part_is_as_if_there_were_no_other_texts() -> None:
    texts = [*sentences(60), "The office in Tokyo", "Ships and offices"]
    places = [1, 4, 5, 17, 42, 60, 61]
    part, alone = Lexical.of(texts).part(places), Lexical.of(texts[place] for place in places)
    for question in ("Tokyo offices", "ships protect the Baltic", texts[4], texts[7], "pizza"):
        assert part.scores(question) == alone.scores(question)
        assert part.known(question) == alone.known(question)
        assert np.array_equal(part.shares(content_stems(question)), alone.shares(content_stems(question)))


def test_nothing_may_be_left_of_the_texts_or_none_have_words() -> None:
    for empty in (Lexical.of([]), Lexical.of(["", "the"]), Lexical.of(["Ships"]).part([])):
        assert empty.scores("ships") == {}
        assert empty.known("ships") == 0.0
