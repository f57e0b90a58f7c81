"""What a line needs before anything is sent: options, hosts, the password."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from baseboard.cli.hosts import HostListError, Place
from baseboard.cli.ipmitool.arguments import Leave, encoded, parse
from baseboard.cli.long_options import UsageError, number
from baseboard.errors import BaseboardError
from baseboard.wire.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.long_options import Split
    from baseboard.cli.options import Options

PARALLEL: Final = 64
"""Hosts at a time, unless told otherwise."""

_LONGEST: Final = {"lan": 16, "lanplus": 20}
_NO_HOST: Final = "localhost"


class PasswordCommandError(BaseboardError):
    """The command that should have told the password did not."""


class Setup(Value):
    """A line, ready to run.

    Attributes:
        options: as for one BMC, without its host.
        places: the BMCs; one without a host for the BMC of this machine.
        words: noun, verb, arguments.
        given: the long options.
    """

    options: Options
    places: list[Place]
    words: list[str]
    given: dict[str, str]

    def of(self, place: Place) -> Options:
        """The options for one of the BMCs."""
        settings = self.options.settings
        if not place.host:
            return self.options
        return self.options.replace(
            settings=settings.replace(host=place.host, port=place.port or settings.port),
            host_list=place.name,
        )


def prepare(line: Split, *, hosts: bool = True) -> Setup:
    """Read the options, expand the hosts, find the password.

    Args:
        hosts: whether -H and --hosts say on whom the verb works.

    Raises:
        UsageError: something is wrong with them, or was left out.
        PasswordCommandError: ``--password-command`` failed.
    """
    arguments = list(line.rest)
    listed = _listed(line.given)
    if "H" not in line.letters and listed is not None:
        arguments = ["-H", "-", *arguments]
    if "I" not in line.letters and ("H" in line.letters or listed is not None):
        # Never a weaker session than the BMC can have: `lan`, ipmitool's choice here, has to be asked for.
        arguments = ["-I", "lanplus", *arguments]
    if "compat" in line.given:
        arguments = [f"--compat={line.given['compat']}", *arguments]
    asks = hosts and not line.letters & set("PfEa") and "password-command" not in line.given
    options, words = _parsed(
        arguments, interactive=asks and "dry-run" not in line.given and sys.stdin.isatty()
    )
    settings = options.settings
    if "password-command" in line.given:
        settings = settings.replace(password=_from_command(line.given["password-command"]))
        longest = _LONGEST.get(settings.interface, 20)
        if len(settings.password) > longest:
            raise UsageError(f"{settings.interface}: password is longer than {longest} bytes")
    if "allow" in line.given:
        settings = settings.replace(quirks=settings.quirks | allowed(line.given["allow"]))
    if "no-cache" in line.given:
        settings = settings.replace(learn=False)
    if "timeout" in line.given:
        number(line.given, "timeout", 0, least=0.001)
    options = options.replace(settings=settings)
    places = _places(settings.host if "H" in line.letters else "", listed) if hosts else []
    return Setup(options, places, words, line.given)


def _parsed(arguments: Sequence[str], *, interactive: bool) -> tuple[Options, list[str]]:
    said: list[str] = []
    try:
        options, words = parse(
            arguments, os.environ, out=print, err=said.append, ask=_ask, interactive=interactive,
            program="baseboard",
        )  # fmt: skip
    except Leave as leaving:
        if leaving.code == 0:
            print("\n".join(said))
            raise
        raise UsageError(said[0].removeprefix("baseboard: ").rstrip() if said else "wrong options") from None
    for text in said:
        # -vv makes ipmitool tell its version; here it is ours that counts, and -V tells it.
        if not text.startswith("baseboard version"):
            print(f"baseboard: {text}", file=sys.stderr)
    return options, words


def allowed(named: str) -> frozenset[str]:
    """The departures that ``--allow`` names, separated by commas.

    Raises:
        UsageError: one is none, or needs no consent, or has an option of its own.
    """
    from baseboard.client.quirks import AFTER_LOGIN, BORNE, NEED_CONSENT, OTHER_NAMES

    known = {**NEED_CONSENT, **AFTER_LOGIN}
    ids = {OTHER_NAMES.get(name, name.upper()) for name in named.split(",")}
    for name in sorted(ids - known.keys()):
        if name in BORNE:
            raise UsageError(f"--allow {name}: that is borne without being asked")
        listed = "".join(f"\n  {one:16}{text}" for one, text in known.items())
        raise UsageError(f"--allow {name}: there is no such departure to allow; there are{listed}")
    return frozenset(ids)


def _ask(prompt: str) -> str | None:
    if sys.stdin is None or not sys.stdin.isatty():
        line = sys.stdin.readline() if sys.stdin is not None else ""
        return line.rstrip("\n") if line else None
    import getpass

    try:
        return getpass.getpass(prompt, sys.stderr)
    except EOFError:
        return None


def _listed(given: dict[str, str]) -> str | None:
    """What ``--hosts`` names."""
    if "hosts" not in given:
        return None
    from baseboard.cli.hosts import listed

    path = given["hosts"]
    try:
        if path == "-":
            return listed(sys.stdin.read())
        with open(path, encoding="utf-8") as file:
            return listed(file.read())
    except (OSError, ValueError) as error:
        raise UsageError(f"--hosts {path}: {getattr(error, 'strerror', None) or error}") from error


def _places(named: str, listed: str | None) -> list[Place]:
    if not named and listed is None:
        return [Place(_NO_HOST, "", None)]
    from baseboard.cli.hosts import places

    try:
        found = places(",".join(text for text in (named, listed) if text))
    except HostListError as error:
        raise UsageError(str(error)) from error
    if not found:
        raise UsageError("the list of hosts is empty")
    return found


def _from_command(command: str) -> bytes:
    import shlex
    import subprocess

    try:
        # The user's own command, with the user's own rights; its errors go to the terminal.
        done = subprocess.run(shlex.split(command), stdout=subprocess.PIPE, check=False)  # noqa: S603 - as said
    except (OSError, ValueError) as error:
        raise PasswordCommandError(f"--password-command: {error}") from error
    if done.returncode:
        raise PasswordCommandError(f"--password-command ended with exit code {done.returncode}")
    first = done.stdout.split(b"\n", 1)[0].rstrip(b"\r")
    if not first:
        raise PasswordCommandError("--password-command printed nothing")
    return encoded(os.fsdecode(first))
