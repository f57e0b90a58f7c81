"""``ipmitool picmg portstate``, ``amcportstate``, ``clk`` and ``busres``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.picmg import ATCA, answered, changed
from baseboard.cli.ipmitool.picmg_clocks import clock, set_clock
from baseboard.cli.ipmitool.picmg_words import given
from baseboard.cli.ipmitool.questions import ask
from baseboard.cli.ipmitool.text import byte
from baseboard.cli.ipmitool.word_values import integer
from baseboard.cli.results.picmg import BusedResourceStatus, LinkState
from baseboard.commands.groups.picmg_links import (
    AmcLink,
    BusedAction,
    BusedResource,
    BusedResourceControl,
    GetAmcPortState,
    GetPortState,
    Link,
    LinkInterface,
    SetAmcPortState,
    SetPortState,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call

LINKS: Final = 4
_LINK, _AMC = 5, 4
_KINDS: Final = {
    1: "PICMG 3.0 Base Interface 10/100/1000",
    2: "PICMG 3.1 Ethernet Fabric Interface",
    3: "PICMG 3.2 Infiniband Fabric Interface",
    4: "PICMG 3.3 Star Fabric Interface",
    5: "PCI Express Fabric Interface",
}
_INTERFACES: Final = ("Base Interface", "Fabric Interface", "Update Channel", "Reserved")
_AMC_KINDS: Final = (
    "RESERVED", "RESERVED1", "PCI EXPRESS", "ADVANCED SWITCHING1", "ADVANCED SWITCHING2", "ETHERNET",
    "RAPIDIO", "STORAGE",
)  # fmt: skip
_GENERATIONS: Final = ("Gen 1 - NSSC", "Gen 1 - SSC", "Gen 2 - NSSC", "Gen 2 - SSC")
_EXTENSIONS: Final = {
    2: _GENERATIONS,
    3: _GENERATIONS,
    4: _GENERATIONS,
    5: ("1000BASE-BX (SerDES Gigabit)", "10GBASE-BX410 Gigabit XAUI"),
    6: ("1.25 Gbaud transmission rate", "2.5 Gbaud transmission rate", "3.125 Gbaud transmission rate"),
    7: ("Fibre Channel", "Serial ATA", "Serial Attached SCSI"),
}
_RESOURCES: Final = (
    "Metallic Test Bus pair #1", "Metallic Test Bus pair #2", "Synch clock group 1 (CLK1)",
    "Synch clock group 2 (CLK2)", "Synch clock group 3 (CLK3)",
)  # fmt: skip
_CONTROL: Final = ("In control", "No control")
_OEM: Final = range(0xF0, 0xFF)


def _number(call: Call, what: str, word: str) -> int | None:
    """A signed word that must not be negative; None after a complaint."""
    found = integer(word)
    if found is None or found < 0:
        call.err(f"Given {what} '{word}' is invalid.")
        return None
    return found


# ---- links of the backplane


async def ports(call: Call, words: list[str]) -> bool | None:
    """Run ``portstate`` and its words; None: nothing was asked."""
    match words:
        case []:
            call.err("<set>|<getall>|<getgranted>|<getdenied>")
            return False
        case ["get", interface_word, channel_word, *_]:
            interface = _number(call, "PICMG Interface", interface_word)
            channel = None if interface is None else given(call, "AMC Channel", channel_word)
            if interface is None or channel is None:
                return False
            return await _port(call, interface & 3, channel & 0x3F)
        case ["get", *_]:
            call.err("<intf> <chn>|getall|getgranted|getdenied")
            return None
        case ["set", _, _, _, _, _, _, _]:
            return await _set_port(call, words[1:])
        case ["set", *_]:
            call.err("<intf> <chn> <port> <type> <ext> <group> <1|0>")
            return False
        case _:
            return None  # as ipmitool, which looks for the other verbs behind `get`


async def _port(call: Call, interface: int, channel: int) -> bool:
    request = GetPortState(interface=LinkInterface(interface), channel=channel)
    answer = await answered(call, request, "FRU portstate get")
    if answer is None:
        return False
    if len(answer.data) < _LINK:
        call.err("Unexpected answer, can't print result.")
        return True
    for start in range(0, min(len(answer.data), LINKS * _LINK), _LINK):
        link = Link.decode(answer.data[start : start + _LINK].ljust(_LINK, b"\0"))
        _show_link(call, link)
    return True


def _kind(kind: int) -> str:
    if kind in (0, 0xFF):
        return f"Reserved {kind}"
    if kind in _OEM:
        return "OEM GUID Definition"
    return _KINDS.get(kind, "Reserved")


def _show_link(call: Call, link: Link) -> None:
    call.out(f"      Link Grouping ID:     0x{link.group:02x}")
    call.out(f"      Link Type Extension:  0x{link.extension:02x}")
    call.out(f"      Link Type:            0x{link.kind:02x}  {_kind(link.kind)}")
    call.out("      Link Designator: ")
    call.out(f"        Port Flag:          0x{link.ports:02x}")
    call.out(f"        Interface:          0x{int(link.interface):02x} - {_INTERFACES[link.interface]}")
    call.out(f"        Channel Number:     0x{link.channel:02x}")
    call.out(f"      STATE:                {_enabled(link.state)}")
    call.out()
    call.result(
        LinkState(
            interface=int(link.interface),
            channel=link.channel,
            ports=link.ports,
            link_type=link.kind,
            extension=link.extension,
            group=link.group,
            enabled=link.state == 1,
        )
    )


def _enabled(state: int) -> str:
    return "enabled" if state == 1 else "disabled"


def _description(call: Call, words: Sequence[str]) -> tuple[int, int, int, int, int] | None:
    """Port, type, extension, group and state; None after a complaint."""
    port = _number(call, "PICMG Port", words[0])
    if port is None:
        return None
    kind = given(call, "Link Type", words[1])
    if kind is None:
        return None
    extension = byte(words[2])
    if extension is None or extension > 0xF:
        call.err(f"Given Link Type Extension '{words[2]}' is invalid.")
        return None
    group = given(call, "Link Group", words[3])
    if group is None:
        return None
    state = byte(words[4])
    if state not in (0, 1):
        call.err(f"Given Enable '{words[4]}' is invalid.")
        return None
    return port & 0xF, kind, extension, group, state


async def _set_port(call: Call, words: list[str]) -> bool:
    interface = _number(call, "PICMG Interface", words[0])
    channel = None if interface is None else given(call, "AMC Channel", words[1])
    described = None if channel is None else _description(call, words[2:])
    if interface is None or channel is None or described is None:
        return False
    port, kind, extension, group, state = described
    link = Link(
        channel=channel & 0x3F, interface=LinkInterface(interface & 3), ports=port, kind=kind,
        extension=extension, group=group, state=state,
    )  # fmt: skip
    return await changed(call, SetPortState(link=link), "Picmg portstate set", "portstate set", channel)


# ---- AMC links


async def amc_ports(call: Call, words: list[str], major: int) -> bool | None:
    """Run ``amcportstate`` and its words; None: nothing was asked."""
    match words:
        case []:
            call.err("<set>|<get>|<getall>|<getgranted>|<getdenied>")
            return False
        case ["get", channel_word, *rest]:
            channel = given(call, "AMC Channel", channel_word)
            if channel is None:
                return False
            device = _number(call, "PICMG Device", rest[0]) if rest else None
            if rest and device is None:
                return False
            return await _amc_port(call, channel, None if device is None else device & 0xFF, major)
        case ["get"]:
            call.err("<chn> <device>|getall|getgranted|getdenied")
            return None
        case ["set", _, _, _, _, _, _, *_]:
            return await _set_amc_port(call, words[1:])
        case ["set", *_]:
            call.err("<chn> <portflags> <type> <ext> <group> <1|0> [<device>]")
            return False
        case _:
            return None


async def _amc_port(call: Call, channel: int, device: int | None, major: int) -> bool:
    named = device if major == ATCA else None
    answer = await answered(call, GetAmcPortState(channel=channel, device=named), "Amc portstate get")
    if answer is None:
        return False
    if len(answer.data) < _AMC:
        call.err("ipmi_picmg_amc_portstate_getUnexpected answer, can't print result")
        return True
    for start in range(0, min(len(answer.data), LINKS * _AMC), _AMC):
        data = answer.data[start : start + _AMC].ljust(_AMC, b"\0")
        _show_amc_link(call, data, channel, named)
    return True


def _show_amc_link(call: Call, data: bytes, channel: int, device: int | None) -> None:
    # Of the type's high half ipmitool makes a low one.
    kind, extension = data[0] >> 4 | data[1] & 0xF, data[1] >> 4
    call.out(f"   Link device :         {'AMC' if device is None else f'0x{device:02x}'}")
    call.out(f"   Link Grouping ID:     0x{data[2]:02x}")
    if 1 < kind < len(_AMC_KINDS):
        known = _EXTENSIONS[kind]
        call.out(f"   Link Type Extension:  {known[extension] if extension < len(known) else ''}")
        call.out(f"   Link Type:            {_AMC_KINDS[kind]}")
    else:
        call.out(f"   Link Type Extension:  0x{extension:02x}")
        call.out(f"   Link Type:            {'Reserved' if kind in (0, 1) else 'undefined'}")
    call.out("   Link Designator: ")
    call.out(f"      Channel Number:    0x{channel:02x}")
    call.out(f"      Port Flag:         0x{data[0] & 0xF:02x}")
    call.out(f"   STATE:                {_enabled(data[3])}")
    call.out()
    link = AmcLink.decode(data)
    call.result(
        LinkState(
            interface=None,
            channel=channel,
            ports=link.lanes,
            link_type=link.kind,
            extension=link.extension,
            group=link.group,
            enabled=link.state == 1,
        )
    )


async def _set_amc_port(call: Call, words: list[str]) -> bool:
    channel = given(call, "AMC Channel", words[0])
    described = None if channel is None else _description(call, words[1:])
    if channel is None or described is None:
        return False
    device = _number(call, "PICMG Device", words[6]) if len(words) > 6 else None
    if len(words) > 6 and device is None:
        return False
    lanes, kind, extension, group, state = described
    link = AmcLink(lanes=lanes, kind=kind, extension=extension, group=group, state=state)
    request = SetAmcPortState(channel=channel, link=link, device=None if device is None else device & 0xFF)
    return await changed(call, request, "Amc portstate set", "amcportstate set", channel)


# ---- clocks and bused resources


async def clocks(call: Call, words: list[str], major: int) -> bool:
    """Run ``clk`` and its words."""
    match words:
        case ["get", _, *_]:
            return await clock(call, words[1:], major)
        case ["get"]:
            call.err("clk get")
            call.err("<CLK-ID> [<DEV-ID>] |getall|getgranted|getdenied")
        case ["set", _, _, _, _, _, _, *_]:
            return await set_clock(call, words[1:], major)
        case ["set", *_]:
            call.err("clk set <CLK-ID> <index> <setting> <family> <acc-lvl> <freq> [<DEV-ID>]")
        case _:
            call.err("<set>|<get>|<getall>|<getgranted>|<getdenied>")
    return False


async def bused(call: Call, words: list[str]) -> bool | None:
    """Run ``busres`` and its words; how it goes is not told by the exit code."""
    if not words:
        call.err("usage: busres summary")
    if words[:1] != ["summary"]:
        return None
    for number, name in enumerate(_RESOURCES):
        request = BusedResourceControl(action=BusedAction.QUERY, resource=BusedResource(number))
        answer = await ask(call, request)
        if answer is None:
            call.out("bused resource control: no response")
            return None
        if answer.code:
            call.out(f"bused resource control: returned CC code 0x{answer.code:02x}")
            return None
        status = (answer.data or b"\0")[0]
        text = _CONTROL[status] if status < len(_CONTROL) else f"Unknown (0x{status:02X})"
        call.out(f"Resource 0x{number:02x} '{name:<26}' : 0x{status:02x} [{text}] ")
        call.result(BusedResourceStatus(resource=number, name=name, in_control=not status))
    return None
