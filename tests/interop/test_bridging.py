"""ipmitool, FreeIPMI, OpenIPMI, pyghmi and python-ipmi reach a satellite behind our BMC, and its sensors."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import peers
from tests.interop.lab import Bmc, first_line, run
from tests.interop.openipmi import connected
from tests.interop.patience import eventually

PASSWORD = "secret12"
SATELLITE = ("-t", "0x82", "-b", "0")
BEHIND = ("-t", "0x72", "-b", "7", "-T", "0x82", "-B", "0")
FILE = f"""\
[[bmc]]
name = "bridging"
makeup = "rack"
[bmc.lan]
port = 0
suites = [3, 17]
v15 = ["md5"]
[[bmc.user]]
name = "admin"
password = "{PASSWORD}"
password_size = 16
[[bmc.satellite]]
address = 0x82
name = "PSU controller"
device_id = 52
firmware = "1.02"
manufacturer_id = 343
product_id = 4660
[[bmc.satellite.sensor]]
name = "PSU Temp"
type = "temperature"
number = 1
value = 41.0
maximum = 127.0
hysteresis = 2.0
upper = {{ non_critical = 60.0, critical = 70.0 }}
[[bmc.satellite.fru]]
id = 0
name = "PSU FRU"
size = 256
[bmc.satellite.fru.product]
manufacturer = "Example"
product_name = "Power shelf"
serial_number = "PS-1"
[[bmc.satellite]]
address = 0x72
behind = 0x82
device_id = 119
[[bmc.satellite.sensor]]
name = "Tray Fan"
type = "fan"
number = 3
value = 5000.0
maximum = 12750.0
lower = {{ critical = 1000.0 }}
[[bmc.satellite.fru]]
id = 0
name = "Tray FRU"
size = 128
[bmc.satellite.fru.product]
manufacturer = "Example"
product_name = "Fan tray"
"""


@pytest.fixture(scope="module")
def bmc() -> Iterator[Bmc]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bmc.toml").write_text(FILE)
        command = [sys.executable, "-P", "-m", "baseboard", "bmc", "run", "--json", str(folder / "bmc.toml")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            (one,) = json.loads(first_line(process))
            yield Bmc(one["address"], one["port"], "admin", PASSWORD, None, "bridging", folder)
        finally:
            process.terminate()
            process.communicate(timeout=20)


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
@pytest.mark.parametrize(("target", "device"), [(SATELLITE, "52"), (BEHIND, "119")])
def test_ipmitool_bridges_once_and_twice(
    bmc: Bmc, interface: str, target: tuple[str, ...], device: str
) -> None:
    done = bmc.ipmitool("mc", "info", interface=interface, options=target).ok()
    assert done.values["Device ID"] == device


@pytest.mark.parametrize(
    "target", [("-t", "0x84", "-b", "0"), ("-t", "0x74", "-b", "7", "-T", "0x82", "-B", "0")]
)
def test_ipmitool_misses_who_is_not_there(bmc: Bmc, target: tuple[str, ...]) -> None:
    done = bmc.ipmitool("mc", "info", options=target)
    assert (done.code, "Device ID  " in done.out) == (1, False)
    assert bmc.ipmitool("mc", "info", options=SATELLITE).ok().values["Device ID"] == "52"


@pytest.mark.parametrize("target", [SATELLITE, BEHIND])
@pytest.mark.parametrize(
    "words",
    [
        ("mc", "info"), ("mc", "selftest"), ("raw", "6", "1"), ("raw", "4", "1"), ("sdr", "list"),
        ("sdr", "list", "mcloc"), ("sensor", "list"), ("fru", "print", "0"),
    ],
)  # fmt: skip
def test_our_ipmitool_prints_the_same(bmc: Bmc, target: tuple[str, ...], words: tuple[str, ...]) -> None:
    theirs = bmc.ipmitool(*words, options=target)
    command = [sys.executable, "-P", "-m", "baseboard", "ipmitool", *theirs.command[1:]]
    ours = run(command, "", 120, {"IPMITOOL_PASSWORD": PASSWORD, "IPMI_PASSWORD": PASSWORD})
    assert (ours.out, ours.code) == (theirs.out, theirs.code)


def test_ipmitool_shows_and_warns_of_the_satellites_sensor(bmc: Bmc) -> None:
    assert ["PSU Temp", "41 degrees C", "ok"] in bmc.ipmitool("sdr", "list").ok().table()
    bmc.ipmitool("sel", "clear").ok()
    raw = int(bmc.ipmitool("raw", "4", "0x27", "1", options=SATELLITE).ok().out.split()[5], 16)
    bmc.ipmitool("raw", "4", "0x30", "1", "1", str(raw), options=SATELLITE).ok()
    seen = eventually(lambda: bmc.ipmitool("sel", "elist").out, lambda text: "PSU Temp" in text)
    assert "Upper Critical going high" in seen
    rows = bmc.ipmitool("sensor", "list").ok().table()
    assert ["PSU Temp", "cr"] in [[row[0], row[3]] for row in rows]


@pytest.mark.parametrize(
    ("target", "sensor", "unit", "product"),
    [(SATELLITE, "PSU Temp", "degrees C", "Power shelf"), (BEHIND, "Tray Fan", "RPM", "Fan tray")],
)
def test_ipmitool_reads_sensors_records_and_inventory_of_a_satellite(
    bmc: Bmc, target: tuple[str, ...], sensor: str, unit: str, product: str
) -> None:
    """Once bridged and twice: its own device SDRs, the readings by them, and its FRU."""
    (row,) = bmc.ipmitool("sdr", "list", options=target).ok().table()
    assert (row[0], row[1].partition(" ")[2]) == (sensor, unit)
    (row,) = bmc.ipmitool("sensor", "list", options=target).ok().table()
    assert (row[0], row[2]) == (sensor, unit)
    shown = bmc.ipmitool("sensor", "get", sensor, options=target).ok().out
    assert "Assertions Enabled" in shown
    locators = bmc.ipmitool("sdr", "list", "mcloc", options=target).ok().out
    assert f"Static MC @ {target[1][2:]}h" in locators
    printed = bmc.ipmitool("fru", "print", "0", options=target).ok().values
    assert printed["Product Name"] == product


def test_ipmitool_sets_a_threshold_of_a_satellite_and_writes_its_inventory(bmc: Bmc, tmp_path: Path) -> None:
    bmc.ipmitool("sensor", "thresh", "PSU Temp", "unr", "90", options=SATELLITE)
    bmc.ipmitool("sensor", "thresh", "PSU Temp", "ucr", "72", options=SATELLITE).ok()
    assert "72.000" in bmc.ipmitool("sensor", "list", options=SATELLITE).ok().out
    bmc.ipmitool("sensor", "thresh", "PSU Temp", "ucr", "70", options=SATELLITE).ok()
    image = tmp_path / "fru.bin"
    bmc.ipmitool("fru", "read", "0", str(image), options=SATELLITE).ok()
    data = image.read_bytes()
    assert len(data) == 256
    assert b"Power shelf" in data
    bmc.ipmitool("fru", "edit", "0", "field", "p", "4", "PS-2", options=SATELLITE).ok()
    assert bmc.ipmitool("fru", "print", "0", options=SATELLITE).ok().values["Product Serial"] == "PS-2"
    bmc.ipmitool("fru", "edit", "0", "field", "p", "4", "PS-1", options=SATELLITE).ok()


def test_ipmitool_finds_the_satellites_inventory_by_its_locator(bmc: Bmc) -> None:
    assert "Power shelf" in bmc.ipmitool("fru", "print").ok().out


def test_an_event_of_a_satellite_is_named_by_its_record(bmc: Bmc) -> None:
    """With the satellite as its generator: ipmitool and FreeIPMI find the sensor's name."""
    bmc.ipmitool("sel", "clear").ok()
    raw = int(bmc.ipmitool("raw", "4", "0x27", "1", options=SATELLITE).ok().out.split()[5], 16)
    bmc.ipmitool("raw", "4", "0x30", "1", "1", "0", options=SATELLITE).ok()
    eventually(
        lambda: bmc.ipmitool("raw", "4", "0x2d", "1", options=SATELLITE).out, lambda text: " 00 " in text
    )
    bmc.ipmitool("sel", "clear").ok()
    bmc.ipmitool("raw", "4", "0x30", "1", "1", str(raw), options=SATELLITE).ok()
    eventually(lambda: bmc.ipmitool("sel", "elist").out, lambda text: text.count("PSU Temp") == 2)
    shown = bmc.ipmitool("sel", "get", "2").ok().values
    assert shown["Generator ID"] == "0082"
    listed = bmc.freeipmi("ipmi-sel", "--interpret-oem-data").ok()
    assert [row[3] for row in listed.table() if row[3] == "PSU Temp"] == ["PSU Temp"] * 2


