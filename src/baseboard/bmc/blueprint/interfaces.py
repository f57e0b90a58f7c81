"""The system interface as shipped: which kind the host has, and what it carries (§9-§12, §22.9, §22.10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

InterfaceKind = Literal["kcs", "smic", "bt", "ssif"]

SMALLEST_INPUT, SMALLEST_OUTPUT = 40, 38
"""Bytes that every KCS and SMIC carries, from NetFn on (§6, message sizes)."""


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
    """

    kind: InterfaceKind = "kcs"
    input_size: int = 255
    output_size: int = 255
    pec: bool = True
    outstanding: int = 1
    response_s: int = 5
    retries: int = 2

    @property
    def overhead(self) -> int:
        """Bytes of a message that are no data: NetFn and command, of BT a sequence number too."""
        return 3 if self.kind == "bt" else 2
