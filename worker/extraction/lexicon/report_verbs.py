"""Cues: the words that the rules take for reports of speech.

meaning/act.py decides which act a cue names. What the trained model knows of cues is data/model_cues.json.
"""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words

__all__ = ["NEGATED_CUES", "OBJECT_CUES", "VERBS"]

VERBS = words("report_verbs")
OBJECT_CUES = words("object_cues")
"""These report speech with a noun phrase or a preposition as well: "condemned the attack", "called for a truce"."""
NEGATED_CUES = words("negatable_cues")
"""These report silence where they are negated: "did not mention"."""
