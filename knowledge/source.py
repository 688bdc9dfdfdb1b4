"""A document as published."""

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter

Tier = Literal["official", "press", "analysis"]

_http = TypeAdapter(HttpUrl)


def _is_http(url: str) -> str:
    _http.validate_python(url)
    return url


Url = Annotated[str, AfterValidator(_is_http)]


class Source(BaseModel):
    """A document with its provenance. ``sha256`` is that of the file's bytes as stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    author: str
    publisher: str
    date: datetime.date
    url: Url
    url_leads_to: str = ""
    republished_by: str = ""
    licence: str
    tier: Tier
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def reference(self) -> str:
        """The line that stands under a quote: who, where, when."""
        return f"{self.author}, {self.publisher}, {day(self.date)}"

    @property
    def terms(self) -> str:
        """Under what terms its words are shown."""
        again = f", republished by {self.republished_by}" if self.republished_by else ""
        return f"{self.author}’s text{again}: {self.licence}"


def day(date: datetime.date) -> str:
    """A date as people write it: ``30 May 2024``."""
    return f"{date.day} {date:%B %Y}"
