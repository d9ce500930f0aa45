"""Stories for tests: sentences of words drawn by a seed, and articles made of them."""

from __future__ import annotations

import random

from worker.link.copies.index import ArticleText, CopyIndex

_SYLLABLES = "ban cor del fen gul hom jar kel lim mor nap pil ros sed tov wig".split()


def drawn(seed):
    """A source of chance that gives the same every time."""
    return random.Random(seed)  # noqa: S311 - no secrets


def word(rng):
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 2, 3))))


def vocabulary(rng, size=1500):
    return sorted({word(rng) for _ in range(size)})


def sentence(rng, words, names=()):
    chosen = [rng.choice(words) for _ in range(rng.randint(9, 22))]
    for _ in range(2):  # 90 words of a wire story have ten names and numbers
        if names and rng.random() < 0.7:
            chosen[rng.randrange(1, len(chosen))] = rng.choice(names)
    if rng.random() < 0.3:
        chosen[rng.randrange(1, len(chosen))] = str(rng.randint(10, 999))
    text = " ".join(chosen)
    return text[0].upper() + text[1:] + "."


def story(rng, words, sentences=16):
    """Title and text, about eight persons and places."""
    names = [rng.choice(words).capitalize() for _ in range(8)]
    return sentence(rng, words, names).rstrip("."), " ".join(sentence(rng, words, names) for _ in range(sentences))


def stories(count, seed=1):
    rng = drawn(seed)
    words = vocabulary(rng)
    return [story(rng, words, rng.randint(10, 30)) for _ in range(count)]


def article(uri, text, headline="A headline of its own", publisher="The Post", published=None, **fields):
    return ArticleText(uri, f"{headline}\n\n{text}", headline, publisher, published, **fields)


def groups_in(folder, articles, remove=()):
    """The groups of articles, as sets of uris."""
    return {frozenset(member.uri for member in group.members) for group in found_in(folder, articles, remove)}


def found_in(folder, articles, remove=()):
    path = folder / "copies.sqlite"
    path.unlink(missing_ok=True)
    index = CopyIndex(path)
    try:
        for one in articles:
            index.add(one)
        for uri in remove:
            index.remove(uri)
        return list(index.groups())
    finally:
        index.close()
