"""``--wait``: a power verb that ends when the chassis really is as it was told to be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE
from baseboard.cli.long_options import UsageError, number

if TYPE_CHECKING:
    from baseboard.cli.native_call import NativeCall
    from baseboard.client.chassis import Chassis

PATIENCE: Final = 300.0
"""Seconds, unless --timeout says otherwise: an operating system takes its time to shut down."""

_PART: Final = 0.9

_ACTIONS: Final[dict[str, tuple[str, Callable[[Chassis, float], Awaitable[None]]]]] = {
    "on": ("Up/On", lambda chassis, wait: chassis.power_on(wait=wait)),
    "off": ("Down/Off", lambda chassis, wait: chassis.power_off(wait=wait)),
    "cycle": ("Cycle", lambda chassis, wait: chassis.power_cycle(wait=wait)),
    "reset": ("Reset", lambda chassis, wait: chassis.reset(wait=wait)),
    "diag": ("Diag", lambda chassis, wait: chassis.diagnostic_interrupt(wait=wait)),
    "soft": ("Soft", lambda chassis, wait: chassis.soft_off(wait=wait)),
}
_ALIASES: Final = {"up": "on", "down": "off", "acpi": "soft"}


def action(words: list[str]) -> str:
    """The power action of a line.

    Raises:
        UsageError: it is none, so there is nothing to wait for.
    """
    power = words[1:] if words[:1] == ["power"] else words[2:] if words[:2] == ["chassis", "power"] else []
    named = _ALIASES.get(power[0], power[0]) if power else ""
    if named not in _ACTIONS:
        raise UsageError("--wait belongs to `chassis power on|off|cycle|reset|diag|soft`")
    return named


async def run(call: NativeCall, words: list[str]) -> int:
    """Do the power verb, and wait for what it is to bring about.

    Raises:
        NoEffect: it was accepted, and nothing came of it in time.
        CompletionError: it was refused.
    """
    from baseboard.cli.results.power import PowerControl

    name, act = _ACTIONS[action(words)]
    bmc = await call.bmc()
    # A little less than the whole: that nothing came of it says more than that the time is over.
    await act(bmc.chassis, number(call.given, "timeout", PATIENCE) * _PART)
    on = await bmc.chassis.is_on()
    call.out(f"Chassis Power Control: {name}")
    call.out(f"Chassis Power is {'on' if on else 'off'}")
    call.result(PowerControl(control=name))
    return DONE
