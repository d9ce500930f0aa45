"""Fields that nobody reads, though one of ours was meant."""

from __future__ import annotations

import logging

import orjson

from worker.contract.codec import decode_article
from worker.stages.misnamed import MisnamedFields


def test_each_publisher_is_named_once(caplog):
    misnamed = MisnamedFields()
    with caplog.at_level(logging.WARNING, "claimwire.extract"):
        for number in range(5):
            for publisher in ("A", "B"):
                value = {"uri": str(number), "body": "b", "publisher": publisher, "headlin": "Bridge closed"}
                misnamed.tell(decode_article(orjson.dumps(value)))
    told = [record.getMessage() for record in caplog.records]
    assert [message.partition(":")[0] for message in told] == ["Articles of A", "Articles of B"]
    assert all("`headlin` is no known field" in message for message in told)
