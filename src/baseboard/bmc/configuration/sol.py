"""The serial ports of a described BMC's host."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.sol import SolPortSpec, SolSpec
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import numbered, varies

if TYPE_CHECKING:
    from baseboard.bmc.configuration.sol_layout import Sol, SolPort

_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "host": (),
    "pty": ("path",),
    "tcp": ("address", "listen"),
    "unix": ("path", "listen"),
    "serial": ("path", "modem"),
    "process": ("command", "hang_up"),
}
"""Which keys belong to a backing."""

_NEEDED: Final = {"tcp": "address", "unix": "path", "serial": "path", "process": "command"}
_OWN: Final = ("path", "address", "listen", "command", "modem", "hang_up")
_ALONE: Final = {"pty": "path", "unix": "path", "serial": "path", "tcp": "address"}
"""What no two BMCs can share, and the key that tells them apart."""

_LAST_PORT: Final = 0xFFFF


def sol_specs(described: Sol, spot: Spot, count: int) -> list[SolSpec]:
    """The serial ports of each of so many BMCs.

    Args:
        described: what the file says.
        spot: of ``sol``.
        count: BMCs that are made of it.
    """
    places = [(described, spot), *((port, spot / "port" / n) for n, port in enumerate(described.port))]
    hosts = 0
    for port, here in places:
        _check(port, here, count)
        hosts += port.backing == "host"
        if hosts > 1:
            raise (here / "backing").wrong('the simulated host has one console; "host" can be there once')
    taken: dict[str, str] = {}
    return [
        SolSpec(tuple(_port(port, here, turn, taken) for port, here in places), described.baud)
        for turn in range(count)
    ]


def _check(port: SolPort, spot: Spot, count: int) -> None:
    allowed = _KEYS[port.backing]
    for key in _OWN:
        if getattr(port, key) is not None and key not in allowed:
            raise (spot / key).wrong(f'found {key}, which a backing "{port.backing}" has not')
    needed = _NEEDED.get(port.backing)
    if needed is not None and getattr(port, needed) is None:
        raise (spot / "backing").wrong(f'found "{port.backing}", which needs {needed}')
    own = _ALONE.get(port.backing, "path")
    value: str | None = getattr(port, own)
    if count > 1 and value is not None and not varies(value):
        raise (spot / own).wrong(f'found "{value}" for {count} BMCs; put {{n}} where they differ')


def _port(port: SolPort, spot: Spot, turn: int, taken: dict[str, str]) -> SolPortSpec:
    made = SolPortSpec(
        backing=port.backing,
        listen=bool(port.listen),
        modem=bool(port.modem),
        hang_up=bool(port.hang_up),
        wake_on_ring=port.wake_on_ring,
        command=tuple(numbered(word, turn + 1) for word in port.command or ()),
    )
    if port.path is not None:
        path = str(beside(spot.file, numbered(port.path, turn + 1)))
        if path in taken:
            raise (spot / "path").wrong(f"found {path}, which {taken[path]} has too")
        taken[path] = f"SOL of BMC {turn + 1}"
        made = replace(made, path=path)
    if port.address is not None:
        host, _, number = numbered(port.address, turn + 1).rpartition(":")
        made = replace(made, host=_host(host.strip("[]"), spot), port=_number(number, spot))
    return made


def _host(host: str, spot: Spot) -> str:
    try:
        return str(ip_address(host.partition("%")[0])) if "%" not in host else host
    except ValueError:
        raise (spot / "address").wrong(f'found "{host}", which is no IP address') from None


def _number(text: str, spot: Spot) -> int:
    if text.isascii() and text.isdecimal() and 1 <= (number := int(text[:6])) <= _LAST_PORT:
        return number
    raise (spot / "address").wrong(f'found port "{text[:6]}"; allowed is 1 to {_LAST_PORT}, behind a colon')
