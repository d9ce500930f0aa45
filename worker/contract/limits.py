"""Defaults of what is read and claimed, shared by the settings and by the code that runs without settings."""

from __future__ import annotations

__all__ = ["MAX_ARTICLE_BYTES", "MAX_TEXT_CHARS", "MIN_OWN_VOICE"]

MAX_ARTICLE_BYTES = 10 * 1024 * 1024
"""Bytes of the largest article that is read; a larger one goes to the dead letters unread."""
MAX_TEXT_CHARS = 200_000
"""Characters of the longest text that is parsed, about 33,000 words. The longest reportages have a third of that."""
MIN_OWN_VOICE = 0.1
"""Check-worthiness (0 to 1) from which an assertion of the article itself is a claim."""
