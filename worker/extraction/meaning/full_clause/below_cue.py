"""What a cue says of its object or of its source: "accused Norland of hiding losses" to "Norland hid losses"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.full_clause.parts import (
    COMMITTING,
    VERBS,
    ClauseContent,
    as_subject,
    is_several,
    said_name,
    trimmed,
)
from worker.extraction.meaning.inflection import are, past, present
from worker.extraction.parse import Token
from worker.extraction.speakers.pronouns import is_plural, with_article
from worker.extraction.speakers.stage import Reported
from worker.extraction.syntax.participles import judged_by_the_way
from worker.extraction.syntax.relations import (
    SUBJECTS,
    has_subject,
    has_to,
    is_finite,
    is_negated,
    is_passive,
    subtree_without,
)

__all__ = ["Reading"]

_SELF_DESCRIBING = words("self_describing_cues")
_URGING = words("urging_cues")
_ORDERING = words("ordering_cues")
_BELIEVING = words("believing_cues")
_EXPECTING = words("expecting_cues")
_OF_ONESELF = frozenset(("acknowledge", "admit", "boast", "confess", "deny", "recall", "remember"))
_OF_NOTHING = frozenset(("anybody", "anyone", "anything", "anywhere", "ever"))
_DEEDS = words("deed_cues")
_NAMING = words("naming_cues")
_JUDGING = words("judging_passives")
_STATIVE = words("stative_verbs")
_REFLEXIVE = frozenset("myself yourself himself herself itself ourselves yourselves themselves".split())
_OBJECTS = ("dobj", "pobj")
_OPENERS = frozenset({"that", "whether", "if"})
_QUESTION_TAGS = frozenset({"WRB", "WP", "WDT", "WP$"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A content below its cue, read with it: whom it is said of, and what."""

    content: ClauseContent
    verb: Token
    reported: Reported

    def clause(self) -> str | None:
        verb, content = self.verb, self.content
        if (noun := self._described()) is not None:
            return self._of_a_participle(noun)
        below = [c for c in verb.children if content.has(c)]
        roles = ("nsubj",) if verb.lemma_ in ("appear", "seem") else ("dobj", "nsubjpass", "dative")
        object_ = next((c for c in below if c.dep_ in roles and c.pos_ != "ADP"), None)
        clause = next((c for c in below if c.dep_ in ("xcomp", "ccomp", "advcl") and c.pos_ in VERBS), None)
        if clause is not None and self._is_whole(clause):
            return self._without_object(object_, clause)
        if clause is not None and has_subject(clause) and not is_finite(clause):
            object_ = next(c for c in clause.children if c.dep_ in SUBJECTS)
            return self._small_clause(object_, clause)
        if is_negated(verb) or any(c.tag_ == "MD" for c in verb.children):
            return None
        if clause is not None and has_to(clause):
            if object_ is None and is_passive(verb):  # "guests were urged | to boil water"
                object_ = next((c for c in verb.children if c.dep_ == "nsubjpass" and c.lower_ not in _REFLEXIVE), None)
            return self._infinitive(object_, clause)
        if object_ is None:
            return self._deed(object_, below)
        return self._deed(object_, below) or self._named(object_, below) or self._judged(object_)

    def _described(self) -> Token | None:
        """The noun of a participle by which the source judges it."""
        source, noun = self.reported.attribution.source, judged_by_the_way(self.verb)
        if noun is None or source is None or source[0] < self.verb.idx or self.verb.lemma_ not in _NAMING | _JUDGING:
            return None
        return noun if not self.content.has(noun) else None

    def _of_a_participle(self, noun: Token) -> str | None:
        """What the noun of a participle is called or did: "branded | a coward | by the tabloids, he went home"."""
        content, verb = self.content, self.verb
        subject = as_subject(content.words(subtree_without(noun, _is_said_of_it)))
        said, source = content.tokens, said_name(self.reported)
        plural = is_several(noun)
        if said[0].lower_ == "as":
            said = said[2:] if len(said) > 1 and said[1].lower_ == "being" else said[1:]
        elif said[0].lower_ == "of" and len(said) > 1 and said[1].tag_ == "VBG":
            return f"{subject} {past(said[1].lemma_, plural=plural)} {content.words(said[2:])}"
        elif said[0].pos_ == "ADP":
            source = with_article(content.readable.text, source) if source is not None else None
            judged = f"{subject} {past('be', plural=plural)} {verb.text.lower()} {content.words(said)}"
            return f"{judged} by {source}" if source is not None else None
        return f"{subject} {are(plural=plural)} {content.words(said)}" if said else None

    def _is_whole(self, clause: Token) -> bool:
        return is_finite(clause) and has_subject(clause)

    def _without_object(self, object_: Token | None, clause: Token) -> str | None:
        """What somebody was told: "parents were told | that the hall was safe", "persuading | the town that it is"."""
        if object_ is None or _asks(self.content.below(clause)):
            return None
        has_that = clause.dep_ == "ccomp" and any(c.dep_ == "mark" and c.lower_ == "that" for c in clause.children)
        if object_.dep_ != "nsubjpass" and not (has_that and self.content.tokens[0].i >= object_.left_edge.i):
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
        rest = _joined_alike(clause, rest)
        aside = [t for t in before if t.dep_ not in ("neg", "mark")]
        beside = content.words(aside)
        return " ".join(part for part in (subject, beside, first, content.words(rest)) if part)

    def _form_of_infinitive(self, object_: Token | None, clause: Token) -> str | None:
        """The auxiliary that an infinitive gets, "" where it has its own tense; None where none is known."""
        verb, lemma = self.verb, self.verb.lemma_
        was_said = verb.tag_ == "VBD" and not is_passive(verb)
        if object_ is None:
            if lemma in COMMITTING:
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
        deed = next((c for c in below if _is_gerund(c) and c.dep_ in ("xcomp", "ccomp", "pcomp")), None)
        preps = [c for c in verb.children if c.dep_ == "prep" and c.lower_ != "in"]
        nouns = [o for a in verb.children if a.dep_ == "agent" for o in a.children]  # "was accused by them of hiding"
        preps += [c for noun in (object_, *nouns) if noun is not None for c in noun.children if c.lower_ == "of"]
        for prep in preps if deed is None else ():
            below_it = (c for c in prep.children if c.dep_ == "pcomp" and _is_gerund(c) and content.has(c))
            deed = deed or next(below_it, None)
        if deed is None or has_subject(deed):
            return None
        if verb.lemma_ == "deny" and any(t.lower_ in _OF_NOTHING for t in content.tokens):
            return None  # "denied doing anything wrong" would become "did anything wrong"
        if object_ is not None and verb.lemma_ in _OF_ONESELF and object_.pos_ == "NOUN" and object_.dep_ == "dobj":
            object_ = None  # "admitted a charge of hiding it"
        subject = self._subject_of(object_)
        if subject is None:
            return None
        plural = self._is_plural(object_)
        first = min([deed, *(c for c in deed.children if c.dep_ in ("aux", "auxpass") and c.i < deed.i)], key=_place)
        is_state = first.lemma_ in _STATIVE and not self._is_past() and first == deed
        form = present(first.lemma_, plural=plural) if is_state else past(first.lemma_, plural=plural)
        if first.lower_ == "having":
            form = "had" if self._is_past() else present("have", plural=plural)
        rest = content.after(first)
        joined = [c for c in rest if c.tag_ == "VBG" and not has_subject(c) and _is_joined_to(c, deed)]
        joined = [c for c in joined if not is_negated(c)]
        if any(c.dep_ == "neg" and c.i < first.i for c in deed.children):
            form = f"{form} not" if first.lemma_ in ("be", "have") else f"did not {first.lemma_}"
            joined = []
        put = {c: past(c.lemma_, plural=plural) for c in joined}
        again = {c.head.i for c in joined if c.dep_ == "pcomp" and c.head.dep_ == "conj"}
        rest = [t for t in rest if t.i not in again]
        return " ".join(part for part in (subject, form, content.words(rest, put)) if part)

    def _named(self, object_: Token, below: Sequence[Token]) -> str | None:
        """What somebody is called or blamed for: "called it a waste", "blamed the rain for the loss"."""
        verb, content = self.verb, self.content
        if object_.tag_ == "WP":
            return self._named_in_marks(object_)
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

    def _named_in_marks(self, what: Token) -> str | None:
        """What is called so before its noun: "what critics called | the “outdated” rule" to "the rule is outdated"."""
        behind = [t for t in self.content.tokens if t.i > self.verb.i]
        if what.lower_ != "what" or self.verb.lemma_ not in _NAMING or len(behind) < 5 or behind[0].dep_ != "det":
            return None
        closing = next((at for at, t in enumerate(behind[2:], 2) if t.text in "”\"’'"), None)
        noun = behind[0].head
        if behind[1].text not in "“\"‘'" or closing is None or noun.i <= behind[closing].i or noun.pos_ != "NOUN":
            return None
        called = self.content.words(behind[1 : closing + 1])
        return f"{self.content.words([behind[0], *behind[closing + 1 :]])} {are(plural=is_several(noun))} “{called}”"

    def _judged(self, object_: Token) -> str | None:
        """What is judged in the passive: "The law was criticised for its cost by doctors"."""
        cue, source = self.reported.attribution.cue, said_name(self.reported)
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
        if not said or any(t.pos_ in VERBS and t.head.i == self.verb.i for t in behind):
            return None
        parts = (self.content.words(whom), self.content.words(said), self.content.words(behind), "by", source)
        return " ".join(part for part in parts if part)

    def _subject_of(self, object_: Token | None) -> str | None:
        """Whom the clause is about: the object of the cue, else its source."""
        if object_ is None or object_.lower_ in _REFLEXIVE:  # "described herself | as a plumber"
            return said_name(self.reported) if not is_passive(self.verb) else None
        is_relative = object_.tag_ in ("WDT", "WP") and object_.dep_ in ("nsubjpass", "dobj")
        is_noun = self.verb.head.pos_ in ("NOUN", "PROPN") or self.verb.head.dep_ in _OBJECTS  # "the fine"
        if is_relative and self.verb.dep_ == "relcl" and is_noun:
            noun = self.verb.head  # "the suspect, | who | is believed to be armed"
            return as_subject(self.content.words(subtree_without(noun, _is_said_of_it))) or None
        whole = _with_its_place(object_, _all_of(object_))
        tokens = [t for t in whole if self.content.has(t)] or whole
        subject = as_subject(self.content.words(tokens))
        is_described = any(
            c.dep_ in ("appos", "relcl") and c.left_edge.nbor(-1).text == "," and c in tokens for c in object_.children
        )
        return (f"{subject}," if is_described else subject) or None

    def _is_plural(self, object_: Token | None) -> bool:
        return is_several(object_) if object_ is not None else is_plural(said_name(self.reported) or "")

    def _is_past(self) -> bool:
        """True if the cue is in the past: "said", "was said", but not "has said" and "is said"."""
        verb = self.verb
        auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
        return (auxiliaries[0].tag_ if auxiliaries else verb.tag_) == "VBD"


