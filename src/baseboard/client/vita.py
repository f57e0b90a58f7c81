"""`bmc.vita`: the controller of a module in a VPX chassis (VITA 46.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.commands.groups.picmg import FruControlOption, LedColor, LedFunction
from baseboard.commands.groups.vita import (
    GetFruAddressInfo,
    GetFruAddressInfoResponse,
    GetFruStatePolicyBits,
    GetVsoCapabilities,
    GetVsoCapabilitiesResponse,
    SetFruStatePolicyBits,
    VitaFruControl,
    VitaGetFruLedProperties,
    VitaGetFruLedState,
    VitaGetFruLedStateResponse,
    VitaGetLedColorCapabilities,
    VitaSetFruActivation,
    VitaSetFruLedState,
)

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc


class Vita:
    """A module in a VPX chassis.

    ::

        if (await bmc.vita.capabilities()).tier:
            await bmc.vita.deactivate(1)
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def capabilities(self) -> GetVsoCapabilitiesResponse:
        """What the controller is."""
        return await self._bmc.execute(GetVsoCapabilities())

    async def address(self, fru: int = 0) -> GetFruAddressInfoResponse:
        """Where a FRU is."""
        return await self._bmc.execute(GetFruAddressInfo(fru_id=fru))

    async def control(self, fru: int, option: FruControlOption) -> None:
        """Reset, reboot or interrupt a FRU's payload."""
        await self._bmc.execute(VitaFruControl(fru_id=fru, option=option))

    async def activate(self, fru: int) -> None:
        """Activate a FRU."""
        await self._bmc.execute(VitaSetFruActivation(fru_id=fru, activate=1))

    async def deactivate(self, fru: int) -> None:
        """Deactivate a FRU."""
        await self._bmc.execute(VitaSetFruActivation(fru_id=fru, activate=0))

    async def policy(self, fru: int) -> int:
        """The state policy bits of a FRU."""
        return (await self._bmc.execute(GetFruStatePolicyBits(fru_id=fru))).bits

    async def set_policy(self, fru: int, mask: int, bits: int) -> None:
        """Change those bits that the mask has."""
        await self._bmc.execute(SetFruStatePolicyBits(fru_id=fru, mask=mask, bits=bits))

    async def leds(self, fru: int) -> int:
        """How many LEDs a FRU has."""
        return (await self._bmc.execute(VitaGetFruLedProperties(fru_id=fru))).count

    async def led_colors(self, fru: int, led: int) -> tuple[LedColor, ...]:
        """The colors of a LED, that of an override by default first."""
        found = await self._bmc.execute(VitaGetLedColorCapabilities(fru_id=fru, led=led))
        able = {LedColor(number) for number in range(8) if found.colors >> number & 1}
        return (found.override_default, *sorted(able - {found.override_default}))

    async def led(self, fru: int, led: int) -> VitaGetFruLedStateResponse:
        """What a LED does, and why."""
        return await self._bmc.execute(VitaGetFruLedState(fru_id=fru, led=led))

    async def set_led(
        self,
        fru: int,
        led: int,
        function: LedFunction | int,
        color: LedColor = LedColor.DEFAULT,
        on_duration: int = 0,
    ) -> None:
        """Tell a LED what to do; ``LedFunction.LOCAL_CONTROL`` gives it back."""
        await self._bmc.execute(
            VitaSetFruLedState(
                fru_id=fru, led=led, function=LedFunction(function), on_duration=on_duration, color=color
            )
        )
