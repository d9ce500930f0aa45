"""Checks of the claims of a short text: conditions that one claim meets together, or that none does."""

from __future__ import annotations

import re

_MARKS = re.compile("[\"'“”‘’„‚«»‹›`´]")


def holds(check, claims):
    """`check`: {"claim": WHERE} (one fits; with "count", so many), {"no_claim": WHERE}, {"same": [A, B]} or
    {"apart": [A, B]}, patterns for the words of sources and entities that have one id, or two. WHERE: see `_fits`.
    {"names": {WORDS: TYPES}}: the claims together name just these, TYPES joined by "|"; with "maybe", others of it too.
    """
    if "names" in check:
        return bool(claims) and _names_only(check["names"], check.get("maybe", {}), claims)
    if "same" in check or "apart" in check:
        first, second = (_ids(pattern, claims) for pattern in check.get("same") or check["apart"])
        if not first or not second:
            return False
        return len(first | second) == 1 if "same" in check else not first & second
    if "no_claim" in check:
        return not any(_fits(check["no_claim"], claim) for claim in claims)
    count = sum(_fits(check["claim"], claim) for claim in claims)
    return count == check["count"] if "count" in check else count > 0


def _plain(words):
    return " ".join(_MARKS.sub("", words).split()).casefold()


def _found(pattern, words):
    return re.search(_MARKS.sub("", pattern), words, re.IGNORECASE) is not None


def _stands(want, words):
    plain = _plain(want.removeprefix("^").removesuffix("$"))
    at_start = not want.startswith("^") or words.startswith(plain)
    return plain in words and at_start and (not want.endswith("$") or words.endswith(plain))


def _listed(value):
    return value if isinstance(value, list) else [value]


def _named(source):
    spelt = source.span.exact if source.span else ""
    return _plain(" / ".join(part for part in (source.name, spelt) if part))


def _fits(where, claim):
    """Whether a claim meets all conditions.

    content, text: words, a string or all of a list; content_not, text_not: none of them. Words after "^" stand at the
    beginning, words before "$" at the end. source, addressee: a pattern, None for nobody. only_times, only_quantities:
    these and no others. Others: the value, or one of a list.
    """
    link = claim.attribution[-1] if claim.attribution else None
    words = {"content": _plain(" ".join(s.exact for s in claim.content.spans)), "text": _plain(claim.content.text)}
    values = {
        "act": claim.act,
        "polarity": claim.polarity,
        "certainty": claim.modality.certainty,
        "voice": claim.voice,
        "quote_type": link.quote_type if link else None,
        "negated": link.negated if link else False,
    }
    return all(_meets(key, want, claim, link, words, values) for key, want in where.items())


def _meets(key, want, claim, link, words, values):  # noqa: C901, PLR0911, PLR0912 - one line a key
    if key in values:
        return values[key] in _listed(want)
    if key in words:
        return all(_stands(each, words[key]) for each in _listed(want))
    if key.removesuffix("_not") in words:
        return not any(_stands(each, words[key.removesuffix("_not")]) for each in _listed(want))
    match key:
        case "source":
            name = _named(link.source) if link else ""
            return not name if want is None else bool(name) and _found(want, name)
        case "addressee":
            return any(_found(want, _named(each)) for each in (link.addressees if link else ()))
        case "times":
            return all(any(_is_time(each, time) for time in claim.times) for each in want)
        case "only_times":
            return len(claim.times) == len(want) and _meets("times", want, claim, link, words, values)
        case "no_time":
            return not any(_found(want, _plain(time.span.exact)) for time in claim.times)
        case "quantities":
            return all(any(_is_quantity(each, quantity) for quantity in claim.quantities) for each in want)
        case "only_quantities":
            return len(claim.quantities) == len(want) and _meets("quantities", want, claim, link, words, values)
        case "no_quantity":
            return not any(_found(want, _plain(quantity.span.exact)) for quantity in claim.quantities)
        case "entities":
            return all(any(_is_entity(each, entity) for entity in claim.entities) for each in want)
        case "worth":
            return want[0] <= claim.check_worthiness <= want[1]
    raise ValueError(f"unknown condition {key!r}")


def _is_time(want, time):
    return all(
        re.fullmatch(value, time.timex) if key == "timex" else getattr(time, key) == value
        for key, value in want.items()
    )


def _is_quantity(want, quantity):
    return all(
        _found(value, _plain(quantity.unit or "")) if key == "unit" else getattr(quantity, key) == value
        for key, value in want.items()
    )


def _is_entity(want, entity):
    spelt = _plain(entity.name + " / " + " / ".join(span.exact for span in entity.spans))
    return _found(want["name"], spelt) and want.get("type") in (None, entity.type)


def _names_only(names, maybe, claims):
    """An article before a name and a full stop behind it say nothing of its edges."""
    found = {(_bare(span.exact), entity.type) for claim in claims for entity in claim.entities for span in entity.spans}
    wanted = {_bare(words): types.split("|") for words, types in names.items()}
    allowed = wanted | {_bare(words): types.split("|") for words, types in maybe.items()}
    return wanted.keys() <= {words for words, _ in found} and all(
        kind in allowed.get(words, ()) for words, kind in found
    )


def _bare(words):
    return _plain(words).removeprefix("the ").removesuffix(".")


def _ids(pattern, claims):
    found = set()
    for claim in claims:
        for source in (each for link in claim.attribution for each in (link.source, *link.addressees)):
            if source.span and re.fullmatch(_MARKS.sub("", pattern), _plain(source.span.exact), re.IGNORECASE):
                found.add(source.entity_id)
        for entity in claim.entities:
            if any(re.fullmatch(_MARKS.sub("", pattern), _plain(s.exact), re.IGNORECASE) for s in entity.spans):
                found.add(entity.entity_id)
    return found
