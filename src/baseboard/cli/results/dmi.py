"""What the verbs of ``dmi`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("dmi show")
class DmiStructure(Value, kw_only=True):
    """A structure of SMBIOS tables.

    Attributes:
        facts: what it tells, but for what it says is unknown.
        raw: its bytes, header and strings included.
    """

    handle: int
    type: int
    name: str
    facts: dict[str, str | int | bool]
    raw: bytes


@shape("dmi find")
class FoundInterface(Value, kw_only=True):
    """A system interface of this machine.

    Attributes:
        kind: ``kcs``, ``smic``, ``bt`` or ``ssif``.
        address: of its first register; of SSIF the slave address, 7 bits.
        space: ``io``, ``memory`` or ``smbus``.
        spacing: bytes from one register to the next.
        bus: of SSIF, number of the I2C adapter.
        interrupt: its number; null where it has none, or nobody tells.
        sources: who tells of it: ``smbios``, ``spmi``, ``devicetree``, ``pci``, ``linux``.
        detail: which structure, node or device it is there.
        device: Linux's name for it; empty while no driver holds it.
        driver: the driver that holds it.
    """

    kind: str
    address: int
    space: str
    spacing: int
    bus: int | None
    interrupt: int | None
    sources: tuple[str, ...]
    detail: str
    device: str
    driver: str


@shape("dmi build")
class BuiltTables(Value, kw_only=True):
    """SMBIOS tables that were written.

    Attributes:
        files: that were written.
        types: of the structures, in their order.
        arguments: for QEMU; empty for a dump.
    """

    files: list[str]
    types: list[int]
    arguments: list[str]
