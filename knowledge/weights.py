"""Files of trained numbers: they are the ones we ship, or they are not used."""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import ModelDamaged

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float32]]

FOLDER = Path(__file__).parent / "model"


def read(path: Path, sha256: str) -> Mapping[str, "Array"]:
    """Name -> numbers, as float32. Raises ModelDamaged unless the file has that hash."""
    import numpy as np

    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelDamaged(path) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelDamaged(path)
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
