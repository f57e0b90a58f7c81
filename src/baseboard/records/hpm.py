"""HPM.1 upgrade images: header, actions with their firmware, and the MD5 sum that closes the file (HPM.1, 4).

``read_hpm`` takes any bytes and either makes an image of them or says what is wrong; ``build_hpm`` is its
inverse. The MD5 sum is the format's, against damage: it proves nothing about who made the image.
"""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from typing import Final

from baseboard.errors import ChecksumError, DecodeError, EncodeError, TruncatedError
from baseboard.wire import BCD, TEXT, OpenEnum, Record, at

SIGNATURE: Final = b"PICMGFWU"
FORMAT: Final = 0
DIGEST: Final = 16
"""Bytes of the sum at the end."""

COMPONENTS: Final = 8
_HEADER: Final = 34
_ACTION: Final = 3
_FIRMWARE: Final = 31


class HpmVersion(Record):
    """A version of firmware: six bytes, the last four the maker's own."""

    major: int = at("1", "0-127; 7Fh or FFh, with FFh behind it = there is no such copy")
    minor: str = at("2", "two digits", codec=BCD)
    auxiliary: bytes = at("3:6", default=bytes(4))

    def __str__(self) -> str:
        tail = f".{self.auxiliary.hex()}" if any(self.auxiliary) else ""
        return f"{self.major}.{self.minor}{tail}"


class ImageCapability(enum.IntFlag):
    """What the firmware in an image can do, as makers' images have it; ipmitool looks 4 bits higher."""

    SELF_TEST = 0x01
    AUTOMATIC_ROLLBACK = 0x02
    MANUAL_ROLLBACK = 0x04
    SERVICES_AFFECTED = 0x08


class ActionKind(OpenEnum):
    """What an action record has done to its components."""

    BACKUP = 0
    PREPARE = 1
    UPLOAD = 2


class HpmHeader(Record):
    """The header of an image, before its OEM data and its checksum."""

    signature: bytes = at("1:8", default=SIGNATURE)
    format_version: int = at("9", default=FORMAT)
    device_id: int = at("10")
    manufacturer_id: int = at("11:13")
    product_id: int = at("14:15")
    time: int = at("16:19", "seconds since 1970", default=0)
    capabilities: ImageCapability = at("20", default=ImageCapability(0))
    components: int = at("21", "bit n: component n")
    self_test_timeout: int = at("22", "units of 5 seconds; this and the following", default=0)
    rollback_timeout: int = at("23", default=0)
    inaccessibility_timeout: int = at("24", default=0)
    earliest_major: int = at("25", "of the firmware that can be upgraded")
    earliest_minor: str = at("26", codec=BCD)
    version: HpmVersion = at("27:32")
    oem_length: int = at("33:34", default=0)


class _Firmware(Record):
    """What stands between an upload action and its bytes."""

    version: HpmVersion = at("1:6")
    description: str = at("7:27", codec=TEXT)
    length: int = at("28:31")


@dataclass(frozen=True, slots=True)
class HpmFirmware:
    """The firmware of an upload action.

    Attributes:
        version: of the firmware.
        description: at most 21 characters.
        data: its bytes.
    """

    version: HpmVersion
    description: str
    data: bytes


@dataclass(frozen=True, slots=True)
class HpmRecord:
    """An action of an image.

    Attributes:
        kind: what is to be done.
        components: to which components, bit n is component n.
        firmware: what is uploaded, of an upload.
    """

    kind: ActionKind
    components: int
    firmware: HpmFirmware | None = None


@dataclass(frozen=True, slots=True)
class HpmImage:
    """An upgrade image.

    Attributes:
        header: whom it is for, and what it has.
        actions: in the order in which they are done.
        oem: the maker's own data of the header.
    """

    header: HpmHeader
    actions: tuple[HpmRecord, ...]
    oem: bytes = b""


