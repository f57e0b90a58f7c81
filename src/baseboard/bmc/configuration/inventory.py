"""The FRU inventories of a described BMC, from their fields or from files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import code, numbered, varies
from baseboard.codes import ChassisType, EntityId
from baseboard.errors import EncodeError
from baseboard.records.fru import BoardArea, ChassisArea, InfoArea, ProductArea, build_fru, write_field
from baseboard.records.fru.areas import Minutes

if TYPE_CHECKING:
    from baseboard.bmc.configuration.layout import Board, Chassis, Fru, Product

_SMALLEST, _LARGEST = 8, 0xFFFF
_AREAS = ("chassis", "board", "product")


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
    texts = (
        text
        for fru in frus
        for area in (fru.chassis, fru.board, fru.product)
        if area is not None
        for value in (getattr(area, key) for key in area.__struct_fields__)
        for text in (value if isinstance(value, list) else [value])
    )
    return any(isinstance(text, str) and varies(text) for text in texts)


def _spec(fru: Fru, spot: Spot, number: int, name: str) -> FruSpec:
    areas = [area for area in _AREAS if getattr(fru, area) is not None]
    if fru.file is not None and areas:
        raise (spot / areas[0]).wrong("file is there too; contents come from the file or from the areas")
    if fru.file is None and not areas:
        raise (spot / "file").wrong("missing; wanted is file, or one of chassis, board, product")
    image = _from_file(fru, spot) if fru.file is not None else _from_fields(fru, spot, number, name)
    entity = code(EntityId, fru.entity, spot / "entity")
    return FruSpec(fru.id, fru.name, image, entity, fru.instance, fru.writable)


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
    def texts(area: Chassis | Board | Product, there: Spot, fields: Sequence[str]) -> dict[str, str]:
        written = {field: numbered(getattr(area, field), number, name) for field in fields}
        for field, text in written.items():
            _check_text(text, there / field)
        return written

    def custom(area: Chassis | Board | Product, there: Spot) -> tuple[str, ...]:
        written = tuple(numbered(text, number, name) for text in area.custom)
        for place, text in enumerate(written):
            _check_text(text, there / "custom" / place)
        return written

    chassis, board, product = None, None, None
    if fru.chassis is not None:
        there = spot / "chassis"
        kind = code(ChassisType, fru.chassis.type, there / "type")
        fields = texts(fru.chassis, there, ChassisArea.FIELDS)
        chassis = ChassisArea(chassis_type=kind, custom=custom(fru.chassis, there), **fields)
        _check_area(chassis, there)
    if fru.board is not None:
        there = spot / "board"
        try:
            Minutes().encode(fru.board.manufactured)
        except EncodeError as error:
            raise (there / "manufactured").wrong(str(error)) from error
        fields = texts(fru.board, there, BoardArea.FIELDS)
        made = fru.board.manufactured
        board = BoardArea(manufactured=made, custom=custom(fru.board, there), **fields)
        _check_area(board, there)
    if fru.product is not None:
        there = spot / "product"
        fields = texts(fru.product, there, ProductArea.FIELDS)
        product = ProductArea(custom=custom(fru.product, there), **fields)
        _check_area(product, there)
    try:
        return build_fru(chassis=chassis, board=board, product=product, size=fru.size)
    except EncodeError as error:
        raise (spot / "size").wrong(str(error)) from error


def _check_text(text: str, spot: Spot) -> None:
    try:
        write_field(text, english=True)
    except EncodeError as error:
        raise spot.wrong(str(error)) from error


def _check_area(area: InfoArea, spot: Spot) -> None:
    try:
        area.encode()
    except EncodeError as error:
        raise spot.wrong(str(error)) from error
