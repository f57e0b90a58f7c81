"""Sensors out of the ordinary, as other people's consoles see them: curves, shared records, other LUNs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.configuration import load
from baseboard.records.sdr import EntityAssociationRecord, GenericDeviceLocatorRecord, read_sdr
from baseboard.testing.scripted import ScriptedBmc
from tests import peers
from tests.interop.lab import Bmc
from tests.interop.patience import eventually
from tests.interop.terminal import terminal
from tests.interop.test_python_ipmi import connection

HEAD = """
[[bmc]]
name = "special"
[bmc.lan]
v15 = ["md5"]
[[bmc.user]]
name = "admin"
password = "special-password"
password_size = 16
"""
SPECIAL = """
[[bmc.sensor]]
name = "Thermistor"
type = "temperature"
value = 75
value_off = 75
noise = 0
settling_s = 0
curve = [[0, -40], [60, 0], [180, 60], [255, 135]]
upper = { non_critical = 90, critical = 100 }
lower = { critical = 0 }

[[bmc.sensor]]
name = "Root"
type = "voltage"
value = 9
value_off = 9
noise = 0
linearization = "square_root"
maximum = 15

[[bmc.sensor]]
name = "Bay {n}"
type = "drive_slot"
entity = "disk_drive_bay"
count = 4
states = [0, 1, 7]
holds = [0]
share = true

[[bmc.sensor]]
name = "Link {n}"
type = "cable"
entity = "cable"
count = 2
states = [0, 1]
record = "event_only"
share = true

[[bmc.sensor]]
name = "Far Temp"
type = "temperature"
lun = 3
value = 40
value_off = 40
noise = 0
upper = { critical = 60 }
threshold_access = "readable"
hysteresis_access = "fixed"

[[bmc.sensor]]
name = "Near Power"
type = "power_supply"
entity = "power_supply"
lun = 1
states = [0, 1]
holds = [0]

[[bmc.association]]
container = "drive_backplane"
contains = [{ entity = "disk_drive_bay", instance = 1, last = 4 }]

[[bmc.record]]
type = "generic_device_locator"
fields = { slave_address = 0xA0, private_bus_id = 1, device_type = 9, id_string = "Board EEPROM" }

[[bmc.record]]
type = "management_controller_confirmation"
fields = { slave_address = 0x20, device_id = 32, device_revision = 1, firmware_major = 1 }

