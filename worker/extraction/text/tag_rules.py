"""spaCy's rules from a tag to part of speech and morphology (`attribute_ruler`), remembered.

Its 180 rules are tried at each token, which took 4 % of an article's whole extraction. They look at the tag, the
dependency and whether the word is one of some 150, a few rules also at the token beside it. So each sort of token goes
through them once, and then costs a look-up.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

__all__ = ["COMPONENT", "RememberedRules", "remember_tag_rules"]

COMPONENT = "claimwire_tag_rules"
_RULES = "attribute_ruler"
_SEEN = ["LOWER", "TAG", "DEP"]
_READ = {*_SEEN, "IS_SPACE"}
_GIVEN = ["TAG", "DEP", "POS", "MORPH", "LEMMA"]
_MAX_PATTERN = 2
_MAX_REMEMBERED = 50_000
_BORDER = "\n"
"""Between tokens that are no neighbours: no rule over two tokens takes it for one of them."""

_Pattern: TypeAlias = Sequence[dict[str, object]]
_Sort: TypeAlias = tuple[int, ...]
"""The numbers of _SEEN of one token, with _OTHER for a word that no rule names; where a rule over two tokens matches,
the numbers of the tokens beside it as well."""
_OTHER = 0
_NONE: _Sort = (0, 0, 0)
"""Beside the first and the last token."""


class RememberedRules:
    """The component in the place of the rules. Raises ValueError where a rule looks at more than is remembered."""

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab
        self._rules = nlp.get_pipe(_RULES)
        self._pairs = Matcher(nlp.vocab)
        patterns = [pattern for rule in self._rules.patterns for pattern in rule["patterns"]]
        for number, pattern in enumerate(patterns):
            _check(pattern)
            if len(pattern) > 1:
                self._pairs.add(str(number), [pattern])
        self._named = {nlp.vocab.strings.add(word) for pattern in patterns for word in _words(pattern)}
        self._expressions = [re.compile(of) for pattern in patterns for of in _expressions(pattern)]
        self._words: dict[int, int] = {}
        self._known: dict[_Sort, list[int]] = {}

    def __call__(self, doc: Doc) -> Doc:
        if len(doc) == 0:
            return doc
        for known in (self._words, self._known):
            if len(known) > _MAX_REMEMBERED:
                known.clear()
        tokens: list[_Sort] = list(map(tuple, doc.to_array(_SEEN).tolist()))
        sorts: list[_Sort] = [(self._word(lower), tag, dep) for lower, tag, dep in tokens]
        windows: dict[int, _Sort] = {}
        for i in self._in_pairs(doc):
            windows[i] = _with_neighbours(tokens, i)
        for i, window in windows.items():
            sorts[i] = window
        new = {sort: windows.get(i, tokens[i]) for i, sort in enumerate(sorts) if sort not in self._known}
        if new:
            self._learn(new)
        return doc.from_array(_GIVEN, np.array([self._known[sort] for sort in sorts], dtype=np.uint64))

    def _word(self, lower: int) -> int:
        """The word where a rule names it, else _OTHER."""
        known = self._words.get(lower)
        if known is None:
            word = self._vocab.strings[lower]
            is_named = lower in self._named or word.isspace() or any(of.search(word) for of in self._expressions)
            known = self._words[lower] = lower if is_named else _OTHER
        return known

    def _in_pairs(self, doc: Doc) -> Iterable[int]:
        return {i for _, start, end in self._pairs(doc, allow_missing=True) for i in range(start, end)}

    def _learn(self, examples: dict[_Sort, _Sort]) -> None:
        """Sends a token of each sort through the rules, with a border between those that are no neighbours."""
        border = (self._vocab.strings.add(_BORDER), 0, 0)
        rows: list[_Sort] = []
        middles = []
        for example in examples.values():
            window = [example[at : at + len(_SEEN)] for at in range(0, len(example), len(_SEEN))]
            middles.append(len(rows) + len(window) // 2)
            rows += [border if token == _NONE else token for token in window]
            rows.append(border)
        doc = Doc(self._vocab, words=[self._vocab.strings[word] for word, _, _ in rows])
        doc.from_array(_SEEN[1:], np.array([row[1:] for row in rows], dtype=np.uint64))
        found = self._rules(doc).to_array(_GIVEN)[middles].tolist()
        self._known.update(zip(examples, found, strict=True))


def _with_neighbours(tokens: Sequence[_Sort], i: int) -> _Sort:
    before = tokens[i - 1] if i > 0 else _NONE
    after = tokens[i + 1] if i + 1 < len(tokens) else _NONE
    return before + tokens[i] + after


def _check(pattern: _Pattern) -> None:
    looks_at = {attribute for token in pattern for attribute in token}
    if len(pattern) > _MAX_PATTERN or not looks_at <= _READ:
        raise ValueError(f"the rule {pattern} looks at more than a word, its tag, its dependency and one neighbour")


def _words(pattern: _Pattern) -> Iterator[str]:
    for token in pattern:
        match token.get("LOWER"):
            case str(word):
                yield word
            case {"IN": list(words)} | {"NOT_IN": list(words)}:
                yield from words


def _expressions(pattern: _Pattern) -> Iterator[str]:
    for token in pattern:
        match token.get("LOWER"):
            case {"REGEX": str(expression)}:
                yield expression


def _made(nlp: Language, name: str) -> RememberedRules:  # noqa: ARG001 - as spaCy calls it
    return RememberedRules(nlp)


Language.factory(COMPONENT, func=_made)


def remember_tag_rules(nlp: Language) -> None:
    """Puts the component in the place of the rules."""
    nlp.add_pipe(COMPONENT, after=_RULES)
    nlp.disable_pipes(_RULES)
