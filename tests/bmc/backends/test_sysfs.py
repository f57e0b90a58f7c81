"""The kernel's files, from trees like those of a kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.backends.sysfs import chip_folder, read_hwmon, read_one_wire, read_text, write_text
from baseboard.bmc.blueprint.sources import HwmonSource, OneWireSource
from baseboard.errors import TransportError


def chip(root: Path, number: int, name: str, device: str = "", **files: str) -> Path:
    """A chip as the kernel shows it."""
    folder = root / f"hwmon{number}"
    folder.mkdir(parents=True)
    (folder / "name").write_text(f"{name}\n")
    if device:
        (root / device).mkdir()
        (folder / "device").symlink_to(root / device)
    for file, text in files.items():
        (folder / file).write_text(f"{text}\n")
    return folder


@pytest.mark.parametrize(
    ("channel", "file", "text", "value"),
    [
        ("temp1", "temp1_input", "45500", 45.5),
        ("in0", "in0_input", "12096", 12.096),
        ("curr1", "curr1_input", "-250", -0.25),
        ("power1", "power1_average", "87000000", 87.0),
        ("power1", "power1_input", "3000000", 3.0),
        ("fan2", "fan2_input", "1180", 1180.0),
        ("humidity1", "humidity1_input", "40250", 40.25),
        ("temp1_max", "temp1_max", "80000", 80.0),
        ("intrusion0_alarm", "intrusion0_alarm", "1", 1.0),
        ("temp1_alarm", "temp1_alarm", "1", 1.0),
    ],
)
def test_each_kind_of_channel_in_the_units_of_sensors(
    tmp_path: Path, channel: str, file: str, text: str, value: float
) -> None:
    chip(tmp_path, 3, "nct6775", **{file: text})
    read = read_hwmon(HwmonSource("nct6775", channel, root=str(tmp_path)))
    assert float(read) == pytest.approx(value)


def test_a_chip_is_found_by_its_name_wherever_it_is(tmp_path: Path) -> None:
    chip(tmp_path, 0, "acpitz", temp1_input="1000")
    (tmp_path / "hwmon1").mkdir()  # one that is going away
    folder = chip(tmp_path, 7, "lm75", "0-0048", temp1_input="21000")
    assert chip_folder(HwmonSource("lm75", "temp1", root=str(tmp_path))) == folder
    with pytest.raises(TransportError, match="no chip lm78 .*; there are: acpitz, lm75"):
        chip_folder(HwmonSource("lm78", "temp1", root=str(tmp_path)))
    with pytest.raises(TransportError, match="there are: none"):
        chip_folder(HwmonSource("lm78", "temp1", root=str(tmp_path / "nowhere")))


def test_of_several_alike_the_device_tells(tmp_path: Path) -> None:
    chip(tmp_path, 0, "lm75", "0-0048", temp1_input="21000")
    chip(tmp_path, 1, "lm75", "0-0049", temp1_input="22000")
    source = HwmonSource("lm75", "temp1", "0-0049", str(tmp_path))
    assert float(read_hwmon(source)) == 22.0
    with pytest.raises(TransportError, match="there are 2 chips lm75; device is one of 0-0048, 0-0049"):
        read_hwmon(HwmonSource("lm75", "temp1", root=str(tmp_path)))
    with pytest.raises(TransportError, match="no chip lm75 at 0-0050"):
        read_hwmon(HwmonSource("lm75", "temp1", "0-0050", str(tmp_path)))


def test_a_channel_that_says_nothing_of_use(tmp_path: Path) -> None:
    folder = chip(
        tmp_path, 0, "lm75", temp1_input="21000", temp1_fault="1", temp2_input="warm", temp2_fault="0"
    )
    for channel, words in (("temp1", "faulty"), ("temp2", "is no number"), ("temp9", "No such file")):
        with pytest.raises(TransportError, match=words):
            read_hwmon(HwmonSource("lm75", channel, root=str(tmp_path)))
    (folder / "name").unlink()
    with pytest.raises(TransportError, match="no chip lm75"):
        read_hwmon(HwmonSource("lm75", "temp1", root=str(tmp_path)))


SLAVE = "72 01 4b 46 7f ff 0e 10 57 : crc=57 {}\n72 01 4b 46 7f ff 0e 10 57 {}\n"


def test_a_thermometer_on_one_wire(tmp_path: Path) -> None:
    source = OneWireSource("28-000005e2fdc3", str(tmp_path))
    folder = tmp_path / source.device
    folder.mkdir()
    with pytest.raises(TransportError, match="No such file"):
        read_one_wire(source)
    slave = folder / "w1_slave"
    slave.write_text(SLAVE.format("YES", "t=-1062"))
    assert float(read_one_wire(source)) == -1.062
    slave.write_text(SLAVE.format("NO", "t=23125"))
    with pytest.raises(TransportError, match="damaged"):
        read_one_wire(source)
    slave.write_text("")
    with pytest.raises(TransportError, match="damaged"):
        read_one_wire(source)
    slave.write_text(SLAVE.format("YES", "t="))
    with pytest.raises(TransportError, match="is no temperature"):
        read_one_wire(source)
    (folder / "temperature").write_text("23125\n")
    assert float(read_one_wire(source)) == 23.125


def test_files_are_read_and_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "pwm1"
    with pytest.raises(TransportError, match="No such file"):
        write_text(path, "1")
    assert not path.exists()
    path.write_text("0")
    write_text(path, "255")
    assert read_text(path) == "255"
