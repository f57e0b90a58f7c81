"""Run in the guest: starts our program as often as it is asked to, each time in a process of its own.

Under emulation Python and our modules take seconds to load. Here that is done once, and each process is a
copy that goes on from there. The words of a call come through a named pipe, its exit status goes through
another; what it printed is in a file.
"""

from __future__ import annotations

import importlib
import os
import shlex
import sys

from baseboard.cli import main

# What most calls use.
LOADED = (
    "asyncio",
    "baseboard.cli.console",
    "baseboard.cli.ipmitool.sdr",
    "baseboard.cli.native",
    "baseboard.client.bmc",
    "baseboard.client.connect",
    "baseboard.client.inband",
)
CALL, SAID, STATUS = "/run/ours-call", "/run/ours-said", "/run/ours-status"


def asked() -> str:
    """The words of the next call, as a shell reads them; empty at the end."""
    with open(CALL) as pipe:
        return pipe.readline()


def serve() -> int:
    """Take calls until there are no more words; a copy of this process returns with the program's status."""
    while line := asked().strip():
        copy = os.fork()
        if copy == 0:
            said = os.open(SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(said, 1)
            os.dup2(said, 2)
            sys.argv = ["baseboard", *shlex.split(line)]
            return main()
        _, status = os.waitpid(copy, 0)
        with open(STATUS, "w") as pipe:
            print(os.waitstatus_to_exitcode(status), file=pipe)
    return 0


for name in LOADED:
    importlib.import_module(name)
sys.exit(serve())
