"""The IPv6 parameters as ``ipmitool lan6`` has them: how they are read, written, printed and typed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from baseboard.cli.ipmitool.questions import ask, known
from baseboard.cli.ipmitool.text import COMPLETION, byte, str2val
from baseboard.cli.ipmitool.word_values import hexadecimal, mac_address, unsigned
from baseboard.codes import Cc
from baseboard.commands.parameters.lan import LanParameter
from baseboard.commands.transport.lan import GetLanConfigurationParameters, SetLanConfigurationParameters
from baseboard.wire import Unknown

if TYPE_CHECKING:
    from baseboard.cli.call import Call

ENABLES: Final = {0: "ipv4", 1: "ipv6", 2: "both"}
SWITCH: Final = {0x00: "disable", 0x80: "enable"}
SOURCES: Final = {0: "static", 1: "SLAAC", 2: "DHCPv6"}
STATUSES: Final = {0: "active", 1: "disabled", 2: "pending", 3: "failed", 4: "deprecated", 5: "invalid"}
DUIDS: Final = {0: "unknown", 1: "DUID-LLT", 2: "DUID-EN", 3: "DUID-LL"}
TIMING: Final = {0: "not supported", 1: "global", 2: "per interface"}
ROUTERS: Final = {1: "static", 2: "dynamic", 3: "both"}

REFUSALS: Final = {
    0x80: "Parameter not supported",
    0x81: "Set already in progress",
    0x82: "Parameter is read-only",
    0x83: "Write-only parameter",
}
ABSENT: Final = frozenset({0x80, Cc.PARAMETER_OUT_OF_RANGE, Cc.INVALID_DATA})
MOST: Final = 512  # of one parameter: 65,536 sets and blocks are what a BMC that lies has

# Selectors, their names and the bytes of their data.
TABLE: Final = {
    0: ("Set In Progress", 1),
    50: ("IPv6/IPv4 Support", 1),
    51: ("IPv6/IPv4 Addressing Enables", 1),
    52: ("IPv6 Header Traffic Class", 1),
    53: ("IPv6 Header Static Hop Limit", 1),
    54: ("IPv6 Header Flow Label", 3),
    55: ("IPv6 Status", 3),
    56: ("IPv6 Static Address", 20),
    57: ("IPv6 DHCPv6 Static DUID Storage Length", 1),
    58: ("IPv6 DHCPv6 Static DUID", 18),
    59: ("IPv6 Dynamic Address", 20),
    60: ("IPv6 DHCPv6 Dynamic DUID Storage Length", 1),
    61: ("IPv6 DHCPv6 Dynamic DUID", 18),
    62: ("IPv6 DHCPv6 Timing Configuration Support", 1),
    63: ("IPv6 DHCPv6 Timing Configuration", 18),
    64: ("IPv6 Router Address Configuration Control", 1),
    65: ("IPv6 Static Router 1 IP Address", 16),
    66: ("IPv6 Static Router 1 MAC Address", 6),
    67: ("IPv6 Static Router 1 Prefix Length", 1),
    68: ("IPv6 Static Router 1 Prefix Value", 16),
    69: ("IPv6 Static Router 2 IP Address", 16),
    70: ("IPv6 Static Router 2 MAC Address", 6),
    71: ("IPv6 Static Router 2 Prefix Length", 1),
    72: ("IPv6 Static Router 2 Prefix Value", 16),
    73: ("IPv6 Number of Dynamic Router Info Sets", 1),
    74: ("IPv6 Dynamic Router Info IP Address", 17),
    75: ("IPv6 Dynamic Router Info MAC Address", 7),
    76: ("IPv6 Dynamic Router Info Prefix Length", 2),
    77: ("IPv6 Dynamic Router Info Prefix Value", 17),
    78: ("IPv6 Dynamic Router Received Hop Limit", 1),
    79: ("IPv6 ND/SLAAC Timing Configuration Support", 1),
    80: ("IPv6 ND/SLAAC Timing Configuration", 18),
}

(
    SUPPORT, ENABLE, FLOW_LABEL, STATUS, STATIC_ADDRESS, STATIC_DUID, DYNAMIC_ADDRESS, DYNAMIC_DUID,
    DHCP_SUPPORT, DHCP, ROUTER, STATIC_ROUTER, STATIC_ROUTER_2, DYNAMIC_ROUTER, NEIGHBOR_SUPPORT, NEIGHBOR,
) = (50, 51, 54, 55, 56, 58, 59, 61, 62, 63, 64, 65, 69, 74, 79, 80)  # fmt: skip

DHCP_TIMERS: Final = (
    "SOL_MAX_DELAY", "SOL_TIMEOUT", "SOL_MAX_RT", "REQ_TIMEOUT", "REQ_MAX_RT", "REQ_MAX_RC",
    "CNF_MAX_DELAY", "CNF_TIMEOUT", "CNF_MAX_RT", "CNF_MAX_RD", "REN_TIMEOUT", "REN_MAX_RT",
    "REB_TIMEOUT", "REB_MAX_RT", "INF_MAX_DELAY", "INF_TIMEOUT", "INF_MAX_RT", "REL_TIMEOUT",
    "REL_MAX_RC", "DEC_TIMEOUT", "DEC_MAX_RC", "HOP_COUNT_LIMIT",
)  # fmt: skip
NEIGHBOR_TIMERS: Final = (
    "MAX_RTR_SOLICITATION_DELAY", "RTR_SOLICITATION_INTERVAL", "MAX_RTR_SOLICITATIONS",
    "DupAddrDetectTransmits", "MAX_MULTICAST_SOLICIT", "MAX_UNICAST_SOLICIT", "MAX_ANYCAST_DELAY_TIME",
    "MAX_NEIGHBOR_ADVERTISEMENT", "REACHABLE_TIME", "RETRANS_TIMER", "DELAY_FIRST_PROBE_TIME",
    "MAX_RANDOM_FACTOR", "MIN_RANDOM_FACTOR",
)  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    """A word of ``lan6``.

    Attributes:
        selector: of the parameter, or of the first of those that it stands for.
        size: bytes of its data, all together.
        form: how its values are typed; empty = it can only be read.
        sets: it takes a set selector.
        first_set: the first one, if it is scanned.
        blocks: it takes a block selector.
    """

    name: str
    selector: int
    size: int
    form: str = ""
    sets: bool = False
    first_set: int = 0
    blocks: bool = False


PARAMETERS: Final = (
    Parameter("support", SUPPORT, 1),
    Parameter("enables", ENABLE, 1, "{ipv4|ipv6|both}"),
    Parameter("traffic_class", 52, 1, "<value>"),
    Parameter("static_hops", 53, 1, "<value>"),
    Parameter("flow_label", FLOW_LABEL, 3, "<value>"),
    Parameter("status", STATUS, 3),
    Parameter("static_addr", STATIC_ADDRESS, 20, "{enable|disable} <addr> <pfx_len>", sets=True),
    Parameter("static_duid_stg", 57, 1),
    Parameter("static_duid", STATIC_DUID, 18, "<data>", sets=True, blocks=True),
    Parameter("dynamic_addr", DYNAMIC_ADDRESS, 20, sets=True),
    Parameter("dynamic_duid_stg", 60, 1),
    Parameter("dynamic_duid", DYNAMIC_DUID, 18, "<data>", sets=True, blocks=True),
    Parameter("dhcp6_cfg_sup", DHCP_SUPPORT, 1),
    Parameter("dhcp6_cfg", DHCP, 36, "<data> <data>", sets=True),
    Parameter("rtr_cfg", ROUTER, 1, "{static|dynamic|both}"),
    Parameter(
        "static_rtr", STATIC_ROUTER, 43, "<addr> <macaddr> <prefix> <prefix_len>", sets=True, first_set=1
    ),
    Parameter("num_dynamic_rtrs", 73, 1),
    Parameter("dynamic_rtr", DYNAMIC_ROUTER, 43, sets=True),
    Parameter("dynamic_hops", 78, 1),
    Parameter("ndslaac_cfg_sup", NEIGHBOR_SUPPORT, 1),
    Parameter("ndslaac_cfg", NEIGHBOR, 18, "<data>", sets=True),
)

# Where the four parameters of a router are in its 43 bytes: address, MAC, prefix length, prefix.
PIECES: Final = (0, 17, 24, 26)


def _yes(bit: int) -> str:
    return "yes" if bit else "no"


@dataclass(frozen=True)
class Kept:
    """A parameter's data for a set and block selector, laid out as ipmitool has them."""

    parameter: Parameter
    set: int
    block: int
    data: bytes

    # ---- printed

    def values(self) -> dict[str, str]:
        """What it says, by the words of the text."""
        rows = [row.split(":", 1) for row in self.lines()]
        return {key.strip(): value.strip() for key, value in (row for row in rows if len(row) == 2) if value}

    def lines(self) -> list[str]:
        """What ``print`` prints."""
        data, selector = self.data, self.parameter.selector
        name = TABLE[selector][0]
        numbered = f"{name} {self.set}:"
        match selector:
            case 50:
                rows = {
                    "IPv6 only": data[0] & 1,
                    "IPv4 and IPv6": data[0] & 2,
                    "IPv6 Destination Addresses for LAN alerting": data[0] & 4,
                }
                return [f"{name}:", *(f"    {key}: {_yes(bit)}" for key, bit in rows.items())]
            case 51:
                return [f"{name}: {known(data[0], ENABLES)}"]
            case 54:
                return [f"{name}: {int.from_bytes(data[:3], 'big')}"]
            case 55:
                return [
                    f"{name}:",
                    f"    Static address max:  {data[0]}",
                    f"    Dynamic address max: {data[1]}",
                    f"    DHCPv6 support:      {_yes(data[2] & 1)}",
                    f"    SLAAC support:       {_yes(data[2] & 2)}",
                ]
            case 56 | 59:
                return [numbered, *self._address()]
            case 58 | 61:
                return self._duid(numbered)
            case 62 | 79:
                return [f"{name}: {known(data[0], TIMING)}"]
            case 63:
                timers = data[2:18] + data[20:26]
                return [numbered, *_aligned(DHCP_TIMERS, timers)]
            case 64:
                return [
                    f"{name}:",
                    f"    Enable static router address:  {_yes(data[0] & 1)}",
                    f"    Enable dynamic router address: {_yes(data[0] & 2)}",
                ]
            case 65 | 74:
                return self._router()
            case 80:
                return [numbered, *_aligned(NEIGHBOR_TIMERS, data[2:15])]
            case _:
                return [f"{name}: {data[0]}"]

    def _address(self) -> list[str]:
        data = self.data
        if self.parameter.selector == STATIC_ADDRESS:
            first = f"    Enabled:        {_yes(data[1] & 0x80)}"
        else:
            first = f"    Source/Type:    {known(data[1] & 0xF, SOURCES)}"
        return [
            first,
            f"    Address:        {_ipv6(data[2:18])}/{data[18]}",
            f"    Status:         {known(data[19] & 0xF, STATUSES)}",
        ]

    def _duid(self, numbered: str) -> list[str]:
        data = self.data
        head = [
            numbered,
            f"    Length:   {data[2]}",
            f"    Type:     {known(int.from_bytes(data[3:5], 'big'), DUIDS)}",
        ]
        return [*(head if self.block == 0 else []), f"    {data[2:18].hex()}"]

    def _router(self) -> list[str]:
        data = self.data
        kind = "Static" if self.parameter.selector == STATIC_ROUTER else "Dynamic"
        return [
            f"IPv6 {kind} Router {self.set}:",
            f"    Address: {_ipv6(data[1:17])}",
            f"    MAC:     {data[18:24].hex(':')}",
            f"    Prefix:  {_ipv6(data[27:43])}/{data[25]}",
        ]

    def saved(self) -> str:
        """What ``save`` prints: the values as ``set`` takes them."""
        data = self.data
        match self.parameter.selector:
            case 51:
                return known(data[0], ENABLES)
            case 54:
                return f"0x{int.from_bytes(data[:3], 'big'):x}"
            case 56:
                text = f"{known(data[1], SWITCH)} {_ipv6(data[2:18])} {data[18]}"
                return f"{text} {known(data[19], STATUSES)}"
            case 58 | 61 | 80:
                return data[2:18].hex()
            case 63:
                return f"{data[2:18].hex()} {data[20:26].hex()}"
            case 64:
                return known(data[0], ROUTERS)
            case 65:
                return f"{_ipv6(data[1:17])} {data[18:24].hex(':')} {_ipv6(data[27:43])} {data[25]}"
            case _:
                return str(data[0])

    # ---- typed

    @classmethod
    def parsed(
        cls, call: Call, parameter: Parameter, set_selector: int, block: int, words: list[str]
    ) -> Self | None:
        """Take the values of ``set``; None if they are wrong, and the user was told if they are there."""
        needed = {STATUS: 3, STATIC_ADDRESS: 3, DYNAMIC_ADDRESS: 3, STATIC_ROUTER: 4, DYNAMIC_ROUTER: 4}
        if parameter.selector == STATIC_ROUTER and words and set_selector > 2:
            call.err("invalid value")
            return None
        if len(words) < needed.get(parameter.selector, 1):
            return None
        data = _typed(call, parameter.selector, set_selector, block, words)
        if data is None:
            call.err("invalid value")
            return None
        return cls(parameter, set_selector, block, data.ljust(parameter.size, b"\0"))


