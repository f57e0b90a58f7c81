"""PEF and its traps, as Net-SNMP's snmptrapd and FreeIPMI's ipmi-pet and pef-config understand them."""

from __future__ import annotations

import calendar
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import peers
from tests.interop.lab import STOP, Bmc, Done, Lab
from tests.interop.lab import run as run_to_the_end
from tests.interop.simulator import free_port

PATIENCE = 30
GUID = "00112233-4455-6677-8899-aabbccddeeff"
FILE = """
[[bmc]]
name = "alerting"
makeup = "rack"
[bmc.identity]
guid = "{guid}"
manufacturer_id = 674
product_id = 0x0100
[bmc.lan]
port = {port}
[[bmc.user]]
id = 2
name = "admin"
password = "admin-password"
[bmc.pef]
enabled = true
event_messages = true
community = "machine room"
trap_port = {trap_port}
[[bmc.pef.filter]]
actions = ["{action}", "alert"]
severity = "critical"
sensor = "Inlet Temp"
event_type = "threshold"
offsets = [9]
[[bmc.pef.policy]]
policy = 1
destination = 1
string_set = 4
[[bmc.pef.string]]
text = "Too hot"
filter = 9
set = 4
[[bmc.pef.destination]]
address = "127.0.0.1"
acknowledged = {acknowledged}
retries = {retries}
timeout_s = 1
"""


def waits_for(found: Callable[[], str], condition: Callable[[], bool]) -> None:
    """Stop when it is so; polls, and says what there was when it never came to be."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.05)  # polls
    raise AssertionError(found())


@dataclass(frozen=True)
class Daemon:
    """snmptrapd, which writes each trap into a file."""

    port: int
    log: Path

    @property
    def text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    @property
    def traps(self) -> list[tuple[int, bytes, str]]:
        """Specific trap, octets of the variable, and the line that tells of the sender."""
        found = []
        for entry in re.split(r"^(?=\d{4}-\d\d-\d\d )", self.text, flags=re.MULTILINE)[1:]:
            number = re.search(r"Enterprise Specific Trap \((\d+)\)", entry)
            octets = re.search(r"3183\.1\.1\.1 = Hex-STRING: ([0-9A-F \n]+)", entry)
            if number is not None and octets is not None:
                found.append((int(number[1]), bytes.fromhex(octets[1]), entry.splitlines()[0]))
        return found

    def wait(self, count: int) -> list[tuple[int, bytes, str]]:
        """The traps, once there are so many."""
        waits_for(lambda: self.text, lambda: len(self.traps) >= count)
        return self.traps


@contextmanager
def process(command: list[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program while the block lasts."""
    made = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC", "LC_ALL": "C", **environment},
    )  # fmt: skip
    try:
        yield made
    finally:
        made.terminate()
        try:
            made.wait(STOP)
        except subprocess.TimeoutExpired:
            made.kill()
            made.wait(STOP)
        made.communicate()


@pytest.fixture
def snmptrapd(tmp_path: Path) -> Iterator[Daemon]:
    """Net-SNMP's daemon for traps, without MIBs: Debian has none of the RFCs' texts."""
    settings, log, port = tmp_path / "snmptrapd.conf", tmp_path / "traps", free_port()
    settings.write_text("disableAuthorization yes\n")
    command = [peers.require("snmptrapd"), "-f", "-C", "-c", str(settings), "-m", "", "-M", "", "-On"]
    command += ["-Lf", str(log), "-p", str(tmp_path / "pid"), f"udp:127.0.0.1:{port}"]
    with process(command, MIBS="", SNMP_PERSISTENT_DIR=str(tmp_path)):
        daemon = Daemon(port, log)
        waits_for(lambda: daemon.text, lambda: "NET-SNMP version" in daemon.text)
        yield daemon


@contextmanager
def alerting(
    folder: Path, trap_port: int, *, action: str = "alert", acknowledged: bool = False, retries: int = 0
) -> Iterator[Bmc]:
    """A server that alerts when its inlet gets too hot."""
    path, port = folder / "bmc.toml", free_port()
    path.write_text(
        FILE.format(
            guid=GUID, port=port, trap_port=trap_port, action=action, retries=retries,
            acknowledged=str(acknowledged).lower(),
        )
    )  # fmt: skip
    command = [sys.executable, "-P", "-m", "baseboard", "bmc", "run", str(path)]
    with process(command) as made:
        assert made.stdout is not None
        said = ""
        for line in made.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        assert "Ctrl-C" in said, said
        yield Bmc("127.0.0.1", port, "admin", "admin-password", None, "alerting", folder)


