"""Our program under the names of others in a folder, for what calls those; and daemons that tests start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

STOP = 20.0
"""Seconds that a daemon may take to end."""


def faces(folder: Path, *names: str) -> Path:
    """Write a program for each name that is ours in that role.

    Returns: the folder.
    """
    folder.mkdir()
    for name in names:
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m baseboard {name} "$@"\n')
        program.chmod(0o755)
    return folder


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def daemon(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a daemon in the foreground while the block lasts; what it said is told if the block fails."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "LC_ALL": "C", **environment},
    )
    try:
        yield process
    except BaseException as error:
        process.terminate()
        error.add_note(process.communicate(timeout=STOP)[0])
        raise
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=STOP)
