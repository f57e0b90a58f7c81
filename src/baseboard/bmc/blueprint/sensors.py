"""What few sensors have, beside what every sensor has (Table 43-1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import Literal

from baseboard.records.sdr import Access, EventControl


class Init(IntFlag):
    """What of a sensor the initialization agent sets, as bits 6 to 2 of byte 11 of its record say it."""

    SCANNING = 0x40
    EVENTS = 0x20
    THRESHOLDS = 0x10
    HYSTERESIS = 0x08
    TYPE = 0x04


EVERYTHING = Init(0x7C)

Settable = Literal["", "no", "values", "all"]
"""What may be written of a sensor: nothing, all but event data, all; empty = as its source has it."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is special about a sensor.

    Attributes:
        init: what the initialization agent sets of it.
        events_enabled: its event messages are on after power-up.
        scanning_enabled: it is looked at after power-up.
        thresholds: how its thresholds can be got at, if it has any.
        hysteresis: how its hysteresis can be got at, if it has thresholds.
        event_control: what of its events can be switched.
        settable: what Set Sensor Reading And Event Status may write; see `Settable`.
        ignore_if_absent: without its entity it has no reading.
        removable: without its entity it is not there at all: the population of sensors is dynamic.
        share: stem of its name and its neighbours', which share one record with it; empty = none do.
        curve: of a sensor whose factors differ from reading to reading: raw reading and value at each bend.
        update_s: seconds until it has a first reading after it was re-armed or switched on.
    """

    init: Init = EVERYTHING
    events_enabled: bool = True
    scanning_enabled: bool = True
    thresholds: Access = Access.SETTABLE
    hysteresis: Access = Access.SETTABLE
    event_control: EventControl = EventControl.PER_EVENT
    settable: Settable = ""
    ignore_if_absent: bool = False
    removable: bool = False
    share: str = ""
    curve: tuple[tuple[int, float], ...] = ()
    update_s: float = 0.0


_ORDINARY = Traits()


def ordinary() -> Traits:
    """Nothing is special; the same object for all sensors."""
    return _ORDINARY
