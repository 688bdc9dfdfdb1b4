"""The library as a LangChain retriever, for those who build chains of their own."""

from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from knowledge.filter import EVERYTHING, Filter
from knowledge.findings import Hit

if TYPE_CHECKING:
    from knowledge.library import Library


class Retriever(BaseRetriever):
    """Documents are passages, word for word, with all that a citation needs in their metadata."""

    library: Any  # a Library, which is no pydantic model
    count: int = 10
    by: Filter = EVERYTHING

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain hands it over
    ) -> list[Document]:
        return [_document(self.library, hit) for hit in self.library.find(query, self.count, self.by)]


def _document(library: "Library", hit: Hit) -> Document:
    passage, source = hit.passage, library.record.sources.get(hit.passage.source)
    cited = source.model_dump(mode="json", include={"title", "author", "publisher", "url", "tier"}) if source else {}
    known = {"passage": passage.id, "source": passage.source, "section": passage.section, "date": str(passage.date)}
    return Document(page_content=passage.text, id=passage.id, metadata={**cited, **known, "score": hit.score})
