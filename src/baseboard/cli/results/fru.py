"""What the verbs of ``fru`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value, told


@shape("fru print")
class Inventory(Value, kw_only=True):
    """A FRU inventory.

    Attributes:
        id: of the device; 0 is the controller's own.
        name: from the SDR.
        problem: why there is nothing to show; empty if there is.
        fields: what its areas say, by ipmitool's names such as ``Board Serial``; ``Board Mfg Date`` is
            ISO 8601, or ``unspecified``.
        extras: the fields that have no name of their own, by area: ``Chassis Extra`` and the like.
        records: the multirecords, each with its title and what it says; only with ``-v``.
    """

    id: int
    name: str = ""
    problem: str = ""
    fields: dict[str, str] = told(default_factory=dict[str, str])
    extras: dict[str, list[str]] = told(default_factory=dict[str, list[str]])
    records: list[dict[str, str]] = told(default_factory=list[dict[str, str]])


@shape("fru read", "fru write", "fru internaluse")
class Image(Value, kw_only=True):
    """What was read from a FRU device, or written to it.

    Attributes:
        size: bytes of the device or area.
        data: the bytes in hex, where no file was named.
    """

    id: int
    size: int
    file: str | None = None
    data: str | None = None


@shape("fru edit")
class FieldChange(Value, kw_only=True):
    """A field that was changed.

    Attributes:
        area: ``c`` chassis, ``b`` board, ``p`` product.
        index: of the field, from 0.
    """

    id: int
    area: str
    index: int
    before: str
    after: str
