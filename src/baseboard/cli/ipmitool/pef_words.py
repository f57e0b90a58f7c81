"""ipmitool's words for the bits and numbers of platform event filtering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ACTIONS: Final = {
    0x01: "Alert",
    0x02: "Power-off",
    0x04: "Reset",
    0x08: "Power-cycle",
    0x10: "OEM-defined",
    0x20: "Diagnostic-interrupt",
}
CONTROLS: Final = {
    0x01: "PEF",
    0x02: "PEF event messages",
    0x04: "PEF startup delay",
    0x08: "Alert startup delay",
}
SEVERITIES: Final = {
    0x20: "Non-recoverable",
    0x10: "Critical",
    0x08: "Warning",
    0x04: "OK",
    0x02: "Information",
    0x01: "Monitor",
}
SENSOR_TYPES: Final = dict(
    enumerate(
        (
            "Temperature", "Voltage", "Current", "Fan", "Chassis Intrusion", "Platform security breach",
            "Processor", "Power supply", "Power Unit", "Cooling device", "Other (units-based)", "Memory",
            "Drive Slot", "POST memory resize", "POST error", "Logging disabled", "Watchdog 1",
            "System event", "Critical Interrupt", "Button", "Module/board", "uController/coprocessor",
            "Add-in card", "Chassis", "Chipset", "Other (FRU)", "Cable/interconnect", "Terminator",
            "System boot", "Boot error", "OS boot", "OS critical stop", "Slot/connector",
            "ACPI power state", "Watchdog 2", "Platform alert", "Entity presence", "Monitor ASIC/IC",
            "LAN", "Management subsystem health", "Battery",
        ),
        1,
    )
) | {255: "Any"}  # fmt: skip
POLICIES: Final = dict(
    enumerate(("Match-always", "Try-next-entry", "Try-next-set", "Try-next-channel", "Try-next-destination"))
)
MEDIA: Final = dict(
    enumerate(
        (
            "IPMB (I2C)", "ICMB v1.0", "ICMB v0.9", "802.3 LAN", "Serial/Modem (RS-232)", "Other LAN",
            "PCI SMBus", "SMBus v1.0/1.1", "SMBus v2.0", "USB 1.x", "USB 2.x", "System I/F (KCS,SMIC,BT)",
        ),
        1,
    )
)  # fmt: skip
LAN_DESTINATIONS: Final = {0x80: "Acknowledged", 0: "PET", 6: "OEM 1", 7: "OEM 2"}
SERIAL_DESTINATIONS: Final = {
    0x80: "Acknowledged",
    1: "TAP page",
    2: "PPP PET",
    3: "Basic callback",
    4: "PPP callback",
    14: "OEM 1",
    15: "OEM 2",
}
TAP_CONFIRMATIONS: Final = {0: "ACK", 1: "211+ACK", 2: "{211|213}+ACK"}

TRIGGERS: Final = (
    ("<LNC", ">LNC", "<LC", ">LC", "<LNR", ">LNR", ">UNC", "<UNC", ">UC", "<UC", ">UNR", "<UNR"),
    ("transition to idle", "transition to active", "transition to busy"),
    ("state deasserted", "state asserted"),
    ("predictive failure deasserted", "predictive failure asserted"),
    ("limit not exceeded", "limit exceeded"),
    ("performance met", "performance lags"),
    ("ok", "<warn", "<fail", "<dead", ">warn", ">fail", "dead", "monitor", "informational"),
    ("device removed/absent", "device inserted/present"),
    ("device disabled", "device enabled"),
    (
        "transition to running", "transition to in test", "transition to power off", "transition to online",
        "transition to offline", "transition to off duty", "transition to degraded",
        "transition to power save", "install error",
    ),
    (
        "fully redundant", "redundancy lost", "redundancy degraded", "<non-redundant/sufficient",
        ">non-redundant/sufficient", "non-redundant/insufficient", "<redundancy degraded",
        ">redundancy degraded",
    ),
    ("D0 power state", "D1 power state", "D2 power state", "D3 power state"),
)  # fmt: skip
"""What the offsets of event types 01h-0Ch say; ``<`` is getting worse, ``>`` better."""


def one(value: int, table: Mapping[int, str]) -> str:
    """The word for a number; ``None`` if there is none."""
    return table.get(value, "None")


def first(bits: int, table: Mapping[int, str]) -> str:
    """The word for the first bit of a table that is set."""
    return next((text for bit, text in table.items() if bits & bit), "None")


def every(bits: int, table: Mapping[int, str]) -> str:
    """The words for all bits that are set, with commas."""
    return ",".join(text for bit, text in table.items() if bits & bit) or "None"


def triggers(kind: int, mask: int) -> str:
    """Which events of a type a filter wants.

    Args:
        kind: event type.
        mask: of the offsets.
    """
    if mask == 0xFFFF or kind == 0xFF:
        return "Any"
    if kind == 0:
        return "Unspecified"
    if kind == 0x6F:
        return "Sensor-specific"
    if kind > 0x6F:
        return "OEM"
    text = f"(0x{kind:02x}/0x{mask:04x})"
    for offset in range(len(TRIGGERS)):
        if mask >> offset & 1:
            if kind > len(TRIGGERS):
                text += ", Unrecognized event trigger"
            else:
                text += "," + one(offset, dict(enumerate(TRIGGERS[kind - 1])))
    return text


def kind_of_event(kind: int) -> str:
    """Whether an event type is of thresholds, of states, or somebody's own."""
    if kind == 1:
        return "Threshold"
    return "OEM" if kind > 0x6F else "Discrete"
