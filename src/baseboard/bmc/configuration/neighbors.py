"""The records of other BMCs on an IPMB, in the repository of the one that gets their events (§33, §43)."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from baseboard.bmc.configuration.words import numbered
from baseboard.bmc.services.sdr_build import CAPABILITIES, OWN_FRU, id_string, sensor_record
from baseboard.codes import EntityId
from baseboard.records.sdr import FruDeviceLocatorRecord, ManagementControllerDeviceLocatorRecord

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint, SensorSpec
    from baseboard.bmc.configuration.neighbors_layout import Neighbor
    from baseboard.bmc.configuration.spots import Spot

LONGEST: Final = 16
"""Characters of a name in a record; what is longer with its prefix is cut."""

_RELATIVE, _COUNTED = 0x60, 0x1F
"""An instance from 60h on is counted by the controller that the record names (Table 43-1, byte 10)."""


def with_neighbors(
    own: Blueprint, said: Sequence[Neighbor], spot: Spot, others: Mapping[str, Blueprint]
) -> Blueprint:
    """A BMC that has the records of its neighbors.

    Args:
        own: the BMC.
        said: what the file says of them.
        spot: of ``neighbor``.
        others: the BMCs of the process, by name.

    Raises:
        ConfigurationError: there is no such BMC on the bus, or it has no such sensor.
    """
    made = [
        record
        for place, one in enumerate(said)
        for turn, name in enumerate(one.bmcs)
        for record in _records(
            _neighbor(own, name, spot / place / "bmcs" / turn, others), one, turn, spot / place
        )
    ]
    return replace(own, records=(*own.records, *made))


def _neighbor(own: Blueprint, name: str, spot: Spot, others: Mapping[str, Blueprint]) -> Blueprint:
    other = others.get(name)
    if other is None:
        near = difflib.get_close_matches(name, list(others), 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise spot.wrong(f"found {json.dumps(name)}{hint}; no BMC has that name")
    if other.identity.name == own.identity.name:
        raise spot.wrong(f"found {json.dumps(name)}, which is this BMC itself")
    if not own.ipmb.bus or other.ipmb.bus != own.ipmb.bus:
        raise spot.wrong(f"{name} is not on the same IPMB: [bmc.ipmb] of both has to name one bus")
    return other


def _records(other: Blueprint, said: Neighbor, turn: int, spot: Spot) -> list[bytes]:
    """Its locator, those of its inventories, and the records of its sensors, with it as their owner."""
    prefix, address = numbered(said.prefix, turn + 1, other.identity.name), other.ipmb.address
    own = next((fru for fru in other.frus if fru.device_id == OWN_FRU), None)
    locator = ManagementControllerDeviceLocatorRecord(
        slave_address=address,
        capabilities=int(CAPABILITIES),
        entity_id=EntityId.SYSTEM_BOARD if own is None else EntityId(own.entity_id),
        entity_instance=_relative(1 if own is None else own.entity_instance),
        id_string=id_string(other.identity.name[:LONGEST]),
    )
    frus = [
        FruDeviceLocatorRecord(
            access_address=address,
            fru_device_id=fru.device_id,
            entity_id=EntityId(fru.entity_id),
            entity_instance=_relative(fru.entity_instance),
            id_string=id_string(f"{prefix}{fru.name}"[:LONGEST]),
        )
        for fru in other.frus
        if fru.device_id != OWN_FRU and fru.logical
    ]
    sensors = [
        sensor_record(one).replace(
            owner_id=address,
            entity_instance=_relative(one.entity_instance),
            id_string=id_string(f"{prefix}{one.name}"[:LONGEST]),
        )
        for one in _sensors(other, said, spot)
    ]
    return [locator.encode(), *(one.encode() for one in frus), *(one.encode() for one in sensors)]


def _relative(instance: int) -> int:
    return _RELATIVE | instance & _COUNTED


def _sensors(other: Blueprint, said: Neighbor, spot: Spot) -> list[SensorSpec]:
    if said.sensors is None:
        return list(other.sensors)
    there = {one.name: one for one in other.sensors}
    for place, name in enumerate(said.sensors):
        if name not in there:
            near = difflib.get_close_matches(name, list(there), 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise (spot / "sensors" / place).wrong(
                f"found {json.dumps(name)}{hint}; {other.identity.name} has no sensor of that name"
            )
    return [there[name] for name in said.sensors]
