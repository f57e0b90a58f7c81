"""The folder between a machine and its BMC."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from baseboard.bmc.backends.qemu.folder import LONGEST_PATH, Folder
from baseboard.errors import TransportError


def test_it_is_its_owners_alone_and_one_bmcs(tmp_path: Path) -> None:
    path = tmp_path / "a" / "run"
    folder = Folder(str(path))
    assert path.stat().st_mode & 0o777 == 0o700
    with pytest.raises(TransportError, match="another BMC has the machine"):
        Folder(str(path))
    folder.close()
    Folder(str(path)).close()


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_one_that_others_may_enter_is_refused(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(TransportError, match="commands the machine"):
        Folder(str(tmp_path))


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(TransportError, match="no link"):
        Folder(str(tmp_path / "link"))


def test_a_file_in_its_place_and_a_path_too_long(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TransportError, match="exists"):
        Folder(str(tmp_path / "file"))
    with pytest.raises(TransportError, match="too long"):
        Folder(str(tmp_path / ("x" * LONGEST_PATH)))


def test_a_qemu_that_runs_is_found_by_its_pid_file(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "run"))
    assert folder.running() is None
    folder.pid.write_text(f"{os.getpid()}\n")
    assert folder.running() is None, "the number is another's by now"
    folder.pid.write_text("none")
    assert folder.running() is None
    words = [sys.executable, "-c", "print(flush=True); input()", "-pidfile", str(folder.pid)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # its arguments are there once it runs, not as soon as it has a number
        folder.pid.write_text(f"{process.pid}\n")
        assert folder.running() == process.pid
        process.communicate(b"\n")
    assert folder.running() is None
    folder.forget()
    assert not folder.pid.exists()
    folder.forget()
    folder.close()


def test_files_are_kept_and_qemus_last_words_read(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "run"))
    assert folder.last_words() == ""
    folder.log.write_text("x" * 5000 + "\nfirst\n\n second \n")
    assert folder.last_words().endswith("x / first / second")
    assert len(folder.last_words()) < 2100
    (path,) = folder.keep([("type1.bin", b"\1")])
    assert path.read_bytes() == b"\1"
    folder.close()
