"""Checks the licences of the locked packages: `python -m supply.licences`. Exit code 1 when one is not allowed.

Looks at the packages of requirements/*.txt that are installed; those of other platforms are counted. Training has a
lock of its own (train.txt), and nothing of it is shipped.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from supply.locks import LOCK_FILES, normal, pinned

__all__ = ["Rules", "licence_of", "main"]


@dataclass(frozen=True, slots=True)
class Rules:
    """See licences.toml. Names of packages are in their normal form: lower case, words joined by `-`."""

    allowed: frozenset[str]
    meaning: Mapping[str, str]
    known: Mapping[str, str]
    programs: frozenset[str]

    @classmethod
    def read(cls, file: Path) -> Rules:
        content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        known = {name: entry["licence"] for name, entry in content["known"].items()}
        return cls(frozenset(content["allowed"]), content["meaning"], known, frozenset(content["programs"]))

    def allows(self, expression: str) -> bool:
        """An SPDX expression of names with AND and OR: each part of an AND is allowed, and one of an OR."""
        bare = re.sub(r"[()]", " ", expression)
        return all(
            any(part.strip() in self.allowed for part in re.split(r"\s+OR\s+", either))
            for either in re.split(r"\s+AND\s+", bare)
        )


def licence_of(name: str, about: metadata.PackageMetadata, rules: Rules) -> str:
    """The licence that the metadata of a package names, as an SPDX expression where it can be told; "" for none.

    Of several classifiers the package says "all of these", as trio's "MIT License; Apache Software License", which it
    offers by choice: then all must be allowed, which is stricter.
    """
    if name in rules.known:
        return rules.known[name]
    for expression in about.get_all("License-Expression", []):
        return str(expression)
    classifiers = [str(c).rpartition(" :: ")[2] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    words = [word for word in classifiers if word not in ("OSI Approved", "DFSG approved")]
    if not words:
        words = ("\n".join(about.get_all("License", [])).splitlines() or [""])[:1]
    return " AND ".join(rules.meaning.get(word, word) for word in words)


def main() -> int:
    rules = Rules.read(Path(__file__).with_name("licences.toml"))
    installed = {normal(package.metadata["Name"]): package for package in metadata.distributions()}
    names = {name for name, _ in pinned(LOCK_FILES)}
    wrong = []
    for name in sorted(names & installed.keys() - rules.programs):
        licence = licence_of(name, installed[name].metadata, rules)
        if not rules.allows(licence):
            wrong.append(f"{name}: {licence or 'no licence is named'}")
    for line in wrong:
        print(f"NOT ALLOWED {line}; read it, and add it to supply/licences.toml with the reason, or do without")
    elsewhere = len(names - installed.keys())
    print(f"{len(names) - elsewhere} licences of locked packages looked at, {elsewhere} are for other platforms")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
