"""What the article asserts in its own voice, and what it or a source takes for granted: clauses that no cue reports."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from worker.contract.claim import Act
from worker.extraction.lexicon import lexicon
from worker.extraction.speech_acts import VERBS
from worker.extraction.types import Attribution, Span

__all__ = ["Clause", "narrated"]

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_GRANTED = frozenset(["after", "before", "since", "because", "as", "until", "once", "when", "now"])
"""What follows these is taken for granted; after "while", "whereas" and "although" it is asserted."""
_OPEN = frozenset(["if", "unless", "whether", "lest", "than", "so"])
_LIKE = frozenset(["if", "though", "soon", "long", "far", "well", "much", "many", "such"])
"""As in "as if", "as long as", "as soon as": no plain "as"."""
_CLAUSES = frozenset(["ROOT", "conj", "ccomp", "parataxis", "advcl", "pcomp", "relcl"])
_FINITE = ("VBD", "VBZ", "VBP", "MD")
_EDGE = " \t\n,;:-–—.*•"
_DATELINE = re.compile(
    r"(?:[A-ZÀ-Þ][\w.'’ÀÞ-]*(?:[ ,]+[A-ZÀ-Þ0-9][\w.'’-]*)*,? ?)?(?:\([^()\n]{1,40}\) ?)?[-–—] (?=[A-ZÀ-Þ\"“])|"
    r"(?:\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?:? ?(?:[-–—] )?)?(?:[A-Z]{3,}(?: [A-Z]{3,})*: )?"
)
"""What may stand before the first sentence of a paragraph and is none of it: place and agency, a live blog's time, a label."""
_SHORTEST = 3
_QUOTE = 5
"""Words from which a quote is somebody's; a shorter one is a title, a nickname, a word held at arm's length."""
_ANSWERING = frozenset("decline dodge evade have give make offer refuse remain sidestep stop".split())
_MEASURED = frozenset(["DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "QUANTITY"])
_JUDGING = frozenset(
    "apologise apologize arrest blame condemn convict criticise criticize dismiss fine fire honour jail praise punish rebuke reprimand sack sentence "
    "suspend thank".split()
)
_NO_STATEMENT = re.compile(
    r"(?:by [A-ZÀ-Þ]|\(?(?:reporting|writing|editing|additional reporting|compiled|translated|photo|picture|image|credit|caption|file)\b|"
    r"(?:read|see|watch|listen)(?: more| also)?:|(?:sign up|subscribe|click|follow us|get the|join our|asked |(?:a|the|this) (?:(?:corrected|substitute|updated|full|developing) )?(?:story|article|version|page|post|blog) (?:follows|is|was|has|had|will|said)\b|download|more on this|related|(?:added|updated|corrected) by\b|(?:correction|update|added|note|watch|video|gallery)\b[^.]{0,20}[:–—-]|editor['’]s note))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """`presupposed`: the sentence takes it for granted instead of saying it. `head`: its verb in the parse.

    Two spans where a clause of its own stands in between: "Its shares, which had tripled in a year, fell".
    """

    spans: tuple[Span, ...]
    presupposed: bool
    head: Any


def narrated(
    doc: Any, text: str, headline: str | None, found: Sequence[Attribution], quoted: Sequence[Span]
) -> list[Clause]:
    """Statements in the article's own voice and presupposed ones, in order.

    What touches an attribution in `found` or a quote is not the article's own. What is taken for granted may lie inside
    of a content: who says the whole takes it so. A relative clause may tell of a source.
    """
    made: list[Clause] = []
    starts = [sentence.start_char for sentence in doc.sents]
    # a relation's number is that of its name in the vocabulary: most words are never made into tokens
    wanted = [doc.vocab.strings[name] for name in (*_CLAUSES, "prep", "appos")]
    places = np.flatnonzero(np.isin(doc.to_array("DEP"), wanted)).tolist()
    all_contents = _by_sentence(starts, [span for each in found for span in each.content])
    all_cues = _by_sentence(starts, [each.cue for each in found if each.cue])
    all_sources = _by_sentence(starts, [each.source for each in found if each.source])
    all_quoted = _by_sentence(starts, [mark for mark in quoted if len(text[slice(*mark)].split()) >= _QUOTE])
    body = len(headline) if headline and text.startswith(headline) else 0
    for number, sentence in enumerate(doc.sents):
        if sentence.start_char < body or sentence.text.strip(' \n"”’)').endswith("?"):
            continue
        first = _opening(text, sentence)
        if _NO_STATEMENT.match(text, first):
            continue
        here = places[bisect_left(places, sentence.start) : bisect_left(places, sentence.end)]
        candidates = [doc[i] for i in here]
        contents, cues, sources, quoted = (
            spans.get(number, []) for spans in (all_contents, all_cues, all_sources, all_quoted)
        )
        theirs = [*contents, *cues, *sources, *quoted]
        own = len(made)
        for head, presupposed, relative in _clauses(candidates, sentence):
            spans = _extent(text, head, first, relative=relative, presupposed=presupposed)
            if not spans:
                continue
            whole = spans[0][0], spans[-1][1]
            core = _core(head) if relative else whole
            held = any(_in(core, content) for content in contents)
            if relative and held and not presupposed:
                presupposed = True  # noqa: PLW2901 - within a source's words it is the source that takes it for granted
            if presupposed or relative:
                # the edge of a content that was cut in the middle of the clause does not count
                torn = any(_meet(core, c) and not _in(core, c) and c[0] <= head.idx < c[1] for c in contents)
                if (
                    torn
                    or any(_meet(core, cue) for cue in cues)
                    or (not presupposed and any(_meet(core, c) for c in (*contents, *quoted)))
                ):
                    continue
            elif any(_meet(span, other) for span in spans for other in theirs) or any(
                not c.presupposed and any(_in(whole, span) for span in c.spans) for c in made[own:]
            ):
                continue
            made.append(Clause(spans, presupposed, head))
        for noun, spans in _appositions(candidates, text):
            cut = any(_meet(span, c) and not _in(span, c) for span in spans for c in contents)
            if not cut and not any(_meet(span, other) for span in spans for other in (*cues, *quoted)):
                made.append(Clause(spans, False, noun))
    return sorted(made, key=lambda clause: clause.spans)


def _core(head: Any) -> Span:
    """A relative clause without what it is about."""
    words = [t for t in head.subtree if not t.is_space]
    return words[0].idx, words[-1].idx + len(words[-1].text)


def _by_sentence(starts: Sequence[int], spans: Sequence[Span]) -> dict[int, list[Span]]:
    """Number of a sentence to the spans that meet it."""
    found: dict[int, list[Span]] = {}
    for span in spans:
        for number in range(max(bisect_right(starts, span[0]) - 1, 0), bisect_left(starts, span[1])):
            found.setdefault(number, []).append(span)
    return found


def _meet(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _in(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _opening(text: str, sentence: Any) -> int:
    """Where the sentence itself begins, after a dateline, a time or a label at the start of its paragraph."""
    start = int(sentence.start_char)
    if start == 0 or text[:start].rstrip(" ").endswith("\n"):
        match = _DATELINE.match(text, start)
        if match is not None and match.end() < sentence.end_char:
            return match.end()
    return start


def _clauses(candidates: Sequence[Any], sentence: Any) -> Iterator[tuple[Any, bool, bool]]:
    """The head of each finite clause, whether it is presupposed, and whether it is a relative clause."""
    for token in candidates:
        relation = token.dep_
        if relation == "prep":
            if (verb := _torn(token, sentence.end)) is not None:
                yield verb, True, False
            continue
        if (
            relation == "pcomp"
            and token.tag_ == "VBG"
            and token.head.lower_ == "for"
            and token.head.head.lemma_ in _JUDGING
        ):
            yield token, True, False  # what somebody was punished or thanked for: "sentenced for ignoring warnings"
            continue
        if relation not in _CLAUSES or token.pos_ not in ("VERB", "AUX") or not _finite(token):
            continue
        own = any(c.dep_ in _SUBJECTS for c in token.children)
        if _reports(token):
            continue
        if token.dep_ == "ROOT" and own:
            yield token, False, False
        elif token.dep_ in ("conj", "ccomp", "parataxis") and own and token.head.pos_ in ("VERB", "AUX"):
            if token.dep_ == "conj" or (token.head.dep_ == "ROOT" and token.i < token.head.i):
                yield token, False, False
        elif token.dep_ == "advcl" and own:
            marks = [c.lower_ for c in token.children if c.dep_ in ("mark", "advmod", "prep") and c.i < token.i]
            if any(m in _OPEN for m in marks) or _comparison(token):
                continue
            granted = any(m in _GRANTED for m in marks)
            if granted or any(m in ("while", "whereas", "although", "though") for m in marks):
                yield token, granted, False
        elif token.dep_ == "pcomp" and own and token.head.lower_ in _GRANTED:
            yield token, True, False
        elif token.dep_ == "relcl":
            if _apart(token):
                yield token, False, True
            elif _weighty(token):
                yield token, True, True


def _reports(verb: Any) -> bool:
    """Speech that the attribution left: "asked the company when it learned", "did not respond". Its content is not the article's."""
    if verb.lemma_ in VERBS and any(c.dep_ == "ccomp" or (c.dep_ == "xcomp" and c.i > verb.i) for c in verb.children):
        return True
    if verb.lemma_ in ("respond", "reply", "answer", "comment"):
        nobody = any(
            d.lower_ in ("no", "neither", "none")
            for c in verb.children
            if c.dep_ in _SUBJECTS
            for d in (c, *c.children)
        )
        return nobody or any(c.dep_ == "neg" for c in verb.children)
    if verb.dep_ == "relcl" and verb.lemma_ in ("speak", "ask", "request"):
        return True  # "who spoke on condition of anonymity"
    if verb.lemma_ not in _ANSWERING and not any(c.dep_ == "neg" or c.tag_ == "MD" for c in verb.children):
        return False
    first = min([verb.i, *(c.i for c in verb.children if c.dep_ in ("aux", "auxpass", "neg", "nsubj", "det"))])
    lemmas = [t.lemma_.lower() if t.lower_ != "n't" else "not" for t in verb.doc[first : verb.i + 4]]
    phrase = lexicon().phrase(lemmas, len(lemmas))
    return phrase is not None and phrase[1] in (Act.DECLINE, Act.SILENT)


def _torn(preposition: Any, end: int) -> Any | None:
    """The verb whose subject the parse gave to the preposition before it: "after the deadline was ignored" as "after the deadline"."""
    if preposition.lower_ not in _GRANTED or preposition.lower_ == "as":
        return None
    last = preposition.right_edge.i
    after = preposition.doc[last + 1] if last + 1 < end else None
    if after is None or after.tag_ not in _FINITE:
        return None
    verb = after.head if after.dep_ in ("aux", "auxpass") else after
    torn = verb.pos_ in ("VERB", "AUX") and verb.i > last and not any(c.dep_ in _SUBJECTS for c in verb.children)
    return verb if torn else None


def _appositions(candidates: Sequence[Any], text: str) -> Iterator[tuple[Any, tuple[Span, ...]]]:
    """Facts beside a name: "the village of Lia, home to 212 people". An age or a title is none."""
    for token in candidates:
        if token.dep_ != "appos" or token.pos_ != "NOUN" or token.head.pos_ not in ("NOUN", "PROPN"):
            continue
        words = [t for t in token.subtree if not t.is_space]
        counted = any(
            t.pos_ == "NUM" and t.dep_ in ("nummod", "compound", "quantmod") and t.ent_type_ not in ("DATE", "ORDINAL")
            for t in words
        )
        if (
            not counted
            or len(words) < _SHORTEST
            or any(t.lower_ in ("year", "years") for t in words if token in (t, t.head))
        ):
            continue
        noun = token.head
        while (
            noun.dep_ in ("pobj", "compound")
            and noun.head.dep_ == "prep"
            and noun.head.head.pos_ == "NOUN"
            and noun.head.lower_ == "of"
        ):
            noun = noun.head.head
        start = min(t.idx for t in noun.subtree if _below(t, noun))
        end = words[-1].idx + len(words[-1].text)
        yield token, ((start, len(text[:end].rstrip(_EDGE))),)


def _comparison(verb: Any) -> bool:
    """In "as soon as he came", "as if it rained" nothing is granted."""
    return any(
        c.lower_ == "as"
        and c.dep_ in ("mark", "advmod")
        and (c.nbor(-1).lower_ in _LIKE if c.i else False or c.nbor(1).lower_ in _LIKE)
        for c in verb.children
        if c.i < verb.i
    )


def _weighty(verb: Any) -> bool:
    """A relative clause without a comma that states a fact by the way: with a date or a number, or of what somebody does.

    As in "a closure that has been in force since October", "the mercenaries they are hiring".
    """
    words = [t for t in verb.subtree if not t.is_space]
    if len(words) < _SHORTEST or verb.lemma_ in VERBS:
        return False
    subject = next((c for c in verb.children if c.dep_ in _SUBJECTS), None)
    doing = (
        subject is not None
        and subject.lower_ in ("they", "he", "she", "it", "you")
        and any(c.dep_ == "aux" and c.lemma_ in ("be", "have") for c in verb.children)
    )
    return doing or any(t.ent_type_ in _MEASURED for t in words)


def _apart(verb: Any) -> bool:
    """Whether a relative clause only adds: a comma before its pronoun."""
    words = [t for t in verb.subtree if not t.is_space]
    if not words:
        return False
    pronoun = next((t for t in words[:4] if t.tag_ in ("WDT", "WP", "WP$", "WRB")), None)
    first = words[0]
    if pronoun is None or pronoun.lower_ == "that" or first.i == 0:
        return False
    return first.text in (",", "–", "—") or first.nbor(-1).text in (",", "–", "—")


def _finite(token: Any) -> bool:
    return any(t.tag_ in _FINITE for t in (token, *(c for c in token.children if c.dep_ in ("aux", "auxpass"))))


def _extent(text: str, head: Any, first: int, *, relative: bool, presupposed: bool) -> tuple[Span, ...]:
    """The clause without the clauses that hang on its edges; a relative clause with the phrase it belongs to."""
    tokens = [t for t in head.subtree if not t.is_space and t.idx >= first]
    if not tokens:
        return ()
    if relative:
        noun = _antecedent(head)
        phrase = [t for t in noun.subtree if t.i < tokens[0].i and not t.is_space and _below(t, noun)]
        tokens = [*phrase, *tokens]
    for child in head.children:
        own = any(c.dep_ in _SUBJECTS for c in child.children)
        marks = {c.lower_ for c in child.children if c.dep_ in ("mark", "advmod")}
        joined = child.dep_ in ("conj", "parataxis") and own
        aside = child.dep_ == "advcl" and own and not marks & (_GRANTED | _OPEN)
        if child.i > head.i and (joined or aside):
            start = min(t.i for t in child.subtree)
            tokens = [t for t in tokens if t.i < start]
        elif child.i < head.i and own and (aside or child.dep_ in ("ccomp", "parataxis")):
            last = max(t.i for t in child.subtree)
            tokens = [t for t in tokens if t.i > last]
    # a relative clause between commas is a statement of its own
    inside = {t.i for t in tokens}
    for token in list(tokens):
        if token.dep_ == "relcl" and token != head and _apart(token):
            own_words = {t.i for t in token.subtree}
            first_word, last_word = min(own_words), max(own_words)
            if first_word > head.i and not any(i > last_word for i in inside if not token.doc[i].is_punct):
                tokens = [t for t in tokens if t.i < first_word]
            elif last_word < head.i:
                tokens = [t for t in tokens if t.i not in own_words]
    if not relative and head.dep_ != "relcl" and not any(c.dep_ in _SUBJECTS for c in head.children) and presupposed:
        tokens = _with_torn_subject(head, tokens)
    while tokens and (
        tokens[0].dep_ in ("mark", "cc", "punct")
        or tokens[0].lower_ in ("while", "after", "as", "but", "and", "so", "yet")
        or (presupposed and tokens[0].lower_ in _GRANTED)
    ):
        tokens = tokens[1:]
    while tokens and (tokens[-1].dep_ in ("cc", "punct", "mark") and tokens[-1].text not in '”"'):
        tokens = tokens[:-1]
    if len(tokens) < _SHORTEST:
        return ()
    return _runs(text, tokens)


def _with_torn_subject(head: Any, tokens: list[Any]) -> list[Any]:
    first = min(t.i for t in tokens)
    before = head.doc[first - 1] if first else None
    while before is not None and before.head != before:
        before = before.head
        if before.lower_ in _GRANTED and before.dep_ == "prep":
            return [t for t in before.subtree if t.i > before.i and not t.is_space] + tokens
    return tokens


def _runs(text: str, tokens: list[Any]) -> tuple[Span, ...]:
    """Spans of words that stand together, without punctuation at their edges."""
    runs: list[list[Any]] = []
    for token in tokens:
        between = text[runs[-1][-1].idx + len(runs[-1][-1].text) : token.idx] if runs else ""
        if runs and not between.strip(_EDGE + "\"“”'’"):
            runs[-1].append(token)
        else:
            runs.append([token])
    spans = []
    for run in runs:
        start, end = run[0].idx, run[-1].idx + len(run[-1].text)
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE:
            end -= 1
        if end > start:
            spans.append((start, end))
    return tuple(spans)


def _antecedent(verb: Any) -> Any:
    """The noun of a relative clause; a plural verb passes by a singular noun: "the forces of the general, which control"."""
    noun = verb.head
    plural = any(t.tag_ == "VBP" for t in (verb, *(c for c in verb.children if c.dep_ in ("aux", "auxpass"))))
    while plural and noun.tag_ in ("NN", "NNP") and noun.dep_ in ("pobj", "appos", "compound") and noun.head != noun:
        noun = noun.head
        if noun.pos_ == "ADP":
            noun = noun.head
    return noun


def _below(token: Any, head: Any) -> bool:
    """Whether a token hangs below a noun without a clause in between."""
    at = token
    while at != head:
        if at.dep_ in ("relcl", "acl", "advcl"):
            return False
        at = at.head
    return True
