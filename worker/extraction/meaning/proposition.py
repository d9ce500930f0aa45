"""Subject, predicate, object and arguments of a content's main clause."""

from __future__ import annotations

from worker.contract.claim import Argument, Proposition
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.standalone_text import StandaloneText
from worker.extraction.parse import Token
from worker.extraction.spans import Span, tokens_span
from worker.extraction.syntax.main_clause import MainClause, main_clause_at
from worker.extraction.syntax.relations import has_subject, path_up

__all__ = ["proposition"]

_STATES = words("states_above_a_clause")
_MAX_SUBJECT_WORDS = 10
_CLOSING_MARKS = '"”’)]'
_VERBS = ("VERB", "AUX")


def proposition(clauses: list[MainClause], readable: StandaloneText, speaker: str | None) -> Proposition | None:
    """None for a content without a verb. `speaker` does what an infinitive without a subject says ("promised to pay").

    `readable` is the text with the content's edits: pronouns replaced.
    """
    main = _inner(clauses[0]) if clauses else None
    if main is None or main.form == "fragment":
        return None
    verb = main.verb
    subject = _subject(main, readable, speaker)
    noun = _first_child(verb, "dobj") or _first_child(verb, "attr", "acomp", "oprd")
    object_ = _phrase(noun, readable) if noun is not None else None
    if object_ is not None and main.subject is not None and main.subject.dep_ == "expl":
        subject, object_ = object_, None  # "there are no soldiers"
    return Proposition(
        subject=subject,
        predicate=verb.lemma_.lower() + "".join(f" {c.lower_}" for c in verb.children if c.dep_ == "prt"),
        object=object_,
        arguments=[a for c in verb.children if c.i > verb.i and (a := _argument(c, readable)) is not None],
    )


def _first_child(token: Token, *relations: str) -> Token | None:
    return next((c for c in token.children if c.dep_ in relations), None)


def _inner(clause: MainClause) -> MainClause:
    """Down from "it is imperative that" to what is."""
    head = clause.verb
    if head.lemma_ != "be" or not any(c.dep_ == "acomp" and c.lower_ in _STATES for c in head.children):
        return clause
    below = [c for c in head.children if c.dep_ in ("ccomp", "xcomp") and c.i > head.i and c.pos_ in _VERBS]
    below += [c for a in head.children if a.dep_ == "acomp" for c in a.children if c.dep_ in ("ccomp", "xcomp")]
    if not any(has_subject(b) for b in below):
        return clause
    return main_clause_at(below[0], clause.tokens)


def _subject(main: MainClause, readable: StandaloneText, speaker: str | None) -> str | None:
    if main.subject is not None:
        is_relative = main.subject.tag_ in ("WDT", "WP") and main.head.dep_ == "relcl"
        return _antecedent(main, main.subject, readable) if is_relative else _phrase(main.subject, readable)
    if main.imperative:
        return None
    if main.form == "finite" and main.head.dep_ != "conj":
        return _before(main, readable) or speaker
    above = _subject_above(main)
    return _phrase(above, readable) if above is not None else speaker


def _antecedent(main: MainClause, pronoun: Token, readable: StandaloneText) -> str:
    """The noun of a relative clause: the content's words before the pronoun, without any the noun in the parse."""
    before = [t for t in main.tokens if t.i < pronoun.i]
    while before and before[-1].is_punct:
        before = before[:-1]
    return readable.of([tokens_span(before)]) if before else _phrase(main.head.head, readable)


def _subject_above(main: MainClause) -> Token | None:
    """Who does what a clause without a subject says, by the words above it: "urged both sides to accept"."""
    head, above = main.head, main.head.head
    if main.form == "participle" and above.pos_ == "ADP":
        above = above.head
        if above.pos_ in ("NOUN", "PROPN", "PRON"):
            return above  # "accused the firm of hiding"
    if head.dep_ not in ("xcomp", "advcl", "ccomp", "acl", "relcl", "pcomp") or above == head:
        return None
    if above.pos_ in ("NOUN", "PROPN") and head.dep_ in ("acl", "relcl"):
        return above
    before = [c for c in above.children if c.i < head.i]
    asked = [c for c in before if c.dep_ in ("dobj", "dative") and c.pos_ != "ADP"]
    # "call on Turkey to withdraw"
    called_on = [p for p in before if p.dep_ in ("prep", "dative") and p.lower_ in ("on", "upon", "to", "for")]
    asked += [noun for p in called_on for noun in p.children if noun.dep_ == "pobj"]
    return asked[0] if asked else None


def _before(main: MainClause, readable: StandaloneText) -> str | None:
    """The words before the verb where the parse saw no subject in them: "between 40 and 55 trawlers are working"."""
    first = min([main.head.i, *(c.i for c in main.head.children if c.dep_ in ("aux", "auxpass", "neg"))])
    phrase = [t for t in main.tokens if t.i < first and not t.is_punct]
    if not phrase or len(phrase) > _MAX_SUBJECT_WORDS or phrase[-1].pos_ not in ("NOUN", "PROPN", "NUM", "PRON"):
        return None
    return readable.of([tokens_span(phrase)]) or None


def _argument(child: Token, readable: StandaloneText) -> Argument | None:
    if child.dep_ in ("prep", "agent") or (child.dep_ == "dative" and child.pos_ == "ADP"):
        noun = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
        return Argument(role=child.lower_, text=_phrase(noun, readable)) if noun is not None else None
    if child.dep_ == "dative":
        return Argument(role="to", text=_phrase(child, readable))
    return None


def _phrase(token: Token, readable: StandaloneText) -> str:
    """A noun with what belongs to it, without relative clauses and appositions, without a negation of its own."""
    kept = [t for t in token.subtree if not t.is_space and not _in_clause(t, token)]
    while kept and (kept[0].is_punct or (kept[0].lower_ in ("no", "not") and kept[0].head == token and len(kept) > 1)):
        kept = kept[1:]
    while kept and kept[-1].is_punct and kept[-1].text not in _CLOSING_MARKS:
        kept = kept[:-1]
    runs: list[Span] = []
    for t in kept:
        start, end = t.idx, t.idx + len(t.text)
        if runs and (t.doc[t.i - 1] in kept or t.doc[t.i - 1].is_space):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return readable.of(runs)


def _in_clause(token: Token, top: Token) -> bool:
    return any(
        t.dep_ in ("relcl", "appos", "advcl") or (t.dep_ == "acl" and t.tag_ != "VBN") for t in path_up(token, top)
    )
