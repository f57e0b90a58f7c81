"""The interface ``inband`` in a guest: our host's sides on QEMU's hardware, beside Linux's driver.

The guest first runs our program without the driver, then ipmitool with it; the BMC is ``ipmi_sim``, with a
controller behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import peers
from tests.interop.simulator import simulator
from tests.vm import guest
from tests.vm.hardware import Hardware
from tests.vm.ours import FRESH, LOADED, ours
from tests.vm.test_registers import served
from tests.vm.vm_tap import tapped

# What both programs print alike.
COMMANDS = ("raw 6 1", "sdr list", "sel list", "chassis status", "raw 0x3e 0x77 1", "-t 0x30 raw 6 1")
SECONDS = 900.0


def script(device: str) -> str:
    """The guest's script; sections ``ours N`` and ``theirs N`` have output and exit status."""
    lines = ["echo === found", f"{FRESH} -I inband mc info 2>&1", LOADED]
    for number, words in enumerate(COMMANDS):
        lines += [f"echo === ours {number}", f"{ours(f'-I inband -d {device} {words}')}; echo $?"]
    lines += ["echo === nothing", f"{ours('-I inband -d kcs@0x2f8 mc info')}; echo $?"]
    lines += ["modprobe ipmi_si; modprobe ipmi_devintf", "echo === info", "ipmitool mc info"]
    lines += ["echo === held", f"{ours(f'-I inband -d {device} mc info')}; echo $?"]
    for number, words in enumerate(COMMANDS):
        lines += [f"echo === theirs {number}", f"ipmitool {words} 2>&1; echo $?"]
    return "\n".join([*lines, "echo === end", "true"])


@dataclass(frozen=True)
class Told:
    """What was said in a guest."""

    device: str
    sections: dict[str, str]
    outcome: guest.Outcome


@pytest.fixture(scope="module", params=["kcs", "bt"])
def told(request: pytest.FixtureRequest) -> Told:
    peers.require("ipmitool")
    device = {"kcs": "kcs@0xca2", "bt": "bt@0xe4"}[request.param]
    port = guest.free_port()
    with simulator(sensors=6, sel=3, extra=[f"serial 15 127.0.0.1 {port} codec VM"]):
        outcome = guest.run(script(device), port=port, interface=request.param, seconds=SECONDS)
    return Told(device, outcome.ended("script").sections, outcome)


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=COMMANDS)
def test_the_program_prints_what_ipmitool_prints_by_the_driver(told: Told, number: int) -> None:
    ours, theirs = told.sections[f"ours {number}"], told.sections[f"theirs {number}"]
    if "0x3e" in COMMANDS[number]:
        # Our own face says more of a refusal, and has exit codes of its own.
        assert "rsp=0xc1" in theirs
        assert re.search(r"rsp=0xc1|C1h", ours), ours
    else:
        assert ours == theirs
        assert ours.endswith("\n0\n")


def test_the_firmware_tells_where_the_bmc_is(told: Told) -> None:
    ours, theirs = told.sections["found"], told.sections["info"]
    for name in ("Device ID", "Product ID", "IPMI Version", "Firmware Revision"):
        (line,) = re.findall(rf"^{name} +: .*$", theirs, re.MULTILINE)
        assert line in ours


def test_where_nothing_is_it_says_so(told: Told) -> None:
    said = told.sections["nothing"]
    assert "kcs@0x2f8: no hardware is there: all bits of its status read 1" in said
    assert said.endswith("\n10\n")


def test_an_interface_that_the_driver_has_is_left_to_it(told: Told) -> None:
    said = told.sections["held"]
    assert f"{told.device}: the driver ipmi_si" in said
    assert said.endswith("\n10\n")


SSIF = ("raw 6 1", "sdr list", "sel list")
TRIES = 10
SSIF_SCRIPT = "\n".join(
    ["modprobe i2c-piix4; modprobe i2c-dev", LOADED]
    + [
        f"echo === {number}\ntry=1\n"
        f"until {ours(f'-I inband -d ssif@i2c-0:0x10 {words}')} >/tmp/said || [ $try = {TRIES} ]; do\n"
        f"echo again $try; cat /tmp/said; try=$((try + 1))\ndone\ncat /tmp/said; echo === tries; echo $try"
        for number, words in enumerate(SSIF)
    ]
    + ["echo === found", f"{FRESH} -I inband raw 6 1 2>&1", "echo === end"]
)


