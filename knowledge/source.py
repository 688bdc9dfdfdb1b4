"""A document as published."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter

from knowledge.date import Date

Tier = Literal["official", "press", "analysis"]

_http = TypeAdapter(HttpUrl)


def _is_http(url: str) -> str:
    _http.validate_python(url)
    return url


SUMMARISED = "Summaries are ours, in our own words; the sources named belong to their publishers"

Url = Annotated[str, AfterValidator(_is_http)]


class Source(BaseModel):
    """A document with its provenance. ``sha256`` is that of the file's bytes as stored; one that is only summarised
    here has none, and perhaps no ``url`` either: publisher, title and date identify it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    author: str = ""
    publisher: str
    date: Date
    url: Url | None
    url_leads_to: str = ""
    republished_by: str = ""
    licence: str = ""
    tier: Tier
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")

    @property
    def reference(self) -> str:
        """The line that stands under a quote: who or what, where, when."""
        return f"{self.author or self.title}, {self.publisher}, {self.date.words}"

    @property
    def is_summarised(self) -> bool:
        """Whether we hold our own words about it and not its text."""
        return not self.sha256

    @property
    def terms(self) -> str:
        """Under what terms its words are shown."""
        if self.is_summarised:
            return SUMMARISED
        again = f", republished by {self.republished_by}" if self.republished_by else ""
        return f"{self.author}’s text{again}: {self.licence}"
