"""Multirecords about how a unit is managed and what it goes together with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import EntityId
from baseboard.errors import EncodeError
from baseboard.records.fru.multirecord import read_record
from baseboard.records.fru.relations import (
    AccessType,
    BaseCompatibility,
    CodeRange,
    ExtendedCompatibility,
    ManagementAccess,
)
from tests.records.vectors import vector


def test_where_a_unit_is_managed() -> None:
    record = ManagementAccess(access_type=AccessType.SYSTEM_URL, value=b"ipmi://bmc")
    assert record.encode() == b"\x01ipmi://bmc"
    assert record.text == "ipmi://bmc"
    assert read_record(3, record.encode()) == record


def test_a_unique_id_is_no_text() -> None:
    record = ManagementAccess(access_type=AccessType.SYSTEM_UNIQUE_ID, value=bytes(range(16)))
    assert record.text == "000102030405060708090A0B0C0D0E0F"


def test_codes_of_the_specifications_example() -> None:
    raw, decoded = vector("fru", "code_range")
    codes = CodeRange(raw[0], raw[1:])
    assert list(codes.codes()) == decoded["codes"]
    assert CodeRange.of(decoded["codes"]) == codes


@pytest.mark.parametrize("codes", [[], [0], [0x7F], [5, 200]])
def test_codes_that_cannot_be_named_are_refused(codes: list[int]) -> None:
    with pytest.raises(EncodeError):
        CodeRange.of(codes)


@pytest.mark.parametrize(("record_type", "kind"), [(4, BaseCompatibility), (5, ExtendedCompatibility)])
def test_compatibility(record_type: int, kind: type[BaseCompatibility | ExtendedCompatibility]) -> None:
    codes = CodeRange.of([10, 11, 22])
    record = kind(
        manufacturer_id=343, entity_id=EntityId.PROCESSOR, compatibility_base=2,
        code_start=codes.code_start, code_masks=codes.code_masks,
    )  # fmt: skip
    raw = bytes.fromhex("570100 03 02 0A 0108")
    assert record.encode() == raw
    again = read_record(record_type, raw)
    assert again == record
    assert (
        kind(manufacturer_id=1, entity_id=EntityId.OTHER, compatibility_base=0, code_start=1).code_masks
        == b""
    )


@given(st.sets(st.integers(1, 0x7E), min_size=1))
def test_codes_read_back(codes: set[int]) -> None:
    named = CodeRange.of(codes)
    assert list(named.codes()) == sorted(codes)
    assert named.code_masks[-1:] != b"\0"
