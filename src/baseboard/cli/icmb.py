"""``icmb``: the bridge to other chassis, and what is behind it (§8, ICMB v1.0)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from baseboard.cli import tables
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.ipmitool.text import completion, printable
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.bridging import (
    Bridge,
    BridgeConnector,
    BridgedAnswer,
    BridgeEvents,
    Connection,
    Counted,
    FoundChassis,
)
from baseboard.cli.typed_numbers import data, number
from baseboard.commands.bridge.events import IcmbEvent

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.client.icmb import Icmb

_BYTE: Final = 0xFF
_WORD: Final = 0xFFFF
_LUN: Final = 3
_LONGEST_NAME: Final = 16
_EVENTS: Final = {
    "online": IcmbEvent.ONLINE,
    "attention": IcmbEvent.ATTENTION,
    "discovery-start": IcmbEvent.DISCOVERY_START,
    "discovery-end": IcmbEvent.DISCOVERY_END,
}


async def run(call: Call, words: list[str]) -> int:
    """Do what the words behind ``icmb`` say."""
    for first, does in _VERBS.items():
        length = len(first.split())
        if words[:length] == first.split():
            return await does(call, words[length:])
    raise UsageError("`baseboard help icmb` tells what icmb takes")


async def _bridge(call: Call) -> Icmb:
    return (await call.bmc()).icmb


def _wrong(verb: str) -> UsageError:
    return UsageError(f"`baseboard help icmb` tells what icmb {verb} takes")


# ---- the bridge


async def _info(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("info")
    icmb = await _bridge(call)
    state, known = await icmb.state(), await icmb.capabilities()
    proxy, connection = await icmb.proxy(), await icmb.connection()
    found = Bridge(
        state=state.name.lower(),
        address=await icmb.address(),
        version=f"{known.version}.{known.revision}",
        chassis_device=await icmb.chassis_device(),
        connection_number=connection.number,
        connection=connection.name,
        proxy_address=proxy.icmb_address,
        proxy_slave=proxy.slave_address,
        proxy_lun=proxy.lun,
        connectors=[
            BridgeConnector(number=one.number, kind=one.kind, name=one.name)
            for one in await icmb.connectors()
        ],
    )
    call.result(found)
    stands_in = f"{found.proxy_slave:02X}h.{found.proxy_lun} as {found.proxy_address:04X}h"
    for name, value in (
        ("State", found.state.replace("_", " ")),
        ("Address", f"{found.address:04X}h" if found.address else "none"),
        ("Specification", found.version),
        ("Chassis device", f"{found.chassis_device:02X}h"),
        ("Stands in for", stands_in if found.proxy_address else "nobody"),
        ("Connection", f"{found.connection_number} {found.connection}".rstrip()),
        *((f"Connector {one.number}", f"{one.name} (type {one.kind})") for one in found.connectors),
    ):
        call.out(f"{name:<16}: {printable(value)}")
    return DONE


async def _enable(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("enable")
    await (await _bridge(call)).switch(on=True)
    return DONE


async def _disable(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("disable")
    await (await _bridge(call)).switch(on=False)
    return DONE


async def _address(call: Call, words: list[str]) -> int:
    match words:
        case ["auto"]:
            address = 0
        case [word]:
            address = number(word, "an address", _WORD - 1, 1)
        case _:
            raise _wrong("address")
    await (await _bridge(call)).set_address(address)
    return DONE


async def _proxy(call: Call, words: list[str]) -> int:
    match words:
        case ["off"]:
            address = slave = lun = 0
        case [word, controller, *rest] if len(rest) < 2:
            address, slave = (
                number(word, "an address", _WORD - 1, 1),
                number(controller, "a slave address", _BYTE),
            )
            lun = number(rest[0], "a LUN", _LUN) if rest else 0
        case _:
            raise _wrong("proxy")
    await (await _bridge(call)).set_proxy(address, slave, lun)
    return DONE


async def _statistics(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("stats get")
    counters: dict[str, int] = asdict(await (await _bridge(call)).statistics())
    call.result(Counted(counters=counters))
    for name, value in counters.items():
        call.out(f"{name.replace('_', ' ').capitalize():<20}: {value}")
    return DONE


async def _clear(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("stats clear")
    await (await _bridge(call)).clear_statistics()
    return DONE


async def _exchange(call: Call, words: list[str]) -> int:
    match words:
        case [word, count, name] if len(name) <= _LONGEST_NAME:
            address, own = number(word, "an address", _WORD - 1, 1), number(count, "a number", _BYTE)
        case _:
            raise _wrong("exchange")
    other = await (await _bridge(call)).exchange(address, own, name)
    call.result(Connection(number=other.number, name=other.name))
    call.out(printable(f"{address:04X}h is at connection {other.number} {other.name}".rstrip()))
    return DONE


# ---- other chassis


async def _discover(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("discover")
    found = await (await _bridge(call)).discover()
    for one in found:
        call.result(FoundChassis(address=one.address, chassis_device=one.device))
    rows = [[f"{one.address:04X}h", f"{one.device:02X}h"] for one in found]
    call.out(tables.plain(["address", "chassis device"], rows))
    return DONE


async def _discovered(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("discovered")
    await (await _bridge(call)).set_discovered()
    return DONE


async def _chassis(call: Call, words: list[str]) -> int:
    if len(words) != 1:
        raise _wrong("chassis")
    await (await _bridge(call)).set_chassis_device(number(words[0], "a slave address", _BYTE))
    return DONE


async def _request(call: Call, words: list[str]) -> int:
    address, slave, lun, (netfn, cmd, *rest) = _asked(words, "request")
    answer = await (await _bridge(call)).request(
        address, netfn, cmd, bytes(rest), slave_address=slave, lun=lun
    )
    call.result(BridgedAnswer(completion_code=answer[0], data=answer[1:].hex()))
    if answer[0]:
        call.err(f"{address:04X}h, {slave:02X}h: {completion(answer[0])}")
        return FAILED
    call.out(answer[1:].hex(" "))
    return DONE


async def _tell(call: Call, words: list[str]) -> int:
    address, slave, lun, (netfn, cmd, *rest) = _asked(words, "tell")
    await (await _bridge(call)).tell(address, netfn, cmd, bytes(rest), slave_address=slave, lun=lun)
    return DONE


def _asked(words: list[str], verb: str) -> tuple[int, int, int, bytes]:
    """``ADDRESS [at SLAVE[.LUN]] NETFN CMD [BYTES ...]``."""
    match words:
        case [word, "at", controller, *request] if len(request) > 1:
            slave, _, lun = controller.partition(".")
        case [word, *request] if len(request) > 1:
            slave, lun = "0x20", "0"
        case _:
            raise _wrong(verb)
    return (
        number(word, "an address", _WORD, 1),
        number(slave, "a slave address", _BYTE),
        number(lun or "0", "a LUN", _LUN),
        data(request),
    )


async def _error(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("error")
    await (await _bridge(call)).report_error()
    return DONE


# ---- events


async def _events(call: Call, words: list[str]) -> int:
    if words:
        raise _wrong("events info")
    icmb = await _bridge(call)
    reception = await icmb.event_reception()
    found = BridgeEvents(
        received=await icmb.event_count(),
        destination=await icmb.event_destination(),
        taken=reception.enabled,
        receiver=reception.slave_address,
        receiver_lun=reception.lun,
    )
    call.result(found)
    receiver = "" if found.receiver is None else f", for {found.receiver:02X}h.{found.receiver_lun}"
    for name, value in (
        ("Received", str(found.received)),
        ("Sent to", f"{found.destination:04X}h" if found.destination else "nobody"),
        ("Of others", f"taken{receiver}" if found.taken else "not taken"),
    ):
        call.out(f"{name:<16}: {value}")
    return DONE


async def _events_to(call: Call, words: list[str]) -> int:
    match words:
        case ["off"]:
            address = 0
        case [word]:
            address = number(word, "an address", _WORD, 1)
        case _:
            raise _wrong("events to")
    await (await _bridge(call)).set_event_destination(address)
    return DONE


async def _events_take(call: Call, words: list[str]) -> int:
    icmb = None
    match words:
        case ["off"]:
            icmb = await _bridge(call)
            await icmb.set_event_reception(enabled=False)
        case [word, *rest] if len(rest) < 2:
            slave = number(word, "a slave address", _BYTE)
            lun = number(rest[0], "a LUN", _LUN) if rest else 0
            icmb = await _bridge(call)
            await icmb.set_event_reception(enabled=True, slave_address=slave, lun=lun)
        case _:
            raise _wrong("events take")
    return DONE


async def _events_send(call: Call, words: list[str]) -> int:
    if len(words) != 1 or words[0] not in _EVENTS:
        raise _wrong("events send")
    await (await _bridge(call)).send_event(_EVENTS[words[0]])
    return DONE


_VERBS: Final[dict[str, Callable[[Call, list[str]], Awaitable[int]]]] = {
    "info": _info,
    "enable": _enable,
    "disable": _disable,
    "address": _address,
    "proxy": _proxy,
    "stats get": _statistics,
    "stats clear": _clear,
    "exchange": _exchange,
    "discover": _discover,
    "discovered": _discovered,
    "chassis": _chassis,
    "request": _request,
    "tell": _tell,
    "error": _error,
    "events info": _events,
    "events to": _events_to,
    "events take": _events_take,
    "events send": _events_send,
}
