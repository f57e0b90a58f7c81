"""The controller itself: who it is, how it is, its resets (§20)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.clock import Timer
from baseboard.bmc.services.home import Home
from baseboard.commands.app.device import AcpiDeviceState, AcpiSystemState, GetDeviceIdResponse
from baseboard.records.hpm import HpmVersion

COLD_RESET_S = 1.0
"""How long the controller initializes itself after a cold reset, seconds."""

_RESPONSE_S = 0.05


class Device:
    """What there is to know of the controller.

    Attributes:
        system_state: ACPI state that software told last.
        device_state: the same of the controller.
        manufacturing: the manufacturing test mode is on.
        initializing: self-initialization after a cold reset is under way.
        told: the last answer to Get Device ID, behind what it was made of.
        on_reset: called on a reset, with True for a cold one, after its answer went out.
    """

    __slots__ = (
        "_home", "_initialization", "_reset_timer", "device_state", "initializing", "manufacturing",
        "on_reset", "system_state", "told",
    )  # fmt: skip

    def __init__(self, home: Home) -> None:
        self._home = home
        self._reset_timer: Timer | None = None
        self._initialization: Timer | None = None
        self.system_state = AcpiSystemState.UNKNOWN
        self.device_state = AcpiDeviceState.UNKNOWN
        self.manufacturing = False
        self.initializing = False
        self.told: tuple[Blueprint, bool, HpmVersion | None, GetDeviceIdResponse] | None = None
        self.on_reset: list[Callable[[bool], None]] = []

    def guid(self) -> bytes:
        """The system's GUID as it goes on the wire."""
        return self._encoded(self._home.blueprint.identity.guid)

    def device_guid(self) -> bytes:
        """The controller's own GUID as it goes on the wire."""
        identity = self._home.blueprint.identity
        return self._encoded(identity.device_guid or identity.guid)

    def reset(self, *, cold: bool) -> None:
        """Reset the controller once the answer to the command is out."""
        if self._reset_timer is not None:
            self._reset_timer.cancel()
        self._reset_timer = self._after(_RESPONSE_S, lambda: self._reset(cold))

    def stop(self) -> None:
        """Call off what was scheduled."""
        for timer in (self._reset_timer, self._initialization):
            if timer is not None:
                timer.cancel()

    def _reset(self, cold: bool) -> None:
        if cold:
            self.manufacturing = False
            self.system_state, self.device_state = AcpiSystemState.UNKNOWN, AcpiDeviceState.UNKNOWN
            self.initializing = True
            if self._initialization is not None:
                self._initialization.cancel()
            self._initialization = self._after(COLD_RESET_S, self._initialized)
        for listener in self.on_reset:
            listener(cold)

    def _initialized(self) -> None:
        self.initializing = False

    def _after(self, seconds: float, action: Callable[[], None]) -> Timer:
        return self._home.clock.call_at(self._home.clock.now() + seconds, action)

    def _encoded(self, guid: bytes) -> bytes:
        """RFC 4122 order to that of the wire: reversed, SMBIOS's mixture, or unchanged (Table 20-10)."""
        encoding = self._home.blueprint.identity.guid_encoding
        if encoding == "ipmi":
            return guid[::-1]
        if encoding == "smbios":
            return guid[3::-1] + guid[5:3:-1] + guid[7:5:-1] + guid[8:]
        return guid
