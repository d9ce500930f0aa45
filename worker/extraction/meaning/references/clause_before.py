"""What "this", "the move", "it" or "they" goes on from: the statement before it, which an editor puts in brackets.

"[The board closed the north quay.] This has cost the fish market a third of its trade": which word of the statement
before is meant, or whether all of it is, the reader decides as a reader of the article does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from worker.extraction.entities.person_names import GIVEN, Gender
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.references.open_words import (
    OPEN,
    PERSONAL,
    SOME_OF,
    is_explained,
    names_place,
    names_time,
)
from worker.extraction.meaning.standalone_text import StandaloneText, capitalised, in_pairs
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span
from worker.extraction.speakers.genders import GENDER_OF
from worker.extraction.syntax.expletives import is_expletive
from worker.extraction.syntax.relations import is_finite, subject_of, subtree_without
from worker.gazetteer.lists import plain

__all__ = ["SAYS_WHICH", "ClauseBefore", "is_definite", "is_told", "looks_back", "points"]

_KNOWN_TO_ALL = words("nouns_known_to_all")
_TIMES = frozenset("time year month week day morning evening night hour moment season summer winter century".split())
_LOOKING_BACK = words("nouns_that_look_back")
_DEEDS_AND_EVENTS = words("nouns_of_deeds_and_events") - _KNOWN_TO_ALL
_POINTING = frozenset({"this", "that", "these", "those"})
SAYS_WHICH = ("prep", "acl", "relcl", "appos", "conj", "ccomp")
_SEVERAL = frozenset({"they", "them", "their", "these", "those"})
_WHERE_OR_WHEN = {"there": names_place, "then": names_time}
_SAME = frozenset({("it", "its"), ("they", "their"), ("he", "his"), ("she", "her")})
_VERBS = ("VERB", "AUX")
_OPENS = ("cc", "advmod", "intj", "preconj")
_CONJUNCTIONS = words("presupposing_conjunctions") | words("asserting_conjunctions")
_NEEDED = ("ccomp", "xcomp", "dobj", "attr", "acomp", "oprd")
_ADDED = ("advcl", "appos", "parataxis")
_MAX_WORDS = 32
"""Words of a clause in brackets; a longer one loses what is added to it, or is left out."""
_MIN_WORDS = 3
_MAX_SENTENCES_BACK = 3
"""Sentences that may go on with the same pronoun before the one that names what it means."""
_DATELINE = re.compile(r"^[A-Z][A-Z .’'-]+,?(?: [A-Z][\w.]+)?(?: \([^()]*\))? ?(?:[-–—]+|:) ")
_COMMA_AT_END = re.compile(r",([”\"])$")
_DASHES = re.compile(r"\s[-–—]+\s[-–—]+\s")
_SUBJECTS = ("nsubj", "nsubjpass")
_MARKS = frozenset('"“”')
_STOPS = (".", "?", "!", "”", '"')
_CLOSING = " \n\"”’')"


class ClauseBefore:
    """Answers for one text. `names`: the edits that put names for the pronouns of all its statements."""

    def __init__(self, doc: Doc, text: str, names: Mapping[Span, str]) -> None:
        self._doc, self._text, self._names = doc, text, names

    def of(self, pronoun: Token, clause: Token, first: Token) -> str | None:
        """The clause before that of a pronoun or noun, as a sentence with its stop; None where none can be put.

        `clause`: the head of the clause that the pronoun is in. `first`: its first word.
        """
        while clause.pos_ not in _VERBS and clause.head != clause:
            clause = clause.head
        if clause.pos_ not in _VERBS or first.sent.start != pronoun.sent.start:
            return None
        same = self._in_its_sentence(pronoun, clause)
        if not same and (above := _above(clause, first)):
            if pronoun.pos_ == "NOUN" and not is_told(pronoun):
                return None  # "asked for | the inquiry to be reopened"
            same = above
        if same:
            return self._as_words(same) if _has_meant(same, pronoun.lower_) else None
        if not _opens_its_sentence(pronoun, clause, first):
            return None
        return self._of_the_sentence_before(pronoun)

    def answered_before(self, first: Token) -> str | None:
        """The sentence before that of a word, a question or what else is answered, with its marks."""
        start = first.sent.start
        question = self._doc[start - 1].sent if start else None
        if question is None:
            return None
        words_of = in_pairs(" ".join(question.text.split()))
        is_short = _MIN_WORDS <= len(words_of.split()) <= _MAX_WORDS
        return words_of if words_of.endswith(_STOPS) and is_short and not any(c in "[]" for c in words_of) else None

    def _in_its_sentence(self, pronoun: Token, clause: Token) -> list[Token]:
        """The clause before that of a pronoun: "the ferry sank, but that did not stop", "said it sank and this was"."""
        if clause.dep_ == "ccomp" and clause.head.dep_ == "conj":
            said = (t for t in clause.head.head.children if t.dep_ == "ccomp" and t.i < clause.head.i)
            first = next((t for t in said if is_finite(t) and subject_of(t) is not None), None)
            return subtree_without(first, lambda t: t.dep_ == "mark") if first is not None else []
        if clause.dep_ != "conj" or clause.head.pos_ not in _VERBS or _is_asked(clause, pronoun):
            return []
        above = clause.head
        if not is_finite(above) or subject_of(above) is None or above != pronoun.sent.root:
            return []
        if any(c.dep_ == "mark" for c in clause.children):
            return []  # "if it fails, or if it only finds"
        kept = subtree_without(above, lambda t: t == clause or t.i >= clause.left_edge.i)
        return [t for t in kept if t.i < clause.left_edge.i]

    def _of_the_sentence_before(self, pronoun: Token) -> str | None:
        sentence = pronoun.sent
        for _ in range(_MAX_SENTENCES_BACK):
            if sentence.start == 0:
                return None
            sentence = self._doc[sentence.start - 1].sent
            subject = subject_of(sentence.root)
            if not sentence.text.rstrip(_CLOSING).endswith((".", "!")):
                return None
            if subject is None or not is_finite(sentence.root) or sentence[0].tag_ in ("WDT", "WP"):
                return None
            if subject.lower_ not in OPEN and pronoun.lower_ not in OPEN and looks_back(subject):
                continue  # "The cut was the third. The move": both look back on the same
            if not self._is_open(subject):
                said = _main_clause(sentence)
                return self._as_words(said) if _has_meant(said, pronoun.lower_) else None
            if subject.lower_ != pronoun.lower_ and (subject.lower_, pronoun.lower_) not in _SAME:
                return None
        return None

    def _is_open(self, subject: Token) -> bool:
        span = (subject.idx, subject.idx + len(subject.text))
        return subject.lower_ in OPEN | PERSONAL and span not in self._names and not is_expletive(subject)

    def _is_open_pronoun(self, token: Token, kept: Sequence[Token]) -> bool:
        """True for a subject that neither a name that was put for it nor the words before it explain."""
        if token.dep_ in _SUBJECTS and token.tag_ == "DT" and token.lower_ in OPEN:
            return not any(c.dep_ in SAYS_WHICH for c in token.children)
        if token.lower_ not in ("it", "they", "he", "she") or not self._is_open(token):
            return False
        return not is_explained(token, [t for t in kept if t.i < token.i])

    def _has_open_pronoun(self, kept: Sequence[Token]) -> bool:
        return any(self._is_open_pronoun(t, kept) for t in kept)

    def _as_words(self, tokens: Sequence[Token]) -> str | None:
        kept = _without_openers([t for t in tokens if not t.is_space])
        if len(kept) > _MAX_WORDS or self._has_open_pronoun(kept):
            root = min(kept, key=lambda t: sum(1 for _ in t.ancestors))
            kept = _shorter(kept, root)
            marks = sum(t.text in _MARKS for t in kept)
            kept = kept if not marks or (marks % 2 == 0 and kept[0].text not in _MARKS) else []
        if sum(t.text in _MARKS for t in kept) % 2:
            return None
        if not _MIN_WORDS <= len(kept) <= _MAX_WORDS or any(t.text in "[]?" for t in kept):
            return None
        if self._has_open_pronoun(kept):
            return None
        words = _DATELINE.sub("", _tidied(self._named(kept).of_tokens(kept)))
        return capitalised(words, several=True)

    def _named(self, kept: Sequence[Token]) -> StandaloneText:
        """The text with names for those pronouns among some words that the words before them do not explain."""
        spans = {(t.idx, t.idx + len(t.text)): t for t in kept if t.tag_ in ("PRP", "PRP$")}
        names = {
            span: name
            for span, name in self._names.items()
            if span in spans and not is_explained(spans[span], [t for t in kept if t.i < spans[span].i])
        }
        return StandaloneText(self._text, tuple(sorted(names.items())))


def looks_back(subject: Token) -> bool:
    """True for "it" or "this", for "this rise", and for "the move"; not for "the move to Olm"."""
    if subject.lower_ in OPEN:
        return True
    noun = subject.lemma_.casefold()
    if (
        subject.pos_ != "NOUN"
        or subject.ent_type_
        or any(c.i > subject.i and c.dep_ in SAYS_WHICH for c in subject.children)
    ):
        return False
    return (points(subject) and noun not in _TIMES) or (
        is_definite(subject) and noun in _LOOKING_BACK | _DEEDS_AND_EVENTS
    )


def points(noun: Token) -> bool:
    """True for "this rise" and "such rises"."""
    return any(
        (c.dep_ == "det" and c.lower_ in _POINTING) or (c.lower_ == "such" and c.i < noun.i) for c in noun.children
    )


def is_told(noun: Token) -> bool:
    """True for a noun for what was just told, which may mean another such thing each time: "the decision"."""
    return noun.lemma_.casefold() in _LOOKING_BACK


def is_definite(noun: Token) -> bool:
    """True for a noun with "the" and nothing else that is no one thing that everybody knows: "the lawmakers"."""
    if noun.pos_ != "NOUN" or noun.ent_type_ or noun.lemma_.casefold() in _KNOWN_TO_ALL:
        return False
    return [c.lower_ for c in noun.children if c.dep_ != "punct"] == ["the"]


def _opens_its_sentence(pronoun: Token, clause: Token, first: Token) -> bool:
    """Whether a sentence states nothing before a clause but that somebody says it: "he argued this was"."""
    above = {clause.i}
    at = clause
    while at.dep_ in ("ccomp", "xcomp", "conj") and at.head.pos_ in _VERBS and at.head != at:
        at = at.head
        above.add(at.i)
    is_fronted = at.dep_ == "advcl" and at.i < pronoun.sent.root.i
    if (at != pronoun.sent.root and not is_fronted) or _is_asked(clause, pronoun):
        return False
    before = pronoun.doc[pronoun.sent.start : min(pronoun.i, first.i)]
    stated = [t for t in before if t.i not in above and t.pos_ in _VERBS and is_finite(t) and subject_of(t) is not None]
    return not stated


def _is_asked(clause: Token, pronoun: Token) -> bool:
    """True for "how it works"."""
    return any(c.tag_.startswith("W") for c in clause.children if c.i < pronoun.i)


def _above(clause: Token, first: Token) -> list[Token]:
    """What a sentence says before a clause that hangs on it: "the baker uses honey | because it is cheap"."""
    while clause.dep_ in ("xcomp", "ccomp") and clause.head.dep_ in ("advcl", "pcomp") and clause.head.pos_ in _VERBS:
        clause = clause.head  # "although that is expected to grow"
    root, start = first.sent.root, min(first.i, clause.left_edge.i)
    if clause.dep_ not in ("advcl", "pcomp") or root.i >= start or root.pos_ not in _VERBS or not is_finite(root):
        return []
    subject = subject_of(root)
    if subject is None or subject.i > root.i:
        return []
    if any(c.dep_ in _NEEDED and c.i > start for t in (root, clause.head) for c in t.children):
        return []  # "told the deputies, when he came, that it"
    said = [t for t in first.doc[first.sent.start : start] if not t.is_space]
    while said and (said[-1].is_punct or said[-1].lower_ in _CONJUNCTIONS or said[-1].dep_ == "prep"):
        said = said[:-1]
    if said and said[-1].lemma_.casefold() in _TIMES and said[-1].nbor().lower_ in ("before", "after"):
        said = [t for t in said if t.i < said[-1].left_edge.i]  # "the day | before they vote"
    return said


def _has_meant(said: Sequence[Token], word: str) -> bool:
    """Whether a sentence has a noun of the number that a pronoun asks for; "it" may mean all of it."""
    if word in _SEVERAL or word in SOME_OF:
        return any(map(_is_several, said))
    if word in _WHERE_OR_WHEN:
        return any(map(_WHERE_OR_WHEN[word], said))
    if word in GENDER_OF:
        return any(t.lemma_.casefold() in SOMEBODY or _can_be(t, GENDER_OF[word]) for t in said)
    return word != "its" or any(t.tag_ in ("NN", "NNP") and t.dep_ != "compound" for t in said)


def _can_be(token: Token, gender: Gender) -> bool:
    """True for a person's name whose given name is not one of the other gender."""
    return token.ent_type_ == "PERSON" and GIVEN.get(plain(token.doc[token.left_edge.i].text), gender) == gender


