"""Which clauses of a sentence are statements: asserted, or taken for granted by the rest of the sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from worker.contract.claim import Act
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Phrase, Token
from worker.extraction.syntax.relations import (
    FINITE_TAGS,
    SUBJECTS,
    has_subject,
    has_tense,
    is_negated,
    seems_by_the_way,
    subject_of,
    words_below,
)

__all__ = [
    "MIN_WORDS",
    "PRESUPPOSING",
    "RELATIONS",
    "StatedClause",
    "counted_appositions",
    "only_adds",
    "stated_clauses",
]

RELATIONS = ("ROOT", "conj", "ccomp", "parataxis", "advcl", "pcomp", "relcl", "prep", "appos")
"""Relations of the words that `stated_clauses` and `counted_appositions` look at; callers may leave out the others."""
MIN_WORDS = 3
"""Words of the shortest statement."""
PRESUPPOSING = words("presupposing_conjunctions")
_ASSERTING = words("asserting_conjunctions")
_OPEN = words("open_conjunctions")
_BESIDE_AS = words("words_beside_as")
_ANSWERING = words("answering_verbs")
_EVADING = words("evading_verbs")
_JUDGING = words("judging_verbs")
_SPEAKING_TERMS = words("verbs_of_speaking_terms")
_NOUNS_OF_A_STATEMENT = words("nouns_of_a_statement")
_WHOEVER = words("words_for_whoever")
_NAMING = words("naming_cues")
_ANY = frozenset("any every no whatever whichever".split())
_TO_COME = frozenset("after before once until when".split())
"""Conjunctions whose clause in the present tense tells of what may come or of what happens again and again."""
_MEASURED = frozenset(["DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "QUANTITY"])
_COMMAS = (",", "–", "—")
_VERBS = ("VERB", "AUX")


@dataclass(frozen=True, slots=True)
class StatedClause:
    """`head`: its verb. `presupposed`: the sentence takes it for granted. `relative`: it says more of a noun."""

    head: Token
    presupposed: bool = False
    relative: bool = False


def stated_clauses(candidates: Sequence[Token], sentence: Phrase) -> Iterator[StatedClause]:
    """The clauses of a sentence that state something, in its order. `candidates`: its words with one of RELATIONS."""
    for token in candidates:
        if token.dep_ == "prep":
            verb = _verb_without_its_subject(token, sentence.end)
            clause = StatedClause(verb, presupposed=True) if verb is not None else None
        elif _is_judged_deed(token):
            clause = StatedClause(token, presupposed=True)
        else:
            clause = _finite_clause(token)
        if clause is not None:
            yield clause


def _finite_clause(token: Token) -> StatedClause | None:
    kind = _KINDS.get(token.dep_)
    if kind is None or token.pos_ not in _VERBS or _reports(token):
        return None
    return kind(token) if has_tense(token) or _is_taken_for_participle(token) else None


def _is_taken_for_participle(verb: Token) -> bool:
    """True for the first of two verbs, which the tagger took for a participle: "It opened and was adjourned"."""
    return verb.tag_ == "VBN" and any(
        c.dep_ == "conj" and has_tense(c) and not has_subject(c) and c.pos_ in _VERBS for c in verb.children
    )


def _main(verb: Token) -> StatedClause | None:
    return StatedClause(verb) if has_subject(verb) and not _goes_on_as_relative(verb) else None


def _goes_on_as_relative(verb: Token) -> bool:
    """True for a line such as "Which is the point", "For which there is no proof" and "What is in the box"."""
    first = verb.left_edge
    if first.is_punct and first.i < verb.i:
        first = first.nbor()
    opening = (first, first.nbor()) if first.i < verb.i and first.dep_ == "prep" else (first,)
    return any(t.tag_ in ("WDT", "WP", "WP$") and _is_of_clause(t, verb) for t in opening)


def _is_asked(verb: Token) -> bool:
    """True for a question that is joined to something: "its plans and how it means to pay for them"."""
    first = min((c.i for c in (verb, *verb.children) if c.dep_ not in ("cc", "punct", "preconj")), default=verb.i)
    opener = verb.doc[first].left_edge
    return opener.tag_ in ("WRB", "WP", "WDT", "WP$") and _is_of_clause(opener, verb)


def _is_of_clause(question: Token, verb: Token) -> bool:
    """Whether a question word belongs to a verb and not to a clause below it. "Whatever the outcome" asks nothing."""
    if question.lower_.endswith("ever"):
        return False
    at = question
    while at.head not in (verb, at) and at.head.pos_ not in _VERBS:
        at = at.head
    return at.head == verb


def _joined(verb: Token) -> StatedClause | None:
    if verb.head.pos_ not in _VERBS or not has_subject(verb) or _is_asked(verb):
        return None
    granted = any(c.dep_ == "mark" and c.lower_ in PRESUPPOSING for c in verb.children)
    return StatedClause(verb, presupposed=granted)


def _before_the_main_verb(verb: Token) -> StatedClause | None:
    fronted = verb.head.dep_ == "ROOT" and verb.i < verb.head.i and not seems_by_the_way(verb)
    return _joined(verb) if fronted and verb.left_edge.lower_ not in _OPEN else None


def _adverbial(verb: Token) -> StatedClause | None:
    if not has_subject(verb):
        return None
    marks = {c.lower_ for c in verb.children if c.dep_ in ("mark", "advmod", "prep") and c.i < verb.i}
    if marks & _OPEN or _compares(verb):
        return None
    if marks & PRESUPPOSING:
        return StatedClause(verb, presupposed=True) if _is_granted(verb, marks) else None
    return StatedClause(verb) if marks & _ASSERTING else None


def _below_a_preposition(verb: Token) -> StatedClause | None:
    word = verb.head.lower_
    granted = word in PRESUPPOSING and has_subject(verb) and _is_granted(verb, {word})
    return StatedClause(verb, presupposed=True) if granted else None


def _is_granted(verb: Token, marks: AbstractSet[str]) -> bool:
    """Whether what stands behind one of the `marks` is a fact to whoever writes the sentence.

    Not "when it comes to pay", "as the report has shown", "the same as Norland was", "until he is elected", "said when
    the hall would open".
    """
    subject = subject_of(verb)
    if _is_of_any_reader(verb) or subject is None or (subject.ent_type_ == "DATE" and subject.tag_ == "CD"):
        return False
    if subject.lower_ == "it" and verb.lemma_ == "come" and any(c.lower_ == "to" for c in verb.children):
        return False
    if _is_stranded(verb) or ("as" in marks and _says_how_it_is_told(verb)):
        return False
    if "when" in marks and verb.head.lemma_ in VERBS and verb.left_edge.i == verb.head.i + 1:
        return _has_object(verb.head)
    is_settled = any(t.ent_type_ in ("DATE", "TIME") and t.i > verb.i for t in words_below(verb)) and not marks & {
        "once",
        "until",
    }
    return is_settled or not (marks & _TO_COME and _is_of_the_present(verb))


def _says_how_it_is_told(verb: Token) -> bool:
    """True for "as is the case in May", "as sailors call it", "as the report has shown"."""
    if verb.lemma_ in _NAMING or (verb.lemma_ in VERBS and not _has_object(verb)):
        return True
    return any(c.lower_ == "as" and c.i == verb.i - 1 for c in verb.children)


def _is_stranded(verb: Token) -> bool:
    """True for a "was" or "did" without anything behind it that it says."""
    return verb.pos_ == "AUX" and not any(c.i > verb.i and not c.is_punct for c in verb.children)


def _has_object(verb: Token) -> bool:
    return any(c.i > verb.i and c.dep_ in ("dobj", "ccomp", "xcomp", "attr", "acomp", "oprd") for c in verb.children)


def _is_of_the_present(verb: Token) -> bool:
    """True for a verb in the present tense; not for "has left"."""
    first = next((c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.tag_ in FINITE_TAGS), verb)
    return first.tag_ in ("VBP", "VBZ", "MD") and not (first.lemma_ == "have" and first != verb)


def _relative(verb: Token) -> StatedClause | None:
    if only_adds(verb):
        return StatedClause(verb, relative=True)
    return StatedClause(verb, presupposed=True, relative=True) if _states_a_fact(verb) else None


_KINDS: Mapping[str, Callable[[Token], StatedClause | None]] = {
    "ROOT": _main,
    "conj": _joined,
    "ccomp": _before_the_main_verb,
    "parataxis": _before_the_main_verb,
    "advcl": _adverbial,
    "pcomp": _below_a_preposition,
    "relcl": _relative,
}
"""Relation of a finite verb to the rule that says whether its clause is a statement."""


def only_adds(verb: Token) -> bool:
    """Whether a relative clause only adds to its noun, not says which one is meant: a comma before its pronoun."""
    clause = words_below(verb)
    if not clause:
        return False
    pronoun = next((t for t in clause[:4] if t.tag_ in ("WDT", "WP", "WP$", "WRB")), None)
    first = clause[0]
    if pronoun is None or pronoun.lower_ == "that" or first.i == 0:
        return False
    return first.text in _COMMAS or first.nbor(-1).text in _COMMAS


def _states_a_fact(verb: Token) -> bool:
    """Whether a relative clause without a comma states a fact by the way: a date, a number, or what somebody is doing.

    As in "a closure that has been in force since October", "the mercenaries they are hiring".
    """
    clause = words_below(verb)
    if len(clause) < MIN_WORDS or verb.lemma_ in VERBS or verb.head.lower_ in _WHOEVER:
        return False
    if any(c.dep_ == "det" and c.lower_ in _ANY for c in verb.head.children):
        return False
    if verb.head.lemma_ in _NOUNS_OF_A_STATEMENT:
        return False  # "the claim that it cost 9 million"
    subject = subject_of(verb)
    doing = (
        subject is not None
        and subject.lower_ in ("they", "he", "she", "it", "you")
        and any(c.dep_ == "aux" and c.lemma_ in ("be", "have") for c in verb.children)
    )
    return doing or any(t.ent_type_ in _MEASURED for t in clause)


def _is_of_any_reader(verb: Token) -> bool:
    """As in "once you have sold the house", which is granted of nobody."""
    subject = subject_of(verb)
    return subject is not None and subject.lower_ == "you"


def _is_judged_deed(verb: Token) -> bool:
    """The deed that somebody was punished or thanked for: "sentenced for ignoring warnings"."""
    return (
        verb.dep_ == "pcomp" and verb.tag_ == "VBG" and verb.head.lower_ == "for" and verb.head.head.lemma_ in _JUDGING
    )


def _verb_without_its_subject(preposition: Token, end: int) -> Token | None:
    """The verb whose subject the parse gave to the preposition before it, None if there is none.

    "after the deadline was ignored" is parsed as "after the deadline" and "was ignored". `end`: of the sentence.
    """
    if preposition.lower_ not in PRESUPPOSING or preposition.lower_ == "as":
        return None
    last = preposition.right_edge.i
    after = preposition.doc[last + 1] if last + 1 < end else None
    if after is None or after.tag_ not in FINITE_TAGS:
        return None
    verb = after.head if after.dep_ in ("aux", "auxpass") else after
    return verb if verb.pos_ in _VERBS and verb.i > last and not has_subject(verb) else None


def _compares(verb: Token) -> bool:
    """Whether "as" of a clause compares or sets a condition: "as soon as he came", "as if it rained", "as loud as"."""
    return _is_measured_by(verb) or any(
        c.lower_ == "as"
        and c.dep_ in ("mark", "advmod")
        and (c.nbor(-1).lower_ in _BESIDE_AS if c.i else False or c.nbor(1).lower_ in _BESIDE_AS)
        for c in verb.children
        if c.i < verb.i
    )


def _is_measured_by(verb: Token) -> bool:
    """True for "as it seemed" of "as loud as it seemed"."""
    measured = verb.head
    if measured.pos_ not in ("ADJ", "ADV") or measured.i > verb.i:
        return False
    return any(c.lower_ in ("as", "so") and c.dep_ == "advmod" and c.i < measured.i for c in measured.children)


def _reports(verb: Token) -> bool:
    """Whether a clause reports speech or silence that the attribution stage left out: "asked when it learned", "did not
    respond". Its content is not the article's.
    """
    if verb.lemma_ in VERBS and any(c.dep_ == "ccomp" or (c.dep_ == "xcomp" and c.i > verb.i) for c in verb.children):
        return True
    if verb.lemma_ in _ANSWERING:
        subjects = (c for c in verb.children if c.dep_ in SUBJECTS)
        nobody = any(d.lower_ in ("no", "neither", "none") for c in subjects for d in (c, *c.children))
        return nobody or is_negated(verb)
    if verb.dep_ == "relcl" and (verb.lemma_ in _SPEAKING_TERMS or any(map(_is_named, verb.children))):
        return True
    return _evades(verb)


def _is_named(verb: Token) -> bool:
    """ "Did not wish | to be named"."""
    return verb.dep_ == "xcomp" and verb.lemma_ in ("name", "identify") and verb.tag_ == "VBN"


def _evades(verb: Token) -> bool:
    """As in "refused to answer", "would not be drawn"."""
    if verb.lemma_ not in _EVADING and not any(c.dep_ == "neg" or c.tag_ == "MD" for c in verb.children):
        return False
    first = min([verb.i, *(c.i for c in verb.children if c.dep_ in ("aux", "auxpass", "neg", "nsubj", "det"))])
    lemmas = [t.lemma_.lower() if t.lower_ != "n't" else "not" for t in verb.doc[first : verb.i + 4]]
    phrase = lexicon().phrase(lemmas, len(lemmas))
    return phrase is not None and phrase[1] in (Act.DECLINE, Act.SILENT)


def counted_appositions(candidates: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Facts with a number beside a name, each as its noun and the name's: "the village of Lia, home to 212 people".

    An age or a title is no fact of this kind. `candidates` as for `stated_clauses`.
    """
    for token in candidates:
        if token.dep_ != "appos" or token.pos_ != "NOUN" or token.head.pos_ not in ("NOUN", "PROPN"):
            continue
        apposition = words_below(token)
        age = any(t.lower_ in ("year", "years") for t in apposition if token in (t, t.head))
        in_a_list = any(c.dep_ in ("conj", "cc") or _counts(c) for t in (token, token.head) for c in t.children)
        if in_a_list and token.head.ent_type_ != "PERSON":
            continue
        if len(apposition) >= MIN_WORDS and not age and any(_counts(t) for t in apposition):
            yield token, _named_noun(token.head)


def _counts(token: Token) -> bool:
    return (
        token.pos_ == "NUM"
        and token.dep_ in ("nummod", "compound", "quantmod")
        and token.ent_type_ not in ("DATE", "ORDINAL")
    )


def _named_noun(noun: Token) -> Token:
    """Up from "Lia" to "village" in "the village of Lia"."""
    while (
        noun.dep_ in ("pobj", "compound")
        and noun.head.dep_ == "prep"
        and noun.head.lower_ == "of"
        and noun.head.head.pos_ == "NOUN"
    ):
        noun = noun.head.head
    return noun
