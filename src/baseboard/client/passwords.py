"""Where passwords come from, so that none has to stand in a command line: file, environment, prompt, program.

No text and no error of this module holds what was read.
"""

from __future__ import annotations

import os
import secrets
import shlex
import string
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from baseboard.errors import CredentialTooLong, NoPassword

VARIABLES: Final = ("IPMI_PASSWORD", "IPMITOOL_PASSWORD")
"""Environment variables that hold a password; the first one that is set counts, as with ipmitool."""

LONGEST: Final = 20
LONGEST_V15: Final = 16

_KINDS: Final = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_LONGEST_LINE: Final = 4096
_PATIENCE: Final = 60.0


def from_file(path: str | Path) -> bytes:
    """Read a password: the first line of a file, without its end.

    Raises:
        NoPassword: the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            line = file.readline(_LONGEST_LINE)
    except OSError as error:
        raise NoPassword(f"password file {path}: {error.strerror or error}") from None
    return line.rstrip(b"\r\n")


def from_environment(environment: Mapping[str, str] | None = None) -> bytes | None:
    """Read a password from the environment; None when no variable for it is set.

    Args:
        environment: instead of the process's own.
    """
    found = os.environ if environment is None else environment
    for name in VARIABLES:
        if name in found:
            return os.fsencode(found[name])
    return None


def from_prompt(text: str = "Password: ", ask: Callable[[str], str] | None = None) -> bytes:
    """Ask a person, without showing what is typed.

    Args:
        ask: instead of `getpass.getpass`.

    Raises:
        NoPassword: nobody can be asked, or the question was not answered.
    """
    if ask is None:
        from getpass import getpass

        ask = getpass
    try:
        return ask(text).encode()
    except (EOFError, OSError):
        raise NoPassword("nobody can be asked for the password: there is no terminal") from None


def from_command(command: str, timeout: float = _PATIENCE) -> bytes:
    """Take a password from a program's first line of output, such as ``pass show bmc/rack1``.

    The command is split as a shell does, but no shell runs it.

    Args:
        timeout: seconds for the program.

    Raises:
        NoPassword: the program cannot be started, fails, or says nothing.
    """
    words = shlex.split(command)
    if not words:
        raise NoPassword("the command for the password is empty")
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise NoPassword(f"{words[0]} gave no password in {timeout:.0f} s") from None
    except OSError as error:
        raise NoPassword(f"{words[0]}: {error.strerror or error}") from None
    if done.returncode:
        raise NoPassword(f"{words[0]} failed with exit code {done.returncode}")
    line, _, _ = done.stdout.partition(b"\n")
    if not line.strip():
        raise NoPassword(f"{words[0]} gave no password")
    return line.rstrip(b"\r")


def fresh(size: int = 16) -> str:
    """Make a password that no policy is known to refuse: letters and digits, at least one of each kind.

    Args:
        size: 16 fits every controller (Q-PWMIN16: some want 16 and more), IPMI v1.5 too; at most 20.

    Raises:
        ValueError: less than 3, or more than 20.
    """
    if not len(_KINDS) <= size <= LONGEST:
        raise ValueError(f"a password of {size} characters")
    while True:
        made = "".join(secrets.choice("".join(_KINDS)) for _ in range(size))
        if all(set(made) & set(kind) for kind in _KINDS):
            return made


def checked(password: str | bytes, *, v15: bool = False) -> bytes:
    """See that a password fits the protocol.

    Args:
        v15: for IPMI v1.5, whose passwords are shorter.

    Raises:
        CredentialTooLong: it is longer than 20 bytes, or 16 in v1.5.
    """
    octets = password.encode() if isinstance(password, str) else password
    longest = LONGEST_V15 if v15 else LONGEST
    if len(octets) > longest:
        text = f"a password has at most {longest} bytes, this one has {len(octets)}"
        raise CredentialTooLong("before the login", None, text)
    return octets
