"""Files that ipmitool reads and writes, and its words where it does not."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baseboard.cli.call import Call


def read_file(call: Call, name: str) -> bytes | None:
    """Give what is in a file; None and a line on standard error if it cannot be read."""
    if not os.path.lexists(name):
        call.err(f"File {name} does not exist")
        return None
    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        call.err(f"Unable to open file {name}: {error.strerror}")
        return None


def write_file(call: Call, name: str, data: bytes) -> bool:
    """Write a file: a new one, or one that is nobody else's, has no second name and is no link.

    Returns: False and a line on standard error if it is not written.
    """
    try:
        status = os.lstat(name)
    except OSError:
        status = None
    if status is not None:
        reason = _unfit(status)
        if reason:
            call.err(f"File {name} has invalid {reason}")
            return False
    try:
        with open(name, "wb") as file:
            file.write(data)
    except OSError as error:
        call.err(f"Unable to open file {name}{' for write' if status is None else ''}: {error.strerror}")
        return False
    return True


def _unfit(status: os.stat_result) -> str:
    """What speaks against writing over a file; nothing if it is fit."""
    if not stat.S_ISREG(status.st_mode):
        return f"mode: {status.st_mode}"
    return f"link count: {status.st_nlink} != 1" if status.st_nlink != 1 else ""
