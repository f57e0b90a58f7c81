"""Who made the controller, as far as words for sensors and events depend on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.event_texts import ANY, SENSOR_SPECIFIC, Row, rows
from baseboard.cli.ipmitool.sdr_names import SENSOR_TYPES
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

HP: Final = 11
DELL: Final = 674
QUANTA: Final = 7244
VIKING: Final = 9237
KONTRON: Final = 15000
SUPERMICRO: Final = frozenset({10876, 47488})

FIRST_OEM_TYPE: Final = 0xC0
"""Sensor types from here on are the makers' own (Table 42-3)."""

_GROUP: Final = 0x2C
_PICMG_GROUP, _VITA_GROUP = 0x00, 0x03
_PICMG_VERSIONS: Final = frozenset({2, 4, 5})

_KONTRON_TYPES: Final[Mapping[int, str]] = {
    0xC0: "Firmware Info",
    0xC2: "Init Agent",
    0xC3: "IPMBL Link State",
    0xC4: "Board Reset",
    0xC5: "FRU Information Agent",
    0xC6: "POST Value Sensor",
    0xC7: "FWUM Status",
    0xC8: "Switch Mngt Software Status",
    0xC9: "OEM Diagnostic Status",
    0xCA: "Component Firmware Upgrade",
    0xCB: "FRU Over Current",
    0xCC: "FRU Sensor Error",
    0xCD: "FRU Power Denied",
    0xCE: "Reserved",
    0xCF: "Board Reset",
    0xD0: "Clock Resource Control",
    0xD1: "Power State",
    0xD2: "FRU Mngt Power Failure",
    0xD3: "Jumper Status",
    0xF2: "RTM Module Hotswap",
}
_PICMG_TYPES: Final[Mapping[int, str]] = {
    0xF0: "FRU Hot Swap",
    0xF1: "IPMB Physical Link",
    0xF2: "Module Hot Swap",
    0xF3: "Power Channel Notification",
    0xF4: "Telco Alarm Input",
}
_VITA_TYPES: Final[Mapping[int, str]] = {
    0xF0: "FRU State",
    0xF1: "System IPMB Link",
    0xF2: "FRU Health",
    0xF3: "FRU Temperature",
    0xF4: "Payload Test Results",
    0xF5: "Payload Test Status",
}
_OEM_TYPES: Final[Mapping[int, Mapping[int, str]]] = {
    KONTRON: _KONTRON_TYPES,
    12634: _PICMG_TYPES,
    33196: _VITA_TYPES,
}

_ON_AND_OFF: Final = ((0, "Asserted"), (1, "Deasserted"))
_KONTRON_EVENTS: Final[Mapping[int, tuple[tuple[int, str], ...]]] = {
    0xC1: tuple(
        enumerate(
            (
                "Push Button",
                "Bridge Reset",
                "Backplane",
                "Hotswap Fault",
                "Hotswap Healty",
                "Unknown",
                "ITP",
                "Hardware Watchdog",
                "Software Reset",
            )
        )
    ),
    0xC3: ((2, "IPMB L Disabled"), (3, "IPMB L Enabled")),
    0xC4: tuple(
        enumerate(
            (
                "Push Button",
                "Hardware Power Failure",
                "Unknown",
                "Hardware Watchdog",
                "Soft Reset",
                "Warm Reset",
                "Cold Reset",
                "IPMI Command",
                "Setup Reset (Save CMOS)",
                "Power Up Reset",
            )
        )
    ),
    0xC6: ((14, "Post Error (see data2)"),),
    0xC7: (
        (0, "First Boot After Upgrade"),
        (1, "First Boot After Rollback(error)"),
        (2, "First Boot After Errors (watchdog)"),
        (3, "First Boot After Manual Rollback"),
        (8, "Firmware Watchdog Bite, reset occurred"),
    ),
    0xC8: tuple(enumerate(("Not Loaded", "Initializing", "Ready", "Failure (see data2)"))),
    0xC9: tuple(enumerate(("Started", "Pass", "Fail"))),
    0xCA: tuple(enumerate(("In progress", "Success", "Failure"))),
    0xCB: _ON_AND_OFF,
    0xCC: _ON_AND_OFF,
    0xCD: _ON_AND_OFF,
    0xCF: _ON_AND_OFF,
}
_VITA_EVENTS: Final[Mapping[int, tuple[tuple[int, str], ...]]] = {
    0xF0: tuple((offset, f"Transition to M{offset}") for offset in (0, 1, 4, 5, 6, 7)),
    0xF3: tuple(
        enumerate(
            f"At or {side} {threshold}"
            for side, thresholds in (
                ("below", ("Lower Non-critical", "Lower Critical", "Lower Non-recoverable")),
                ("above", ("Upper Non-critical", "Upper Critical", "Upper Non-recoverable")),
            )
            for threshold in thresholds
        )
    ),
}


