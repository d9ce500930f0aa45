"""The cue's own words before a content that is no clause: "Norland called for calm"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.full_clause.parts import (
    ADDED,
    DEEDS_OF_NOUNS,
    VERBS,
    ClauseContent,
    first_at,
    is_how,
    whole_name,
)
from worker.extraction.meaning.inflection import full_form, past, present
from worker.extraction.parse import Token
from worker.extraction.speakers.pronouns import is_plural
from worker.extraction.speakers.stage import Reported
from worker.extraction.speakers.subject_above import clause_of
from worker.extraction.syntax.questions import is_mark_of_question
from worker.extraction.syntax.relations import (
    FINITE_TAGS,
    NOUN_SUBJECTS,
    SUBJECTS,
    has_subject,
    is_finite,
    is_passive,
    subtree_without,
)

__all__ = [
    "around_its_cue",
    "behind_a_colon",
    "cue_words",
    "is_asked",
    "is_clause",
    "is_told_by_colon",
    "of_a_question",
    "of_a_quoted_object",
    "of_a_thing_said",
    "of_who_is_asked",
    "with_cue",
]

_CALLING = words("deeds_of_calling_for")
_CHANTING = words("chanting_cues")
_ASKING = frozenset({"when", "how", "why", "where", "whether", "if"})
_QUESTION_TAGS = ("WP", "WDT", "WRB", "WP$")
_OBJECTS = ("dobj", "pobj", "attr", "oprd", "dative", "appos")
_BELOW = ("ccomp", "pcomp", "xcomp", "advcl")
_JOINED = re.compile(r", (?:and|but) $")
_MAX_BEFORE_COLON = 12
_MAX_GAP = 40
"""Characters of the text between a cue and its content that are taken over: "warned on Monday | against"."""


def is_clause(content: ClauseContent) -> bool:
    """True if a content has a verb with a tense and a subject, and is no question below its cue.

    A clause that hangs on a noun that is the object of the cue, "any report that suggests", does not count.
    """
    first = _first_word(content)
    if first.tag_ == "TO" and first.head.dep_ == "xcomp":
        return False  # "refused | to say where he had been"
    if is_how(first) or (first.tag_ in ("WP", "WDT", "WP$") and clause_of(first).dep_ in _BELOW):
        return False
    inside = {t.i for t in content.tokens}
    tops = [t for t in content.tokens if (t.head.i not in inside or t.head == t) and not t.is_punct]
    is_object = bool(tops) and tops[0].pos_ in ("NOUN", "PROPN") and tops[0].dep_ in _OBJECTS
    is_object = is_object and all(map(_is_added, tops[1:]))
    below = {t.i for top in tops for t in top.subtree} if is_object else set[int]()
    tokens = [t for t in content.tokens if t.i not in below]
    return any(
        token.pos_ in VERBS
        and (token.dep_ not in ("aux", "auxpass", "relcl", "acl", "advcl") or _is_that_clause(token, first))
        and is_finite(token)
        and any(c.dep_ in SUBJECTS and c.i in inside for c in token.children)
        for token in tokens
    ) or any(t.tag_ in FINITE_TAGS and t.dep_ in ("ROOT", "conj") for t in tokens)


def _is_added(token: Token) -> bool:
    """True for a clause of time or purpose behind an object: "told of | a meeting when the board had quarrelled"."""
    if token.dep_ in ("xcomp", "advcl") and any(c.tag_ == "TO" for c in token.children):
        return True
    return token.dep_ == "advcl" and any(c.tag_ == "WRB" and c.i < token.i for c in token.children)


def is_told_by_colon(content: ClauseContent, verb: Token) -> bool:
    """True for an object of the cue that a clause behind a colon tells: "explained | the plan: rooms are shared"."""
    colon = next((t for t in content.tokens if t.text == ":"), None)
    if colon is None:
        return False
    before = [t for t in content.tokens if t.i < colon.i and not t.is_punct]
    tops = [t for t in before if not content.has(t.head)]
    if len(tops) != 1 or tops[0].pos_ not in ("NOUN", "PROPN") or tops[0].dep_ not in ("dobj", "pobj"):
        return False
    below = {t.i for t in verb.subtree}
    return tops[0].i in below and not any(t.dep_ == "ROOT" for t in before)


def _is_that_clause(verb: Token, first: Token) -> bool:
    """True for a content that the parse takes for an adverbial or hangs on a noun before it: "was old, | that nothing

    had been stolen", "said in a statement | that all was well".
    """
    is_that = first.lower_ == "that" and first.dep_ == "mark" and first.head == verb
    noun = verb.head  # "in a statement", not "responded to reports"
    is_beside = (
        verb.dep_ == "acl" and noun.dep_ == "pobj" and noun.head.lower_ in ("at", "in", "on") and noun.i < first.i
    )
    return is_that and (verb.dep_ == "advcl" or is_beside)


def _first_word(content: ClauseContent) -> Token:
    """The first word, without the adverb before a question word: "exactly what he said"."""
    first, *rest = content.tokens
    return rest[0] if rest and first.pos_ == "ADV" and rest[0].tag_ in _QUESTION_TAGS else first


def is_asked(content: ClauseContent, reported: Reported) -> bool:
    """True for what is only asked or withheld: "would not say | whether it opens", "did not say when | it opens"."""
    cue = reported.attribution.cue
    first = content.tokens[0]
    if cue is None or not 0 < first.idx - cue[1] <= _MAX_GAP or first.i == 0:
        return False
    if is_mark_of_question(first):
        return True
    if first.lower_ in ("whether", "if") and first.dep_ == "mark":
        return first.head.dep_ in ("ccomp", "pcomp", "xcomp") and not content.has(first.head.head)
    if first.lower_ in _ASKING and len(content.tokens) > 1 and content.tokens[1].dep_ == "cc":
        return True  # "noted | if and how often it rained"
    return first.nbor(-1).lower_ in _ASKING and first.nbor(-1).idx >= cue[1]


def with_cue(content: ClauseContent, reported: Reported) -> str | None:
    """Source, cue and content one after the other, as the text has them: "Norland called for calm"."""
    cue, verb, span = reported.attribution.cue, _verb_of(reported), reported.attribution.source
    name = whole_name(content, reported)
    start = content.tokens[0].idx
    if cue is None or verb is None or name is None or span is None or not 0 <= start - cue[1] <= _MAX_GAP:
        return None
    text = content.readable.text
    is_one_sentence = span[1] <= cue[0] and verb.sent.start_char <= span[0]
    if verb.pos_ not in ("VERB", "ADJ", "AUX") or verb.lemma_ == "accord" or not is_one_sentence:
        return None
    between = text[cue[1] : start]
    if any(c in between for c in "\n.:;") or _JOINED.search(between) is not None or not text[slice(*cue)][:1].isalpha():
        return None
    plural = is_plural(name)
    word = text[slice(*span)].casefold()
    is_pronoun = word in ("i", "we", "they", "who", "which", "that") and word != name.casefold()
    is_active = 0 <= cue[0] - span[1] <= 1 and start - cue[1] <= 1
    said = cue_words(
        content, verb, cue[0], plural=plural or name.casefold() in ("i", "we"), agrees=is_pronoun, is_active=is_active
    )
    content = ClauseContent(content.tokens, content.readable.without_name(name))
    if said is not None and said.endswith(" as") and not any(c.dep_ in ("dobj", "nsubjpass") for c in verb.children):
        said = f"{said.removesuffix(' as')} something as"  # "what critics describe as | a trap"
    elif said is not None and said.endswith(" as") and any(c.tag_ == "WP" and c.dep_ == "dobj" for c in verb.children):
        said = f"{said.removesuffix(' as')} something as"
    return " ".join(part for part in (name, said, content.words(content.tokens)) if part) if said else None


def behind_a_colon(content: ClauseContent) -> str | None:
    """What is no clause behind a colon, with the words before it: "The verdict of the tasters: | too sweet"."""
    first = content.tokens[0]
    before = [t for t in first.doc[first.sent.start : first.i] if not t.is_space]
    if not before or before[-1].text != ":" or is_clause(content) or any(t.text in '“”"' for t in before):
        return None
    has_noun = any(t.pos_ in ("NOUN", "PROPN") for t in before) and len(before) <= _MAX_BEFORE_COLON
    return f"{content.words(before)}: {content.words(content.tokens)}" if has_noun else None


def of_a_thing_said(content: ClauseContent, reported: Reported) -> str | None:
    """A noun with a participle for its cue: "the calm line | promised by | Norland" to "Norland promised the line"."""
    verb, cue, span = reported.cue.head, reported.attribution.cue, reported.attribution.source
    if verb is None or cue is None or span is None or verb.tag_ != "VBN" or verb.dep_ != "acl":
        return None
    agent = next((c for c in verb.children if c.dep_ == "agent" and c.lower_ == "by"), None)
    name, last = whole_name(content, reported), content.tokens[-1]
    if agent is None or name is None or not agent.idx < span[0] or not last.idx < cue[0]:
        return None
    if not content.has(verb.head) or any(t.pos_ in VERBS for t in content.tokens):
        return None
    said = [t for t in verb.doc[verb.i : agent.i] if not t.is_space]
    thing = content.words(content.tokens)
    thing = thing[:1].lower() + thing[1:] if content.tokens[0].pos_ in ("DET", "PRON") else thing
    return f"{name} {past(verb.lemma_, plural=is_plural(name))} {thing} {content.words(said[1:])}".strip()


def _verb_of(reported: Reported) -> Token | None:
    """The verb of a cue; of one that counts as its noun ("uses its forecasts to assess") the last verb of its words."""
    cue, head = reported.attribution.cue, reported.cue.head
    if cue is None or head is None or head.pos_ != "NOUN":
        return head
    words_of = head.doc.char_span(*cue, alignment_mode="expand")
    return next((t for t in reversed(words_of or ()) if t.pos_ in VERBS), head)


def of_a_quoted_object(content: ClauseContent, reported: Reported) -> str | None:
    """A quoted noun that is what somebody expresses: "firms have voiced | “great concern”" with its source and cue."""
    verb = reported.cue.head
    if reported.attribution.lemma in _CHANTING and not _tells(content):
        called, made = content.words(content.tokens), with_cue(content, reported)
        is_bare = made is not None and made.endswith(called) and not any(mark in called for mark in '“”"')
        return f"{made.removesuffix(called)}“{called}”" if made is not None and is_bare else made
    top = next((t for t in content.tokens if not t.is_punct and not content.has(t.head)), None)
    if (
        top is not None
        and top.head == verb
        and top.pos_ == "ADV"
        and len([t for t in content.tokens if t.is_alpha]) == 1
    ):
        return with_cue(content, reported)  # "apologised “unreservedly”"
    if verb is None or top is None or top.dep_ != "dobj" or top.head != verb or top.pos_ != "NOUN":
        return None
    return with_cue(content, reported) if not is_clause(content) else None


def _tells(content: ClauseContent) -> bool:
    """Whether a quote has a subject with a verb."""
    return any(t.dep_ in SUBJECTS and t.head.pos_ in VERBS for t in content.tokens)


def of_who_is_asked(content: ClauseContent, reported: Reported) -> str | None:
    """What somebody is asked in a participle: "Asked | if she would go, Ida Falk said": "Ida Falk was asked if"."""
    verb, whom = reported.cue.head, next((each.name for each in reported.addressees if each.name), None)
    if verb is None or verb.lemma_ != "ask" or verb.tag_ != "VBN" or is_passive(verb) or whom is None:
        return None
    if any(character.isdigit() for character in whom):
        return None  # "Asked which issue matters, 32 percent named"
    first = _first_word(content)
    if not is_asked(content, reported) and not (
        first.tag_ in _QUESTION_TAGS and first.idx - cue_end(reported) <= _MAX_GAP
    ):
        return None
    name = whole_name(content, reported)
    said = f"{name} asked {whom}" if name is not None else f"{whom} was asked"
    content = ClauseContent(content.tokens, content.readable.without_name(whom))
    return f"{said} {content.words(content.tokens)}"


def cue_end(reported: Reported) -> int:
    cue = reported.attribution.cue
    return cue[1] if cue is not None else 0


def of_a_question(content: ClauseContent, reported: Reported) -> str | None:
    """What is only asked, whoever asks: "doubts about | whether the dam holds" to "The question is whether"."""
    first = content.tokens[0]
    if first.lower_ not in ("whether", "if") or not is_asked(content, reported):
        return None
    return f"The question is {content.words(content.tokens, {first: 'whether'})}"


def around_its_cue(content: ClauseContent, reported: Reported) -> str | None:
    """What nobody is named to expect, with its subject: "the gang | is not expected | to sign"."""
    cue, verb = reported.attribution.cue, reported.cue.head
    if cue is None or verb is None or reported.source.span is not None:
        return None
    whole = [t for t in content.tokens if t.pos_ in VERBS and t.dep_ not in ("relcl", "acl", "advcl")]
    has_clause = any(is_finite(t) and has_subject(t) for t in whole) and not is_how(_first_word(content))
    has_clause = has_clause and not is_asked(content, reported)
    subject = next((c for c in (*verb.children, *verb.head.children) if c.dep_ in NOUN_SUBJECTS and c.i < verb.i), None)
    seems = verb.lemma_ in ("seem", "appear") or verb.head.lemma_ in ("seem", "appear")
    is_state = is_passive(verb) or verb.pos_ in ("ADJ", "AUX") or seems
    has_clause = has_clause and not (seems and subject is not None and content.has(subject))
    if has_clause or not is_state:
        return None
    rest = [t for t in content.tokens if t.idx >= cue[1]]
    if subject is None or not rest or subject.tag_ in ("WDT", "WP", "EX") or rest[0].idx - cue[1] > _MAX_GAP:
        return None
    those = subject.tag_ == "DT"  # "those left behind", which its clause tells apart
    added = tuple(each for each in ADDED if each not in ("acl", "relcl", "punct")) if those else ADDED
    whom = subtree_without(subject, lambda c: c.dep_ in added and c.i > subject.i)
    said = [t for t in verb.doc[subject.i + 1 : rest[0].i] if t.idx >= cue[0] and not t.is_space]
    is_finite_cue = any(t.tag_ in FINITE_TAGS for t in said)
    if not is_finite_cue or any(t.text in ".:;" for t in said):
        return None
    return " ".join(part for part in (content.words(whom), content.words(said), content.words(rest)) if part)


def cue_words(
    content: ClauseContent, verb: Token, start: int, *, plural: bool, agrees: bool, is_active: bool = False
) -> str | None:
    """The words from a cue to its content with a verb that has a tense; None where it gets none.

    `is_active`: it stands between its source and its content, so that it is no passive participle, whatever the parse
    says; `agrees`: the verb is made to agree with the name, which is put for a pronoun of another person or number.
    """
    if is_passive(verb):
        return None
    noun = verb.head
    if verb.tag_ == "VB" and noun.pos_ == "NOUN" and noun.idx >= start and noun.lemma_.casefold() in DEEDS_OF_NOUNS:
        between = [t for t in verb.doc[noun.i + 1 : content.tokens[0].i] if not t.is_space]
        return f"{DEEDS_OF_NOUNS[noun.lemma_.casefold()]} {content.words(between)}"  # "his refusal to say | who"
    if verb.tag_ == "VBN" and not any(c.dep_ == "aux" for c in verb.children) and not (is_active or _has_object(verb)):
        return None
    if _is_done_for_it(verb):
        behind = [t for t in verb.doc[verb.i + 1 : content.tokens[0].i] if not t.is_space]
        return f"{past(verb.lemma_, plural=plural)} {content.words(behind)}".strip()
    start = min([start, *(t.idx for t in _verbs_above(verb))])
    tokens = [t for t in verb.doc[first_at(verb, start) : content.tokens[0].i] if not t.is_space and t.idx >= start]
    state = _copula_of(verb)
    if state is not None and state.idx < start:
        return f"{state.text} {content.words(tokens)}"
    finite = next((t for t in tokens if t.tag_ in FINITE_TAGS and t.pos_ in VERBS), None)
    put: dict[Token, str] = {}
    if finite is None and verb.tag_ == "VBG":
        put[verb] = past(verb.lemma_) if _is_told_in_past(verb) else present(verb.lemma_, plural=plural)
    elif finite is None and verb.tag_ != "VBN":
        return None  # "to declare", which may have been failed to be done
    elif finite is not None and finite.text[:1] in "'’":
        put[finite] = _full_form(finite, verb, tokens, plural=plural)
    elif finite is not None and agrees and finite.tag_ in ("VBP", "VBZ"):
        put[finite] = present(finite.lemma_, plural=plural)
    return content.words(tokens, put) or None


def _full_form(short: Token, verb: Token, tokens: Sequence[Token], *, plural: bool) -> str:
    """The full form of the auxiliary of a cue that is cut short: "they've | pledged", "he's | glad"."""
    match short.lower_.replace("’", "'"):
        case "'ve":
            return present("have", plural=plural)
        case "'ll" | "'d":
            return full_form(short) or short.text
    is_state = verb.pos_ == "ADJ" or any(t.tag_ == "VBG" for t in tokens)
    return "has" if verb.tag_ == "VBN" and not is_state else present("be", plural=plural)


def _copula_of(state: Token) -> Token | None:
    """The "are" that a second state shares with the first: "are wary of banks and not inclined | to lend"."""
    at = state
    if at.dep_ == "xcomp" and (at.head.pos_ == "ADJ" or at.head.tag_ == "VBN"):
        at = at.head
    while at.dep_ == "conj" and at.pos_ in ("ADJ", "VERB") and at.head.dep_ in ("acomp", "conj", "ROOT"):
        at = at.head
    above = at.head
    is_shared = at.i < state.i and at.dep_ == "acomp" and above.lemma_ == "be" and above.tag_ in FINITE_TAGS
    return above if is_shared else None


def _is_done_for_it(verb: Token) -> bool:
    """True for the purpose of what somebody did, which is a deed of saying: "filled the square | to call for"."""
    above = verb.head
    has_to = any(c.tag_ == "TO" for c in verb.children)
    is_told = above.tag_ == "VBD" and not any(c.dep_ in ("neg", "aux") for c in above.children)
    return verb.dep_ == "advcl" and has_to and is_told and verb.lemma_ in _CALLING


def _has_object(verb: Token) -> bool:
    return any(c.dep_ in ("dobj", "ccomp") and c.i > verb.i for c in verb.children)


def _verbs_above(verb: Token) -> list[Token]:
    """The verb with its auxiliaries that has the infinitive of a cue below it: "have been working | to confirm"."""
    above = verb.head
    if verb.tag_ != "VB" or verb.dep_ != "xcomp" or above.pos_ != "VERB":
        return []
    return [above, *(c for c in above.children if c.dep_ in ("aux", "auxpass", "neg") and c.i < above.i)]


def _is_told_in_past(verb: Token) -> bool:
    root = verb.sent.root
    auxiliaries = [c for c in root.children if c.dep_ in ("aux", "auxpass")]
    return (auxiliaries[0].tag_ if auxiliaries else root.tag_) in ("VBD", "VBN")
