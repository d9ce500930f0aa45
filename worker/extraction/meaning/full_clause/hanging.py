"""Clauses and appositions that hang on a noun: "the guards, who fired" to "the guards fired"."""

from __future__ import annotations

from collections.abc import Sequence

from worker.contract.claim import Voice
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.full_clause.parts import (
    ADDED,
    VERBS,
    ClauseContent,
    in_sentence,
    is_several,
    trimmed,
    whole_name,
)
from worker.extraction.meaning.full_clause.with_cue import cue_words
from worker.extraction.meaning.inflection import are, full_form, past
from worker.extraction.meaning.standalone_text import in_pairs
from worker.extraction.parse import Token
from worker.extraction.speakers.pronouns import is_plural
from worker.extraction.speakers.stage import Reported
from worker.extraction.syntax.relations import (
    NOUN_SUBJECTS,
    SUBJECTS,
    has_subject,
    is_finite,
    subtree_without,
)
from worker.extraction.syntax.relative_clauses import described_noun

__all__ = [
    "behind_its_conjunction",
    "of_a_described_subject",
    "of_a_granted_deed",
    "of_a_hanging_infinitive",
    "of_a_hanging_relative",
    "of_a_place_or_time",
    "of_an_addition",
]

_PEOPLE = words("roles") | words("described_people")
_GRANTING = words("presupposing_conjunctions")
_PLACES = ("GPE", "LOC", "FAC")
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_MAX_DAY_DIGITS = 2
_MAX_NOUN_WORDS = 10
_SORRY = frozenset(("apologise", "apologize"))


def of_an_addition(content: ClauseContent, head: Token) -> str | None:
    """The clause of a relative clause or an apposition with its noun: "the guards, who fired" to "the guards fired"."""
    if head.dep_ == "relcl":
        return _of_a_relative(content, head)
    if head.dep_ != "appos" or head.pos_ in VERBS:
        return None
    fact = content.below(head)
    noun = [t for t in content.tokens if fact and t.i < fact[0].i]
    is_titled = head.head.ent_type_ == "PERSON" and head.lemma_.casefold() in _PEOPLE
    is_one = is_titled or not any(c.dep_ in ("conj", "cc") for t in (head, head.head) for c in t.children)
    is_counted = any(t.like_num or any(c.dep_ == "nummod" for c in t.children) for t in (head, head.head))
    is_one = is_one and not is_counted  # "1 cup of rice, 2 eggs" is a list
    if not fact or not noun or not is_one or noun[-1].text != ",":
        return None
    return f"{content.words(noun)} {are(plural=is_several(head.head))} {content.words(fact)}"


def of_a_place_or_time(content: ClauseContent, head: Token) -> str | None:
    """The clause of "2008, when the bank failed" with the noun as its time; of "a bar, where fans sat" its place.

    `head`: that of the content, which "3 towns where it rained are" has behind the clause.
    """
    tokens = content.tokens
    at = next((n for n, t in enumerate(tokens) if t.lower_ in ("when", "where") and t.tag_ == "WRB"), None)
    if not at or at > _MAX_NOUN_WORDS or any(t.pos_ in VERBS and is_finite(t) for t in tokens[:at]):
        return None
    if head.i < tokens[at].i or head.dep_ not in ("relcl", "advcl"):
        return None
    noun, clause = trimmed(tokens[:at]), tokens[at + 1 :]
    last = next((t for t in reversed(noun) if t.pos_ in ("NOUN", "PROPN", "NUM")), None)
    has_clause = any(is_finite(t) and has_subject(t) for t in clause if t.pos_ in VERBS)
    if (
        last is None
        or noun[0].pos_ in ("ADP", "SCONJ", "CCONJ", "ADV")
        or not has_clause
        or clause[0].i == tokens[at].i
    ):
        return None
    preposition = _preposition_of_place(last) if tokens[at].lower_ == "where" else _preposition_of_time(last, noun)
    if preposition is None:
        return None
    first = noun[0]
    name = content.words(noun)
    if preposition == "in" and last.tag_ == "NNS" and first == last:
        name = f"some {name}"  # "states where it is legal"
    is_name = first.ent_type_ not in ("", "CARDINAL", "QUANTITY") or first.pos_ == "PROPN"
    name = name if is_name else name[:1].lower() + name[1:]
    return f"{preposition} {in_sentence(name)}, {content.words(clause)}"


def _preposition_of_place(noun: Token) -> str | None:
    return "in" if noun.ent_type_ in ("", *_PLACES) else None


