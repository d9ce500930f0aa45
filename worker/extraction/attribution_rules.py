"""Attribution by rules over quotation marks and the dependency parse. Works without any trained model."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from worker.contract.claim import QuoteType
from worker.extraction.quotes import paragraphs, quotes
from worker.extraction.speech_acts import CLAUSE_ONLY, NEGATED_CUES, OBJECT_CUES, VERBS
from worker.extraction.types import Attribution, Span

__all__ = ["according_to", "attributions", "from_verb"]

_EDGE = " \t\n,;:-–—"
_ASKING = frozenset({"call", "urge", "ask", "tell", "order", "press", "beg", "implore", "appeal", "encourage", "warn"})
_SUBJECTS = ("nsubj", "nsubjpass")
_DIRECT_WORDS = 4
"""A quote of fewer words is a scare quote or a title, unless a cue stands right beside it."""
_DOCUMENT = re.compile(
    r"(?P<cue>in accordance with|in line with|under|pursuant to|in keeping with|as required by|as agreed in|by the terms of)"
    r" (?P<source>[^,\n“”\"]{4,140}), ",
    re.IGNORECASE,
)
_DOCUMENTS = frozenset(
    "accord act agreement bill charter code constitution contract convention deal decree directive law memorandum order "
    "pact plan protocol regulation resolution rule ruling settlement statute term treaty truce verdict".split()
)
_OBLIGES = re.compile(
    r"\b(?:must|shall|should|(?:was|were|is|are|has|have|had) (?:required |obliged |supposed |due |bound )?to|may not|cannot)\b",
    re.IGNORECASE,
)
_HEADLINE = re.compile(r"^(?P<content>[^:\n]{15,}): (?P<source>[A-Z][\w.’'-]*(?: [\w.’'-]+){0,4}|[a-z]+)$")


def attributions(doc: Any, text: str, headline: str | None) -> list[Attribution]:
    """All attributions of the article, in the order of their contents. `doc` is the parse of `text`."""
    found: list[Attribution] = []
    inside: list[Span] = []
    speaker: Span | None = None
    unclosed: list[Span] = []
    for paragraph in paragraphs(text):
        marks = quotes(text, paragraph)
        inside += marks
        direct = _direct(doc, text, paragraph, marks, speaker)
        if unclosed and marks and marks[0][0] == paragraph[0] and direct and direct[0].content[0] == marks[0]:
            direct[0] = replace(direct[0], content=(*unclosed, *direct[0].content))
            found = [a for a in found if a.cue or not any(c in unclosed for c in a.content)]
            unclosed = []
        # printed over several paragraphs, a quote is opened in each and closed in the last
        if marks and marks[-1][1] == paragraph[1] and text[paragraph[1] - 1] not in '”"»':
            unclosed = [*unclosed, marks[-1]] if not any(marks[-1] in a.content for a in direct if a.cue) else []
        else:
            unclosed = []
        found += direct
        speaker = next((a.source for a in reversed(direct) if a.source), None) or (speaker if direct else None)
        for a in (x for x in _from_parse(doc, text, paragraph, marks)):
            if not any(_overlap(a.content, d.content) for d in direct):
                found.append(a)
                if not direct:
                    speaker = a.source or speaker
    found += [a for a in _laid_down(doc, text) if not any(_overlap(a.content, other.content) for other in found)]
    if headline and (match := _HEADLINE.match(headline)):
        found.append(
            Attribution(
                source=match.span("source"),
                cue=None,
                content=(match.span("content"),),
                quote_type=QuoteType.INDIRECT,
                lemma="say",
                confidence=0.6,
            )
        )
    return sorted(found, key=lambda a: a.content[0])


def _laid_down(doc: Any, text: str) -> list[Attribution]:
    """What a document lays down: "Under the treaty, troops must leave"; only with an obligation, else it is mere setting."""
    found = []
    for sentence in doc.sents:
        match = _DOCUMENT.match(text, sentence.start_char, sentence.end_char)
        if match is None:
            continue
        at = doc.char_span(match.start("cue"), match.end("cue"), alignment_mode="expand")
        inside = doc.char_span(match.start("source"), match.end("source"), alignment_mode="expand")
        if at is None or inside is None or not any(t.lemma_ in _DOCUMENTS for t in inside):
            continue
        content = _trim(text, (match.end(), sentence.end_char))
        if _OBLIGES.search(text, *content):
            found.append(
                Attribution(
                    source=_trim(text, match.span("source")),
                    cue=match.span("cue"),
                    content=(content,),
                    quote_type=_type(text, (content,)),
                    lemma="stipulate",
                    confidence=0.7,
                )
            )
    return found


def _overlap(a: tuple[Span, ...], b: tuple[Span, ...]) -> bool:
    return any(s < y and x < e for s, e in a for x, y in b)


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE + ".":
        end -= 1
    return start, end


def _within(token: Any, spans: list[Span]) -> bool:
    return any(s <= token.idx < e for s, e in spans)


def _span(tokens: list[Any]) -> Span:
    return min(t.idx for t in tokens), max(t.idx + len(t.text) for t in tokens)


def _source_of(verb: Any, marks: list[Span]) -> list[Any] | None:
    """The subject's tokens, also that of a verb it is joined to; None where there is none."""
    at = verb
    for _ in range(4):
        for child in at.children:
            if child.dep_ in _SUBJECTS and not _within(child, marks):
                if child.lower_ in ("who", "which", "that") and at.dep_ == "relcl":
                    return [at.head]
                return [t for t in child.subtree if not _within(t, marks) and not t.is_space and not _apart(t, child)]
        head = at.head
        if at.dep_ == "conj" and head.dep_ == "ccomp" and head.head.lemma_ in VERBS and head.i < verb.i:
            at = head.head  # "said that ... and stressed that": the second cue hangs below the first content
        elif at.dep_ in ("conj", "xcomp", "advcl") and head.pos_ in ("VERB", "AUX"):
            at = head
        else:
            break
    return None


