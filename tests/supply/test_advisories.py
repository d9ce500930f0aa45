"""Published vulnerabilities of locked packages, from a file in OSV's form: which versions an advisory means."""

from __future__ import annotations

import json
import zipfile

import pytest

from supply import advisories
from supply.advisories import Finding, findings
from supply.locks import LOCK_FILES, pinned


def advisory(*, name="left-hand", events=(), versions=(), ecosystem="PyPI", kind="ECOSYSTEM", **more):
    affected = {"package": {"ecosystem": ecosystem, "name": name}, "versions": list(versions)}
    affected["ranges"] = [{"type": kind, "events": list(events)}] if events else []
    return {"id": "TEST-1", "summary": "It spills.", "affected": [affected]} | more


@pytest.fixture
def file(tmp_path):
    def write(*some):
        path = tmp_path / "all.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for number, one in enumerate(some):
                packed.writestr(f"TEST-{number}.json", json.dumps(one))
        return path

    return write


RANGES = [{"introduced": "1.2"}, {"fixed": "1.4"}, {"introduced": "2.0"}, {"last_affected": "2.3"}]


@pytest.mark.parametrize(
    ("version", "is_affected", "fixed"),
    [
        ("1.1", False, ""),
        ("1.2", True, "1.4"),
        ("1.3.9", True, "1.4"),
        ("1.4", False, ""),
        ("1.10", False, ""),
        ("2.0", True, ""),
        ("2.3", True, ""),
        ("2.3.1", False, ""),
    ],
)
def test_a_range_has_the_versions_between_its_events(file, version, is_affected, fixed):
    found = list(findings([("left-hand", version)], file(advisory(events=RANGES))))
    assert found == ([Finding("left-hand", version, "TEST-1", "It spills.", fixed)] if is_affected else [])


def test_names_and_versions_are_compared_in_their_normal_form(file):
    listed = advisory(name="Left.Hand", versions=["1.0"], events=[{"introduced": "nonsense"}])
    assert [found.version for found in findings([("left-hand", "1.0.0")], file(listed))] == ["1.0.0"]


def test_from_the_beginning_on_without_an_end(file):
    assert list(findings([("left-hand", "7")], file(advisory(events=[{"introduced": "0"}]))))


@pytest.mark.parametrize(
    "other",
    [
        advisory(events=RANGES, withdrawn="2026-01-01T00:00:00Z"),
        advisory(events=RANGES, ecosystem="npm"),
        advisory(events=RANGES, name="right-hand"),
        advisory(events=[{"introduced": "0"}], kind="GIT"),
        {"id": "TEST-2"},
    ],
)
def test_what_is_withdrawn_or_of_another_package_is_none(file, other):
    assert list(findings([("left-hand", "1.3")], file(other))) == []


def test_the_command_names_each_and_what_to_take_instead(file, capsys):
    name, version = min(pinned(LOCK_FILES))
    hit = advisory(name=name, versions=[version], events=[{"introduced": "0"}, {"fixed": f"{version}.999"}])
    assert advisories.main([str(file(hit))]) == 1
    assert capsys.readouterr().out.startswith(f"{name} {version}: TEST-1 It spills.; {version}.999 is not affected\n")
    assert advisories.main([str(file())]) == 0


def test_what_is_no_such_file_is_said(tmp_path):
    (tmp_path / "no.zip").write_text("nothing")
    with pytest.raises(SystemExit, match=r"no\.zip is not OSV's file of advisories"):
        advisories.main([str(tmp_path / "no.zip")])
