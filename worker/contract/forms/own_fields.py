"""The setting `fields`: a user's own names for the fields of an article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from worker.contract.forms.table import NATIVE

__all__ = ["own_fields"]


def own_fields(setting: str) -> Mapping[str, tuple[str, ...]]:
    """`headline=kop, body=content.tekst` as the paths of each field; a field that comes twice has both, in that order.

    Raises:
        ValueError: with the words for what was expected.
    """
    paths: dict[str, list[str]] = defaultdict(list)
    for part in filter(None, (part.strip() for part in setting.split(","))):
        field, equals, path = (text.strip() for text in part.partition("="))
        if not (equals and path and field in NATIVE):
            raise ValueError(
                "field=name pairs with commas between them, as `headline=title, body=content.text`; the fields are "
                + ", ".join(NATIVE)
            )
        paths[field].append(path)
    return {field: tuple(found) for field, found in paths.items()}
