"""What a file may say of DCMI and of the system interface."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Byte, Name, Table, Word

Period = Annotated[str, Meta(pattern=r"^[1-9][0-9]?(s|min|h)$")]
Size = Annotated[int, Meta(ge=38, le=255)]


class Dcmi(Table):
    """``[bmc.dcmi]``: Data Center Manageability (DCMI 1.5)."""

    enabled: bool | None = None
    meter: Name | None = None
    lowest: Annotated[int, Meta(ge=1, le=0xFFFF)] | None = None
    highest: Word | None = None
    periods: Annotated[list[Period], Meta(max_length=32)] | None = None


class Interface(Table):
    """``[bmc.interface]``: the system interface (§22.9, §22.10)."""

    kind: Literal["kcs", "smic", "bt", "ssif"] = "kcs"
    input_size: Size = 255
    output_size: Size = 255
    pec: bool = True
    outstanding: Annotated[int, Meta(ge=1, le=255)] = 1
    response_s: Annotated[int, Meta(ge=1, le=30)] = 5
    retries: Byte = 2
    registers: str | None = None
    device: Annotated[str, Meta(pattern=r"^[^\x00-\x1f]+$")] | None = None
