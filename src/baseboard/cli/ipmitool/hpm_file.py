"""An image as ``hpm`` looks at it: as far as ipmitool does, and with its complaints."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.records.hpm import DIGEST, FORMAT, SIGNATURE

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.hpm_link import Link

HEADER: Final = 34
RECORD: Final = 3
FIRMWARE: Final = 31
BACKUP, PREPARE, UPLOAD = 0, 1, 2
SERVICES_AFFECTED: Final = 0x10
SELF_TEST: Final = 0x80
"""Capabilities of an image where ipmitool looks for them; makers' images have them four bits lower."""


class BadRecord(Exception):
    """An action record is not what it should be.

    Attributes:
        complaint: what ipmitool says.
    """

    def __init__(self, complaint: str) -> None:
        super().__init__(complaint)
        self.complaint = complaint


@dataclass(frozen=True, slots=True)
class Action:
    """An action of an image.

    Attributes:
        kind: 0 backup, 1 prepare, 2 upload.
        components: as a mask.
        version: six bytes, of an upload.
        data: the firmware, of an upload.
    """

    kind: int
    components: int
    version: bytes = b""
    data: bytes = b""

    @property
    def number(self) -> int:
        """The component: the highest of the mask."""
        return max(self.components.bit_length() - 1, 0)


class ImageFile:
    """A file that passed for an image."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.device_id = data[9]
        self.manufacturer_id = data[10:13]
        self.product_id = data[13:15]
        self.capabilities = data[19]
        self.components = data[20]
        self.self_test_timeout, self.rollback_timeout = data[21], data[22]
        self.earliest = (data[24], data[25])

    def actions(self) -> Iterator[Action]:
        """The actions, one after the other.

        Raises:
            BadRecord: the next one is no action.
        """
        data, end = self._data, len(self._data) - DIGEST
        at_byte = HEADER + int.from_bytes(data[32:34], "little") + 1
        while at_byte < end:
            head = data[at_byte : at_byte + RECORD]
            kind = head[0]
            whole = data[at_byte : min(at_byte + RECORD + FIRMWARE, end)]
            bad = len(head) < RECORD or sum(head) & 0xFF
            if bad and (kind != UPLOAD or len(whole) < RECORD + FIRMWARE or sum(whole) & 0xFF):
                raise BadRecord("    Invalid Action record.")
            if kind in (BACKUP, PREPARE):
                yield Action(kind, head[1])
                at_byte += RECORD
            elif kind == UPLOAD:
                start = at_byte + RECORD + FIRMWARE
                length = int.from_bytes(data[start - 4 : start], "little")
                if start + length > end:
                    raise BadRecord("    Invalid Action record.")
                version = data[at_byte + RECORD : at_byte + RECORD + 6]
                yield Action(kind, head[1], version, data[start : start + length])
                at_byte = start + length
            else:
                raise BadRecord("    Invalid Action type. Cannot continue")


def open_image(link: Link, name: str | None) -> ImageFile | None:
    """Read a file and see whether it is an image; None after a complaint."""
    try:
        with open(name or "", "rb") as file:
            data = file.read()
    except (OSError, ValueError):
        link.say(f"Cannot open image file '{'(null)' if name is None else name}'")
        return None
    link.call.out("Validating firmware image integrity...", end="")
    problem = _problem(data)
    if problem:
        link.say(f"\n    {problem}")
        return None
    link.call.out("OK")
    return ImageFile(data)


def _problem(data: bytes) -> str:
    if len(data) < HEADER + 1 + DIGEST or (
        hashlib.md5(data[:-DIGEST], usedforsecurity=False).digest() != data[-DIGEST:]
    ):
        return "Invalid MD5 signature"
    if data[: len(SIGNATURE)] != SIGNATURE:
        return "Invalid image signature"
    if data[8] != FORMAT:
        return "Unrecognized image version"
    end = HEADER + int.from_bytes(data[32:34], "little") + 1
    return "Invalid header checksum" if end > len(data) - DIGEST or sum(data[:end]) & 0xFF else ""
