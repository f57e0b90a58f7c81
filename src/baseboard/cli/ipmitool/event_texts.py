"""The words that ipmitool has for events and states, by event/reading type and sensor type.

They differ from the specification's (Tables 42-2 and 42-3) in wording and in what is left out. Scripts match
them, so they are kept as that program prints them, trailing blanks included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from baseboard.cli.ipmitool.sensor_event_texts import SPECIFIC

ANY: Final = 0xFF
"""Event data byte 2 of a row that stands for the offset whatever that byte is."""

SENSOR_SPECIFIC: Final = 0x6F


class Row(NamedTuple):
    """What one offset means.

    Attributes:
        offset: of the state or event, 0 to 14.
        data: event data byte 2 that the row is about, or `ANY`.
        text: the words.
    """

    offset: int
    data: int
    text: str


_GENERIC: Final[Mapping[int, tuple[str, ...]]] = {
    0x01: (
        "Lower Non-critical going low ",
        "Lower Non-critical going high",
        "Lower Critical going low ",
        "Lower Critical going high",
        "Lower Non-recoverable going low ",
        "Lower Non-recoverable going high",
        "Upper Non-critical going low ",
        "Upper Non-critical going high",
        "Upper Critical going low ",
        "Upper Critical going high",
        "Upper Non-recoverable going low ",
        "Upper Non-recoverable going high",
    ),
    0x02: (
        "Transition to Idle",
        "Transition to Active",
        "Transition to Busy",
    ),
    0x03: (
        "State Deasserted",
        "State Asserted",
    ),
    0x04: (
        "Predictive Failure Deasserted",
        "Predictive Failure Asserted",
    ),
    0x05: (
        "Limit Not Exceeded",
        "Limit Exceeded",
    ),
    0x06: (
        "Performance Met",
        "Performance Lags",
    ),
    0x07: (
        "Transition to OK",
        "Transition to Non-critical from OK",
        "Transition to Critical from less severe",
        "Transition to Non-recoverable from less severe",
        "Transition to Non-critical from more severe",
        "Transition to Critical from Non-recoverable",
        "Transition to Non-recoverable",
        "Monitor",
        "Informational",
    ),
    0x08: (
        "Device Absent",
        "Device Present",
    ),
    0x09: (
        "Device Disabled",
        "Device Enabled",
    ),
    0x0A: (
        "Transition to Running",
        "Transition to In Test",
        "Transition to Power Off",
        "Transition to On Line",
        "Transition to Off Line",
        "Transition to Off Duty",
        "Transition to Degraded",
        "Transition to Power Save",
        "Install Error",
    ),
    0x0B: (
        "Fully Redundant",
        "Redundancy Lost",
        "Redundancy Degraded",
        "Non-Redundant: Sufficient from Redundant",
        "Non-Redundant: Sufficient from Insufficient",
        "Non-Redundant: Insufficient Resources",
        "Redundancy Degraded from Fully Redundant",
        "Redundancy Degraded from Non-Redundant",
    ),
    0x0C: (
        "D0 Power State",
        "D1 Power State",
        "D2 Power State",
        "D3 Power State",
    ),
}

_FIRMWARE_ERRORS: Final = (
    "Unspecified",
    "No system memory installed",
    "No usable system memory",
    "Unrecoverable IDE device failure",
    "Unrecoverable system-board failure",
    "Unrecoverable diskette failure",
    "Unrecoverable hard-disk controller failure",
    "Unrecoverable PS/2 or USB keyboard failure",
    "Removable boot media not found",
    "Unrecoverable video controller failure",
    "No video device selected",
    "BIOS corruption detected",
    "CPU voltage mismatch",
    "CPU speed mismatch failure",
)
"""Sensor type 0Fh offset 0, by event data byte 2."""

_FIRMWARE_STEPS: Final = (
    "Unspecified",
    "Memory initialization",
    "Hard-disk initialization",
    "Secondary CPU Initialization",
    "User authentication",
    "User-initiated system setup",
    "USB resource configuration",
    "PCI resource configuration",
    "Option ROM initialization",
    "Video initialization",
    "Cache initialization",
    "SMBus initialization",
    "Keyboard controller initialization",
    "Management controller initialization",
    "Docking station attachment",
    "Enabling docking station",
    "Docking station ejection",
    "Disabling docking station",
    "Calling operating system wake-up vector",
    "System boot initiated",
    "Motherboard initialization",
    "reserved",
    "Floppy initialization",
    "Keyboard test",
    "Pointing device test",
    "Primary CPU initialization",
)
"""Sensor type 0Fh offsets 1 (hang) and 2 (progress), by event data byte 2."""

_CHANGED: Final = (
    "",
    "Mngmt Ctrl Dev Id",
    "Mngmt Ctrl Firm Rev",
    "Mngmt Ctrl Dev Rev",
    "Mngmt Ctrl Manuf Id",
    "Mngmt Ctrl IPMI Vers",
    "Mngmt Ctrl Aux Firm Id",
    "Mngmt Ctrl Firm Boot Block",
    "Mngmt Ctrl Other",
    "BIOS/EFI change",
    "SMBIOS change",
    "O/S change",
    "O/S loader change",
    "Service Diag change",
    "Mngmt SW agent change",
    "Mngmt SW App change",
    "Mngmt SW Middle",
    "Prog HW Change (FPGA)",
    "board/FRU module change",
    "board/FRU component change",
    "board/FRU replace equ ver",
    "board/FRU replace new ver",
    "board/FRU replace old ver",
    "board/FRU HW conf change",
)
"""Sensor type 2Bh offsets 1 and 7: what was changed, by event data byte 2."""

_POWER_STATES: Final = (
    "S0/G0: working",
    "S1: sleeping with system hw & processor context maintained",
    "S2: sleeping, processor context lost",
    "S3: sleeping, processor & hw context lost, memory retained",
    "S4: non-volatile sleep/suspend-to-disk",
    "S5/G2: soft-off",
    "S4/S5: soft-off",
    "G3: mechanical off",
    "Sleeping in S1/S2/S3 state",
    "G1: sleeping",
    "S5: entered by override",
    "Legacy ON state",
    "Legacy OFF state",
)
"""Sensor type 22h."""


def _plain(texts: tuple[str, ...], first: int = 0) -> tuple[Row, ...]:
    return tuple(Row(offset, ANY, text) for offset, text in enumerate(texts, first))


def _by_data(offset: int, texts: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(Row(offset, data, text) for data, text in enumerate(texts))


def _changes(offset: int, what: str) -> tuple[Row, ...]:
    return _by_data(offset, tuple(f"{what}, {thing}" if thing else what for thing in _CHANGED))


_SPECIAL: Final[Mapping[int, tuple[Row, ...]]] = {
    0x08: (
        *_plain(
            (
                "Presence detected",
                "Failure detected",
                "Predictive failure",
                "Power Supply AC lost",
                "AC lost or out-of-range",
                "AC out-of-range, but present",
            )
        ),
        *_by_data(
            6,
            (
                "Config Error: Vendor Mismatch",
                "Config Error: Revision Mismatch",
                "Config Error: Processor Missing",
                "Config Error: Power Supply Rating Mismatch",
                "Config Error: Voltage Rating Mismatch",
            ),
        ),
        *_plain(("Config Error", "Power Supply Inactive"), 6),
    ),
    0x0F: (
        *_by_data(0, _FIRMWARE_ERRORS),
        Row(0, ANY, "Unknown Error"),
        *_by_data(1, _FIRMWARE_STEPS),
        Row(1, ANY, "Unknown Hang"),
        *_by_data(2, _FIRMWARE_STEPS),
        Row(2, ANY, "Unknown Progress"),
    ),
    0x22: (*_plain(_POWER_STATES), Row(0x0E, ANY, "Unknown")),
    0x2B: (
        Row(0, ANY, "Hardware change detected"),
        *_changes(1, "Firmware or software change detected"),
        *_plain(
            (
                "Hardware incompatibility detected",
                "Firmware or software incompatibility detected",
                "Invalid or unsupported hardware version",
                "Invalid or unsupported firmware or software version",
                "Hardware change success",
            ),
            2,
        ),
        *_changes(7, "Firmware or software change success"),
    ),
}


def rows(sensor_type: int, event_type: int) -> tuple[Row, ...]:
    """Give the rows of one kind of event, in the order in which they are tried and printed.

    Args:
        sensor_type: matters for event/reading type 6Fh.
        event_type: event/reading type.

    Returns:
        Nothing for a kind without words.
    """
    if event_type != SENSOR_SPECIFIC:
        return _plain(_GENERIC.get(event_type, ()))
    return _SPECIAL.get(sensor_type) or _plain(SPECIFIC.get(sensor_type, ()))
