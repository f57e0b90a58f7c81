"""``mc`` and ``bmc``: who the management controller is, its resets, self test and global enables."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.answers import answered
from baseboard.cli.ipmitool.questions import ask
from baseboard.cli.ipmitool.text import completion
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.results.mc import McInfo

ENABLES: Final = (
    ("recv_msg_intr", "Receive Message Queue Interrupt", 0x01),
    ("event_msg_intr", "Event Message Buffer Full Interrupt", 0x02),
    ("event_msg", "Event Message Buffer", 0x04),
    ("system_event_log", "System Event Logging", 0x08),
    ("oem0", "OEM 0", 0x20),
    ("oem1", "OEM 1", 0x40),
    ("oem2", "OEM 2", 0x80),
)
"""The bits of Table 22-3: ipmitool's name and description."""

_DEVICES: Final = (
    "Sensor Device",
    "SDR Repository Device",
    "SEL Device",
    "FRU Inventory Device",
    "IPMB Event Receiver",
    "IPMB Event Generator",
    "Bridge",
    "Chassis Device",
)

_RESET_USAGE: Final = "usage: mc reset <warm|cold>"

_FAULTS: Final = (
    (0x80, " -> SEL device not accessible"),
    (0x40, " -> SDR repository not accessible"),
    (0x20, "FRU device not accessible"),
    (0x10, "IPMB signal lines do not respond"),
    (0x08, "SDR repository empty"),
    (0x04, "Internal Use Area corrupted"),
    (0x02, "Controller update boot block corrupted"),
    (0x01, "controller operational firmware corrupted"),
)
"""What a self test found (Table 20-3), in the order and with the words of ipmitool."""


def usage() -> str:
    """The help of the noun."""
    from baseboard.cli.ipmitool.mc_system_info import usage as system_info

    enables = "".join(f"    {name:<20}  {description}\n" for name, description, _ in ENABLES)
    return (
        "MC Commands:\n"
        "  reset <warm|cold>\n"
        "  guid [auto|smbios|ipmi|rfc4122|dump]\n"
        "  info\n"
        "  watchdog <get|reset|off>\n"
        "  selftest\n"
        "  getenables\n"
        "  setenables <option=on|off> ...\n"
        f"{enables}{system_info(full=False)}"
    )


async def run(call: Call, words: list[str]) -> int:
    """Do a verb of ``mc``."""
    if not words:
        call.err("Not enough parameters given.")
        call.err(usage())
        return 1
    verb, rest = words[0], words[1:]
    match verb:
        case "help":
            call.err(usage())
            return 0
        case "info":
            return await info(call)
        case "reset":
            return await _reset(call, rest)
        case "selftest":
            return await selftest(call)
        case "getenables":
            return await get_enables(call)
        case "setenables":
            return await _set_enables(call, rest)
        case "guid":
            from baseboard.cli.ipmitool.mc_guid import guid

            return await guid(call, rest)
        case "watchdog":
            from baseboard.cli.ipmitool.mc_watchdog import watchdog

            return await watchdog(call, rest)
        case "getsysinfo" | "setsysinfo":
            from baseboard.cli.ipmitool.mc_system_info import system_info

            return await system_info(call, verb, rest)
        case _:
            call.err(f"Invalid mc/bmc command: {verb}")
            call.err(usage())
            return 1


async def info(call: Call) -> int:
    """``mc info``: Get Device ID (§20.1)."""
    from baseboard.cli.ipmitool.manufacturers import manufacturer_name
    from baseboard.cli.results.mc import McInfo
    from baseboard.commands.app.device_id import GetDeviceId

    answer = await answered(call, GetDeviceId(), "Get Device ID command failed")
    if answer is None:
        return 1
    # ipmitool reads on behind a short answer; there, where bytes lack, are zeros.
    data = answer.data.ljust(11, b"\0")
    device_id, revision, major, minor, version, support = data[:6]
    manufacturer, product = int.from_bytes(data[6:9], "little"), int.from_bytes(data[9:11], "little")
    auxiliary = answer.data[11:] if len(answer.data) == 15 else b""
    found = McInfo(
        device_id=device_id,
        device_revision=revision & 0x0F,
        firmware_revision=f"{major & 0x7F}.{minor:02x}",
        ipmi_version=f"{version & 0x0F:x}.{version >> 4:x}",
        manufacturer_id=manufacturer,
        manufacturer_name=manufacturer_name(manufacturer),
        product_id=product,
        device_available=not major & 0x80,
        provides_device_sdrs=bool(revision & 0x80),
        device_support=tuple(name for bit, name in enumerate(_DEVICES) if support >> bit & 1),
        auxiliary_firmware=auxiliary.hex(),
    )
    _print_info(call, found, auxiliary)
    call.result(found)
    return 0


