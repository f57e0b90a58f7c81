"""The FRU inventories of a described BMC, from their fields or from files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.blueprint.buses import Eeprom
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.multirecords import multirecords, varying
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import code, numbered, varies
from baseboard.codes import ChassisType, EntityId
from baseboard.errors import EncodeError
from baseboard.records.fru import BoardArea, ChassisArea, InfoArea, ProductArea, build_fru, write_field
from baseboard.records.fru.areas import Minutes

if TYPE_CHECKING:
    from baseboard.bmc.configuration.layout import Board, Chassis, Fru, Product

_SMALLEST, _LARGEST = 8, 0xFFFF
_WORD = 2
CHIP_SIZES = (128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
"""Bytes of EEPROMs from the 24C01 to the 24C256."""

_RECORDS = ("power_supply", "dc_output", "dc_load", "management_access", "oem")
_AREAS: dict[str, type[InfoArea]] = {"chassis": ChassisArea, "board": BoardArea, "product": ProductArea}


def fru_specs(frus: Sequence[Fru], spot: Spot, number: int, name: str) -> tuple[FruSpec, ...]:
    """The inventories of one BMC.

    Args:
        frus: as described.
        spot: of the list.
        number: of the BMC among those alike, for ``{n}``.
        name: of the BMC, for ``{name}``.
    """
    seen: set[int] = set()
    for place, fru in enumerate(frus):
        if fru.id in seen:
            raise (spot / place / "id").wrong(f"FRU device {fru.id} is described twice")
        seen.add(fru.id)
    return tuple(_spec(fru, spot / place, number, name) for place, fru in enumerate(frus))


def differ(frus: Sequence[Fru]) -> bool:
    """Whether these inventories are not the same in every BMC of that description."""
    texts: list[str] = []
    for fru in frus:
        for key, kind in _AREAS.items():
            described: Chassis | Board | Product | None = getattr(fru, key)
            if described is not None:
                texts += [*described.custom, *(getattr(described, field) for field in kind.FIELDS)]
        texts += varying(fru)
    return any(map(varies, texts))


def _spec(fru: Fru, spot: Spot, number: int, name: str) -> FruSpec:
    areas = [part for part in (*_AREAS, *_RECORDS) if getattr(fru, part) not in (None, [])]
    if fru.file is not None and areas:
        raise (spot / areas[0]).wrong("file is there too; contents come from the file or from the areas")
    if fru.file is None and not areas:
        raise (spot / "file").wrong("missing; wanted is file, or one of chassis, board, product, or records")
    image = _from_file(fru, spot) if fru.file is not None else _from_fields(fru, spot, number, name)
    entity = code(EntityId, fru.entity, spot / "entity")
    return FruSpec(
        fru.id, fru.name, image, entity, fru.instance, fru.writable,
        by_words=_by_words(fru, spot, len(image)), eeprom=_chip(fru, spot, len(image)), logical=fru.logical,
    )  # fmt: skip


def _by_words(fru: Fru, spot: Spot, size: int) -> bool:
    if fru.words and size % _WORD:
        raise (spot / "words").wrong(f"the inventory has {size} bytes, which are no whole words")
    return fru.words


def _chip(fru: Fru, spot: Spot, size: int) -> Eeprom | None:
    """Where its chip is; a chip has a size that such chips have."""
    if fru.chip is None:
        if not fru.logical:
            raise (spot / "logical").wrong("found false; what Read FRU Data does not read needs a chip")
        return None
    if size not in CHIP_SIZES:
        sizes = ", ".join(map(str, CHIP_SIZES))
        raise (spot / "size").wrong(f"the inventory has {size} bytes; chips have {sizes}")
    return Eeprom(fru.chip.bus, fru.chip.address)


def _from_file(fru: Fru, spot: Spot) -> bytes:
    there = spot / "file"
    path = beside(spot.file, fru.file or "")
    try:
        with path.open("rb") as stream:
            image = stream.read(_LARGEST + 1)
    except OSError as error:
        raise there.wrong(f"{path}: {error.strerror or error}") from error
    if not _SMALLEST <= len(image) <= _LARGEST:
        raise there.wrong(f"{path}: an inventory has {_SMALLEST} to {_LARGEST} bytes")
    if fru.size is not None and fru.size < len(image):
        raise (spot / "size").wrong(f"found {fru.size}; the file has {len(image)} bytes")
    return image.ljust(fru.size or 0, b"\0")


def _from_fields(fru: Fru, spot: Spot, number: int, name: str) -> bytes:
    areas: dict[str, Any] = {}
    for key, kind in _AREAS.items():
        described: Chassis | Board | Product | None = getattr(fru, key)
        if described is not None:
            areas[key] = _area(kind, described, spot / key, number, name)
    for place, access in enumerate(fru.management_access):
        _check_text(numbered(access.text, number, name), spot / "management_access" / place / "text")
    try:
        return build_fru(**areas, multirecords=multirecords(fru, number, name), size=fru.size)
    except EncodeError as error:
        raise (spot / "size").wrong(str(error)) from error


def _area(
    kind: type[InfoArea], described: Chassis | Board | Product, spot: Spot, number: int, name: str
) -> InfoArea:
    from baseboard.bmc.configuration.layout import Board, Chassis

    values: dict[str, Any] = {
        field: numbered(getattr(described, field), number, name) for field in kind.FIELDS
    }
    for field, text in values.items():
        _check_text(text, spot / field)
    custom = tuple(numbered(text, number, name) for text in described.custom)
    for place, text in enumerate(custom):
        _check_text(text, spot / "custom" / place)
    if isinstance(described, Chassis):
        values["chassis_type"] = code(ChassisType, described.type, spot / "type")
    if isinstance(described, Board):
        values["manufactured"] = described.manufactured
        try:
            Minutes().encode(described.manufactured)
        except EncodeError as error:
            raise (spot / "manufactured").wrong(str(error)) from error
    area = kind(custom=custom, **values)
    try:
        area.encode()
    except EncodeError as error:
        raise spot.wrong(str(error)) from error
    return area


def _check_text(text: str, spot: Spot) -> None:
    try:
        write_field(text, english=True)
    except EncodeError as error:
        raise spot.wrong(str(error)) from error
