"""Quantities that a text states: how many of what, with bounds and approximation.

The libraries at hand crash on ranges or lose them. Words are recognised by a grammar over word classes
(quantity_grammar.py) and read by number_quantities.py and word_quantities.py; which of them are no quantities (ages,
scores, labels: no_quantity.py) and what is counted (units.py) the parse tells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from worker.extraction import number_quantities, word_quantities
from worker.extraction.lexing import Hit, Lexed, lex
from worker.extraction.quantity_context import Amount, QuantityContext
from worker.extraction.quantity_grammar import recognise
from worker.extraction.types import Span

__all__ = ["Amount", "find_quantities"]

_READERS: dict[str, Callable[[Hit, QuantityContext], None]] = {
    "amount": number_quantities.amount,
    "range": number_quantities.number_range,
    "part_in": number_quantities.part_in,
    "times": word_quantities.multiple,
    "part": word_quantities.fraction,
    "vague": word_quantities.vague,
    "most_of": word_quantities.most_of,
    "much_of": word_quantities.much_of,
    "zero": word_quantities.zero,
    "none": word_quantities.none,
}


def find_quantities(doc: Any, text: str, times: Sequence[Span], lexed: Lexed | None = None) -> list[Amount]:
    """Every quantity of the text in order. `times` are left alone, and so are names, labels, ordinals, ages and scores.

    Spans are code-point offsets into `text`, of which `doc` is the parse and `lexed` the word classes (made where not
    given). A number without a noun of its own ("only 200,000 were left") takes the noun counted before in its paragraph.
    """
    context = QuantityContext(doc, text, times)
    for name, hit in recognise(lexed if lexed is not None else lex(text)):
        _READERS[name](hit, context)
    return context.found
