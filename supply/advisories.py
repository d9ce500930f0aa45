"""Whether a locked package has a published vulnerability: `python -m supply.advisories all.zip`, exit code 1 if so.

Needs no network: the file is OSV's export of the advisories of PyPI (https://osv.dev, "Data dumps"), some 30 MB, from
there or from a mirror. `make advisories` fetches it. What was looked at and does not concern Claimwire is in
advisories.toml, with the reason.
"""

from __future__ import annotations

import json
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from supply.locks import LOCK_FILES, normal, pinned

__all__ = ["Finding", "findings", "main"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    package: str
    version: str
    advisory: str
    """Its id in OSV, as GHSA-... or PYSEC-..."""
    summary: str
    fixed: str
    """The lowest version above ours that is not affected; "" where none is named."""


def findings(packages: Iterable[tuple[str, str]], advisories: Path) -> Iterator[Finding]:
    """What the advisories in OSV's file say of these packages.

    Raises:
        OSError, zipfile.BadZipFile, ValueError: the file cannot be read.
    """
    versions: dict[str, set[str]] = {}
    for name, version in packages:
        versions.setdefault(name, set()).add(version)
    with zipfile.ZipFile(advisories) as file:
        for member in file.namelist():
            if not member.endswith(".json"):
                continue
            advisory = json.loads(file.read(member))
            if not advisory.get("withdrawn"):
                yield from _in_advisory(advisory, versions)


def _in_advisory(advisory: Mapping[str, Any], versions: Mapping[str, set[str]]) -> Iterator[Finding]:
    for affected in advisory.get("affected", ()):
        package = affected.get("package", {})
        name = normal(package.get("name", ""))
        if package.get("ecosystem") != "PyPI":
            continue
        for version in sorted(versions.get(name, ())):
            if _is_affected(version, affected):
                summary = str(advisory.get("summary") or advisory.get("details", "")).strip()
                fixed = _fixed(version, affected)
                yield Finding(name, version, str(advisory["id"]), summary.partition("\n")[0][:160], fixed)


def _is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """As https://ossf.github.io/osv-schema says: it is listed, or a range contains it."""
    ours = Version(version)
    if any(_same(ours, listed) for listed in affected.get("versions", ())):
        return True
    return any(_in_range(ours, each["events"]) for each in affected.get("ranges", ()) if each["type"] == "ECOSYSTEM")


def _in_range(ours: Version, events: Iterable[Mapping[str, str]]) -> bool:
    inside = False
    for at, kind in sorted(_events(events)):
        if kind == "introduced" and ours >= at:
            inside = True
        elif (kind == "fixed" and ours >= at) or (kind == "last_affected" and ours > at):
            inside = False
    return inside


def _fixed(version: str, affected: Mapping[str, Any]) -> str:
    ours, events = Version(version), [e for each in affected.get("ranges", ()) for e in each["events"]]
    later = sorted(at for at, kind in _events(events) if kind == "fixed" and at > ours)
    return str(later[0]) if later else ""


def _events(events: Iterable[Mapping[str, str]]) -> Iterator[tuple[Version, str]]:
    for event in events:
        for kind, at in event.items():
            try:
                yield Version(at), kind
            except InvalidVersion:  # a commit of git, or a version from before PEP 440
                continue


def _same(ours: Version, listed: str) -> bool:
    try:
        return ours == Version(listed)
    except InvalidVersion:
        return False


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.exit(f"usage: python -m supply.advisories FILE\n\n{__doc__}")
    accepted = tomllib.loads(Path(__file__).with_name("advisories.toml").read_text(encoding="utf-8"))["accepted"]
    packages = pinned(LOCK_FILES)
    try:
        found = sorted(set(findings(packages, Path(arguments[0]))))
    except (OSError, zipfile.BadZipFile, ValueError) as broken:
        sys.exit(f"{arguments[0]} is not OSV's file of advisories: {broken}")
    wrong = [finding for finding in found if finding.advisory not in accepted]
    for finding in wrong:
        fixed = f"; {finding.fixed} is not affected" if finding.fixed else ""
        sys.stdout.write(f"{finding.package} {finding.version}: {finding.advisory} {finding.summary}{fixed}\n")
    sys.stdout.write(f"{len(packages)} packages, {len(wrong)} advisories, {len(found) - len(wrong)} accepted\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
