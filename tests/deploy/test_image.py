"""The image's recipe: without a finding of hadolint, and made of files and settings that there are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from worker.settings import load_settings

_FILE = ROOT / "deploy" / "Dockerfile"


@pytest.fixture(scope="module")
def recipe():
    """The instructions, each in one line."""
    return _FILE.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def _of(recipe, word):
    return [line.removeprefix(word + " ") for line in recipe if line.startswith(word + " ")]


def test_hadolint_finds_nothing():
    ran = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), "--no-color", _FILE], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


def test_each_file_that_goes_in_is_there_and_not_ignored(recipe):
    ignored = [line.rstrip("/") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()]
    for line in _of(recipe, "COPY"):
        if not line.startswith("--from"):
            for source in line.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source.rstrip("/") not in ignored


def test_what_the_wheel_is_made_of_goes_in(recipe):
    copied = {source.rstrip("/") for line in _of(recipe, "COPY") for source in line.split()[:-1]}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    forced = project.partition("[tool.hatch.build.targets.wheel.force-include]")[2].partition("[")[0]
    assert set(re.findall(r'^"(\w+)" =', forced, re.MULTILINE)) <= copied
    assert {"claimwire", "pyproject.toml", "README.md", "LICENSE"} <= copied


def test_everything_that_is_installed_has_a_hash(recipe):
    for command in re.findall(r"pip install[^&;]*", "\n".join(recipe)):
        assert "--require-hashes" in command or "--no-index" in command, command
    for name in ("worker", "build", "archives", "tracing"):
        locked = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert locked.count("==") <= locked.count("--hash=sha256:")


def test_the_worker_in_it_is_no_root_and_has_settings_that_it_knows(recipe):
    (user,) = _of(recipe, "USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    pairs = dict(pair.split("=", 1) for line in _of(recipe, "ENV") for pair in line.split())
    settings, _ = load_settings(pairs)
    assert settings.data_dir == "/data"
    assert f"EXPOSE {settings.web_port}" in recipe


def test_the_base_is_named_by_its_digest_and_both_stages_begin_at_it(recipe):
    (base,) = [line for line in _of(recipe, "ARG") if line.startswith("PYTHON_IMAGE=")]
    assert re.search(r"@sha256:[0-9a-f]{64}$", base)
    assert [line.split()[0] for line in _of(recipe, "FROM")] == ["${PYTHON_IMAGE}", "${PYTHON_IMAGE}"]


@pytest.mark.parametrize(("version", "is_fit"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_a_base_with_another_python_ends_the_build_with_a_sentence(recipe, version, is_fit):
    (check,) = re.findall(r'RUN python -c "(.*?)"', "\n".join(recipe))
    try:
        exec(check.replace("import sys; ", ""), {"sys": _FakeSys(version)})  # noqa: S102 - a line of our own file
    except SystemExit as refused:
        assert not is_fit
        assert f"has Python 3.{version[1]}" in str(refused)
    else:
        assert is_fit


class _FakeSys:
    exit = staticmethod(sys.exit)

    def __init__(self, version):
        self.version_info = version