def _apart(token: Any, head: Any) -> bool:
    """Whether a relative clause lies between a token and the head of its noun phrase."""
    at = token
    while at != head:
        if at.dep_ == "relcl":
            return True
        at = at.head
    return False


def _cue_span(verb: Any) -> Span:
    tokens = [verb, *(c for c in verb.children if c.dep_ in ("aux", "auxpass", "neg", "prt") and c.i < verb.i)]
    if verb.dep_ == "xcomp" and verb.head.lemma_ in ("decline", "refuse"):
        tokens.append(verb.head)
    return _span(tokens)


def _direct(doc: Any, text: str, paragraph: Span, marks: list[Span], speaker: Span | None) -> list[Attribution]:
    """Quotes with the cue beside them; quotes that a cue joins become one content of several spans."""
    tokens = [t for t in doc.char_span(*paragraph, alignment_mode="expand") if not t.is_space] if marks else []
    free = [t for t in tokens if not _within(t, marks)]
    found: list[Attribution] = []
    taken: dict[int, int] = {}
    for start, end in marks:
        words = len(text[start:end].split())
        after = re.split(r"[.!?;]\s", text[end : paragraph[1]])[0]
        before = text[paragraph[0] : start].rstrip()
        ended = text[end - 2 : end - 1] in (",", ".", "!", "?", ";") or text[end : end + 1] == ","
        cue = None
        if (ended and text[end - 2 : end - 1] != ".") or text[end : end + 1] == ",":
            cue = next(
                (
                    t
                    for t in free
                    if end <= t.idx < end + min(len(after), 160) and t.lemma_ in VERBS and t.pos_ == "VERB"
                ),
                None,
            )
        if cue is None and before.endswith((":", ",")):
            near = [t for t in free if start - 200 <= t.idx < start and t.lemma_ in VERBS and t.pos_ == "VERB"]
            cue = next((t for t in reversed(near) if not re.search(r"[.!?]\s", text[t.idx : start])), None)
        if cue is None and ended:  # a quote that goes on after "he said."
            if (
                found
                and found[-1].cue
                and words >= _DIRECT_WORDS
                and not re.search(
                    r"\w",
                    text[found[-1].content[-1][1] : start]
                    .replace(text[slice(*found[-1].cue)], "")
                    .replace(text[slice(*(found[-1].source or (0, 0)))], ""),
                )
            ):
                cue_index = max(taken)
                _extend(found, taken[cue_index], (start, end))
                continue
            if words >= _DIRECT_WORDS and not before and speaker and not found:
                found.append(
                    Attribution(
                        source=speaker,
                        cue=None,
                        content=((start, end),),
                        quote_type=QuoteType.DIRECT,
                        lemma="say",
                        confidence=0.5,
                    )
                )
            continue
        if cue is None or (words < _DIRECT_WORDS and not ended):
            continue
        if cue.i in taken:
            _extend(found, taken[cue.i], (start, end))
            continue
        source = _source_of(cue, marks)
        span: Span | None = _span(source) if source else None
        if span is None or span[1] - span[0] > 200:
            low, high = (end, cue.idx) if cue.idx > end else (paragraph[0], cue.idx)
            chunk = _trim(text, (low, high))
            if chunk[0] == chunk[1]:
                chunk = next(((c.start_char, c.end_char) for c in doc.noun_chunks if c.start == cue.i + 1), (0, 0))
            span = chunk if chunk[1] > chunk[0] else None
        elif span[0] > end and cue.idx > span[1]:
            span = _trim(text, (end, span[1]))  # a long role before a name is one source, whatever the parse says
        span = _trim(text, span) if span else None
        taken[cue.i] = len(found)
        found.append(
            Attribution(
                source=span,
                cue=_cue_span(cue),
                content=((start, end),),
                quote_type=QuoteType.DIRECT,
                lemma=cue.lemma_,
                confidence=0.85,
            )
        )
    return found


