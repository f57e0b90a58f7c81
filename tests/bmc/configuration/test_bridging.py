"""Other controllers described: satellites, and the ICMB bridge."""

from __future__ import annotations

from pathlib import Path

from baseboard.bmc.blueprint.bridging import ConnectorSpec, IcmbSpec
from baseboard.records.sdr import FullSensorRecord, ManagementControllerDeviceLocatorRecord, read_sdr
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

SATELLITE = "[[bmc.satellite]]\naddress = 0x82\n"
SENSOR = '[[bmc.satellite.sensor]]\nname = "PSU Temp"\ntype = "temperature"\nnumber = 1\nvalue = 41\n'


def test_without_a_word_there_is_nobody(tmp_path: Path) -> None:
    made = blueprint(tmp_path, ONE)
    assert (made.satellites, made.icmb) == ((), None)


def test_a_satellite_with_a_sensor_is_in_the_sdr_repository(tmp_path: Path) -> None:
    said = f'{SATELLITE}name = "PSU"\nfirmware = "3.07"\ndevice_id = 5\nevents = false\n{SENSOR}'
    made = blueprint(tmp_path, ONE + said)
    (satellite,) = made.satellites
    assert (satellite.address, satellite.name, satellite.device_id, satellite.events) == (
        0x82,
        "PSU",
        5,
        False,
    )
    assert (satellite.firmware_major, satellite.firmware_minor) == (3, "07")
    assert [(one.name, one.physics.on) for one in satellite.sensors] == [("PSU Temp", 41)]
    locator, sensor = (read_sdr(record) for record in made.records)
    assert isinstance(locator, ManagementControllerDeviceLocatorRecord)
    assert isinstance(sensor, FullSensorRecord)
    assert (locator.slave_address, sensor.owner_id, sensor.sensor_number) == (0x82, 0x82, 1)


def test_who_is_behind_another_comes_after_it_and_has_no_record(tmp_path: Path) -> None:
    behind = "[[bmc.satellite]]\naddress = 0x72\nbehind = 0x82\n"
    made = blueprint(tmp_path, ONE + behind + SATELLITE)
    assert [(one.address, one.behind, one.channel) for one in made.satellites] == [
        (0x82, 0, 0),
        (0x72, 0x82, 7),
    ]
    assert len(made.records) == 1
    other = blueprint(tmp_path, ONE + SATELLITE + behind + "channel = 3\n")
    assert other.satellites[1].channel == 3


def test_what_does_not_fit_together(tmp_path: Path) -> None:
    twice = f"{SATELLITE}[[bmc.satellite]]\naddress = 0x82 {HERE}\n"
    assert_mistake(tmp_path, ONE + twice, "bmc[0].satellite[1].address", "somebody else's")
    assert_mistake(
        tmp_path,
        f"{ONE}[[bmc.satellite]]\naddress = 0x20 {HERE}\n",
        "bmc[0].satellite[0].address",
        "somebody else's",
    )
    lost = f"[[bmc.satellite]]\naddress = 0x72\nbehind = 0x84 {HERE}\n"
    assert_mistake(tmp_path, ONE + SATELLITE + lost, "bmc[0].satellite[1].behind", "no satellite on the IPMB")
    assert_mistake(
        tmp_path, f"{ONE}{SATELLITE}channel = 2 {HERE}\n", "bmc[0].satellite[0].channel", "channel 0"
    )
    wrong = f'{ONE}{SATELLITE}{SENSOR}unit = "miles" {HERE}\n'
    assert_mistake(tmp_path, wrong, "bmc[0].satellite[0].sensor[0].unit")


def test_a_bridge(tmp_path: Path) -> None:
    assert blueprint(tmp_path, f"{ONE}[bmc.icmb]\n").icmb == IcmbSpec()
    said = (
        '[bmc.icmb]\nline = "row 4"\nchannel = 6\naddress = 0x0101\nenabled = false\n'
        '[[bmc.icmb.connector]]\nname = "Port A"\ntype = 1\n'
    )
    assert blueprint(tmp_path, ONE + said).icmb == IcmbSpec(
        "row 4", 6, 0x0101, enabled=False, connectors=(ConnectorSpec("Port A", 1),)
    )


def test_bridges_of_bmcs_alike_have_addresses_of_their_own(tmp_path: Path) -> None:
    several = '[[bmc]]\nname = "rack-{n}"\ncount = 3\nlan.port = 0\n[bmc.icmb]\n'
    made = loaded(tmp_path, several + "address = 0x0101\n").bmcs
    assert [one.blueprint.icmb and one.blueprint.icmb.address for one in made] == [0x0101, 0x0102, 0x0103]
    made = loaded(tmp_path, several).bmcs
    assert [one.blueprint.icmb and one.blueprint.icmb.address for one in made] == [0, 0, 0]
    assert_mistake(
        tmp_path, f"{several}address = 0xFFFE {HERE}\n", "bmc[0].icmb.address", "the last of these BMCs"
    )


def test_its_channel_is_its_own(tmp_path: Path) -> None:
    assert_mistake(
        tmp_path, f"{ONE}[bmc.icmb]\nchannel = 1 {HERE}\n", "bmc[0].icmb.channel", "another one of this BMC"
    )


def test_a_satellite_with_everything(tmp_path: Path) -> None:
    said = (
        f'{SATELLITE}capabilities = ["chassis", "sel"]\nself_test = ["sel_inaccessible"]\n'
        'aux_firmware = "01020304"\nentity = "power_supply"\ninstance = 2\n'
        '[[bmc.satellite.fru]]\nid = 0\nname = "PSU"\nsize = 128\n'
        '[bmc.satellite.fru.product]\nmanufacturer = "Example"\nproduct_name = "Shelf"\n'
    )
    (satellite,) = blueprint(tmp_path, ONE + said).satellites
    assert (satellite.capabilities, satellite.self_test_failures) == (0x84, 0x80)
    assert (satellite.entity_id, satellite.entity_instance) == (10, 2)
    assert satellite.aux_firmware == bytes((1, 2, 3, 4))
    assert [(one.device_id, one.name, len(one.image)) for one in satellite.frus] == [(0, "PSU", 128)]
    assert b"Shelf" in satellite.frus[0].image


def test_an_inventory_of_a_satellite_is_checked(tmp_path: Path) -> None:
    fru = f'[[bmc.satellite.fru]]\nid = 0\nname = "x"\nentity = "shelves" {HERE}\n'
    wrong = f'{ONE}{SATELLITE}{fru}[bmc.satellite.fru.product]\nproduct_name = "Shelf"\n'
    assert_mistake(tmp_path, wrong, "bmc[0].satellite[0].fru[0].entity", "found")
