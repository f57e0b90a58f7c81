"""Doing things in another network namespace, by a thread that goes there."""

from __future__ import annotations

import ctypes
import errno
import threading
from pathlib import Path
from typing import Any

import pytest

from baseboard.errors import TransportError
from baseboard.transports import namespace
from baseboard.transports.namespace import inside, path_of


class Libc:
    """setns(2), which notes who went where."""

    code = 0
    entered: list[tuple[str, int]]

    def __init__(self, name: None, *, use_errno: bool) -> None:
        assert use_errno

    def setns(self, fd: int, kind: int) -> int:
        if Libc.code:
            ctypes.set_errno(Libc.code)
            return -1
        Libc.entered.append((threading.current_thread().name, kind))
        return 0


@pytest.fixture
def libc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> type[Libc]:
    Libc.code, Libc.entered = 0, []
    monkeypatch.setattr(ctypes, "CDLL", Libc)
    monkeypatch.setattr(namespace, "FOLDER", str(tmp_path))
    (tmp_path / "bmc").touch()
    return Libc


def test_here_is_no_other_place(libc: type[Libc]) -> None:
    assert inside("", lambda: threading.current_thread().name) == "network namespace"
    assert libc.entered == []


def test_a_thread_goes_there_and_brings_back_what_it_found(libc: type[Libc]) -> None:
    assert inside("bmc", lambda: 7) == 7
    # CLONE_NEWNET (<linux/sched.h>)
    assert libc.entered == [("network namespace", 0x40000000)]
    assert threading.current_thread() is threading.main_thread()


def test_what_goes_wrong_there_is_raised_here(libc: type[Libc]) -> None:
    def fail() -> Any:
        raise KeyError("there")

    with pytest.raises(KeyError, match="there"):
        inside("bmc", fail)


def test_a_namespace_that_is_not_there_or_closed_is_told(libc: type[Libc]) -> None:
    with pytest.raises(TransportError, match="network namespace other: No such file"):
        inside("other", lambda: None)
    libc.code = errno.EPERM
    with pytest.raises(TransportError, match="network namespace bmc: Operation not permitted") as refused:
        inside("bmc", lambda: None)
    assert "CAP_SYS_ADMIN" in refused.value.hint


def test_a_name_is_that_of_ip_netns_and_a_path_a_path() -> None:
    assert path_of("bmc") == "/run/netns/bmc"
    assert path_of("/proc/77/ns/net") == "/proc/77/ns/net"
