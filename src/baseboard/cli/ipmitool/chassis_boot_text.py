"""The lines of ``chassis bootparam get`` for each boot option (Table 28-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.text import timestamp_numeric

if TYPE_CHECKING:
    from collections.abc import Callable

    from baseboard.cli.call import Call

_DEVICES: Final = {
    0x0: "No override",
    0x1: "Force PXE",
    0x2: "Force Boot from default Hard-Drive",
    0x3: "Force Boot from default Hard-Drive, request Safe-Mode",
    0x4: "Force Boot from Diagnostic Partition",
    0x5: "Force Boot from CD/DVD",
    0x6: "Force Boot into BIOS Setup",
    0x7: "Force Boot from remotely connected Floppy/primary removable media",
    0x8: "Force Boot from remotely connected CD/DVD",
    0x9: "Force Boot from primary remote media",
    0xB: "Force Boot from remotely connected Hard-Drive",
    0xF: "Force Boot from Floppy/primary removable media",
}
_VERBOSITY: Final = ("System Default", "Request Quiet Display", "Request Verbose Display", "Flag error")
_REDIRECTION: Final = (
    "Console redirection occurs per BIOS configuration setting (default)",
    "Suppress (skip) console redirection if enabled",
    "Request console redirection be enabled",
    "Flag error",
)
_MUX: Final = {
    0: "BIOS uses recommended setting of the mux at the end of POST",
    1: "Requests BIOS to force mux to BMC at conclusion of POST/start of OS boot",
    2: "Requests BIOS to force mux to system at conclusion of POST/start of OS boot",
}
_PROGRESS: Final = ("set complete", "set in progress", "commit write", "error, reserved bit")
_KEPT: Final = (
    (0x10, "Don't clear valid bit on reset/power cycle cause by PEF"),
    (0x08, "Don't automatically clear boot flag valid bit on timeout"),
    (0x04, "Don't clear valid bit on reset/power cycle cause by watchdog"),
    (0x02, "Don't clear valid bit on push button reset // soft reset"),
    (0x01, "Don't clear valid bit on power up via power push button or wake event"),
)
_HANDLERS: Final = (
    (0x10, "OEM has handled boot info"),
    (0x08, "SMS has handled boot info"),
    (0x04, "OS // service partition has handled boot info"),
    (0x02, "OS Loader has handled boot info"),
    (0x01, "BIOS/POST has handled boot info"),
)
_SCANS: Final = ((0x01, "Request BIOS to scan"), (0x02, "Service Partition Discovered"))
_MAILBOX: Final = 7
_LONGEST: Final = 19


def print_option(call: Call, option: bytes) -> list[str]:
    """Print an option as it was read: version, selector, data.

    Returns: the lines that say what it means.
    """
    print_generic(call, option)
    selector, data = option[1] & 0x7F if option[1:] else 0, option[2:]
    if selector == _MAILBOX:
        from baseboard.cli.ipmitool.chassis_mailbox import block_lines

        lines = block_lines(data, text=False, every=False)
    elif selector in _TEXTS:
        lines = _TEXTS[selector](data.ljust(_LONGEST, b"\0"), call)
    else:
        lines = [f" Unsupported parameter {selector}"]
    for line in lines:
        call.out(line)
    return lines


def print_generic(call: Call, option: bytes) -> None:
    """Print what every option has: version, validity, its bytes."""
    version, mark = option.ljust(2, b"\0")[:2]
    call.out(f"Boot parameter version: {version}")
    call.out(f"Boot parameter {mark & 0x7F} is {'invalid/locked' if mark & 0x80 else 'valid/unlocked'}")
    call.out(f"Boot parameter data: {option[2:].hex()}")


def _flags(title: str, bits: tuple[tuple[int, str], ...], value: int, indent: str) -> list[str]:
    found = [f"{indent}- {text}" for bit, text in bits if value & bit]
    return [title, *(found or ["     No flag set"])]


def _progress(data: bytes, call: Call) -> list[str]:
    return [f" Set In Progress : {_PROGRESS[data[0] & 3]}"]


def _partition(data: bytes, call: Call) -> list[str]:
    return [f" Service Partition Selector : {data[0] or 'unspecified'}"]


def _scan(data: bytes, call: Call) -> list[str]:
    return _flags(" Service Partition Scan :", _SCANS, data[0], "     ")


def _clearing(data: bytes, call: Call) -> list[str]:
    return _flags(" BMC boot flag valid bit clearing :", _KEPT, data[0], "     ")


def _acknowledge(data: bytes, call: Call) -> list[str]:
    return _flags(" Boot Info Acknowledge :", _HANDLERS, data[1], "    ")


def _boot_flags(data: bytes, call: Call) -> list[str]:
    first, second, third, fourth = data[:4]
    marked = (
        (True, "Boot Flag Valid" if first & 0x80 else "Boot Flag Invalid"),
        (True, f"Options apply to {'all future boots' if first & 0x40 else 'only next boot'}"),
        (True, "BIOS EFI boot " if first & 0x20 else "BIOS PC Compatible (legacy) boot "),
        (second & 0x80, "CMOS Clear"),
        (second & 0x40, "Lock Keyboard"),
        (True, f"Boot Device Selector : {_DEVICES.get(second >> 2 & 0xF, 'Flag error')}"),
        (second & 0x02, "Screen blank"),
        (second & 0x01, "Lock out Reset buttons"),
        (third & 0x80, "Lock out (power off/sleep request) via Power Button"),
        (True, f"BIOS verbosity : {_VERBOSITY[third >> 5 & 3]}"),
        (third & 0x10, "Force progress event traps"),
        (third & 0x08, "User password bypass"),
        (third & 0x04, "Lock Out Sleep Button"),
        (True, f"Console Redirection control : {_REDIRECTION[third & 3]}"),
        (fourth & 0x08, "BIOS Shared Mode Override"),
        (True, f"BIOS Mux Control Override : {_MUX.get(fourth & 7, 'Flag error')}"),
    )
    return [" Boot Flags :", *(f"   - {text}" for shown, text in marked if shown)]


def _initiator(data: bytes, call: Call) -> list[str]:
    session, stamp = int.from_bytes(data[1:5], "little"), int.from_bytes(data[5:9], "little")
    return [
        " Boot Initiator Info :",
        f"    Channel Number : {data[0] & 0x0F}",
        f"    Session Id     : {session:08X}h",
        f"    Timestamp      : {timestamp_numeric(stamp, call.options)}",
    ]


_TEXTS: Final[dict[int, Callable[[bytes, Call], list[str]]]] = {
    0: _progress,
    1: _partition,
    2: _scan,
    3: _clearing,
    4: _acknowledge,
    5: _boot_flags,
    6: _initiator,
}
