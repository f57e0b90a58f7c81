"""FreeIPMI's programs and ours under their names, one after the other on the same BMCs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence

from tests import peers
from tests.interop.lab import CACHING, Bmc, Done

ROUNDS = 4


def both(
    program: str,
    bmcs: Sequence[Bmc],
    *words: str,
    driver: str = "LAN_2_0",
    suite: int | None = 17,
    login: bool = True,
    password: str | None = None,
    username: str | None = None,
    stdin: str = "",
    same: Callable[[str], str] = str,
) -> Done:
    """Run a program of FreeIPMI and ours; standard output and exit code must be equal.

    Args:
        same: makes of an output what must be equal, such as its lines in order.

    Returns: what ours printed.
    """
    arguments: list[str] = []
    if login:
        bmc = bmcs[0]
        arguments += ["-h", ",".join(f"{one.address}:{one.port}" for one in bmcs), "-D", driver]
        arguments += ["-u", bmc.username if username is None else username]
        arguments += ["-p", bmc.password if password is None else password]
        arguments += [] if suite is None else ["-I", str(suite)]
    ended: list[Done] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as home:
            # FreeIPMI asks the user database for the home, not the environment.
            kept = [f"--sdr-cache-directory={home}"] if program in CACHING else []
            theirs = _run([peers.require("FreeIPMI", program), *kept, *arguments, *words], stdin, home)
        with tempfile.TemporaryDirectory() as home:
            ours = _run([sys.executable, "-P", "-m", "baseboard", program, *arguments, *words], stdin, home)
        ended = [theirs, ours]
        # A reading may change between two runs; a wrong format never fits.
        if theirs.code == ours.code and same(theirs.out) == same(ours.out):
            return ours
    raise AssertionError(f"{' '.join(words)}\n--- FreeIPMI\n{ended[0]}\n--- ours\n{ended[1]}")


def _run(command: list[str], stdin: str, home: str) -> Done:
    places = {"HOME": home, "XDG_CACHE_HOME": home, "XDG_STATE_HOME": home, "LC_ALL": "C", "TZ": "UTC"}
    done = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=120,
        check=False,
        env={**os.environ, **places},
    )
    return Done(command, done.returncode, done.stdout, done.stderr)


def in_order(text: str) -> str:
    """Lines in alphabetical order: hosts answer as they like."""
    return "\n".join(sorted(text.splitlines()))
