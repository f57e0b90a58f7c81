"""Where a system interface is, as firmware tables or the user tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from baseboard.errors import LocalProtocolError

KINDS: Final = ("kcs", "smic", "bt", "ssif")
"""The system interfaces of IPMI (§5)."""

DEFAULTS: Final = {"kcs": 0xCA2, "smic": 0xCA9, "bt": 0xE4, "ssif": 0x10}
"""Where each is unless something else is told (§9.1, §10.1, §11.1, §12.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A system interface and where it is.

    Attributes:
        kind: ``kcs``, ``smic``, ``bt`` or ``ssif``.
        address: of its first register; of SSIF the slave address, 7 bits.
        space: what the address is of: ``io``, ``memory`` or ``smbus``.
        spacing: bytes from one register to the next: 1, 4 or 16.
        bus: of SSIF, number of the I2C adapter; None = it is not told.
    """

    kind: str
    address: int
    space: str = "io"
    spacing: int = 1
    bus: int | None = None

    @property
    def name(self) -> str:
        """It and where it is, as `parse` takes it."""
        if self.kind == "ssif":
            bus = "" if self.bus is None else f"i2c-{self.bus}:"
            return f"ssif@{bus}{self.address:#04x}"
        memory = "mem:" if self.space == "memory" else ""
        spacing = "" if self.spacing == 1 else f",spacing={self.spacing}"
        return f"{self.kind}@{memory}{self.address:#x}{spacing}"


class Wanted(NamedTuple):
    """What the user says of the interface to take.

    Attributes:
        place: where it is; None = where the firmware tells.
        force: take it although a driver has it.
    """

    place: Place | None
    force: bool


GRAMMAR: Final = "kcs@0xca2, smic@0xca9, bt@0xe4, kcs@mem:0xfed00000 (,spacing=4), ssif@i2c-0:0x10"

_FORM: Final = re.compile(r"(?P<kind>[a-z]+)(?:@(?P<where>[^,]+))?")
_BUS: Final = re.compile(r"(?:/dev/)?i2c-(?P<bus>\d{1,4})(?::(?P<address>.+))?")
_SPACINGS: Final = {"spacing=1": 1, "spacing=4": 4, "spacing=16": 16}
_LARGEST: Final = {"io": 0xFFFF, "memory": (1 << 64) - 1, "smbus": 0x7F}


def parse(text: str) -> Wanted:
    """Read where an interface is, such as ``kcs@0xca8,spacing=4``.

    Raises:
        LocalProtocolError: it says something else.
    """
    first, *more = text.split(",")
    if first == "force":
        first, more = "", ["force", *more]
    known = {*_SPACINGS, "force"}
    if not set(more) <= known or len(more) > len(set(more)) or (not first and more not in ([], ["force"])):
        raise _wrong(text)
    if not first:
        return Wanted(None, bool(more))
    form = _FORM.fullmatch(first)
    if form is None or form["kind"] not in KINDS:
        raise _wrong(text)
    spacings = [_SPACINGS[word] for word in more if word in _SPACINGS]
    place = _placed(form["kind"], form["where"] or "", spacings[0] if spacings else 1)
    if place is None or len(spacings) > (place.kind != "ssif"):
        raise _wrong(text)
    return Wanted(place, "force" in more)


def _placed(kind: str, where: str, spacing: int) -> Place | None:
    space, bus = ("smbus" if kind == "ssif" else "io"), None
    if kind == "ssif":
        named = _BUS.fullmatch(where)
        if named is not None:
            bus, where = int(named["bus"]), named["address"] or ""
    elif where.startswith("mem:"):
        space, where = "memory", where.removeprefix("mem:")
    try:
        address = int(where, 0) if where or space == "memory" else DEFAULTS[kind]
    except ValueError:
        return None
    if not 0 < address <= _LARGEST[space]:
        return None
    return Place(kind=kind, address=address, space=space, spacing=spacing, bus=bus)


def _wrong(text: str) -> LocalProtocolError:
    return LocalProtocolError(f"device {text!r} is no system interface; it is one such as {GRAMMAR}")
