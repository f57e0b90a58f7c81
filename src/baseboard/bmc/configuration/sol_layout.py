"""What a file may say about the serial ports that Serial over LAN is connected to (§15)."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Table

Backing: TypeAlias = Literal["host", "pty", "tcp", "unix", "serial", "process"]
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[^\x00]*$")]


class SolPort(Table):
    """``[[bmc.sol.port]]``: one more serial port of the host, SOL instance 2 and so on."""

    backing: Backing = "host"
    path: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00]*$")] | None = None
    address: Text | None = None
    listen: bool | None = None
    command: Annotated[list[Text], Meta(min_length=1, max_length=64)] | None = None
    modem: bool | None = None
    hang_up: bool | None = None
    wake_on_ring: bool = True


class Sol(SolPort):
    """``[bmc.sol]``: what Serial over LAN is connected to; the first serial port, and those after it."""

    baud: Literal[9600, 19200, 38400, 57600, 115200] = 115200
    port: Annotated[list[SolPort], Meta(max_length=14)] = []
