"""Whether bytes are known to be no text."""

from __future__ import annotations

from itertools import product

from worker.contract.texts.no_text import why_no_text


def test_bytes_that_end_before_a_sign_of_their_kind_are_looked_at_too():
    bytes_of = (0, 0x41, 0x78, 0x81, 0x8F, 0xA5, 0xFF)
    short = [bytes(each) for length in (0, 1, 2) for each in product(bytes_of, repeat=length)]
    found = {data: why_no_text(data) for data in short}
    assert found[b"A"] is None
    assert "MessagePack" in (found[b"\x81\xa5"] or "")
