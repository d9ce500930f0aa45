"""Formats a claim for a person: speaker, cue, act, and the content."""

from __future__ import annotations

from worker.contract.claim import Claim, QuoteType, Voice
from worker.visible_text import visible

__all__ = ["readable"]

_BOLD, _DIM, _CYAN, _YELLOW, _END = "\033[1m", "\033[2m", "\033[36m", "\033[33m", "\033[0m"


def readable(claim: Claim, *, colour: bool) -> str:
    """Two lines: who said it, and the words. Direct speech is put between » and «. The article's words cannot act on
    the terminal that they are shown on.
    """

    def paint(text: str, code: str) -> str:
        return f"{code}{text}{_END}" if colour else text

    words = visible(" … ".join(" ".join(span.exact.split()) for span in claim.content.spans) or claim.content.text)
    if claim.voice is not Voice.ATTRIBUTED or not claim.attribution:
        who = paint("the article itself" if claim.voice is Voice.AUTHOR else "taken for granted", _DIM)
        return f"{who} [{claim.act}]\n    {words}"
    chain = []
    for link in claim.attribution:
        span = link.source.span
        said = visible(" ".join(span.exact.split())) if span else "(nobody named)"
        named = visible(link.source.name or "")
        name = f" = {named}" if named and named.casefold() != said.casefold() else ""
        cue = f" {paint(visible(link.cue.exact), _CYAN)}" if link.cue else ""
        chain.append(f"{paint(said, _BOLD)}{name}{cue}")
    inner = claim.attribution[-1]
    act = f"[{claim.act}{', not said' if inner.negated else ''}]"
    bare = words.strip(' "“”«»„')
    quoted = f"»{bare}«" if inner.quote_type is QuoteType.DIRECT else words
    return f"{' → '.join(chain)} {paint(act, _YELLOW)}\n    {quoted}"
