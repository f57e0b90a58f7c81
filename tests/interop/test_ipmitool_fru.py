"""ipmitool on FRU inventories: printed, read, edited with and without growing, written, and protected."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.makeups import MAKEUPS
from tests.interop.lab import Bmc, Done, Lab

# what is printed of each server's devices, apart from serial numbers that come from the server's GUID
OWN = {
    0: {
        "Chassis Type": "Rack Mount Chassis",
        "Chassis Part Number": "BB-CH-2U",
        "Board Mfg Date": "Tue Apr  2 07:45:00 2024 UTC",
        "Board Mfg": "Baseboard",
        "Board Product": "Baseboard Lab R2 main board",
        "Board Part Number": "BB-MB-R2",
        "Product Manufacturer": "Baseboard",
        "Product Name": "Baseboard Lab R2",
        "Product Part Number": "BB-R2-2S",
        "Product Version": "A1",
        "Product Asset Tag": "rack-1",
    },
    1: {
        "Chassis Type": "Blade",
        "Chassis Part Number": "BB-CH-B1",
        "Board Mfg Date": "Mon Mar  3 11:15:00 2025 UTC",
        "Board Mfg": "Baseboard",
        "Board Product": "Baseboard Lab B1",
        "Board Part Number": "BB-MB-B1",
        "Product Manufacturer": "Baseboard",
        "Product Name": "Baseboard Lab B1",
        "Product Part Number": "BB-B1-64",
        "Product Version": "C0",
        "Product Asset Tag": "blade-2",
    },
    # 6-bit ASCII and BCD plus, as old boards have them
    2: {
        "Chassis Type": "Main Server Chassis",
        "Chassis Part Number": "CH-V1",
        "Chassis Serial": "20050117-0042",
        "Board Mfg Date": "Mon Jan 17 08:00:00 2005 UTC",
        "Board Mfg": "BASEBOARD",
        "Board Product": "LAB V1 BOARD",
        "Board Part Number": "370-1155-01",
        "Product Manufacturer": "BASEBOARD",
        "Product Name": "Baseboard Lab V1",
        "Product Version": "1",
        "Product Asset Tag": "veteran-3",
    },
}
DEVICES = {
    0: ["Builtin FRU Device", "PSU1", "PSU2", "DIMM A1", "DIMM B1", "Backplane"],
    1: ["Builtin FRU Device", "Mezzanine", "Midplane"],
    2: ["Builtin FRU Device"],
}
SUPPLY = {
    "Capacity": "750 W",
    "Peak VA": "820 VA",
    "Inrush Current": "30 A",
    "Inrush Interval": "5 ms",
    "Input Voltage Range 1": "90-132 V",
    "Input Voltage Range 2": "180-264 V",
    "Input Frequency Range": "47-63 Hz",
    "A/C Dropout Tolerance": "12 ms",
    "Peak capacity": "800 W",
    "Peak capacity holdup": "1 s",
}
OUTPUT = {
    "Output Number": "1",
    "Standby power": "No",
    "Nominal voltage": "12.00 V",
    "Max negative deviation": "11.40 V",
    "Max positive deviation": "12.60 V",
    "Ripple and noise pk-pk": "120 mV",
    "Minimum current draw": "0.500 A",
    "Maximum current draw": "62.500 A",
}


def devices(done: Done) -> dict[str, dict[str, str]]:
    """What was printed, by device."""
    found: dict[str, dict[str, str]] = {}
    for line in done.lines:
        name, _, value = line.partition(": ")
        if name.startswith("FRU Device Description"):
            latest = found[value] = {}
        else:
            latest.setdefault(name.strip(), value.strip())
    return found


def product(bmc: Bmc, device: int = 0) -> dict[str, str]:
    return bmc.ipmitool("fru", "print", str(device)).ok().values


def image(bmc: Bmc, device: int, folder: Path) -> bytes:
    file = folder / "image"
    bmc.ipmitool("fru", "read", str(device), str(file)).ok()
    return file.read_bytes()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_device_is_printed(shared_lab: Lab, number: int) -> None:
    bmc = shared_lab[number]
    done = bmc.ipmitool("fru", "print").ok()
    found = devices(done)
    assert list(found) == [f"{name} (ID {n})" for n, name in enumerate(DEVICES[number])]
    own = found["Builtin FRU Device (ID 0)"]
    assert {name: own[name] for name in OWN[number]} == OWN[number]
    assert own["Product Serial"].startswith("BB")
    assert own["Board Serial"].endswith(own["Product Serial"].removeprefix("BB"))
    assert bmc.ipmitool("fru").ok().out == bmc.ipmitool("fru", "list").ok().out == done.out
    assert product(bmc) == own


def test_power_supplies_tell_what_they_give(shared_lab: Lab) -> None:
    done = shared_lab[0].ipmitool("fru", "print", "2", options=("-v",)).ok()
    values = done.values
    assert {name: values[name] for name in (*SUPPLY, *OUTPUT)} == {**SUPPLY, **OUTPUT}
    for flag in ("Predictive fail", "Power factor correction", "Autoswitch voltage", "Hot swap"):
        assert f"'{flag}'" in values["Flags"]
    assert (values["Product Serial"], values["Product Name"]) == ("PS75000002", "PS750")
    assert done.lines.count("DC Output Record") == 2


@pytest.mark.parametrize(
    ("number", "interface"), [(0, "lanplus"), (1, "lanplus"), (2, "lanplus"), (2, "lan")]
)
def test_images_are_read_byte_by_byte(shared_lab: Lab, tmp_path: Path, number: int, interface: str) -> None:
    bmc = shared_lab[number]
    for spec in MAKEUPS[number].frus:
        assert image(bmc, spec.device_id, tmp_path) == spec.image
    file = tmp_path / "own"
    done = bmc.ipmitool("fru", "read", "0", str(file), interface=interface).ok()
    size = 256 if number == 2 else 512
    assert done.values["Fru Size"] == f"{size} bytes"
    own = file.read_bytes()
    assert len(own) == size
    assert sum(own[:8]) & 0xFF == 0
    assert MAKEUPS[number].model.encode() in own


def test_the_blade_s_internal_use_area(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[1]
    assert bmc.ipmitool("fru", "internaluse", "0", "info").ok().values["Internal Use Area Size"] == "32"
    file = tmp_path / "area"
    bmc.ipmitool("fru", "internaluse", "0", "read", str(file)).ok()
    assert file.read_bytes() == b"\x01" + bytes(31)
    file.write_bytes(b"\x01" + bytes(range(31)))
    bmc.ipmitool("fru", "internaluse", "0", "write", str(file)).ok()
    lines = bmc.ipmitool("fru", "internaluse", "0", "print").ok().lines
    assert lines[1:] == [
        "00- 01 " + bytes(range(15)).hex(" ").upper(),
        "01- " + bytes(range(15, 31)).hex(" ").upper(),
    ]


def test_a_field_is_edited_in_place(own_lab: Lab) -> None:
    bmc = own_lab[0]
    before = product(bmc)
    serial, tag = "X" * len(before["Product Serial"]), "row-07"
    assert len(tag) == len(before["Product Asset Tag"])
    bmc.ipmitool("fru", "edit", "0", "field", "p", "4", serial).ok()
    bmc.ipmitool("fru", "edit", "0", "field", "p", "5", tag).ok()
    assert product(bmc) == {**before, "Product Serial": serial, "Product Asset Tag": tag}
    bmc.ipmitool("fru", "edit", "1", "field", "b", "2", "PS75099999").ok()
    assert product(bmc, 1)["Board Serial"] == "PS75099999"
    for words, text in ((("p", "9", "a"), "Field not found"), (("x", "0", "a"), "Wrong field type")):
        done = bmc.ipmitool("fru", "edit", "0", "field", *words)
        assert done.code == 1
        assert text in done.out


def test_fields_grow_and_shrink_and_the_areas_behind_them_move(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[0]
    wanted = product(bmc)
    before = image(bmc, 0, tmp_path)
    for area, index, name, text in (
        ("p", "4", "Product Serial", "a serial number of 34 characters!!"),
        ("p", "5", "Product Asset Tag", "r7"),
        ("c", "1", "Chassis Serial", "C0"),
        ("b", "1", "Board Product", "a board with a name of its own"),
        ("p", "1", "Product Name", "R"),
    ):
        # ipmitool ends with 1 although it did it (docs/interop.md)
        done = bmc.ipmitool("fru", "edit", "0", "field", area, index, text)
        assert "Done." in done.out
        wanted[name] = text
        assert product(bmc) == wanted
    after = image(bmc, 0, tmp_path)
    for data in (before, after):
        # each area's checksum holds, and the multirecord with the system's name is still there
        for offset in (0, *(place * 8 for place in data[2:5])):
            length = 8 if offset == 0 else data[offset + 1] * 8
            assert sum(data[offset : offset + length]) & 0xFF == 0
        record = data[5] * 8
        assert (data[record], data[record + 5], data[record + 6 : record + 12]) == (3, 2, b"rack-1")


def test_an_image_is_written_whole(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[0]
    saved = tmp_path / "saved"
    saved.write_bytes(image(bmc, 0, tmp_path))
    before = product(bmc)
    bmc.ipmitool("fru", "edit", "0", "field", "p", "5", "row-07").ok()
    assert product(bmc)["Product Asset Tag"] == "row-07"
    done = bmc.ipmitool("fru", "write", "0", str(saved)).ok()
    assert done.values["Size to Write"] == "512 bytes"
    assert image(bmc, 0, tmp_path) == saved.read_bytes()
    assert product(bmc) == before
    # over IPMI v1.5, where messages are shorter
    old = own_lab.weak
    saved.write_bytes(image(old, 0, tmp_path).replace(b"veteran-3", b"veteran-9"))
    with_sum = bytearray(saved.read_bytes())
    start = with_sum[4] * 8
    end = start + with_sum[start + 1] * 8
    with_sum[end - 1] = -sum(with_sum[start : end - 1]) & 0xFF
    saved.write_bytes(with_sum)
    old.ipmitool("fru", "write", "0", str(saved), interface="lan").ok()
    assert product(old)["Product Asset Tag"] == "veteran-9"


def test_what_is_protected_stays_and_what_is_not_there_is_said(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[0]
    before = image(bmc, 3, tmp_path)
    file = tmp_path / "other"
    file.write_bytes(image(bmc, 0, tmp_path)[: len(before)])
    done = bmc.ipmitool("fru", "write", "3", str(file), options=("-v",))
    assert "protected at offset: 0 (size 8 bytes)" in done.err + done.out
    assert image(bmc, 3, tmp_path) == before
    done = bmc.ipmitool("raw", "0x0a", "0x12", "3", "0", "0", "1")
    assert "rsp=0x80" in done.err
    done = bmc.ipmitool("fru", "print", "9")
    assert done.code == 1
    assert done.out == " Device not present (Requested sensor, data, or record not found)\n"
