"""Inputs for the property tests: any bytes, almost-articles, and text that looks like news."""

from __future__ import annotations

import json

from hypothesis import strategies as st

_FIELDS = (
    "uri",
    "body",
    "headline",
    "published_at",
    "updated_at",
    "version",
    "language",
    "publisher",
    "byline",
    "status",
    "bodies",
    "headlines",
    "articleBody",
    "datePublished",
    "inLanguage",
    "author",
    "maintext",
    "date_publish",
    "text",
    "url",
    "source",
    "date",
    "pubStatus",
    "infoSources",
    "versionCreated",
)
PIECES = (
    "Mayor Anna Lind said that ",
    "“We are proud,” ",
    "she told reporters. ",
    '"No', '" ', "‘", "’", "«", "»", "”", "“", "'", "''", "```",
    "denied ", "according to officials, ", "between 800 and 1,200 workers ", "last Tuesday ", "in May 2021 ",
    "on 31 February ", "$3.5bn ", "10-12% ", "Mr. ", "the U.N. ",
    "\n", "\n\n", "\r\n", "\u2028", "\u00a0", "\u200f", "\u202e",
    "<p>", "</div>", "<br/>", "<!--", "&amp;", "&#0;", "😀", "ﬁ", "İ", "\u0300", "a" * 60,
    ". ", ", ", "? ", "…", "—", ": ", "(", ")",
    "said said said ", "that that ", "0", "١٢", "99999999999999999999 ", "1/0/2020 ", "2020-13-45 ", "noon ",
    "he ", "not ",
)  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_FIELDS) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
almost_articles = st.dictionaries(
    st.sampled_from(_FIELDS),
    st.text(max_size=60) | json_values | st.sampled_from(["2026-11-20", "usable"]),
    max_size=10,
).map(lambda fields: json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass"))
record_values = st.binary(max_size=400) | almost_articles | json_values.map(lambda value: json.dumps(value).encode())

news = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), min_size=1, max_size=60).map("".join)
texts = news | st.text(min_size=1, max_size=1500)
