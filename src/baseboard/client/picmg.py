"""`bmc.picmg`: the controller of a board in a shelf (PICMG 3.0, AMC.0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.commands.groups.picmg import (
    FruControl,
    FruControlOption,
    GetAddressInfo,
    GetAddressInfoResponse,
    GetFruActivationPolicy,
    GetFruActivationPolicyResponse,
    GetFruLedProperties,
    GetFruLedState,
    GetFruLedStateResponse,
    GetLedColorCapabilities,
    GetPicmgProperties,
    GetPicmgPropertiesResponse,
    GetPowerLevel,
    LedColor,
    LedFunction,
    PowerType,
    SetFruActivation,
    SetFruActivationPolicy,
    SetFruLedState,
    SetPowerLevel,
)
from baseboard.commands.groups.picmg_links import (
    AmcLink,
    BusedAction,
    BusedResource,
    BusedResourceControl,
    GetAmcPortState,
    GetClockState,
    GetClockStateResponse,
    GetPortState,
    Link,
    LinkInterface,
    SetAmcPortState,
    SetClockState,
    SetPortState,
)

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

_GENERAL_LEDS: Final = 4
_TENTHS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLevels:
    """The level of power of a FRU.

    Attributes:
        level: the present one; 0 = off.
        watts: what each level draws, the first is level 1.
        dynamic: the levels can change.
        delay_s: until the power is stable.
    """

    level: int
    watts: tuple[float, ...]
    dynamic: bool
    delay_s: float


class Picmg:
    """A board in a shelf.

    ::

        if (await bmc.picmg.properties()).major == 2:
            await bmc.picmg.set_led(0, 1, LedFunction.ON, LedColor.RED)
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def properties(self) -> GetPicmgPropertiesResponse:
        """Which PICMG extension the controller speaks."""
        return await self._bmc.execute(GetPicmgProperties())

    async def address(self, fru: int = 0) -> GetAddressInfoResponse:
        """Where a FRU is."""
        return await self._bmc.execute(GetAddressInfo(fru_id=fru))

    async def control(self, fru: int, option: FruControlOption) -> None:
        """Reset, reboot or interrupt a FRU's payload."""
        await self._bmc.execute(FruControl(fru_id=fru, option=option))

    async def activate(self, fru: int) -> None:
        """Activate a FRU."""
        await self._bmc.execute(SetFruActivation(fru_id=fru, activate=1))

    async def deactivate(self, fru: int) -> None:
        """Deactivate a FRU."""
        await self._bmc.execute(SetFruActivation(fru_id=fru, activate=0))

    async def policy(self, fru: int) -> GetFruActivationPolicyResponse:
        """The locks of a FRU."""
        return await self._bmc.execute(GetFruActivationPolicy(fru_id=fru))

    async def set_policy(
        self, fru: int, *, activation_locked: bool | None = None, deactivation_locked: bool | None = None
    ) -> None:
        """Lock a FRU, or not; None leaves a lock as it is."""
        await self._bmc.execute(
            SetFruActivationPolicy(
                fru_id=fru,
                change_activation_locked=activation_locked is not None,
                change_deactivation_locked=deactivation_locked is not None,
                activation_locked=bool(activation_locked),
                deactivation_locked=bool(deactivation_locked),
            )
        )

    async def leds(self, fru: int) -> tuple[int, ...]:
        """The LED IDs of a FRU."""
        found = await self._bmc.execute(GetFruLedProperties(fru_id=fru))
        general = [led for led in range(_GENERAL_LEDS) if found.general >> led & 1]
        return (*general, *range(_GENERAL_LEDS, _GENERAL_LEDS + found.application))

    async def led_colors(self, fru: int, led: int) -> tuple[LedColor, ...]:
        """The colors of a LED, that of an override by default first."""
        found = await self._bmc.execute(GetLedColorCapabilities(fru_id=fru, led=led))
        able = {LedColor(number) for number in range(8) if found.colors >> number & 1}
        return (found.override_default, *sorted(able - {found.override_default}))

    async def led(self, fru: int, led: int) -> GetFruLedStateResponse:
        """What a LED does, and why."""
        return await self._bmc.execute(GetFruLedState(fru_id=fru, led=led))

    async def set_led(
        self,
        fru: int,
        led: int,
        function: LedFunction | int,
        color: LedColor = LedColor.DEFAULT,
        on_duration: int = 0,
    ) -> None:
        """Tell a LED what to do; ``LedFunction.LOCAL_CONTROL`` gives it back.

        Args:
            function: a number from 1 to 250 has it blink: the time that it is off, in units of 10 ms.
            on_duration: the time that it is on then; of a lamp test in units of 100 ms.
        """
        await self._bmc.execute(
            SetFruLedState(
                fru_id=fru, led=led, function=LedFunction(function), on_duration=on_duration, color=color
            )
        )

    async def power(self, fru: int, kind: PowerType = PowerType.STEADY) -> PowerLevels:
        """The level of power of a FRU, and what the levels draw."""
        found = await self._bmc.execute(GetPowerLevel(fru_id=fru, kind=kind))
        return PowerLevels(
            level=found.level,
            watts=tuple(draw * found.multiplier / _TENTHS for draw in found.draws),
            dynamic=found.dynamic,
            delay_s=found.delay / _TENTHS,
        )

    async def set_power(self, fru: int, level: int) -> None:
        """Give a FRU a level of power; 0 takes it away."""
        await self._bmc.execute(SetPowerLevel(fru_id=fru, level=level))

    # ---- links, clocks and bused resources

    async def links(self, interface: LinkInterface, channel: int) -> tuple[Link, ...]:
        """The links of a channel of the backplane."""
        return (await self._bmc.execute(GetPortState(interface=interface, channel=channel))).links

    async def set_link(self, link: Link) -> None:
        """Enable or disable a link, as its state says."""
        await self._bmc.execute(SetPortState(link=link))

    async def amc_links(self, channel: int, device: int | None = None) -> tuple[AmcLink, ...]:
        """The links of an AMC channel."""
        return (await self._bmc.execute(GetAmcPortState(channel=channel, device=device))).links

    async def set_amc_link(self, channel: int, link: AmcLink, device: int | None = None) -> None:
        """Enable or disable a link of an AMC channel, as its state says."""
        await self._bmc.execute(SetAmcPortState(channel=channel, link=link, device=device))

    async def clock(self, clock: int, resource: int | None = None) -> GetClockStateResponse:
        """How a clock is set up."""
        return await self._bmc.execute(GetClockState(clock=clock, resource=resource))

    async def set_clock(self, setting: SetClockState) -> None:
        """Set a clock up."""
        await self._bmc.execute(setting)

    async def bused(self, resource: BusedResource, action: BusedAction = BusedAction.QUERY) -> int:
        """Ask for, or dispose of, a resource that boards share; to a query 0 means in control."""
        return (await self._bmc.execute(BusedResourceControl(action=action, resource=resource))).status
