"""Questions that are reported."""

from __future__ import annotations

from worker.extraction.parse import Token

__all__ = ["is_mark_of_question"]

_ASKING = frozenset({"ask", "wonder", "inquire", "enquire", "query"})


def is_mark_of_question(token: Token) -> bool:
    """True for the "if" or "whether" behind a verb of asking: "asked him if he had lied", for the parse a condition."""
    clause = token.head
    return (
        token.lower_ in ("if", "whether")
        and token.dep_ == "mark"
        and clause.dep_ in ("advcl", "ccomp")
        and clause.head.lemma_ in _ASKING
        and clause.head.i < token.i
    )
