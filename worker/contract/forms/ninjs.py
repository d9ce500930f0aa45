"""ninjs, IPTC's news in JSON: https://iptc.org/std/ninjs/. Its versions differ in names and in where the text is."""

from __future__ import annotations

from collections.abc import Mapping

from worker.contract.forms.news_xml import html_of_nitf
from worker.contract.forms.values import is_empty

__all__ = ["of_version_1", "of_version_2_or_3"]

_BODIES = ("body_text", "body_xhtml", "body_html", "body_main", "body_nitf")


def of_version_2_or_3(raw: Mapping[str, object]) -> Mapping[str, object]:
    """With the main item of `headlines` and of `bodies` as `headline` and `body`."""
    return {**raw, "headline": _main(raw.get("headlines"), "headline"), "body": _main(raw.get("bodies"), "body")}


def of_version_1(raw: Mapping[str, object]) -> Mapping[str, object]:
    """With the body in the form that keeps most of the structure without being NITF, else any other `body_...`."""
    others = sorted(key for key in raw if key.startswith("body_") and key not in _BODIES)
    key = next((key for key in (*_BODIES, *others) if not is_empty(raw.get(key))), None)
    body = raw[key] if key else None
    return {**raw, "body": html_of_nitf(body) if key == "body_nitf" and isinstance(body, str) else body}


def _main(items: object, what: str) -> object:
    """The value of the item with the role `main`; of several, or of none, of the best content type."""
    rows = [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
    rows = [row for row in rows if not is_empty(row.get("value"))]
    mains = [row for row in rows if str(row.get("role", "")).casefold().rpartition(":")[2] in ("main", "body", what)]
    best = min(mains or rows, key=_rank, default=None)
    if best is None:
        return None
    value = best["value"]
    return html_of_nitf(value) if _rank(best) == 3 and isinstance(value, str) else value


def _rank(item: Mapping[str, object]) -> int:
    kind = str(item.get("contentType") or item.get("contenttype") or "text/plain").casefold()
    return 3 if "nitf" in kind else 0 if "html" in kind else 1 if "plain" in kind else 2
