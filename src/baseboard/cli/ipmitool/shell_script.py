"""``exec``: the commands of a file, line by line, in one session."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from baseboard.cli.ipmitool.files import read_file
from baseboard.cli.ipmitool.shell_words import split

if TYPE_CHECKING:
    from baseboard.cli.call import Call


async def run(call: Call, words: list[str]) -> int:
    """Do what a file says; from ``#`` on a line is a comment.

    Returns: 1 if any command failed, though all were done.
    """
    if not words:
        call.err("Usage: exec <filename>")
        return 1
    data = read_file(call, words[0])
    if data is None:
        return 1
    code = 0
    for line in os.fsdecode(data).splitlines():
        command = split(line.partition("#")[0])
        if command and await call.line(command):
            code = 1
    return code
