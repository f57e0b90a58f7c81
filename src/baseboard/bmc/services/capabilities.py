"""Chassis capabilities: what the chassis has, and which controllers are its devices (§28.1, §28.7)."""

from __future__ import annotations

from baseboard.bmc.services.home import Home
from baseboard.codes import SensorType
from baseboard.commands.chassis.control import GetChassisCapabilitiesResponse

_SECTION = "chassis capabilities"
_INTERLOCK_OFFSET = 3
"""Offset of sensor type 09h: interlock power down (Table 42-3)."""


class Capabilities:
    """What software told about the chassis, else what it is made of."""

    __slots__ = ("_home", "_told")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._told = home.journal.saved(_SECTION).get(0)

    def get(self) -> GetChassisCapabilitiesResponse:
        """What holds now."""
        if self._told is not None:
            return GetChassisCapabilitiesResponse.decode(self._told)
        sensors = self._home.blueprint.sensors
        address = self._home.address
        has_power = self._home.backend.power is not None
        return GetChassisCapabilitiesResponse(
            provides_power_interlock=any(
                one.sensor_type == SensorType.POWER_UNIT and one.states >> _INTERLOCK_OFFSET & 1
                for one in sensors
            ),
            provides_diagnostic_interrupt=has_power,
            provides_front_panel_lockout=has_power,
            provides_intrusion_sensor=any(
                one.sensor_type == SensorType.PHYSICAL_SECURITY and one.states & 1 for one in sensors
            ),
            fru_device_address=address,
            sdr_device_address=address,
            sel_device_address=address,
            system_management_device_address=address,
            bridge_device_address=address,
        )

    def set(self, capabilities: GetChassisCapabilitiesResponse) -> None:
        """Tell what holds from now on."""
        data = capabilities.encode()
        if data != self._told:
            self._told = data
            self._home.journal.put(_SECTION, 0, data)
