"""The copy of the states on disk: what the disk refuses is said with the file's name, and no whole file is lost."""

from __future__ import annotations

import pytest

from worker.streaming.stateful.state_file import Change, StateFile, StateFileError

_STATE = Change(b"state", 1)


def test_a_disk_that_becomes_full_leaves_what_was_there(tmp_path):
    path = tmp_path / "states.sqlite"
    with StateFile(path) as file:
        file.apply({b"a": _STATE}, 1)
        pages = file._database.execute("PRAGMA page_count").fetchone()[0]
        file._database.execute(f"PRAGMA max_page_count = {pages}")  # SQLite then says what it says of a full disk
        with pytest.raises(StateFileError, match=r"states\.sqlite: database or disk is full; data_dir needs room"):
            file.apply({b"%d" % number: Change(b"x" * 1000, 1) for number in range(100)}, 2)
        assert (file.position, file.get([b"a", b"1"])) == (1, {b"a": b"state"})
        file._database.execute("PRAGMA max_page_count = 1000000")
        file.apply({b"b": _STATE}, 2)
    with StateFile(path) as file:
        assert file.get([b"a", b"b"]) == {b"a": b"state", b"b": b"state"}


def test_a_file_that_cannot_be_opened_is_named_and_stays(tmp_path):
    (tmp_path / "states.sqlite").mkdir()
    with pytest.raises(StateFileError, match=r"states\.sqlite: unable to open database file"):
        StateFile(tmp_path / "states.sqlite")
    assert (tmp_path / "states.sqlite").is_dir()


def test_a_broken_file_is_built_again(tmp_path):
    path = tmp_path / "states.sqlite"
    path.write_bytes(b"no database" * 1000)
    with StateFile(path) as file:
        assert file.position is None
