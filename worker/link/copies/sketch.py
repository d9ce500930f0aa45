"""What is kept of a text to recognise its copies: its content words as numbers, by line.

Words of fewer than four letters are left out, as they are in every text. So is what stands in quotation marks, where
enough is left: reports that are no copies share it, and reports that are copies have it translated or shortened.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["MIN_WORDS", "Sketch", "line_hash", "sketch_of"]

MIN_WORDS = 12
"""Content words without which a text is no copy of anything: nothing can be told of it."""
_MAX_WORDS = 6000
_MIN_UNQUOTED = 30
_MIN_LETTERS, _MAX_LETTERS = 4, 64
"""Of a longer word the first letters count."""
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_QUOTED = re.compile(
    r"“[^“”\n]*”|^“[^“”\n]*$|(?<![^\s(\[—–-])\"(?=\S)[^\"\n]*(?<=\S)\"(?!\w)|«[^«»\n]*»|„[^„“”\n]*[“”]", re.MULTILINE
)
"""A mark that was lost costs its own quotation and not the words up to the next one: straight marks open behind a space
and close behind a word. A line that only opens one is a quotation that goes on in the next line.
"""
_STARTS_SENTENCE = frozenset(".!?:;“\"'‘(«„")
_FACT = 1


@dataclass(frozen=True, slots=True)
class Sketch:
    """Arrays with an item for each content word in its order: a hash of the word, whether it is a fact (a number, or a
    name inside a sentence), and the index of its line. `line_hashes`: one for each line of the text.
    """

    words: NDArray[np.uint32]
    facts: NDArray[np.uint8]
    lines: NDArray[np.uint16]
    line_hashes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.words)

    def without_lines(self, hashes: frozenset[int]) -> Sketch:
        """Without these lines; whole where too little would be left to tell anything."""
        if not hashes:
            return self
        gone = np.array([int(value) in hashes for value in self.line_hashes], dtype=bool)
        if not gone.any():
            return self
        kept = ~gone[self.lines]
        if int(kept.sum()) < _MIN_UNQUOTED:
            return self
        return Sketch(self.words[kept], self.facts[kept], self.lines[kept], self.line_hashes)

    @property
    def is_fact(self) -> NDArray[np.bool_]:
        are: NDArray[np.bool_] = self.facts == _FACT
        return are


def sketch_of(text: str) -> Sketch:
    """The sketch of a cleaned text, of its first 6000 content words. Equal texts give equal sketches everywhere."""
    text = unicodedata.normalize("NFC", text)
    lines = [line for line in text.split("\n") if line.strip()]
    unquoted = _words_of(_QUOTED.sub(" ", "\n".join(lines)).split("\n"))
    words, facts, line_indices = unquoted if len(unquoted[0]) >= _MIN_UNQUOTED else _words_of(lines)
    return Sketch(
        np.array(words[:_MAX_WORDS], dtype=np.uint32),
        np.array(facts[:_MAX_WORDS], dtype=np.uint8),
        np.array(line_indices[:_MAX_WORDS], dtype=np.uint16),
        np.array([line_hash(line) for line in lines], dtype=np.int64),
    )


def _words_of(lines: list[str]) -> tuple[list[int], list[int], list[int]]:
    words: list[int] = []
    facts: list[int] = []
    places: list[int] = []
    for index, line in enumerate(lines[: np.iinfo(np.uint16).max]):
        end = 0
        for match in _WORD.finditer(line):
            word = match[0]
            is_number = word[0].isdigit()
            if len(word) >= _MIN_LETTERS or is_number:
                inside = end > 0 and _STARTS_SENTENCE.isdisjoint(line[end : match.start()])
                words.append(_hash(word[:_MAX_LETTERS]))
                facts.append(_FACT if is_number or (inside and word[0].isupper()) else 0)
                places.append(index)
            end = match.end()
        if len(words) >= _MAX_WORDS:
            break
    return words, facts, places


@lru_cache(maxsize=65536)
def _hash(word: str) -> int:
    return zlib.crc32(word.casefold().encode("utf-8", "surrogatepass"))


def line_hash(line: str) -> int:
    """64 signed bits of the letters and digits of a line."""
    letters = " ".join(_WORD.findall(line.casefold())).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(letters, digest_size=8).digest(), "big", signed=True)