def heat(bmc: Bmc) -> None:
    """The inlet's upper critical threshold is crossed: so ipmitool says."""
    bmc.ipmitool("event", "Inlet Temp", "ucr", "assert").ok()


def fields(octets: bytes) -> dict[str, object]:
    """The fields of a trap's variable, by the offsets of PET v1.0."""
    return {
        "guid": octets[0:16],
        "time": int.from_bytes(octets[18:22], "big") + 883_612_800,
        "utc offset": octets[22:24],
        "sources": octets[24:26],
        "severity": octets[26],
        "sensor": octets[27:29],
        "language": octets[39],
        "maker": int.from_bytes(octets[40:44], "big"),
        "product": int.from_bytes(octets[44:46], "big"),
        "oem": octets[46:],
    }


def test_snmptrapd_reads_every_field(snmptrapd: Daemon, tmp_path: Path) -> None:
    with alerting(tmp_path, snmptrapd.port) as bmc:
        before = int(time.time())
        heat(bmc)
        ((number, octets, line),) = snmptrapd.wait(1)
        # Temperature, threshold, asserted, upper critical going high.
        assert number == 0x010109
        assert "TRAP, SNMP v1, community machine room" in line
        assert f"[127.0.0.1]:{bmc.port}->" in line
        found = fields(octets)
        guid = bytes.fromhex(bmc.ipmitool("raw", "6", "0x37").ok().out.replace("\n", ""))
        assert found["guid"] == guid == bytes.fromhex(GUID.replace("-", ""))[::-1]
        assert before - 2 <= int(str(found["time"])) <= time.time() + 2
        assert (found["utc offset"], found["sources"], found["severity"]) == (bytes(2), b"\x20\x20", 0x10)
        # ipmitool's event comes over the LAN, so its own address stands for the sensor's controller.
        assert found["sensor"] == b"\x81\x01"
        assert (octets[31], octets[34:39]) == (0x59, bytes(5))
        assert (found["language"], found["maker"], found["product"]) == (25, 674, 0x0100)
        # Filter 1 of the manufacturer's matches too and is the first; it has no string in the policy's set.
        assert found["oem"] == b"\xc1"


def test_a_sensor_of_the_bmcs_own_has_its_entity(snmptrapd: Daemon, tmp_path: Path) -> None:
    """Its critical threshold is set below what it reads, which is an event of its own."""
    with alerting(tmp_path, snmptrapd.port) as bmc:
        bmc.ipmitool("sensor", "thresh", "Inlet Temp", "unc", "2").ok()
        bmc.ipmitool("sensor", "thresh", "Inlet Temp", "ucr", "3").ok()
        traps = snmptrapd.wait(1)
        octets = next(octets for number, octets, _ in traps if number == 0x010109)
        located = bmc.ipmitool("sdr", "get", "Inlet Temp").ok().values
        entity = re.match(r"(\d+)\.(\d+)", located["Entity ID"])
        assert entity is not None
        assert octets[27:31] == bytes((0x20, 0x01, int(entity[1]), int(entity[2])))


def test_ipmi_pet_says_what_happened(snmptrapd: Daemon, tmp_path: Path) -> None:
    with alerting(tmp_path, snmptrapd.port) as bmc:
        bmc.ipmitool("sensor", "thresh", "Inlet Temp", "unc", "2").ok()
        bmc.ipmitool("sensor", "thresh", "Inlet Temp", "ucr", "3").ok()
        number, octets, _ = next(one for one in snmptrapd.wait(1) if one[0] == 0x010109)
        command = [peers.require("FreeIPMI", "ipmi-pet"), "-h", f"{bmc.address}:{bmc.port}", "-D", "LAN_2_0"]
        command += ["-u", bmc.username, "-p", bmc.password, "-I", "17", f"--sdr-cache-directory={tmp_path}"]
        command += ["-vv", "--comma-separated-output", str(number)]
        words = [f"0x{byte:02x}" for byte in octets]
        done = run_to_the_end([*command, *words], "", 120, {"HOME": str(tmp_path)}).ok()
        heads, row = done.lines[-2].split(","), done.lines[-1].split(",")
        said = dict(zip(heads, row, strict=False))
        assert said["Name"] == "Inlet Temp"
        assert said["Type"] == "Temperature"
        # FreeIPMI prints the octets of a GUID as they come, which is least significant byte first (§20.8).
        assert said["GUID"] == "ffeeddcc-bbaa-9988-7766-554433221100"
        assert (said["Manufacturer ID"], said["System ID"]) == ("Dell Inc.", "256")
        assert (said["Severity"], said["Event Direction"]) == ("Critical condition", "Assertion Event")
        assert said["Event"].startswith("Upper Critical - going high | Sensor Reading = ")
        assert said["Event"].endswith("| Threshold = 3.00 C")
        told = time.strptime(f"{said['Date']} {said['Time']}", "%b-%d-%Y %H:%M:%S")
        assert abs(calendar.timegm(told) - time.time()) < 100