def _preposition_of_time(noun: Token, phrase: Sequence[Token]) -> str | None:
    """ "In 2008", "on Tuesday", "during the flood"."""
    if noun.ent_type_ == "DATE":
        is_day = any(t.lower_ in _DAYS for t in phrase) or (noun.like_num and len(noun.text) <= _MAX_DAY_DIGITS)
        return "on" if is_day else "in" if phrase[0].lower_ not in ("this", "last", "next", "earlier") else ""
    return "during" if phrase[0].lower_ == "the" and noun.ent_type_ not in ("PERSON", "ORG", *_PLACES) else None


def behind_its_conjunction(content: ClauseContent, head: Token, voice: Voice) -> str | None:
    """What "two weeks after the ferry sank" takes for granted: "the ferry sank"."""
    if voice is not Voice.PRESUPPOSED:
        return None
    subject = min((c.i for c in head.children if c.dep_ in SUBJECTS), default=head.i)
    marks = (c.i for c in head.children if c.dep_ in ("mark", "advmod") and c.lower_ in _GRANTING and c.i < subject)
    conjunction = max(marks, default=None)
    if conjunction is None or conjunction < content.tokens[0].i:
        return None
    return content.words([t for t in content.tokens if t.i > conjunction]) or None


def of_a_granted_deed(content: ClauseContent, head: Token) -> str | None:
    """The clause of the deed that somebody is judged for: "fined the firm for | hiding a leak" to "the firm hid"."""
    if head.dep_ != "pcomp" or head.tag_ != "VBG" or not content.has(head) or has_subject(head):
        return None
    verb = head.head.head
    whom = next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass") and c.i < head.i), None)
    if verb.lemma_ in _SORRY:
        whom = next((c for c in verb.children if c.dep_ == "nsubj"), None)  # who apologises for it did it
    if whom is None and verb.tag_ in ("VBN", "VBD") and verb.dep_ == "acl":
        whom = verb.head  # "a clerk fined for hiding it"
    if whom is None or whom.pos_ not in ("NOUN", "PROPN"):
        return None
    name = content.readable.of_tokens(subtree_without(whom, lambda c: c.dep_ in ADDED and c.i > whom.i))
    first = min([head, *(c for c in head.children if c.dep_ in ("aux", "auxpass"))], key=lambda token: token.i)
    negated = any(c.dep_ == "neg" and c.i < first.i for c in head.children)
    form = f"did not {first.lemma_}" if negated else past(first.lemma_, plural=is_several(whom))
    return f"{name} {form} {content.words(content.after(first))}".strip() if name else None


def of_a_described_subject(content: ClauseContent, head: Token, cue: Token) -> str | None:
    """The clause of "a bridge that engineers say | will carry cars": its subject is the noun before the cue.

    Its pronoun may stand in the content: "the levy, | which | grocers say | will ruin them".
    """
    is_below = ("relcl", "acl") if is_finite(cue) else ("relcl",)
    relative = next((t for t in (cue, head) if t.dep_ in is_below), None)
    first = content.tokens[0]
    if relative == cue and (made := _of_a_gap_below(content, cue)) is not None:
        return made
    is_pronoun = first.tag_ in ("WDT", "WP") and relative == cue and first.i < cue.i < head.i
    if relative is None or not is_finite(head) or not (is_pronoun or (cue.i < first.i and first.pos_ in VERBS)):
        return None
    own = next((c for c in head.children if c.dep_ in SUBJECTS and content.has(c) and c != first), None)
    if own is not None and not is_pronoun:
        return None
    noun = _noun_of(relative, owner=False)
    name = content.words(noun)
    if not name or noun[-1].pos_ == "PRON":
        return None
    rest = [t for t in content.tokens if t != first and t.i <= head.right_edge.i] if is_pronoun else content.tokens
    if own is not None:
        return _gap_filled(content, head, name, rest)
    return f"{name} {content.words(rest)}" if rest else None


def _of_a_gap_below(content: ClauseContent, cue: Token) -> str | None:
    """The clause of "the canal that the mayor says | she saved": its object is the noun before the cue."""
    said = next((c for c in cue.children if c.dep_ == "ccomp" and c.i > cue.i and content.has(c)), None)
    pronoun = next((t for t in cue.subtree if t.i < cue.i and (t.tag_ == "WDT" or _is_that(t))), None)
    if said is None or pronoun is None or content.tokens[0].i <= cue.i or not is_finite(said):
        return None
    if not any(c.dep_ in SUBJECTS and content.has(c) for c in said.children):
        return None
    if pronoun.head not in (said, cue) or pronoun.dep_ in SUBJECTS or said.lemma_ in ("be", "seem", "become"):
        return None
    name = content.words(_noun_of(cue, owner=False))
    return _gap_filled(content, said, name, content.below(said)) if name else None