def _print_info(call: Call, found: McInfo, auxiliary: bytes) -> None:
    call.out(f"Device ID                 : {found.device_id}")
    call.out(f"Device Revision           : {found.device_revision}")
    call.out(f"Firmware Revision         : {found.firmware_revision}")
    call.out(f"IPMI Version              : {found.ipmi_version}")
    call.out(f"Manufacturer ID           : {found.manufacturer_id}")
    call.out(f"Manufacturer Name         : {found.manufacturer_name}")
    call.out(f"Product ID                : {found.product_id} (0x{found.product_id:04x})")
    call.out(f"Product Name              : Unknown (0x{found.product_id:02X})")
    call.out(f"Device Available          : {'yes' if found.device_available else 'no'}")
    call.out(f"Provides Device SDRs      : {'yes' if found.provides_device_sdrs else 'no'}")
    call.out("Additional Device Support :")
    for name in found.device_support:
        call.out(f"    {name}")
    if auxiliary:
        call.out("Aux Firmware Rev Info     : ")
        for value in auxiliary:
            call.out(f"    0x{value:02x}")


async def _reset(call: Call, words: list[str]) -> int:
    from baseboard.cli.results.mc import McReset
    from baseboard.commands.app.device import ColdReset, WarmReset
    from baseboard.errors import SessionClosed

    if not words:
        call.err("Not enough parameters given.")
        call.err(_RESET_USAGE)
        return 1
    kind = words[0]
    if kind == "help":
        call.err(_RESET_USAGE)
        return 0
    if kind not in ("cold", "warm"):
        call.err(f"Invalid mc/bmc reset command: {kind}")
        call.err(_RESET_USAGE)
        return 1
    bmc, answer = await call.bmc(), None
    request = ColdReset() if kind == "cold" else WarmReset()
    with contextlib.suppress(NoResponse, SessionClosed):
        # Asked once: a second request could reset a controller that is just coming back.
        answer = await bmc.exchange(request.command.netfn, request.command.cmd, retry=False)
    if answer is None and kind == "warm":
        call.err("MC reset command failed.")
        return 1
    if answer is not None and answer[0]:
        call.err(f"MC reset command failed: {completion(answer[0])}")
        return 1
    # A cold reset may begin before it is answered (§20.2).
    call.out(f"Sent {kind} reset command to MC")
    call.result(McReset(kind=kind))
    return 0


async def selftest(call: Call) -> int:
    """``mc selftest``: Get Self Test Results (§20.4)."""
    from baseboard.cli.results.mc import SelfTest
    from baseboard.commands.app.device import GetSelfTestResults

    answer = await ask(call, GetSelfTestResults())
    if answer is None:
        call.err("No response from devices\n")
        return 1
    if answer.code:
        call.err(f"Bad response: ({answer.text()})")
        return 1
    result, detail = answer.data.ljust(2, b"\0")[:2]
    faults = tuple(text for bit, text in _FAULTS if result == 0x57 and detail & bit)
    call.result(SelfTest(result=result, detail=detail, faults=tuple(fault.strip(" ->") for fault in faults)))
    match result:
        case 0x55:
            call.out("Selftest: passed")
            return 0
        case 0x56:
            call.out("Selftest: not implemented")
        case 0x57:
            call.out("Selftest: device corrupted")
            for fault in faults:
                call.out(fault)
        case 0x58:
            call.out("Selftest     : fatal error")
            call.out(f"Failure code : {detail:02x}")
        case 0xFF:
            call.out("Selftest: N/A", end="")
        case _:
            call.out(f"Selftest     : device specific ({result:02X}h)")
            call.out(f"Failure code : {detail:02X}h")
            return 0
    return 1


# ---- global enables


async def get_enables(call: Call) -> int:
    """``mc getenables``: Get BMC Global Enables (§22.2)."""
    flags = await _enables(call)
    if flags is None:
        return 1
    _print_enables(call, flags)
    return 0


async def _enables(call: Call) -> int | None:
    from baseboard.commands.app.messaging import GetBmcGlobalEnables

    answer = await answered(call, GetBmcGlobalEnables(), "Get Global Enables command failed")
    return None if answer is None else answer.data[0] if answer.data else 0


def _print_enables(call: Call, flags: int) -> None:
    from baseboard.cli.results.mc import GlobalEnables

    for _, description, bit in ENABLES:
        call.out(f"{description:<40} : {'en' if flags & bit else 'dis'}abled")
    call.result(GlobalEnables(**{name: bool(flags & bit) for name, _, bit in ENABLES}))


async def _set_enables(call: Call, words: list[str]) -> int:
    from baseboard.commands.app.messaging import SetBmcGlobalEnables

    if not words or words[0] == "help":
        call.err(usage())
        return 0 if words else 1
    before = await _enables(call)
    if before is None:
        return 1
    flags = before
    for word in words:
        flags = _changed(call, flags, word)
    if flags == before:
        call.out("\nNothing to change...")
        await get_enables(call)
        return 0
    request = SetBmcGlobalEnables.decode(bytes((flags,)))
    if await answered(call, request, "Set Global Enables command failed") is None:
        return 1
    call.out("\nVerifying...")
    await get_enables(call)
    return 0


def _changed(call: Call, flags: int, word: str) -> int:
    """The enables with what a word such as ``oem0=on`` says."""
    name, _, state = word.partition("=")
    for known, description, bit in ENABLES:
        if name == known and state in ("on", "off"):
            call.out(f"{'Enabling' if state == 'on' else 'Disabling'} {description}")
            return flags | bit if state == "on" else flags & ~bit
    call.err(f"Unrecognized option: {word}")
    return flags
