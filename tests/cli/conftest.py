"""A simulated server and the program pointed at it, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.simulated import Simulated, Told, running


@pytest.fixture(scope="module")
def bmc() -> Iterator[Simulated]:
    """A rack server's BMC on loopback, in a thread of its own."""
    with running() as simulated:
        yield simulated


@pytest.fixture
def program(
    bmc: Simulated, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Told]:
    """Run the program against that BMC; the words follow its address and login."""
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("IPMITOOL_PASSWORD", bmc.password)
    monkeypatch.setenv("LC_ALL", "C")

    def run(*words: str, login: bool = True) -> Told:
        from baseboard.cli import program

        code = program.main([*(bmc.login if login else ()), *words])
        captured = capsys.readouterr()
        return Told(code, captured.out, captured.err)

    return run