def _aligned(names: tuple[str, ...], values: bytes) -> list[str]:
    width = max(len(name) for name in names) + 1
    return [f"    {name + ':':<{width}} {value}" for name, value in zip(names, values, strict=True)]


def _ipv6(data: bytes) -> str:
    """An IPv6 address as C's ``inet_ntop`` writes it."""
    address = ipaddress.IPv6Address(data)
    embedded = data[:12] in (bytes(12), bytes(10) + b"\xff\xff")
    # C writes an embedded IPv4 address with dots, except where it would be a small number.
    if embedded and (data[10:12] == b"\xff\xff" or data[12:14] != b"\0\0"):
        prefix = "::ffff:" if data[10:12] == b"\xff\xff" else "::"
        return prefix + ".".join(str(part) for part in data[12:])
    return address.compressed


def _typed(call: Call, selector: int, set_selector: int, block: int, words: list[str]) -> bytes | None:
    """The bytes of the values typed; None if they are wrong."""
    match selector:
        case 51 | 64:
            value = str2val(words[0], ENABLES if selector == ENABLE else ROUTERS)
            return None if value == 0xFF else bytes((value,))
        case 54:
            label = unsigned(words[0], 32)
            return None if label is None else (label & 0xFFFFF).to_bytes(3, "big")
        case 55:
            numbers = [byte(word) for word in words[:3]]
            return None if None in numbers else bytes(number or 0 for number in numbers)
        case 56 | 59:
            return _typed_address(selector, set_selector, words)
        case 58 | 61 | 80:
            block_data = hexadecimal(words[0], 16)
            return None if block_data is None else bytes((set_selector & 0xFF, block & 0xFF)) + block_data
        case 63:
            return _typed_timers(set_selector & 0xFF, words)
        case 65 | 74:
            return _typed_router(call, set_selector & 0xFF, words)
        case _:
            number = byte(words[0])
            return None if number is None else bytes((number,))


