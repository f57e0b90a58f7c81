"""What went wrong, for people and for programs: an exit code, a cause, the stage and what to do next.

Exit codes of ``baseboard`` (``baseboard ipmitool`` has ipmitool's 0 and 1 only):

====  ==========================================================================================
0     done
1     the BMC refused a command, or what was asked for cannot be done
2     wrong usage, or a list of hosts that cannot be read
3     nothing answers there
4     name or password not accepted
5     the privilege level is not granted to that user
6     no cipher suite or authentication type that both sides accept
7     the BMC has no session left
8     something answers that is not IPMI
9     the answer stayed away, or the session ended
10    the device, line or socket cannot be used
11    several hosts: some are done, some failed
130   interrupted
====  ==========================================================================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from baseboard import errors
from baseboard.cli.long_options import UsageError
from baseboard.errors import BaseboardError
from baseboard.wire.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
LOGIN: Final = 4
ROLE: Final = 5
SUITE: Final = 6
SLOTS: Final = 7
NOT_IPMI: Final = 8
SILENT: Final = 9
TRANSPORT: Final = 10
SOME: Final = 11
INTERRUPTED: Final = 130

_CODES: Final[tuple[tuple[type[BaseboardError], int], ...]] = (
    (UsageError, USAGE),
    (errors.Unreachable, UNREACHABLE),
    (errors.NotIpmi, NOT_IPMI),
    (errors.LoginRefused, LOGIN),
    (errors.RoleRefused, ROLE),
    (errors.SuiteRefused, SUITE),
    (errors.NoSessionSlot, SLOTS),
    (errors.LoginError, LOGIN),
    (errors.SessionClosed, SILENT),
    (errors.NoResponse, SILENT),
    (errors.TransportError, TRANSPORT),
)
"""The first class that an error is of decides."""

_HINTS: Final[dict[int, str]] = {
    UNREACHABLE: "Check the address and that UDP port 623 is let through; `baseboard doctor` looks closer",
    NOT_IPMI: "Check the port (-p)",
    LOGIN: "Check -U and the password; `baseboard doctor` walks the login stage by stage",
    ROLE: "Ask for less, such as -L OPERATOR or -L USER",
    SUITE: "`baseboard doctor` lists what the BMC offers; -C chooses one",
    SLOTS: "Wait for a session to end, or end one: `session info all`",
    SILENT: "Try again, with more patience by -N and -R",
}

_AS_OPTIONS: Final = {
    "interface='lanplus'": "-I lanplus",
    "interface='lan'": "-I lan",
    "with cipher_suite=": "with -C",
    "(kg=)": "(-k, -y)",
    "give it: kg=": "give it: -k or -y",
    "take_over": "--take-over",
}
"""What hints of the library call its arguments, and what the command line calls them."""

_CONSENT: Final = r"quirks=\{'(Q-[A-Z0-9-]+)'\}"


class Failure(Value):
    """One thing that went wrong.

    Attributes:
        code: the exit code of its class.
        kind: the class of the error, such as ``LoginRefused``; ``Message`` for what a verb said.
        cause: what happened.
        stage: the step of the login or the operation; empty if there is none to name.
        hint: what to do next; empty if nothing is known.
    """

    code: int
    kind: str
    cause: str
    stage: str = ""
    hint: str = ""

    def line(self, host: str) -> str:
        """As it is told on standard error."""
        where = f"{host}: " if host else ""
        stage = f" ({self.stage})" if self.stage else ""
        hint = f". {self.hint[0].upper()}{self.hint[1:]}" if self.hint else ""
        return f"baseboard: {where}{self.cause}{stage}{hint}"


def describe(error: BaseboardError) -> Failure:
    """Tell an error's cause, stage and hint."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), FAILED)
    hint = as_options(str(getattr(error, "hint", "") or _HINTS.get(code, "")))
    kind = type(error).__name__
    if isinstance(error, errors.LoginError):
        return Failure(code, kind, _cause(error), error.stage, hint)
    return Failure(code, kind, as_options(str(error)) or kind, str(getattr(error, "stage", "")), hint)


def as_options(hint: str) -> str:
    """A hint of the library in the words of the command line."""
    for argument, option in _AS_OPTIONS.items():
        hint = hint.replace(argument, option)
    return re.sub(_CONSENT, r"--allow \1", hint)


def _cause(error: errors.LoginError) -> str:
    status = "" if error.status is None else f" [{error.status:02X}h]"
    return (error.text or _CAUSES.get(type(error), "no session")) + status


_CAUSES: Final[dict[type[BaseboardError], str]] = {
    errors.Unreachable: "nothing answers",
    errors.NotIpmi: "what answers is not IPMI",
    errors.LoginRefused: "name or password not accepted",
    errors.RoleRefused: "privilege level not granted",
    errors.SuiteRefused: "cipher suite not accepted",
    errors.NoSessionSlot: "no session left",
}


def together(codes: Iterable[int]) -> int:
    """The exit code of a call with several hosts."""
    found = set(codes)
    if len(found) <= 1:
        return found.pop() if found else DONE
    return SOME if DONE in found else FAILED
