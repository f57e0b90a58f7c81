"""The system interface as shipped: which kind the host has, and what it carries (§9-§12, §22.9, §22.10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

InterfaceKind = Literal["kcs", "smic", "bt", "ssif"]

SMALLEST_INPUT, SMALLEST_OUTPUT = 40, 38
"""Bytes that every KCS and SMIC carries, from NetFn on (§6, message sizes)."""


@dataclass(frozen=True, slots=True)
class RegistersSpec:
    """The interface's own hardware, register by register, for a machine that somebody emulates.

    Attributes:
        listen: where the emulator connects: ``unix:PATH``.
    """

    listen: str


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """The interface's hardware in a Linux BMC chip, whose driver gives requests and takes responses.

    Attributes:
        path: its device file, such as ``/dev/ipmi-kcs3``.
    """

    path: str


EndpointSpec: TypeAlias = RegistersSpec | DeviceSpec
"""Each way to the host's side has a specification of its own."""


@dataclass(frozen=True, slots=True)
class InterfaceSpec:
    """One system interface.

    Attributes:
        kind: kcs, smic, bt or ssif.
        input_size: bytes of the longest request, NetFn and command included (BT: all but the length byte).
        output_size: bytes of the longest response, counted the same.
        pec: SSIF: packet error codes.
        outstanding: BT: requests at a time.
        response_s: BT: seconds until a request counts as lost.
        retries: BT: how often one is to be sent again.
        endpoint: where the host's side of it is; None = the host is simulated, or reaches it on its own way.
    """

    kind: InterfaceKind = "kcs"
    input_size: int = 255
    output_size: int = 255
    pec: bool = True
    outstanding: int = 1
    response_s: int = 5
    retries: int = 2
    endpoint: EndpointSpec | None = None

    @property
    def overhead(self) -> int:
        """Bytes of a message that are no data: NetFn and command, of BT a sequence number too."""
        return 3 if self.kind == "bt" else 2
