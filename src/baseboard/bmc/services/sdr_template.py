"""The SDR repository as shipped, shared by all BMCs with the same sensors and FRU devices."""

from __future__ import annotations

import zlib
from functools import lru_cache

from baseboard.bmc.services.sdr_build import FruKey, device_records, shared_record
from baseboard.bmc.services.sensor_template import Catalogue, SensorTemplate
from baseboard.codes import SdrType
from baseboard.commands.app.device import DeviceSupport
from baseboard.records.sdr import HEADER_SIZE

UNIT = 16
"""Bytes that the repository is allotted in."""

_MOST_SHARING = 15
"""Sensors of one record: the share count has four bits."""

_USUAL = 0x20
_TYPE, _OWNER, _CAPABILITIES = 3, 5, 8
_OWNED = (
    SdrType.FULL_SENSOR, SdrType.COMPACT_SENSOR, SdrType.EVENT_ONLY, SdrType.FRU_DEVICE_LOCATOR,
    SdrType.MANAGEMENT_CONTROLLER_DEVICE_LOCATOR,
)  # fmt: skip
"""Records that name, in byte 6, the controller that they are about, or that gives access (§43)."""

_FIRST_DAY = 1_577_836_800  # 2020-01-01
_DAYS_S = 4 * 365 * 86_400


class SdrTemplate:
    """Records with the IDs from 1 on, in their order.

    Attributes:
        records: each whole, its ID included.
        checksum: of all of them.
        made: when they were written, seconds since 1970. Consoles know their copy of a repository by this
            time, so it is drawn from the records: the same for the same, another for others.
        places: of the sensors that come and go, by their index: the IDs of their records.
        units: that they take up.
        sound: each has the length that its header says.
    """

    __slots__ = ("checksum", "made", "places", "records", "sound", "units")

    def __init__(
        self, catalogue: Catalogue, frus: tuple[FruKey, ...], further: tuple[bytes, ...], address: int
    ) -> None:
        bodies: list[bytes] = []
        places: dict[int, int] = {}
        for group in _groups(catalogue):
            specs = [catalogue.specs[sensor.index] for sensor in group]
            bodies.append(group[0].record if len(group) == 1 else shared_record(specs).encode())
            places |= dict.fromkeys((sensor.index for sensor in group), len(bodies))
        bodies += [record.encode() for record in device_records(catalogue.specs, frus)]
        if address != _USUAL:
            bodies = [_owned(body, address) for body in bodies]
        bodies += further
        self.places = {sensor.index: places[sensor.index] for sensor in catalogue.removable}
        self.records = tuple(with_id(number, body) for number, body in enumerate(bodies, 1))
        self.checksum = zlib.crc32(b"".join(self.records))
        self.made = _FIRST_DAY + self.checksum % _DAYS_S
        self.units = sum(units(record) for record in self.records)
        self.sound = all(map(is_whole, self.records))


@lru_cache(maxsize=64)
def sdr_template(
    catalogue: Catalogue, frus: tuple[FruKey, ...], further: tuple[bytes, ...] = (), address: int = _USUAL
) -> SdrTemplate:
    """The template of these sensors, FRU devices and other records; the same object for the same ones.

    Args:
        address: slave address of the controller whose they are.
    """
    return SdrTemplate(catalogue, frus, further, address)


def _owned(record: bytes, address: int) -> bytes:
    """The record as one of a controller at another address than 20h."""
    if record[_TYPE] not in _OWNED:
        return record
    owned = bytearray(record)
    owned[_OWNER] = address
    if record[_TYPE] == SdrType.MANAGEMENT_CONTROLLER_DEVICE_LOCATOR:
        owned[_CAPABILITIES] |= DeviceSupport.IPMB_EVENT_GENERATOR
    return bytes(owned)


def _groups(catalogue: Catalogue) -> list[list[SensorTemplate]]:
    """The sensors that have a record together: neighbours with one name to share and consecutive numbers."""
    groups: list[list[SensorTemplate]] = []
    for sensor in catalogue.sensors:
        last = groups[-1][-1] if groups else None
        together = (
            last is not None
            and sensor.traits.share
            and last.traits == sensor.traits
            and last.key + 1 == sensor.key
            and len(groups[-1]) < _MOST_SHARING
        )
        if together:
            groups[-1].append(sensor)
        else:
            groups.append([sensor])
    return groups


def with_id(record_id: int, record: bytes) -> bytes:
    """The record with this ID in its first two bytes."""
    return record_id.to_bytes(2, "little") + record[2:]


def is_whole(record: bytes) -> bool:
    """Whether a record has the length that its header says."""
    return len(record) >= HEADER_SIZE and len(record) == HEADER_SIZE + record[HEADER_SIZE - 1]


def units(record: bytes) -> int:
    """How many units a record takes up."""
    return -(-len(record) // UNIT)