def _joined_alike(clause: Token, rest: Sequence[Token]) -> list[Token]:
    """Behind an infinitive: a second one without its "to", and no verb of the source: "to repay it, and left"."""
    joined = [c for c in clause.conjuncts if c.i > clause.i and c.pos_ in VERBS and not has_subject(c)]
    dropped = {c.i for verb in joined for c in verb.children if c.tag_ == "TO"}
    left_out = next((c for c in joined if c.tag_ in ("VBD", "VBZ")), None)
    if left_out is not None:
        before = left_out.left_edge.i
        return [t for t in rest if t.i < before and not (t.dep_ == "cc" and t.i >= before - 1) and t.i not in dropped]
    return [t for t in rest if t.i not in dropped]


def _is_gerund(token: Token) -> bool:
    """True for "hiding" and "having hidden"."""
    return token.tag_ == "VBG" or any(c.dep_ == "aux" and c.tag_ == "VBG" for c in token.children)


def _is_joined_to(token: Token, deed: Token) -> bool:
    """True for a second gerund behind "and", whatever the parse hangs it on."""
    if token.dep_ == "pcomp" and token.head.dep_ == "conj" and token.head.head == deed.head:
        return True  # "of taking bribes and of hiding a fire"
    before = token.nbor(-1) if token.i else None
    is_clause = token.dep_ in ("conj", "advcl", "pcomp", "xcomp") and before is not None and before.dep_ == "cc"
    return token in deed.conjuncts or (is_clause and token.head in (deed, deed.head, deed.head.head))


