"""ipmitool and Baseboard's personality of it, one after the other on the same BMC, compared byte for byte.

Equal are standard output and the exit code; standard error begins with ipmitool's lines (`-v` adds lines of
each program's own and is not compared there). What differs on purpose stands in ``differences.toml`` with its
reason, and nothing else may.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests import peers
from tests.interop.lab import Bmc, Done

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS = [sys.executable, "-P", "-m", "baseboard", "ipmitool"]
DIFFERENCES = Path(__file__).parent / "differences.toml"
# A reading may change between the two runs, so a mismatch is looked at again; a wrong format never matches.
ROUNDS = 4


@dataclass(frozen=True)
class Difference:
    """Something that is not the same, and why.

    Attributes:
        command: a regular expression for the words of the command, whole.
        theirs: regular expressions of lines that only ipmitool prints.
        ours: regular expressions of lines that only we print.
        codes: ipmitool's exit code and ours, if they differ.
        stream: stdout or stderr.
        reason: why.
    """

    command: str
    reason: str
    theirs: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    codes: tuple[int, int] | None = None
    stream: str = "stdout"

    def covers(self, removed: Sequence[str], added: Sequence[str]) -> bool:
        """Whether these lines are just the ones named here."""
        return all(_known(line, self.theirs) for line in removed) and all(
            _known(line, self.ours) for line in added
        )


def _known(line: str, patterns: tuple[str, ...]) -> bool:
    return any(re.fullmatch(pattern, line) for pattern in patterns)


@cache
def differences() -> tuple[Difference, ...]:
    """What the committed file lists."""
    listed = tomllib.loads(DIFFERENCES.read_text())["difference"]
    return tuple(
        Difference(
            command=one["command"],
            reason=one["reason"],
            theirs=tuple(one.get("theirs", ())),
            ours=tuple(one.get("ours", ())),
            codes=tuple(one["codes"]) if "codes" in one else None,
            stream=one.get("stream", "stdout"),
        )
        for one in listed
    )


def side_by_side(
    bmc: Bmc,
    *words: str,
    interface: str = "lanplus",
    suite: int | None = None,
    options: Sequence[str] = (),
    login: bool = True,
    mask: Sequence[str] = (),
    stdin: str = "",
    environment: dict[str, str] | None = None,
    files: Sequence[Path] = (),
) -> Done:
    """Run a command with both programs and hold them against each other.

    Args:
        words: the command: noun, verb, arguments.
        interface: ``lanplus`` or ``lan``.
        suite: cipher suite; None = 3, which every BMC of the tests has (lanplus).
        options: more options, put before the words.
        login: give address, user and password; False: the options say everything.
        mask: regular expressions of what may differ, such as a session's number or the time.
        files: files that the command writes; they must be equal too.

    Returns: what ours printed.
    """
    base: list[str] = []
    if login:
        base += ["-I", interface, "-H", bmc.address, "-p", str(bmc.port), "-U", bmc.username, "-E"]
        if interface == "lanplus":
            base += ["-C", str(3 if suite is None else suite)]
            base += [] if bmc.kg is None else ["-y", bmc.kg]
    settings = {"IPMITOOL_PASSWORD": bmc.password, "LC_ALL": "C", "TZ": "UTC", "HOME": str(bmc.folder)}
    settings |= {"XDG_CACHE_HOME": str(bmc.folder / "cache"), "XDG_STATE_HOME": str(bmc.folder / "state")}
    settings |= environment or {}
    verbose = any(re.fullmatch(r"-[a-z]*v[a-z]*", one) for one in (*options, *words))
    problem = ""
    for _ in range(ROUNDS):
        theirs = _run([peers.require("ipmitool"), *base, *options, *words], stdin, settings)
        their_files = [_taken(path) for path in files]
        ours = _run([*OURS, *base, *options, *words], stdin, settings)
        our_files = [_taken(path) for path in files]
        problem = _compared(" ".join([*options, *words]), theirs, ours, tuple(mask), verbose=verbose)
        if not problem and their_files != our_files:
            problem = f"the files differ:\n{their_files}\n{our_files}"
        if not problem:
            return ours
    raise AssertionError(
        f"{' '.join([*options, *words])}\n{problem}\n--- ipmitool\n{theirs}\n--- ours\n{ours}"
    )


def _run(command: list[str], stdin: str, environment: dict[str, str]) -> Done:
    done = subprocess.run(
        command,
        input=stdin.encode(),
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )
    return Done(command, done.returncode, _text(done.stdout), _text(done.stderr))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def _taken(path: Path) -> bytes | None:
    """A file's bytes; it goes, so that the next program writes its own."""
    if not path.exists():
        return None
    data = path.read_bytes()
    path.unlink()
    return data


def _compared(command: str, theirs: Done, ours: Done, mask: tuple[str, ...], *, verbose: bool) -> str:
    """What is not as it should be; empty when all is."""
    allowed = [one for one in differences() if re.fullmatch(one.command, command)]
    if theirs.code != ours.code and (theirs.code, ours.code) not in [one.codes for one in allowed]:
        return f"exit code {theirs.code} and {ours.code}"
    out = [one for one in allowed if one.stream == "stdout"]
    problem = _lines(_masked(theirs.out, mask), _masked(ours.out, mask), out, more=False)
    if problem or verbose:
        return problem
    err = [one for one in allowed if one.stream == "stderr"]
    return _lines(_masked(theirs.err, mask), _masked(ours.err, mask), err, more=True)


def _masked(text: str, mask: tuple[str, ...]) -> list[str]:
    for pattern in mask:
        text = re.sub(pattern, "...", text)
    return text.split("\n")


def _lines(theirs: list[str], ours: list[str], allowed: list[Difference], *, more: bool) -> str:
    """Compare lines; with ``more`` ours may go on after theirs have ended."""
    if more and ours[: len(theirs) - 1] == theirs[:-1]:
        return ""
    if theirs == ours:
        return ""
    diff = list(difflib.ndiff(theirs, ours))
    removed = [line[2:] for line in diff if line.startswith("- ")]
    added = [line[2:] for line in diff if line.startswith("+ ")]
    if any(one.covers(removed, added) for one in allowed):
        return ""
    return "\n".join(line for line in diff if not line.startswith("? "))
