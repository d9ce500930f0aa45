"""A surname that the model takes for an adverb and into the cue: "says | Early"."""

from __future__ import annotations

import re
from dataclasses import replace

from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.parse import Doc

__all__ = ["without_name"]

_VERB_AND_NAME = re.compile(r"(\w+)\s([A-ZÀ-Þ][\w’-]*[a-zß-þ])")


def without_name(doc: Doc, text: str, each: Attribution) -> Attribution:
    """The attribution, a name behind the verb of its cue as its source; the text has it in full as well."""
    if each.cue is None or (match := _VERB_AND_NAME.fullmatch(text, *each.cue)) is None:
        return each
    tokens = doc.char_span(*each.cue, alignment_mode="expand")
    if tokens is None or tokens[0].lemma_ not in VERBS or tokens[-1].ent_type_ in ("DATE", "TIME"):
        return each
    if re.search(rf"\b[A-ZÀ-Þ][\w’-]*[a-zß-þ]\s{re.escape(match[2])}\b(?!\s[A-ZÀ-Þ])", text) is None:
        return each
    return replace(each, cue=match.span(1), source=match.span(2))
