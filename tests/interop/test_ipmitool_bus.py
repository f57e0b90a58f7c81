"""ipmitool on the buses behind a controller: Master Write-Read of inventories' chips (§22.11)."""

from __future__ import annotations

from pathlib import Path

from tests.interop.lab import Lab

SUPPLIES, FIRST_CHIP = "bus=0", "0xa0"


def bytes_of(text: str) -> bytes:
    return bytes.fromhex("".join(text.split()))


def test_a_chip_has_what_read_fru_data_reads(shared_lab: Lab, tmp_path: Path) -> None:
    bmc = shared_lab.bmcs[0]
    image = tmp_path / "psu1"
    bmc.ipmitool("fru", "read", "1", str(image)).ok()
    read = b""
    for offset in range(0, 256, 32):
        read += bytes_of(bmc.ipmitool("i2c", SUPPLIES, FIRST_CHIP, "32", hex(offset)).ok().out)
    assert read == image.read_bytes()
    assert b"Power supply 750 W" in read


def test_what_the_bus_burns_is_what_the_inventory_says(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab.bmcs[0]
    image = tmp_path / "psu1"
    bmc.ipmitool("fru", "read", "1", str(image)).ok()
    place = image.read_bytes().index(b"PS75000001")
    written = [hex(byte) for byte in (place, *b"PX")]
    bmc.ipmitool("i2c", SUPPLIES, FIRST_CHIP, "0", *written)
    assert bmc.ipmitool("fru", "read", "1", str(image)).ok()
    assert image.read_bytes()[place : place + 10] == b"PX75000001"


def test_where_no_chip_is_nothing_answers(shared_lab: Lab) -> None:
    answer = shared_lab.bmcs[0].ipmitool("i2c", SUPPLIES, "0xae", "1", "0")
    assert answer.code == 1
    assert "NAK on Write" in answer.err
