"""What is special about described sensors."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.sensors import Init, ordinary
from baseboard.bmc.store import MemoryStore
from baseboard.codes import Linearization
from baseboard.records.sdr import Access, CompactSensorRecord, EventControl, read_sdr
from baseboard.testing.clock import VirtualClock
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint
from tests.bmc.harness import Bench

INLET = '[[bmc.sensor]]\nname = "Inlet"\ntype = "temperature"\nvalue = 23\n'
LIMITED = INLET + "upper.critical = 42\n"
BAYS = '[[bmc.sensor]]\nname = "Bay {n}"\ntype = "drive_slot"\nentity = "disk_drive_bay"\nstates = [0, 1]\n'
DISK = '[[bmc.sensor]]\nname = "Disk"\ntype = "temperature"\nvalue = 30\nentity = "disk_drive_bay"\n'


def sensors(folder: Path, text: str) -> tuple[SensorSpec, ...]:
    return blueprint(folder, ONE + text).sensors


def test_most_sensors_are_ordinary(tmp_path: Path) -> None:
    (one,) = sensors(tmp_path, LIMITED)
    assert one.traits is ordinary()


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    (one,) = sensors(
        tmp_path,
        LIMITED + 'init = ["thresholds", "type"]\nevents_enabled = false\nscanning_enabled = false\n'
        'threshold_access = "readable"\nhysteresis_access = "fixed"\nevent_control = "entire_sensor"\n'
        'settable = "values"\nupdate_s = 2.5\n',
    )  # fmt: skip
    traits = one.traits
    assert traits.init == Init.THRESHOLDS | Init.TYPE
    assert (traits.events_enabled, traits.scanning_enabled) == (False, False)
    assert (traits.thresholds, traits.hysteresis) == (Access.READABLE, Access.FIXED)
    assert traits.event_control == EventControl.ENTIRE_SENSOR
    assert (traits.settable, traits.update_s) == ("values", 2.5)


def test_an_empty_list_is_nothing_and_not_everything(tmp_path: Path) -> None:
    (one,) = sensors(tmp_path, INLET + "init = []\n")
    assert one.traits.init == 0


def test_a_curve_says_from_where_to_where(tmp_path: Path) -> None:
    (one,) = sensors(tmp_path, INLET + "curve = [[0, -40], [128, 20], [255, 130.5]]\n")
    assert one.traits.curve == ((0, -40.0), (128, 20.0), (255, 130.5))
    assert (one.minimum, one.maximum, one.linearization) == (-40, 130.5, Linearization.NON_LINEAR)
    (less,) = sensors(tmp_path, INLET + "curve = [[0, -40], [255, 130]]\nminimum = 0\nmaximum = 90\n")
    assert (less.minimum, less.maximum) == (0, 90)


def test_sensors_that_share_a_record(tmp_path: Path) -> None:
    described = blueprint(tmp_path, ONE + BAYS + "count = 4\nshare = true\n")
    assert [spec.traits.share for spec in described.sensors] == ["Bay "] * 4
    bmc = Bench(described, MemoryStore(), VirtualClock())
    record = read_sdr(bmc.services.sdr.read(1)[0])
    assert isinstance(record, CompactSensorRecord)
    assert [shared.name for shared in record.sensors()] == ["Bay 1", "Bay 2", "Bay 3", "Bay 4"]
    assert [shared.entity_instance for shared in record.sensors()] == [1, 2, 3, 4]
    (first, _) = sensors(tmp_path, BAYS.replace(" {n}", "") + "count = 2\nshare = true\n")
    assert (first.name, first.traits.share) == ("Bay 1", "Bay ")


def test_a_sensor_that_comes_and_goes(tmp_path: Path) -> None:
    disk = sensors(tmp_path, DISK + "removable = true\n" + BAYS)[0]
    assert disk.traits.removable
    other = sensors(tmp_path, DISK + "ignore_if_absent = true\n" + BAYS)[0]
    assert other.traits.ignore_if_absent


@pytest.mark.parametrize(
    ("text", "key", "word"),
    [
        (f"{BAYS}curve = [[0, 1], [2, 3]] {HERE}\n", "curve", "with a value"),
        (f'{BAYS}threshold_access = "fixed" {HERE}\n', "threshold_access", "with a value"),
        (f'{INLET}hysteresis_access = "fixed" {HERE}\n', "hysteresis_access", "upper thresholds"),
        (f"{INLET}share = true {HERE}\n", "share", "compact"),
        (f'{BAYS}record = "full"\nshare = true {HERE}\n', "share", "compact"),
        (f"{BAYS}share = true\nremovable = true {HERE}\n", "removable", "in part"),
        (f"{INLET}curve = [[0, 1], [2, 1]] {HERE}\n", "curve", "does not rise"),
        (f"{INLET}curve = [[0, 1], [2, 3]]\nsigned = true {HERE}\n", "signed", "curve is there too"),
        (
            f'{INLET}curve = [[0, 1], [2, 3]]\nlinearization = "ln" {HERE}\n',
            "linearization",
            "curve is there",
        ),
        (f"{DISK}removable = true {HERE}\n", "removable", "no sensor tells"),
        (f"{DISK}ignore_if_absent = true {HERE}\n", "ignore_if_absent", "no sensor tells"),
        (f"{BAYS.replace('Bay {n}', 'Bay {n} x')}share = true\n".replace('name = "', 'name = "', 1), "", ""),
    ],
)
def test_mistakes(tmp_path: Path, text: str, key: str, word: str) -> None:
    if not key:
        text = text.replace('x"\n', f'x" {HERE}\n')
        key, word = "name", "at their end"
    assert_mistake(tmp_path, ONE + text, f"bmc[0].sensor[0].{key}", word)
