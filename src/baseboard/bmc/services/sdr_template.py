"""The SDR repository as shipped, shared by all BMCs with the same sensors and FRU devices."""

from __future__ import annotations

import zlib
from functools import lru_cache

from baseboard.bmc.services.sdr_build import FruKey, device_records
from baseboard.bmc.services.sensor_template import Catalogue

UNIT = 16
"""Bytes that the repository is allotted in."""

_FIRST_DAY = 1_577_836_800  # 2020-01-01
_DAYS_S = 4 * 365 * 86_400


class SdrTemplate:
    """Records with the IDs from 1 on, in their order.

    Attributes:
        records: each whole, its ID included.
        checksum: of all of them.
        made: when they were written, seconds since 1970. Consoles know their copy of a repository by this
            time, so it is drawn from the records: the same for the same, another for others.
        units: that they take up.
    """

    __slots__ = ("checksum", "made", "records", "units")

    def __init__(self, catalogue: Catalogue, frus: tuple[FruKey, ...]) -> None:
        bodies = [sensor.record for sensor in catalogue.sensors]
        bodies += [record.encode() for record in device_records(catalogue.specs, frus)]
        self.records = tuple(with_id(number, body) for number, body in enumerate(bodies, 1))
        self.checksum = zlib.crc32(b"".join(self.records))
        self.made = _FIRST_DAY + self.checksum % _DAYS_S
        self.units = sum(units(record) for record in self.records)


@lru_cache(maxsize=64)
def sdr_template(catalogue: Catalogue, frus: tuple[FruKey, ...]) -> SdrTemplate:
    """The template of these sensors and FRU devices; the same object for the same ones."""
    return SdrTemplate(catalogue, frus)


def with_id(record_id: int, record: bytes) -> bytes:
    """The record with this ID in its first two bytes."""
    return record_id.to_bytes(2, "little") + record[2:]


def units(record: bytes) -> int:
    """How many units a record takes up."""
    return -(-len(record) // UNIT)
