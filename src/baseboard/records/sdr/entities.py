"""SDR types 08h and 09h: what contains what (Tables 43-4 and 43-5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from baseboard.codes import EntityId, SdrType
from baseboard.records.sdr.record import Sdr
from baseboard.wire import Record, at


class Entity(Record):
    """An entity by kind and number; EntityId.UNSPECIFIED is an unused place."""

    entity_id: EntityId = at("1", default=EntityId.UNSPECIFIED)
    logical: bool = at("2[7]", "a container, not a thing", default=False)
    instance: int = at("2[6:0]", default=0)


class DeviceEntity(Record):
    """An entity that counts within a device."""

    device_address: int = at("1", "slave address", default=0)
    channel: int = at("2[7:4]", default=0)
    entity_id: EntityId = at("3", default=EntityId.UNSPECIFIED)
    logical: bool = at("4[7]", "a container, not a thing", default=False)
    instance: int = at("4[6:0]", default=0)


@Sdr.of(SdrType.ENTITY_ASSOCIATION)
class EntityAssociationRecord(Sdr):
    """The entities that one contains (Table 43-4)."""

    length: int = at("5", default=0x0B)
    container_id: EntityId = at("6")
    container_logical: bool = at("7[7]", default=False)
    container_instance: int = at("7[6:0]")
    is_range: bool = at("8[7]", "first and last of a range, twice", default=False)
    linked: bool = at("8[6]", "there are more records about this container", default=False)
    always_accessible: bool = at("8[5]", "presence sensor can always be asked", default=False)
    contained: tuple[Entity, ...] = at("9:16", "four places", default=(Entity(),) * 4)

    def entities(self) -> Iterator[Entity]:
        """Give the contained entities, those of ranges one by one."""
        return _entities(self.contained, self.is_range)


@Sdr.of(SdrType.DEVICE_RELATIVE_ENTITY_ASSOCIATION)
class DeviceRelativeEntityAssociationRecord(Sdr):
    """The entities that one contains, each of some device (Table 43-5)."""

    length: int = at("5", default=0x1B)
    container_id: EntityId = at("6")
    container_logical: bool = at("7[7]", default=False)
    container_instance: int = at("7[6:0]")
    container_address: int = at("8", "slave address of its device", default=0)
    container_channel: int = at("9[7:4]", default=0)
    is_range: bool = at("10[7]", "first and last of a range, twice", default=False)
    linked: bool = at("10[6]", "there are more records about this container", default=False)
    always_accessible: bool = at("10[5]", "presence sensor can always be asked", default=False)
    contained: tuple[DeviceEntity, ...] = at("11:26", "four places", default=(DeviceEntity(),) * 4)

    _last = 32  # 27 to 32 are reserved

    def entities(self) -> Iterator[DeviceEntity]:
        """Give the contained entities, those of ranges one by one."""
        return _entities(self.contained, self.is_range)


E = TypeVar("E", Entity, DeviceEntity)


def _entities(places: tuple[E, ...], is_range: bool) -> Iterator[E]:
    used = [place for place in places if place.entity_id]
    if not is_range:
        yield from used
        return
    for first, last in zip(used[::2], used[1::2], strict=False):
        for instance in range(first.instance, last.instance + 1):
            yield first.replace(instance=instance)
