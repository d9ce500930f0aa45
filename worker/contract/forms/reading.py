"""Reads one article of any form: the native form, where each field came from, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz

from worker.contract.article import ArticleStatus, ArticleWarning, Notes, RawArticle, WarningKind
from worker.contract.forms.form import Form, plain_name
from worker.contract.forms.table import COMMON, FORMS, NATIVE, SUMMARIES, form_of, plain_names, values_of
from worker.contract.forms.values import READERS, UnreadableValueError, is_empty

__all__ = ["MalformedArticleError", "UnknownShapeError", "read_article", "read_fields"]

_DECISIVE = ("uri", "status")
"""Fields of which no second-best value is taken: which article it is, and whether its claims stand."""
_TEXT_NAMES = frozenset(COMMON["body"])
_CUT = re.compile(r"\s?(?:\[\+?\d+ chars?\]|\[…\]|\[\.\.\.\]|\[&hellip;\]|\[&#8230;\])(\s*(?:</p>)?\s*)$")
_CUT_CHARS = 60
"""Characters at the end of a text in which a mark says that there is more."""
_LOOKS_LIKE = 86
"""Likeness (0 to 100) from which a name that no form knows may be a misspelt one."""
_MAX_NAME_CHARS = 40
_MAX_LOOKED_AT = 200
"""Names of an object that are compared with those that are known; the largest forms have sixty."""


class UnknownShapeError(ValueError):
    """The object has nothing in it that could be an article's text."""


class MalformedArticleError(ValueError):
    """A field is missing or unreadable without which there is no article. The message names it and what to do."""


def read_fields(raw: Mapping[str, object], own: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, object]:
    """The fields of the native form that can be read, without a check that the article has all it needs."""
    form, prepared = form_of(raw)
    return _Fields(form, prepared, own or {}).values


def read_article(raw: Mapping[str, object], own: Mapping[str, tuple[str, ...]] | None = None) -> RawArticle:
    """The article in an object of any form. `own` are a user's names: for a field the paths where it is.

    A value that cannot be read costs its field: the article has a warning then, which says so.

    Raises:
        UnknownShapeError: there is no text in it, under any name that is known.
        MalformedArticleError: it has no address, its text is no text, or its status is no word that is known.
    """
    form, prepared = form_of(raw)
    fields = _Fields(form, prepared, own or {})
    values = fields.values
    _check(fields, raw)
    warnings = [*fields.warnings, *_lookalikes(raw, fields)]
    body = str(values["body"])
    mark = _CUT.search(body, max(0, len(body) - _CUT_CHARS))
    if mark is not None:
        values["body"] = body[: mark.start()] + mark[1]
    if fields.cut_short or mark is not None:
        says = f"the form {form.name} has only the beginning of an article's text"
        warnings.append(ArticleWarning(WarningKind.CUT_SHORT, "body", says))
    own_id = raw.get("id")
    record_id = str(own_id) if isinstance(own_id, (str, int)) else None
    notes = Notes(form.name, dict(fields.origins), tuple(warnings), record_id)
    return replace(RawArticle(**values), notes=notes)  # type: ignore[arg-type]  # each was read by its field's reader