def _extend(found: list[Attribution], index: int, span: Span) -> None:
    found[index] = replace(found[index], content=(*found[index].content, span))


def _from_parse(doc: Any, text: str, paragraph: Span, marks: list[Span]) -> list[Attribution]:
    found: list[Attribution] = []
    long_quotes = [m for m in marks if len(text[m[0] : m[1]].split()) > 8]
    for token in doc.char_span(*paragraph, alignment_mode="expand") or ():
        if _within(token, long_quotes):
            continue
        if token.lower_ == "according":
            found += _according(token, text)
        elif (
            token.pos_ in ("VERB", "NOUN")
            and (token.lemma_ in VERBS or token.lemma_ == "make")
            and token.dep_ != "compound"
        ):
            found += from_verb(token, text, marks)
    return found


def _according(token: Any, text: str) -> list[Attribution]:
    to = next((t for t in [*token.children, *token.doc[token.i + 1 : token.i + 2]] if t.lower_ == "to"), None)
    head = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
    if to is None or head is None:
        return []
    source = _span(list(head.subtree))
    sentence = token.sent
    before = _trim(text, (sentence.start_char, token.idx))
    after = _trim(text, (source[1], sentence.end_char))
    content = before if before[1] - before[0] > after[1] - after[0] else after
    if content[1] - content[0] < 10:
        return []
    return [
        Attribution(
            source=_trim(text, source),
            cue=_span([token, to]),
            content=(content,),
            quote_type=_type(text, (content,)),
            lemma=according_to(head),
            confidence=0.85,
        )
    ]


def according_to(head: Any) -> str:
    """The verb that "according to" stands for; `head` is the head noun of the source."""
    return "estimate" if head.lemma_ in ("estimate", "forecast") else "say"