def test_ssif_by_i2c_dev(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """QUIRK QEMU 7.2: its SSIF shows the answer before to who reads too early; so it may take tries."""
    peers.require("ipmitool")
    port = guest.free_port()
    place = tmp_path / "tap"
    with (
        simulator(sensors=3, sel=3, extra=[f"serial 15 127.0.0.1 {port} codec VM"]),
        tapped(place, str(port)) as tap,
    ):
        machine = Hardware("ssif-piix4", str(place))
        outcome = guest.run(SSIF_SCRIPT, hardware=machine, seconds=SECONDS, started=tap.hold)
    said = outcome.ended("script").sections
    with capsys.disabled():
        print(f"\nSSIF by i2c-dev: tries {said['tries'].split()} of {TRIES} for {', '.join(SSIF)}")
    assert " 20 03 09 08 02 9f 91 12 00 02 0f" in said["0"], str(outcome)
    assert " 20 03 09 08 02 9f 91 12 00 02 0f" in said["found"], str(outcome)
    assert "Temp001" in said["1"], str(outcome)
    assert said["2"].count("Upper Non-critical going high") == 3, str(outcome)


# ---- our own hardware, register by register: the only SMIC there is, and an SSIF with packet error codes

OWN = ("raw 6 1", "sel list", "sdr list", "user list 1", "fru print 0")
DRIVERS = {
    "ssif": "modprobe ipmi_ssif; echo ipmi_ssif 0x10 >/sys/bus/i2c/devices/i2c-0/new_device\n"
    "modprobe ipmi_devintf; until [ -e /dev/ipmi0 ]; do sleep 1; done",
    "si": "modprobe ipmi_si; modprobe ipmi_devintf",
}


def steady(text: str) -> str:
    """What is said without the readings of sensors, which change while one looks."""
    return re.sub(r"^(.+?) \| .* \| (\w+) *$", r"\1 | \2", text, flags=re.MULTILINE)


def own_script(kind: str) -> str:
    """First the device as nobody has touched it, then by our program, then by the driver and ipmitool."""
    if kind.startswith("ssif"):
        lines = ["modprobe i2c-i801 disable_features=0x30; modprobe i2c-dev"]
        device, drivers = "ssif", DRIVERS["ssif"]
    else:
        lines = [
            "echo === off",
            f"{FRESH} -I inband mc info 2>&1",
            "for one in $(grep -l 0x0c07 /sys/bus/pci/devices/*/class); do echo 1 >${one%class}enable; done",
        ]
        device, drivers = "''", DRIVERS["si"]
    lines += [LOADED]
    for number, words in enumerate(OWN):
        lines += [f"echo === ours {number}", f"{ours(f'-I inband -d {device} {words}')}; echo $?"]
    lines += [drivers]
    for number, words in enumerate(OWN):
        lines += [f"echo === theirs {number}", f"ipmitool {words} 2>&1; echo $?"]
    return "\n".join([*lines, "echo === end", "true"])


@pytest.mark.parametrize("kind", ["smic", "kcs", "bt", "ssif-pec"])
def test_our_own_hardware(kind: str) -> None:
    peers.require("ipmitool")
    with served(kind) as bmc:
        outcome = guest.run(own_script(kind), hardware=bmc.hardware(root=True), seconds=SECONDS)
        said = outcome.ended("script").sections
        for number, words in enumerate(OWN):
            ours, theirs = steady(said[f"ours {number}"]), steady(said[f"theirs {number}"])
            assert ours == theirs, f"{words}\n{outcome}"
            assert said[f"ours {number}"].endswith("\n0\n"), str(outcome)
    if not kind.startswith("ssif"):
        assert re.search(rf"{kind}@0x\w+: the PCI device \S+ does not decode its addresses", said["off"])
        assert "echo 1 >/sys/bus/pci/devices/" in said["off"]
