"""Our own KCS, SMIC, BT and SSIF hardware under Linux's drivers, register by register.

A guest is booted once for each; it says what the others say that have hardware of QEMU's, and a little more.
Beside it stands a BMC of others, ``ipmi_sim``, behind the smallest hardware that Linux accepts.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import peers
from tests.interop.simulator import simulator
from tests.vm import guest, inband, rates
from tests.vm.guest import free_port
from tests.vm.hardware import Hardware
from tests.vm.inband import Seen
from tests.vm.scripts import drivers
from tests.vm.served import PASSWORD, Served
from tests.vm.test_system_interfaces import (
    check_identity,
    check_inventory,
    check_probe,
    check_records,
    check_sensors,
    check_thousand,
    section,
)

KINDS = ("kcs", "smic", "bt", "ssif", "ssif-pec")
NAMED = pytest.mark.parametrize("kind", KINDS)
SI = "modprobe ipmi_si\nmodprobe ipmi_devintf"
# No firmware tells of a BMC behind this adapter, so the guest is told; it has no interrupts either.
SMBUS = """modprobe i2c-i801 disable_features=0x30
modprobe ipmi_ssif
modprobe ipmi_devintf
echo ipmi_ssif 0x10 >/sys/bus/i2c/devices/i2c-0/new_device"""

# The register in which the controller keeps the PEC that came last; the adapter's name says where it is.
LAST_PEC = """
section pec
base=$(sed -n 's/^SMBus I801 adapter at //p' /sys/bus/i2c/devices/i2c-0/name 2>/dev/null)
[ -z "$base" ] || dd if=/dev/port bs=1 skip=$((0x$base + 8)) count=1 2>/dev/null | xxd -p
"""
# Armed by opening it, kicked, let go by the letter that says so.
WATCHDOG = """
section type
cat /sys/class/ipmi/ipmi0/device/type
section watchdog
modprobe ipmi_watchdog timeout=120
exec 8>/dev/watchdog
echo . >&8
ask ipmitool mc watchdog get
ask bmc-watchdog -D OPENIPMI --get
echo V >&8
exec 8>&-
section released
ask ipmitool mc watchdog get
"""


class RegisterServed(Served):
    """A BMC of ours whose hardware QEMU works through a socket."""

    text = f"""\
