"""A history of invented articles that speak of the same matters, and what their youngest versions say."""

from __future__ import annotations

import orjson

from tests.link.copies.stories import drawn
from worker.contract.codec import decode_article

_SPEAKERS = ("Anna Berg", "Milan Dorr", "The port authority", "Rosa Lund", "The dockers' union", "Mayor Jan Holm")
_SAYINGS = (
    "the northern quay would stay closed for 12 weeks",
    "the northern quay would be closed for three weeks",
    "the northern quay was open",
    "the northern quay was closed",
    "about 400 containers had been lost in the storm",
    "900 containers had been lost in the storm",
    "the ferry to Lund had sunk",
    "the ferry to Lund had not sunk",
    "the harbour needed a new crane",
    "the harbour did not need a new crane",
)
_FILLERS = (
    "Rain fell on the old market while traders packed their stalls and walked home along the river.",
    "The museum behind the station opened a small exhibition of maps and instruments last spring.",
    "Schools in the valley had been shut for repairs since the first week of the term.",
    "A choir from the islands sang in the square until late in the evening.",
    "Farmers in the hills had brought in the hay early because of the heat.",
    "The railway carried more freight in autumn than in any season before it.",
    "Volunteers painted the benches in the park and planted a row of lime trees.",
    "The old lighthouse has had no keeper since the lamp was made electric.",
    "Two bakeries in the lower town share one oven and quarrel about the rent.",
    "Engineers measured the bridge with lasers and found a bend of two fingers.",
)


class History:
    """What was sent to articles.raw, in its order, and the youngest version of each article."""

    def __init__(self, seed):
        self._random = drawn(seed)
        self._uris = []
        self.sent = []
        self.youngest = {}
        self.kinds = {}

    def go_on(self, count):
        """So many further records: key and value."""
        begun = len(self.sent)
        while len(self.sent) < begun + count:
            kinds = ["new"] * 4 + ["copy"] * 3 + ["update", "update", "recrawl", "late", "cancel", "delete"]
            kind = self._random.choice(kinds)
            getattr(self, f"_{kind}")()
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        return self.sent[begun:]

    def _send(self, article):
        uri = article["uri"]
        value = orjson.dumps(article)
        self.sent.append((uri.encode(), value))
        if uri not in self.youngest:
            self._uris.append(uri)
        self.youngest[uri] = article

    def _text(self):
        chosen = self._random
        said = [f"{chosen.choice(_SPEAKERS)} said {chosen.choice(_SAYINGS)}." for _ in range(chosen.randint(1, 4))]
        filled = chosen.sample(_FILLERS, 5)
        return "\n\n".join([said[0], *filled[:3], *said[1:], *filled[3:]])

    def _article(self, text):
        number = len(self._uris) + 1
        publisher = self._random.choice(["Wire", "The Post", "Herald", "Evening Star"])
        return {
            "uri": f"https://{publisher.split()[-1].lower()}.example/{number}",
            "headline": f"News of the harbour, number {number}",
            "body": text,
            "publisher": publisher,
            "published_at": f"2026-03-{self._random.randint(1, 9):02}T08:00:00Z",
            "version": "1",
            "language": "en",
        }

    def _known(self):
        """An article that stands, or one that is new."""
        if not any(map(self._stands, self._uris)):
            self._new()
        while True:
            uri = self._random.choice(self._uris)
            if self._stands(uri):
                return self.youngest[uri]

    def _stands(self, uri):
        article = self.youngest[uri]
        return article is not None and article.get("status") != "canceled"

    def _next(self, article, **changed):
        return article | {"version": str(int(article["version"]) + 1)} | changed

    def _new(self):
        self._send(self._article(self._text()))

    def _copy(self):
        self._send(self._article(self._known()["body"]))

    def _update(self):
        self._send(self._next(self._known(), body=self._text()))

    def _recrawl(self):
        self._send(self._next(self._known()))

    def _cancel(self):
        self._send(self._next(self._known(), status="canceled"))

    def _delete(self):
        uri = self._known()["uri"]
        self.sent.append((uri.encode(), None))
        self.youngest[uri] = None

    def _late(self):
        """An older version, behind a newer one."""
        article = self._known()
        if article["version"] == "1":
            self._send(self._next(self._next(article, body=self._text())))
            article = self.youngest[article["uri"]]
        older = article | {"version": str(int(article["version"]) - 1), "body": self._text()}
        self.sent.append((older["uri"].encode(), orjson.dumps(older)))

    def truth(self, pipeline):
        """The claims by id and the texts by uri that the youngest versions make."""
        claims, texts = {}, {}
        for uri, article in self.youngest.items():
            if article is None:
                continue
            (outcome,) = pipeline.extract([decode_article(orjson.dumps(article))])
            extraction = outcome.extraction
            texts[uri] = extraction.article.text_sha256, extraction.text
            claims |= {claim.claim_id: claim for claim in extraction.claims}
        return claims, texts
