"""Articles that tests submit, and what came of them in articles.raw."""

from __future__ import annotations

from tests.running import read_all


def article(uri, body="The mayor said no.", **fields):
    return {"uri": uri, "body": body, **fields}


async def uris(broker, topic):
    return sorted(record.key.decode() for record in await read_all(broker, topic))