def test_freeipmi_reads_the_satellites_inventory(bmc: Bmc) -> None:
    assert "Power shelf" in bmc.freeipmi("ipmi-fru", "--bridge-fru", "-l", "OPERATOR").ok().out


def test_freeipmi_bridges_to_sensors_and_to_the_controller(bmc: Bmc) -> None:
    done = bmc.freeipmi("ipmi-sensors", "--bridge-sensors").ok()
    assert [row[2] for row in done.table() if row[1] == "PSU Temp"] == ["Temperature"]
    without = bmc.freeipmi("ipmi-sensors").ok()
    readings = {row[1]: row[3] for row in done.table()}
    assert readings["PSU Temp"] not in ("N/A", "")
    assert {row[1]: row[3] for row in without.table()}.get("PSU Temp", "N/A") == "N/A"
    raw = bmc.freeipmi(
        "ipmi-raw", "--target-channel-number=0", "--target-slave-address=0x82", "0", "6", "1"
    ).ok()
    assert raw.out.split()[:4] == ["rcvd:", "01", "00", "34"]


def test_openipmi_asks_by_ipmb(bmc: Bmc) -> None:
    options = ("-A", "rmcp+", "-Ra", "rakp_hmac_sha1", "-Ri", "hmac_sha1", "-Rc", "aes_cbc_128")
    answer = bmc.openipmicmd("0 82 0 6 1", *options).ok().out.split()
    assert answer[1:6] == ["07", "00", "01", "00", "34"]


