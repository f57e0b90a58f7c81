"""Which payloads RMCP+ packets carry (Table 13-16) and which of them a channel offers (§24.7 to §24.10).

The standard types are fixed. An OEM payload is known by its maker's IANA number and a payload ID; it travels
either as type 02h, which spells both out in every packet, or as one of the handles 20h to 27h, whose meaning
each implementation fixes and Get Channel OEM Payload Info tells.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from baseboard.codes import PayloadType
from baseboard.errors import LocalProtocolError

SETUP: Final = range(PayloadType.OPEN_SESSION_REQUEST, PayloadType.RAKP_MESSAGE_4 + 1)
"""The types that open a session; they always travel outside one, in clear."""

HANDLES: Final = range(PayloadType.OEM0, PayloadType.OEM7 + 1)
"""The types OEM0 to OEM7."""

VERSION_1_0: Final = 0x10


class OemPayload(NamedTuple):
    """An OEM payload that this implementation handles.

    Attributes:
        iana: enterprise number of the maker.
        payload_id: the maker's own number for it.
        version: [7:4] major, [3:0] minor.
        handle: 20h-27h where it has a fixed type of its own; 02h where it is only sent explicitly.
    """

    iana: int
    payload_id: int
    version: int = VERSION_1_0
    handle: int = PayloadType.OEM_EXPLICIT


class PayloadRegistry:
    """The payload types of a channel.

    IPMI messages and the setup messages are always there; SOL and OEM payloads are added.
    """

    def __init__(self, *, sol: bool = True) -> None:
        self._versions = dict.fromkeys((PayloadType.IPMI_MESSAGE.value, *SETUP), VERSION_1_0)
        if sol:
            self._versions[PayloadType.SOL] = VERSION_1_0
        self._oem: dict[tuple[int, int], OemPayload] = {}
        self._handles: dict[int, OemPayload] = {}

    def add(self, payload: OemPayload) -> None:
        """Offer an OEM payload.

        Raises:
            LocalProtocolError: its number or its handle is taken, or the handle is none.
        """
        key, handle = (payload.iana, payload.payload_id), payload.handle
        if key in self._oem or handle in self._handles:
            raise LocalProtocolError(
                f"OEM payload {payload.iana}/{payload.payload_id:04X}h or its handle is taken"
            )
        if handle in HANDLES:
            self._handles[handle] = payload
        elif handle != PayloadType.OEM_EXPLICIT:
            raise LocalProtocolError(f"payload type {handle:02X}h is not an OEM payload handle (Table 13-16)")
        self._oem[key] = payload
        self._versions[handle] = payload.version

    def offers(self, payload_type: int) -> bool:
        """Tell whether packets of this type are accepted; others are dropped silently."""
        return payload_type in self._versions

    def version(self, payload_type: int) -> int | None:
        """Answer Get Channel Payload Version (§24.9).

        Returns: [7:4] major, [3:0] minor; None where the type is not offered.
        """
        return self._versions.get(payload_type)

    def supported(self) -> tuple[int, int, int]:
        """Answer Get Channel Payload Support (§24.8).

        Returns: the bit masks of standard types 0-15, of setup types 10h-1Fh and of OEM types 20h-2Fh.
        """
        mask = sum(1 << number for number in self._versions)
        return mask & 0xFFFF, mask >> 16 & 0xFFFF, mask >> 32 & 0xFFFF

    def oem(self, payload_type: int, iana: int = 0, payload_id: int = 0) -> OemPayload | None:
        """Answer Get Channel OEM Payload Info (§24.10), or find whose packet this is.

        Args:
            payload_type: 02h, then the other two name the payload; or a handle, then they are ignored.
        """
        if payload_type == PayloadType.OEM_EXPLICIT:
            return self._oem.get((iana, payload_id))
        return self._handles.get(payload_type)
