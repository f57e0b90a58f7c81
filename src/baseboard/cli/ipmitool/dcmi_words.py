"""``ipmitool dcmi``: the words that it knows, and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from baseboard.cli.ipmitool.questions import Answer, ask, known
from baseboard.cli.ipmitool.text import COMPLETION
from baseboard.commands.groups.dcmi import DCMI

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")
Row = tuple[int, str, str]

VERBS: Final[tuple[Row, ...]] = (
    (0, "discover", "Used to discover supported DCMI capabilities"),
    (1, "power", "Platform power limit command options"),
    (2, "sensors", "Prints the available DCMI sensors"),
    (3, "asset_tag", "Prints the platform's asset tag"),
    (4, "set_asset_tag", "Sets the platform's asset tag"),
    (5, "get_mc_id_string", "Get management controller ID string"),
    (6, "set_mc_id_string", "Set management controller ID string"),
    (7, "thermalpolicy", "Thermal policy get/set"),
    (8, "get_temp_reading", "Get Temperature Readings"),
    (9, "get_conf_param", "Get DCMI Config Parameters"),
    (10, "set_conf_param", "Set DCMI Config Parameters"),
    (11, "oob_discover", "Ping/Pong Message for DCMI Discovery"),
)
POWER: Final[tuple[Row, ...]] = (
    (0, "reading", "Get power related readings from the system"),
    (1, "get_limit", "Get the configured power limits"),
    (2, "set_limit", "Set a power limit option"),
    (3, "activate", "Activate the set power limit"),
    (4, "deactivate", "Deactivate the set power limit"),
)
SET_LIMIT: Final[tuple[Row, ...]] = (
    (0, "action", "<no_action | sel_logging | power_off>"),
    (1, "limit", "<number in Watts>"),
    (2, "correction", "<number in milliseconds>"),
    (3, "sample", "<number in seconds>"),
)
THERMAL: Final[tuple[Row, ...]] = ((0, "get", "Get thermal policy"), (1, "set", "Set thermal policy"))
THERMAL_SET: Final[tuple[Row, ...]] = (
    (0, "volatile", "Current Power Cycle"),
    (1, "nonvolatile", "Set across power cycles"),
    (1, "poweroff", "Hard Power Off system"),
    (0, "nopoweroff", "No 'Hard Power Off' action"),
    (1, "sel", "Log event to SEL"),
    (0, "nosel", "No 'Log event to SEL' action"),
    (0, "disabled", "Disabled"),
)
CONFIGURATION: Final[tuple[Row, ...]] = (
    (1, "activate_dhcp", "\tActivate DHCP"),
    (2, "dhcp_config", "\tDHCP Configuration"),
    (3, "init", "\t\tInitial timeout interval"),
    (4, "timeout", "\t\tServer contact timeout interval"),
    (5, "retry", "\t\tServer contact retry interval"),
)
SAMPLES: Final[tuple[Row, ...]] = (
    (0x05, "5_sec", ""),
    (0x0F, "15_sec", ""),
    (0x1E, "30_sec", ""),
    (0x41, "1_min", ""),
    (0x43, "3_min", ""),
    (0x47, "7_min", ""),
    (0x4F, "15_min", ""),
    (0x5E, "30_min", ""),
    (0x81, "1_hour", ""),
)
ACTIONS: Final = {
    "no_action": 0x00,
    "power_off": 0x01,
    "sel_logging": 0x11,
    **{f"oem_{number:02x}": number for number in range(0x02, 0x11)},
}
ACTION_NAMES: Final = {
    0x00: "No Action",
    0x01: "Hard Power Off & Log Event to SEL",
    **{number: f"OEM reserved ({number:02x}h)" for number in range(0x02, 0x11)},
    0x11: "Log Event to SEL",
}
PLACES: Final = {0x40: "Inlet", 0x41: "CPU", 0x42: "Baseboard"}
"""Entities with temperatures, by the numbers that DCMI 1.0 gave them."""

REFUSALS: Final = {
    0x80: "Parameter not supported",
    0x81: "Something else has already claimed these parameters",
    0x82: "Not supported or failed to write a read-only parameter",
    0x83: "Access mode is not supported",
    0x84: "Power/Thermal limit out of range",
    0x85: "Correction/Exception time out of range",
    0x89: "Sample/Statistics Reporting period out of range",
    0x8A: "Power limit already active",
}


def usage(call: Call, rows: Sequence[Row], title: str) -> None:
    """Print words and what they are for."""
    call.err(f"\n{title}")
    for _, name, text in rows:
        call.err(f"    {name}    {text}")
    call.err()


def number_of(word: str | None, rows: Sequence[Row], otherwise: int) -> int:
    """The number of a word, in any case; that of no word at all is 0."""
    if word is None:
        return 0
    return next((number for number, name, _ in rows if name == word.lower()), otherwise)


def name_of(number: int, rows: Sequence[Row]) -> str:
    """The word for a number."""
    return next((name for value, name, _ in rows if value == number), f"Unknown (0x{number:x})")


async def question(call: Call, request: Request[R], *, fine: Sequence[int] = ()) -> Answer[R] | None:
    """Ask; None after a complaint.

    Args:
        fine: completion codes that come with data as 00h does.
    """
    answer = await ask(call, request)
    return answer if useful(call, answer, fine=fine) else None


def useful(call: Call, answer: Answer[Any] | None, *, fine: Sequence[int] = ()) -> bool:
    """Say why nothing can be made of an answer, if so."""
    if answer is None:
        call.err("\n    Unable to get DCMI information")
        return False
    if answer.code and answer.code not in fine:
        own = 0x80 <= answer.code <= 0x8F
        text = known(answer.code, REFUSALS if own else COMPLETION)
        call.err(f"\n    DCMI request failed because: {text} ({answer.code:x})")
        return False
    if answer.group != DCMI:
        call.out(f"\n    A valid DCMI command was not returned! ({answer.group or 0:x})", end="")
        return False
    return True
