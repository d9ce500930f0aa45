"""What `make node-tools` fetches from npm for tests of the contract."""

from __future__ import annotations

import shutil

import pytest

from tests.paths import ROOT

__all__ = ["NODE_TOOLS", "needs_node_tools"]

NODE_TOOLS = ROOT / "tests" / "contract" / "published" / "node" / "node_modules"
needs_node_tools = pytest.mark.skipif(
    shutil.which("node") is None or not (NODE_TOOLS / "typescript").exists(),
    reason="needs Node.js and `make node-tools`",
)
