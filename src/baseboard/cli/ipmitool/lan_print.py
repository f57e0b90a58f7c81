"""``ipmitool lan print``: the configuration of a LAN channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from baseboard.cli.ipmitool import lan_parameters as parameters
from baseboard.cli.ipmitool.names import string
from baseboard.cli.results.lan import LanSettings

if TYPE_CHECKING:
    from baseboard.cli.call import Call

Facts: TypeAlias = dict[str, Any]

STATES: Final = ("Set Complete", "Set In Progress", "Commit Write", "Reserved")
SOURCES: Final = {0: "Unspecified", 1: "Static Address", 2: "DHCP Address", 3: "BIOS Assigned Address"}
AUTH_BITS: Final = {0: "NONE", 1: "MD2", 2: "MD5", 4: "PASSWORD", 5: "OEM"}
LEVELS: Final = ("Callback", "User", "Operator", "Admin", "OEM")
LETTERS: Final = {1: "c", 2: "u", 3: "o", 4: "a", 5: "O"}
LEGEND: Final = (
    "    X=Cipher Suite Unused",
    "    c=CALLBACK",
    "    u=USER",
    "    o=OPERATOR",
    "    a=ADMIN",
    "    O=OEM",
)

VLAN_ID, VLAN_PRIORITY, SUITE_COUNT, SUITES, SUITE_PRIVILEGES, BAD_PASSWORDS = 20, 21, 22, 23, 24, 26


def dotted(data: bytes) -> str:
    """An IPv4 address."""
    return ".".join(str(part) for part in data[:4])


def coloned(data: bytes) -> str:
    """A MAC address."""
    return data[:6].hex(":")


def line(call: Call, key: str, value: object) -> None:
    """Print ``key : value``."""
    call.out(f"{key:<24}: {value}")


def _types(bits: int) -> list[str]:
    return [text for bit, text in AUTH_BITS.items() if bits & 1 << bit]


def _spaced(texts: list[str]) -> str:
    return "".join(f"{text} " for text in texts)


def _progress(call: Call, facts: Facts, data: bytes) -> None:
    facts["set_in_progress"] = STATES[data[0] & 3]
    line(call, "Set in Progress", facts["set_in_progress"])


def _auth_types(call: Call, facts: Facts, data: bytes) -> None:
    facts["auth_types"] = _types(data[0])
    line(call, "Auth Type Support", _spaced(facts["auth_types"]))


def _auth_enables(call: Call, facts: Facts, data: bytes) -> None:
    facts["auth_enables"] = {
        level.lower(): _types(bits) for level, bits in zip(LEVELS, data[:5], strict=True)
    }
    for number, (level, bits) in enumerate(zip(LEVELS, data[:5], strict=True)):
        line(call, "" if number else "Auth Type Enable", f"{level:<9}: {_spaced(_types(bits))}")


def _source(call: Call, facts: Facts, data: bytes) -> None:
    facts["address_source"] = SOURCES.get(data[0] & 0xF, "Other")
    line(call, "IP Address Source", facts["address_source"])


def _header(call: Call, facts: Facts, data: bytes) -> None:
    del facts
    line(
        call,
        "IP Header",
        f"TTL=0x{data[0]:02x} Flags=0x{data[1] & 0xE0:02x} "
        f"Precedence=0x{data[2] & 0xE0:02x} TOS=0x{data[2] & 0x1E:02x}",
    )


def _community(call: Call, facts: Facts, data: bytes) -> None:
    facts["community"] = string(data)
    line(call, "SNMP Community String", facts["community"])


def _arp(call: Call, facts: Facts, data: bytes) -> None:
    facts["arp_responses"], facts["gratuitous_arps"] = bool(data[0] & 2), bool(data[0] & 1)
    responses, gratuitous = ("En" if data[0] & bit else "Dis" for bit in (2, 1))
    line(call, "BMC ARP Control", f"ARP Responses {responses}abled, Gratuitous ARP {gratuitous}abled")


def _interval(call: Call, facts: Facts, data: bytes) -> None:
    facts["gratuitous_arp_seconds"] = (data[0] + 1) / 2
    # ipmitool prints a decimal place that is always 0: it divides whole numbers.
    line(call, "Gratituous ARP Intrvl", f"{(data[0] + 1) // 2}.0 seconds")


def _address(fact: str, key: str) -> Callable[[Call, Facts, bytes], None]:
    def show(call: Call, facts: Facts, data: bytes) -> None:
        facts[fact] = dotted(data)
        line(call, key, facts[fact])

    return show


def _mac(fact: str, key: str) -> Callable[[Call, Facts, bytes], None]:
    def show(call: Call, facts: Facts, data: bytes) -> None:
        facts[fact] = coloned(data)
        line(call, key, facts[fact])

    return show


# Selector, size, and what prints it, in ipmitool's order.
SIMPLE: Final = (
    (0, 1, _progress),
    (1, 1, _auth_types),
    (2, 5, _auth_enables),
    (4, 1, _source),
    (3, 4, _address("address", "IP Address")),
    (6, 4, _address("netmask", "Subnet Mask")),
    (5, 6, _mac("mac", "MAC Address")),
    (16, 18, _community),
    (7, 3, _header),
    (10, 1, _arp),
    (11, 1, _interval),
    (12, 4, _address("gateway", "Default Gateway IP")),
    (13, 6, _mac("gateway_mac", "Default Gateway MAC")),
    (14, 4, _address("backup_gateway", "Backup Gateway IP")),
    (15, 6, _mac("backup_gateway_mac", "Backup Gateway MAC")),
)


async def show(call: Call, channel: int) -> int:
    """Print what a LAN channel is configured to, as far as the controller says."""
    facts: Facts = {}
    done = await _show(call, channel, facts)
    call.result(LanSettings(channel=channel, **facts))
    return 0 if done else 1


async def _show(call: Call, channel: int, facts: Facts) -> bool:
    for selector, size, printing in SIMPLE:
        data = await parameters.get(call, channel, selector)
        if data is None:
            return False
        if data:
            printing(call, facts, data.ljust(size, b"\0"))
    await _vlan(call, channel, facts)
    rest: tuple[Callable[[Call, int, Facts], Awaitable[bool]], ...] = (_suites, _privileges, _bad_passwords)
    for piece in rest:
        if not await piece(call, channel, facts):
            return False
    return True


async def _vlan(call: Call, channel: int, facts: Facts) -> None:
    data = await parameters.get(call, channel, VLAN_ID)
    if data:
        word = int.from_bytes(data[:2].ljust(2, b"\0"), "little")
        facts["vlan_id"] = word & 0xFFF if word & 0x8000 else None
        line(call, "802.1q VLAN ID", "Disabled" if facts["vlan_id"] is None else facts["vlan_id"])
    data = await parameters.get(call, channel, VLAN_PRIORITY)
    if data:
        facts["vlan_priority"] = data[0] & 0x07
        line(call, "802.1q VLAN Priority", facts["vlan_priority"])


async def _suites(call: Call, channel: int, facts: Facts) -> bool:
    count = await parameters.get(call, channel, SUITE_COUNT)
    if not count:
        return count is not None
    data = await parameters.get(call, channel, SUITES)
    if data is None:
        return False
    if not 0 < len(data) <= 17:
        line(call, "RMCP+ Cipher Suites", "None")
        return True
    facts["cipher_suites"] = list(data[1:][: min(16, count[0])])
    line(call, "RMCP+ Cipher Suites", ",".join(str(suite) for suite in facts["cipher_suites"]))
    return True


async def _privileges(call: Call, channel: int, facts: Facts) -> bool:
    data = await parameters.get(call, channel, SUITE_PRIVILEGES)
    if data is None:
        return False
    if len(data) != 9:
        line(call, "Cipher Suite Priv Max", "Not Available")
        return True
    nibbles = [level for pair in data[1:] for level in (pair & 0x0F, pair >> 4)]
    facts["cipher_privileges"] = "".join(LETTERS.get(level, "X") for level in nibbles[:15])
    line(call, "Cipher Suite Priv Max", facts["cipher_privileges"])
    for text in LEGEND:
        line(call, "", text)
    return True


async def _bad_passwords(call: Call, channel: int, facts: Facts) -> bool:
    data = await parameters.get(call, channel, BAD_PASSWORDS)
    if data is None:
        return False
    if len(data) != 6:
        line(call, "Bad Password Threshold", "Not Available")
        return True
    reset, lockout = (int.from_bytes(data[at : at + 2], "little") * 10 for at in (2, 4))
    facts["bad_password_threshold"], facts["bad_password_event"] = data[1], bool(data[0] & 1)
    facts["attempt_reset_seconds"], facts["lockout_seconds"] = reset, lockout
    line(call, "Bad Password Threshold", data[1])
    line(call, "Invalid password disable", "yes" if data[0] & 1 else "no")
    line(call, "Attempt Count Reset Int.", reset)
    line(call, "User Lockout Interval", lockout)
    return True
