"""Files: what is read, what is written over, and what is said otherwise."""

from __future__ import annotations

import os
from pathlib import Path

from baseboard.cli.ipmitool.files import read_file, write_file
from tests.cli.ipmitool.scenes import Stage


def test_a_file_is_read(tmp_path: Path) -> None:
    stage = Stage({})
    (tmp_path / "a").write_bytes(b"abc")
    assert read_file(stage.call, str(tmp_path / "a")) == b"abc"
    assert stage.err == ""


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    stage = Stage({})
    missing = tmp_path / "missing"
    assert read_file(stage.call, str(missing)) is None
    assert read_file(stage.call, str(tmp_path)) is None
    assert stage.err == f"File {missing} does not exist\nUnable to open file {tmp_path}: Is a directory\n"


def test_a_new_file_and_an_own_one_are_written(tmp_path: Path) -> None:
    stage, path = Stage({}), tmp_path / "a"
    assert write_file(stage.call, str(path), b"one and more")
    assert write_file(stage.call, str(path), b"two")
    assert path.read_bytes() == b"two"
    assert stage.err == ""


def test_no_other_file_is_written_over(tmp_path: Path) -> None:
    stage, path = Stage({}), tmp_path / "a"
    path.write_bytes(b"kept")
    (tmp_path / "link").symlink_to(path)
    os.link(path, tmp_path / "second")
    for name in ("link", "second"):
        assert not write_file(stage.call, str(tmp_path / name), b"new")
    assert not write_file(stage.call, str(tmp_path / "no" / "folder"), b"new")
    assert path.read_bytes() == b"kept"
    assert stage.err == (
        f"File {tmp_path / 'link'} has invalid mode: {(tmp_path / 'link').lstat().st_mode}\n"
        f"File {tmp_path / 'second'} has invalid link count: 2 != 1\n"
        f"Unable to open file {tmp_path / 'no' / 'folder'} for write: No such file or directory\n"
    )
