"""``bmc.controller``: the controller itself, its health, what it was told of the system (§20, §22.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from baseboard.client.together import unless
from baseboard.codes import Cc
from baseboard.commands.app.device import (
    AcpiDeviceState,
    AcpiSystemState,
    GetAcpiPowerState,
    GetAcpiPowerStateResponse,
    GetDeviceGuid,
    GetSelfTestResults,
    GetSelfTestResultsResponse,
    GetSystemGuid,
    ManufacturingTestOn,
    SetAcpiPowerState,
)
from baseboard.commands.app.messaging import (
    GetBtInterfaceCapabilities,
    GetBtInterfaceCapabilitiesResponse,
    GetSystemInterfaceCapabilities,
    GetSystemInterfaceCapabilitiesResponse,
    InterfaceType,
)

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

_ABSENT: Final = (Cc.INVALID_COMMAND, Cc.INVALID_DATA, Cc.NOT_PRESENT, Cc.PARAMETER_OUT_OF_RANGE)


class Controller:
    """A management controller as a thing of its own.

    >>> (await bmc.controller.self_test()).result   # doctest: +SKIP
    <SelfTestResult.PASSED: 0x55>
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def self_test(self) -> GetSelfTestResultsResponse:
        """Ask how the last self test ended; none is started."""
        return await self._bmc.execute(GetSelfTestResults())

    async def device_guid(self) -> UUID:
        """Ask for the GUID of the controller, in the specification's byte order."""
        return UUID(bytes=(await self._bmc.execute(GetDeviceGuid())).guid[::-1])

    async def system_guid(self) -> UUID:
        """Ask for the GUID of the system, in the specification's byte order."""
        return UUID(bytes=(await self._bmc.execute(GetSystemGuid())).guid[::-1])

    async def acpi_state(self) -> GetAcpiPowerStateResponse:
        """Ask for the ACPI states that software told."""
        return await self._bmc.execute(GetAcpiPowerState())

    async def tell_acpi_state(
        self, system: AcpiSystemState | None = None, device: AcpiDeviceState | None = None
    ) -> None:
        """Tell ACPI states; no power is changed by that. What is left out stays."""
        await self._bmc.execute(
            SetAcpiPowerState(
                set_system_state=system is not None,
                system_state=AcpiSystemState.NO_CHANGE if system is None else system,
                set_device_state=device is not None,
                device_state=AcpiDeviceState.NO_CHANGE if device is None else device,
            )
        )

    async def manufacturing_test(self, data: bytes = b"") -> None:
        """Switch the manufacturing test mode on; a cold reset ends it.

        Args:
            data: the maker's own parameters.
        """
        await self._bmc.execute(ManufacturingTestOn(data=data))

    async def system_interface(self, kind: InterfaceType) -> GetSystemInterfaceCapabilitiesResponse | None:
        """Ask how messages cross a KCS, SMIC or SSIF; None if the host has no such interface."""
        return await unless(self._bmc.execute(GetSystemInterfaceCapabilities(interface_type=kind)), *_ABSENT)

    async def bt_interface(self) -> GetBtInterfaceCapabilitiesResponse | None:
        """Ask how messages cross a BT; None if the host has none."""
        return await unless(self._bmc.execute(GetBtInterfaceCapabilities()), *_ABSENT)