[[bmc.record]]
type = "oem"
fields = { manufacturer_id = 7154, data = "0102" }
"""
ACCESSES = "".join(
    f'[[bmc.sensor]]\nname = "Temp {word}"\ntype = "temperature"\nvalue = 40\nnoise = 0\n'
    f'upper.critical = 60\nthreshold_access = "{word}"\nhysteresis_access = "{word}"\n'
    for word in ("settable", "readable", "fixed")
)
THERMISTOR = 75.0
STEP = 1.0
"""What a count of the steepest piece of the curve is worth."""


@contextmanager
def serving(folder: Path, sensors: str) -> Iterator[Bmc]:
    """A BMC that a file describes."""
    path = folder / "bmc.toml"
    path.write_text(HEAD + sensors)
    (described,) = load([path]).bmcs
    with ScriptedBmc(described.blueprint, SimulatedServer) as running:
        yield Bmc("127.0.0.1", running.port, "admin", "special-password", None, "special", folder)


@pytest.fixture(scope="module")
def bmc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bmc]:
    """The BMC with everything out of the ordinary."""
    with serving(tmp_path_factory.mktemp("special"), SPECIAL) as running:
        yield running


def test_ipmitool_lists_every_sensor_with_its_value(bmc: Bmc) -> None:
    rows = {row[0]: row for row in bmc.ipmitool("sdr", "elist", "all").ok().table()}
    assert float(rows["Thermistor"][4].split()[0]) == pytest.approx(THERMISTOR, abs=STEP)
    assert float(rows["Root"][4].split()[0]) == pytest.approx(9, abs=0.2)
    assert rows["Far Temp"][4] == "40 degrees C"
    assert rows["Near Power"][4] == "Presence detected"
    # of a record that several share ipmitool shows the first, by the name that they have in common
    assert rows["Bay"][4] == "Drive Present"
    assert rows["Link"][2:] == ["ns", "36.1", "Event-Only"] or rows["Link"][4] == "Event-Only"
    assert rows["Board EEPROM"][1:3] != []


def test_35_5_ipmitool_converts_each_reading_by_its_own_factors(bmc: Bmc) -> None:
    """On each of the three straight pieces; of the consoles tried here only ipmitool asks for them."""
    for raw, value in ((0x1E, -20), (0x78, 30), (0xC3, THERMISTOR), (0xF0, 120)):
        bmc.ipmitool("raw", "4", "0x30", "1", "1", f"{raw:#x}").ok()
        told = bmc.ipmitool("sensor", "reading", "Thermistor").ok().table()
        assert float(told[0][1]) == pytest.approx(value, abs=STEP)
    bmc.ipmitool("raw", "4", "0x30", "1", "1", "0xc3").ok()


def test_openipmi_brings_every_sensor_and_entity_up_without_a_complaint(bmc: Bmc) -> None:
    with terminal([peers.require("OpenIPMI", "openipmish")]) as screen:
        screen.type("redisp_cmd off\n")
        screen.wait_for("redisp set")
        login = f"lan -U {bmc.username} -P {bmc.password} -p {bmc.port} {bmc.address}"
        screen.type(f"domain open lab -wait_til_up {login}\n")
        opened = screen.wait_for("Domain Created: lab").replace("\r", "")
        assert "Operation: Domain fully up" in opened
        assert "Operation: Error" not in opened
        assert not re.search(r"WARN|SEVR|FATL|EINF", opened), opened
        sensors = set(re.findall(r"Object Type: Sensor\n  Name: lab\(\S+\)\.(.+)\n  Operation: Add", opened))
        assert {"Thermistor", "Root", "Far Temp", "Near Power", "Bay 1", "Bay 2", "Bay 3", "Bay 4"} <= sensors
        # QUIRK OpenIPMI 2.0: it looks for an event-only record's name a byte too early (Table 43-3, byte 17)
        assert {"1", "2"} <= sensors
        entities = set(re.findall(r"Object Type: Entity\n  Name: lab\((\S+)\)\n  Operation: Add", opened))
        # drive bays and the backplane that has them, the power supply, the board and its EEPROM
        assert {"7.1", "15.1", "26.1", "10.1"} <= entities
        screen.type("exit\n")
        screen.ended()


def test_36_3_freeipmi_and_ipmitool_agree_where_one_formula_is_enough(bmc: Bmc) -> None:
    """Of factors that differ from reading to reading FreeIPMI 1.6 knows nothing: it shows their state."""
    rows = {
        row[1]: row for row in bmc.freeipmi("ipmi-sensors", "--output-sensor-state", "-W", "none").table()
    }
    words = bmc.freeipmi("ipmi-sensors", "--output-sensor-state", "--shared-sensors").ok().table()
    rows = {row[1]: row for row in words}
    theirs = {row[0]: row for row in bmc.ipmitool("sdr", "elist", "all").ok().table()}
    assert float(rows["Root"][4]) == pytest.approx(float(theirs["Root"][4].split()[0]), abs=0.01)
    assert rows["Thermistor"][3:5] == ["Nominal", "N/A"]
    # a blank of its own stands before the number; sensors of other LUNs it takes for bridged ones
    assert [rows[f"Bay  {n}"][6] for n in range(1, 5)] == ["'Drive Presence'"] * 4
    assert rows["Far Temp"][3:5] == ["N/A", "N/A"]


def test_freeipmis_checkout_of_the_sensors_is_committed_unchanged(tmp_path: Path) -> None:
    """Of one LUN, since ipmi-config sends everything to LUN 0, and without a curve."""
    with serving(tmp_path, ACCESSES) as own:

        def config(*options: str) -> str:
            done = own.freeipmi("ipmi-config", "--category=sensors", *options, privilege="ADMIN")
            assert done.code == 0, str(done)
            return done.out

        before = config("--checkout")
        file = f"--filename={tmp_path / 'sensors'}"
        assert config("--checkout", file) == config("--commit", file) == config("--diff", file) == ""
        assert config("--checkout") == before
        settable, readable, fixed = (part for part in before.split("Section ")[1:])
        assert "\tUpper_Critical_Threshold" in settable
        # what can only be read is a comment, and what cannot even be read is not there
        assert "## Upper_Critical_Threshold" in readable
        assert "Upper_Critical_Threshold" not in fixed
        assert "Hysteresis" not in fixed


def test_the_repository_is_dumped_cleared_and_filled_again_by_ipmitool(bmc: Bmc, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    bmc.ipmitool("sdr", "dump", str(first)).ok()
    bmc.ipmitool("sdr", "fill", "file", str(first)).ok()
    bmc.ipmitool("sdr", "dump", str(second)).ok()

    def bodies(path: Path) -> list[bytes]:
        data, found = path.read_bytes(), []
        while data:
            found.append(data[2 : data[4] + 5])
            data = data[data[4] + 5 :]
        return found

    assert bodies(first) == bodies(second)
    kinds = [read_sdr(b"\1\0" + body) for body in bodies(second)]
    assert any(isinstance(kind, GenericDeviceLocatorRecord) for kind in kinds)
    (contained,) = [kind for kind in kinds if isinstance(kind, EntityAssociationRecord)]
    assert [entity.instance for entity in contained.entities()] == [1, 2, 3, 4]


def test_35_17_a_written_reading_is_in_ipmitools_log(bmc: Bmc) -> None:
    """Raw 30h: sensor 1, write the reading (01b), FFh: beyond everything."""
    bmc.ipmitool("sel", "clear").ok()
    bmc.ipmitool("raw", "4", "0x30", "1", "1", "0xff").ok()
    events = eventually(lambda: bmc.ipmitool("sel", "elist").ok().table(), lambda rows: len(rows) == 2)
    assert any(
        "Thermistor" in cell and "Upper Critical going high" in row[4] for row in events for cell in row
    )
    bmc.ipmitool("raw", "4", "0x30", "1", "1", "0xc3").ok()


def test_python_ipmi_reads_sensors_of_every_lun(bmc: Bmc) -> None:
    """It takes values from the records' own formulas, and sends to the LUN that it is told."""
    with connection(bmc) as ipmi:
        entries = {str(one.device_id_string): one for one in ipmi.sdr_repository_entries() if one.type == 1}
        far = entries["Far Temp"]
        raw, _ = ipmi.get_sensor_reading(far.number, far.owner_lun)
        assert far.convert_sensor_raw_to_value(raw) == pytest.approx(40)
        assert ipmi.get_sensor_thresholds(far.number, far.owner_lun)["ucr"] > raw