def _is_said_of_it(token: Token) -> bool:
    return token.dep_ in ("relcl", "acl", "advcl", "punct", "appos")


def _place(token: Token) -> int:
    return token.i


def _all_of(noun: Token) -> list[Token]:
    """A noun phrase without the infinitive or the gerund that the parse may hang on it."""
    return subtree_without(noun, lambda c: c.i > noun.i and (_is_infinitive(c) or _is_of_a_deed(c)))


def _with_its_place(noun: Token, phrase: Sequence[Token]) -> list[Token]:
    """A noun phrase with the place that the parse gave to the verb above: "urged the others | in the region to"."""
    end = phrase[-1].i
    beside = next((c for c in noun.head.children if c.dep_ == "prep" and c.i == end + 1), None)
    place = list(beside.subtree) if beside is not None else []
    is_place = bool(place) and not any(t.ent_type_ in ("DATE", "TIME") or t.pos_ in VERBS for t in place)
    to = place[-1].i + 1 if is_place else end
    is_before_its_deed = is_place and to < len(noun.doc) and noun.doc[to].tag_ == "TO"
    return [*phrase, *place] if is_before_its_deed else list(phrase)


def _is_infinitive(token: Token) -> bool:
    return token.dep_ in ("acl", "relcl") and has_to(token)


def _is_of_a_deed(token: Token) -> bool:
    return token.lower_ == "of" and any(c.dep_ == "pcomp" and c.tag_ == "VBG" for c in token.children)


def _asks(tokens: Sequence[Token]) -> bool:
    """True if a clause begins with a question word: "how it would end", "whether it would"."""
    kept = trimmed(tokens)
    if kept and kept[0].lower_ in ("whether", "if") and kept[0].dep_ == "mark":
        return True
    return bool(kept) and kept[0].tag_ in _QUESTION_TAGS and kept[0].lower_ not in ("what", "who")