class _Fields:
    """The values of an object's fields, with the path of each and a warning for each that could not be read."""

    def __init__(self, form: Form, raw: Mapping[str, object], own: Mapping[str, tuple[str, ...]]) -> None:
        self.form = form
        self.values: dict[str, object] = {}
        self.origins: dict[str, str] = {}
        self.warnings: list[ArticleWarning] = []
        self.unreadable: dict[str, str] = {}
        by_plain = plain_names(raw)
        for name in NATIVE:
            self._read(name, values_of(raw, by_plain, form, name, own.get(name, ())))
        self.cut_short = form.cut_short
        if self._is_headline_alone(by_plain):
            self._read("body", [(key, raw[key]) for key in (by_plain.get(name) for name in SUMMARIES) if key])
            self.cut_short = "body" in self.values
        self._hold_embargoed(values_of(raw, by_plain, form, "status"))

    def _read(self, name: str, candidates: list[tuple[str, object]]) -> None:
        """Takes the first value that can be read; a warning names the first that cannot, where none can."""
        wrong: UnreadableValueError | None = None
        for path, value in candidates:
            try:
                self.values[name] = READERS[name](value)
            except UnreadableValueError as unreadable:
                wrong = wrong or unreadable
                self.unreadable.setdefault(name, f"`{path}` {unreadable}")
                if name in _DECISIVE:
                    return
                continue
            self.origins[name] = path
            return
        if wrong is not None:
            self.warnings.append(
                ArticleWarning(WarningKind.UNREADABLE_VALUE, name, f"{self.unreadable[name]}; it is left out")
            )

    def _is_headline_alone(self, by_plain: Mapping[str, str]) -> bool:
        """Whether it is what services of headlines give: no place for a text, and all else that one would have."""
        if "body" in self.values or "body" in self.unreadable or by_plain.keys() & _TEXT_NAMES:
            return False
        return {"uri", "headline", "published_at"} <= self.values.keys()

    def _hold_embargoed(self, statuses: list[tuple[str, object]]) -> None:
        """An article under an embargo that names no end is withheld: its claims do not stand until it is released."""
        words = [value for _, value in statuses if isinstance(value, str)]
        embargoed = any(word.casefold().endswith("embargoed") for word in words)
        if embargoed and "embargoed_until" not in self.values:
            self.values["status"] = ArticleStatus.CANCELED


def _check(fields: _Fields, raw: Mapping[str, object]) -> None:
    values = fields.values
    for name in (*_DECISIVE, "body"):
        if name in fields.unreadable and name not in values:
            raise MalformedArticleError(fields.unreadable[name])
    if "body" not in values and values.get("status") is ArticleStatus.CANCELED:
        values["body"] = ""  # a retraction needs no text
    if "body" not in values:
        _refuse_without_text(raw)
    if "uri" not in values:
        raise MalformedArticleError(
            "the article has no address: give `uri` or `url`, or name the field that has it in the setting `fields`"
            f"{_hint(fields.form)}"
        )


def _refuse_without_text(raw: Mapping[str, object]) -> None:
    keys = ", ".join(key[:_MAX_NAME_CHARS] for key in sorted(map(str, raw))[:8]) or "none"
    empty = next((key for key in raw if plain_name(str(key)) in COMMON["body"] and is_empty(raw[key])), None)
    if empty is not None:
        raise MalformedArticleError(f"`{empty[:_MAX_NAME_CHARS]}` is empty, and there is no other text")
    if "uri" in raw:
        raise MalformedArticleError(
            f"the article has no text: neither `body` nor a name that another form has for it; its fields are: {keys}"
        )
    known = ", ".join(dict.fromkeys(form.name for form in FORMS))
    raise UnknownShapeError(
        f"no known form of article fits ({known}): there is no text under a known name; its fields are: {keys}. "
        "Where the names are your own, the setting `fields` maps them"
    )


def _hint(form: Form) -> str:
    hints = {
        "trafilatura": "; trafilatura writes it with --with-metadata",
        "schema.org": "; `@id: #article` names no article outside of its page",
    }
    return hints.get(form.name, "")


def _lookalikes(raw: Mapping[str, object], fields: _Fields) -> list[ArticleWarning]:
    """Names in the record that no form knows and that look like a field that was not found."""
    used = {path.partition(".")[0] for path in fields.origins.values()}
    missing = [name for name in NATIVE if name not in fields.values]
    found = []
    for key in islice(raw, _MAX_LOOKED_AT):
        if key not in used and isinstance(key, str) and (meant := _meant(key)) in missing:
            says = f"`{key}` is no known field and was not read; if it is the {meant}, the setting `fields` maps it"
            found.append(ArticleWarning(WarningKind.UNKNOWN_FIELD, key[:_MAX_NAME_CHARS], says))
    return found


@lru_cache(maxsize=4096)
def _meant(key: str) -> str | None:
    """The native field that a name may be meant for; None where it looks like none."""
    if len(key) > _MAX_NAME_CHARS:
        return None
    plain = plain_name(key)
    if any(plain in known for known in COMMON.values()):
        return None
    words = {word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", key)}
    for name, known in COMMON.items():
        if name in ("headline", "byline") and words & {"headline", "title", "author", "authors", "byline"} & set(known):
            return name
        if any(len(other) > 4 and fuzz.ratio(plain, other) >= _LOOKS_LIKE for other in known):
            return name
    return None
