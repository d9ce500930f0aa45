"""The level of zstd reaches the batches of the client, which has no setting for it."""

from __future__ import annotations

import cramjam
import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from worker.streaming.publish.compression import ZSTD_LEVEL, compression_type

ZSTD = 4
"""Its number in Kafka's batches."""
HEAD_BYTES = 61
"""What comes before the compressed records of a batch."""


@pytest.mark.parametrize(("setting", "expected"), [("none", None), ("gzip", "gzip"), ("zstd", "zstd")])
def test_the_client_is_told_the_compression_by_its_own_name(setting, expected):
    assert compression_type(setting) == expected


def test_a_batch_of_the_client_is_compressed_with_our_level():
    assert compression_type("zstd") == "zstd"
    builder = DefaultRecordBatchBuilder(2, ZSTD, True, 1, 0, 0, 1 << 20)
    lines = "\n".join(f"The mayor of town {n} said that bridge {n * n} is closed until May." for n in range(500))
    builder.append(0, 0, b"k", lines.encode(), [])
    packed = bytes(builder.build())[HEAD_BYTES:]
    records = cramjam.zstd.decompress(packed)
    assert packed == bytes(cramjam.zstd.compress(records, level=ZSTD_LEVEL))
    assert len(packed) < len(cramjam.zstd.compress(records, level=3))