store = "state"
[[bmc]]
name = "virtual"
makeup = "{{makeup}}"
[bmc.lan]
port = {{port}}
[bmc.interface]
kind = "{{kind}}"
registers = "unix:{{socket}}"
{{more}}
[[bmc.user]]
name = "admin"
password = "{PASSWORD}"
"""

    def hardware(self, options: str = "", append: str = "", *, root: bool = False) -> Hardware:
        """The machine that belongs to it."""
        return Hardware("registers", self.socket, options, append, steady=True, root=root)


@contextmanager
def served(kind: str) -> Iterator[RegisterServed]:
    """Run a BMC of ours with such hardware while the block lasts."""
    more = f"pec = {str(kind == 'ssif-pec').lower()}"
    with tempfile.TemporaryDirectory() as name:
        bmc = RegisterServed(Path(name), kind.removesuffix("-pec"), "rack", more)
        try:
            yield bmc
        finally:
            bmc.stop()


def adapted(text: str, kind: str) -> str:
    """A script for these drivers."""
    assert SI in text
    return text.replace(SI, SMBUS) if kind.startswith("ssif") else text


@pytest.fixture(scope="module")
def every() -> Callable[[str], Seen]:
    """What was seen of each, which is looked at when it is first asked for."""
    for peer in ("ipmitool", "FreeIPMI"):
        peers.require(peer)
    found: dict[str, Seen] = {}

    def seen(kind: str) -> Seen:
        if kind not in found:
            text = inband.script("registers").replace("section end\n", WATCHDOG + LAST_PEC + "section end\n")
            with served(kind) as bmc:
                found[kind] = inband.see(bmc, adapted(text, kind))
                assert "Traceback" not in bmc.complaints()
        return found[kind]

    return seen


def check_log(seen: Seen) -> None:
    """What either side writes the other reads, as do both programs; the simulated host set the clock."""
    section(seen, "written", programs=2)
    for number in ("0x30", "0x31"):
        line = rf"^ +[0-9a-f]+ \|.*\| Temperature #{number} \| Upper Critical going high \| Asserted$"
        assert re.search(line, section(seen, "sel"), re.MULTILINE)
        assert re.search(line, seen.outside["sel list"], re.MULTILINE)
    for sensor in (48, 49):
        line = rf"^\d+,\w+-\d+-\d+,[\d:]+,Sensor #{sensor},Upper Critical - going high"
        assert re.search(line, section(seen, "ipmi-sel"), re.MULTILINE)


@pytest.mark.parametrize(
    "check",
    [
        check_probe,
        check_identity,
        check_records,
        check_sensors,
        check_inventory,
        check_log,
        check_thousand,
    ],
    ids=lambda check: check.__name__.removeprefix("check_"),
)
@NAMED
def test_behind_our_own_hardware(
    kind: str, check: Callable[[Seen], None], every: Callable[[str], Seen]
) -> None:
    check(every(kind))


@NAMED
def test_the_driver_knows_what_it_drives(kind: str, every: Callable[[str], Seen]) -> None:
    assert every(kind).inside["type"] == f"{kind.removesuffix('-pec')}\n"


@NAMED
def test_the_watchdog_is_armed_by_its_driver(kind: str, every: Callable[[str], Seen]) -> None:
    armed, released = every(kind).inside["watchdog"], every(kind).inside["released"]
    assert re.search(r"^Watchdog Timer Is: +Started/Running$", armed, re.MULTILINE), armed
    assert re.search(r"^Watchdog Timer Use: +SMS/OS \(0x[04]4\)$", armed, re.MULTILINE), armed
    assert re.search(r"^Timer: +Running$", armed, re.MULTILINE), armed
    assert re.search(r"^Initial Countdown: +120(\.0)? sec", armed, re.MULTILINE), armed
    assert re.search(r"^Watchdog Timer Is: +Stopped$", released, re.MULTILINE), released


@NAMED
def test_codes_go_over_the_bus_where_the_bmc_knows_them(kind: str, every: Callable[[str], Seen]) -> None:
    shown = every(kind).inside["pec"].split()
    if kind == "ssif-pec":
        assert shown
        assert shown != ["00"]
    else:
        assert shown == (["00"] if kind == "ssif" else [])


@contextmanager
def register_peer(kind: str, port: int) -> Iterator[str]:
    """Hardware of others in front of a BMC on that port; gives the place of its socket."""
    with tempfile.TemporaryDirectory() as name:
        path = f"{name}/registers"
        command = [
            sys.executable,
            "-P",
            str(Path(__file__).with_name("register_peer.py")),
            kind,
            path,
            str(port),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
                yield path
            finally:
                process.terminate()


@NAMED
def test_the_rate_beside_that_of_ipmi_sim(kind: str, every: Callable[[str], Seen]) -> None:
    """Printed, not judged: it is the machine's affair."""
    ours = inband.rate(every(kind).inside["thousand"])
    script = f"{drivers('registers')}\nsection thousand\n{inband.thousand()}\n"
    port = free_port()
    with (
        simulator(sensors=6, sel=3, extra=[f"serial 15 127.0.0.1 {port} codec VM"]),
        register_peer(kind, port) as path,
    ):
        machine = Hardware("registers", path, steady=True, root=False)
        told = guest.run(adapted(script, kind), hardware=machine, seconds=280).ended("script").sections
    theirs = inband.rate(told["thousand"])
    assert sum(inband.answers(told["thousand"]).values()) >= 1000
    rates.note(
        f"registers {kind}: {ours.median:.0f} commands/s, ipmi_sim behind a peer {theirs.median:.0f}"
        f" ({theirs.again} given again), ratio {ours.median / theirs.median:.2f}"
    )