def read_hpm(data: bytes) -> HpmImage:
    """Read an upgrade image.

    Raises:
        ChecksumError: it is damaged.
        DecodeError: it is none.
    """
    if len(data) < _HEADER + 1 + DIGEST or data[: len(SIGNATURE)] != SIGNATURE:
        raise DecodeError("this is no HPM.1 upgrade image")
    if hashlib.md5(data[:-DIGEST], usedforsecurity=False).digest() != data[-DIGEST:]:
        raise ChecksumError("HPM.1 image: the MD5 sum is wrong")
    body = memoryview(data)[:-DIGEST]
    header = HpmHeader.decode(data[:_HEADER])
    if header.format_version != FORMAT:
        raise DecodeError(f"HPM.1 image: format version {header.format_version} is not known")
    first = _HEADER + header.oem_length + 1
    if first > len(body):
        raise TruncatedError("HPM.1 image: the OEM data are cut short")
    _check(body[:first], "header")
    actions: list[HpmRecord] = []
    at_byte = first
    while at_byte < len(body):
        action, at_byte = _action(body, at_byte)
        actions.append(action)
    return HpmImage(header, tuple(actions), bytes(body[_HEADER : first - 1]))


def _action(body: memoryview, start: int) -> tuple[HpmRecord, int]:
    end = start + _ACTION
    if end > len(body):
        raise TruncatedError("HPM.1 image: an action is cut short")
    kind, components = ActionKind(body[start]), body[start + 1]
    if kind != ActionKind.UPLOAD:
        if not kind.known:
            raise DecodeError(f"HPM.1 image: there is no action {int(kind)}")
        _check(body[start:end], "action")
        return HpmRecord(kind, components), end
    data = end + _FIRMWARE
    if data > len(body):
        raise TruncatedError("HPM.1 image: an upload is cut short")
    # Makers differ over whether the checksum takes in what follows it.
    if sum(body[start:end]) & 0xFF and sum(body[start:data]) & 0xFF:
        raise ChecksumError("HPM.1 image: the checksum of an action is wrong")
    if components.bit_count() != 1:
        raise DecodeError("HPM.1 image: an upload is for one component")
    found = _Firmware.decode(bytes(body[end:data]))
    if data + found.length > len(body):
        raise TruncatedError("HPM.1 image: firmware is cut short")
    firmware = HpmFirmware(found.version, found.description, bytes(body[data : data + found.length]))
    return HpmRecord(kind, components, firmware), data + found.length


def _check(data: memoryview, what: str) -> None:
    if sum(data) & 0xFF:
        raise ChecksumError(f"HPM.1 image: the checksum of the {what} is wrong")


def build_hpm(image: HpmImage) -> bytes:
    """The bytes of an image; components and lengths in its header are those of its actions.

    Raises:
        EncodeError: an upload has no firmware or not one component, or a text is too long.
    """
    header = image.header
    made = HpmHeader(
        signature=header.signature, format_version=header.format_version, device_id=header.device_id,
        manufacturer_id=header.manufacturer_id, product_id=header.product_id, time=header.time,
        capabilities=header.capabilities, components=header.components,
        self_test_timeout=header.self_test_timeout, rollback_timeout=header.rollback_timeout,
        inaccessibility_timeout=header.inaccessibility_timeout, earliest_major=header.earliest_major,
        earliest_minor=header.earliest_minor, version=header.version, oem_length=len(image.oem),
    )  # fmt: skip
    parts = [_summed(made.encode() + image.oem)]
    parts += [_encoded(action) for action in image.actions]
    whole = b"".join(parts)
    return whole + hashlib.md5(whole, usedforsecurity=False).digest()


def _encoded(action: HpmRecord) -> bytes:
    head = _summed(bytes((action.kind, action.components)))
    if action.kind != ActionKind.UPLOAD:
        return head
    firmware = action.firmware
    if firmware is None or action.components.bit_count() != 1:
        raise EncodeError("an upload has firmware, and is for one component")
    middle = _Firmware(version=firmware.version, description=firmware.description, length=len(firmware.data))
    return head + middle.encode() + firmware.data


def _summed(data: bytes) -> bytes:
    return data + bytes((-sum(data) & 0xFF,))
