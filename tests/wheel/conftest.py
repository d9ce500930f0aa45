from __future__ import annotations

import pytest

from tests.wheel.installed import build, given, install


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(request, tmp_path_factory):
    """The wheel with the extra `demo`, as CLAIMWIRE_TEST_INSTALLED gives it, else in an environment of links."""
    return given() or install(
        request.getfixturevalue("wheel"), tmp_path_factory.mktemp("installed") / "venv", frozenset({"demo"})
    )


@pytest.fixture
def elsewhere(tmp_path):
    """A folder to start from, whose files have the names of modules of ours and of Python."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in ("worker", "claimwire", "json", "faust"):
        (folder / f"{name}.py").write_text("raise SystemExit('the wrong module')\n", encoding="utf-8")
    return folder