def _typed_address(selector: int, set_selector: int, words: list[str]) -> bytes | None:
    # ipmitool's table of sources ends with 0, and an unknown word is what stands there.
    switch = str2val(words[0], SWITCH) if selector == STATIC_ADDRESS else str2val(words[0], SOURCES, 0)
    address, prefix = _packed(words[1]), byte(words[2])
    if switch == 0xFF or address is None or prefix is None:
        return None
    status = str2val(words[3], STATUSES) if len(words) > 3 else 0
    return bytes((set_selector & 0xFF, switch)) + address + bytes((prefix, status))


def _typed_timers(set_selector: int, words: list[str]) -> bytes | None:
    first = hexadecimal(words[0], 16)
    second = hexadecimal(words[1], 6) if len(words) > 1 else bytes(6)
    if first is None or second is None:
        return None
    return bytes((set_selector, 0)) + first + bytes((set_selector, 1)) + second


def _typed_router(call: Call, set_selector: int, words: list[str]) -> bytes | None:
    number = bytes((set_selector,))
    address = _packed(words[0])
    mac = None if address is None else mac_address(call, words[1])
    prefix = None if mac is None else _packed(words[2])
    length = byte(words[3])
    if address is None or mac is None or prefix is None or length is None:
        return None
    return number + address + number + mac + number + bytes((length,)) + number + prefix


