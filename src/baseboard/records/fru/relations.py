"""Multirecords about how a unit is managed and what it goes together with (FRU §18.4-18.6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from baseboard.codes import EntityId, MultirecordType
from baseboard.errors import EncodeError
from baseboard.records.fru.multirecord import MultiRecord
from baseboard.wire import OpenEnum, at


class AccessType(OpenEnum):
    """What a management access record tells (FRU §18.4)."""

    SYSTEM_URL = 1
    SYSTEM_NAME = 2
    SYSTEM_PING_ADDRESS = 3
    COMPONENT_URL = 4
    COMPONENT_NAME = 5
    COMPONENT_PING_ADDRESS = 6
    SYSTEM_UNIQUE_ID = 7


@MultiRecord.of(MultirecordType.MANAGEMENT_ACCESS)
class ManagementAccess(MultiRecord):
    """Where, or under which name, the unit is managed (FRU §18.4)."""

    access_type: AccessType = at("0", "sub-record type")
    value: bytes = at("1:", "8-bit text without terminator; a unique ID is 16 bytes")

    @property
    def text(self) -> str:
        """The value as text; a unique ID in hex."""
        if self.access_type == AccessType.SYSTEM_UNIQUE_ID:
            return self.value.hex().upper()
        return self.value.decode("latin-1")


class CodeRange(NamedTuple):
    """The codes that a compatibility record names.

    Attributes:
        code_start: the first code, 1 to 7Eh.
        code_masks: the codes above it; bit k of byte j stands for code_start + 8j + k + 1.
    """

    code_start: int
    code_masks: bytes

    @classmethod
    def of(cls, codes: Iterable[int]) -> CodeRange:
        """Name some codes.

        Raises:
            EncodeError: there are none, or one is not in the range of 1 to 7Eh.
        """
        wanted = sorted(set(codes))
        if not wanted or wanted[0] < 1 or wanted[-1] > 0x7E:
            raise EncodeError(f"compatibility codes {wanted}: one to all of 1 to 7Eh can be named")
        masks = sum(1 << code - wanted[0] - 1 for code in wanted[1:])
        return cls(wanted[0], masks.to_bytes((masks.bit_length() + 7) // 8, "little"))

    def codes(self) -> tuple[int, ...]:
        """Give the codes, in their order."""
        masks = int.from_bytes(self.code_masks, "little")
        above = (self.code_start + bit + 1 for bit in range(masks.bit_length()) if masks >> bit & 1)
        return (self.code_start, *above)


@MultiRecord.of(MultirecordType.BASE_COMPATIBILITY)
class BaseCompatibility(MultiRecord):
    """What the unit can stand in for (FRU §18.5)."""

    manufacturer_id: int = at("0:2", "IANA enterprise number of who defines the codes")
    entity_id: EntityId = at("3")
    compatibility_base: int = at("4")
    code_start: int = at("5[6:0]", "00h and 7Fh are reserved")
    code_masks: bytes = at("6:", "the further codes, a bit each; CodeRange reads them", default=b"")


@MultiRecord.of(MultirecordType.EXTENDED_COMPATIBILITY)
class ExtendedCompatibility(MultiRecord):
    """What else the unit can stand in for (FRU §18.6)."""

    manufacturer_id: int = at("0:2", "IANA enterprise number of who defines the codes")
    entity_id: EntityId = at("3")
    compatibility_base: int = at("4")
    code_start: int = at("5[6:0]", "00h and 7Fh are reserved")
    code_masks: bytes = at("6:", "the further codes, a bit each; CodeRange reads them", default=b"")