class Maker:
    """What is known of a controller's maker; all of it is asked for only where a word depends on it.

    Attributes:
        number: IANA enterprise number; 0 where it is not known.
        picmg: whether it is a PICMG controller; only known after `ready`.
        vita: whether it is a VITA 46.11 controller; likewise.
    """

    def __init__(self, number: int = 0) -> None:
        self.number, self.picmg, self.vita = number, False, False
        self._probed = False

    async def ready(self, bmc: Bmc | None, sensor_type: int) -> None:
        """Ask the controller what the name of a sensor type depends on, once and if need be."""
        if bmc is None or self._probed or sensor_type < FIRST_OEM_TYPE:
            return
        self._probed = True
        picmg = await _properties(bmc, _PICMG_GROUP)
        if len(picmg) >= 4 and picmg[0] == _PICMG_GROUP and picmg[1] & 0x0F in _PICMG_VERSIONS:
            self.picmg = True
            return
        vita = await _properties(bmc, _VITA_GROUP)
        self.vita = len(vita) >= 5 and vita[0] == _VITA_GROUP and not vita[3] & 3 and vita[4] & 0x0F == 1

    def sensor_type(self, code: int) -> str:
        """Name a sensor type."""
        if code < FIRST_OEM_TYPE:
            return SENSOR_TYPES[code] if code < len(SENSOR_TYPES) else "Unknown"
        groups = _PICMG_TYPES if self.picmg else _VITA_TYPES if self.vita else {}
        return _OEM_TYPES.get(self.number, {}).get(code) or groups.get(code, "Unknown")

    def rows(self, sensor_type: int, event_type: int) -> tuple[Row, ...]:
        """Give the words for the states of one kind of sensor, in the order in which they are tried."""
        if event_type == SENSOR_SPECIFIC:
            own: Mapping[int, tuple[tuple[int, str], ...]] = {}
            if self.number == KONTRON and FIRST_OEM_TYPE <= sensor_type < 0xF0:
                return _rows(_KONTRON_EVENTS.get(sensor_type, ()))
            if self.vita:
                own = _VITA_EVENTS
            if sensor_type in own:
                return _rows(own[sensor_type])
        return rows(sensor_type, event_type)


async def maker_of(bmc: Bmc) -> Maker:
    """Ask a controller who made it."""
    try:
        answer = await bmc.exchange(0x06, 0x01)
    except NoResponse:
        return Maker()
    return Maker(manufacturer(answer[1:]) if not answer[0] else 0)


def manufacturer(device_id: bytes) -> int:
    """Take the enterprise number from the data of a Get Device ID response (§20.1)."""
    return int.from_bytes(device_id[6:9], "little")


async def _properties(bmc: Bmc, group: int) -> bytes:
    """Get PICMG Properties and Get VSO Capabilities have the same number; nothing where they are refused."""
    try:
        answer = await bmc.exchange(_GROUP, 0x00, bytes((group,)))
    except NoResponse:
        return b""
    return b"" if answer[0] else answer[1:]


def _rows(pairs: tuple[tuple[int, str], ...]) -> tuple[Row, ...]:
    return tuple(Row(offset, ANY, text) for offset, text in pairs)
