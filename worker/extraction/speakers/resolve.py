"""Resolves the words of each source: pronouns, roles and surnames lead back to who was introduced."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from worker.extraction.entities.person_names import Gender
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside_any, tokens_span
from worker.extraction.speakers.descriptions import (
    Described,
    SourceKind,
    head_of,
    kind_of,
    words_for,
)
from worker.extraction.speakers.genders import GENDER_OF, of_description
from worker.extraction.speakers.he_and_she import HeAndShe, People
from worker.extraction.speakers.noun_phrases import is_addition, noun_of_relative
from worker.extraction.speakers.pronouns import NOMINATIVE, with_article
from worker.extraction.speakers.roles import Roles
from worker.extraction.speakers.speaker import Speaker, Turn
from worker.extraction.speakers.wording.called_again import CalledAgain
from worker.extraction.speakers.wording.earlier import Earlier
from worker.extraction.speakers.wording.epithets import is_epithet
from worker.extraction.speakers.wording.origins import country_of_inhabitant, is_inhabitant
from worker.extraction.speakers.wording.owned import call_themselves, owned, speaks_for_a_body
from worker.extraction.speakers.wording.spelt_out import SpeltOut
from worker.extraction.syntax.relations import NOUN_SUBJECTS, subtree_without
from worker.extraction.text.quotes import all_quotes

__all__ = ["People", "resolve"]

_THINGS: dict[str, Literal["it", "they"]] = {"it": "it", "its": "it", "they": "they", "their": "they"}
_TOGETHER = words("words_for_those_together")
_RELATIVE = ("who", "whose", "which", "that")
_KIN = words("relatives") | words("further_relatives")
_TRADES = words("roles")
_BODY_NOUNS = words("described_bodies") | words("body_words")
_DOCUMENTS = words("documents_as_sources")
_NO_NAMES = frozenset("the two three four five six seven eight nine ten some several many most all both".split())
"""First words of a wording that are capital only where it begins a sentence."""
_CLAUSE_BEHIND = re.compile(r",?\s(?:who|which|that|whose)(?:\s.*)?$|,\s\d+,?$|,$", re.DOTALL)
"""What is said of a source behind its name: a relative clause, an age."""
_AS_OWNER = re.compile(r"(?<=\w)['’]s$|(?<=s)['’]$")
"""As in "Behr's claim"."""
_SELF = re.compile(r"(?<=\w)\s(?:him|her|it|them)sel(?:f|ves)$")
"""As in "Behr himself"."""
_SEEN = re.compile(rf"(?<=\w)(?<!^[Aa])(?<!^[Aa]n),?\s{any_of('participles_of_documents')}(?:\s.*)?$", re.DOTALL)
"""Who has a document, or since when, behind one that is new: "a memo seen by the paper"."""
_HELD = re.compile(r"(?<=\w),?\s(?:seen|obtained|reviewed|leaked)\s(?:by|to)\s.*$", re.DOTALL)
"""The same behind several: "emails, seen by the paper". Who released them has them for his own."""
_ASIDE_BEHIND = re.compile(r"(?<=\w),\s(?:in|on|at|during|after|before|ahead\sof)\s[^,]*,?$", re.DOTALL)
"""Where or when it is said, between commas: "the prime minister, in Lisbon for talks,"."""
_MADE_BY = re.compile(r"(?<=\w),\s(?:by|from|for|in|on|of)\s.*$", re.DOTALL)
"""Whose a document is, behind a comma: "the report, by a team in Lund"."""
_NAME_BESIDE = re.compile(r",\s([A-ZÀ-Þ][\w’'-]+(?:\s[A-ZÀ-Þ][\w’'-]+)*),?$")
"""The name of somebody behind a comma that the recogniser does not know: "her agent, Per Holm"."""
_WITH_OTHERS = re.compile(r"(he|she)\sand\s(.+)$", re.IGNORECASE | re.DOTALL)
_WITH_APPOSITION = re.compile(
    r"([A-ZÀ-Þ][\w’'&-]*(?:\s(?:(?:of|for|and|the|&)\s)*[A-ZÀ-Þ][\w’'&-]*)+),\s(?:an?|the|one of)\s.+$", re.DOTALL
)
"""A name of several words, and what it is: "Harbour Friends, a group of anglers"."""
_ONE_NAME_AND_BODY = re.compile(r"([A-ZÀ-Þ][\w’'&-]*),\s(?:an?|the)\s(?:[a-z][\w’'-]*\s){0,3}(?P<body>[a-z][\w-]*)$")
"""A name of one word and the body that it is of: "Unite, the union"."""
_TWO_NAMES = re.compile(r"^[A-ZÀ-Þ].*\sand\s[A-ZÀ-Þ]")
_SAYS_IT = re.compile(r"\s[a-z]+\s(?:that\s)?its?\b")
_OF_WHOM = re.compile(r"\s(?:of|for|to|from|at|with|who|whose|by)\s")
_MAX_PARAGRAPHS_ON = 3
_MAX_OPEN = 3
"""Names that a source is left open between."""
_RESOLVED, _OPEN = 0.8, 0.5
"""Confidence of a resolved pronoun, and of the likeliest of several names. Not calibrated; only their order matters."""


def resolve(
    doc: Doc,
    text: str,
    sources: Sequence[Span | None],
    holders: Sequence[int | None],
    entities: Entities,
    people: People,
    roles: Roles,
) -> list[Speaker | None]:
    """One speaker for each source, in their order; None where nobody is named.

    `holders`: for each the index of the one in whose content it speaks, which is who "I" and "we" are. A pronoun is
    who spoke last and can be it: one who was "she" before is not "he" now. Where another person has come in between,
    both are named as open. What the pronouns tell of genders is noted in `people`.
    """
    return _Resolver(doc, text, sources, holders, (entities, people, roles)).resolve_all()


def _who(description: str) -> list[str]:
    """The words that say what somebody is, not of whom: "wife" of "the minister's wife"."""
    before = _OF_WHOM.split(description, maxsplit=1)[0]
    return re.findall(r"\w+", re.split(r"['’]s?\s", before)[-1])


def _is_of_somebody(speaker: Speaker) -> bool:
    """True for one without a name who speaks for another: "the accuser's lawyer"."""
    return speaker.kind is None and speaker.name.split()[-1].casefold() in _TRADES and "s " in speaker.name


def _can_be_a_body(noun: Token) -> bool:
    """True for what is somebody by its ending alone: "the financial supervisor"."""
    return is_trade(noun.lemma_.casefold()) and noun.lemma_.casefold() not in SOMEBODY


class _Resolver:
    """Goes through the sources in the order of the text and remembers who spoke."""

    def __init__(
        self,
        doc: Doc,
        text: str,
        sources: Sequence[Span | None],
        holders: Sequence[int | None],
        told: tuple[Entities, People, Roles],
    ) -> None:
        """`told`: what the text tells of names, people and their offices."""
        self._doc, self._text, self._sources, self._holders = doc, text, sources, holders
        entities, people, self._roles = told
        self._entities = entities
        self._known, self._genders = people.known, people.genders
        self._described_names = Described(self._known)
        self._kinds = {each.name: each.kind for each in self._known}
        self._sides = {each.name: each.side for each in reversed(self._known) if each.side is not None}
        self._persons = [each for each in self._known if each.kind == "PERSON"]
        self._mentions = sorted(
            (start, place, is_subject) for place, each in enumerate(self._known) for start, is_subject in each.mentions
        )
        self._he_and_she = HeAndShe(doc, text, entities, people)
        self._spelt_out = SpeltOut(doc, text, sources, entities)
        self._earlier = Earlier(doc, text, entities, self._spelt_out)
        self._called_again = CalledAgain(doc, text, self._known, self._genders)
        self._quotes = all_quotes(text)
        self._quoted: set[int] = set()
        self._turns: list[Turn] = []
        self._last_author: Speaker | None = None
        self._speakers: dict[int, Speaker] = {}

    def resolve_all(self) -> list[Speaker | None]:
        spans = sorted(
            ((index, span) for index, span in enumerate(self._sources) if span), key=lambda source: source[1]
        )
        # who "we" and "he" of a quote are is known only when the one who is quoted is: the name may be behind the quote
        quoted = {index for index, span in spans if self._is_quoted_pronoun(index, span)}
        self._quoted = quoted
        for index, span in (source for source in spans if source[0] not in quoted):
            self._speakers[index] = self._resolve(index, span)
        spoken = self._turns
        for index, span in (source for source in spans if source[0] in quoted):
            holder = self._holder(index)
            self._turns = [t for t in spoken if t.span < span and (holder is None or t.speaker.name != holder.name)]
            self._speakers[index] = self._resolve(index, span)
        return [self._speakers.get(index) for index in range(len(self._sources))]

    def _is_quoted_pronoun(self, index: int, span: Span) -> bool:
        word = self._text[slice(*span)].casefold()
        if self._first_person_word(span) is not None:
            return True
        return self._holders[index] is not None and word in GENDER_OF and inside_any(span, self._quotes)

    def _holder(self, index: int) -> Speaker | None:
        """Who says that in which a source speaks."""
        holder = self._holders[index]
        return self._speakers.get(holder) if holder is not None else None

    def _first_person_word(self, span: Span) -> Literal["i", "we"] | None:
        match self._text[slice(*span)].casefold():
            case "i" | "my":
                return "i"
            case "we" | "our":
                return "we"
        return None

    def _resolve(self, index: int, span: Span) -> Speaker:
        wording = self._text[slice(*span)]
        word = wording.casefold()
        if (first_person := self._first_person_word(span)) is not None:
            return self._quoted_one(index, first_person) or Speaker(wording, None, confidence=_OPEN)
        if (gender := GENDER_OF.get(word)) is not None:
            speaker = self._person(span, gender, index) or Speaker(wording, None, confidence=_OPEN)
            self._genders.note(speaker.name, gender)
            kind = SourceKind.PERSON
        elif word in _TOGETHER:
            speaker, kind = self._those_together(span) or Speaker(wording, None), SourceKind.SEVERAL
        elif (pronoun := _THINGS.get(word)) is not None:
            meant = self._thing_of(index, pronoun, span)
            speaker = meant or Speaker(wording, None, confidence=_OPEN)
            kind = SourceKind.SEVERAL if speaker.kind is None and pronoun == "they" else SourceKind.GROUP
            kind = SourceKind.PERSON if speaker.kind == "PERSON" else kind
        else:
            speaker, kind = self._named_or_described(wording, span)
            if kind is SourceKind.PERSON and (told := of_description(_who(word))) is not None:
                self._genders.note(speaker.name, told)
        self._turns.append(Turn(span, speaker, kind, is_nested=self._holders[index] is not None))
        if kind is not SourceKind.DOCUMENT:
            self._last_author = speaker
        return speaker

    def _named_or_described(self, wording: str, span: Span) -> tuple[Speaker, SourceKind]:
        head = head_of(self._doc, span)
        if wording.casefold() in _RELATIVE and head is not None and (noun := noun_of_relative(head)) is not None:
            return self._named_or_described(self._text[slice(*noun)], noun)
        if (joined := _WITH_OTHERS.match(wording)) is not None:
            first = self._person((span[0], span[0] + joined.end(1)), GENDER_OF[joined[1].casefold()], None)
            name = first.name if first is not None and first.kind == "PERSON" and not first.open_names else joined[1]
            return Speaker(f"{name} and {joined[2]}", None, confidence=_RESOLVED), SourceKind.SEVERAL
        bare = _AS_OWNER.sub("", _SELF.sub("", _ASIDE_BEHIND.sub("", _CLAUSE_BEHIND.sub("", wording))))
        if bare.casefold().startswith(("a ", "an ")):
            bare = _SEEN.sub("", bare)
        elif not bare.casefold().startswith("the "):
            bare = _HELD.sub("", bare)
        if head is not None and head.lemma_.casefold() in _DOCUMENTS:
            bare = _MADE_BY.sub("", bare)
        core = (span[0], span[0] + len(bare))
        if bare.casefold() in ("another", "another one") and (other := self._earlier.another(self._turns)) is not None:
            return other, SourceKind.PERSON
        name = self._spelt_out.name(bare, core) or self._spelt_out.beside_comma(wording, span)
        if name is not None and head is not None and self._is_nationality(name, wording, head):
            again = self._called_again.person(wording, span, head, SourceKind.PERSON, self._turns)
            again = again or self._described(bare, core, head, SourceKind.PERSON)
            if again is not None:
                return again, SourceKind.PERSON
        if name is None and kind_of(head) is SourceKind.PERSON:
            name = self._spelt_out.behind(span)
        if name is None:
            kind = kind_of(head)
            described = self._described(bare, core, head, kind) or self._described_below(bare, core, head)
            described = described or self._earlier.told_apart(bare, head, kind) or self._owned(bare, core, head, kind)
            named = described or self._spelt_out.by_full_name(bare, core) or self._named_elsewhere(bare)
            return named, SourceKind.PERSON if named.kind == "PERSON" else kind
        kind = kind_of(head)
        if kind is SourceKind.OTHER and name.kind in ("ORG", "GPE"):
            kind = SourceKind.GROUP
        if kind is SourceKind.OTHER and name.kind is None:
            kind = SourceKind.SEVERAL  # "Ruth Kiely and her deputy"
        return name, SourceKind.PERSON if name.kind == "PERSON" else kind

    def _named_elsewhere(self, wording: str) -> Speaker:
        """The words as they are, without what they are said to be, with the type that a name has where the recogniser
        knows it.
        """
        if (named := _WITH_APPOSITION.match(wording)) is not None:
            wording = named[1]
        elif (named := _ONE_NAME_AND_BODY.match(wording)) is not None and named["body"].casefold() in _BODY_NOUNS:
            return Speaker(named[1], "ORG")
        kind = "PERSON" if wording[:1].isupper() and self._entities.id_of("PERSON", wording) is not None else None
        return Speaker(wording, kind)

    def _owned(self, wording: str, span: Span, head: Token | None, kind: SourceKind) -> Speaker | None:
        """Somebody unnamed by the name that he gives, or by whose he is: "her lawyer", "a spokesman" of a body."""
        called = call_themselves(self._text, span)
        if called is not None:
            name, gender = called
            if gender is not None:
                self._genders.note(name, gender)
            return Speaker(name, "PERSON")
        if head is None or kind is SourceKind.DOCUMENT:
            return None
        if speaks_for_a_body(head):
            body = self._body_of_sentence_before(span) or self._body_before(span)
            whose = f"{wording[0].lower()}{wording[1:]} of " if wording.casefold().startswith(("a ", "one ")) else None
            return Speaker(f"{whose}{self._as_owner(body)}", None, (), _OPEN) if body is not None and whose else None
        has = owned(self._doc, self._text, span)
        owner = self._pronoun(has.pronoun, span) if has is not None else None
        of_several = has is not None and has.pronoun == "they" and owner is not None and owner.kind is None
        if has is not None and owner is not None and has.rest.split()[-1].casefold() in _KIN:
            owner = owner if owner.kind == "PERSON" or _TWO_NAMES.search(owner.name) else None
        if (
            has is None
            or owner is None
            or owner.name.casefold() in NOMINATIVE
            or (of_several and kind is not SourceKind.PERSON)
        ):
            return None  # "drivers ... their union": whose without a name is said by the text's own words
        if (beside := _NAME_BESIDE.search(has.rest)) is not None:
            return Speaker(beside[1], "PERSON")
        if has.rest in owner.name:
            return owner  # "her advisers ... their": the same again
        return Speaker(f"the {has.rest} of {self._as_owner(owner)}", None, (), owner.confidence)

    def _pronoun(self, word: str, span: Span) -> Speaker | None:
        """Whom a third-person pronoun in its nominative means."""
        if (gender := GENDER_OF.get(word)) is None:
            return self._thing(_THINGS[word], span)
        begin = self._text.rfind("\n", 0, span[0])
        for start, place, is_subject in reversed(self._mentions[: bisect_left(self._mentions, (span[0],))]):
            each = self._known[place]
            if start < begin:
                break
            if is_subject and each.kind == "PERSON" and self._genders.can_be(each.name, gender):
                return Speaker(each.name, "PERSON", (), _RESOLVED)
        if (only := self._only_one_of_line((begin + 1, span[0]), gender)) is not None:
            return Speaker(only, "PERSON", (), _RESOLVED)
        return self._person(span, gender, None)

    def _only_one_of_line(self, span: Span, gender: Gender) -> str | None:
        """The only person of a gender whom a paragraph names, where nobody has spoken in it yet."""
        if self._turns and self._turns[-1].span[0] >= span[0]:
            return None
        between = self._mentions[bisect_left(self._mentions, (span[0],)) : bisect_left(self._mentions, (span[1],))]
        named = {self._known[place].name for _, place, _ in between if self._known[place].kind == "PERSON"}
        fits = [name for name in named if self._genders.can_be(name, gender)]
        return fits[0] if len(fits) == 1 else None

    def _as_owner(self, owner: Speaker) -> str:
        first, _, rest = owner.name.partition(" ")
        name = f"{first.casefold()} {rest}" if first.casefold() in _NO_NAMES else owner.name
        is_body = owner.kind == "ORG" and name.split()[-1].casefold() in _BODY_NOUNS
        return with_article(self._text, name) if is_body or owner.kind == "GPE" else name

    def _body_before(self, span: Span) -> Speaker | None:
        """The body that spoke or was a subject last, in the same paragraph or the one before."""
        before = self._text.rfind("\n\n", 0, max(self._text.rfind("\n\n", 0, span[0]), 0))
        last = next((turn for turn in reversed(self._turns) if turn.kind is SourceKind.GROUP), None)
        at, body = (last.span[0], last.speaker) if last is not None else (-1, None)
        for start, place, is_subject in reversed(self._mentions[: bisect_left(self._mentions, (span[0],))]):
            each = self._known[place]
            if start <= at:
                break
            if is_subject and each.kind == "ORG":
                at, body = start, Speaker(each.name, each.kind)
                break
        return body.again(_OPEN) if body is not None and at >= before else None

    def _latest_first(self, index: int | None) -> list[Turn]:
        """The turns, the last first; before one outside of what others say come those outside of it."""
        turns = self._turns[::-1]
        if index is not None and self._holders[index] is not None:
            return turns
        return sorted(turns, key=lambda turn: turn.is_nested)

    def _person(self, span: Span, gender: Gender, index: int | None) -> Speaker | None:
        """Resolves "he" and "she": the person who spoke last, else the person mentioned last."""
        if (unnamed := self._unnamed_of_sentence_before(span, gender)) is not None:
            return unnamed
        holder = self._holder(index) if index is not None and index in self._quoted else None
        return self._he_and_she.of(
            span, gender, self._latest_first(index), but=holder.name if holder is not None else None
        )

    def _thing_of(self, index: int, pronoun: Literal["it", "they"], span: Span) -> Speaker | None:
        """The same for a source. "They" in a quote, and beside him who says it, may be anybody; in what the lawyer of
        somebody says they may be his own side.
        """
        is_held = self._holders[index] is not None
        if pronoun == "they" and is_held:
            holder = self._holder(index)
            if inside_any(span, self._quotes) or (holder is not None and _is_of_somebody(holder)):
                return self._earlier.together(span, self._turns) if not inside_any(span, self._quotes) else None
        meant = self._thing(pronoun, span)
        return None if meant is not None and meant.kind == "PERSON" and is_held else meant

    def _thing(self, pronoun: Literal["it", "they"], span: Span) -> Speaker | None:
        """Resolves "it" (an organisation, a document) and "they" (several, a group): the last one that can be it.

        "They" are also those who are named together as the subject of the sentence before, or one person who spoke.
        """
        if pronoun == "they":
            near = self._earlier.police_of_sentence(span) or self._earlier.together(span, self._turns)
        else:
            near = self._subject_beside(span) or self._body_that_closes(span) or self._document_before(span)
            near = near or self._body_of_sentence_before(span)
        if near is not None:
            return near
        others = self._earlier.several_beside(span) if pronoun == "they" else None
        if (spoke := self._spoke_before(pronoun, span, others)) is not None:
            return spoke
        if pronoun == "it":
            return self._body_before(span)
        if others is not None:
            return self._earlier.people(span, here=True)
        if (people := self._earlier.people(span)) is not None:
            return people
        last = self._turns[-1] if self._turns else None
        return last.speaker.again(_OPEN) if last is not None and last.kind is SourceKind.PERSON else None

    def _spoke_before(self, pronoun: Literal["it", "they"], span: Span, others: int | None) -> Speaker | None:
        """Who spoke last and can be meant; of "they" nobody who spoke before the offset `others`, if there is one."""
        for turn in reversed(self._turns):
            if turn.speaker.name.casefold() in NOMINATIVE:
                continue
            if pronoun == "they" and turn.kind is SourceKind.SEVERAL and self._is_far(turn, span):
                break
            if others is not None and turn.span[1] <= others:
                break  # "the guests kept to a plan they wanted": not who spoke before
            match turn.kind:
                case SourceKind.GROUP if pronoun == "it":
                    return turn.speaker.again(_RESOLVED)
                case SourceKind.SEVERAL if pronoun == "they":
                    return turn.speaker.again(_RESOLVED)
                case SourceKind.GROUP:
                    return turn.speaker.again(_OPEN)
                case SourceKind.DOCUMENT if pronoun == "it":
                    return turn.speaker.again(_OPEN)
                case SourceKind.OTHER if pronoun == "it" and self._is_document_or_name(turn):
                    return turn.speaker.again(_RESOLVED)
                case SourceKind.PERSON if pronoun == "it" and self._says_it(turn):
                    return turn.speaker.again(_OPEN)
        return None

    def _is_far(self, turn: Turn, span: Span) -> bool:
        """Whether more paragraphs are between a turn and a pronoun than somebody stays "they" over."""
        lines = self._text[turn.span[1] : span[0]].split("\n")
        return sum(bool(line.strip()) for line in lines) > _MAX_PARAGRAPHS_ON + 1

    def _is_document_or_name(self, turn: Turn) -> bool:
        head = head_of(self._doc, turn.span)
        is_one_name = head is not None and head.pos_ == "PROPN" and _TWO_NAMES.search(turn.speaker.name) is None
        return head is not None and (head.lemma_.casefold() in _DOCUMENTS or is_one_name)

    def _says_it(self, turn: Turn) -> bool:
        """True for a name that the recogniser takes for a person's and the text does not: "Arvo Chem says it paid"."""
        is_sure = turn.speaker.kind != "PERSON" or self._genders.of(turn.speaker.name) is not None
        return not is_sure and _SAYS_IT.match(self._text, turn.span[1]) is not None

    def _subject_beside(self, span: Span) -> Speaker | None:
        """The body that is a subject earlier in the sentence, if nobody has spoken since: "The party fell when it"."""
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        if tokens is None or not len(tokens):
            return None
        begin = max(tokens.sent.start_char, self._turns[-1].span[0] if self._turns else 0)
        between = self._mentions[bisect_left(self._mentions, (begin,)) : bisect_left(self._mentions, (span[0],))]
        bodies = [self._known[place] for _, place, is_subject in between if is_subject]
        if bodies:
            return Speaker(bodies[-1].name, bodies[-1].kind, (), _RESOLVED) if bodies[-1].kind == "ORG" else None
        return self._only_body_beside(tokens, begin) if tokens[0].lower_ == "it" else None

    def _only_body_beside(self, pronoun: Phrase, begin: int) -> Speaker | None:
        """The only body without a name earlier in the sentence: "Sales at the furniture maker fell, it said"."""
        before = [t for t in pronoun.sent if begin <= t.idx < pronoun[0].idx and t.dep_ != "compound"]
        bodies = [t for t in before if t.tag_ == "NN" and kind_of(t) is SourceKind.GROUP]
        others = [t for t in before if t not in bodies and (t.pos_ == "PROPN" or t.dep_ in ("dobj", "agent"))]
        if len(bodies) != 1 or any(t.ent_type_ not in ("DATE", "TIME") for t in others):
            return None
        if bodies[0].dep_ not in NOUN_SUBJECTS and bodies[0].head.lower_ not in ("at", "of", "in"):
            return None  # "in a letter to the board it demands"
        phrase = [t for t in subtree_without(bodies[0], is_addition) if not t.is_space]
        if phrase[0].lower_ not in ("the", "a", "an", "this"):
            return None
        span = tokens_span(phrase)
        return self._named_or_described(self._text[slice(*span)], span)[0].again(_RESOLVED)

    def _those_together(self, span: Span) -> Speaker | None:
        """Resolves "both" and "the pair": two who are the subject of the sentence before, or spoke together last."""
        named = self._earlier.together(span, self._turns)
        if named is None and self._turns and self._turns[-1].kind is SourceKind.SEVERAL:
            named = self._turns[-1].speaker
        return named.again(_RESOLVED) if named is not None and _TWO_NAMES.search(named.name) else None

    def _body_of_sentence_before(self, span: Span) -> Speaker | None:
        """The body that is the subject of the sentence before, if nobody has spoken since: "The bank ... It said"."""
        subject = self._earlier.subject(span, self._turns, above=True)
        head = head_of(self._doc, subject) if subject is not None else None
        if subject is None or head is None:
            return None
        named = self._entities.at((head.idx, head.idx + len(head.text))) if head.pos_ == "PROPN" else None
        if named is not None and named.kind == "ORG":
            return Speaker(named.name, "ORG", (), _RESOLVED)
        speaker, kind = self._named_or_described(self._text[slice(*subject)], subject)
        is_body = speaker.kind == "ORG" or kind is SourceKind.GROUP or kind_of(head) is SourceKind.GROUP
        is_body = is_body or (speaker.kind is None and head.tag_ == "NN" and _can_be_a_body(head))
        is_named = head.pos_ == "PROPN" and speaker.kind in (None, "GPE", "PRODUCT") and kind is SourceKind.OTHER
        is_one = kind is not SourceKind.SEVERAL and _TWO_NAMES.search(speaker.name) is None
        return speaker.again(_RESOLVED) if is_one and (is_body or is_named) else None

    def _document_before(self, span: Span) -> Speaker | None:
        """A document that the sentence before brings in: "The guard found a note. It said"."""
        document = self._earlier.document(span, self._turns)
        return Speaker(self._text[slice(*document)], None, (), _RESOLVED) if document is not None else None

    def _body_that_closes(self, span: Span) -> Speaker | None:
        """The body with which a sentence begins that it closes: "The bank will cut 300 jobs, it said"."""
        subject = self._earlier.subject_of_closed(span)
        head = head_of(self._doc, subject) if subject is not None else None
        if subject is None or head is None or head.pos_ == "PRON":
            return None
        speaker, kind = self._named_or_described(self._text[slice(*subject)], subject)
        called = self._text[slice(*subject)].casefold().removeprefix("the ").split()[0]
        is_body = speaker.kind in ("ORG", "GPE") or kind is SourceKind.GROUP or called in _BODY_NOUNS
        return speaker.again(_RESOLVED) if is_body else None

    def _unnamed_of_sentence_before(self, span: Span, gender: Gender) -> Speaker | None:
        """Somebody without a name who is the subject of the sentence before: "A baker found the dog. He said"."""
        subject = self._earlier.subject(span, self._turns)
        head = head_of(self._doc, subject) if subject is not None else None
        if subject is None or head is None:
            return None
        wording = self._text[slice(*subject)]
        if kind_of(head) is not SourceKind.PERSON if head.pos_ == "NOUN" else not is_epithet(wording, head):
            return None
        if (beside := self._he_and_she.named_beside(head)) is not None:
            return Speaker(beside, "PERSON", (), _RESOLVED) if self._genders.can_be(beside, gender) else None
        if of_description(re.findall(r"\w+", wording.casefold())) not in (None, gender):
            return None
        speaker, _ = self._named_or_described(wording, subject)
        return speaker.again(_OPEN) if self._genders.can_be(speaker.name, gender) else None

    def _quoted_one(self, index: int, pronoun: Literal["i", "we"]) -> Speaker | None:
        """Resolves "I": the one who is quoted. "We" are those for whom he speaks, if his introduction names them."""
        speaker = self._holder(index)
        if speaker is None:
            return None
        if pronoun == "we":
            side = self._sides.get(speaker.name) or self._body_of(speaker, self._holders[index])
            if side is not None:
                return Speaker(*side, confidence=_RESOLVED)
        return speaker.again(_RESOLVED)

    def _body_of(self, speaker: Speaker, holder: int | None) -> tuple[str, str | None] | None:
        """The body for which somebody speaks by his office: "Gwen Sholto, president of Arcadia"."""
        span = self._sources[holder] if holder is not None else None
        if span is None:
            return None
        body = self._roles.speaks_for(span, speaker.name, speaker.kind)
        return (body, next((each.kind for each in self._known if each.name == body), None)) if body else None

    def _described(self, wording: str, span: Span, head: Token | None, kind: SourceKind) -> Speaker | None:
        """Resolves "the minister", "the company" and "the statement" among those introduced before."""
        if head is None or not wording.casefold().startswith(("the ", "this ", "that ")):
            return None
        again = self._earlier.spoken_again(wording, head, self._turns)
        if kind is SourceKind.DOCUMENT:
            return again or self._author(head)
        names = self._described_names.names(head, span)
        if kind is SourceKind.GROUP:  # "the federation" is no person of the federation
            names = [name for name in names if self._kinds[name] != "PERSON"] or names
        if len(names) > 1:
            return Speaker(wording, None, tuple(names[:_MAX_OPEN]), _OPEN)
        if names:
            return Speaker(names[0], self._kinds[names[0]], (), _RESOLVED)
        return (
            again
            or self._called_again.person(wording, span, head, kind, self._turns)
            or self._named_further_down(wording, span, kind)
        )

    def _body_with_last_word(self, told: set[str], kind: SourceKind) -> Speaker | None:
        """The only body of the text whose name ends with the word: "the federation"."""
        if kind is not SourceKind.GROUP:
            return None
        fits = [each.name for each in self._known if each.kind == "ORG" and " " in each.name]
        fits = [name for name in fits if name.casefold().split()[-1] in told]
        return Speaker(fits[0], "ORG", (), _OPEN) if len(fits) == 1 else None

    def _named_further_down(self, wording: str, span: Span, kind: SourceKind) -> Speaker | None:
        """The only body or person of the text whose name or title has all words of a description of two or more.

        News often gives a name after what it describes: "the growers' federation", "Marland Growers' Federation".
        """
        told = {word.casefold() for word in re.findall(r"[\w-]+", wording)[1:]} - {"s"}
        if len(told) < 2:
            return self._body_with_last_word(told, kind)
        fits = [
            each
            for each in self._known
            if each.kind in ("ORG", "PERSON") and each.last_mention(span[0]) < 0 and told <= words_for(each)
        ]
        return Speaker(fits[0].name, fits[0].kind, (), _RESOLVED) if len(fits) == 1 else None

    @staticmethod
    def _is_nationality(name: Speaker, wording: str, head: Token) -> bool:
        """True for "the Belgian", which the entities take for Belgium, for a people or for a name."""
        if country_of_inhabitant(wording) is not None and is_epithet(wording, head):
            return True
        if name.kind == "NORP" and head.tag_ in ("NN", "NNP") and wording.casefold().startswith("the "):
            return True
        if not is_epithet(wording, head):
            return False
        return (
            is_inhabitant(wording)
            or name.kind == "NORP"
            or (name.kind == "GPE" and not name.name.startswith(wording.split()[1]))
        )

    def _described_below(self, wording: str, span: Span, head: Token | None) -> Speaker | None:
        """A person whom a headline calls by a trade, "actress sues", or a lead by little, and the text names below."""
        if head is None:
            return None
        if (named := self._called_again.named_below(wording, span, head)) is not None:
            return named
        line = self._text.find("\n")
        if line < 0 or span[1] > line or " " in wording:
            return None
        lemma = head.lemma_.casefold()
        fits = [each.name for each in self._persons if lemma in each.called]
        return Speaker(fits[0], "PERSON", (), _RESOLVED) if len(fits) == 1 else None

    def _author(self, document: Token) -> Speaker | None:
        """The author of "the statement": who spoke last. None for "the statement by the ministry", which names him."""
        if any(c.dep_ in ("prep", "agent", "compound", "nmod", "poss") for c in document.children):
            return None
        return self._last_author.again(_RESOLVED) if self._last_author is not None else None