def of_a_hanging_relative(content: ClauseContent, head: Token) -> str | None:
    """The clause of a relative clause whose noun is not in the content, or is only described by it."""
    verb = _relative_verb(head)
    if verb is None or (content.has(verb.head) and not any(t.text == "," for t in content.below(verb)[:2])):
        return None
    return _of_a_relative(content, head)


def of_a_hanging_infinitive(content: ClauseContent, verb: Token, reported: Reported) -> str | None:
    """What somebody means to do with a noun before: "a deal, which Norpap hopes | to announce" with its object."""
    tokens = [t for t in content.tokens if t.tag_ != "WDT"]
    cue, name = reported.attribution.cue, whole_name(content, reported)
    if verb.dep_ != "relcl" or len(tokens) < 2 or tokens[0].tag_ != "TO" or cue is None or name is None:
        return None
    deed = tokens[0].head
    pronoun = next((t for t in verb.subtree if t.tag_ == "WDT" and t.i < verb.i), None)
    has_object = any(c.dep_ in ("dobj", "ccomp", "xcomp") and c != pronoun for c in deed.children)
    if pronoun is None or pronoun.dep_ != "dobj" or has_object or deed.i != tokens[0].i + 1:
        return None
    said = cue_words(content, verb, cue[0], plural=is_plural(name), agrees=False)
    noun = content.words(_noun_of(verb, owner=False))
    behind = content.words([t for t in tokens if t.i > deed.i])
    parts = (name, said, content.words(tokens[:2]), in_sentence(noun), behind)
    return " ".join(part for part in parts if part) if said and noun else None


def _of_a_relative(content: ClauseContent, head: Token) -> str | None:
    """The clause of a relative clause: its noun where the pronoun or the gap is."""
    verb = _relative_verb(head)
    if verb is None:
        return None
    clause = [t for t in content.below(verb) if not t.is_punct or t.i > verb.left_edge.i]
    while clause and clause[0].is_punct:
        clause = clause[1:]
    if not clause:
        return None
    pronoun = next((t for t in clause[:4] if t.tag_ in ("WDT", "WP", "WP$", "WRB") or _is_that(t)), None)
    noun = _noun_of(verb, owner=pronoun is not None and pronoun.tag_ == "WP$")
    rest = [t for t in content.tokens if t.i >= clause[0].i and t != pronoun]
    if _has_main_verb_behind(verb, noun, rest):
        return None
    name = in_pairs(content.words(noun))
    if not name or not rest or noun[-1].pos_ == "PRON":
        return None
    return _relative_filled(content, verb, pronoun, name, rest)


def _has_main_verb_behind(verb: Token, noun: Sequence[Token], rest: Sequence[Token]) -> bool:
    """True for "two guards who were held since May | were released": the noun has a verb of its own behind the clause.

    The parse may give that verb to a conjunction of the clause, with a number as its subject.
    """
    if not noun or noun[-1].dep_ == "ROOT":
        below = {t.i for t in verb.subtree}
        stray = (t for t in rest if t.pos_ in VERBS and t.dep_ == "advcl" and t.i in below)
        if any(s.tag_ == "CD" for t in stray for s in t.children if s.dep_ in SUBJECTS):
            return True
    inside = {t.i for t in verb.subtree} | {t.i for c in verb.conjuncts for t in c.subtree}
    return any(is_finite(t) and t.dep_ == "ROOT" and t.i not in inside for t in rest if t.pos_ in VERBS)


def _relative_verb(head: Token) -> Token | None:
    at = head
    while at.dep_ == "conj" and at.head != at and not has_subject(at):
        at = at.head
    return at if at.dep_ == "relcl" else None


def _noun_of(verb: Token, *, owner: bool) -> list[Token]:
    """The noun of a relative clause. `owner`: for "whose"; that of "Imran's ouster, whose party" is Imran."""
    noun = described_noun(verb)
    has = next((c for c in noun.children if c.dep_ == "poss" and c.pos_ == "PROPN"), None) if owner else None
    if has is not None:
        return subtree_without(has, lambda c: c.dep_ == "case")
    is_one = any(t.tag_ == "VBZ" or t.lower_ == "was" for t in (verb, *verb.children) if t.pos_ in VERBS)

    def is_added(token: Token) -> bool:
        is_listed = token.text == "," and any(c.i > token.i for c in token.head.conjuncts)
        joined = (token.dep_ in ("cc", "conj") or is_listed) and token.i < verb.left_edge.i - 1 and not is_one
        return token.dep_ in ADDED and token.i > noun.i and not joined

    phrase = subtree_without(noun, is_added)
    kept = [t for t in phrase if t.i < verb.left_edge.i and not t.is_space and t.dep_ != "mark"]
    while len(kept) > 1 and kept[0].lower_ in ("just", "only", "really", "not", "also"):
        kept = kept[1:]  # "is really just a pot that holds ten jars"
    return kept


