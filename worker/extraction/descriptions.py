"""Names and what the text calls them: "Anna Berg, the harbour master", "Norwind, a developer of wind farms"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from worker.contract.claim import Entity
from worker.extraction.types import Span

__all__ = ["Introduced", "Kind", "described", "head_of", "introduced", "kind_of"]

_PEOPLE = frozenset(
    "activist actor actress adviser advisor aide ambassador analyst architect artist astronaut attorney author biologist boss captain "
    "candidate chair chairman chairwoman chairperson chancellor chief climber coach colonel commander commissioner coroner "
    "councillor congressman congresswoman correspondent defendant deputy designer diplomat director doctor economist editor engineer "
    "envoy executive expert farmer father firefighter fisherman founder general geologist goalkeeper governor head historian investigator judge journalist king "
    "lawmaker lawyer leader legislator lieutenant magistrate man manager mayor minister mother neighbour neighbor nurse officer official organiser owner "
    "pastor physicist physician pilot player politician pope premier president priest prince princess principal producer professor prosecutor psychologist queen "
    "researcher resident republican democrat scientist secretary senator sergeant sheriff singer spokesman spokesperson spokeswoman striker student suspect teacher "
    "teenager trader treasurer veteran victim virologist widow winemaker witness woman worker writer".split()
)
_GROUPS = frozenset(
    "administration agency airline airport army assembly association authority bank board broadcaster bureau business cabinet carmaker "
    "chain charity club college coalition commission committee company conglomerate consortium council country court department developer embassy "
    "federation firm force foundation fund government group hospital institute insurer league lender maker manufacturer "
    "ministry mission museum navy newspaper operator organisation organization paper parliament party police port producer "
    "publisher regulator retailer school senate shipyard startup start-up supermarket supplier team theatre think-tank tribunal union university utility "
    "watchdog".split()
)
_DOCUMENTS = frozenset(
    "announcement comment communique communiqué email letter message note post release remark reply response statement tweet".split()
)
"""What is said in somebody's name; a study, a ruling or a lawsuit speaks for itself."""
_ANY_FIRM = frozenset("business company firm group conglomerate maker manufacturer organisation organization".split())
_SIDES = frozenset({"GPE", "NORP", "ORG"})


class Kind(Enum):
    """What a source's head noun makes of it."""

    PERSON = "person"
    SEVERAL = "several"
    GROUP = "group"
    DOCUMENT = "document"
    OTHER = "other"


@dataclass(slots=True)
class Introduced:
    """A name, the nouns that it is called by, and its mentions: where each starts and whether it is a subject.

    `side` is whom a person speaks for, name and type, where the words of a title say so ("French President ...").
    """

    name: str
    kind: str
    called: set[str] = field(default_factory=set)
    mentions: list[tuple[int, bool]] = field(default_factory=list)
    side: tuple[str, str] | None = None


def head_of(doc: Any, span: Span) -> Any:
    """The head noun's token of a phrase; None for an empty one."""
    tokens = doc.char_span(*span, alignment_mode="expand")
    return tokens.root if tokens is not None and len(tokens) else None


def kind_of(head: Any) -> Kind:
    if head is None:
        return Kind.OTHER
    lemma = head.lemma_.casefold()
    if any(c.dep_ == "conj" for c in head.children) or head.tag_ in ("NNS", "NNPS"):
        return Kind.DOCUMENT if lemma in _DOCUMENTS else Kind.SEVERAL
    if lemma in _DOCUMENTS:
        return Kind.DOCUMENT
    if lemma in _PEOPLE:
        return Kind.PERSON
    return Kind.GROUP if lemma in _GROUPS or head.ent_type_ in _SIDES else Kind.OTHER


def introduced(doc: Any, entities: Sequence[Entity]) -> list[Introduced]:
    """Persons and bodies of a text with all that it calls them, in the order of their first mention."""
    found = []
    for entity in entities:
        if entity.type not in ("PERSON", "ORG", "GPE"):
            continue
        each = Introduced(entity.name, entity.type)
        if entity.type != "PERSON":
            each.called |= {w.casefold() for w in entity.name.split()} & _GROUPS
        for mention in entity.spans:
            tokens = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if tokens is None or not len(tokens):
                continue
            head = tokens.root
            each.mentions.append((mention.start, head.dep_ in ("nsubj", "nsubjpass")))
            each.called |= _called(tokens, head)
            if entity.type == "PERSON" and each.side is None:
                each.side = _side(tokens, head, entities)
        found.append(each)
    return found


def _called(tokens: Any, head: Any) -> set[str]:
    names = set()
    for child in head.children:
        if child.i < tokens.start and child.dep_ in ("compound", "nmod", "appos"):
            names |= {t.lemma_.casefold() for t in child.subtree}  # a title before the name
        elif child.dep_ == "appos":
            names |= {
                child.lemma_.casefold(),
                *(c.lemma_.casefold() for c in child.children if c.dep_ in ("amod", "compound")),
            }
    if head.dep_ == "appos":
        names |= {
            head.head.lemma_.casefold(),
            *(c.lemma_.casefold() for c in head.head.children if c.dep_ == "compound"),
        }
    if head.dep_ == "nsubj" and head.head.lemma_ == "be":
        names |= {c.lemma_.casefold() for c in head.head.children if c.dep_ == "attr"}
    return {n for n in names if n.isalpha()}


def _side(tokens: Any, head: Any, entities: Sequence[Entity]) -> tuple[str, str] | None:
    """The country or body whose title stands before a name."""
    before = [c for c in head.children if c.i < tokens.start and c.dep_ in ("compound", "nmod", "amod", "poss")]
    title = [t for c in before for t in c.subtree]
    if not any(t.lemma_.casefold() in _PEOPLE for t in title):
        return None
    for token in title:
        for entity in entities:
            if entity.type in _SIDES and any(s.start <= token.idx < s.end for s in entity.spans):
                return entity.name, entity.type
    return None


def described(head: Any, span: Span, known: Sequence[Introduced]) -> list[str]:
    """The names that a description with the definite article may mean, mentioned last first; one where it is clear."""
    lemma = head.lemma_.casefold()
    before = [each for each in known if any(at < span[0] for at, _ in each.mentions)]

    def last(each: Introduced) -> int:
        return -max(at for at, _ in each.mentions if at < span[0])

    fits = sorted((each for each in before if lemma in each.called), key=last)
    if len(fits) > 1:
        words = {c.lemma_.casefold() for c in head.children if c.dep_ in ("amod", "compound")}
        closer = [each for each in fits if words and words <= each.called]
        fits = closer or fits
    if not fits and lemma in _ANY_FIRM:
        fits = sorted((each for each in before if each.kind == "ORG"), key=last)
    if not fits and lemma in _PEOPLE and head.lemma_ not in ("man", "woman", "official", "resident", "witness"):
        return []
    return [each.name for each in fits]
