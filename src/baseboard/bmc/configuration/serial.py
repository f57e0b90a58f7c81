"""The serial channel of a described BMC."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL, CallbackSpec, LineSpec, SerialSpec
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.endpoints import is_loopback
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import numbered, varies
from baseboard.codes import AuthType

if TYPE_CHECKING:
    from baseboard.bmc.configuration.serial_layout import Serial, SerialCallback

_MODES: Final = {"basic": BASIC, "ppp": PPP, "terminal": TERMINAL}
_ACCESS: Final = {"disabled": 0, "pre_boot": 1, "always": 2, "shared": 3}
_RATES: Final = {9600: 6, 19200: 7, 38400: 8, 57600: 9, 115200: 10}
_NEED_PATH: Final = ("device", "unix")
_LAST_PORT: Final = 0xFFFF


def serial_specs(
    described: Serial | None, spot: Spot, count: int, users: tuple[UserSpec, ...], taken: tuple[int, ...]
) -> list[SerialSpec | None]:
    """The serial channel of each of so many BMCs.

    Args:
        described: what the file says; None = there is none.
        spot: of ``serial``.
        count: BMCs that are made of it.
        users: who may be called back.
        taken: channel numbers of others.
    """
    if described is None:
        return [None] * count
    if described.channel in taken:
        raise (spot / "channel").wrong(f"found {described.channel}, which another channel has")
    _check_line(described, spot, count)
    callbacks = tuple(
        _callback(one, spot / "callback" / number, users) for number, one in enumerate(described.callback)
    )
    spec = SerialSpec(
        channel=described.channel,
        modes=sum({_MODES[mode] for mode in described.modes}),
        direct=described.connection == "direct",
        access=_ACCESS[described.access],
        sharing=described.sharing,
        bit_rate=_RATES[described.baud],
        auth_types=sum({1 << AuthType[name.upper()] for name in described.auth}),
        login=described.login,
        phone=described.phone or "",
        callbacks=callbacks,
    )
    return [replace(spec, line=_line(described, spot, turn)) for turn in range(count)]


def _check_line(described: Serial, spot: Spot, count: int) -> None:
    kind, path = described.line, described.path
    if kind in _NEED_PATH and path is None:
        raise (spot / "line").wrong(f'found "{kind}", which needs path')
    if path is not None and kind in ("none", "tcp"):
        raise (spot / "path").wrong(f'found path, which a line "{kind}" has not')
    if path is not None and count > 1 and not varies(path):
        raise (spot / "path").wrong(f'found "{path}" for {count} BMCs; put {{n}} where they differ')
    if kind != "tcp":
        return
    try:
        loopback = is_loopback(described.address)
    except ValueError:
        raise (spot / "address").wrong(f'found "{described.address}", which is no IP address') from None
    if not loopback:
        raise (spot / "address").wrong(
            f"found {described.address}; a serial line encrypts nothing, and is for loopback addresses only"
        )
    if described.port and described.port + count - 1 > _LAST_PORT:
        raise (spot / "port").wrong(f"{count} ports from {described.port} on go beyond {_LAST_PORT}")


def _line(described: Serial, spot: Spot, turn: int) -> LineSpec:
    path = described.path
    return LineSpec(
        kind=described.line,
        path="" if path is None else str(beside(spot.file, numbered(path, turn + 1))),
        host=described.address,
        port=described.port + turn if described.port else 0,
    )


def _callback(one: SerialCallback, spot: Spot, users: tuple[UserSpec, ...]) -> CallbackSpec:
    if one.user is None:
        return CallbackSpec(0, one.dial, one.ppp)
    for user in users:
        if user.name and user.name == one.user.encode():
            return CallbackSpec(user.user_id, one.dial, one.ppp)
    raise (spot / "user").wrong(f"found {one.user}; there is no user of that name")
