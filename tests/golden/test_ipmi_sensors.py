"""ipmi-sensors, FreeIPMI's and ours, on the same BMCs."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from baseboard.cli.freeipmi.state_rules import RULES
from baseboard.records.sdr import (
    FruDeviceLocatorRecord,
    GenericDeviceLocatorRecord,
    ManagementControllerConfirmationRecord,
    OemRecord,
)
from tests import peers
from tests.golden.freeipmi import both, in_order
from tests.golden.odd_sensors import (
    ENABLES,
    HYSTERESIS,
    SENSOR,
    THRESHOLDS,
    compact,
    event_only,
    full,
    lines,
    odd_bmc,
    said,
)
from tests.interop.lab import Bmc, Done, Lab

OURS = [sys.executable, "-P", "-m", "baseboard", "ipmi-sensors"]
ipmi_sensors: Callable[..., Done] = partial(both, "ipmi-sensors")

FORMS = [
    "",
    "--comma-separated-output",
    "--no-header-output",
    "--comma-separated-output --no-header-output --output-sensor-state --output-event-bitmask",
    "--output-sensor-state",
    "--output-event-bitmask",
    "--output-sensor-thresholds",
    "--output-sensor-thresholds --comma-separated-output",
    "-q",
    "--quiet-readings --output-sensor-thresholds --output-sensor-state",
    "--ignore-not-available-sensors",
    "--ignore-unrecognized-events",
    "--interpret-oem-data",
    "--entity-sensor-names",
    "--no-sensor-type-output",
    "--no-sensor-type-output -q --comma-separated-output",
    "--non-abbreviated-units",
    "--shared-sensors",
    "--shared-sensors --entity-sensor-names",
    "-b",
    "--bridge-sensors --output-sensor-state",
    "-t fan",
    "--sensor-types=Temperature,fan",
    "--sensor-type Temperature",
    "-g fan",
    "--group=Fan",
    "-T temperature",
    "--exclude-sensor-types=2,0x04",
    "-r 3,9",
    "-r 3 -r 9",
    "-R 1,2,3",
    "-r 1,2,3 -R 2",
    "-r 3,4,all -T none",
    "--sensors=1",
    "-i",
    "--sdr-info",
    "-v",
    "-v --output-sensor-state",
    "-vv",
    "-vvv --non-abbreviated-units",
    "-vv --output-event-bitmask",
    "--legacy-output",
    "--legacy-output -q",
    "--legacy-output -v",
    "--legacy-output -vv",
    "--ipmimonitoring-legacy-output",
    "--ipmimonitoring-legacy-output --output-sensor-state",
    "--ipmimonitoring-legacy-output -q",
    "--always-prefix",
    "--sdr-cache-recreate",
]


def steady(text: str) -> str:
    """Readings of the lab move from one run to the next; what does not is how they are printed."""
    return re.sub(r"\d+\.\d+", lambda found: re.sub(r"\d", "0", found[0]), text)


@pytest.mark.parametrize("words", FORMS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_form_on_every_make_up(golden_lab: Lab, number: int, words: str) -> None:
    suite = 3 if golden_lab[number] is golden_lab.weak else 17
    done = ipmi_sensors([golden_lab[number]], "--quiet-cache", *words.split(), suite=suite, same=steady)
    assert done.code == 0
    assert done.out


@pytest.mark.parametrize("words", FORMS)
def test_every_form_on_another_simulator(sim: Bmc, words: str) -> None:
    login = ("--quiet-cache", "-W", "opensesspriv")
    assert ipmi_sensors([sim], *login, *words.split(), suite=3).code == 0


EXPORTER = (
    "--quiet-cache --ignore-unrecognized-events --comma-separated-output --no-header-output"
    " --sdr-cache-recreate --output-event-bitmask --output-sensor-state"
)
CHECK = (
    "-l ADMIN --quiet-cache --sdr-cache-recreate --interpret-oem-data --output-sensor-state"
    " --ignore-not-available-sensors --output-sensor-thresholds -t fan,temperature"
)


@pytest.mark.parametrize("words", ["", "-v", "-q", "--legacy-output", EXPORTER, CHECK])
@pytest.mark.parametrize("number", [0, 2])
def test_monitoring_programs(golden_lab: Lab, number: int, words: str) -> None:
    """What ipmi_exporter and check_ipmi_sensor call, and the name that the first calls."""
    one = [golden_lab[number]]
    assert both("ipmimonitoring", one, *words.split(), suite=3, same=steady).code == 0


@pytest.mark.parametrize("option", ["--sdr-cache-file={}/records", "--sdr-cache-directory={}"])
def test_kept_records(golden_lab: Lab, tmp_path: Path, option: str) -> None:
    """Ours are not FreeIPMI's files, so each program has a folder of its own."""
    bmc = golden_lab[0]
    words = ["-h", f"{bmc.address}:{bmc.port}", "-D", "LAN_2_0", "-u", bmc.username, "-p", bmc.password, "-Q"]
    words += ["-q", "-I", "17"]
    told: list[list[str]] = []
    for command in ([peers.require("FreeIPMI", "ipmi-sensors")], OURS):
        folder = tmp_path / str(len(told))
        folder.mkdir()
        # FreeIPMI makes its usual folder too, unless it is told another.
        own = [f"--sdr-cache-directory={folder}", option.format(folder)]
        kept, told_by_one = [], list[str]()
        for more in ([], [], ["--flush-cache"], ["--sdr-cache-recreate"]):
            done = subprocess.run(
                [*command, *words, *own, *more], capture_output=True, text=True, timeout=60, check=True
            )
            told_by_one.append(done.stdout)
            kept.append(sum(1 for one in folder.rglob("*") if one.is_file()))
        assert kept[0] > 0
        assert kept[1] == kept[0] > kept[2]
        told.append(told_by_one)
    assert told[0] == told[1]