def from_verb(verb: Any, text: str, marks: list[Span]) -> list[Attribution]:
    """The attributions that a verb of speech makes by its place in the parse; `marks` are quotes whose words do not count."""
    children = list(verb.children)
    negated = any(c.dep_ == "neg" for c in children)
    if verb.dep_ == "xcomp" and verb.head.lemma_ in ("decline", "refuse"):
        return []  # "declined to comment": the declining is the act
    if not negated and any(c.tag_ == "MD" for c in children):
        return []  # "would ask the auditor": nothing has been said yet
    if verb.tag_ == "VBN" and verb.dep_ != "conj" and not any(c.dep_ in ("aux", "auxpass") for c in children):
        return []  # "the limit agreed in October"
    if verb.lemma_ == "make" and not any(
        (c.dep_ in ("ccomp", "oprd", "acomp") and c.lemma_ == "clear") or c.lower_ == "clear" for c in verb.subtree
    ):
        return []
    source = _source_of(verb, marks)
    passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in children)
    if passive:  # the subject was told; who said it stands after "by", if anywhere
        by = [t for c in children if c.dep_ == "agent" for t in c.subtree if t != c]
        source = by or None
    if source is None and not (passive and verb.lemma_ in ("say", "report", "allege", "claim", "believe")):
        return []
    clauses = [c for c in children if c.dep_ in ("ccomp", "parataxis") and c.i > verb.i]
    if verb.lemma_ == "call":
        clauses = []  # it takes no clause of its own: what hangs there tells when or why
    if verb.lemma_ == "make":
        clear = next(c for c in verb.subtree if c.lower_ == "clear")
        clauses = [
            c
            for c in [*clear.children, *children]
            if c.i > clear.i and (c.dep_ == "ccomp" or any(m.dep_ == "mark" and m.lower_ == "that" for m in c.children))
        ] or [c for x in children for c in x.children if c.dep_ == "ccomp" and c.i > clear.i]
        if not clauses and clear.head.dep_ == "ccomp":
            clauses = [c for c in clear.head.children if c.dep_ == "ccomp"]
    if not clauses and verb.lemma_ not in ("call", "mention", "make") and verb.dep_ != "ccomp":
        # the reported clause first: "Prices will fall, the bank said." - the parser makes it the complement as well
        clauses = [c for c in children if c.dep_ == "ccomp" and c.i < verb.i and not _within(c, marks)]
    parts = [list(clause.subtree) for clause in clauses]
    if not parts and verb.lemma_ in OBJECT_CUES | {"comment"} and verb.lemma_ not in CLAUSE_ONLY:
        objects = [
            c
            for c in children
            if c.dep_ in ("dobj", "prep", "xcomp", "dative")
            and c.i > verb.i
            and c.lower_ not in ("in", "at", "during", "after", "before", "by")
        ]
        if verb.lemma_ == "call" and not any(c.lower_ in ("for", "on") for c in objects):
            objects = []
        parts = [[t for o in objects for t in o.subtree if not _tells_when(t, verb)]] if objects else []
        parts += [[t for c in children if c.dep_ == "xcomp" for t in c.subtree]] if not parts else []
        parts = [p for p in parts if p]
    elif not parts and verb.lemma_ in (
        "urge",
        "ask",
        "tell",
        "order",
        "promise",
        "vow",
        "pledge",
        "threaten",
        "refuse",
        "decline",
    ):
        parts = [
            [t for c in children if c.dep_ in ("dobj", "dative", "xcomp", "ccomp") and c.i > verb.i for t in c.subtree]
        ]
        parts = [p for p in parts if p and any(t.dep_ in ("xcomp", "ccomp") for t in p)]
    if (
        not parts
        and verb.dep_ in ("ccomp", "parataxis", "advcl")
        and verb.head.pos_ in ("VERB", "AUX")
        and _in_commas(verb)
    ):
        own = set(verb.subtree)
        parts = [[t for t in verb.head.subtree if t not in own]]
    found = []
    for part in parts:
        content = _clause(text, _with_errand(part, verb), verb)
        if content is None:
            continue
        pieces = _around_cue(text, content, [verb, *(source or ())])
        if pieces is None:
            continue
        heads = [t for t in part if t.dep_ in ("ccomp", "conj", "parataxis")]
        denies = any(c.dep_ == "neg" for h in heads[:1] for c in h.children) or any(
            t.dep_ == "det" and t.lower_ == "no" for t in part
        )
        cue = _cue_span(verb)
        if verb.lemma_ == "make":
            cue = (cue[0], next(t.idx + 5 for t in verb.subtree if t.lower_ == "clear"))
        found.append(
            Attribution(
                source=_trim(text, _span(source)) if source else None,
                cue=cue,
                content=pieces,
                quote_type=_type(text, pieces),
                lemma=verb.lemma_ if verb.lemma_ != "make" else "stress",
                negated=negated and verb.lemma_ in NEGATED_CUES,
                denies=denies,
                confidence=0.75,
            )
        )
    return found


