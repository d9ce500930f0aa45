"""Whole numbers as the headers carry them: ASCII digits, within the range that Kafka gives the field."""

from __future__ import annotations

__all__ = ["MAX_INT32", "MAX_INT64", "decimal", "timestamp_of"]

MAX_INT32 = 2**31 - 1
"""Largest partition, and largest number of attempts and of redrives."""
MAX_INT64 = 2**63 - 1
"""Largest offset, and largest time in milliseconds since 1970."""
_NO_TIME = "-1"


def decimal(text: str, max_value: int) -> int:
    """The number from 0 to `max_value` that a text is in decimal.

    Raises:
        ValueError: it is another text, as one with a sign, a blank, digits of another script, or leading zeros that
            make it longer than `max_value`.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(max_value))):
        raise ValueError(f"not a number in decimal of at most {len(str(max_value))} digits")
    number = int(text)
    if number > max_value:
        raise ValueError(f"above {max_value}")
    return number


def timestamp_of(text: str) -> int:
    """Milliseconds since 1970; -1 for a record without a time, as Kafka writes it. Raises ValueError."""
    return -1 if text == _NO_TIME else decimal(text, MAX_INT64)
