"""Doing things in another network namespace of Linux (namespaces(7)) than the rest of the process is in."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from typing import Final, TypeVar

from baseboard.errors import TransportError

T = TypeVar("T")

FOLDER: Final = "/run/netns"
"""Where ``ip netns`` keeps the namespaces that have names."""

_NEW_NETWORK: Final = 0x4000_0000  # CLONE_NEWNET of <linux/sched.h>


def path_of(namespace: str) -> str:
    """The file of a namespace: its name, as ``ip netns`` lists it, or the path itself."""
    return namespace if "/" in namespace else f"{FOLDER}/{namespace}"


def inside(namespace: str, action: Callable[[], T]) -> T:
    """Do something in a network namespace; sockets and files opened there stay there.

    It is done by a thread of its own, which ends with it: a thread that went elsewhere does not come back.

    Args:
        namespace: as of `path_of`; empty = the one that this process is in.
        action: what is done.

    Raises:
        TransportError: there is no such namespace, or no right to enter it.
    """
    results: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            if namespace:
                _enter(namespace)
            results.append(action())
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that asked
            failures.append(error)

    thread = threading.Thread(target=run, name="network namespace")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


def _enter(namespace: str) -> None:
    """Take this thread into the namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        fd = os.open(path_of(namespace), os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise TransportError(f"network namespace {namespace}: {error.strerror}") from error
    try:
        if libc.setns(fd, _NEW_NETWORK):
            code = ctypes.get_errno()
            trouble = TransportError(f"network namespace {namespace}: {os.strerror(code)}")
            trouble.hint = "it takes the right to administer the system (CAP_SYS_ADMIN), as root has it"
            raise trouble
    finally:
        os.close(fd)
