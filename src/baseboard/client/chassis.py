"""``bmc.chassis``: power, the identify light, and what else there is about the chassis (§28)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from baseboard import codes
from baseboard.client.deadline import remaining, time_left
from baseboard.codes import Cc, RestartCause
from baseboard.commands.chassis.control import (
    ChassisControl,
    ChassisIdentify,
    GetChassisCapabilities,
    GetChassisCapabilitiesResponse,
    GetChassisStatus,
    GetChassisStatusResponse,
    GetPohCounter,
    GetSystemRestartCause,
    PolicySupport,
    PowerRestorePolicy,
    SetChassisCapabilities,
    SetFrontPanelButtonEnables,
    SetPowerCycleInterval,
    SetPowerRestorePolicy,
)
from baseboard.errors import CompletionError, NoEffect, NoResponse
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

Control = codes.ChassisControl

_POLLS: Final = (0.1, 0.2, 0.5, 1.0)
"""Seconds between questions for the status; the last again and again."""

_PATIENCE: Final = (0.5, 1.0, 2.0, 4.0)
"""Seconds before a power command is tried again that the controller is not ready for (Q-POWERBUSY)."""

_LONGEST_IDENTIFY: Final = 0xFF
_NEEDS_POWER: Final = frozenset(
    {Control.POWER_CYCLE, Control.HARD_RESET, Control.PULSE_DIAGNOSTIC_INTERRUPT, Control.SOFT_SHUTDOWN}
)
_ONCE: Final = frozenset({Control.POWER_CYCLE, Control.HARD_RESET, Control.PULSE_DIAGNOSTIC_INTERRUPT})
"""Actions that must not be done twice because an answer was lost."""


class Chassis:
    """The chassis of a managed system.

    The power commands return when the controller has accepted them. With ``wait`` they return when the system
    really is as it was asked to be, and raise `NoEffect` if it is not within that time.

    >>> await bmc.chassis.power_off(wait=60)           # doctest: +SKIP
    >>> (await bmc.chassis.status()).power_on          # doctest: +SKIP
    False
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def status(self) -> GetChassisStatusResponse:
        """Ask for the state of power and chassis."""
        return await self._bmc.execute(GetChassisStatus())

    async def is_on(self) -> bool:
        """Whether the system's power is on."""
        return (await self.status()).power_on

    # ---- power

    async def power_on(self, *, wait: float | None = None) -> None:
        """Switch the system on.

        Args:
            wait: seconds within which it has to be on; None: only until the command is accepted.
        """
        await self._control(Control.POWER_UP)
        await self._until(wait, on=True, action="power on")

    async def power_off(self, *, wait: float | None = None) -> None:
        """Take the system's power away, whatever it is doing.

        Args:
            wait: seconds within which it has to be off; None: only until the command is accepted.
        """
        await self._control(Control.POWER_DOWN)
        await self._until(wait, on=False, action="power off")

    async def soft_off(self, *, wait: float | None = None) -> None:
        """Ask the operating system to shut down.

        Args:
            wait: seconds within which it has to be off; None: only until the command is accepted.
        """
        await self._control(Control.SOFT_SHUTDOWN)
        hint = "no operating system heeds the request: power it off"  # Q-SOFTNOOS
        await self._until(wait, on=False, action="soft shutdown", hint=hint)

    async def power_cycle(self, *, wait: float | None = None) -> None:
        """Switch the system off and on again.

        Args:
            wait: seconds within which it has to have been off and be on; None: only until the command is
                accepted. Where the controller shows neither that it was off nor a new restart cause,
                all of that time goes by.
        """
        before = await self._cause() if wait is not None else None
        await self._control(Control.POWER_CYCLE)
        if wait is not None:
            await self._cycled(wait, before)

    async def reset(self, *, wait: float | None = None) -> None:
        """Reset the system without switching it off.

        Args:
            wait: seconds within which it has to be on; None: only until the command is accepted.
        """
        await self._control(Control.HARD_RESET)
        await self._until(wait, on=True, action="reset")

    async def diagnostic_interrupt(self, *, wait: float | None = None) -> None:
        """Pulse the diagnostic interrupt (NMI), on which an operating system may dump its memory.

        Args:
            wait: seconds within which the controller has to answer again; None: only until it is accepted.
        """
        await self._control(Control.PULSE_DIAGNOSTIC_INTERRUPT)
        await self._until(wait, on=True, action="diagnostic interrupt")

    async def _control(self, control: Control) -> None:
        """Send a power command; one that the controller is not ready for again, a few times (Q-POWERBUSY)."""
        pauses = list(_PATIENCE)
        while True:
            try:
                await self._bmc.execute(ChassisControl(control=control), retry=control not in _ONCE)
            except CompletionError as error:
                if await self._is_so(control):
                    return
                if error.code != Cc.NOT_SUPPORTED_IN_STATE or not pauses or not _time_for(pauses[0]):
                    raise
                # Q-POWERDIAG: many refuse these while the system is off, and will go on refusing.
                if control in _NEEDS_POWER and not await self.is_on():
                    raise CompletionError(error.code, f"{error.text}; the system is off") from None
                await waiting.sleep(pauses.pop(0))
            else:
                return

    async def _is_so(self, control: Control) -> bool:
        """Whether what was refused is the case already: some refuse to switch on what is on."""
        if control not in (Control.POWER_UP, Control.POWER_DOWN):
            return False
        try:
            return await self.is_on() == (control == Control.POWER_UP)
        except (CompletionError, NoResponse):
            return False

    async def _until(self, wait: float | None, *, on: bool, action: str, hint: str = "") -> None:
        """Poll until the power is as it should be; the status of many is late (Q-STATUSLATE)."""
        if wait is None:
            return

        async def done() -> bool:
            return await self.is_on() == on

        if not await self._poll(wait, done):
            error = NoEffect(
                f"{action} was accepted, but the system is {'off' if on else 'on'} after {wait:g} s"
            )
            error.hint = hint
            raise error

    async def _cycled(self, wait: float, before: RestartCause | None) -> None:
        was_off = is_on = False

        async def done() -> bool:
            nonlocal was_off, is_on
            is_on = await self.is_on()
            was_off = was_off or not is_on
            if not is_on:
                return False
            cause = None if was_off else await self._cause()
            return was_off or (cause == RestartCause.CHASSIS_CONTROL and before not in (None, cause))

        if not await self._poll(wait, done) and not is_on:
            raise NoEffect(f"power cycle was accepted, but the system is off after {wait:g} s")

    async def _poll(self, seconds: float, done: Callable[[], Awaitable[bool]]) -> bool:
        """Ask until it is done or the time is over; a controller that is busy or silent is asked again."""
        loop = waiting.running()
        end = loop.time() + seconds
        pauses = list(_POLLS)
        while True:
            try:
                if await done():
                    return True
            except (CompletionError, NoResponse):
                if not _time_for(0.0):
                    raise
            pause = pauses.pop(0) if len(pauses) > 1 else pauses[0]
            left = end - loop.time()
            if left <= 0:
                return False
            await waiting.sleep(remaining(min(pause, left)))

    # ---- what else there is

    async def identify(self, seconds: int = 15, *, forever: bool = False) -> None:
        """Let the chassis show which one it is.

        Args:
            seconds: how long, 0-255; 0 switches it off.
            forever: until it is switched off; where the controller cannot, as long as it can (Q-IDENT).
        """
        if not forever:
            await self._bmc.execute(ChassisIdentify(interval=seconds))
            return
        try:
            await self._bmc.execute(ChassisIdentify(interval=0, force_on=True))
        except CompletionError as error:
            if error.code not in (Cc.INVALID_LENGTH, Cc.INVALID_DATA, Cc.LENGTH_LIMIT_EXCEEDED):
                raise
            await self._bmc.execute(ChassisIdentify(interval=_LONGEST_IDENTIFY))

    async def restart_cause(self) -> RestartCause:
        """Ask why the system last started."""
        return (await self._bmc.execute(GetSystemRestartCause())).restart_cause

    async def _cause(self) -> RestartCause | None:
        try:
            return await self.restart_cause()
        except (CompletionError, NoResponse):
            return None

    async def power_on_time(self) -> timedelta:
        """Ask how long the system has been powered, over its life."""
        counted = await self._bmc.execute(GetPohCounter())
        return timedelta(minutes=counted.counter * counted.minutes_per_count)

    async def policy(self) -> PowerRestorePolicy:
        """Ask what the system does when the mains return."""
        return (await self.status()).power_restore_policy

    async def set_policy(self, policy: PowerRestorePolicy) -> None:
        """Say what the system does when the mains return.

        Raises:
            NoEffect: the controller accepted it, but shows another policy.
        """
        await self._bmc.execute(SetPowerRestorePolicy(policy=policy))
        now = await self.policy()
        if now not in (policy, PowerRestorePolicy.UNKNOWN):
            raise NoEffect(f"power restore policy was set to {policy.name} and is {now.name}")

    async def policies(self) -> PolicySupport | None:
        """Ask which policies there are; None if the controller does not say."""
        request = SetPowerRestorePolicy(policy=PowerRestorePolicy.NO_CHANGE)
        return (await self._bmc.execute(request)).support

    async def capabilities(self) -> GetChassisCapabilitiesResponse:
        """Ask what the chassis has, and where its devices are."""
        return await self._bmc.execute(GetChassisCapabilities())

    async def set_capabilities(self, **changes: Any) -> GetChassisCapabilitiesResponse:
        """Change what the chassis is said to have; what is left out stays.

        Args:
            changes: fields of `SetChassisCapabilities` by name.

        Returns: the capabilities as they are now.
        """
        now = await self.capabilities()
        kept = {field: getattr(now, field) for field in _CAPABILITIES}
        await self._bmc.execute(SetChassisCapabilities(**{**kept, **changes}))
        return await self.capabilities()

    async def disable_buttons(
        self,
        *,
        power: bool = False,
        reset: bool = False,
        diagnostic_interrupt: bool = False,
        standby: bool = False,
    ) -> None:
        """Disable buttons of the front panel, and enable all others."""
        await self._bmc.execute(
            SetFrontPanelButtonEnables(
                disable_power_off=power,
                disable_reset=reset,
                disable_diagnostic_interrupt=diagnostic_interrupt,
                disable_standby=standby,
            )
        )

    async def set_power_cycle_interval(self, seconds: int) -> None:
        """Say how long the power stays off during a power cycle, 0-255 seconds."""
        await self._bmc.execute(SetPowerCycleInterval(interval=seconds))


_CAPABILITIES: Final = (
    "provides_power_interlock",
    "provides_diagnostic_interrupt",
    "provides_front_panel_lockout",
    "provides_intrusion_sensor",
    "fru_device_address",
    "sdr_device_address",
    "sel_device_address",
    "system_management_device_address",
    "bridge_device_address",
)


def _time_for(pause: float) -> bool:
    left = time_left()
    return left is None or left > pause