def test_kept_records_that_are_damaged(golden_lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "records"
    file.write_bytes(b"not records")
    rack = [golden_lab[0]]
    assert ipmi_sensors(rack, "-Q", f"--sdr-cache-file={file}").code == 1
    assert ipmi_sensors(rack, "-Q", f"--sdr-cache-file={file}", "--sdr-cache-recreate", same=steady).code == 0


def test_over_version_1_5(golden_lab: Lab) -> None:
    assert ipmi_sensors([golden_lab.weak], "-Q", driver="LAN", suite=None, same=steady).code == 0


def test_types_are_listed() -> None:
    done = both("ipmi-sensors", [], "-L", login=False)
    assert done.lines[0] == "Temperature"
    assert both("ipmi-sensors", [], "--list-sensor-types", login=False).out == done.out


@pytest.mark.parametrize(
    "words",
    [
        ["-r", "9999"],
        ["-r", "1,x"],
        ["-R", "70000"],
        ["-t", "nothing"],
        ["-T", "0x99"],
        ["word"],
        ["--nonsense"],
        ["--utc-offset", "x"],
        ["--sensor-state-config-file", "/nowhere", "--output-sensor-state"],
        ["--sdr-cache-directory", "/nowhere"],
        ["-B", "-C"],
    ],
)
def test_wrong_options(golden_lab: Lab, words: list[str]) -> None:
    assert ipmi_sensors([golden_lab[0]], "-Q", *words).code != 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"password": "wrong-password"}, "password invalid"),
        ({"suite": 8}, "cipher suite id unavailable"),
        ({"driver": "LAN", "suite": None}, "authentication type unavailable for attempted privilege level"),
    ],
)
def test_a_login_that_fails_says_why(golden_lab: Lab, words: dict[str, object], told: str) -> None:
    done = ipmi_sensors([golden_lab[0]], "-Q", "--session-timeout", "4000", **words)
    assert (done.out, done.err, done.code) == ("", f"ipmi-sensors: {told}\n", 1)


def test_nobody_there() -> None:
    nobody = Bmc("127.0.0.1", 9, "admin", "x", None, "nobody", Path())
    done = ipmi_sensors([nobody], "--session-timeout", "1500")
    assert (done.out, done.err, done.code) == ("", "ipmi-sensors: connection timeout\n", 1)


def test_many_hosts(golden_lab: Lab) -> None:
    hosts = [golden_lab[0], golden_lab[1]]

    def sorted_and_steady(text: str) -> str:
        return in_order(steady(text))

    words = ("-t", "fan", "--output-sensor-state")
    assert ipmi_sensors(hosts, *words, same=sorted_and_steady).code == 0
    assert ipmi_sensors(hosts, *words, "-B", "-F", "1", same=sorted_and_steady).code == 0
    states = ("-C", "-q", "-t", "watchdog_2", "--no-header-output")
    assert "\n----------------\n" in ipmi_sensors(hosts, *states, same=in_order).out
    # The second has no suite 3.
    done = ipmi_sensors(hosts, *words, suite=3, same=sorted_and_steady)
    assert done.code == 1
    assert "ipmi-sensors: cipher suite id unavailable\n" in done.err