def test_the_power_goes_off_and_the_alert_comes(snmptrapd: Daemon, tmp_path: Path) -> None:
    with alerting(tmp_path, snmptrapd.port, action="power_down") as bmc:
        assert bmc.ipmitool("power", "status").out == "Chassis Power is on\n"
        heat(bmc)
        snmptrapd.wait(1)
        assert bmc.ipmitool("power", "status").out == "Chassis Power is off\n"
        assert "PEF Action" in bmc.ipmitool("sel", "list").out


@pytest.mark.parametrize("action", ["power_cycle", "reset"])
def test_the_system_starts_again_because_of_pef(snmptrapd: Daemon, tmp_path: Path, action: str) -> None:
    with alerting(tmp_path, snmptrapd.port, action=action) as bmc:
        heat(bmc)
        snmptrapd.wait(1)
        cause = {"reset": "reset via PEF", "power_cycle": "power-cycle via PEF"}[action]
        waits_for(
            lambda: bmc.ipmitool("chassis", "restart_cause").out,
            lambda: cause in bmc.ipmitool("chassis", "restart_cause").out,
        )


def test_repetitions_are_the_same_and_ipmi_pet_ends_them(snmptrapd: Daemon, tmp_path: Path) -> None:
    with alerting(tmp_path, snmptrapd.port, acknowledged=True, retries=7) as bmc:
        heat(bmc)
        traps = snmptrapd.wait(2)
        number, octets, _ = traps[0]
        assert {one[1] for one in traps} == {octets}
        command = [peers.require("FreeIPMI", "ipmi-pet"), "-h", f"{bmc.address}:{bmc.port}", "-D", "LAN"]
        command += ["--pet-acknowledge", str(number), *(f"0x{byte:02x}" for byte in octets)]
        run_to_the_end(command, "", 60, {"HOME": str(tmp_path)}).ok()
        last = bmc.ipmitool("pef", "status", options=("-v",)).ok().values
        # The event of the alert, and the one that says that there was an alert, are dealt with.
        assert last["Last BMC processed ID"] == last["Last SEL record ID"] == "0x0002"
        count = len(snmptrapd.traps)
        bmc.ipmitool("raw", "4", "0x16", "1", "1", "0").ok()
        # What comes next is the immediate alert: nothing of the acknowledged one is sent any more.
        assert {number for number, _, _ in snmptrapd.wait(count + 1)[count:]} == {0}


def test_our_own_receiver_reads_what_snmptrap_sends(tmp_path: Path) -> None:
    """Net-SNMP's snmptrap makes the message, with the octets of a Dell's trap."""
    port = free_port()
    octets = (
        "44454C4C5000105980 43B2C04F333358 0042 19EEAB64 FFFF 202000 41 73 1800 8001FF0000000000 19"
        "000002A2 0100 C1"
    ).replace(" ", "")
    command = [sys.executable, "-P", "-m", "baseboard", "pet", "listen", f"127.0.0.1:{port}", "--count", "1"]
    with process(command) as made:
        assert made.stdout is not None
        assert "listening" in made.stdout.readline()
        enterprise = "1.3.6.1.4.1.3183.1.1"
        trap = [peers.require("snmptrap"), "-v", "1", "-c", "public", "-m", "", "-M", "", f"127.0.0.1:{port}"]
        trap += [enterprise, "192.0.2.10", "6", "356096", "0", f"{enterprise}.1", "x", octets]
        run_to_the_end(trap, "", 30, {"MIBS": ""}).ok()
        line = made.stdout.readline()
        assert line.split()[:3] == ["2011-10-15", "13:17:24", "127.0.0.1"]
        assert "General Chassis Intrusion" in line


