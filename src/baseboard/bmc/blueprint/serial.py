"""The serial channel of a BMC as shipped (§14, §25)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

BASIC, PPP, TERMINAL = 0x01, 0x02, 0x04
"""Bits of the connection modes, as parameter 3 has them."""

LineKind = Literal["none", "pty", "device", "tcp", "unix"]


@dataclass(frozen=True, slots=True)
class LineSpec:
    """What the connector of the channel is on this machine.

    Attributes:
        kind: a pseudo-terminal, a serial device, a socket that waits for one peer at a time; or nothing.
        path: of the device or of the Unix socket; of a link to the pseudo-terminal, empty = none.
        host: address that a TCP socket listens on.
        port: its port; 0 = any.
    """

    kind: LineKind = "none"
    path: str = ""
    host: str = "127.0.0.1"
    port: int = 0


@dataclass(frozen=True, slots=True)
class CallbackSpec:
    """A number that the BMC calls back.

    Attributes:
        user_id: who may ask for it; 0 = whoever may call back at all.
        dial: the number.
        ppp: PPP is spoken over the call, else Basic Mode.
    """

    user_id: int
    dial: str
    ppp: bool = False


@dataclass(frozen=True, slots=True)
class SerialSpec:
    """The serial channel as shipped; everything else is in the serial/modem parameters.

    Attributes:
        channel: its number.
        line: its connector.
        modes: which modes are on, as the bits of parameter 3.
        direct: there is no modem (parameter 3).
        access: access mode of the channel: 0 disabled, 1 pre-boot only, 2 always, 3 shared.
        sharing: the connector is shared with the host's console (parameter 8).
        bit_rate: number of the speed (parameter 7).
        auth_types: authentication types that are on, as the bit mask of parameter 1.
        login: sessions are wanted; False: whoever is at the line is trusted as the host's software is.
        phone: number of the system's own modem (parameter 49).
        callbacks: whom the BMC calls back.
    """

    channel: int = 2
    line: LineSpec = field(default_factory=LineSpec)
    modes: int = BASIC | TERMINAL
    direct: bool = True
    access: int = 2
    sharing: bool = False
    bit_rate: int = 7
    auth_types: int = 0x14
    login: bool = True
    phone: str = ""
    callbacks: tuple[CallbackSpec, ...] = ()
