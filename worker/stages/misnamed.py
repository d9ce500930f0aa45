"""Says once for each publisher that a field of its articles is not read."""

from __future__ import annotations

import logging

from worker.contract.article import RawArticle, WarningKind

__all__ = ["MisnamedFields"]

log = logging.getLogger("claimwire.extract")

_MAX_PUBLISHERS = 1000


class MisnamedFields:
    """Of one process: with several, each says it."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str]] = set()

    def tell(self, article: RawArticle) -> None:
        """Logs a warning for the fields of which it has not been done for the article's publisher."""
        publisher = (article.publisher or "no publisher")[:100]
        unknown = [warning for warning in article.notes.warnings if warning.kind is WarningKind.UNKNOWN_FIELD]
        new = {warning.field: warning.says for warning in unknown if (publisher, warning.field) not in self._told}
        if not new or len(self._told) >= _MAX_PUBLISHERS:
            return
        self._told.update((publisher, name) for name in new)
        log.warning(
            "Articles of %s: %s (said once for each publisher; the first is %s)",
            publisher,
            "; ".join(new.values()),
            article.uri[:200],
        )