# ---- FreeIPMI's pef-config

CHANGES = {
    "Community_String:Community_String": "machine",
    "Lan_Alert_Destination_1:Alert_Destination_Type": "PET_Trap",
    "Lan_Alert_Destination_1:Alert_Acknowledge": "Yes",
    "Lan_Alert_Destination_1:Alert_Acknowledge_Timeout": "5",
    "Lan_Alert_Destination_1:Alert_Retries": "3",
    "Lan_Alert_Destination_1:Alert_IP_Address": "192.0.2.7",
    "Alert_Policy_1:Policy_Type": "Proceed_To_Next_Entry_Different_Channel",
    "Alert_Policy_1:Policy_Enabled": "Yes",
    "Alert_Policy_1:Policy_Number": "3",
    "Alert_Policy_1:Destination_Selector": "1",
    "Alert_Policy_1:Channel_Number": "1",
    "Event_Filter_9:Enable_Filter": "Yes",
    "Event_Filter_9:Event_Filter_Action_Alert": "Yes",
    "Event_Filter_9:Event_Filter_Action_Power_Off": "Yes",
    "Event_Filter_9:Alert_Policy_Number": "3",
    "Event_Filter_9:Event_Severity": "Critical",
    "Event_Filter_9:Sensor_Type": "Temperature",
    "Event_Filter_9:Event_Data1_Offset_Mask": "0x200",
    "PEF_Conf:Enable_PEF": "Yes",
    "PEF_Conf:Enable_PEF_Event_Messages": "Yes",
    "PEF_Conf:Startup_Delay": "30",
    "Alert_String_1:Event_Filter_Number": "9",
    "Alert_String_1:Alert_String_Set": "4",
    "Alert_String_1:Alert_String": "Overheated",
}


def config(bmc: Bmc, *options: str) -> Done:
    return bmc.freeipmi("ipmi-config", "--category=pef", *options, privilege="ADMIN")


def checked_out(bmc: Bmc) -> dict[str, str]:
    found: dict[str, str] = {}
    section = ""
    for line in config(bmc, "--checkout").lines:
        if line.startswith("Section "):
            section = line.removeprefix("Section ")
        elif not line.startswith("#") and line != "EndSection":
            key, _, value = line.partition(" ")
            found[f"{section}:{key}"] = value.strip()
    return found


@pytest.mark.parametrize("number", [0, 1, 2])
def test_what_pef_config_checks_out_it_commits_again(shared_lab: Lab, number: int, tmp_path: Path) -> None:
    bmc = shared_lab[number]
    file = f"--filename={tmp_path / 'configuration'}"
    before = checked_out(bmc)
    assert len([key for key in before if key.startswith("Event_Filter_")]) > 16 * 10
    for action in ("--checkout", "--commit", "--diff"):
        done = config(bmc, action, file)
        assert (done.code, done.out) == (0, ""), str(done)
    assert checked_out(bmc) == before


def test_what_pef_config_changes_is_so(own_lab: Lab) -> None:
    bmc = own_lab[0]
    before = checked_out(bmc)
    pairs = [f"--key-pair={key}={value}" for key, value in CHANGES.items()]
    committed = config(bmc, "--commit", *pairs)
    assert (committed.code, committed.out) == (0, ""), str(committed)
    after = checked_out(bmc)
    assert {key: after[key] for key in CHANGES} == CHANGES
    assert {key for key in before if before[key] != after[key]} <= set(CHANGES)
    shown = bmc.ipmitool("pef", "filter", "list").ok().lines
    assert shown[8].startswith("9 | enabled, configurable | Temperature")


def test_pef_config_tells_what_there_is(shared_lab: Lab) -> None:
    told = shared_lab[0].freeipmi("ipmi-pef-config", "--info", privilege="ADMIN").ok().values
    assert told["PEF version"] == "1.5"
    assert (told["Number of Event Filters"], told["Number of Alert Policy entries"]) == ("16", "16")
    assert told["Number of Alert Strings"] == "8"
    assert (told["Power down action"], told["OEM action"]) == ("supported", "unsupported")
