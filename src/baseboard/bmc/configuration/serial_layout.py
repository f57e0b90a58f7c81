"""What a file may say about the serial channel (§14, §25)."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, field

from baseboard.bmc.configuration.layout_types import Port, Table

Number: TypeAlias = Annotated[str, Meta(min_length=1, max_length=47, pattern=r"^[!-~]+$")]
FilePath: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]


Mode: TypeAlias = Literal["basic", "ppp", "terminal"]
Kind: TypeAlias = Literal["none", "md2", "md5", "password"]


def _both() -> list[Mode]:
    return ["basic", "terminal"]


def _usual() -> list[Kind]:
    return ["md5", "password"]


class SerialCallback(Table):
    """``[[bmc.serial.callback]]``: a number that the BMC calls back (§25.10)."""

    dial: Number
    user: str | None = None
    ppp: bool = False


class Serial(Table):
    """``[bmc.serial]``: the serial channel, its connector and what is spoken over it."""

    line: Literal["none", "pty", "device", "tcp", "unix"] = "pty"
    path: FilePath | None = None
    address: str = "127.0.0.1"
    port: Port = 0
    channel: Annotated[int, Meta(ge=1, le=11)] = 2
    modes: Annotated[list[Mode], Meta(min_length=1)] = field(default_factory=_both)
    connection: Literal["direct", "modem"] = "direct"
    access: Literal["disabled", "pre_boot", "always", "shared"] = "always"
    sharing: bool = False
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 19200
    auth: list[Kind] = field(default_factory=_usual)
    login: bool = True
    phone: Number | None = None
    callback: Annotated[list[SerialCallback], Meta(max_length=8)] = []
