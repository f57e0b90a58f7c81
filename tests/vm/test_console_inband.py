"""The console on the BMC's own host: discovery, SMBIOS, events as they come, requests that software answers.

The guest is booted once, with a BMC of ours behind its KCS; the tests look at what was said in it, and at
what happened outside meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from baseboard.client.connect import connect
from baseboard.records.smbios import BiosInformation, IpmiDevice, Smbios, find, read_dump, read_structures
from tests import peers
from tests.vm import guest
from tests.vm.ours import FRESH, PYTHON, WAYS
from tests.vm.scripts import drivers
from tests.vm.served import PASSWORD, Served, served

ANSWERING = shlex.quote(str(Path(__file__).with_name("answering_in_guest.py")))
TABLES = "/sys/firmware/dmi/tables"
EVENTS = 3
# The words of a script's beginning, for guests that load no driver at first.
ALONE = drivers("none").partition("awaited 20")[0]

SCRIPT = f"""{drivers("kcs")}
section find
ask {FRESH} dmi find --json
section show
ask {FRESH} dmi show --json
section dmidecode
ask dmidecode -t 38
section locate
ask ipmi-locate
section dump
dmidecode --dump-bin /tmp/dump >/dev/null && xxd -p /tmp/dump
section tables
xxd -p {TABLES}/smbios_entry_point; echo --; xxd -p {TABLES}/DMI
section before
counters
section events
{FRESH} event listen --count {EVENTS} --json --timeout 200 >/tmp/events 2>&1 & listening=$!
host raise || exit 90
wait $listening; echo "exit $?"
cat /tmp/events
section after
counters
section requests
inroot PYTHONPATH={WAYS} {PYTHON} {ANSWERING} >/tmp/requests 2>&1 & answering=$!
awaited 100 grep -q READY /tmp/requests || {{ cat /tmp/requests; exit 91; }}
host ask || exit 92
wait $answering; echo "exit $?"
cat /tmp/requests
section kernel
dmesg | grep -i -e ipmi
section end
"""


@dataclass
class Told:
    """What was said in the guest, by sections, and what the BMC said outside."""

    inside: dict[str, str] = field(default_factory=dict[str, str])
    answer: bytes = b""
    sensors: str = ""

    def documents(self, name: str) -> list[dict[str, Any]]:
        """The JSON that our program printed in a section."""
        lines = [line for line in self.inside[name].splitlines() if line.startswith("{")]
        assert lines, self.inside[name]
        return [json.loads(line) for line in lines]

    def results(self, name: str) -> list[dict[str, Any]]:
        """What it found, in one document."""
        (one,) = self.documents(name)
        found: list[dict[str, Any]] = one["result"]
        return found

    def binary(self, name: str, part: int = 0) -> bytes:
        """A file that was printed as lines of hex digits; the sections has several."""
        text = self.inside[name].split("--")[part]
        return bytes.fromhex("".join(re.findall(r"^[0-9a-f]+$", text, re.MULTILINE)))


def raise_events(bmc: Served) -> int:
    """A threshold that the sensor is above already, and two events of software's, as a console sends them."""
    bmc.ipmitool("sensor", "thresh", "Inlet Temp", "unc", "10")
    bmc.ipmitool("event", "1")
    bmc.ipmitool("event", "3")
    return 0


async def ask_the_host(bmc: Served) -> bytes:
    """A request for software of the host: it is what LUN 2 of the BMC leads to (§7.3)."""
    lan = bmc.lan
    async with connect(lan.address, port=lan.port, username="admin", password=PASSWORD) as console:
        return await console.raw(0x30, 0x01, b"\x01\x02\x03", lun=2)


@pytest.fixture(scope="module")
def told() -> Told:
    peers.require("ipmitool")
    made = Told()
    with served("kcs") as bmc:

        def ask() -> int:
            made.answer = asyncio.run(ask_the_host(bmc))
            return 0

        outcome = guest.run(
            SCRIPT,
            hardware=bmc.hardware(root=True),
            hooks={"raise": lambda: raise_events(bmc), "ask": ask},
            seconds=600,
        )
        made.inside = outcome.sections
        assert outcome.status == 0, f"{outcome}\n{bmc.complaints()}"
        made.sensors = bmc.ipmitool("sdr", "elist", "full").out
    return made


