"""Subject, predicate, object and arguments of a content's main clause."""

from __future__ import annotations

from typing import Any

from worker.contract.claim import Argument, Proposition
from worker.extraction.clause import SUBJECTS, MainClause, main_clause_at
from worker.extraction.types import Span
from worker.extraction.wording import Wording

__all__ = ["proposition"]

_STATES = frozenset(
    "imperative essential vital necessary crucial critical important clear true possible likely unlikely probable certain obvious".split()
)
_LONGEST = 10
_CLOSING = '"”’)]'


def proposition(clauses: list[MainClause], wording: Wording, speaker: str | None) -> Proposition | None:
    """None for a content without a verb. `speaker` does what an infinitive without a subject says ("promised to pay")."""
    if not clauses:
        return None
    main = _inner(clauses[0])
    if main.form == "fragment":
        return None
    verb = main.verb
    subject = _subject(main, wording, speaker)
    thing = next((c for c in verb.children if c.dep_ == "dobj"), None) or next(
        (c for c in verb.children if c.dep_ in ("attr", "acomp", "oprd")), None
    )
    expletive = main.subject is not None and main.subject.dep_ == "expl"
    if expletive and thing is not None:
        subject, thing = _phrase(thing, wording), None
    arguments = [a for c in verb.children if c.i > verb.i and (a := _argument(c, wording)) is not None]
    return Proposition(
        subject=subject,
        predicate=verb.lemma_.lower() + "".join(f" {c.lower_}" for c in verb.children if c.dep_ == "prt"),
        object=_phrase(thing, wording) if thing is not None else None,
        arguments=arguments,
    )


def _inner(clause: MainClause) -> MainClause:
    """Down from "it is imperative that" to what is."""
    head = clause.verb
    if head.lemma_ != "be" or not any(c.dep_ == "acomp" and c.lower_ in _STATES for c in head.children):
        return clause
    below = [c for c in head.children if c.dep_ in ("ccomp", "xcomp") and c.i > head.i and c.pos_ in ("VERB", "AUX")]
    below += [c for a in head.children if a.dep_ == "acomp" for c in a.children if c.dep_ in ("ccomp", "xcomp")]
    if not any(c.dep_ in SUBJECTS for b in below for c in b.children):
        return clause
    return main_clause_at(below[0], clause.tokens)


def _subject(main: MainClause, wording: Wording, speaker: str | None) -> str | None:
    if main.subject is not None and main.subject.tag_ in ("WDT", "WP") and main.head.dep_ == "relcl":
        about = [t for t in main.tokens if t.i < main.subject.i]  # what the clause is about, where the content has it
        while about and about[-1].is_punct:
            about = about[:-1]
        return (
            wording.of([(about[0].idx, about[-1].idx + len(about[-1].text))])
            if about
            else _phrase(main.head.head, wording)
        )
    if main.subject is not None:
        return _phrase(main.subject, wording)
    if main.imperative:
        return None
    if main.form == "finite" and main.head.dep_ != "conj":
        return _before(main, wording) or speaker
    above = main.head.head
    if main.form == "participle" and above.pos_ == "ADP":
        above = above.head
        if above.pos_ in ("NOUN", "PROPN", "PRON"):
            return _phrase(above, wording)
    if main.head.dep_ in ("xcomp", "advcl", "ccomp", "acl", "relcl", "pcomp") and above != main.head:
        # "urged both sides to accept", "call on Turkey to withdraw": who is asked does it
        asked = [c for c in above.children if c.dep_ in ("dobj", "dative") and c.i < main.head.i and c.pos_ != "ADP"]
        asked += [
            n
            for p in above.children
            if p.dep_ in ("prep", "dative") and p.i < main.head.i and p.lower_ in ("on", "upon", "to", "for")
            for n in p.children
            if n.dep_ == "pobj"
        ]
        if above.pos_ in ("NOUN", "PROPN") and main.head.dep_ in ("acl", "relcl"):
            return _phrase(above, wording)
        if asked:
            return _phrase(asked[0], wording)
    return speaker


def _before(main: MainClause, wording: Wording) -> str | None:
    """The words before the verb where the parse saw no subject in them: "between 40 and 55 trawlers are working"."""
    first = min([main.head.i, *(c.i for c in main.head.children if c.dep_ in ("aux", "auxpass", "neg"))])
    words = [t for t in main.tokens if t.i < first and not t.is_punct]
    if not words or len(words) > _LONGEST or words[-1].pos_ not in ("NOUN", "PROPN", "NUM", "PRON"):
        return None
    return wording.of([(words[0].idx, words[-1].idx + len(words[-1].text))]) or None


def _argument(child: Any, wording: Wording) -> Argument | None:
    if child.dep_ in ("prep", "agent") or (child.dep_ == "dative" and child.pos_ == "ADP"):
        noun = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
        return Argument(role=child.lower_, text=_phrase(noun, wording)) if noun is not None else None
    if child.dep_ == "dative":
        return Argument(role="to", text=_phrase(child, wording))
    return None


def _phrase(token: Any, wording: Wording) -> str:
    """A noun with what belongs to it, without relative clauses and appositions, without a negation of its own."""
    kept = [t for t in token.subtree if not t.is_space and not _in_clause(t, token)]
    while kept and (kept[0].is_punct or (kept[0].lower_ in ("no", "not") and kept[0].head == token and len(kept) > 1)):
        kept = kept[1:]
    while kept and kept[-1].is_punct and kept[-1].text not in _CLOSING:
        kept = kept[:-1]
    runs: list[Span] = []
    for t in kept:
        start, end = t.idx, t.idx + len(t.text)
        if runs and (t.doc[t.i - 1] in kept or t.doc[t.i - 1].is_space):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return wording.of(runs)


def _in_clause(token: Any, top: Any) -> bool:
    at = token
    while at != top:
        if at.dep_ in ("relcl", "appos", "advcl") or (at.dep_ == "acl" and at.tag_ != "VBN"):
            return True
        at = at.head
    return False
