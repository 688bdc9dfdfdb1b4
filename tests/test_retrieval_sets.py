import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.retrieval import sets
from tests.retrieval.sets import SetError

HEADER = "query-id\tcorpus-id\tscore\n"


def lines(*entries: Mapping[str, Any]) -> str:
    return "".join(f"{json.dumps(entry)}\n" for entry in entries)


FILES = {
    "corpus.jsonl": lines(
        {"_id": "a", "title": "Tokyo", "text": "An office."},
        {"_id": "b", "text": "No office."},
        {"_id": "c", "title": "", "text": "Ships."},
    ),
    "queries.jsonl": lines(
        {"_id": "1", "text": "office"}, {"_id": "2", "text": "ships"}, {"_id": "3", "text": "trade"}
    ),
    "qrels.tsv": HEADER + "1\ta\t2\n1\tb\t1\n2\tc\t1\n3\ta\t0\n",
}


def write(folder: Path, **changed: str) -> Path:
    """``changed``: file, with an underscore for its dot -> content."""
    for name, content in (FILES | {key.replace("_", ".", 1): content for key, content in changed.items()}).items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(SetError) as raised:
        sets.read(folder)
    said = str(raised.value)
    assert "\n" not in said
    return said


def test_a_set_has_documents_queries_and_judgements(tmp_path: Path) -> None:
    found = sets.read(write(tmp_path / "office"))
    assert found.name == "office"
    assert [document.whole for document in found.documents] == ["Tokyo An office.", "No office.", "Ships."]
    assert found.judgements["1"] == {"a": 2, "b": 1}
    assert not found.sides


def test_a_query_without_a_relevant_document_is_not_measured(tmp_path: Path) -> None:
    assert list(sets.read(write(tmp_path)).queries) == ["1", "2"]


def test_only_the_test_part_is_measured(tmp_path: Path) -> None:
    queries = lines(
        {"_id": "1", "text": "office", "metadata": {"split": "test"}},
        {"_id": "2", "text": "ships", "metadata": {"split": "train"}},
    )
    assert list(sets.read(write(tmp_path, queries_jsonl=queries)).queries) == ["1"]


def test_judgements_of_documents_that_are_not_there_do_not_count(tmp_path: Path) -> None:
    found = sets.read(write(tmp_path, qrels_tsv=HEADER + "1\ta\t1\n1\tgone\t1\n2\tgone\t1\n"))
    assert found.judgements == {"1": {"a": 1}}


def test_judgements_may_lie_where_beir_puts_them(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert sets.set_folders(folder) == ([folder.resolve()], [])
    assert len(sets.read(folder).queries) == 2


def test_sides_are_read_as_perspectrum_labels_them(tmp_path: Path) -> None:
    table = "query-id\tcorpus-id\tstance3\tcluster\n1\ta\tSUPPORT\t0\n1\tb\tUNDERMINE\t1\n2\tc\tNEUTRAL\t0\n"
    found = sets.read(write(tmp_path, stance_tsv=table))
    assert found.sides == {"1": {"a": "for", "b": "against"}}


def test_sides_are_read_as_args_me_labels_them(tmp_path: Path) -> None:
    labels = lines({"topic": "1", "doc": "a", "stance": "Pro"}, {"topic": "1", "doc": "b", "stance": "Con"})
    assert sets.read(write(tmp_path, stance_jsonl=labels)).sides == {"1": {"a": "for", "b": "against"}}


def test_a_folder_holds_sets_and_others_that_are_none(tmp_path: Path) -> None:
    write(tmp_path / "office")
    (tmp_path / "claims").mkdir()
    assert sets.set_folders(tmp_path) == ([tmp_path / "office"], [tmp_path / "claims"])


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="no set is here"):
        sets.set_folders(tmp_path)
    with pytest.raises(SetError, match="there is no such folder"):
        sets.set_folders(tmp_path / "gone")


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("corpus.jsonl", '{"_id": "a", "text": "An office."}\n{"_id"\n', "line 2: this is no JSON."),
        ("corpus.jsonl", "[]\n", "line 1: an object is expected here."),
        ("corpus.jsonl", '{"_id": "a"}\n', "line 1: text is missing or no text."),
        ("corpus.jsonl", '{"_id": "a", "text": ""}\n' * 2, "line 2: the id a is there twice."),
        ("queries.jsonl", '\n{"_id": 1, "text": "office"}\n', "line 2: _id is missing or no text."),
        ("qrels.tsv", "1\ta\t1\n", "line 1: the header lacks query-id, corpus-id, score."),
        ("qrels.tsv", HEADER + "1\ta\n", "line 2: 3 columns are expected and 2 are here."),
        ("qrels.tsv", HEADER + "1\ta\tmuch\n", "line 2: the score 'much' is no whole number."),
    ],
)
def test_a_malformed_line_is_named_with_its_file(tmp_path: Path, file: str, content: str, says: str) -> None:
    assert refusal(write(tmp_path, **{file: content})) == f"{tmp_path / file}, {says}"


def test_a_set_in_which_nothing_can_be_measured_is_refused(tmp_path: Path) -> None:
    assert "none of its test queries" in refusal(write(tmp_path, qrels_tsv=HEADER + "1\ta\t0\n"))
