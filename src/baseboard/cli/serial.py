"""``serial``: serial channels of a controller: parameters, mux, callback, paging, UDP proxy (§25)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from baseboard.cli import tables
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.serial import Mux, ProxyData, Routing, SerialCallback, SerialSetting, TapCodes
from baseboard.cli.serial_fields import SELECTORS, kind_of, made, name_of, parsed, shown, words
from baseboard.cli.typed_numbers import number
from baseboard.client.serial_settings import BLOCKS, COUNTS, CallbackOptions
from baseboard.commands.parameters.serial import CbcpOptions
from baseboard.commands.transport.serial import ConnectionState, MuxSetting, SerialModemConnectionActive

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.client.serial_settings import SerialChannel
    from baseboard.commands.parameters.serial import SerialParameter

_LAST_CHANNEL: Final = 0xF
_LAST_USER: Final = 0x3F
_BYTE: Final = 0xFF
_WORD: Final = 0xFFFF
_MUX: Final[dict[tuple[str, ...], MuxSetting]] = {
    ("system",): MuxSetting.REQUEST_TO_SYSTEM,
    ("bmc",): MuxSetting.REQUEST_TO_BMC,
    ("force", "system"): MuxSetting.FORCE_TO_SYSTEM,
    ("force", "bmc"): MuxSetting.FORCE_TO_BMC,
    ("block", "system"): MuxSetting.BLOCK_TO_SYSTEM,
    ("allow", "system"): MuxSetting.ALLOW_TO_SYSTEM,
    ("block", "bmc"): MuxSetting.BLOCK_TO_BMC,
    ("allow", "bmc"): MuxSetting.ALLOW_TO_BMC,
}
_KINDS: Final = {"ipmi", "cbcp"}


async def run(call: Call, typed: list[str]) -> int:
    """Do what the words behind ``serial`` say."""
    typed, chosen = _channel(typed)
    match typed:
        case ["acknowledge"]:
            return await _acknowledge(call)
        case [verb, *rest] if verb in _VERBS:
            line = await _line(call, chosen)
            if line is None:
                call.err("The controller has no serial channel")
                return FAILED
            return await _VERBS[verb](call, line, rest)
        case _:
            raise UsageError("`baseboard help serial` tells what serial takes")


def _channel(typed: list[str]) -> tuple[list[str], int | None]:
    """The words without ``channel N`` at their end, and that channel."""
    if len(typed) > 2 and typed[-2] == "channel":
        return typed[:-2], number(typed[-1], "a channel", _LAST_CHANNEL)
    return typed, None


async def _line(call: Call, chosen: int | None) -> SerialChannel | None:
    """The channel that is meant: over a serial line its own; who may only call back can ask for no others."""
    serial = (await call.bmc()).serial
    if chosen is not None:
        return serial.channel(chosen)
    if call.options.settings.interface in ("serial-basic", "serial-terminal"):
        return serial.channel()
    return await serial.first()


# ---- parameters


async def _print(call: Call, line: SerialChannel, rest: list[str]) -> int:
    if rest:
        raise UsageError("`serial get PARAMETER` reads one parameter")
    return _tell(call, line, await line.read_all())


async def _get(call: Call, line: SerialChannel, rest: list[str]) -> int:
    match rest:
        case [word]:
            return _tell(call, line, await line.read_kind(kind_of(word)))
        case [word, entry]:
            kind, wanted = kind_of(word), number(entry, "an entry", _BYTE)
            found = await line.read_kind(kind)
            return _tell(call, line, [one for one in found if _entry(one) == wanted])
        case _:
            raise UsageError("serial get PARAMETER [ENTRY]")


async def _set(call: Call, line: SerialChannel, rest: list[str]) -> int:
    """A string takes its text; a table its entry and then fields; anything else fields."""
    if len(rest) < 2:
        raise UsageError("serial set PARAMETER [ENTRY] FIELD=VALUE ... | TEXT")
    kind, typed, entry = kind_of(rest[0]), rest[1:], 0
    names: tuple[str, ...] = kind.__match_args__
    if next(iter(names), "") in ("set_selector", "destination"):
        entry, typed = number(typed[0], "an entry", _BYTE), typed[1:]
    if kind in BLOCKS:
        await line.set_text(kind, " ".join(typed), entry)
        return DONE
    given = parsed(kind, typed)
    if kind.write_only:
        await line.change([made(kind, {"set_selector": entry, **given})])
        return DONE
    present = await line.get(kind, entry)
    fields = {name: getattr(present, name) for name in names}
    await line.change([made(kind, {**fields, **given})])
    return DONE


def _entry(parameter: SerialParameter) -> int:
    return int(getattr(parameter, "set_selector", getattr(parameter, "destination", 0)))


def _tell(call: Call, line: SerialChannel, found: list[SerialParameter]) -> int:
    if not found:
        call.err("The controller has no such parameter")
        return FAILED
    rows: list[list[str]] = []
    for one in _joined(found):
        kind = type(one)
        is_table = kind in COUNTS or hasattr(one, "set_selector")
        entry = _entry(one) if is_table else None
        values = {name: value for name, value in shown(one).items() if name not in SELECTORS}
        call.result(
            SerialSetting(
                channel=line.channel, parameter=name_of(kind), selector=kind.selector, entry=entry,
                values=values,
            )
        )  # fmt: skip
        rows.append([name_of(kind), "" if entry is None else str(entry), words(one)])
    call.out(tables.plain(["parameter", "entry", "fields"], rows))
    return DONE


def _joined(found: Iterable[SerialParameter]) -> Iterator[SerialParameter]:
    """The parameters, of a string its blocks as one."""
    for _, group in groupby(found, lambda one: (one.selector, _entry(one))):
        first, *more = group
        if type(first) in BLOCKS:
            pieces: list[bytes] = [getattr(one, "text") for one in (first, *more)]  # noqa: B009 - all have it
            names: tuple[str, ...] = type(first).__match_args__
            kept = {name: getattr(first, name) for name in names}
            yield made(type(first), {**kept, "text": b"".join(pieces).partition(b"\0")[0]})
        else:
            yield first


# ---- mux and routing


async def _switch(call: Call, line: SerialChannel, rest: list[str]) -> int:
    setting = _MUX.get(tuple(rest)) if rest else MuxSetting.GET_STATUS
    if setting is None:
        raise UsageError("serial mux [system|bmc] | force|block|allow system|bmc")
    found = await line.mux(setting)
    call.result(
        Mux(
            at="bmc" if found.at_bmc else "system",
            accepted=found.accepted,
            alert_in_progress=found.alert_in_progress,
            messaging_active=found.messaging_active,
            to_system_blocked=found.to_system_blocked,
            to_bmc_blocked=found.to_bmc_blocked,
        )
    )
    notes = {
        "an alert is in progress": found.alert_in_progress,
        "a session is open": found.messaging_active,
        "requests to the system are blocked": found.to_system_blocked,
        "requests to the BMC are blocked": found.to_bmc_blocked,
    }
    more = "".join(f"; {note}" for note, holds in notes.items() if holds)
    call.out(f"The line is the {'BMC' if found.at_bmc else 'system'}'s{more}")
    if rest and not found.accepted:
        call.err("The request was rejected")
        return FAILED
    return DONE


async def _route(call: Call, line: SerialChannel, rest: list[str]) -> int:
    if len(rest) > 1:
        raise UsageError("serial route [ENTRY]")
    entry = await line.route(number(rest[0], "an entry", 0x7F) if rest else None)
    call.result(Routing(entry=entry))
    call.out(f"Entry {entry} of system-serial-port-association holds")
    return DONE


async def _acknowledge(call: Call) -> int:
    """Over a serial line: the line may go to the system now."""
    bmc = await call.bmc()
    await bmc.execute(SerialModemConnectionActive(state=ConnectionState.SWITCHING_TO_SYSTEM))
    return DONE


# ---- callback and paging


async def _callback(call: Call, line: SerialChannel, rest: list[str]) -> int:
    match rest:
        case ["user", user]:
            return _tell_options(call, user, await line.callback_options(_user(user)))
        case ["user", user, *options] if options:
            await line.set_callback_options(_user(user), _options(options))
            return DONE
        case [destination]:
            await line.call_back(number(destination, "a destination", _LAST_CHANNEL))
            call.out("The BMC calls back")
            return DONE
        case _:
            raise UsageError(
                "serial callback DESTINATION | user ID [off | ipmi cbcp OPTION ... DESTINATION ...]"
            )


def _user(word: str) -> int:
    return number(word, "a user ID", _LAST_USER, 1)


def _options(typed: list[str]) -> CallbackOptions:
    """``off``, or ways, options of CBCP and destinations in any order."""
    options, destinations = CbcpOptions(0), list[int]()
    known = {one.name.lower().replace("_", "-"): one for one in CbcpOptions if one.name}
    for word in typed:
        if word in known:
            options |= known[word]
        elif word not in _KINDS and word != "off":
            destinations.append(number(word, "a destination", _LAST_CHANNEL))
    if len(destinations) > 3:
        raise UsageError("a user has three destinations at most")
    return CallbackOptions(
        ipmi="ipmi" in typed, cbcp="cbcp" in typed, options=options, destinations=tuple(destinations)
    )


def _tell_options(call: Call, user: str, found: CallbackOptions) -> int:
    options = [str(one.name).lower().replace("_", "-") for one in found.options]
    call.result(
        SerialCallback(
            user_id=_user(user), ipmi=found.ipmi, cbcp=found.cbcp, options=options,
            destinations=list(found.destinations),
        )
    )  # fmt: skip
    ways = [word for word, on in (("ipmi", found.ipmi), ("cbcp", found.cbcp)) if on]
    call.out(" ".join([*(ways or ["off"]), *options, *map(str, found.destinations)]))
    return DONE


async def _tap(call: Call, line: SerialChannel, rest: list[str]) -> int:
    if rest:
        raise UsageError("serial tap")
    codes = await line.tap_codes()
    call.result(TapCodes(codes=list(codes)))
    call.out(printable(" ".join(codes)) or "no page was answered yet")
    return DONE


# ---- the UDP proxy


async def _proxy(call: Call, line: SerialChannel, rest: list[str]) -> int:
    match rest:
        case ["write", digits]:
            await line.proxy_write(_digits(digits))
            return DONE
        case ["read", size]:
            data = await line.proxy_read(number(size, "a size", _WORD))
        case ["send", size, address, port, *source] if len(source) <= 1:
            await line.proxy_send(
                number(size, "a size", _WORD), address, number(port, "a port", _WORD),
                source_port=number(source[0], "a port", _WORD) if source else 0,
            )  # fmt: skip
            return DONE
        case ["receive"]:
            data = await line.proxy_receive()
        case _:
            raise UsageError("serial proxy write HEX | read SIZE | send SIZE ADDRESS PORT [PORT] | receive")
    call.result(ProxyData(data=data.hex()))
    call.out(data.hex(" ") or "no packet came")
    return DONE


def _digits(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UsageError(f"{text}: hexadecimal digits are wanted, two a byte") from None


_VERBS: Final = {
    "print": _print,
    "get": _get,
    "set": _set,
    "mux": _switch,
    "route": _route,
    "callback": _callback,
    "tap": _tap,
    "proxy": _proxy,
}