def _is_that(token: Token) -> bool:
    return token.lower_ == "that" and token.dep_ in (*NOUN_SUBJECTS, "dobj", "pobj")


def _relative_filled(
    content: ClauseContent, verb: Token, pronoun: Token | None, name: str, rest: Sequence[Token]
) -> str | None:
    """A relative clause with its noun in place. `rest`: the words of the clause without the pronoun."""
    if pronoun is None:
        rest = rest[1:] if rest[0].lower_ == "that" and rest[0].dep_ == "mark" else rest
        return _gap_filled(content, _verb_of_gap(verb, None), name, rest) if rest and has_subject(verb) else None
    if pronoun.dep_ in NOUN_SUBJECTS or not has_subject(verb):
        short = rest[0].text[:1] in "'’"
        put = {rest[0]: full_form(rest[0]) or rest[0].text} if short else {}
        return f"{name} {content.words(rest, put)}"
    if pronoun.tag_ == "WP$":
        return (
            f"{name}{'’' if name.endswith('s') else '’s'} {content.words(rest)}"
            if pronoun.head.dep_ in SUBJECTS
            else None
        )
    if pronoun.dep_ == "pobj" and pronoun.i and rest[0].pos_ == "ADP":
        behind = [t for t in rest if t.i > pronoun.i]
        before = [t for t in rest if t.i < pronoun.i]
        return f"{content.words(before)} {name}, {content.words(behind)}" if behind else None
    if pronoun.dep_ == "pobj" and pronoun.head.lower_ == "of" and pronoun.head.i < verb.i:
        return content.words(rest, {pronoun.head: f"of {_all_of_them(name, verb)}"})  # "many of whom are"
    if pronoun.lower_ == "where":
        return f"in {name}, {content.words(rest)}" if verb.head.ent_type_ in _PLACES else None
    if pronoun.dep_ == "dative" or (pronoun.lower_ == "whom" and pronoun.head == verb and _has_thing_given(verb)):
        before, behind = [t for t in rest if t.i <= verb.i], [t for t in rest if t.i > verb.i]
        return f"{content.words(before)} {in_sentence(name)} {content.words(behind)}" if before and behind else None
    return _gap_filled(content, _verb_of_gap(verb, pronoun), name, rest) if pronoun.dep_ in ("dobj", "pobj") else None


def _verb_of_gap(verb: Token, pronoun: Token | None) -> Token:
    """The verb whose object a relative pronoun is: "support" of "which it stands ready to support"."""
    at = pronoun.head if pronoun is not None and pronoun.head.pos_ in VERBS and pronoun.head.i > verb.i else verb
    while True:
        below = next((c for c in at.children if c.dep_ in ("xcomp", "acomp") and c.i > at.i), None)
        if below is None:
            break
        at = below
    return at if at.pos_ in VERBS else verb


def _has_thing_given(verb: Token) -> bool:
    """True for "whom the state owes 3 million"."""
    return any(c.dep_ == "dobj" and c.tag_ not in ("WP", "WDT") and c.i > verb.i for c in verb.children)


def _all_of_them(name: str, verb: Token) -> str:
    """A noun after "many of": "the other countries" of "other countries, many of whom"."""
    noun = verb.head
    is_bare = noun.tag_ == "NNS" and not any(c.dep_ in ("det", "poss") for c in noun.children)
    return f"the {name[:1].lower()}{name[1:]}" if is_bare else in_sentence(name)


def _gap_filled(content: ClauseContent, verb: Token, name: str, rest: Sequence[Token]) -> str | None:
    """A clause whose object is its noun: "a suit she bought in Paris" to "she bought a suit in Paris"."""
    if any(c.dep_ in ("dobj", "ccomp", "xcomp", "attr", "acomp") and c.i > verb.i for c in verb.children):
        return None
    bare = next((c for c in verb.children if c.dep_ == "prep" and not list(c.children)), None)
    place = bare or next((c for c in verb.children if c.dep_ == "prt"), verb)
    before, behind = [t for t in rest if t.i <= place.i], [t for t in rest if t.i > place.i]
    if not before:
        return None
    return " ".join(part for part in (content.words(before), in_sentence(name), content.words(behind)) if part)
