"""The house stays one in which things are found: a folder holds what a reader can take in at once."""

from __future__ import annotations

from collections import Counter

from tests.paths import ROOT

MOST_MODULES = 20


def test_no_folder_of_the_worker_has_more_modules_than_a_reader_takes_in():
    modules = (path for path in (ROOT / "worker").rglob("*.py") if path.name != "__init__.py")
    counts = Counter(str(path.parent.relative_to(ROOT)) for path in modules)
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}
