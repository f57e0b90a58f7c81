"""The firmware's screens: they fit a terminal and say what they should."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.bmc.backends.memory import firmware
from baseboard.bmc.backends.memory.boot import Boot, Cause
from baseboard.bmc.backends.memory.line import Script
from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.makeups import makeup
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice
from tests.bmc.backends.memory.bench import ESCAPES

CHOICES = [
    BootChoice(device=device, efi=efi, verbosity=verbosity, clear_cmos=True, bypass_password=True)
    for device in (*BootDevice, 0xA)
    for efi in (False, True)
    for verbosity in (0, 1, 2)
]


def booted(choice: BootChoice) -> Boot:
    boot = Boot(1, Cause.POWER_UP, 0.0, 1.75e9)
    boot.choose(choice)
    return boot


def screen(text: str) -> list[str]:
    """The rows of a screen; a carriage return begins a row anew."""
    rows = ESCAPES.sub("", text.rpartition(firmware.CLEAR)[2]).split("\n")
    return [row.rpartition("\r")[2] for row in rows]


@pytest.mark.parametrize("render", [firmware.post, firmware.network, firmware.diagnostics])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_screens_fit_a_terminal_and_never_go_back_in_time(
    render: Callable[[Blueprint, Boot], Script], index: int
) -> None:
    blueprint = makeup(index, "a-server-with-a-long-name", bytes(range(16)))
    for choice in CHOICES:
        script = render(blueprint, booted(choice))
        places = [at for at, _ in script]
        assert places == sorted(places)
        assert all(0.0 <= at <= 1.0 for at in places)
        rows = screen("".join(text for _, text in script))
        assert len(rows) <= 24
        assert max(map(len, rows)) <= firmware.WIDTH


@pytest.mark.parametrize("page", range(len(firmware.SETUP_PAGES)))
def test_setup_fits_a_terminal(page: int) -> None:
    blueprint = makeup(0, "lab-001", bytes(range(16)))
    for choice in CHOICES:
        rows = screen(firmware.setup(blueprint, booted(choice), page))
        assert 20 <= len(rows) <= 24
        assert max(map(len, rows)) <= firmware.WIDTH
        assert firmware.SETUP_PAGES[page][0] in rows[1]


def test_setup_shows_what_the_bmc_asked_for() -> None:
    blueprint = makeup(0, "lab-001", bytes(range(16)))
    text = firmware.setup(blueprint, booted(BootChoice(device=BootDevice.PXE)), 1)
    assert "Next boot, by the BMC .. network (PXE)" in text
    assert "Boot mode .............. legacy" in text


def test_every_device_has_its_words() -> None:
    names = {firmware.device_name(device) for device in BootDevice}
    assert len(names) == len(BootDevice)
    assert firmware.device_name(0xA) == "device 10, unknown here"


def test_the_inventory_is_the_blueprints() -> None:
    lines = "".join(firmware.inventory(makeup(0, "lab-001", bytes(range(16)))))
    assert lines.count("Processor ") == 2
    assert "2 sockets" not in lines
    assert "02:0b:0c:0d:0e:0f" in lines
    assert f"firmware 2.10, {len(makeup(0, 'x', bytes(16)).sensors)} sensors" in lines


def test_a_suppressed_screen_is_empty() -> None:
    blueprint = makeup(0, "lab-001", bytes(range(16)))
    assert firmware.post(blueprint, booted(BootChoice(console_redirection=1))) == ()
