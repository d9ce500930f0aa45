"""A claim as a person reads it: speaker, cue, act, and the content with its quoted part marked."""

from __future__ import annotations

from worker.contract.claim import Claim, QuoteType, Voice

__all__ = ["readable"]

_BOLD, _DIM, _CYAN, _YELLOW, _END = "\033[1m", "\033[2m", "\033[36m", "\033[33m", "\033[0m"


def readable(claim: Claim, *, colour: bool) -> str:
    """Two lines. Direct speech stands between » and «, other words as the text has them."""

    def paint(text: str, code: str) -> str:
        return f"{code}{text}{_END}" if colour else text

    words = " … ".join(" ".join(span.exact.split()) for span in claim.content.spans) or claim.content.text
    if claim.voice is not Voice.ATTRIBUTED or not claim.attribution:
        who = paint("the article itself" if claim.voice is Voice.AUTHOR else "taken for granted", _DIM)
        return f"{who} [{claim.act}]\n    {words}"
    chain = []
    for link in claim.attribution:
        span = link.source.span
        said = " ".join(span.exact.split()) if span else "(nobody named)"
        name = f" = {link.source.name}" if link.source.name and link.source.name.casefold() != said.casefold() else ""
        cue = f" {paint(link.cue.exact, _CYAN)}" if link.cue else ""
        chain.append(f"{paint(said, _BOLD)}{name}{cue}")
    inner = claim.attribution[-1]
    act = f"[{claim.act}{', not said' if inner.negated else ''}]"
    bare = words.strip(' "“”«»„')
    quoted = f"»{bare}«" if inner.quote_type is QuoteType.DIRECT else words
    return f"{' → '.join(chain)} {paint(act, _YELLOW)}\n    {quoted}"