def test_a_configuration_file_that_is_a_pipe(golden_lab: Lab) -> None:
    bmc = golden_lab[0]
    text = f"username {bmc.username}\npassword {bmc.password}\ndriver-type LAN_2_0\nprivilege-level ADMIN\n"
    words = ["--config-file", "/dev/stdin", "-h", f"{bmc.address}:{bmc.port}", "-I", "17", "-q", "-Q"]
    outputs = []
    for command in ([peers.require("FreeIPMI", "ipmi-sensors")], OURS):
        with tempfile.TemporaryDirectory() as home:
            outputs.append(
                subprocess.run(
                    [*command, *words, f"--sdr-cache-directory={home}"],
                    input=text,
                    capture_output=True,
                    text=True,
                    timeout=60,
                    check=True,
                ).stdout
            )
    assert outputs[0] == outputs[1]


def test_interpretation_rules_of_the_users_own(golden_lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "rules.conf"
    file.write_text(
        "# mine\nIPMI_Fan_Redundancy_Fully_Redundant  Warning\nIPMI_Watchdog2_No_Event Critical\n"
    )
    words = ("-Q", "-q", "--output-sensor-state", "--sensor-state-config-file", str(file))
    done = ipmi_sensors([golden_lab[0]], *words)
    assert re.search(r"Fan Redundancy +\| Fan +\| Warning", done.out)
    file.write_text("IPMI_No_Such_Rule Critical\n")
    assert ipmi_sensors([golden_lab[0]], *words).code == 1


# ---- sensors that no BMC of the lab has


ODD = [
    full(1, m=3, b=-7, b_exp=1, r_exp=-2, id_string="Odd factors"),
    full(2, linearization=1, id_string="Logarithm"),
    full(3, linearization=0x70, id_string="By factors"),
    full(4, analog_format=3, id_string="Not analog"),
    full(5, analog_format=1, id_string="Ones' complement"),
    full(6, analog_format=2, m=-5, r_exp=1, id_string="Two's complement"),
    full(7, percentage=True, base_unit=0, id_string="Percent"),
    full(8, percentage=True, base_unit=18, id_string="Percent of RPM"),
    full(9, base_unit=20, modifier_use=1, modifier_unit=22, id_string="Per unit"),
    full(10, base_unit=6, modifier_use=2, modifier_unit=24, id_string="Times unit"),
    full(11, base_unit=6, modifier_use=1, modifier_unit=0, id_string="Per nothing"),
    full(12, base_unit=18, rate_unit=4, id_string="RPM a minute"),
    full(13, base_unit=6, rate_unit=3, id_string="A second"),
    full(14, base_unit=0x90, id_string="No such unit"),
    full(15, base_unit=6, rate_unit=3, modifier_use=1, id_string="Both at once"),
    full(16, threshold_access=0, id_string="No thresholds"),
    full(17, threshold_access=3, upper_critical=0x60, lower_critical=0x10, id_string="Fixed ones"),
    full(18, threshold_access=2, upper_non_recoverable=0x70, id_string="Not told"),
    full(19, owner_id=0x41, id_string="Software's"),
    full(20, owner_lun=1, id_string="LUN 1"),
    full(21, owner_id=0x82, channel=0, id_string="Other owner"),
    full(22, sensor_type=0x30, id_string="Unknown type"),
    full(23, sensor_type=0xC5, id_string="Maker's type"),
    full(24, event_type=3, base_unit=0, analog_format=3, id_string="Full with states"),
    full(25, event_type=0x6F, sensor_type=8, id_string="Full PSU"),
    full(26, id_string="Busy"),
    full(27, id_string="Absent"),
    full(28, id_string="Not scanning"),
    full(29, id_string="Unavailable"),
    full(30, id_string="No states told"),
    full(31, hysteresis_access=1, m=2, b=5, id_string="Hysteresis"),
    full(32, nominal_given=True, nominal_reading=40, normal_minimum_given=True, id_string="Ranges"),
    full(33, tolerance=3, accuracy=250, accuracy_exp=1, direction=1, id_string="Accurate"),
    full(34, id_string=""),
    full(35, entity_id=0x3A, id_string="Entity 3Ah"),
    full(36, entity_id=0x95, id_string="Chassis's"),
    full(37, entity_id=0xB5, id_string="Board set's"),
    full(38, entity_id=0xD5, entity_instance=0x7F, logical_entity=True, id_string="Maker's entity"),
    full(39, entity_id=0x0A, id_string="power supply"),
    full(40, linearization=8, r_exp=1, id_string="Squared"),
    compact(50, event_type=1, sensor_type=2, id_string="Compact volts"),
    compact(51, event_type=0x70, sensor_type=3, id_string="OEM event"),
    compact(52, event_type=0x6F, sensor_type=0xC0, id_string="OEM type"),
    compact(53, event_type=0x6F, sensor_type=0xC0, id_string="OEM type, calm"),
    compact(54, event_type=0x6F, sensor_type=7, id_string="Several states"),
    compact(55, event_type=3, sensor_type=7, id_string="Unknown states"),
    compact(56, hysteresis_access=2, direction=2, id_string="Compact hyst"),
    compact(60, share_count=3, modifier_offset=5, instances_increment=True, id_string="Shared"),
    compact(64, share_count=2, name_modifier=1, modifier_offset=2, id_string="Lettered"),
    event_only(70),
    GenericDeviceLocatorRecord(
        slave_address=0xA4, device_type=0x0A, device_type_modifier=1, address_span=2, id_string="EEPROM"
    ),
    GenericDeviceLocatorRecord(
        slave_address=0xA6, device_type=0x05, device_type_modifier=9, id_string="Heceta"
    ),
    GenericDeviceLocatorRecord(slave_address=0xA8, device_type=0xC1, id_string="Own device"),
    GenericDeviceLocatorRecord(slave_address=0xAA, device_type=0x30, channel=9, id_string="Reserved device"),
    FruDeviceLocatorRecord(fru_device_id=0xA0, logical=False, device_type=0x0B, id_string="FRU"),
    ManagementControllerConfirmationRecord(
        slave_address=0x20, device_id=1, manufacturer_id=343, product_id=7
    ),
    OemRecord(manufacturer_id=0x2A7C, data=bytes(range(9))),
]

NOT_TOLD, ILLEGAL, INVALID = b"\xff", b"\xcd", b"\xc1"
READINGS: dict[int, bytes | None] = {
    **{number: said(30 + number, 0xC0) for number in range(1, 41)},
    2: said(90, 0xC0),
    5: said(0xF0, 0xC1),
    6: said(0xF0, 0xC8),
    7: said(50, 0xC3),
    8: said(50, 0xD8),
    9: said(50, 0xFF),
    17: said(0x61, 0x10),
    23: said(10, 0x20),
    24: said(0, 0x8002),
    25: said(0, 0x800A),
    26: b"\xc0",
    27: b"\xcb",
    28: said(5, 0, flags=0x80),
    29: said(5, 0, flags=0xE0),
    30: b"\0\x20\xc0",
    50: said(5, 0xC8),
    51: said(0, 0x8003),
    52: said(0, 0x8003),
    53: said(0, 0x8000),
    54: said(0, 0x8C81),
    55: said(0, 0x8004),
    56: said(0, 0x8001),
    **{number: said(0, 0x8001 << number % 3 & 0x7FFF) for number in (60, 61, 62, 64, 65)},
}
OTHERS = {
    (SENSOR, THRESHOLDS): {
        **{number: bytes((0, 0x3F, 10, 5, 2, 80, 90, 100)) for number in range(1, 41)},
        3: INVALID,
        14: ILLEGAL,
        18: NOT_TOLD,
    },
    (SENSOR, HYSTERESIS): {31: b"\0\x02\x00", 56: b"\0\x03\x04"},
    (SENSOR, ENABLES): {
        **dict.fromkeys(range(1, 41), b"\x00\xc0\x80\n\x80\n"),
        1: b"\0\x40",
        2: b"\0\x80",
        7: b"\0\xc0\x00\x00",
        54: b"\0\xc0\x83\x00\x00\x00",
        55: ILLEGAL,
        **dict.fromkeys((24, 25, 50, 51, 52, 53, 56, 60, 61, 62, 64, 65), b"\x00\xc0\x07\x00\x07\x00"),
    },
}


# One of the odd sensors is at LUN 1 of the BMC. FreeIPMI sends a bridged message for that, which the BMC need
# not bear to itself; ours asks that LUN.
@pytest.mark.parametrize("words", [one for one in FORMS if "-b" not in one and "--bridge" not in one])
def test_odd_sensors(words: str) -> None:
    with odd_bmc(lines(ODD, READINGS, OTHERS)) as bmc:
        done = ipmi_sensors([bmc], "-Q", *words.split(), suite=3)
    assert done.code == 0


@pytest.mark.parametrize("words", ["-W discretereading", "-W ignorescanningdisabled", "-W assumebmcowner"])
def test_workarounds(words: str) -> None:
    with odd_bmc(lines(ODD, READINGS, OTHERS)) as bmc:
        assert ipmi_sensors([bmc], "-Q", *words.split(), "--output-sensor-state", suite=3).code == 0


def test_a_bridge_to_nobody() -> None:
    records = [full(1), full(2, owner_id=0x82), full(3)]
    with odd_bmc(lines(records, READINGS, OTHERS)) as bmc:
        assert "N/A" in ipmi_sensors([bmc], "-Q", suite=3).out
        assert ipmi_sensors([bmc], "-Q", "-b", suite=3).code == 1


@pytest.mark.parametrize("code", [0xC0, 0xC1, 0xC9, 0xCB, 0xCC, 0xCD, 0xCE, 0xD3, 0xD4, 0xD5, 0xFF])
@pytest.mark.parametrize("options", ["", "--ignore-not-available-sensors"])
def test_refused_readings(code: int, options: str) -> None:
    records = [full(1), full(2), full(3)]
    answers = {1: said(30, 0xC0), 2: bytes((code,)), 3: said(31, 0xC0)}
    with odd_bmc(lines(records, answers, OTHERS)) as bmc:
        ipmi_sensors([bmc], "-Q", *options.split(), suite=3)


@pytest.mark.parametrize("code", [0xC1, 0xC9, 0xCB, 0xCC, 0xCD, 0xD4, 0xFF])
def test_refused_thresholds(code: int) -> None:
    thresholds = {**OTHERS[SENSOR, THRESHOLDS], 2: bytes((code,))}
    answers = lines([full(1), full(2), full(3)], READINGS, {(SENSOR, THRESHOLDS): thresholds})
    with odd_bmc(answers) as bmc:
        ipmi_sensors([bmc], "-Q", "--output-sensor-thresholds", suite=3)


def test_no_records_at_all() -> None:
    with odd_bmc(lines([], {})) as bmc:
        assert ipmi_sensors([bmc], "-Q", suite=3).code == 1


def _each_state() -> list[tuple[int, int, int]]:
    """Every event/reading type and sensor type of the tables and some beyond, each of their states alone."""
    pairs = {(kind, sensor) for kind, sensor in RULES if kind != 1}
    pairs |= {(0x6F, sensor) for sensor in range(0x2E)} | {(kind, 0x0A) for kind in range(2, 13)}
    return [
        (kind, sensor, bits)
        for kind, sensor in sorted(pairs)
        for bits in (0, *(1 << place for place in range(15)))
        # FreeIPMI has the text, but its table of short texts ends before it.
        if (kind, sensor, bits) != (0x6F, 0x19, 2)
    ]


EACH_STATE = _each_state()
AT_A_TIME = 250


@pytest.mark.parametrize("start", range(0, len(EACH_STATE), AT_A_TIME))
def test_every_state_in_words_and_how_bad_it_is(start: int) -> None:
    some = EACH_STATE[start : start + AT_A_TIME]
    records = [
        compact(place, event_type=kind, sensor_type=sensor) for place, (kind, sensor, _) in enumerate(some)
    ]
    answers: dict[int, bytes | None] = {
        place: said(0, 0x8000 | bits) for place, (_, _, bits) in enumerate(some)
    }
    enables = {(SENSOR, ENABLES): dict.fromkeys(range(AT_A_TIME), ILLEGAL)}
    with odd_bmc(lines(records, answers, enables)) as bmc:
        for words in ("--output-sensor-state", "--output-sensor-state --ignore-unrecognized-events", "-v"):
            assert ipmi_sensors([bmc], "-Q", *words.split(), suite=3).code == 0


def test_every_sensor_type_unit_and_entity() -> None:
    records = [
        full(number, sensor_type=number, base_unit=number, entity_id=number, id_string="X")
        for number in range(0xFF)
    ]
    answers: dict[int, bytes | None] = {number: said(30, 0xC0) for number in range(0xFF)}
    with odd_bmc(lines(records, answers, {(SENSOR, ENABLES): dict.fromkeys(range(0xFF), ILLEGAL)})) as bmc:
        for words in ("--entity-sensor-names", "--non-abbreviated-units", "-v"):
            assert ipmi_sensors([bmc], "-Q", *words.split(), suite=3).code == 0
