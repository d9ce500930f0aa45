"""The licences of the locked packages: what metadata says is understood, and what is not allowed is found."""

from __future__ import annotations

from email.message import Message
from pathlib import Path

import pytest

from supply.licences import Rules, licence_of
from supply.locks import LOCK_FILES, ROOT, pinned

RULES = Rules.read(ROOT / "supply" / "licences.toml")


def _about(**fields):
    message = Message()
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("about", "licence", "allowed"),
    [
        (_about(License_Expression="MIT"), "MIT", True),
        (_about(License_Expression="Apache-2.0 OR GPL-2.0-only"), "Apache-2.0 OR GPL-2.0-only", True),
        (_about(License_Expression="MIT AND GPL-3.0-or-later"), "MIT AND GPL-3.0-or-later", False),
        (_about(Classifier=["License :: OSI Approved :: MIT License", "Topic :: X"]), "MIT", True),
        (_about(Classifier=["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"]), None, False),
        (_about(License="BSD\n\nCopyright"), "BSD-3-Clause", True),
        (_about(License="AGPL-3.0"), "AGPL-3.0", False),
        (_about(), "", False),
    ],
)
def test_a_licence_is_read_from_metadata_of_any_age(about, licence, allowed):
    found = licence_of("a", about, RULES)
    assert licence is None or found == licence
    assert RULES.allows(found) is allowed


def test_the_locks_name_their_packages():
    names = {name for name, _ in pinned(LOCK_FILES)}
    assert {"spacy", "aiokafka", "pyarrow", "opentelemetry-sdk", "pytest", "hatchling"} <= names


def test_whoever_was_read_is_locked():
    names = {name for name, _ in pinned(LOCK_FILES)}
    assert set(RULES.known) | RULES.programs <= names


def test_every_lock_has_hashes():
    for file in Path(ROOT / "requirements").glob("*.txt"):
        lines = file.read_text(encoding="utf-8").splitlines()
        packages = [number for number, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))]
        assert packages, file
        assert all("--hash=sha256:" in lines[number + 1] for number in packages), file
