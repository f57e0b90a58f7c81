"""What all Sensor Data Records begin with (§43), and how one is read."""

from __future__ import annotations

from baseboard.codes import SdrType
from baseboard.errors import TruncatedError
from baseboard.wire import DERIVED, Family, Unknown, at

HEADER_SIZE = 5


class Sdr(Family, selector="record_type"):
    """A Sensor Data Record: a class per record type in byte 4.

    ``Sdr.unpack`` reads any of them; one of a type without a class is an `UnknownRecord` and keeps its bytes.
    """

    record_id: int = at("1:2", "the repository gives it", default=0)
    sdr_version: int = at("3", "51h for this specification", default=0x51)
    record_type: SdrType = at("4", default=DERIVED)
    length: int = at("5", "of what follows", default=DERIVED)


def read_sdr(raw: bytes) -> Sdr | Unknown:
    """Read a record as a device gives it.

    A length that promises more bytes than there are is set right; whatever the class has no name for is
    ignored. Keep ``raw`` too where it matters.

    Raises:
        DecodeError: there are too few bytes for the record's type.
    """
    try:
        return Sdr.unpack(raw)
    except TruncatedError:
        rest = len(raw) - HEADER_SIZE
        if rest < 0 or raw[HEADER_SIZE - 1] <= rest:
            raise
        return Sdr.unpack(bytes((*raw[: HEADER_SIZE - 1], rest, *raw[HEADER_SIZE:])))
