"""The generated types for programs of others: compiled, and fed with the examples."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.contract.published.node_tools import NODE_TOOLS, needs_node_tools
from tests.paths import ROOT

TYPES = ROOT / "schemas" / "types"
EXAMPLES = {"Claim": "claim", "Extraction": "extraction", "RawArticle": "raw-article", "DeadLetter": "dead-letter"}


def example(name):
    return json.loads((ROOT / "schemas" / "examples" / f"{EXAMPLES[name]}.v1.json").read_text(encoding="utf-8"))


def wrong_claim():
    return example("Claim") | {"act": "whisper"}


def mypy(folder, name, value):
    """The output of mypy for a program that says that the value is one of the type; empty: it is."""
    (folder / "reader.py").write_text(
        f"from claimwire_messages import {name}\n\nmessage: {name} = {value!r}\n", encoding="utf-8"
    )
    (folder / "claimwire_messages.py").write_bytes((TYPES / "claimwire_messages.py").read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", "reader.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def tsc(folder, name, value):
    (folder / "reader.ts").write_text(
        f'import type {{ {name} }} from "./claimwire";\n\nexport const message: {name} = {json.dumps(value)};\n',
        encoding="utf-8",
    )
    (folder / "claimwire.ts").write_bytes((TYPES / "claimwire.ts").read_bytes())
    done = subprocess.run(
        ["node", NODE_TOOLS / "typescript" / "bin" / "tsc", "--strict", "--noEmit", "reader.ts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_python_takes_the_examples(tmp_path, name):
    assert mypy(tmp_path, name, example(name)) == ""


def test_python_refuses_what_is_no_claim(tmp_path):
    assert "whisper" in mypy(tmp_path, "Claim", wrong_claim())


@needs_node_tools
@pytest.mark.parametrize("name", list(EXAMPLES))
def test_typescript_takes_the_examples(tmp_path, name):
    assert tsc(tmp_path, name, example(name)) == ""


@needs_node_tools
def test_typescript_refuses_what_is_no_claim(tmp_path):
    assert "whisper" in tsc(tmp_path, "Claim", wrong_claim())
