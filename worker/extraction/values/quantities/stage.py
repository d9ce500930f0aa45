"""The stage of quantities: how many of what a text states, with bounds and approximation.

grammar.py recognises them as rules over word classes; in_digits.py and in_words.py read each kind. From the parse,
uncounted.py leaves out numbers that are no quantities (ages, scores, labels), and units.py finds the noun that is
counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worker.extraction.parse import Doc
from worker.extraction.spans import Span
from worker.extraction.values.quantities import compound_forms, in_digits, in_words
from worker.extraction.values.quantities.context import Amount, QuantityContext
from worker.extraction.values.quantities.grammar import recognise
from worker.extraction.values.word_classes import Hit, Lexed, lex

__all__ = ["Amount", "find_quantities"]

_READERS: dict[str, Callable[[Hit, QuantityContext], None]] = {
    "amount": in_digits.amount,
    "range": in_digits.number_range,
    "part_in": in_digits.part_in,
    "times": in_words.multiple,
    "part": in_words.fraction,
    "parts": in_words.fractions,
    "vague": in_words.vague,
    "few": in_words.few,
    "items": compound_forms.items,
    "two_measures": compound_forms.two_measures,
    "strong": compound_forms.strong,
    "and_a_half": compound_forms.and_a_half,
    "loss": compound_forms.loss,
    "most_of": in_words.most_of,
    "much_of": in_words.much_of,
    "zero": in_words.zero,
    "none": in_words.none,
}


def find_quantities(doc: Doc, text: str, times: Sequence[Span], lexed: Lexed | None = None) -> list[Amount]:
    """The quantities of a text in its order, without times, names, labels, ordinals, ages and scores.

    Spans are code-point offsets into `text`; `doc` is its parse, `times` are the spans of its times, and `lexed` its
    word classes, which are made if they are not given. A number without a noun ("only 200,000 were left") takes the
    noun that was counted before it in the paragraph.
    """
    context = QuantityContext(doc, text, times)
    for name, hit in recognise(lexed if lexed is not None else lex(text)):
        _READERS[name](hit, context)
    return context.found
