"""Pronouns of the third person and the names that can stand for them: number, kind, and how a name is put again."""

from __future__ import annotations

import re

from worker.contract.claim import Source
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.syntax.expletives import is_expletive
from worker.gazetteer.lists import gazetteer, plain

__all__ = ["NOMINATIVE", "is_plural", "is_share", "refers_to", "short_name", "third_person", "with_article"]

_PLURAL = re.compile(r"\band\b|\b\w+s$|\b(?:people|police|children|men|women|staff|they)$", re.IGNORECASE)
_SHARE = re.compile(
    r"(?:(?:about|around|nearly|almost|roughly|some|just|only|over|under|more|less|fewer|than|at|least|up|to)\s)*"
    r"(?:\d[\d.,]*\s?%|\d[\d.,]*\s(?:per\s?cent|pc)\b"
    r"|(?:\d+|one|two|three|four|five|six|seven|eight|nine)\s(?:in|out of)\s"
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|every)\b"
    r"|(?:most|many|several|both|half|none|all\sof|others|an?\s(?:third|quarter|fifth|majority|minority))\b"
    r"|(?:two|three)[\s-](?:thirds|quarters)\b)|(?:some|several)$",
    re.IGNORECASE,
)
NOMINATIVE = {
    "he": "he",
    "him": "he",
    "his": "he",
    "she": "she",
    "her": "she",
    "it": "it",
    "its": "it",
    "they": "they",
    "their": "they",
}
"""Each pronoun of the third person in the form of a subject."""
_BODIES = words("body_words") | words("described_bodies")
_WITH_ARTICLE = words("bodies_with_an_article")
_HAVE_ARTICLE = words("names_with_an_article")
_TRADES = words("roles")
_NOT_AGAIN = words("pronouns_for_a_name")
_WHOEVER = words("words_for_whoever")
_TAIL = re.compile(
    r"(?:\s\(|\s(?:who|whom|which|that|whose)\s|,\s(?:who|whom|which|that|whose|an?|the|one|former|\d+|[a-z]+ed|[a-z]+ing)\b).*$",
    re.DOTALL,
)
_ACRONYM = re.compile(r"[A-Z]{2,}")
_VERB_BEHIND = (
    "has|had|is|was|will|would|can|could|may|might|must|should|does|did|says?|said|told|took|made|gave|got|went|came|"
    "kept|left|met|ran|saw|sold|sent|won|lost|began|became|[a-z]+ed"
)
_INDEFINITE = re.compile(r"^an?\s(?!few|number|group|couple|series|lot)", re.IGNORECASE)


def is_share(name: str) -> bool:
    """True for some of several: "65 percent of voters", "two in ten", "most of them"."""
    return _SHARE.match(name) is not None


def is_plural(name: str) -> bool:
    """True if a name means several, by its form: "prosecutors", "Anna Berg and Ole Lie"; a country is one."""
    if is_share(name):
        return True
    if plain(name).removeprefix("the ") in gazetteer().places:
        return False
    head = re.split(r",| of | from | for | at | in ", name, maxsplit=1)[0].strip().removeprefix("the ")
    parts = head.split()
    proper = len(parts) > 1 and all(word[:1].isupper() for word in parts)
    return bool(re.search(r"\band\b", head) if proper else _PLURAL.search(head))


def third_person(subject: Token) -> Token | None:
    """The third-person pronoun of a subject: itself ("it has paid") or its owner ("its shares"), if it has one."""
    if subject.tag_ == "PRP" and subject.lower_ in NOMINATIVE:
        return None if is_expletive(subject) else subject
    return next((c for c in subject.children if c.tag_ == "PRP$" and c.lower_ in NOMINATIVE and c.i < subject.i), None)


