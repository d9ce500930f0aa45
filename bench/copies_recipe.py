"""Makes a set of articles of which it is known which are copies of one text, from the stories of a file.

The stories are read when it runs; none is in the repository. Everything is drawn from one seed.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from worker.link.copies.index import ArticleText

__all__ = ["Made", "copies_of_stories", "stories_in"]


def _one_line(text: str) -> str:
    return " ".join(text.split())


PUBLISHERS = tuple(f"Publisher {letter}" for letter in "ABCDEFGHIJ")
_TEXTS = tomllib.loads((Path(__file__).parent / "copies_texts.toml").read_text(encoding="utf-8"))
_FURNITURE, _LEADS, _QUOTES = (tuple(map(_one_line, _TEXTS[name])) for name in ("furniture", "leads", "quotes"))
_FORM = _one_line(_TEXTS["form"])
_SYLLABLES = ("ba", "ko", "ri", "tu", "men", "sal", "vor", "dig", "ne", "plo", "hast", "uri")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_QUOTED = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"")


@dataclass(frozen=True, slots=True)
class Made:
    """`group`: articles with the same number are copies of one text; `kind`: how it was made, `original` or a word."""

    article: ArticleText
    group: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Story:
    title: str
    text: str


def stories_in(path: Path) -> list[tuple[str, str]]:
    """Title and text of the stories of a gzipped file of JSON Lines that have from 120 to 900 words."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        stories = [(story["title"], story["text"]) for story in map(json.loads, lines)]
    return [story for story in stories if 120 <= len(story[1].split()) <= 900]


def copies_of_stories(stories: list[tuple[str, str]], *, originals: int, singles: int, seed: int) -> list[Made]:
    """`originals` stories each with one to five copies, `singles` without, and traps: what looks like a copy and is
    none. Takes 3 * originals + 1.5 * singles stories or more.
    """
    return _Recipe([_Story(*story) for story in stories], random.Random(seed)).made(originals, singles)


