"""Verbs of sensors, their records and events that ipmitool has not."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

SENSORS: Final[tuple[Verb, ...]] = (
    Verb(
        "sensor set-reading",
        "NAME [VALUE] [raw=BYTE] [states|set|clear|ended|end|forget=OFFSETS] [data=BYTES] [offset=given]",
        "write what a settable sensor shows, and have its events sent",
        sends=("SetSensorReadingAndEventStatus", "GetSensorReading"),
    ),
    Verb(
        "sensor events",
        "NAME [messages|scanning=on|off] [enable|disable=OFFSETS] [enable-end|disable-end=OFFSETS]",
        "which events it sends, and which have occurred",
        sends=("GetSensorEventEnable", "SetSensorEventEnable", "GetSensorEventStatus"),
    ),
    Verb(
        "sensor rearm",
        "NAME [begin=OFFSETS] [end=OFFSETS]",
        "forget events, so that what still holds is told anew",
        sends=("RearmSensorEvents", "GetSensorEventStatus"),
    ),
    Verb(
        "sensor hysteresis",
        "NAME [POSITIVE NEGATIVE]",
        "how far a reading must come back before an event ends",
        sends=("GetSensorHysteresis", "SetSensorHysteresis"),
    ),
    Verb(
        "sensor type",
        "NAME [TYPE [EVENT-TYPE]]",
        "what kind of sensor it is",
        sends=("GetSensorType", "SetSensorType"),
    ),
    Verb(
        "sensor factors",
        "NAME",
        "how readings of a sensor that is not linear become values",
        many=True,
        sends=("GetSensorReadingFactors",),
    ),
    Verb(
        "sdr device",
        "",
        "the controller's own records, and on which LUNs it has sensors",
        many=True,
        sends=("GetDeviceSdrInfo", "GetDeviceSdr", "ReserveDeviceSdrRepository"),
    ),
    Verb(
        "sdr add",
        "FILE|BYTES [piece=N]",
        "add the records of a file, or one",
        many=True,
        sends=("AddSdr", "PartialAddSdr", "ReserveSdrRepository"),
    ),
    Verb("sdr delete", "ID ...", "delete records", many=True, loses="those records", sends=("DeleteSdr",)),
    Verb("sdr clear", "", "delete all records", loses="all records", sends=("ClearSdrRepository",)),
    Verb(
        "sdr space",
        "",
        "how the repository allots its space",
        sends=("GetSdrRepositoryAllocationInfo",),
    ),
    Verb(
        "sdr update-mode",
        "enter|exit",
        "have the repository for oneself, in exec and shell",
        sends=("EnterSdrRepositoryUpdateMode", "ExitSdrRepositoryUpdateMode"),
    ),
    Verb(
        "sdr time",
        "[TIME|now]",
        "the repository's clock",
        sends=("GetSdrRepositoryTime", "SetSdrRepositoryTime"),
    ),
    Verb(
        "sdr init-agent",
        "[run]",
        "whether sensors are set up as their records say; set them up",
        sends=("RunInitializationAgent",),
    ),
    Verb(
        "event receiver",
        "[ADDRESS|off [LUN]]",
        "where the controller sends its events",
        sends=("GetEventReceiver", "SetEventReceiver"),
    ),
)
