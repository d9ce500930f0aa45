"""Attribution by the trained model: tags and links over word pieces (docs/extraction.md has how it was trained)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from worker.extraction.attribution.model.decode import LINK, TAGS, TaggedAttribution, Weights, decode
from worker.extraction.attribution.model.features import FEATURES, Pieces, features, windows
from worker.extraction.parse import Doc

__all__ = ["FOLDER", "AttributionModel"]

FOLDER = Path(__file__).parents[2] / "models" / "attribution"
_CLS, _SEP = 101, 102
_SLOWER_FUSED = ["SkipLayerNormFusion"]
"""What onnxruntime must not join: its sum and normalisation in one (1.32, CPU) take 5 times as long as one after the
other, 8 % of the network's time.
"""
_MIN_PIECES = 600
"""Pieces of any text that are read."""
_MIN_CHARS_PER_PIECE = 3.75
"""Characters to a piece in a long text: news has 4.8, the densest of 1,400 articles with more than 4 KB had 3.84.

What the network costs goes by its pieces.
"""


class AttributionModel:
    """`version` is the first digits of the hash of the network's file."""

    def __init__(self, session: Any, tokenizer: Any, weights: Weights, version: str) -> None:
        self._session, self._tokenizer, self._weights, self.version = session, tokenizer, weights, version
        self._asked = [each.name for each in session.get_inputs()]

    @staticmethod
    def installed_version(folder: Path = FOLDER) -> str | None:
        """The version of the model in the folder, without loading it; None if there is none."""
        if not (folder / "model.int8.onnx").exists():
            return None
        return str(json.loads((folder / "decoder.json").read_text(encoding="utf-8"))["version"])

    @classmethod
    def load(cls, folder: Path = FOLDER) -> AttributionModel | None:
        """None if no model is installed in the folder."""
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
            onnxruntime.InferenceSession(
                str(network), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER_FUSED
            ),
            tokenizer,
            Weights(**{name: np.asarray(value, np.float32) for name, value in learnt["weights"].items()}),
            learnt["version"],
        )

    def find(self, doc: Doc, text: str) -> tuple[list[TaggedAttribution], Pieces] | None:
        """Attributions as ranges of word pieces, and the pieces. `doc` is the parse of `text`.

        None for a text of many more pieces than news has for its length: tables, rows of signs, words of no language.
        """
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        if len(encoding.ids) > _MIN_PIECES + len(text) / _MIN_CHARS_PER_PIECE:
            return None
        pieces = features(doc, text, encoding)
        emissions = np.zeros((len(pieces), len(TAGS)), np.float32)
        links = np.zeros((len(pieces), 4 * LINK + 1), np.float32)
        for start, end, low, high in windows(pieces):
            # one at a time: the network's int8 scales depend on all inputs of a run, a batch changes the result
            inputs = _inputs(pieces, start, end)
            tagged, linked = self._session.run(None, {name: inputs[name] for name in self._asked})
            emissions[low:high] = tagged[0, 1 + low - start : 1 + high - start]
            links[low:high] = linked[0, 1 + low - start : 1 + high - start]
        return decode(emissions, links, pieces, self._weights), pieces


def _inputs(pieces: Pieces, start: int, end: int) -> dict[str, Any]:
    """The pieces of one window between the two special ones, with a mask for a network that asks for one.

    Shapes 1 x n, 1 x n, 1 x n x len(FEATURES).
    """
    n = end - start + 2
    inputs = np.zeros((1, n, len(FEATURES)), np.int64)
    inputs[0, 1:-1] = pieces.features[start:end]
    ids = np.asarray([[_CLS, *pieces.ids[start:end], _SEP]], np.int64)
    return {"ids": ids, "mask": np.ones((1, n), np.int64), "features": inputs}
