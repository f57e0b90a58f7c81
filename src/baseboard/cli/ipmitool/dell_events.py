"""What Dell's controllers mean by event data bytes, in ipmitool's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.names import shown

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.sel_record import LogEntry

# Event data byte 1: byte 2, byte 3 hold a maker's code.
_IN_2, _IN_3 = 0x80, 0x20
_OWN: Final = 0xC1
_VERSION_1_5: Final = 0x51

_MEMORY, _LOGGING = 0x0C, 0x10

_POST: Final = {
    0x80: "No memory is detected.",
    0x81: "Memory is detected but is not configurable.",
    0x82: "Memory is configured but not usable.",
    0x83: "System BIOS shadow failed.",
    0x84: "CMOS failed.",
    0x85: "DMA controller failed.",
    0x86: "Interrupt controller failed.",
    0x87: "Timer refresh failed.",
    0x88: "Programmable interval timer error.",
    0x89: "Parity error.",
    0x8A: "SIO failed.",
    0x8B: "Keyboard controller failed.",
    0x8C: "System management interrupt initialization failed.",
    0x8D: "TXT-SX Error.",
    0xC0: "Shutdown test failed.",
    0xC1: "BIOS POST memory test failed.",
    0xC2: "RAC configuration failed.",
    0xC3: "CPU configuration failed.",
    0xC4: "Incorrect memory configuration.",
    0xFE: "General failure after video.",
}
_TXT: Final = {
    0x01: "BIOS TXT Error",
    0x02: "Processor/FIT TXT",
    0x03: "BIOS ACM TXT Error",
    0x04: "SINIT ACM TXT Error",
    0xFF: "Unrecognized TT Error12",
}
_VERSIONS: Final = {
    0x00: "between BMC/iDRAC Firmware and other hardware",
    0x01: "between BMC/iDRAC Firmware and CPU",
}
_LINKS: Final = ("South Bound Memory", "South Bound Config", "North Bound memory", "North Bound memory-corr")
_BUS: Final = {0x00: "PCIe Error |", 0x01: "I/O Error |", 0x04: "PCI PERR |", 0x05: "PCI SERR |"}

# Memory modules of a node, by what the high half of event data byte 2 says.
_PER_NODE: Final = {0x8: 4, 0x9: 6, 0xA: 8, 0xB: 9, 0xC: 12, 0xD: 24, 0xE: 3}


def concerns(entry: LogEntry) -> bool:
    """Whether an event has something of Dell's own in it."""
    one = entry.data[0]
    return one & 0xC0 == _IN_2 or one & 0x30 == _IN_3 or (one == _OWN and entry.sensor_number == 0x23)


def words(entry: LogEntry, ipmi_version: int) -> str:
    """Say what it is; nothing where ipmitool does not know either.

    Args:
        ipmi_version: of the controller, as Get Device ID has it: 51h = 1.5.
    """
    one, two, three = entry.data
    both = bool(one & _IN_2 and one & _IN_3)
    offset = entry.offset
    match entry.sensor_type:
        case 0x07:  # processor
            return _processor(entry)
        case 0x0C | 0x10:  # memory, event logging disabled
            return _memory(entry, ipmi_version)
        case 0x0F:  # system firmware
            return _POST.get(two, "") if offset == 0x0F and one & _IN_2 else ""
        case 0x20:  # OS stop
            return _TXT.get(three, "") if offset == 0 and both else ""
        case 0x23:  # watchdog 2
            expired = "Hard Reset|Interrupt type None,SMS/OS Timer used at expiration"
            return expired if one == _OWN and two == 0x04 else ""
        case 0x2B:  # version change
            return _VERSIONS.get(three, "") if offset == 2 and both and two == 0x02 else ""
        case 0xC1:  # Dell's own from here on
            return _flex_address(entry, both=both)
        case 0x13 | 0xC2 | 0xC3:  # critical interrupt, non-fatal and fatal error
            return _links(entry, both=both) if entry.sensor_number == 0x29 else _bus(entry)
        case _:
            return ""


