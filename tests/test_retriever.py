from knowledge.date import Date
from knowledge.filter import Filter
from knowledge.library import Library

QUESTION = "NATO should open an office in Tokyo"


def test_a_chain_is_handed_passages_word_for_word_with_their_source(library: Library) -> None:
    documents = library.as_retriever(5).invoke(QUESTION)
    assert [document.id for document in documents] == [hit.passage.id for hit in library.find(QUESTION, 5)]
    for document in documents:
        passage = library.record.passages[str(document.id)]
        source = library.record.source_of(passage)
        assert document.page_content == passage.text
        assert document.metadata["title"] == source.title
        assert document.metadata["url"] == (str(source.url) if source.url else None)
        assert document.metadata["source"] == source.id


async def test_it_may_be_asked_without_waiting_and_within_a_filter(library: Library) -> None:
    documents = await library.as_retriever(20, Filter(until=Date("2023-07"))).ainvoke(QUESTION)
    assert documents
    assert all(library.record.passages[str(d.id)].known_since <= Date("2023-07") for d in documents)
