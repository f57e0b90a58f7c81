"""Who has the power over a machine: consoles by way of the BMC, its own software, its own firmware."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from tests import peers
from tests.vm import guest
from tests.vm.guest import Hook, Outcome
from tests.vm.hardware import Hardware
from tests.vm.scripts import drivers
from tests.vm.served import Served, served
from tests.vm.vm_tap import tapped

pytestmark = pytest.mark.timeout(600)

# Somebody who reads the power button, as an operating system does.
_READER = """
modprobe button; modprobe evdev; awaited 10 test -e /dev/input/event0
for event in /dev/input/event*; do (head -c 1 $event >/dev/null; poweroff -f) & done
usleep 500000
"""
RESET = f"""
{drivers("kcs")}
case $BOOT in
1)  section diagnostics
    host diagnostics; usleep 500000; dmesg | grep -i nmi
    host reset ;;
2)  section again
    ask ipmitool chassis restart_cause
    {_READER}
    host soft ;;
esac
sleep 100
"""
CYCLE = f"""
{drivers("kcs")}
host cycle
sleep 100
"""
AFTER = f"""
{drivers("kcs")}
section again
ask ipmitool chassis restart_cause
host off
sleep 100
"""


def asks(bmc: Served, *words: str) -> Hook:
    """Have a console ask for something; the guest hears whether the BMC would."""
    return lambda: bmc.lan.ipmitool("chassis", "power", *words, suite=3).code


def status(bmc: Served) -> str:
    return bmc.ipmitool("chassis", "power", "status").out.strip()


def named(outcome: Outcome, name: str) -> list[int]:
    """In which of the boots an event happened."""
    return [event.boot for event in outcome.events if event.name == name]


@pytest.fixture(autouse=True)
def ipmitool() -> None:
    peers.require("ipmitool")


def test_consoles_interrupt_reset_and_shut_down_the_machine() -> None:
    with served("kcs") as bmc:
        assert status(bmc) == "Chassis Power is off"
        hooks = {
            "diagnostics": asks(bmc, "diag"),
            "reset": asks(bmc, "reset"),
            "soft": asks(bmc, "soft"),
        }
        outcome = guest.run(RESET, hardware=bmc.hardware(), hooks=hooks, reboots=1).ended("poweroff")
        assert status(bmc) == "Chassis Power is off"
        log = bmc.ipmitool("sel", "elist").out
    assert outcome.boots == 2
    assert "NMI received for unknown reason" in outcome.sections["diagnostics"]
    assert "System restart cause: chassis power control command\n" in outcome.sections["again"]
    assert named(outcome, "POWERDOWN") == [2]
    assert re.search(
        r"\| System ACPI Power State ACPI State \| S5/G2: soft-off \| Asserted$", log, re.MULTILINE
    )


def test_a_power_cycle_ends_the_machine_and_the_next_one_starts_by_it() -> None:
    """The VM protocol knows no power-on: whoever starts machines starts it again."""
    with served("kcs") as bmc:
        cycled = guest.run(CYCLE, hardware=bmc.hardware(), hooks={"cycle": asks(bmc, "cycle")})
        cycled.ended("poweroff")
        after = guest.run(AFTER, hardware=bmc.hardware(), hooks={"off": asks(bmc, "off")})
        after.ended("poweroff")
        assert status(bmc) == "Chassis Power is off"
    assert "System restart cause: chassis power control command\n" in after.sections["again"]


@pytest.mark.parametrize(("option", "order"), [("", "00/02 [00]"), ("poweroff_powercycle=1", "00/02 [02]")])
def test_software_has_the_bmc_switch_the_machine_off(option: str, order: str) -> None:
    """Without ACPI it is ``ipmi_poweroff`` that does it."""
    script = f"{drivers('kcs')}\nmodprobe ipmi_poweroff {option}\npoweroff -f\nsleep 100\n"
    with served("kcs") as bmc, tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "tap")
        with tapped(place, bmc.socket) as tap:
            machine = Hardware("kcs", str(place), append="acpi=off", root=False)
            guest.run(script, hardware=machine).ended("poweroff")
        assert status(bmc) == "Chassis Power is off"
    assert order in tap.requests()
    assert tap.controls()[-1] == "power off"
    assert not tap.broken()
