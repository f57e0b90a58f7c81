"""The MultiRecord area: a list of typed records, each with its own header (FRU §16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from baseboard.codes import MultirecordType
from baseboard.errors import DecodeError, EncodeError
from baseboard.records.fru.areas import Problem
from baseboard.records.fru.fields import checksum
from baseboard.wire import Family, Record, Unknown, at

FIRST_OEM_TYPE = 0xC0
HEADER_SIZE = 5
LONGEST_RECORD = 255
_BLANK = 0xFF


class MultiRecordHeader(Record):
    """What stands before the data of every record (FRU §16.1), counted from 0."""

    _base = 0

    record_type: MultirecordType = at("0")
    last: bool = at("1[7]", "end of list")
    format_version: int = at("1[3:0]", default=2)
    length: int = at("2", "of the data")
    data_checksum: int = at("3", "zero checksum of the data")
    header_checksum: int = at("4", "zero checksum of the header", default=0)


class MultiRecord(Family):
    """The data of a record, a class per type; bytes are counted from 0, as the FRU specification does."""

    _base = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OemMultiRecord:
    """A record of a maker's own, types C0h-FFh (FRU §18.7).

    Attributes:
        selector: the record type, C0h to FEh; FFh is what a blank device shows.
        manufacturer_id: IANA enterprise number.
        data: what follows it; for PICMG (12634) a record ID and a format version first.
    """

    selector: int
    manufacturer_id: int
    data: bytes = b""

    def encode(self) -> bytes:
        """Give the data of the record, the manufacturer included."""
        return self.manufacturer_id.to_bytes(3, "little") + self.data

    @classmethod
    def decode(cls, record_type: int, data: bytes) -> Self:
        """Read the data of a record of at least three bytes."""
        return cls(
            selector=record_type, manufacturer_id=int.from_bytes(data[:3], "little"), data=bytes(data[3:])
        )


AnyMultiRecord = MultiRecord | OemMultiRecord | Unknown
"""What a list holds: ``selector`` is the record type, ``encode()`` the data; Unknown is of no known type."""


def read_record(record_type: int, data: bytes) -> AnyMultiRecord:
    """Read the data of one record.

    Raises:
        DecodeError: the type has a class, and the data does not fit it.
    """
    if record_type >= FIRST_OEM_TYPE and len(data) >= 3:
        return OemMultiRecord.decode(record_type, data)
    return MultiRecord.parse(record_type, data)


class StoredRecords(NamedTuple):
    """What a MultiRecord area holds.

    Attributes:
        records: in their order.
        data: the bytes of each, as they lie in the area.
        size: how many bytes of the area they take up, headers included.
        problems: what is wrong with it.
    """

    records: tuple[AnyMultiRecord, ...]
    data: tuple[bytes, ...]
    size: int
    problems: list[Problem]


def read_multirecords(image: bytes, offset: int = 0) -> StoredRecords:
    """Read records up to the end of the list.

    A list also ends at the end of the device, at a type of FFh (nothing was ever written there) and at a
    header whose checksum is wrong, because its length is what leads on to the next.
    """
    records: list[AnyMultiRecord] = []
    raws: list[bytes] = []
    problems: list[Problem] = []
    position, last = offset, False
    while not last:
        if len(image) < position + HEADER_SIZE:
            problems.append(Problem("multirecord", position, "list runs past the end of the device"))
            break
        start, head = position, MultiRecordHeader.decode(image[position : position + HEADER_SIZE])
        if head.record_type == _BLANK or sum(image[start : start + HEADER_SIZE]) & 0xFF:
            text = "blank" if head.record_type == _BLANK else "header checksum is wrong"
            problems.append(Problem("multirecord", start, f"list has no end: {text}"))
            break
        data = bytes(image[start + HEADER_SIZE :][: head.length])
        position, last = start + HEADER_SIZE + len(data), head.last
        if len(data) < head.length:
            text = f"record of {head.length} bytes, {len(data)} are there"
            problems.append(Problem("multirecord", start, text))
            last = True
        elif head.data_checksum != checksum(data):
            text = f"checksum is {head.data_checksum:02X}h, not {checksum(data):02X}h"
            problems.append(Problem("multirecord", start, text))
        try:
            records.append(read_record(head.record_type, data))
        except DecodeError as error:
            problems.append(Problem("multirecord", start, str(error)))
            records.append(Unknown(selector=head.record_type, raw=data))
        raws.append(data)
    return StoredRecords(tuple(records), tuple(raws), position - offset, problems)


def write_multirecords(
    records: Sequence[AnyMultiRecord], stored: Mapping[AnyMultiRecord, bytes] | None = None
) -> bytes:
    """Give the bytes of a list of records.

    Args:
        records: at least one.
        stored: bytes of records that were read, which keep what their class does not know.

    Raises:
        EncodeError: a record is longer than 255 bytes.
    """
    area = b""
    for number, record in enumerate(records, 1):
        data = (stored or {}).get(record)
        data = record.encode() if data is None else data
        if len(data) > LONGEST_RECORD:
            raise EncodeError(f"multirecord of {len(data)} bytes, at most {LONGEST_RECORD} fit")
        header = MultiRecordHeader(
            record_type=MultirecordType(record.selector),
            last=number == len(records),
            length=len(data),
            data_checksum=checksum(data),
        ).encode()
        area += header[:-1] + bytes((checksum(header),)) + data
    return area