class _Recipe:
    def __init__(self, stories: list[_Story], rng: random.Random) -> None:
        self._rng = rng
        rng.shuffle(stories)
        self._stories = stories
        self._words = sorted({word for story in stories[:400] for word in story.text.split()})
        self._made: list[Made] = []
        self._group = 0
        self.kinds: dict[str, Callable[[_Story], _Story]] = {
            "another headline": lambda s: _Story(self._stories[-1 - self._rng.randrange(50)].title, s.text),
            "truncated": self._truncated,
            "reordered": self._reordered,
            "another lead": self._another_lead,
            "5 % edited": lambda s: self._edited(s, 0.05),
            "10 % edited": lambda s: self._edited(s, 0.10),
            "20 % edited": lambda s: self._edited(s, 0.20),
            "30 % edited": lambda s: self._edited(s, 0.30),
            "quotes translated": self._translated,
            "quoted by a longer one": self._quoted,
            "truncated, 10 % edited": lambda s: self._edited(self._truncated(s), 0.10),
        }

    def made(self, originals: int, singles: int) -> list[Made]:
        for _ in range(originals):
            story = self._with_quote(self._stories.pop())
            self._add(story, "original")
            for kind in self._rng.sample(list(self.kinds), self._rng.randint(1, 5)):
                self._add(self.kinds[kind](story), kind)
            self._group += 1
        for _ in range(singles):
            self._alone(self._stories.pop(), "single")
        for number in range(singles // 10):
            quote = self._rng.choice(_QUOTES)
            self._alone(self._inserted(self._stories.pop(), f"“{quote}” she said."), "shares a quotation")
            short = self._stories.pop()
            cut = " ".join(short.text.split()[:90])
            self._alone(_Story(short.title, cut), "much furniture", PUBLISHERS[number % 2])
            self._alone(self._form(), "filled-in form")
            passage = " ".join(self._stories.pop().text.split()[-150:])
            for publisher in self._rng.sample(PUBLISHERS[2:], 2):
                story = self._stories.pop()
                page = " ".join(story.text.split()[:90]) + "\n\n" + passage
                self._alone(_Story(story.title, page), "shares most of its page", publisher)
        self._rng.shuffle(self._made)
        return self._made

    def _alone(self, story: _Story, kind: str, publisher: str | None = None) -> None:
        self._add(story, kind, publisher)
        self._group += 1

    def _add(self, story: _Story, kind: str, publisher: str | None = None) -> None:
        number = len(self._made)
        publisher = publisher or self._rng.choice(PUBLISHERS)
        place = PUBLISHERS.index(publisher)
        # the first two publishers have all of it on every page, about 190 words; the others one paragraph
        furniture = _FURNITURE if place < 2 else _FURNITURE[place % len(_FURNITURE)][:]
        below = "\n\n".join(furniture) if isinstance(furniture, tuple) else furniture
        text = f"{story.title}\n\n{story.text}\n\n{below}"
        at = f"2026-03-{1 + self._rng.randrange(28):02}T{self._rng.randrange(24):02}:00:00Z"
        uri = f"https://{publisher[-1].lower()}.example/{number}"
        self._made.append(Made(ArticleText(uri, text, story.title, publisher, at), self._group, kind))

    def _with_quote(self, story: _Story) -> _Story:
        """A story with quoted words: where it has none, one of its own sentences becomes a quotation."""
        if _QUOTED.search(story.text):
            return story
        sentences = _SENTENCE.split(story.text)
        place = len(sentences) // 2
        sentences[place] = f"“{sentences[place]}” a spokeswoman said."
        return _Story(story.title, " ".join(sentences))

    def _truncated(self, story: _Story) -> _Story:
        sentences = _SENTENCE.split(story.text)
        share = self._rng.uniform(0.35, 0.7)
        return _Story(story.title, " ".join(sentences[: max(3, round(share * len(sentences)))]))

    def _reordered(self, story: _Story) -> _Story:
        sentences = _SENTENCE.split(story.text)
        size = max(2, len(sentences) // 4)
        parts = [sentences[start : start + size] for start in range(0, len(sentences), size)]
        self._rng.shuffle(parts)
        return _Story(story.title, "\n\n".join(" ".join(part) for part in parts))

    def _another_lead(self, story: _Story) -> _Story:
        sentences = _SENTENCE.split(story.text)
        rest = sentences[max(1, len(sentences) // 5) :]
        return _Story(story.title, self._rng.choice(_LEADS) + "\n\n" + " ".join(rest))

    def _edited(self, story: _Story, share: float) -> _Story:
        """Each word is, with this probability, exchanged (.6), left out (.2), or followed by a new one (.2)."""
        words: list[str] = []
        for word in story.text.split(" "):
            if self._rng.random() >= share:
                words.append(word)
                continue
            how = self._rng.random()
            if how < 0.6:
                words.append(self._rng.choice(self._words))
            elif how < 0.8:
                words += [word, self._rng.choice(self._words)]
        return _Story(story.title, " ".join(words))

    def _translated(self, story: _Story) -> _Story:
        """What is quoted in words of another language, invented, the same for the same word."""
        return _Story(story.title, _QUOTED.sub(lambda quote: f"“{self._foreign(quote[0][1:-1])}”", story.text))

    @staticmethod
    def _foreign(words: str) -> str:
        def word_for(match: re.Match[str]) -> str:
            rng = random.Random(match[0].casefold())
            return "".join(rng.choice(_SYLLABLES) for _ in range(1 + len(match[0]) // 3))

        return re.sub(r"\w+", word_for, words)

    def _quoted(self, story: _Story) -> _Story:
        before, after = self._stories.pop(), self._stories.pop()
        return _Story(before.title, f"{before.text}\n\n{story.text}\n\n{after.text}")

    def _inserted(self, story: _Story, passage: str) -> _Story:
        sentences = _SENTENCE.split(story.text)
        place = self._rng.randrange(1, len(sentences) + 1)
        return _Story(story.title, " ".join([*sentences[:place], passage, *sentences[place:]]))

    def _form(self) -> _Story:
        rng = self._rng
        names = ["".join(rng.choice(_SYLLABLES) for _ in range(3)).capitalize() for _ in range(3)]
        numbers = {name: rng.randint(100, 9999) for name in ("one", "two", "three", "four", "five")}
        numbers |= {name: rng.randint(11, 99) for name in ("six", "seven", "eight", "nine")}
        text = _FORM.format(
            name=f"The {names[0]} index", other=names[1], third=names[2], day=rng.choice(_DAYS),
            move=rng.choice(("higher", "lower")), **numbers
        )  # fmt: skip
        return _Story(f"{names[0]} index closes at {numbers['one']}", text)
