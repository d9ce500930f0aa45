"""The Helm chart, rendered by Helm itself."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import yaml

from tests.paths import ROOT

CHART = ROOT / "deploy" / "helm" / "claimwire"
_LIMIT_S = 120


def _helm(*arguments, values=None):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "values.yaml"
        file.write_text(yaml.safe_dump(values or {}), encoding="utf-8")
        # a Helm that Go built from its module says 1.20
        command = ["helm", *arguments, "--values", str(file), "--kube-version", "1.31.0"]
        return subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False)


def rendered(values=None, release="claims"):
    """The objects of the chart, by kind and name."""
    ran = _helm("template", release, str(CHART), "--namespace", "news", values=values)
    assert ran.returncode == 0, ran.stderr
    objects = [each for each in yaml.safe_load_all(ran.stdout) if each]
    return {(each["kind"], each["metadata"]["name"]): each for each in objects}


def refusal(values):
    """What Helm says about values that it does not take."""
    ran = _helm("template", "claims", str(CHART), values=values)
    assert ran.returncode != 0, f"taken: {values}"
    return ran.stderr


def lint(values=None):
    return _helm("lint", str(CHART), "--strict", values=values)
