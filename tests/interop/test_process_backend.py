"""A machine behind shell scripts that keep its state in files, switched by ipmitool."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import peers
from tests.interop.test_sol_backings import PASSWORD, Place, described

PLUG = """\
#!/bin/sh
# A machine whose state is a file; what it was told is another.
echo "$1 $BASEBOARD_NAME $BASEBOARD_BOOT_DEVICE $BASEBOARD_BOOT_PERSISTENT" >> told
case "$1" in
on) [ -e broken ] && { echo "the plug does not answer" >&2; exit 4; }; echo on > state ;;
off) echo off > state ;;
status) cat state ;;
light) echo "$BASEBOARD_ACTION" > light ;;
esac
"""
HOST = """
[bmc.host]
backend = "process"
[bmc.host.process]
on = ["../plug", "on"]
off = ["../plug", "off"]
status = ["../plug", "status"]
shutdown = ["../plug", "off"]
identify_on = ["../plug", "light"]
identify_off = ["../plug", "light"]
interval_s = 0.5
off_s = 0.2
folder = "machine"
[[bmc.sensor]]
name = "Water"
type = "temperature"
source = { file = "machine/water", interval_s = 0.2, scale = 0.001 }
[[bmc.sensor]]
name = "Lid"
type = "physical_security"
states = [0, 4]
source = { command = ["cat", "machine/lid"], interval_s = 0.2, words = { open = [0], shut = [] } }
"""


class Machine:
    """The machine's files, and ipmitool in front of its BMC."""

    def __init__(self, place: Place) -> None:
        self.bmc, self.folder = place.bmc, place.folder / "machine"

    def ipmitool(self, *words: str, fails: bool = False) -> str:
        bmc = self.bmc
        command = [
            peers.require("ipmitool"),
            "-I",
            "lanplus",
            "-C",
            "17",
            "-H",
            bmc.address,
            "-p",
            str(bmc.port),
        ]
        done = subprocess.run(
            [*command, "-U", "admin", "-P", PASSWORD, *words], capture_output=True, text=True, timeout=60
        )
        assert (done.returncode != 0) is fails, done.stderr
        return done.stdout + done.stderr

    def says(self, file: str) -> str:
        path = self.folder / file
        return path.read_text().strip() if path.exists() else ""

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for what other processes do."""
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end, self.says("told")
            time.sleep(0.05)  # polls

    def power(self) -> str:
        return self.ipmitool("chassis", "power", "status").split()[-1]


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine that is off, as its BMC starts."""

    def prepared(folder: Path) -> None:
        (folder / "machine").mkdir()
        (folder / "plug").write_text(PLUG)
        (folder / "plug").chmod(0o700)
        for file, text in (("state", "off"), ("water", "41000"), ("lid", "shut")):
            (folder / "machine" / file).write_text(text)

    with described(HOST, prepared) as place:
        yield Machine(place)


def test_power_is_switched_and_what_others_do_is_seen(machine: Machine) -> None:
    assert machine.power() == "off"
    machine.ipmitool("chassis", "bootdev", "pxe")
    machine.ipmitool("chassis", "power", "on")
    machine.until(lambda: machine.power() == "on")
    assert "on wired pxe 0" in machine.says("told").splitlines()
    machine.ipmitool("chassis", "power", "reset")
    machine.until(lambda: machine.says("told").splitlines().count("on wired none 0") == 1)
    machine.ipmitool("chassis", "power", "cycle")
    machine.until(lambda: machine.says("told").splitlines().count("on wired none 0") == 2)
    machine.until(lambda: machine.power() == "on")
    machine.ipmitool("chassis", "power", "soft")
    machine.until(lambda: machine.power() == "off")
    (machine.folder / "state").write_text("on")
    machine.until(lambda: machine.power() == "on")


def test_what_fails_is_a_fault_and_what_there_is_not_is_refused(machine: Machine) -> None:
    (machine.folder / "broken").touch()
    machine.ipmitool("chassis", "power", "on")
    machine.until(lambda: "Power Control Fault  : true" in machine.ipmitool("chassis", "status"))
    assert machine.power() == "off"
    (machine.folder / "broken").unlink()
    machine.ipmitool("chassis", "power", "on")
    machine.until(lambda: machine.power() == "on")
    assert "Power Control Fault  : false" in machine.ipmitool("chassis", "status")
    assert "Invalid data field" in machine.ipmitool("chassis", "power", "diag", fails=True)


def test_the_light_and_the_sensors(machine: Machine) -> None:
    machine.ipmitool("chassis", "identify", "force")
    machine.until(lambda: machine.says("light") == "identify-on")
    machine.ipmitool("chassis", "identify", "0")
    machine.until(lambda: machine.says("light") == "identify-off")
    machine.until(lambda: "41 degrees C" in machine.ipmitool("sdr", "elist"))
    (machine.folder / "lid").write_text("open\n")
    machine.until(lambda: "General Chassis intrusion" in machine.ipmitool("sdr", "elist"))
    (machine.folder / "water").unlink()
    machine.until(lambda: "No Reading" in machine.ipmitool("sdr", "elist"))
