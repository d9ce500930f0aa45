"""The signature of a retry ticket: that a worker of this installation wrote it, and for this record."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Protocol

from worker.contract.headers.claimwire_headers import PREFIX

__all__ = ["SignedRecord", "TicketKeys"]

_SIGNATURE = PREFIX + "signature"
_DOMAIN = b"claimwire retry ticket/1"
"""Of the signed bytes, so that a signature of something else made with the same key is none of a ticket."""


class SignedRecord(Protocol):
    """What a signature is of: the topic in which the record stands, its key and value, and Claimwire's own headers."""

    @property
    def topic(self) -> str: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Iterable[tuple[str, bytes]] | None: ...


class TicketKeys:
    """The keys in the setting `ticket_key`, separated by commas: the first signs, each is accepted.

    A signature is the header `claimwire_signature`: HMAC-SHA256 in hexadecimal digits. It does not tell how often the
    record was written: a copy of a whole signed record is accepted, and is one more attempt at the same article.
    """

    def __init__(self, setting: str) -> None:
        """Raises ValueError: there is no key."""
        self._keys = [key.strip().encode() for key in setting.split(",") if key.strip()]
        if not self._keys:
            raise ValueError("no key")

    def signed(self, record: SignedRecord) -> list[tuple[str, bytes]]:
        """The record's headers with the signature."""
        headers = [(name, value) for name, value in record.headers or () if name != _SIGNATURE]
        return [*headers, (_SIGNATURE, self._signature(self._keys[0], record))]

    def accept(self, record: SignedRecord) -> bool:
        """Whether the record has one signature, by one of the keys."""
        given = [value or b"" for name, value in record.headers or () if name == _SIGNATURE]
        return len(given) == 1 and any(
            hmac.compare_digest(given[0], self._signature(key, record)) for key in self._keys
        )

    def _signature(self, key: bytes, record: SignedRecord) -> bytes:
        return hmac.new(key, _signed_bytes(record), hashlib.sha256).hexdigest().encode()


def _signed_bytes(record: SignedRecord) -> bytes:
    """Each part with its length before it, so that no two records have the same bytes."""
    own = [(name, value) for name, value in record.headers or () if name.startswith(PREFIX) and name != _SIGNATURE]
    parts: Sequence[bytes | None] = [
        _DOMAIN,
        record.topic.encode(),
        record.key,
        record.value,
        *(part for name, value in own for part in (name.encode(), value)),
    ]
    return b"".join(b"-" if part is None else b"%d:%b" % (len(part), part) for part in parts)
