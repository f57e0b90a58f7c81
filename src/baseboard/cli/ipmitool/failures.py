"""Why a BMC could not be reached or did not answer, in ipmitool's words: scripts look for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.text import AUTH_TYPES, PRIVILEGES, completion, val2str
from baseboard.errors import BaseboardError, LoginError, LoginRefused, SuiteRefused, Unreachable

if TYPE_CHECKING:
    from baseboard.client.settings import Settings

_LAST_SUITE: Final = 17
"""The last cipher suite that ipmitool knows."""

_BEFORE: Final = "before the login"
_CHALLENGE: Final = "Get Session Challenge"
_ACTIVATE: Final = "Activate Session"
_PRIVILEGE: Final = "Set Session Privilege Level"
_LAST: Final = {
    "lanplus": ("Error: Unable to establish IPMI v2 / RMCP+ session",),
    "lan": (
        "Error: Unable to establish LAN session",
        "Error: Unable to establish IPMI v1.5 / RMCP session",
    ),
}

_RAKP: Final[Mapping[int, str]] = {
    0x00: "no errors",
    0x01: "insufficient resources for session",
    0x02: "invalid session ID",
    0x03: "invalid payload type",
    0x04: "invalid authentication algorithm",
    0x05: "invalid integrity algorithm",
    0x06: "no matching authentication algorithm",
    0x07: "no matching integrity payload",
    0x08: "inactive session ID",
    0x09: "invalid role",
    0x0A: "unauthorized role requested",
    0x0B: "insufficient resources for role",
    0x0C: "invalid name length",
    0x0D: "unauthorized name",
    0x0E: "unauthorized GUID",
    0x0F: "invalid integrity check value",
    0x10: "invalid confidentiality algorithm",
    0x11: "no matching cipher suite",
    0x12: "illegal parameter",
}
"""Table 13-15 as ipmitool has it."""

_CHALLENGE_REFUSED: Final[Mapping[int, str]] = {
    0x81: "Invalid user name",
    0x82: "NULL user name not enabled",
}

_ACTIVATION_REFUSED: Final[Mapping[int, str]] = {
    0x81: "No session slot available",
    0x82: "No slot available for given user - limit reached",
    0x83: "No slot available to support user due to maximum privilege capacity",
    0x84: "Session sequence out of range",
    0x85: "Invalid session ID in request",
    0x86: "Requested privilege level exceeds limit",
}

_OPENS: Final = "Could not open device at "


def unreached(error: BaseboardError, settings: Settings, verbose: int = 0) -> list[str]:
    """What ipmitool says when `connect` ended in this error; one line or more, the first as ipmitool's.

    Args:
        verbose: how many ``-v``: from one on, the step that failed is told.
    """
    match settings.interface:
        case "lan" | "lanplus" if not settings.host:
            return ["No hostname specified!"]
        case "lanplus":
            return [*_lanplus(error, settings, verbose), *_LAST["lanplus"]]
        case "lan" if isinstance(error, Unreachable) and error.stage == "address":
            return _no_address(settings)
        case "lan":
            return [*_lan(error, settings), *_LAST["lan"]]
        case _:
            return _device(error, settings)


def _no_address(settings: Settings) -> list[str]:
    return [f"Address lookup for {settings.host} failed", "Could not open socket!"]


def _lanplus(error: BaseboardError, settings: Settings, verbose: int) -> list[str]:
    if not isinstance(error, LoginError):
        return []
    if isinstance(error, Unreachable) and error.stage == "address":
        return _no_address(settings)
    if error.stage == _PRIVILEGE:
        return [_level_refused(error, settings)]
    unknown = settings.cipher_suite is not None and settings.cipher_suite > _LAST_SUITE
    if isinstance(error, SuiteRefused) and (unknown or error.stage == _BEFORE):
        return [f"Unsupported cipher suite ID : {settings.cipher_suite}\n"]
    if error.stage == "Open Session" and error.status is not None:
        return [f"Error in open session response message : {val2str(error.status, _RAKP)}\n"]
    return _rakp(error) if verbose else []


def _rakp(error: LoginError) -> list[str]:
    """RAKP 2 and 4: ipmitool tells them only to those who ask for more."""
    number = error.stage[-1:]
    if not re.fullmatch("RAKP [24]", error.stage):
        return []
    if error.status is not None:
        return [f"RAKP {number} message indicates an error : {val2str(error.status, _RAKP)}"]
    if isinstance(error, Unreachable):
        return [f"> Error: no response from RAKP {int(number) - 1} message"]
    if isinstance(error, LoginRefused):
        wrong = "HMAC is invalid" if number == "2" else "message has invalid integrity check value"
        return [f"> RAKP {number} {wrong}"]
    return []


def _lan(error: BaseboardError, settings: Settings) -> list[str]:
    if not isinstance(error, LoginError):
        return []
    status = error.status
    if error.stage == _PRIVILEGE:
        return [_level_refused(error, settings)]
    if error.stage == _CHALLENGE:
        if status is None:
            return [f"{_CHALLENGE} command failed"]
        return [_CHALLENGE_REFUSED.get(status, f"{_CHALLENGE} command failed: {completion(status)}")]
    if error.stage == _ACTIVATE:
        if status is None:
            return [f"{_ACTIVATE} command failed"]
        return [f"Activate Session error:\t{_ACTIVATION_REFUSED.get(status, completion(status))}"]
    if isinstance(error, SuiteRefused):
        return [_not_offered(settings)]
    return []


def _not_offered(settings: Settings) -> str:
    return f"Authentication type {val2str(settings.auth_type or 0, AUTH_TYPES)} not supported"


def _level_refused(error: LoginError, settings: Settings) -> str:
    text = f"Set Session Privilege Level to {val2str(settings.privilege, PRIVILEGES)} failed"
    return text if error.status is None else f"{text}: {completion(error.status)}"


def _device(error: BaseboardError, settings: Settings) -> list[str]:
    """An in-band device or a serial line that does not open."""
    if isinstance(error.__cause__, OSError):
        reason = error.__cause__.strerror or str(error.__cause__)
    else:
        reason = str(error).rpartition(": ")[2]
    if settings.interface.startswith("serial-"):
        opened = isinstance(error.__cause__, OSError) or str(error).startswith(_OPENS)
        return [f"{_OPENS}{settings.device}: {reason}" if opened else str(error)]
    number = re.sub(r".*\D", "", settings.device) or "0"
    places = " or ".join(f"{place}{number}" for place in ("/dev/ipmi", "/dev/ipmi/", "/dev/ipmidev/"))
    return [f"{_OPENS}{places}: {reason}"]
