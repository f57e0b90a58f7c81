"""Described SDRs besides those of sensors and inventories: what is made of what, and anything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import code, unknown_word
from baseboard.codes import EntityId, SdrType
from baseboard.codes.code import Code
from baseboard.errors import EncodeError
from baseboard.records.sdr import (
    DeviceEntity,
    DeviceRelativeEntityAssociationRecord,
    Entity,
    EntityAssociationRecord,
    Sdr,
)
from baseboard.wire import fields

if TYPE_CHECKING:
    from baseboard.bmc.configuration.sensor_layout import Association, SdrRecord

_LISTED, _RANGES = 4, 2
"""Entities, or ranges of them, that a record has room for."""

_WANTED: dict[type, str] = {bool: "true or false", str: "a string", int: "a number"}
_GIVEN_BY_OTHERS = ("record_id", "record_type", "length")
"""Fields that follow from the rest."""

Group = tuple[tuple[int, int], ...]


def records(
    associations: Sequence[Association], others: Sequence[SdrRecord], spot: Spot
) -> tuple[bytes, ...]:
    """The records, associations first.

    Args:
        spot: of the BMC.
    """
    made = [
        record for n, one in enumerate(associations) for record in _associated(one, spot / "association" / n)
    ]
    return (*made, *(_record(one, spot / "record" / n) for n, one in enumerate(others)))


def _associated(said: Association, spot: Spot) -> list[bytes]:
    """An association, in as many records as it takes (§43.4)."""
    container = code(EntityId, said.container, spot / "container")
    alone: list[tuple[int, int]] = []
    ranges: list[Group] = []
    for place, one in enumerate(said.contains):
        here = spot / "contains" / place
        kind = int(code(EntityId, one.entity, here / "entity"))
        if one.last is None:
            alone.append((kind, one.instance))
        elif one.last <= one.instance:
            raise (here / "last").wrong(f"found {one.last}; allowed is more than instance, {one.instance}")
        else:
            ranges.append(((kind, one.instance), (kind, one.last)))
    groups = [(False, tuple(alone[n : n + _LISTED])) for n in range(0, len(alone), _LISTED)]
    groups += [(True, sum(ranges[n : n + _RANGES], ())) for n in range(0, len(ranges), _RANGES)]
    linked = len(groups) > 1
    return [_association(said, container, group, is_range, linked) for is_range, group in groups]


def _association(said: Association, container: EntityId, group: Group, is_range: bool, linked: bool) -> bytes:
    same: dict[str, Any] = {
        "container_id": container,
        "container_instance": said.instance,
        "is_range": is_range,
        "linked": linked,
        "always_accessible": said.always_accessible,
    }
    empty = _LISTED - len(group)
    if said.address is None:
        entities = [Entity(entity_id=EntityId(kind), instance=instance) for kind, instance in group]
        return EntityAssociationRecord(contained=(*entities, *(Entity(),) * empty), **same).encode()
    relative = [
        DeviceEntity(
            device_address=said.address, channel=said.channel, entity_id=EntityId(kind), instance=instance
        )
        for kind, instance in group
    ]
    return DeviceRelativeEntityAssociationRecord(
        container_address=said.address,
        container_channel=said.channel,
        contained=(*relative, *(DeviceEntity(),) * empty),
        **same,
    ).encode()


def _record(said: SdrRecord, spot: Spot) -> bytes:
    """A record by the names of its fields, or byte by byte."""
    kind = code(SdrType, said.type, spot / "type")
    if said.data is not None:
        if said.fields:
            raise (spot / "data").wrong("fields is there too; a record is said by its fields or byte by byte")
        body = bytes.fromhex(said.data)
        return bytes((0, 0, 0x51, int(kind), len(body))) + body
    form = Sdr.members().get(int(kind))
    if form is None:
        raise (spot / "type").wrong("no fields are known of this type; data says it byte by byte")
    known = {field.name: field.type for field in fields(form) if field.name not in _GIVEN_BY_OTHERS}
    known = {name: kind for name, kind in known.items() if kind in (int, bool, str, bytes) or _is_code(kind)}
    values: dict[str, Any] = {}
    for name, value in said.fields.items():
        if name not in known:
            raise (spot / "fields" / name).wrong(unknown_word(name, sorted(known)))
        values[name] = _value(known[name], value, spot / "fields" / name)
    try:
        return form(**values).encode()
    except (EncodeError, TypeError) as error:
        raise (spot / "fields").wrong(f"no {kind.text} can be made of it: {error}") from error


def _is_code(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, int)


def _value(kind: Any, value: Any, spot: Spot) -> Any:
    """What a field holds, from what the file says."""
    if kind is bytes and isinstance(value, str):
        try:
            return bytes.fromhex(value)
        except ValueError:
            raise spot.wrong("hexadecimal digits are wanted, two for each byte") from None
    if isinstance(kind, type) and issubclass(kind, Code) and not isinstance(value, bool):
        return code(kind, value, spot)
    wanted: type = kind if kind in (bool, str) else int
    if type(value) is not wanted:
        raise spot.wrong(f"{_WANTED[wanted]} is wanted")
    plain = kind in (bool, int, str)
    return value if plain else kind(value)