def test_where_the_bmc_is_and_who_holds_it(told: Told) -> None:
    (found,) = told.results("find")
    assert (found["kind"], found["address"], found["space"], found["spacing"]) == ("kcs", 0xCA2, "io", 1)
    assert (found["device"], found["driver"], found["interrupt"]) == ("ipmi0", "ipmi_si", 5)
    assert found["sources"][0] == "smbios"
    assert found["detail"] == "type 38, handle 3000h"


def test_dmidecode_and_freeipmi_find_it_at_the_same_place(told: Told) -> None:
    assert "Interface Type: KCS" in told.inside["dmidecode"]
    assert "Base Address: 0x0000000000000CA2 (I/O)" in told.inside["dmidecode"]
    assert "Interrupt Number: 5" in told.inside["dmidecode"]
    (shown,) = [one for one in told.results("show") if one["type"] == 38]
    assert shown["facts"]["interface"] == "kcs"
    assert (shown["facts"]["address"], shown["facts"]["interrupt"]) == ("0xca2", 5)
    assert re.search(r"IPMI Version: 2\.0\s+IPMI locate driver: DMIDECODE\s+", told.inside["locate"])
    assert "BMC I/O base address: 0xCA2" in told.inside["locate"]


def test_a_dump_of_others_tables_is_read(told: Told) -> None:
    dump = read_dump(told.binary("dump"))
    ((structure, device),) = find(dump.structures, IpmiDevice)
    assert (device.kind, device.address, device.irq, structure.handle) == ("kcs", 0xCA2, 5, 0x3000)
    assert [body.start_segment for _, body in find(dump.structures, BiosInformation)] == [0xE800]
    assert {0, 1, 3, 4, 16, 17, 19, 32, 38, 127} <= {one.type for one in dump.structures}
    shown = {one["handle"]: one for one in told.results("show")}
    for one in dump.structures:
        if one.handle in shown:
            assert shown[one.handle]["raw"].replace(" ", "").lower() == one.encode().hex()
    assert told.binary("tables", 1).startswith(b"".join(one.encode() for one in dump.structures))


def test_events_come_by_interrupt_with_their_sensors_names(told: Told) -> None:
    assert "exit 0" in told.inside["events"]
    events = [one["result"] for one in told.documents("events")]
    assert len(events) == EVENTS
    found = {(one["sensor"], one["event"]) for one in events}
    assert ("Inlet Temp", "Upper Non-critical - going high") in found
    crossed = next(one for one in events if one["sensor"] == "Inlet Temp" and one["asserted"])
    assert (crossed["threshold"], crossed["unit"]) == (10.0, "degrees C")
    assert crossed["reading"] > 10
    before, after = (counted(told.inside[name]) for name in ("before", "after"))
    assert after["events"] >= before["events"] + EVENTS
    assert after["interrupts"] > before["interrupts"]


def counted(text: str) -> dict[str, int]:
    """The driver's counters."""
    return {name: int(value) for name, value in re.findall(r"^(\w+):(\d+)$", text, re.MULTILINE)}


def test_software_of_the_host_answers_a_console(told: Told) -> None:
    assert told.answer == b"\x03\x02\x01"
    asked = json.loads(told.inside["requests"].partition("ANSWERED ")[2].splitlines()[0])
    assert asked == {"netfn": 0x30, "cmd": 0x01, "channel": 1, "data": [1, 2, 3]}
    assert "exit 0" in told.inside["requests"]


def test_the_kernel_does_not_complain(told: Told) -> None:
    assert "ipmi_si" in told.inside["kernel"]
    assert "rror" not in told.inside["kernel"]


# ---- with tables of ours, and without Linux's driver


