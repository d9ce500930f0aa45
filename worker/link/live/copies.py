"""Groups of copies, kept up to date: an article that comes or goes changes only what it has to do with.

The groups are those that link/copies/index.py finds in the same articles at once, which a test holds. Each of its steps
depends on little: furniture on the lines of one publisher, candidates on the texts of a band, a tie on two texts, a
group on the texts that hang together by ties. So a change is followed from one to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import orjson

from worker.contract.article_group import ArticleGroup
from worker.link.copies.alignment import Anchors, Overlap, anchors_of, overlap
from worker.link.copies.bands import are_compared, compared_with, pairs_that_change
from worker.link.copies.described import described
from worker.link.copies.grouping import Inclusion, Joined, Member, groups_of
from worker.link.copies.index import FURNITURE_HEADLINES, host_of
from worker.link.copies.links import Tie, tie_of
from worker.link.copies.minhash import band_keys
from worker.link.copies.sketch import Sketch
from worker.link.live.cache import Recent
from worker.link.live.database import LinkDatabase, Row

__all__ = ["ChangedGroups", "LiveArticle", "LiveCopies", "sketch_from"]

_ANCHORS_KEPT = 4096
"""Texts whose anchors are in memory, about 5 KB each."""
_BAND = "SELECT uri FROM band WHERE key = ? ORDER BY uri"
_SHARED_BANDS = "SELECT DISTINCT key FROM band WHERE key IN (SELECT value FROM json_each(?)) AND uri <> ?"
_FURNITURE = """SELECT hash FROM headline WHERE publisher = ? AND hash IN (SELECT value FROM json_each(?))
    GROUP BY hash HAVING count(*) >= ?"""
_OF_LINE = "WHERE publisher = ? AND hash = ? AND headline = ?"
_COUNTED = """INSERT INTO headline VALUES (?, ?, ?, 1)
    ON CONFLICT (publisher, hash, headline) DO UPDATE SET articles = articles + 1"""
_COUNTED_OUT = f"UPDATE headline SET articles = articles - 1 {_OF_LINE}"  # noqa: S608 - constants
_UNCOUNTED = f"DELETE FROM headline {_OF_LINE} AND articles = 0"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class LiveArticle:
    """`sha` is of the text that the sketch is of. `has_headline`: its first line is the headline."""

    uri: str
    publisher: str | None
    published: str | None
    has_headline: bool
    sha: str
    sketch: Sketch


@dataclass(slots=True)
class ChangedGroups:
    """`groups`: those that are new or other than before, None for one that is no more. `uris`: the articles that count
    for another group or publisher than before.
    """

    groups: dict[str, ArticleGroup | None] = field(default_factory=dict)
    uris: set[str] = field(default_factory=set)


def sketch_from(columns: Row) -> Sketch:
    """Of the columns words, facts, lines and line_hashes."""
    words, facts, lines, hashes = columns
    return Sketch(
        np.frombuffer(words, dtype=np.uint32),
        np.frombuffer(facts, dtype=np.uint8),
        np.frombuffer(lines, dtype=np.uint16),
        np.frombuffer(hashes, dtype=np.int64),
    )


class LiveCopies:
    """`put` and `remove` articles, then `settle`."""

    def __init__(self, database: LinkDatabase) -> None:
        self._db = database
        self._anchors: Recent[str, Anchors] = Recent(_ANCHORS_KEPT, lambda uri: anchors_of(self._sketch(uri)))
        self._dirty: set[str] = set()

    def forget(self) -> None:
        """After a rollback: nothing in memory is of use any more."""
        self._anchors.clear()
        self._dirty.clear()

    def put(self, article: LiveArticle) -> None:
        """Adds an article, or puts it in the place of the one with its uri."""
        hashes = article.sketch.line_hashes
        headline = int(hashes[0]) if article.has_headline and len(hashes) else 0
        known = self._db.one("SELECT publisher, published, headline, sha FROM copied WHERE uri = ?", article.uri)
        if known == (article.publisher, article.published, headline, article.sha):
            return
        self.remove(article.uri)
        sketch = article.sketch
        self._db.run(
            "INSERT INTO copied VALUES (?, ?, ?, ?, ?, 0, x'', ?, ?, ?, ?)",
            article.uri,
            article.publisher,
            article.published,
            headline,
            article.sha,
            *(array.tobytes() for array in (sketch.words, sketch.facts, sketch.lines, sketch.line_hashes)),
        )
        others = self._count_lines(article.uri, 1)
        self._compare(article.uri)
        self._compare_again(others)

    def remove(self, uri: str) -> None:
        """Without an article of that uri nothing changes."""
        if self._db.one("SELECT 1 FROM copied WHERE uri = ?", uri) is None:
            return
        self._uncompare(uri)
        others = self._count_lines(uri, -1)
        self._db.run("DELETE FROM copied WHERE uri = ?", uri)
        self._compare_again(others)

    def _count_lines(self, uri: str, by: int) -> set[str]:
        """Counts the lines of an article in or out. The other articles of its publisher with a line that has become
        furniture, or is furniture no more.
        """
        db = self._db
        publisher, headline, hashes = self._lines_of(uri)
        others: set[str] = set()
        for line in hashes:
            if line == headline:
                continue
            before = self._is_furniture(publisher, line)
            if by > 0:
                db.run("INSERT INTO line VALUES (?, ?, ?)", publisher, line, uri)
                db.run(_COUNTED, publisher, line, headline)
            else:
                db.run("DELETE FROM line WHERE publisher = ? AND hash = ? AND uri = ?", publisher, line, uri)
                db.run(_COUNTED_OUT, publisher, line, headline)
                db.run(_UNCOUNTED, publisher, line, headline)
            if self._is_furniture(publisher, line) != before:
                others.update(db.texts("SELECT uri FROM line WHERE publisher = ? AND hash = ?", publisher, line))
        return others - {uri}

    def _lines_of(self, uri: str) -> tuple[str, int, list[int]]:
        row = self._db.one("SELECT publisher, headline, line_hashes FROM copied WHERE uri = ?", uri)
        assert row is not None  # noqa: S101 - asked for an article that is there
        publisher, headline, hashes = row
        lines = np.unique(np.frombuffer(hashes, dtype=np.int64))
        return str(publisher or host_of(uri)), int(headline), [int(line) for line in lines]

    def _is_furniture(self, publisher: str, line: int) -> bool:
        query = "SELECT 1 FROM headline WHERE publisher = ? AND hash = ? LIMIT ?"
        return len(self._db.all(query, publisher, line, FURNITURE_HEADLINES)) == FURNITURE_HEADLINES

    def _compare_again(self, uris: Iterable[str]) -> None:
        for uri in sorted(uris):
            self._uncompare(uri)
            self._compare(uri)

    def _sketch(self, uri: str) -> Sketch:
        row = self._db.one("SELECT words, facts, lines, line_hashes FROM copied WHERE uri = ?", uri)
        assert row is not None  # noqa: S101 - asked for an article that is there
        publisher, _, lines = self._lines_of(uri)
        wanted = orjson.dumps(lines).decode()
        furniture = self._db.all(_FURNITURE, publisher, wanted, FURNITURE_HEADLINES)
        return sketch_from(row).without_lines(frozenset(int(line) for (line,) in furniture))

    def _overlap(self, first: str, second: str) -> Overlap:
        return overlap(self._anchors[first], self._anchors[second])

    def _compare(self, uri: str) -> None:
        """Puts a text into its bands and ties it."""
        db = self._db
        sketch = self._sketch(uri)
        keys = band_keys(sketch)
        db.run("UPDATE copied SET length = ?, bands = ? WHERE uri = ?", len(sketch), keys.tobytes(), uri)
        found: set[str] = set()
        moved: set[tuple[str, str]] = set()
        db.run_many("INSERT INTO band VALUES (?, ?)", ((key, uri) for key in keys.tolist()))
        for band in self._shared_bands(uri, keys.tolist()):
            place = band.index(uri)
            found.update(compared_with(place, band))
            moved.update(pairs_that_change(place, band))
        for other in sorted(found):
            self._tie(*sorted((uri, other)))
        for low, high in moved:
            if self._is_tied(low, high) and not self._are_candidates(low, high):
                self._untie(low, high)
        self._dirty.add(uri)

    def _bands_of(self, uri: str) -> list[int]:
        """The bands that a text was put into."""
        row = self._db.one("SELECT bands FROM copied WHERE uri = ?", uri)
        assert row is not None  # noqa: S101 - asked for an article that is there
        keys: list[int] = np.frombuffer(row[0], dtype=np.int64).tolist()
        return keys

    def _shared_bands(self, uri: str, keys: Sequence[int]) -> list[list[str]]:
        """The texts of those of its bands that a text is not alone in."""
        shared = self._db.all(_SHARED_BANDS, orjson.dumps(keys).decode(), uri)
        return [self._db.texts(_BAND, key) for (key,) in shared]

    def _uncompare(self, uri: str) -> None:
        db = self._db
        moved: set[tuple[str, str]] = set()
        keys = self._bands_of(uri)
        for band in self._shared_bands(uri, keys):
            moved.update(pairs_that_change(band.index(uri), band))
        db.run_many("DELETE FROM band WHERE key = ? AND uri = ?", ((key, uri) for key in keys))
        self._dirty.update(db.texts("SELECT low FROM tie WHERE high = ?", uri))
        self._dirty.update(db.texts("SELECT high FROM tie WHERE low = ?", uri))
        self._dirty.add(uri)
        db.run("DELETE FROM tie WHERE low = ? OR high = ?", uri, uri)
        self._anchors.drop(uri)
        for low, high in sorted(moved):
            if not self._is_tied(low, high):
                self._tie(low, high)

    def _tie(self, low: str, high: str) -> None:
        common = self._overlap(low, high)
        tie = tie_of(common)
        if tie is not None:
            share = common.second if tie is Tie.FIRST_IN_SECOND else common.first
            self._db.run("INSERT OR REPLACE INTO tie VALUES (?, ?, ?, ?)", low, high, tie.value, share)
            self._dirty.update((low, high))

    def _is_tied(self, low: str, high: str) -> bool:
        return self._db.one("SELECT 1 FROM tie WHERE low = ? AND high = ?", low, high) is not None

    def _untie(self, low: str, high: str) -> None:
        self._db.run("DELETE FROM tie WHERE low = ? AND high = ?", low, high)
        self._dirty.update((low, high))

    def _are_candidates(self, low: str, high: str) -> bool:
        for key in set(self._bands_of(low)).intersection(self._bands_of(high)):
            band = self._db.texts(_BAND, key)
            if are_compared(band.index(low), band.index(high), len(band)):
                return True
        return False

    def settle(self) -> ChangedGroups:
        """The groups that have changed since the last call."""
        db, dirty, self._dirty = self._db, self._dirty, set()
        if not dirty:
            return ChangedGroups()
        former = set(db.texts_for("SELECT grp FROM grouped WHERE uri IN", dirty))
        dirty.update(db.texts_for("SELECT uri FROM grouped WHERE grp IN", former))
        together = self._tied_together(dirty)
        former.update(db.texts_for("SELECT grp FROM grouped WHERE uri IN", together))
        before = {uri: self.group_of(uri) for uri in together}
        db.run_many("DELETE FROM grouped WHERE uri = ?", ((uri,) for uri in together))
        changed = ChangedGroups(dict.fromkeys(former))
        for group in self._groups_among(sorted(together)):
            changed.groups[group.group] = group
            (parent,) = (member for member in group.members if member.kind == "parent")
            carrier = parent.publisher or host_of(parent.uri)
            rows = [(member.uri, group.group, carrier) for member in group.members]
            db.run_many("INSERT INTO grouped VALUES (?, ?, ?)", rows)
        changed.uris = {uri for uri in together if self.group_of(uri) != before[uri]}
        return changed

    def group_of(self, uri: str) -> tuple[str, str] | None:
        """The article's group, and for whom its members count. None where it stands alone."""
        row = self._db.one("SELECT grp, carrier FROM grouped WHERE uri = ?", uri)
        return None if row is None else (str(row[0]), str(row[1]))

    def carriers(self, groups: Iterable[str]) -> dict[str, str]:
        query = "SELECT carrier FROM grouped WHERE grp = ? LIMIT 1"
        return {group: str(row[0]) for group in groups if (row := self._db.one(query, group)) is not None}

    def describe(self, group: str) -> ArticleGroup | None:
        """The group as it stands; None where there is none of that id."""
        uris = self._db.texts("SELECT uri FROM grouped WHERE grp = ? ORDER BY uri", group)
        found = self._groups_among(sorted(self._tied_together(uris)))
        return next((each for each in found if each.group == group), None)

    def _tied_together(self, uris: Iterable[str]) -> set[str]:
        """The articles that hang together with these by ties, and themselves."""
        reached, waiting = set(uris), list(uris)
        while waiting:
            uri = waiting.pop()
            next_ = self._db.texts(
                "SELECT high FROM tie WHERE low = ? UNION ALL SELECT low FROM tie WHERE high = ?", uri, uri
            )
            waiting += [other for other in next_ if other not in reached]
            reached.update(next_)
        return reached

    def _groups_among(self, uris: Sequence[str]) -> list[ArticleGroup]:
        """The groups of articles that nothing else is tied to, `uris` in their order; without those that are gone."""
        query = "SELECT uri, publisher, published, length FROM copied WHERE uri = ?"
        rows = [row for uri in uris if (row := self._db.one(query, uri)) is not None]
        place = {row[0]: at for at, row in enumerate(rows)}
        copies, inclusions = Joined(len(rows)), []
        for at, (uri, *_) in enumerate(rows):
            for high, kind, share in self._db.all("SELECT high, kind, share FROM tie WHERE low = ?", uri):
                if kind == Tie.COPY:
                    copies.join(at, place[high])
                elif kind == Tie.FIRST_IN_SECOND:
                    inclusions.append(Inclusion(at, place[high], share))
                else:
                    inclusions.append(Inclusion(place[high], at, share))
        words = [int(row[3]) for row in rows]
        return [
            described(
                [(Member(rows[at][0], words[at], rows[at][2], copies.root(at)), rows[at][1]) for at in members],
                self._overlap,
            )
            for members in groups_of(copies, words, inclusions).values()
        ]
