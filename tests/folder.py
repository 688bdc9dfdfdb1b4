"""A copy of the data files, to be spoilt."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge import loader
from knowledge.errors import RecordError
from knowledge.loader import HERE

FILES = ("*.yaml", "sources/*", "arguments/*", "states/*")

Edit = Callable[[dict[str, Any]], object]


class Folder:
    """``path`` holds what the loader reads, without the model."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for pattern in FILES:
            for original in HERE.glob(pattern):
                target = path / original.relative_to(HERE)
                target.parent.mkdir(exist_ok=True)
                shutil.copy(original, target)

    def edit(self, name: str, edit: Edit) -> None:
        path = self.path / name
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        edit(content)
        path.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")

    @property
    def refusal(self) -> str:
        """What the loader says of it, in one line."""
        with pytest.raises(RecordError) as raised:
            loader.load(self.path)
        said = str(raised.value)
        assert "\n" not in said
        return said
