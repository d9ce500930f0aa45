"""Attribution by the trained model: tags and links over word pieces (docs/extraction.md tells how it came about)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from worker.extraction.model_decode import LINK, TAGS, Found, Weights, decode
from worker.extraction.model_features import FEATURES, Pieces, features, windows

__all__ = ["FOLDER", "AttributionModel"]

FOLDER = Path(__file__).parent / "models" / "attribution"
_CLS, _SEP = 101, 102
_TOGETHER = 8
"""Windows of one article that go through the network at once: more costs memory and wins nothing on a CPU."""


class AttributionModel:
    """`version` is the first digits of the hash of the network's file."""

    def __init__(self, session: Any, tokenizer: Any, weights: Weights, version: str) -> None:
        self._session, self._tokenizer, self._weights, self.version = session, tokenizer, weights, version

    @classmethod
    def load(cls, folder: Path = FOLDER) -> AttributionModel | None:
        """None where no model is installed there."""
        network = folder / "model.int8.onnx"
        if not network.exists():
            return None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the pool's processes share the cores already
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        learnt = json.loads((folder / "decoder.json").read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(
            onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"]),
            tokenizer,
            Weights(**{name: np.asarray(value, np.float32) for name, value in learnt["weights"].items()}),
            learnt["version"],
        )

    def find(self, doc: Any, text: str) -> tuple[list[Found], Pieces]:
        """Attributions as ranges of word pieces, and the pieces. `doc` is the parse of `text`."""
        pieces = features(doc, text, self._tokenizer.encode(text, add_special_tokens=False))
        emissions = np.zeros((len(pieces), len(TAGS)), np.float32)
        links = np.zeros((len(pieces), 4 * LINK + 1), np.float32)
        cut = windows(len(pieces))
        for at in range(0, len(cut), _TOGETHER):
            some = cut[at : at + _TOGETHER]
            tagged, linked = self._session.run(None, _inputs(pieces, some))
            for row, (start, _, low, high) in enumerate(some):
                emissions[low:high] = tagged[row, 1 + low - start : 1 + high - start]
                links[low:high] = linked[row, 1 + low - start : 1 + high - start]
        return decode(emissions, links, pieces, self._weights), pieces


def _inputs(pieces: Pieces, cut: list[tuple[int, int, int, int]]) -> dict[str, Any]:
    length = max(end - start for start, end, _, _ in cut) + 2
    ids = np.zeros((len(cut), length), np.int64)
    mask = np.zeros((len(cut), length), np.int64)
    told = np.zeros((len(cut), length, len(FEATURES)), np.int64)
    for row, (start, end, _, _) in enumerate(cut):
        n = end - start
        ids[row, 0], ids[row, n + 1] = _CLS, _SEP
        ids[row, 1 : n + 1] = pieces.ids[start:end]
        mask[row, : n + 2] = 1
        told[row, 1 : n + 1] = pieces.features[start:end]
    return {"ids": ids, "mask": mask, "features": told}
