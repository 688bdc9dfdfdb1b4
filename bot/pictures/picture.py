"""What a drawing is once it is done."""

from pydantic import BaseModel, ConfigDict, Field

LONGEST_ALT = 1024  # characters that Discord takes
KEPT = 16  # drawings of each kind


class Picture(BaseModel):
    """``alt`` says in words all that is drawn; ``name`` is that of a file."""

    model_config = ConfigDict(frozen=True)

    png: bytes = Field(repr=False)
    alt: str = Field(max_length=LONGEST_ALT)
    name: str = Field(pattern=r"^[\w-]+\.png$")


def within(alt: str) -> str:
    """``alt`` cut at a word to what Discord takes, the cut marked."""
    if len(alt) <= LONGEST_ALT:
        return alt
    return alt[: LONGEST_ALT - 2].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