def test_pyghmi_bridges(bmc: Bmc) -> None:
    peers.require("pyghmi")
    asked = {
        "login": {"bmc": bmc.address, "port": bmc.port, "userid": "admin", "password": PASSWORD},
        "calls": [["raw_command", [6, 1], {"bridge_request": {"addr": 0x82, "channel": 0}}]],
    }
    script = Path(__file__).with_name("pyghmi_calls.py")
    done = subprocess.run(
        [sys.executable, str(script)], input=json.dumps(asked), capture_output=True, text=True, timeout=120,
        check=True,
    )  # fmt: skip
    (answer,) = json.loads(done.stdout)
    assert bytes.fromhex(answer["data"])[0] == 52, answer


def test_python_ipmi_bridges(bmc: Bmc) -> None:
    peers.require("python-ipmi")
    import pyipmi
    import pyipmi.interfaces

    interface: Any = pyipmi.interfaces.create_interface(
        "rmcpplus", keep_alive_interval=0, cipher_suite=3, kg=None
    )
    made: Any = pyipmi.create_connection(interface)
    made.session.set_session_type_rmcp(bmc.address, bmc.port)
    made.session.set_auth_type_user("admin", PASSWORD)
    made.target = pyipmi.Target(ipmb_address=0x82, routing=[(0x81, 0x20, 0), (0x20, 0x82, None)])
    with closing(interface):
        made.open()
        try:
            assert made.get_device_id().device_id == 52
        finally:
            made.session.close()


def test_openipmi_finds_the_satellite_by_a_broadcast(bmc: Bmc) -> None:
    """It broadcasts Get Device ID by Send Message; what answers is active, and its sensors are read."""
    with connected(bmc) as shell:
        said = eventually(
            lambda: shell.ask("mc info lab(0.82)", "aux_fw_revision"), lambda text: "Active: true" in text
        )
        assert "device_id: 0x34\n" in said
        assert "manufacturer_id: 0x157\n" in said
        (name,) = re.findall(r"Name: (lab\(\S+\)\.PSU Temp)\n  Operation: Add", shell.opened)
        read = shell.ask(f'sensor get "{name}"', "Raw Value: 0x")
        raw = bmc.ipmitool("raw", "4", "0x2d", "1", options=SATELLITE).ok().out.split()[0]
        # 255 steps for 127 degrees: half a degree each
        assert f"  Value: {int(raw, 16) / 2:e}\n" in read