def _processor(entry: LogEntry) -> str:
    one, two, three = entry.data
    if one & 0xC0 != _IN_2:
        return ""
    if two:
        cpu = (two & -two).bit_length()
        if entry.offset == 6 and entry.sensor_number == 0x0A:
            return f"FSB {cpu} "
        return f"CPU {cpu} | APIC ID {three} "
    return {0: "CPU Internal Err | ", 6: "CPU Protocol Err | "}.get(entry.offset, "")


def _memory(entry: LogEntry, ipmi_version: int) -> str:
    one, two, three = entry.data
    text = ""
    if one & (_IN_2 | _IN_3):
        if entry.sensor_type == _MEMORY and entry.offset == 0 and entry.sensor_number == 0x1C:
            return _crc(entry)
        what = {
            (_MEMORY, 0): "Correctable ECC | ",
            (_MEMORY, 1): "UnCorrectable ECC | ",
            (_LOGGING, 0): "Corr Memory Log Disabled | ",
        }
        text = what.get((entry.sensor_type, entry.offset), "")
    elif entry.sensor_type == _LOGGING and entry.offset == 3:
        text = "All Even Logging Disabled"
    first = 0
    if one & _IN_2:
        if two >> 4 < 8:
            text += f"Card {chr(ord('A') + (two >> 4))}"
        if two & 0x0F != 0x0F:
            if ipmi_version == _VERSION_1_5:
                text += f"Bank {(two & 0x0F) + 1}"
            else:
                first = (two & 0x0F) << 3
    if one & _IN_3:
        text += _modules(two, three, first, ipmi_version)
    return text


def _crc(entry: LogEntry) -> str:
    one, two, three = entry.data
    if not (one & _IN_2 and one & _IN_3):
        return ""
    text = "CRC Error on:" + ",".join(name for place, name in enumerate(_LINKS) if two >> place & 1)
    return text if three == 0xFF else f"{text}|Failing_Channel:{three}"


def _modules(two: int, three: int, first: int, ipmi_version: int) -> str:
    """The memory modules whose bits are set."""
    if ipmi_version == _VERSION_1_5:
        return "DIMM " + shown(bytes((ord("A") + three & 0xFF,)))
    bits = [place for place in range(8) if three >> place & 1]
    size = _PER_NODE.get(two >> 4)
    if size is None:
        return ",".join(f" DIMM{first + place + 1}" for place in bits)
    return ",".join(
        f" DIMM{chr(ord('A') + (first + place) // size)}{(first + place) % size + 1}" for place in bits
    )


def _place(entry: LogEntry) -> str:
    _, two, three = entry.data
    return f"bus:{three & 0x7F:02x} device:{two >> 3 & 0x1F:02x} function:{two & 7:x}"


def _flex_address(entry: LogEntry, *, both: bool) -> str:
    if entry.sensor_number != 0x25:
        return ""
    match entry.offset:
        case 1:
            return "Failed to program Virtual Mac Address" + (f" at {_place(entry)}" if both else "")
        case 2:
            return "Device option ROM failed to support link tuning or flex address"
        case 3:
            return "Failed to get link tuning or flex address data from BMC/iDRAC"
        case _:
            return ""


def _links(entry: LogEntry, *, both: bool) -> str:
    _, two, three = entry.data
    if entry.offset != 2 or not both:
        return ""
    text = f"Partner-(LinkId:{two & 0xC0},AgentId:{two & 0x30})|"
    text += f"ReportingAgent(LinkId:{two & 0x0C},AgentId:{two & 0x03})|"
    text += "" if three & 0xFC else "LinkWidthDegraded|"
    text += "PA_Type:IOH|" if three & 2 else "PA-Type:CPU|"
    return text + ("RA-Type:IOH" if three & 1 else "RA-Type:CPU")


def _bus(entry: LogEntry) -> str:
    three = entry.data[2]
    if entry.offset == 2:
        return "IO channel Check NMI"
    where = f"Slot {three & 0x7F}" if three & 0x80 else f"PCI {_place(entry)}"
    return _BUS.get(entry.offset, " ") + where
