"""The phases of the simulated host's life, as a table."""

from __future__ import annotations

import enum


class Phase(enum.Enum):
    """What the host is doing."""

    OFF = "off"
    RESET = "reset"
    POST = "power-on self test"
    SETUP = "firmware setup"
    NETWORK = "network boot"
    DIAGNOSTICS = "diagnostics"
    TESTED = "diagnostics done"
    LOADER = "boot loader"
    KERNEL = "operating system starts"
    RUNNING = "operating system runs"
    STOPPING = "shutting down"
    REBOOTING = "restarting"
    CRASHED = "crashed"


class Event(enum.Enum):
    """What happens to the host."""

    POWER_ON = "power comes"
    POWER_OFF = "power goes"
    RESET = "reset line"
    DONE = "phase is over"
    TO_LOADER = "firmware boots a medium"
    TO_SETUP = "firmware setup is wanted"
    TO_NETWORK = "network boot is wanted"
    TO_DIAGNOSTICS = "diagnostic partition is wanted"
    SOFT_OFF = "shutdown is asked for"
    REBOOT = "restart is asked for"
    CRASH = "kernel stops"


FIRMWARE = frozenset({
    Phase.RESET, Phase.POST, Phase.SETUP, Phase.NETWORK, Phase.DIAGNOSTICS, Phase.TESTED, Phase.LOADER,
})  # fmt: skip
"""Phases in which no operating system is there."""

POSTING = FIRMWARE - {Phase.DIAGNOSTICS, Phase.TESTED}
"""Phases in which the firmware makes progress."""

# where the host is, what happens -> where it goes; a pair without a row changes nothing
TABLE: dict[tuple[Phase, Event], Phase] = {
    (Phase.OFF, Event.POWER_ON): Phase.RESET,
    (Phase.RESET, Event.DONE): Phase.POST,
    (Phase.POST, Event.TO_LOADER): Phase.LOADER,
    (Phase.POST, Event.TO_SETUP): Phase.SETUP,
    (Phase.POST, Event.TO_NETWORK): Phase.NETWORK,
    (Phase.POST, Event.TO_DIAGNOSTICS): Phase.DIAGNOSTICS,
    (Phase.SETUP, Event.DONE): Phase.LOADER,
    (Phase.NETWORK, Event.DONE): Phase.LOADER,
    (Phase.DIAGNOSTICS, Event.DONE): Phase.TESTED,
    (Phase.TESTED, Event.REBOOT): Phase.RESET,
    (Phase.LOADER, Event.DONE): Phase.KERNEL,
    (Phase.LOADER, Event.TO_SETUP): Phase.SETUP,
    (Phase.KERNEL, Event.DONE): Phase.RUNNING,
    (Phase.RUNNING, Event.SOFT_OFF): Phase.STOPPING,
    (Phase.RUNNING, Event.REBOOT): Phase.REBOOTING,
    (Phase.STOPPING, Event.DONE): Phase.OFF,
    (Phase.REBOOTING, Event.DONE): Phase.RESET,
    # a firmware that is asked to shut down has nothing to save
    **{(phase, Event.SOFT_OFF): Phase.OFF for phase in FIRMWARE},
    **{(phase, Event.CRASH): Phase.CRASHED for phase in (Phase.KERNEL, Phase.RUNNING)},
    **{(phase, Event.POWER_OFF): Phase.OFF for phase in Phase if phase is not Phase.OFF},
    **{(phase, Event.RESET): Phase.RESET for phase in Phase if phase is not Phase.OFF},
}

# the share of the boot time that a phase takes; a phase that is not here goes on until something happens
SHARES = {
    Phase.RESET: 0.05,
    Phase.POST: 0.30,
    Phase.NETWORK: 0.40,
    Phase.DIAGNOSTICS: 0.60,
    Phase.LOADER: 0.15,
    Phase.KERNEL: 0.50,
    Phase.STOPPING: 0.25,
    Phase.REBOOTING: 0.25,
}

# how busy the host is, 1 = ordinary; with no firmware in charge of them yet, the fans run fast
LOADS = {Phase.RESET: 1.4, Phase.POST: 1.5, Phase.DIAGNOSTICS: 1.6, Phase.KERNEL: 1.2, Phase.CRASHED: 0.8}
