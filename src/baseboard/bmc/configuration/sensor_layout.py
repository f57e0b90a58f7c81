"""Keys of sensors that few of them need, and the tables of other SDRs.

This module needs msgspec and is imported when a file is read, not before.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Byte, Hex, Instance, Table, Value
from baseboard.bmc.configuration.source_layout import Source

Reach = Literal["settable", "readable", "fixed"]


class SpecialSensor(Table):
    """What is special about a sensor: who may change what of it, and when it is there (Table 43-1)."""

    init: list[Literal["scanning", "events", "thresholds", "hysteresis", "type"]] | None = None
    events_enabled: bool | None = None
    scanning_enabled: bool | None = None
    threshold_access: Reach | None = None
    hysteresis_access: Reach | None = None
    event_control: Literal["per_event", "entire_sensor", "global_only"] | None = None
    settable: Literal["no", "values", "all"] | None = None
    ignore_if_absent: bool | None = None
    removable: bool | None = None
    share: bool = False
    curve: Annotated[list[tuple[Byte, Value]], Meta(min_length=2, max_length=64)] | None = None
    update_s: Annotated[float, Meta(ge=0, le=600)] | None = None
    source: Source | None = None


class Contained(Table):
    """An entry of ``contains``: an entity, or with ``last`` a range of them."""

    entity: str | Byte
    instance: Instance = 1
    last: Instance | None = None


class Association(Table):
    """``[[bmc.association]]``: what an entity is made of (§43.4, §43.5)."""

    container: str | Byte
    contains: Annotated[list[Contained], Meta(min_length=1, max_length=64)]
    instance: Instance = 1
    address: Byte | None = None
    channel: Annotated[int, Meta(ge=0, le=15)] = 0
    always_accessible: bool = False


class SdrRecord(Table):
    """``[[bmc.record]]``: any other SDR, by the names of its fields or byte by byte (§43)."""

    type: str | Byte
    fields: dict[str, bool | int | str] = {}
    data: Annotated[Hex, Meta(max_length=510)] | None = None