WITHOUT_DRIVER = f"""
{ALONE}
section dmidecode
ask dmidecode
section find
ask {FRESH} dmi find --json
section events
{FRESH} -I inband event listen --count 1 --json --timeout 200 >/tmp/events 2>&1 & listening=$!
awaited 150 grep -q listening /tmp/events || {{ cat /tmp/events; exit 92; }}
host raise || exit 90
wait $listening; echo "exit $?"
cat /tmp/events
section driver
modprobe ipmi_si; modprobe ipmi_devintf
awaited 20 test -e /dev/ipmi0 || exit 91
ask {FRESH} -I open dmi build --output /tmp/built --json
ask inroot dmidecode --from-dump /tmp/built
section end
"""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Smbios]:
    """A guest whose tables `dmi build` made of what its BMC knows, and those tables."""
    folder = tmp_path_factory.mktemp("tables")
    made = Told()
    with served("kcs") as bmc:
        words = [sys.executable, "-P", "-m", "baseboard", "-H", bmc.lan.address, "-p", str(bmc.lan.port)]
        words += ["-U", "admin", "-P", PASSWORD, "dmi", "build", "--qemu", "--json", "--interrupt", "5"]
        done = subprocess.run(
            [*words, "--output", str(folder)], capture_output=True, text=True, timeout=120, check=True
        )
        result = json.loads(done.stdout)["result"]
        files = [read_structures(Path(name).read_bytes())[0] for name in result["files"]]
        outcome = guest.run(
            WITHOUT_DRIVER,
            hardware=replace(bmc.hardware(root=True), extra=result["arguments"]),
            hooks={"raise": lambda: raise_events(bmc)},
            seconds=600,
        )
        made.inside = outcome.sections
        assert outcome.status == 0, f"{outcome}\n{bmc.complaints()}"
    return made, Smbios(tuple(files))


def test_qemu_takes_each_structure(described: tuple[Told, Smbios]) -> None:
    told, tables = described
    text = told.inside["dmidecode"]
    for structure in tables.structures:
        assert f"Handle 0x{structure.handle:04X}, DMI type {structure.type}, {structure.length} bytes" in text
        for _, value in structure.texts():
            assert not value or f": {value}\n" in text
    assert {one.type for one in tables.structures} == {0, 1, 2, 3, 38, 39, 42}
    assert text.count("DMI type 38,") == 1  # QEMU leaves its own out


def test_what_no_driver_holds_is_told(described: tuple[Told, Smbios]) -> None:
    (found,) = described[0].results("find")
    assert (found["kind"], found["address"], found["interrupt"]) == ("kcs", 0xCA2, 5)
    assert (found["device"], found["driver"], found["detail"]) == ("", "", "type 38, handle 2600h")


def test_without_the_driver_events_are_asked_for(described: tuple[Told, Smbios]) -> None:
    told, _ = described
    assert "exit 0" in told.inside["events"], told.inside["events"]
    (event,) = [one["result"] for one in told.documents("events")]
    assert (event["sensor"], event["threshold"]) == ("Inlet Temp", 10.0)


def test_the_host_builds_the_same_tables(described: tuple[Told, Smbios]) -> None:
    """In band everything is as over LAN, the place of the BMC read from the tables that are there."""
    told, tables = described
    said = told.inside["driver"]
    assert re.findall(r"^exit (\d+)$", said, re.MULTILINE) == ["0", "0"], said
    for structure in tables.structures:
        assert f"Handle 0x{structure.handle:04X}, DMI type {structure.type}, {structure.length} bytes" in said
    assert "Interrupt Number: 5" in said


# ---- the other interfaces


ELSEWHERE = {
    "bt": ("bt", 0xE4, "io", "smbios", "ipmi_si"),
    "pci-kcs": ("kcs", None, "io", "pci", "ipmi_si"),
    "ssif-piix4": ("ssif", 0x10, "smbus", "smbios", ""),
}


@pytest.mark.parametrize("interface", ELSEWHERE)
def test_each_interface_is_found(interface: str) -> None:
    kind, address, space, source, driver = ELSEWHERE[interface]
    # QEMU's SSIF device races with whoever answers; it is found all the same.
    words = drivers(interface) if driver else ALONE
    script = f"{words}\nsection find\nask {FRESH} dmi find --json\nsection dmidecode\ndmidecode -t 38\n"
    with served(interface) as bmc:
        outcome = guest.run(script, hardware=bmc.hardware(root=True), seconds=300)
        assert outcome.status == 0, f"{outcome}\n{bmc.complaints()}"
    told = Told(outcome.sections)
    (found,) = told.results("find")
    assert (found["kind"], found["space"], found["driver"]) == (kind, space, driver)
    assert found["sources"][0] == source
    if address is not None:
        assert found["address"] == address
        assert "IPMI Device Information" in told.inside["dmidecode"]
    else:
        assert found["address"]
        assert found["detail"].startswith("0000:00:")