def refers_to(pronoun: Token, source: Source) -> bool:
    """True if a third-person pronoun in indirect speech can be the one who speaks, by number and kind."""
    if source.name is None or source.span is None:
        return False
    word = NOMINATIVE[pronoun.lower_]
    person = source.kind == "person"
    several = not person and is_plural(source.name) and not _is_one_body(source)
    if word in ("he", "she"):
        return person or (source.kind is None and not several and _can_be_somebody(source.name))
    if word == "they":
        return several
    return not person and not several and not (source.kind is None and _is_trade(source.name))


def _is_one_body(source: Source) -> bool:
    """True for a body by a name of one word, whatever its last letter: "Airbus"; not for members of it: "Democrats"."""
    word = re.split(r",", source.name or "", maxsplit=1)[0]
    if word.casefold() == "police":
        return False
    said = source.span.exact if source.span is not None else ""
    if source.kind == "organisation" and _ACRONYM.fullmatch(said):
        return True
    if source.kind != "organisation" or not word.isalpha() or is_trade(word.lower()):
        return False
    if not word[:1].isupper():
        return False
    before = said.partition(word)[0].split()[-1:]
    return said.startswith(word) or bool(before and before[0].casefold() in _BODIES)  # "the bakery chain Kornhaus"


def short_name(source: Source, *, again: bool = True) -> str | None:
    """The name of a source without what is said of it behind a comma; None for a source that is itself a pronoun.

    `again`: as it is put for a pronoun after it was named, with "the" for "a".
    """
    name = _TAIL.sub("", source.name or "").strip(" ,")
    if not name or name.casefold() in _NOT_AGAIN or name.casefold().startswith(("my ", "our ", "your ")):
        return None
    if name.islower() and name.isalpha() and not is_plural(name) and name not in _WHOEVER:
        return f"the {name}"  # "a nurse who said": the noun of a relative clause has lost its article
    if not again:
        return name
    if _INDEFINITE.match(name):
        return _INDEFINITE.sub("the ", name)
    return name[0].lower() + name[1:] if name.startswith(("The ", "Its ", "Their ", "His ", "Her ")) else name


def with_article(text: str, name: str) -> str:
    """A body's name with the article with which the text has it: "the United Nations", "the Riverside Trust"."""
    if not name[:1].isupper() or name.startswith("The "):
        return name
    if name.startswith(("United ", "US Department ")) or name in _HAVE_ARTICLE or name.endswith(" Republic"):
        return f"the {name}"
    if _opens_sentences_bare(text, name):
        return name
    if " " in name and name.rsplit(maxsplit=1)[-1].casefold() in _WITH_ARTICLE:
        return f"the {name}"
    between = re.findall(rf"\b[Tt]he ([\w.-]+ )?{re.escape(name)}\b(?!\s(?!whether|after|over|later)[a-z]+er\b)", text)
    # "the retailer Kornhaus" says nothing of how the name is written alone
    with_the = sum(word.strip().casefold() not in _BODIES | _TRADES for word in between)
    return f"the {name}" if with_the and 2 * with_the >= len(re.findall(rf"\b{re.escape(name)}\b", text)) else name


def _opens_sentences_bare(text: str, name: str) -> bool:
    """True for a name with which a sentence below the headline begins without an article: "Reform won the vote"."""
    begins = rf"(?:[.!?…][”\"’]?\s|\n)[“\"‘]?{re.escape(name)}\s"
    return re.search(rf"{begins}(?:{_VERB_BEHIND})\b", text) is not None


def _is_body(name: str) -> bool:
    """True if the head of an unnamed source is a body: "the prosecutor's office"."""
    head = re.split(r",| of | from | for | at | in ", name, maxsplit=1)[0].split()
    return bool(head) and head[-1].casefold() in _BODIES


def _can_be_somebody(name: str) -> bool:
    """False for a body; a "guard" is one and somebody as well."""
    return not _is_body(name) or _is_trade(name)


def _is_trade(name: str) -> bool:
    """True if the head of an unnamed source is a person by trade: "the landlord"."""
    head = re.split(r",| of | from | for | at | in ", name, maxsplit=1)[0].split()
    return bool(head) and head[-1].casefold() in _TRADES