def _is_several(token: Token) -> bool:
    return token.tag_ in ("NNS", "NNPS") or (token.pos_ in ("NOUN", "PROPN") and bool(token.conjuncts))


def _main_clause(sentence: Phrase) -> list[Token]:
    return [t for t in sentence if not t.is_space]


def _without_openers(tokens: list[Token]) -> list[Token]:
    """Without "But", "However," and the stop at the end."""
    while tokens and (tokens[0].is_punct or tokens[0].dep_ in _OPENS) and tokens[0].text not in '“"$€£':
        if tokens[0].dep_ == "advmod" and not (len(tokens) > 1 and tokens[1].text == ","):
            break
        tokens = tokens[1:]
    while tokens and (tokens[-1].text in ".!,;:–—-" or tokens[-1].dep_ == "cc"):
        tokens = tokens[:-1]
    return tokens


def _shorter(tokens: Sequence[Token], root: Token) -> list[Token]:
    """Without relative clauses and appositions behind a comma, and without adverbial clauses."""
    inside = {t.i for t in tokens}
    kept = subtree_without(root, _is_added)
    return _without_openers([t for t in kept if t.i in inside and not t.is_space])


def _is_added(token: Token) -> bool:
    if token.dep_ == "relcl":
        return token.left_edge.i > 0 and token.nbor(token.left_edge.i - 1 - token.i).is_punct
    return token.dep_ in _ADDED or (token.dep_ == "punct" and token.text in "()")


def _tidied(words: str) -> str:
    """Without the commas and spaces that are left where something was cut, and with its marks in pairs."""
    for before, after in (
        (" ,", ","),
        (",,", ""),
        (", ,", ""),
        (" .", "."),
        (" ’", "’"),
        (" '", "'"),
        (" ;", ";"),
        (",;", ";"),
    ):
        words = words.replace(before, after)
    return in_pairs(_COMMA_AT_END.sub(r"\1", _DASHES.sub(" ", words)).strip(" ,;"))
