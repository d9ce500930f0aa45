"""Attributions that the lines of a page make: labels of speakers, answers, posts, signed quotes, lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from worker.contract.claim import QuoteType
from worker.extraction.attribution.printed_in_full import printed_in_full
from worker.extraction.attribution.sources.source_phrase import cue_span, source_tokens
from worker.extraction.attribution.types import Attribution
from worker.extraction.attribution.voices import voices
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc
from worker.extraction.spans import Span, any_meet, inside, inside_any, tokens_span, trim
from worker.extraction.syntax.relations import FINITE_TAGS
from worker.extraction.text.quotes import all_quotes, paragraphs

__all__ = ["by_lines", "with_lines"]

_NAME = r"[A-ZÀ-Þ][\w.’'-]*(?: (?:[A-ZÀ-Þ][\w.’'-]*|of|the|de|van|von|al|bin)){0,4}"
_LABELLED = re.compile(
    rf"(?:(?P<letter>[QA])(?:: ?|\. | ?[–—-] )|"
    rf"(?P<source>{_NAME}(?: \d{{1,2}})?)(?: [(\[][^()\[\]\n]{{2,40}}[)\]])?: ?)"
    r"(?P<content>\S.*)",
    re.DOTALL,
)
"""A turn of a talk: "Q: …", "Helga Strand: …", "Abel Quist (on the phone): …", "SPEAKER 1: …"."""
_NO_SPEAKER = re.compile(
    r"(?:correction|clarification|update|note|photo|photograph|picture|image|credit|source|read|watch|listen|see|more|"
    r"related|video|gallery|key|event|q|email|contact|tel|phone|address|date|time|venue|price|tickets|score|result)\b",
    re.IGNORECASE,
)
_MONTH = r"(?:\d{1,2} )?[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?"
_SIGNED = re.compile(
    rf"(?:[★☆✩✭*]{{1,6}} ?(?:[½] ?)?)?(?P<content>[^\s★☆*].{{6,1500}}?[.!?…”\"]) ?(?:[—–]|--|-(?= )) ?"
    rf"(?P<source>(?:@\w+|the (?:[a-z-]+ ){{0,2}}[a-z-]+|"
    rf"(?:(?:the )?[a-z-]+,? ){{0,4}}{_NAME}(?: \(@\w+\)|, [^.?!]{{3,80}})?))(?: (?:{_MONTH}))?\.?",
    re.DOTALL,
)
_SIGNATURE = re.compile(
    rf"(?:[—–-]+ ?)?(?P<source>{_NAME})(?: \(@\w+\))?(?:(?:,| ·| \|)? (?:{_MONTH})|, [^.?!:“”\"]{{3,60}})?"
)
"""A line with nothing but a name below a quotation: "Marta Solberg, violinist"."""
_QUOTE_ALONE = re.compile(r"[“\"][^“”\"]{12,1500}[”\"]")
_POST = re.compile(r"(?P<source>@\w{2,30}): (?P<content>\S.*)", re.DOTALL)
"""A line that is a post: "@railnews: The night train is cancelled."."""
_HANDLE_OR_PLACE = re.compile(r" \(@|(?<=\w), (?=[A-ZÀ-Þ][\w-]+$)")
"""What is behind the name of who signs: "Piet Vos (@pietvos)", "Marge, Leeds"."""
_POSTED = re.compile(r"\(@\w+\)|^@\w+")
_BULLET = re.compile(r"\s*(?:[•*·▪‣●◦–—-]|\d{1,2}[.)])\s+(?=\S)")
_FULL_NAME = re.compile(r"\b(?=(?P<name>[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+){1,2}))")
_NAME_BEHIND_WORD = re.compile(r"[a-zß-ÿ]\s(?P<name>[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+){1,2})")
_MAX_INITIALS = 3
_SALUTATION = re.compile(
    r"(?:(?:(?:a )?letters? )?to the editors?|dear (?:sirs?|madam|editors?|sir or madam)|sir|madam)\s?[:,–—-]\s*",
    re.IGNORECASE,
)
_SENDER = re.compile(
    rf"(?:[–—-]\s?)?(?:(?:Dr|Mrs?|Ms|Prof|Rev|Sir|Col|Cllr)\.? )?(?P<source>{_NAME})"
    r"(?: \([^()]{2,20}\))?(?:,? [^.?!:“”\"]{2,60})?"
)
_GREETING = re.compile(r"(?:yours|sincerely|regards|(?:kind|best|warm) (?:regards|wishes)|faithfully)\b", re.IGNORECASE)
_MAX_OF_A_LETTER = 14
"""Lines of a letter."""
_ENDS_OF_SENTENCES = tuple('.?!”"')
_ACCORDING_TO = re.compile(r"(?P<cue>[Aa]ccording to) (?P<source>[^:,;]{3,80}):")
"""A line that only names the source of a list."""
_BARE_VERB = re.compile(
    r"(?P<source>(?:(?:The|His|Her|Its|Their|Our) )?[\w’'-]+(?: [\w’'-]+){0,4}) (?P<verb>[a-z]+)(?: for| on| that)?:"
)
_BARE_VERBS = words("verbs_of_lists")
"""Verbs that the tagger takes for a noun at the end of such a line: "The union demands:"."""
_LEADING_VERBS = VERBS | words("verbs_before_a_list")
_NEW_CUE = re.compile(r"[.!?] .*\b(?:said|says|wrote|writes|added|announced|told \w+(?: \w+)?):$")
"""A last sentence with a cue of its own before the colon of a list."""
_MAX_QUESTION_WORDS = 30
_MAX_LINE_BREAKS = 2
_MIN_TURNS = 2
"""Labelled lines, or questions, of which an interview has at least so many."""
_TALK = re.compile(r"\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|me|us)\b|\?")
_SELF = re.compile(r"\b(?:I|we|We|my|My|our|Our)\b")
_MIN_SHARE_OF_TALK = 4
"""One turn in so many has words of talk, at least."""
_CONFIDENCE = 0.8


def by_lines(doc: Doc, text: str, found: Sequence[Attribution], items: Sequence[Span]) -> list[Attribution]:
    """The attributions that the lines make, in the order of the text.

    `found`: those of words; the cue of a list that one of them introduces is the cue of each of its items. `items`: the
    lines that are items of a list.
    """
    lines = paragraphs(text)
    talk = _labelled(doc, text, lines) or _answers(doc, text, lines)
    told = [] if talk else printed_in_full(text, lines, all_quotes(text)) or voices(text, lines)
    in_full = [_said(text, *each) for each in told]
    return sorted(
        [
            *talk,
            *in_full,
            *_signed(text, lines),
            *([] if in_full else _letters(text, lines)),
            *_listed(doc, text, lines, found, items),
        ],
        key=lambda each: each.content[0],
    )


def with_lines(found: Sequence[Attribution], by_line: Sequence[Attribution]) -> list[Attribution]:
    """The attributions of words and of lines: inside of a line that has a speaker only what is made wholly in it."""
    spans = [span for each in by_line for span in each.content]
    kept = [each for each in found if not any_meet(each.content, spans) or _is_inside_one(each, spans)]
    return sorted([*kept, *by_line], key=lambda each: each.content[0])


def _is_inside_one(each: Attribution, spans: Sequence[Span]) -> bool:
    parts = [part for part in (each.source, each.cue, *each.content) if part]
    return (
        each.source is not None
        and each.cue is not None
        and any(all(inside(part, span) for part in parts) for span in spans)
    )


def _said(text: str, source: Span | None, content: Span) -> Attribution:
    return Attribution(
        source=source,
        cue=None,
        content=(_trimmed(text, content),),
        quote_type=QuoteType.DIRECT,
        lemma="say",
        confidence=_CONFIDENCE,
    )


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _labelled(doc: Doc, text: str, lines: Sequence[Span]) -> list[Attribution]:
    """An interview or a transcript: "Helga Strand: We will replace the cranes." Who only asks is no source.

    Those who talk say "I" or "you" or ask: notes on several teams have labels as well.
    """
    turns = [
        match
        for line in lines
        if (match := _LABELLED.fullmatch(text, *line)) and (match["letter"] or not _NO_SPEAKER.match(match["source"]))
    ]
    counts = Counter(_label(match) for match in turns)
    if not _is_answered(turns) and (len(turns) <= _MIN_TURNS or max(counts.values()) < _MIN_TURNS):
        return []
    if _MIN_SHARE_OF_TALK * sum(bool(_TALK.search(m["content"])) for m in turns) < len(turns):
        return []
    asking = {
        name for name in counts if all(m["content"].rstrip('"”’ ').endswith("?") for m in turns if _label(m) == name)
    }
    asking.add("q")
    start = turns[0].start()
    name = _interviewed(doc, start) or _person_before(text, start)
    sources = {m.start(): name if m["letter"] else _by_initials(text, m, start) for m in turns}
    contents = {m.start(): m.span("content") for m in turns}
    said: list[Attribution] = []
    speaking: re.Match[str] | None = None
    at_turn = {m.start(): m for m in turns}
    is_talk = _is_answered(turns)
    for line in lines:
        if (turn := at_turn.get(line[0])) is not None:
            speaking = turn
        elif not is_talk or not _goes_on(text, line, turns[-1].start()):
            continue
        if speaking is not None and _label(speaking) not in asking:
            content = contents[line[0]] if turn is not None else line
            said.append(_said(text, sources[speaking.start()], content))
    return said


def _goes_on(text: str, line: Span, last: int) -> bool:
    """True for a further paragraph of a turn: sentences, no note in brackets; behind the `last` turn with "I"."""
    words_of = text[slice(*line)]
    if _is_title(words_of) or words_of[0] in '([“"' or _BULLET.match(words_of):
        return False
    return line[0] < last or _SELF.search(words_of) is not None


def _is_answered(turns: Sequence[re.Match[str]]) -> bool:
    """True for a question of one and the answer of another, the one line below the other."""
    return any(
        first["content"].rstrip('"”’ ').endswith("?") and _label(first) != _label(second)
        for first, second in pairwise(turns)
        if second.start() - first.end() <= _MAX_LINE_BREAKS
    )


def _label(turn: re.Match[str]) -> str:
    """Who speaks: the last word of a name, "LINDT" for "DR. EVA LINDT" as well."""
    return (turn["source"] or turn["letter"] or "").rsplit(maxsplit=1)[-1].casefold()


def _by_initials(text: str, turn: re.Match[str], end: int) -> Span:
    """The name before an interview whose initials label a turn: "NK: I left." Else the label itself."""
    label = turn["source"].replace(".", "")
    if 2 <= len(label) <= _MAX_INITIALS and label.isupper():
        for name in _FULL_NAME.finditer(text, 0, end):
            if "".join(word[0] for word in name["name"].split()) == label:
                return name.span("name")
    return turn.span("source")


def _person_before(text: str, end: int) -> Span | None:
    """The first full name in the paragraphs before an interview."""
    match = re.compile(
        r"(?:^|(?<=\s))(?:Introducing |Meet |Interview with )?(?P<name>[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)+)"
    ).search(text, 0, end)
    return match.span("name") if match else None


def _answers(doc: Doc, text: str, lines: Sequence[Span]) -> list[Attribution]:
    """An interview without labels: questions in lines of their own, and answers without quotation marks below them."""
    questions = [number for number, line in enumerate(lines) if _is_question(text[slice(*line)])]
    if len(questions) < _MIN_TURNS or questions[-1] == len(lines) - 1:
        return []
    answered = [n for n in questions if n + 1 < len(lines) and n + 1 not in questions]
    replies = [text[slice(*lines[n + 1])] for n in answered]
    speaks_of_self = sum(bool(_SELF.search(reply)) for reply in replies)
    in_marks = all(reply[:1] in '"“' for reply in replies)
    is_talk = in_marks or 2 * speaks_of_self >= len(answered)
    if len(answered) < _MIN_TURNS or not is_talk or any(map(_quotes_a_part, replies)):
        return []
    start = lines[questions[0]][0]
    who = _interviewed(doc, start) or _person_of_trade(text, start)
    if who is None:
        return []
    return [
        _said(text, who, line)
        for number, line in enumerate(lines)
        if number > questions[0] and number not in questions and not _is_title(text[slice(*line)])
        if not in_marks or text[line[0]] in '"“'
    ]


def _person_of_trade(text: str, end: int) -> Span | None:
    """The last full name behind a word in small letters: "Five questions for baker Ulla Stens"."""
    names = list(_NAME_BEHIND_WORD.finditer(text, 0, end))
    return names[-1].span("name") if names else None


def _is_question(line: str) -> bool:
    return line.endswith("?") and len(line.split()) <= _MAX_QUESTION_WORDS and line[:1] not in '"“'


def _quotes_a_part(line: str) -> bool:
    """True for an answer with words of the interviewer behind the quote: “Soup,” she says."""
    return line[:1] in '"“' and line[-1:] not in '"”'


def _is_title(line: str) -> bool:
    return not line.rstrip('"”’)').endswith((".", "!", "?", "…"))


def _interviewed(doc: Doc, end: int) -> Span | None:
    """The person whom the lines before the first question name most often, by the longest of the names."""
    people = [e for e in doc.ents if e.label_ == "PERSON" and e.end_char <= end]
    if not people:
        return None
    surnames = Counter(e.text.split()[-1] for e in people)
    last = max(surnames, key=lambda name: surnames[name])
    named = max((e for e in people if e.text.split()[-1] == last), key=lambda e: (len(e.text.split()), -e.start))
    return named.start_char, named.end_char


def _signed(text: str, lines: Sequence[Span]) -> Iterator[Attribution]:
    """A post or a quotation with its author behind it: "We have stopped all trains. — Orrin Metro (@orrinmetro)"."""
    for line in lines:
        if (post := _POST.fullmatch(text, *line)) is not None:
            yield _said(text, post.span("source"), post.span("content"))
            continue
        match = _SIGNED.fullmatch(text, *line)
        if match is None:
            continue
        is_quote = match["content"][0] in '“"' and match["content"][-1] in '”"'
        is_rated = match.start("content") > match.start()
        if is_quote or is_rated or _POSTED.search(match["source"]):
            source = match.span("source")
            beside = _HANDLE_OR_PLACE.search(text, *source)
            yield _said(text, (source[0], beside.start()) if beside else source, match.span("content"))
    for line, below in pairwise(lines):
        signature = _SIGNATURE.fullmatch(text, *below)
        if signature is not None and _QUOTE_ALONE.fullmatch(text, *line):
            yield _said(text, signature.span("source"), line)


def _letters(text: str, lines: Sequence[Span]) -> Iterator[Attribution]:
    """What a letter to the editor says, by whose name stands below it."""
    number = 0
    while number < len(lines):
        salutation = _SALUTATION.match(text, *lines[number])
        below = range(number + 1, min(number + _MAX_OF_A_LETTER, len(lines)))
        end = next((n for n in below if _is_sender(text, lines[n])), None) if salutation else None
        sender = _SENDER.fullmatch(text, *lines[end]) if end is not None else None
        if salutation is None or end is None or sender is None:
            number += 1
            continue
        for start, stop in ((salutation.end(), lines[number][1]), *lines[number + 1 : end]):
            if start < stop and text[start:stop].rstrip()[-1:] in _ENDS_OF_SENTENCES:
                yield _said(text, sender.span("source"), (start, stop))
        number = end + 1


def _is_sender(text: str, line: Span) -> bool:
    return _SENDER.fullmatch(text, *line) is not None and _GREETING.match(text, *line) is None


def _listed(
    doc: Doc, text: str, lines: Sequence[Span], found: Sequence[Attribution], items: Sequence[Span]
) -> Iterator[Attribution]:
    """The items of a list, each a content of the cue in the line that introduces the list with a colon."""
    leader: Attribution | None = None
    listed = set(items)
    for line in lines:
        bullet = _BULLET.match(text, *line)
        if bullet is None and line not in listed:
            leader = _leading(doc, text, line, found) if text[line[1] - 1] == ":" else None
        elif leader is not None:
            item = bullet.end() if bullet else line[0], line[1]
            # a noun is said by no cue of another line
            by = leader if _has_verb(doc, item) else replace(leader, cue=None)
            yield replace(by, content=(trim(text, item),), quote_type=QuoteType.INDIRECT, denies=False)


def _has_verb(doc: Doc, item: Span) -> bool:
    return any(t.tag_ in FINITE_TAGS or t.tag_ == "TO" for t in doc.char_span(*item, alignment_mode="expand") or ())


def _leading(doc: Doc, text: str, line: Span, found: Sequence[Attribution]) -> Attribution | None:
    """The last attribution of a line that has a source and a cue in it, else its last verb of speech with a subject."""
    cued = [each for each in found if each.cue and each.source and inside_any(each.cue, (line,))]
    if cued and not _NEW_CUE.search(text, (cued[-1].cue or line)[1], line[1]):
        return cued[-1]
    by_phrase = _ACCORDING_TO.fullmatch(text, *line)
    if by_phrase is not None:
        said = _said(text, by_phrase.span("source"), line)
        return replace(said, cue=by_phrase.span("cue"), lemma="accord")
    demand = _BARE_VERB.fullmatch(text, *line)
    if demand is not None and demand["verb"] in _BARE_VERBS:
        return replace(_said(text, demand.span("source"), line), lemma=demand["verb"].removesuffix("s"))
    for verb in reversed(list(doc.char_span(*line, alignment_mode="expand") or ())):
        source = source_tokens(verb, ()) if verb.pos_ == "VERB" and verb.lemma_ in _LEADING_VERBS else None
        if source:
            said = _said(text, trim(text, tokens_span(source)), line)
            return replace(said, cue=cue_span(verb), lemma=verb.lemma_)
    return cued[-1] if cued else None
