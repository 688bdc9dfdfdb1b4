"""The bundled all-MiniLM-L6-v2 (int8 ONNX): no network, nothing to install. It reads English."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.embedding.vectors import in_batches, unit
from knowledge.errors import ModelDamaged

if TYPE_CHECKING:
    from knowledge.embedding.vectors import Vector, Vectors

DIMENSIONS = 384
LONGEST = 256  # tokens: what the model was trained to read

MODEL = Path(__file__).parents[1] / "model"
SHA256 = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


class MiniLM:
    """Loads the model when first used and checks that it is the one we ship. Raises ModelDamaged."""

    name = f"all-MiniLM-L6-v2-int8-{SHA256['model.onnx'][:8]}"
    dimensions = DIMENSIONS

    def __init__(self, folder: Path = MODEL, threads: int = 1) -> None:
        self._folder, self._threads = folder, threads

    def passages(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, shape (len(texts), 384)."""
        return in_batches(self._embed, texts, self.dimensions)

    def query(self, text: str) -> "Vector":
        """A unit vector, shape (384,)."""
        vector: Vector = self._embed([text])[0]
        return vector

    def prepare(self) -> None:
        """Load the model now rather than with the first text."""
        self.query("NATO")

    def check(self) -> None:
        """Raises ModelDamaged unless both files are those we ship."""
        for name in SHA256:
            self._checked(name)

    def is_word(self, word: str) -> bool:
        """Whether the model knows ``word`` (lower-case) whole: it does for the language's common words."""
        return self._tokenizer.token_to_id(word) is not None

    def _embed(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        encodings = self._tokenizer.encode_batch(list(texts))
        ids = np.array([encoding.ids for encoding in encodings], np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, inputs)[0]
        weights = mask[:, :, None].astype(np.float32)
        return unit((hidden * weights).sum(axis=1) / weights.sum(axis=1))

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep the memory of the longest batch for good
        return onnxruntime.InferenceSession(self._checked("model.onnx"), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._checked("tokenizer.json")))
        tokenizer.enable_truncation(LONGEST)
        tokenizer.enable_padding()
        return tokenizer

    def _checked(self, name: str) -> Path:
        path = self._folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelDamaged(path) from error
        if found != SHA256[name]:
            raise ModelDamaged(path)
        return path