def _packed(word: str) -> bytes | None:
    try:
        return ipaddress.IPv6Address(word).packed if "%" not in word else None
    except ValueError:
        return None


class Store:
    """The IPv6 parameters of a channel."""

    def __init__(self, call: Call, channel: int) -> None:
        self._call, self.channel = call, channel

    async def lock(self) -> int:
        """Say that parameters are being changed.

        Returns: the completion code, or -1 when nobody answered.
        """
        return await self._put(0, b"\x01")

    async def discard(self) -> int:
        """Say that no parameters are being changed any more; the code as of `lock`."""
        return await self._put(0, b"\x00")

    async def commit(self) -> int:
        """Put the changes into force; the code as of `lock`."""
        return await self._put(0, b"\x02") or await self.discard()

    async def write(self, kept: Kept) -> bool:
        """Write a parameter, or the several that a word stands for."""
        selector, data = kept.parameter.selector, kept.data
        if selector == DHCP:
            return not (await self._put(selector, data[:18]) or await self._put(selector, data[18:]))
        if selector not in {STATIC_ROUTER, DYNAMIC_ROUTER}:
            return not await self._put(selector, data)
        # A static router's parameters are of the router, and have no set selector.
        skipped = 1 if selector == STATIC_ROUTER else 0
        if skipped and data[0] == 2:
            selector = STATIC_ROUTER_2
        for step, start in enumerate(PIECES):
            size = TABLE[selector + step][1]
            if await self._put(selector + step, data[start + skipped :][:size]):
                return False
        return True

    async def _put(self, selector: int, data: bytes) -> int:
        name, size = TABLE[selector]
        value: LanParameter | Unknown = Unknown(selector=selector, raw=data[:size])
        answer = await ask(
            self._call, SetLanConfigurationParameters(channel=self.channel & 0xF, parameter=value)
        )
        code = None if answer is None else answer.code
        if code == Cc.OK:
            return 0
        self._failed("set", name, code)
        return -1 if code is None else code

    def _failed(self, action: str, name: str, code: int | None) -> None:
        if code is None:
            reason = "No response"
        else:
            reason = known(code, COMPLETION) if code >= 0xC0 else known(code, REFUSALS)
        self._call.err(f"Failed to {action} {name}: {reason}")

    async def read(
        self, parameter: Parameter | None, set_selector: int | None, block: int | None
    ) -> list[Kept] | None:
        """Read one parameter or all; None after a complaint.

        Args:
            set_selector: None = all, until the controller has no more.
            block: the same.
        """
        if parameter is not None:
            return await self._scan(parameter, set_selector, block, quiet=False)
        found: list[Kept] = []
        for one in PARAMETERS:
            found += await self._scan(one, None, None, quiet=True) or []
        return found

    async def _scan(
        self, parameter: Parameter, set_selector: int | None, block: int | None, *, quiet: bool
    ) -> list[Kept] | None:
        every_set = set_selector is None and parameter.sets
        every_block = block is None and parameter.blocks
        number = parameter.first_set if every_set else set_selector or 0
        found: list[Kept] = []
        while number <= 0xFF and len(found) < MOST:
            piece = 0 if every_block else block or 0
            first = piece
            data: bytes | None = None
            while piece <= 0xFF and len(found) < MOST:
                data = await self._get(parameter, number, piece, quiet=quiet)
                if data is None:
                    if not quiet:
                        return None
                    break
                found.append(Kept(parameter, number, piece, data))
                quiet = True
                piece += 1
                if not every_block:
                    break
            if not every_set or (data is None and piece == first):
                break
            number += 1
        return found

    async def _get(self, parameter: Parameter, number: int, block: int, *, quiet: bool) -> bytes | None:
        selector = parameter.selector
        if selector == DHCP:
            first = await self._ask(selector, number, 0, quiet=quiet)
            second = None if first is None else await self._ask(selector, number, 1, quiet=quiet)
            return None if first is None or second is None else first + second
        if selector not in {STATIC_ROUTER, DYNAMIC_ROUTER}:
            return await self._ask(selector, number, block, quiet=quiet)
        static = selector == STATIC_ROUTER
        if static:
            if number > 2:
                return None
            selector = STATIC_ROUTER_2 if number == 2 else selector
            number = 0
        pieces = b""
        for step in range(len(PIECES)):
            data = await self._ask(selector + step, number, block, quiet=quiet and not step)
            if data is None:
                return None
            pieces += b"\0" + data if static else data
        return pieces

    async def _ask(self, selector: int, number: int, block: int, *, quiet: bool) -> bytes | None:
        name, size = TABLE[selector]
        answer = await ask(
            self._call,
            GetLanConfigurationParameters(
                channel=self.channel & 0xF, selector=selector, set_selector=number, block_selector=block
            ),
        )
        if answer is not None and not answer.code:
            return answer.data[1 : 1 + size].ljust(size, b"\0")
        if answer is None or not (quiet and answer.code in ABSENT):
            self._failed("get", name, None if answer is None else answer.code)
        return None
