"""Every word that is said to a language model, in files of Markdown with ``$field``s."""

from functools import cache
from pathlib import Path
from string import Template

HERE = Path(__file__).parent


def render(name: str, **fields: str) -> str:
    """The prompt ``name`` with its fields filled in. Raises KeyError for a field that is missing, ValueError for one
    that is not asked for.
    """
    template = _template(name)
    if unknown := fields.keys() - set(template.get_identifiers()):
        raise ValueError(f"the prompt {name} has no field {', '.join(sorted(unknown))}")
    return template.substitute(fields).strip()


@cache
def _template(name: str) -> Template:
    return Template((HERE / f"{name}.md").read_text(encoding="utf-8"))