def _with_errand(part: list[Any], verb: Any) -> list[Any]:
    """A content with the infinitive right behind it, which many parses hang elsewhere: "call on the two to withdraw"."""
    last = max(part, key=lambda t: t.i)
    if verb.lemma_ not in _ASKING or last.i + 1 >= len(verb.doc):
        return part
    to = verb.doc[last.i + 1]
    at = last.i + 1
    while at < len(verb.doc) and verb.doc[at].pos_ in ("ADV", "PART") and verb.doc[at].tag_ != "TO":
        at += 1
    to = verb.doc[at] if at < len(verb.doc) else to
    if to.tag_ != "TO" or to.head.i < to.i or to.sent != verb.sent:
        return part
    return [*part, *(t for t in to.head.subtree if t.i > last.i)]


def _in_commas(verb: Any) -> bool:
    """Whether the cue with its subject stands between commas: ", she argued,"."""
    tokens = sorted(verb.subtree, key=lambda t: t.i)
    inner = [t for t in tokens if not t.is_punct]
    if not inner or len(inner) > 12:
        return False
    doc = verb.doc
    before = doc[inner[0].i - 1] if inner[0].i > 0 else None
    after = doc[inner[-1].i + 1] if inner[-1].i + 1 < len(doc) else None
    return before is not None and before.text == "," and after is not None and after.text in (",", ".")


def _around_cue(text: str, content: Span, speaking: list[Any]) -> tuple[Span, ...] | None:
    """Two spans where the cue stands inside its content ("The plan, she argued, would fail"), else one.

    None where only a relative pronoun stands before it: "which residents fear may not hold".
    """
    inside = [t for t in speaking if content[0] <= t.idx < content[1]]
    if not inside:
        return (content,)
    left = _trim(text, (content[0], min(t.idx for t in inside)))
    right = _trim(text, (max(t.idx + len(t.text) for t in inside), content[1]))
    if right[1] <= right[0] or left[1] - left[0] <= len("which"):
        return None
    return left, right


def _tells_when(token: Any, verb: Any) -> bool:
    """Whether a token stands in a clause of time below the verb's object: "the withdrawal … after the deadline was ignored"."""
    at = token
    while at not in (verb, at.head):
        if at.lower_ in ("after", "before", "since", "while", "as") and at.dep_ in ("prep", "mark"):
            clause = at if at.dep_ == "prep" else at.head
            if any(c.dep_ in ("pcomp", "mark") for c in [*clause.children]):
                return True
        if at.dep_ == "advcl" and any(
            c.dep_ == "mark" and c.lower_ in ("after", "before", "since", "while", "as") for c in at.children
        ):
            return True
        at = at.head
    return False


def _joined_cue(token: Any) -> bool:
    if token.dep_ != "conj" or token.lemma_ not in VERBS or token.tag_ not in ("VBD", "VBZ"):
        return False
    own = {c.dep_ for c in token.children}
    return not own & {*_SUBJECTS, "aux"} and (
        "ccomp" in own or token.lemma_ in ("call", "urge", "warn", "add", "condemn")
    )


def _is_opener(token: Any, *, after: bool) -> bool:
    """Words before a content that are none of it: "that", "whether", punctuation; "if" only where it means "whether"."""
    if token.lower_ in ("if", "whether") and not after:
        return False
    if token.lower_ == "if":
        return bool(token.nbor(-1).lemma_ in VERBS)
    return token.lower_ in ("that", "whether", "and", "for") or (token.is_punct and token.text not in '"“')


def _clause(text: str, tokens: list[Any], verb: Any) -> Span | None:
    kept = [t for t in tokens if not t.is_space]
    # a joined cue ("and stressed that") hangs below the first content in many parses: it is not part of it
    for token in kept:
        if _joined_cue(token) and token.i > verb.i:
            kept = [t for t in kept if t.i < token.i and not (t.dep_ == "cc" and t.i == token.i - 1)]
            break
    after = bool(kept) and kept[0].i > verb.i
    while kept and _is_opener(kept[0], after=after):
        kept = kept[1:]
    if len(kept) < 2 or any(t == verb for t in kept):
        return None
    return _trim(text, _span(kept))


def _type(text: str, content: tuple[Span, ...]) -> QuoteType:
    return QuoteType.MIXED if any(m in text[s:e] for s, e in content for m in '“"«') else QuoteType.INDIRECT
