"""What loader and kernel print."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.memory import system
from baseboard.bmc.backends.memory.boot import Boot, Cause
from baseboard.bmc.blueprint import Blueprint, Identity
from baseboard.bmc.makeups import makeup
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice
from tests.bmc.backends.memory.bench import ESCAPES

BLUEPRINT = makeup(0, "lab-001", bytes(range(16)))


def booted(choice: BootChoice | None = None) -> Boot:
    boot = Boot(1, Cause.POWER_UP, 0.0, 1.75e9)
    boot.choose(choice or BootChoice())
    return boot


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize(
    "device", [BootDevice.NO_OVERRIDE, BootDevice.HARD_DRIVE_SAFE_MODE, BootDevice.CD_DVD]
)
@pytest.mark.parametrize("verbosity", [0, 1, 2])
def test_it_fits_a_terminal_and_never_goes_back_in_time(index: int, device: int, verbosity: int) -> None:
    blueprint = makeup(index, "lab-001", bytes(range(16)))
    boot = booted(BootChoice(device=device, verbosity=verbosity))
    scripts = (
        system.loader(blueprint, boot),
        system.kernel(blueprint, boot, 6.0),
        system.farewell(100.0, 3.0, "reboot: power down"),
    )
    for script in scripts:
        places = [at for at, _ in script]
        assert places == sorted(places)
        assert all(0.0 <= at <= 1.0 for at in places)
        text = ESCAPES.sub("", "".join(text for _, text in script))
        rows = [row.rpartition("\r")[2] for row in text.split("\n")]
        assert max(map(len, rows)) <= 110
        assert all(len(row) <= 80 for row in rows if not row.startswith("["))


def test_messages_are_stamped_with_the_time_at_which_they_come() -> None:
    script = system.kernel_messages(BLUEPRINT, booted(), 10.0)
    for at, text in script:
        assert text.startswith(system.stamp(at * 10.0))


def test_a_quiet_kernel_says_nothing_but_its_log_has_it_all() -> None:
    quiet = booted(BootChoice(verbosity=1))
    assert [text for _, text in system.kernel(BLUEPRINT, quiet, 6.0)] == [system.issue(BLUEPRINT, quiet)]
    assert len(system.kernel_messages(BLUEPRINT, quiet, 6.0)) > 15


def test_the_log_tells_the_boots_facts() -> None:
    log = "".join(text for _, text in system.kernel_messages(BLUEPRINT, booted(), 6.0))
    assert "smp: brought up 48 CPUs, sockets: 2" in log
    assert "rtc: system clock set to 2025-06-15T15:06:40 UTC" in log
    assert "efi: runtime services" in log
    legacy = booted(BootChoice(device=BootDevice.HARD_DRIVE))
    assert "bios: legacy boot" in "".join(text for _, text in system.kernel_messages(BLUEPRINT, legacy, 6.0))


@pytest.mark.parametrize(
    ("name", "host"),
    [("lab-001", "lab-001"), ("Node 7 (left)", "node-7--left"), ("***", "localhost"), ("a.b", "a.b")],
)
def test_host_names(name: str, host: str) -> None:
    assert system.host_name(Blueprint(Identity(name, bytes(16)))) == host


def test_the_loader_is_not_shown_where_redirection_is_suppressed() -> None:
    assert system.loader(BLUEPRINT, booted(BootChoice(console_redirection=1))) == ()


def test_reports_name_what_happened() -> None:
    assert "1 of 48 CPUs" in "".join(system.interrupt_report(48))
    assert "not syncing: oops" in system.panic_report("oops")[0]
