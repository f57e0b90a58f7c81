"""ACPI's SPMI table against Table C3-1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import ChecksumError, DecodeError, TruncatedError
from baseboard.records.smbios import IpmiInterface
from baseboard.records.spmi import AddressSpace, Spmi, read_spmi, write_spmi
from tests.records.vectors import vector

RAW, DECODED = vector("smbios", "spmi_kcs")


def test_a_kcs_as_its_vector_has_it() -> None:
    found = read_spmi(RAW)
    assert (found.kind, found.base_address, found.space) == ("kcs", 0xCA2, AddressSpace.IO)
    assert (found.spacing, found.irq, found.specification) == (1, None, 0x0200)
    assert (found.oem_id, found.checksum) == ("OEMID ", int(DECODED["checksum"], 16))
    assert write_spmi(found) == RAW


def test_an_interrupt_and_words_of_32_bits() -> None:
    made = Spmi(
        interface_type=IpmiInterface.BT, space=AddressSpace.MEMORY, base_address=0xFED0_00E4, bit_width=32,
        uses_gsi=True, gsi=10,
    )  # fmt: skip
    found = read_spmi(write_spmi(made))
    assert (found.kind, found.spacing, found.irq, found.pci) == ("bt", 4, 10, False)
    assert found.base_address == 0xFED0_00E4


def test_a_width_that_is_not_told_is_a_byte() -> None:
    assert (
        Spmi(interface_type=IpmiInterface.KCS, space=AddressSpace.IO, base_address=1, bit_width=0).spacing
        == 1
    )


def test_older_tables_have_the_type_one_byte_further() -> None:
    raw = bytearray(RAW)
    raw[36], raw[37] = 0, 3
    raw[9] = raw[9] + 1 - 3 + 1 & 0xFF
    assert read_spmi(bytes(raw)).kind == "bt"


def test_what_nobody_knows_has_no_kind() -> None:
    assert Spmi(interface_type=IpmiInterface(9), space=AddressSpace.IO, base_address=1).kind is None


def test_broken_tables_are_refused() -> None:
    with pytest.raises(TruncatedError):
        read_spmi(RAW[:40])
    with pytest.raises(DecodeError, match="no SPMI"):
        read_spmi(b"APIC" + RAW[4:])
    for broken in (RAW[:20] + b"\xff" + RAW[21:], RAW[:64]):
        with pytest.raises(ChecksumError, match="65 bytes do not add up"):
            read_spmi(broken)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for raw in (data, b"SPMI" + data):
        try:
            read_spmi(raw)
        except DecodeError:
            continue
