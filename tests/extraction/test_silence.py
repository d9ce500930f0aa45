"""Claimwire sends nothing home: the telemetry of onnxruntime is off in every process, before its import."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.paths import ROOT

_TELL = """
import os, sys
class Tell:
    def find_spec(self, name, path=None, target=None):
        if name == "onnxruntime":
            print(os.environ.get("ORT_DISABLE_TELEMETRY"))
            raise SystemExit
sys.meta_path.insert(0, Tell())
import MODULE
print("onnxruntime is not imported")
"""


def _without_variable(**more):
    return {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"} | more


@pytest.mark.parametrize("module", ["worker.extraction.attribution.model.network", "worker.stages.extract"])
def test_the_variable_is_set_when_onnxruntime_is_looked_for(module):
    told = subprocess.run(
        [sys.executable, "-c", _TELL.replace("MODULE", module)],
        env=_without_variable(PYTHONPATH=str(ROOT)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "1"


def test_every_module_that_imports_onnxruntime_is_in_a_package_that_sets_the_variable():
    importing = {
        path.relative_to(ROOT).parts[0]
        for room in ("worker", "training", "bench", "tests")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"^\s*(import|from) onnxruntime", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert "worker" in importing
    for package in importing:
        assert 'os.environ["ORT_DISABLE_TELEMETRY"] = "1"' in (ROOT / package / "__init__.py").read_text(
            encoding="utf-8"
        )


def _no_network():
    """The command that runs another one without any network, or None where that is not possible."""
    unshare = shutil.which("unshare")
    for options in (["-n"], ["-r", "-n"]):
        if unshare and subprocess.run([unshare, *options, "true"], capture_output=True, check=False).returncode == 0:
            return [unshare, *options]
    return None


@pytest.mark.slow
def test_without_network_the_claims_are_the_same_and_nothing_is_written_at_home(tmp_path):
    alone = _no_network()
    if alone is None:
        pytest.skip("no network namespace can be made here (unshare -n)")
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    command = [
        sys.executable,
        "-m",
        "worker",
        "extract",
        "--json",
        str(ROOT / "seeds/articles/01-libya-withdrawal.json"),
    ]
    env = _without_variable(PYTHONPATH=str(ROOT), HOME=str(home))
    for name in [name for name in env if name.startswith("XDG_")]:
        del env[name]
    found = subprocess.run(alone + command, env=env, cwd=work, capture_output=True, check=True)
    usual = subprocess.run(
        command, cwd=work, env=_without_variable(PYTHONPATH=str(ROOT)), capture_output=True, check=True
    )
    assert found.stdout == usual.stdout
    assert found.stdout.count(b"\n") > 3
    assert list(home.rglob("*")) == []
    assert list(work.rglob("*")) == []
