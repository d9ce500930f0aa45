"""Makes a clause of a content that is none, from its cue and its source: "accused Norland of hiding losses".

The subject is the one of whom it is said or the source, the tense follows the cue: "Norland hid losses". Where no such
form is known the cue's own words make the clause: "Norland called for calm". The words of the content stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.contract.claim import QuoteType, Voice
from worker.extraction.lexicon.word_lists import ordered_words, words
from worker.extraction.meaning.inflection import are, full_form, past, present
from worker.extraction.meaning.standalone_text import StandaloneText, in_pairs, unmarked
from worker.extraction.parse import Token
from worker.extraction.spans import Span
from worker.extraction.speakers.pronouns import is_plural, short_name, with_article
from worker.extraction.speakers.stage import Reported, Statement
from worker.extraction.syntax.relations import (
    FINITE_TAGS,
    NOUN_SUBJECTS,
    SUBJECTS,
    has_subject,
    has_to,
    is_finite,
    is_negated,
    is_passive,
    subtree_without,
)
from worker.extraction.syntax.relative_clauses import described_noun

__all__ = ["full_clause"]

_GRANTING = words("presupposing_conjunctions")
_COMMITTING = words("committing_cues")
_SELF_DESCRIBING = words("self_describing_cues")
_URGING = words("urging_cues")
_ORDERING = words("ordering_cues")
_BELIEVING = words("believing_cues")
_EXPECTING = words("expecting_cues")
_DEEDS = words("deed_cues")
_NAMING = words("naming_cues")
_STATIVE = words("stative_verbs")
_SAID = words("nouns_of_a_statement")
_DEEDS_OF_NOUNS = dict(pair.split(maxsplit=1) for pair in ordered_words("deeds_of_nouns"))
_AS_SUBJECT = dict(pair.split() for pair in ordered_words("pronouns_as_subject"))
_NOBODY_KNOWS = frozenset({"he", "she", "they", "it", "we", "i"})
_OWNER_AS_SUBJECT = {"his": "he", "her": "she", "their": "they", "its": "it"}
_OPENERS = frozenset({"that", "whether", "if"})
_QUESTION_TAGS = frozenset({"WRB", "WP", "WDT", "WP$"})
_ASKING = frozenset({"when", "how", "why", "where", "whether", "if"})
_VERBS = ("VERB", "AUX")
_OBJECTS = ("dobj", "pobj", "attr", "oprd", "dative", "appos")
_PLACES = ("GPE", "LOC", "FAC")
_ADDED = ("relcl", "punct", "appos", "acl", "cc", "conj")
"""Relations of what is said of a noun and is no part of its name."""
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_MAX_DAY_DIGITS = 2
_MAX_NOUN_WORDS = 10
_MAX_GAP = 40
"""Characters of the text between a cue and its content that are taken over: "warned on Monday | against"."""


def full_clause(statement: Statement, tokens: Sequence[Token], readable: StandaloneText) -> str | None:
    """The clause that a content says, None where the content is one already or no clause can be made of it.

    `tokens`: those of the content, in their order. `readable`: the text with names for pronouns.
    """
    kept = [t for t in tokens if not t.is_space]
    if not kept or not statement.clauses:
        return None
    content = _Content(kept, readable)
    reported = statement.reported
    if reported is None:
        head = statement.clauses[0].head
        return (
            _of_a_place_or_time(content)
            or _of_an_addition(content, head)
            or _behind_its_conjunction(content, head, statement.voice)
        )
    if reported.attribution.quote_type is QuoteType.DIRECT:
        return None
    verb = reported.cue.head
    if verb is None:
        return None
    head = statement.clauses[0].head
    made = (
        _of_a_described_subject(content, head, verb)
        or _of_a_hanging_relative(content, head)
        or _of_a_hanging_infinitive(content, verb, reported)
        or _of_a_named_statement(content, verb)
        or (_Reading(content, verb, reported).clause() if verb.pos_ in _VERBS else None)
    )
    if made is not None:
        return made
    if verb.pos_ == "NOUN":
        return _below_a_noun(content, reported, verb)
    if _is_clause(content) and not _is_asked(content, reported):
        return None
    return _with_cue(content, reported) or _around_its_cue(content, reported)


@dataclass(frozen=True, slots=True)
class _Content:
    tokens: Sequence[Token]
    readable: StandaloneText

    def has(self, token: Token) -> bool:
        return self.tokens[0].i <= token.i <= self.tokens[-1].i and any(t.i == token.i for t in self.tokens)

    def words(self, tokens: Sequence[Token], put: dict[Token, str] | None = None) -> str:
        """Tokens as they are read, some with other words put for them."""
        edits: dict[Span, str] = {(t.idx, t.idx + len(t.text)): word for t, word in (put or {}).items()}
        readable = self.readable.with_edits(edits) if edits else self.readable
        return unmarked(readable.of_tokens(_trimmed(tokens)))

    def below(self, token: Token) -> list[Token]:
        """The tokens of the content below one, in their order."""
        inside = {t.i for t in token.subtree}
        return [t for t in self.tokens if t.i in inside]

    def after(self, token: Token) -> list[Token]:
        return [t for t in self.tokens if t.i > token.i]


def _trimmed(tokens: Sequence[Token]) -> list[Token]:
    kept = list(tokens)
    while kept and kept[0].text in (",", ";", ":", "-", "–", "—", "•"):
        kept = kept[1:]
    while kept and kept[-1].text in (",", ";", ":", "-", "–", "—"):
        kept = kept[:-1]
    return kept


def _is_several(noun: Token) -> bool:
    plural = noun.tag_ in ("NNS", "NNPS") or noun.lower_ in ("they", "them", "we", "us", "these", "those", "people")
    return plural or any(c.dep_ == "conj" for c in noun.children)


def _as_subject(words_of: str) -> str:
    return _AS_SUBJECT.get(words_of.casefold(), words_of)


# a clause or an apposition that hangs on its noun


def _of_an_addition(content: _Content, head: Token) -> str | None:
    """The clause of a relative clause or an apposition with its noun: "the guards, who fired" to "the guards fired"."""
    if head.dep_ == "relcl":
        return _of_a_relative(content, head)
    if head.dep_ != "appos" or head.pos_ in _VERBS:
        return None
    fact = content.below(head)
    noun = [t for t in content.tokens if fact and t.i < fact[0].i]
    is_one = not any(c.dep_ in ("conj", "cc") for t in (head, head.head) for c in t.children)
    is_one = is_one and not any(t.like_num for t in (head, head.head))
    if not fact or not noun or not is_one or noun[-1].text != ",":
        return None
    return f"{content.words(noun)} {are(plural=_is_several(head.head))} {content.words(fact)}"


def _of_a_place_or_time(content: _Content) -> str | None:
    """The clause of "2008, when the bank failed" with the noun as its time; of "a bar, where fans sat" its place."""
    tokens = content.tokens
    at = next((n for n, t in enumerate(tokens) if t.lower_ in ("when", "where") and t.tag_ == "WRB"), None)
    if not at or at > _MAX_NOUN_WORDS or any(t.pos_ in _VERBS and is_finite(t) for t in tokens[:at]):
        return None
    noun, clause = _trimmed(tokens[:at]), tokens[at + 1 :]
    last = next((t for t in reversed(noun) if t.pos_ in ("NOUN", "PROPN", "NUM")), None)
    has_clause = any(is_finite(t) and has_subject(t) for t in clause if t.pos_ in _VERBS)
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
    name = name if first.ent_type_ or first.pos_ == "PROPN" else name[:1].lower() + name[1:]
    return f"{preposition} {_in_sentence(name)}, {content.words(clause)}"


def _preposition_of_place(noun: Token) -> str | None:
    return "in" if noun.ent_type_ in ("", *_PLACES) else None


def _preposition_of_time(noun: Token, phrase: Sequence[Token]) -> str | None:
    """ "In 2008", "on Tuesday", "during the flood"."""
    if noun.ent_type_ == "DATE":
        is_day = any(t.lower_ in _DAYS for t in phrase) or (noun.like_num and len(noun.text) <= _MAX_DAY_DIGITS)
        return "on" if is_day else "in" if phrase[0].lower_ not in ("this", "last", "next", "earlier") else ""
    return "during" if phrase[0].lower_ == "the" and noun.ent_type_ not in ("PERSON", "ORG", *_PLACES) else None


def _behind_its_conjunction(content: _Content, head: Token, voice: Voice) -> str | None:
    """What "two weeks after the ferry sank" takes for granted: "the ferry sank"."""
    if voice is not Voice.PRESUPPOSED:
        return None
    subject = min((c.i for c in head.children if c.dep_ in SUBJECTS), default=head.i)
    marks = (c.i for c in head.children if c.dep_ in ("mark", "advmod") and c.lower_ in _GRANTING and c.i < subject)
    conjunction = max(marks, default=None)
    if conjunction is None or conjunction < content.tokens[0].i:
        return None
    return content.words([t for t in content.tokens if t.i > conjunction]) or None


def _of_a_described_subject(content: _Content, head: Token, cue: Token) -> str | None:
    """The clause of "a bridge that engineers say | will carry cars": its subject is the noun before the cue."""
    relative = next((t for t in (cue, head) if t.dep_ == "relcl"), None)
    first = content.tokens[0]
    if relative is None or cue.i > first.i or first.pos_ not in _VERBS or not is_finite(head):
        return None
    if any(c.dep_ in SUBJECTS and content.has(c) for c in head.children):
        return None
    noun = _noun_of(relative, owner=False)
    name = content.words(noun)
    return f"{name} {content.words(content.tokens)}" if name and noun[-1].pos_ != "PRON" else None


def _of_a_hanging_relative(content: _Content, head: Token) -> str | None:
    """The clause of a relative clause whose noun is not in the content, or is only described by it."""
    verb = _relative_verb(head)
    if verb is None or (content.has(verb.head) and not any(t.text == "," for t in content.below(verb)[:2])):
        return None
    return _of_a_relative(content, head)


def _of_a_hanging_infinitive(content: _Content, verb: Token, reported: Reported) -> str | None:
    """What somebody means to do with a noun before: "a deal, which Norpap hopes | to announce" with its object."""
    tokens = [t for t in content.tokens if t.tag_ != "WDT"]
    cue, name = reported.attribution.cue, _whole_name(content, reported)
    if verb.dep_ != "relcl" or len(tokens) < 2 or tokens[0].tag_ != "TO" or cue is None or name is None:
        return None
    deed = tokens[0].head
    pronoun = next((t for t in verb.subtree if t.tag_ == "WDT" and t.i < verb.i), None)
    has_object = any(c.dep_ in ("dobj", "ccomp", "xcomp") and c != pronoun for c in deed.children)
    if pronoun is None or pronoun.dep_ != "dobj" or has_object or deed.i != tokens[0].i + 1:
        return None
    said = _cue_words(content, verb, cue[0], plural=is_plural(name), agrees=False)
    noun = content.words(_noun_of(verb, owner=False))
    behind = content.words([t for t in tokens if t.i > deed.i])
    parts = (name, said, content.words(tokens[:2]), _in_sentence(noun), behind)
    return " ".join(part for part in parts if part) if said and noun else None


def _of_a_relative(content: _Content, head: Token) -> str | None:
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
    name = in_pairs(content.words(noun))
    if not name or not rest or noun[-1].pos_ == "PRON":
        return None
    return _relative_filled(content, verb, pronoun, name, rest)


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
    phrase = subtree_without(noun, lambda c: c.dep_ in _ADDED and c.i > noun.i)
    return [t for t in phrase if t.i < verb.left_edge.i and not t.is_space and t.dep_ != "mark"]


def _is_that(token: Token) -> bool:
    return token.lower_ == "that" and token.dep_ in (*NOUN_SUBJECTS, "dobj", "pobj")


def _relative_filled(
    content: _Content, verb: Token, pronoun: Token | None, name: str, rest: Sequence[Token]
) -> str | None:
    """A relative clause with its noun in place. `rest`: the words of the clause without the pronoun."""
    if pronoun is None:
        return _gap_filled(content, verb, name, rest) if has_subject(verb) else None
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
    if pronoun.lower_ == "where":
        return f"in {name}, {content.words(rest)}" if verb.head.ent_type_ in _PLACES else None
    return _gap_filled(content, verb, name, rest) if pronoun.dep_ in ("dobj", "pobj") else None


def _gap_filled(content: _Content, verb: Token, name: str, rest: Sequence[Token]) -> str | None:
    """A clause whose object is its noun: "a suit she bought in Paris" to "she bought a suit in Paris"."""
    if any(c.dep_ in ("dobj", "ccomp", "xcomp", "attr", "acomp") and c.i > verb.i for c in verb.children):
        return None
    bare = next((c for c in verb.children if c.dep_ == "prep" and not list(c.children)), None)
    place = bare or next((c for c in verb.children if c.dep_ == "prt"), verb)
    before, behind = [t for t in rest if t.i <= place.i], [t for t in rest if t.i > place.i]
    if not before:
        return None
    return " ".join(part for part in (content.words(before), _in_sentence(name), content.words(behind)) if part)


def _in_sentence(name: str) -> str:
    determiners = ("The ", "A ", "An ", "This ", "That ", "Its ", "Another ")
    return name[0].lower() + name[1:] if name.startswith(determiners) else name


# a noun for what is said, with the clause that says it


def _of_a_named_statement(content: _Content, verb: Token) -> str | None:
    """The clause behind a noun for a statement: "rejected | claims that he lied" to "he lied"."""
    noun = next((c for c in verb.children if c.dep_ in ("dobj", "pobj") and content.has(c)), None)
    if noun is None or noun.lemma_.casefold() not in _SAID or verb.lemma_.casefold() in _COMMITTING:
        return None
    said = next(
        (
            c
            for c in noun.children
            if c.i > noun.i and c.dep_ in ("acl", "ccomp", "relcl") and has_subject(c) and is_finite(c)
        ),
        None,
    )
    if said is None or any(c.tag_ in ("WDT", "WP", "WP$", "WRB") for c in said.children) or _shares_gap(said):
        return None
    clause = [t for t in content.below(said) if not (t.dep_ == "mark" and t.lower_ == "that")]
    return content.words(clause) or None


def _shares_gap(clause: Token) -> bool:
    """True for "the claims he made": a relative clause without a pronoun."""
    return clause.dep_ == "relcl" and not any(
        c.dep_ in ("dobj", "attr", "acomp", "ccomp", "xcomp", "prep", "oprd") and c.i > clause.i
        for c in clause.children
    )


def _below_a_noun(content: _Content, reported: Reported, noun: Token) -> str | None:
    if content.tokens[0].tag_ == "TO":
        return _of_a_noun_with_infinitive(content, reported)
    return _of_a_noun_for_a_deed(content, reported, noun) if not _is_clause(content) else None


def _of_a_noun_with_infinitive(content: _Content, reported: Reported) -> str | None:
    """What somebody gives his word for: "her promise | to resign" to "she would resign"."""
    owner = _OWNER_AS_SUBJECT.get((reported.source.name or "").casefold())
    name, rest = owner or _said_name(reported), content.tokens[1:]
    if reported.attribution.lemma not in _COMMITTING or name is None or not rest:
        return None
    return f"{name} would {content.words(rest)}"


def _of_a_noun_for_a_deed(content: _Content, reported: Reported, noun: Token) -> str | None:
    """What somebody does by saying it: "their criticism of | the retreat" to "they criticised the retreat"."""
    cue, name = reported.attribution.cue, _whole_name(content, reported)
    verb = _DEEDS_OF_NOUNS.get(noun.lemma_.casefold())
    if cue is None or name is None or verb is None or content.tokens[0].tag_ in ("TO", "VB"):
        return None
    if content.tokens[0].dep_ == "mark":
        return None  # "criticism that he is weak"
    if any(t.pos_ in _VERBS for t in noun.doc[_first_at(noun, cue[0]) : noun.i]):
        return None  # "did not limit her attacks to"
    if any(t.dep_ == "amod" and name.endswith(t.text) for t in noun.lefts):
        return None  # "Democratic criticism of": an adjective criticises nobody
    if not 0 <= content.tokens[0].idx - cue[1] <= len(" the "):
        return None
    return f"{name} {verb} {content.words(content.tokens)}"


# what a cue says of its object, or of its source


@dataclass(frozen=True, slots=True)
class _Reading:
    """A content below its cue, read with it: whom it is said of, and what."""

    content: _Content
    verb: Token
    reported: Reported

    def clause(self) -> str | None:
        verb, content = self.verb, self.content
        below = [c for c in verb.children if content.has(c)]
        roles = ("nsubj",) if verb.lemma_ in ("appear", "seem") else ("dobj", "nsubjpass", "dative")
        object_ = next((c for c in below if c.dep_ in roles and c.pos_ != "ADP"), None)
        clause = next((c for c in below if c.dep_ in ("xcomp", "ccomp", "advcl") and c.pos_ in _VERBS), None)
        if clause is not None and self._is_whole(clause):
            return self._without_object(object_, clause)
        if clause is not None and has_subject(clause) and not is_finite(clause):
            object_ = next(c for c in clause.children if c.dep_ in SUBJECTS)
            return self._small_clause(object_, clause)
        if is_negated(verb) or any(c.tag_ == "MD" for c in verb.children):
            return None
        if clause is not None and has_to(clause):
            return self._infinitive(object_, clause)
        if object_ is None:
            return self._deed(object_, below)
        return self._deed(object_, below) or self._named(object_, below) or self._judged(object_)

    def _is_whole(self, clause: Token) -> bool:
        return is_finite(clause) and has_subject(clause)

    def _without_object(self, object_: Token | None, clause: Token) -> str | None:
        """What somebody was told: "parents were told | that the hall was safe"."""
        if object_ is None or object_.dep_ != "nsubjpass" or _asks(self.content.below(clause)):
            return None
        said = [t for t in self.content.below(clause) if not (t.dep_ == "mark" and t.lower_ in _OPENERS)]
        return self.content.words(said) or None

    def _small_clause(self, subject: Token, clause: Token) -> str | None:
        """A clause with a subject and without a tense: "that every boat be out", "wants the state to pay"."""
        content, lemma = self.content, self.verb.lemma_
        if not content.has(subject):
            return None
        if has_to(clause):
            return self._infinitive(subject, clause)
        if clause.tag_ not in ("VB", "VBP") and not any(c.tag_ == "VB" for c in clause.children if c.dep_ == "auxpass"):
            return None
        if lemma in _ORDERING | _URGING | {"insist", "propose", "suggest", "urge", "stress"}:
            first = min([clause, *(c for c in clause.children if c.dep_ in ("aux", "auxpass", "neg"))], key=_place)
            said = [t for t in content.tokens if not (t.dep_ == "mark" and t.lower_ in _OPENERS)]
            return content.words(said, {first: f"should {first.text}"})
        return None

    def _infinitive(self, object_: Token | None, clause: Token) -> str | None:
        """An infinitive as a clause with a tense: of the source, or of whom it is asked or believed."""
        content = self.content
        to = next((c for c in clause.children if c.tag_ == "TO"), None)
        if to is None:
            return None
        subject = self._subject_of(object_)
        form = self._form_of_infinitive(object_, clause)
        if subject is None or form is None:
            return None
        before = [
            t
            for t in content.tokens
            if clause.left_edge.i <= t.i < to.i and (object_ is None or t not in _all_of(object_))
        ]
        negated = next((t for t in before if t.dep_ == "neg"), None)
        head = form + ((" never" if negated.lower_ == "never" else " not") if negated is not None else "")
        first, rest = self._finite(head, clause, to, plural=self._is_plural(object_))
        aside = [t for t in before if t.dep_ not in ("neg", "mark")]
        beside = content.words(aside)
        return " ".join(part for part in (subject, beside, first, content.words(rest)) if part)

    def _form_of_infinitive(self, object_: Token | None, clause: Token) -> str | None:
        """The auxiliary that an infinitive gets, "" where it has its own tense; None where none is known."""
        verb, lemma = self.verb, self.verb.lemma_
        was_said = verb.tag_ == "VBD" and not is_passive(verb)
        if object_ is None:
            if lemma in _COMMITTING:
                return "would" if was_said else "will"
            return "" if lemma in _SELF_DESCRIBING else None
        if lemma in _EXPECTING:
            return "would" if was_said or self._is_past() else "will"
        if lemma in ("appear", "seem"):
            return ""
        if lemma in _BELIEVING and (
            is_passive(verb) or clause.lemma_ == "be" or any(c.lemma_ == "be" for c in clause.children)
        ):
            return ""
        if lemma in _ORDERING:
            return "must"
        return "should" if lemma in _URGING else None

    def _finite(self, form: str, clause: Token, to: Token, *, plural: bool) -> tuple[str, list[Token]]:
        """The first words of a clause with a tense, and the tokens behind them."""
        if form.strip() and form not in (" not", " never"):
            return form, self.content.after(to)
        first = min([clause, *(c for c in clause.children if c.dep_ in ("aux", "auxpass") and c.i > to.i)], key=_place)
        made = past(first.lemma_, plural=plural) if self._is_past() else present(first.lemma_, plural=plural)
        return made + form, self.content.after(first)

    def _deed(self, object_: Token | None, below: Sequence[Token]) -> str | None:
        """A gerund as a clause in the past: "accused him of hiding", "admitted hiding"."""
        verb, content = self.verb, self.content
        if verb.lemma_ not in _DEEDS:
            return None
        deed = next((c for c in below if c.tag_ == "VBG" and c.dep_ in ("xcomp", "ccomp", "pcomp")), None)
        preps = [c for c in verb.children if c.dep_ == "prep"]
        preps += [c for c in object_.children if c.lower_ == "of"] if object_ is not None else []
        for prep in preps if deed is None else ():
            below_it = (c for c in prep.children if c.dep_ == "pcomp" and c.tag_ == "VBG" and content.has(c))
            deed = deed or next(below_it, None)
        if deed is None or has_subject(deed):
            return None
        subject = self._subject_of(object_)
        if subject is None:
            return None
        plural = self._is_plural(object_)
        first = min([deed, *(c for c in deed.children if c.dep_ in ("aux", "auxpass") and c.i < deed.i)], key=_place)
        is_state = first.lemma_ in _STATIVE and not self._is_past() and first == deed
        form = present(first.lemma_, plural=plural) if is_state else past(first.lemma_, plural=plural)
        rest = content.after(first)
        joined = [c for c in rest if c.tag_ == "VBG" and not has_subject(c) and _is_joined_to(c, deed)]
        joined = [c for c in joined if not is_negated(c)]
        if any(c.dep_ == "neg" and c.i < first.i for c in deed.children):
            form = f"{form} not" if first.lemma_ in ("be", "have") else f"did not {first.lemma_}"
            joined = []
        put = {c: past(c.lemma_, plural=plural) for c in joined}
        return " ".join(part for part in (subject, form, content.words(rest, put)) if part)

    def _named(self, object_: Token, below: Sequence[Token]) -> str | None:
        """What somebody is called or blamed for: "called it a waste", "blamed the rain for the loss"."""
        verb, content = self.verb, self.content
        subject = self._subject_of(object_)
        behind = [t for t in content.tokens if t.i > max(t.i for t in _all_of(object_))]
        if subject is None or not behind:
            return None
        plural = self._is_plural(object_)
        if verb.lemma_ == "blame" and behind[0].lower_ == "for":
            return f"{subject} {are(plural=plural)} to blame {content.words(behind)}"
        if verb.lemma_ not in _NAMING:
            return None
        if behind[0].lower_ == "as" and behind[0].head == verb:
            behind = behind[1:]
            if behind and behind[0].lower_ == "being":
                behind = behind[1:]
        elif not any(c.dep_ in ("oprd", "ccomp", "acomp", "attr", "xcomp") and c in behind for c in below) and not any(
            t.text in '“"' for t in behind[:1]
        ):
            return None
        return f"{subject} {are(plural=plural)} {content.words(behind)}" if content.words(behind) else None

    def _judged(self, object_: Token) -> str | None:
        """What is judged in the passive: "The law was criticised for its cost by doctors"."""
        cue, source = self.reported.attribution.cue, _said_name(self.reported)
        source = with_article(self.content.readable.text, source) if source is not None else None
        if object_.lower_ == "it" and any(c.dep_ in ("ccomp", "csubjpass") for c in self.verb.children):
            return None
        if object_.dep_ != "nsubjpass" or cue is None or source is None or object_.idx > cue[0]:
            return None
        whom = [t for t in self.content.tokens if t.idx < cue[0]]
        behind = [t for t in self.content.tokens if t.idx > cue[0]]
        last = max(self.verb.i, self.content.tokens[-1].i)
        words_of = self.verb.doc[whom[-1].i + 1 : last + 1] if whom else ()
        said = [t for t in words_of if cue[0] <= t.idx < max(cue[1], self.verb.idx + 1) and t.lower_ != "by"]
        if not said or any(t.pos_ in _VERBS and t.head.i == self.verb.i for t in behind):
            return None
        parts = (self.content.words(whom), self.content.words(said), self.content.words(behind), "by", source)
        return " ".join(part for part in parts if part)

    def _subject_of(self, object_: Token | None) -> str | None:
        """Whom the clause is about: the object of the cue, else its source."""
        if object_ is None:
            return _said_name(self.reported) if not is_passive(self.verb) else None
        words_of = self.content.words([t for t in _all_of(object_) if self.content.has(t)])
        return _as_subject(words_of) or None

    def _is_plural(self, object_: Token | None) -> bool:
        return _is_several(object_) if object_ is not None else is_plural(_said_name(self.reported) or "")

    def _is_past(self) -> bool:
        """True if the cue is in the past: "said", "was said", but not "has said" and "is said"."""
        verb = self.verb
        auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
        return (auxiliaries[0].tag_ if auxiliaries else verb.tag_) == "VBD"


def _is_joined_to(token: Token, deed: Token) -> bool:
    """True for a second gerund behind "and", whatever the parse hangs it on."""
    before = token.nbor(-1) if token.i else None
    is_clause = token.dep_ in ("conj", "advcl", "pcomp", "xcomp") and before is not None and before.dep_ == "cc"
    return token in deed.conjuncts or (is_clause and token.head in (deed, deed.head))


def _place(token: Token) -> int:
    return token.i


def _all_of(noun: Token) -> list[Token]:
    """A noun phrase without the infinitive or the gerund that the parse may hang on it."""
    return subtree_without(noun, lambda c: c.i > noun.i and (_is_infinitive(c) or _is_of_a_deed(c)))


def _is_infinitive(token: Token) -> bool:
    return token.dep_ in ("acl", "relcl") and has_to(token)


def _is_of_a_deed(token: Token) -> bool:
    return token.lower_ == "of" and any(c.dep_ == "pcomp" and c.tag_ == "VBG" for c in token.children)


def _asks(tokens: Sequence[Token]) -> bool:
    """True if a clause begins with a question word: "how it would end"."""
    kept = _trimmed(tokens)
    return bool(kept) and kept[0].tag_ in _QUESTION_TAGS and kept[0].lower_ not in ("what", "who")


# the cue's own words


def _is_clause(content: _Content) -> bool:
    """True if a content has a verb with a tense and a subject, and is no question below its cue.

    A clause that hangs on a noun that is the object of the cue, "any report that suggests", does not count.
    """
    first = content.tokens[0]
    if first.tag_ == "TO" and first.head.dep_ == "xcomp":
        return False  # "refused | to say where he had been"
    is_question = first.tag_ in ("WP", "WDT") and first.head.dep_ in ("ccomp", "pcomp", "xcomp", "advcl")
    if is_question or _is_how(first):
        return False
    inside = {t.i for t in content.tokens}
    tops = [t for t in content.tokens if (t.head.i not in inside or t.head == t) and not t.is_punct]
    is_object = len(tops) == 1 and tops[0].pos_ in ("NOUN", "PROPN") and tops[0].dep_ in _OBJECTS
    below = {t.i for t in tops[0].subtree} if is_object else set[int]()
    tokens = [t for t in content.tokens if t.i not in below]
    return any(
        token.pos_ in _VERBS
        and token.dep_ not in ("aux", "auxpass", "relcl", "acl", "advcl")
        and is_finite(token)
        and any(c.dep_ in SUBJECTS and c.i in inside for c in token.children)
        for token in tokens
    ) or any(t.tag_ in FINITE_TAGS and t.dep_ in ("ROOT", "conj") for t in tokens)


def _is_asked(content: _Content, reported: Reported) -> bool:
    """True for what is only asked or withheld, its question word left out: "did not say when | it opens"."""
    cue = reported.attribution.cue
    first = content.tokens[0]
    if cue is None or not 0 < first.idx - cue[1] <= _MAX_GAP or first.i == 0:
        return False
    return first.nbor(-1).lower_ in _ASKING and first.nbor(-1).idx >= cue[1]


def _is_how(token: Token) -> bool:
    return token.lower_ in ("how", "why", "when", "where") and token.dep_ == "advmod"


def _with_cue(content: _Content, reported: Reported) -> str | None:
    """Source, cue and content one after the other, as the text has them: "Norland called for calm"."""
    cue, verb, span = reported.attribution.cue, reported.cue.head, reported.attribution.source
    name = _whole_name(content, reported)
    start = content.tokens[0].idx
    if cue is None or verb is None or name is None or span is None or not 0 <= start - cue[1] <= _MAX_GAP:
        return None
    text = content.readable.text
    is_one_sentence = span[1] <= cue[0] and verb.sent.start_char <= span[0]
    if verb.pos_ not in ("VERB", "ADJ", "AUX") or verb.lemma_ == "accord" or not is_one_sentence:
        return None
    if any(c in text[cue[1] : start] for c in "\n.:;") or not text[slice(*cue)][:1].isalpha():
        return None
    plural = is_plural(name)
    word = text[slice(*span)].casefold()
    is_pronoun = word in ("i", "we", "they", "who", "which", "that") and word != name.casefold()
    said = _cue_words(content, verb, cue[0], plural=plural, agrees=is_pronoun)
    content = _Content(content.tokens, content.readable.without_name(name))
    return " ".join(part for part in (name, said, content.words(content.tokens)) if part) if said else None


def _around_its_cue(content: _Content, reported: Reported) -> str | None:
    """What nobody is named to expect, with its subject: "the gang | is not expected | to sign"."""
    cue, verb = reported.attribution.cue, reported.cue.head
    if cue is None or verb is None or reported.source.span is not None:
        return None
    whole = [t for t in content.tokens if t.pos_ in _VERBS and t.dep_ not in ("relcl", "acl", "advcl")]
    has_clause = any(is_finite(t) and has_subject(t) for t in whole) and not _is_how(content.tokens[0])
    is_state = is_passive(verb) or verb.pos_ in ("ADJ", "AUX") or verb.lemma_ in ("seem", "appear")
    if has_clause or not is_state:
        return None
    subject = next((c for c in (*verb.children, *verb.head.children) if c.dep_ in NOUN_SUBJECTS and c.i < verb.i), None)
    rest = [t for t in content.tokens if t.idx >= cue[1]]
    if subject is None or not rest or subject.tag_ in ("WDT", "WP", "EX") or rest[0].idx - cue[1] > _MAX_GAP:
        return None
    if subject.tag_ == "DT":
        return None  # "those left behind", which its clause tells apart
    whom = subtree_without(subject, lambda c: c.dep_ in _ADDED and c.i > subject.i)
    said = [t for t in verb.doc[subject.i + 1 : rest[0].i] if t.idx >= cue[0] and not t.is_space]
    is_finite_cue = any(t.tag_ in FINITE_TAGS for t in said)
    if not is_finite_cue or any(t.text in ".:;" for t in said):
        return None
    return " ".join(part for part in (content.words(whom), content.words(said), content.words(rest)) if part)


def _cue_words(content: _Content, verb: Token, start: int, *, plural: bool, agrees: bool) -> str | None:
    """The words from a cue to its content with a verb that has a tense; None where it gets none.

    `agrees`: the verb is made to agree with the name, which is put for a pronoun of another person or number.
    """
    if is_passive(verb):
        return None
    if verb.tag_ == "VBN" and not any(c.dep_ == "aux" for c in verb.children) and not _has_object(verb):
        return None
    start = min([start, *(t.idx for t in _verbs_above(verb))])
    tokens = [t for t in verb.doc[_first_at(verb, start) : content.tokens[0].i] if not t.is_space and t.idx >= start]
    finite = next((t for t in tokens if t.tag_ in FINITE_TAGS and t.pos_ in _VERBS), None)
    put: dict[Token, str] = {}
    if finite is None and verb.tag_ == "VBG":
        put[verb] = past(verb.lemma_) if _is_told_in_past(verb) else present(verb.lemma_, plural=plural)
    elif finite is None and verb.tag_ != "VBN":
        return None  # "to declare", which may have been failed to be done
    elif finite is not None and finite.text[:1] in "'’":
        is_state = verb.pos_ == "ADJ" or any(t.tag_ == "VBG" for t in tokens)
        put[finite] = "has" if verb.tag_ == "VBN" and not is_state else present("be", plural=plural)
    elif finite is not None and agrees and finite.tag_ in ("VBP", "VBZ"):
        put[finite] = present(finite.lemma_, plural=plural)
    return content.words(tokens, put) or None


def _has_object(verb: Token) -> bool:
    return any(c.dep_ in ("dobj", "ccomp") and c.i > verb.i for c in verb.children)


def _verbs_above(verb: Token) -> list[Token]:
    """The verb with its auxiliaries that has the infinitive of a cue below it: "have been working | to confirm"."""
    above = verb.head
    if verb.tag_ != "VB" or verb.dep_ != "xcomp" or above.pos_ != "VERB":
        return []
    return [above, *(c for c in above.children if c.dep_ in ("aux", "auxpass", "neg") and c.i < above.i)]


def _first_at(verb: Token, start: int) -> int:
    at = verb.i
    while at > 0 and verb.doc[at - 1].idx >= start:
        at -= 1
    return at


def _is_told_in_past(verb: Token) -> bool:
    root = verb.sent.root
    auxiliaries = [c for c in root.children if c.dep_ in ("aux", "auxpass")]
    return (auxiliaries[0].tag_ if auxiliaries else root.tag_) in ("VBD", "VBN")


def _whole_name(content: _Content, reported: Reported) -> str | None:
    """The name of a source at the beginning of a sentence; of several the words of the text."""
    span = reported.source.span
    if span is None:
        return None
    if (reported.source.name or "").casefold() in _NOBODY_KNOWS:
        return reported.source.name
    name = short_name(reported.source, again=False)
    name = re.sub(r"(?<=\w)['’]s$|(?<=s)['’]$", "", name) if name is not None else None
    return with_article(content.readable.text, name) if name is not None and reported.source.kind != "person" else name


def _said_name(reported: Reported) -> str | None:
    """The name of a source inside of a sentence; a pronoun of which nobody knows whom it means, as it is."""
    if reported.source.span is None:
        return None
    name = reported.source.name or ""
    if name.casefold() == "i":
        return "I"
    return name.casefold() if name.casefold() in _NOBODY_KNOWS else short_name(reported.source)
