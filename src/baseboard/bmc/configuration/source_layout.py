"""What a file may say about where the value of a sensor, or a fan's temperature, is read.

This module needs msgspec and is imported when a file is read, not before.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Offset, Table, Value

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[^\x00]*$")]
Argv: TypeAlias = Annotated[list[Text], Meta(min_length=1, max_length=64)]
Node: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00/\s]+$")]
"""A name that is a file's or a folder's in /sys, and no path."""

GpioChip: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00\s]+$")]
GpioNumber: TypeAlias = Annotated[int, Meta(ge=0, le=1023)]
GpioName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[^\x00]+$")]
Bias: TypeAlias = Literal["as_is", "disabled", "pull_up", "pull_down"]
Interval: TypeAlias = Annotated[float, Meta(ge=0.1, le=3600)]


class Probe(Table):
    """``temperature`` of a fan: what a program prints, what a file holds, or what a chip measures."""

    command: Argv | None = None
    timeout_s: Annotated[float, Meta(ge=0.1, le=600)] | None = None
    file: Text | None = None
    hwmon: Node | None = None
    channel: Node | None = None
    device: Node | None = None
    w1: Node | None = None
    root: Text | None = None


class Source(Probe):
    """``source`` of a sensor: where it is read, how often, and what becomes of it."""

    tachometer: GpioChip | None = None
    line: GpioNumber | GpioName | None = None
    pulses: Annotated[int, Meta(ge=1, le=64)] | None = None
    bias: Bias | None = None
    interval_s: Interval = 5.0
    scale: Value | None = None
    offset: Value | None = None
    words: dict[str, list[Offset]] | None = None
