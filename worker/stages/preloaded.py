"""Its import loads what all extraction processes read and none changes; they are forked from the process that did it.

So the models are in memory once, not once for each process, and a process that is replaced is there at once.
"""

from __future__ import annotations

import contextlib

from worker.contract.article import RawArticle
from worker.extraction.pipeline import Pipeline
from worker.stages import extract
from worker.streaming.pool.process_memory import settle_memory

__all__: list[str] = []

_ARTICLE = RawArticle(
    uri="urn:preloaded",
    headline="Ferries to sail again, says harbour",
    body=(
        "<p>“The ferries will sail again on 3 May,” Ada Lind, head of the harbour of Bergen, told reporters on Monday. "
        "She said that repairs had cost 4.5 million euros, 12% more than planned.</p>"
        "<p>According to the ministry, two of five ships need new engines. Mr Obi denied that the work was late.</p>"
    ),
)
"""What a stage loads or builds at its first use is there before the fork as well."""

# an error is told by each process, which loads for itself then and can say it
with contextlib.suppress(Exception):
    Pipeline.load().extract([_ARTICLE])
    extract.digest_of_code()
settle_memory()
