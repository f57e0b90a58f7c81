"""Payload types and what a channel offers of them."""

from __future__ import annotations

import pytest

from baseboard.codes import PayloadType
from baseboard.errors import LocalProtocolError
from baseboard.rmcp.payloads import HANDLES, SETUP, OemPayload, PayloadRegistry


def test_ranges_of_table_13_16() -> None:
    assert list(SETUP) == [0x10, 0x11, 0x12, 0x13, 0x14, 0x15]
    assert list(HANDLES) == [0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27]


def test_24_8_standard_payloads() -> None:
    assert PayloadRegistry().supported() == (0b11, 0x3F, 0)
    assert PayloadRegistry(sol=False).supported() == (0b01, 0x3F, 0)


def test_24_9_versions() -> None:
    registry = PayloadRegistry()
    assert registry.version(PayloadType.SOL) == registry.version(0x00) == registry.version(0x15) == 0x10
    assert registry.version(PayloadType.OEM_EXPLICIT) is None
    assert not registry.offers(0x20)
    assert registry.offers(PayloadType.SOL)


def test_24_10_oem_payloads() -> None:
    registry = PayloadRegistry()
    explicit, handled = OemPayload(7154, 0x0201), OemPayload(7154, 0x0300, 0x12, 0x21)
    registry.add(explicit)
    registry.add(handled)
    assert registry.supported() == (0b111, 0x3F, 0b10)
    assert registry.version(0x21) == 0x12
    assert registry.oem(0x21) == registry.oem(0x02, 7154, 0x0300) == handled
    assert registry.oem(0x02, 7154, 0x0201) == explicit
    assert registry.oem(0x02, 7154, 0x0999) is None
    assert registry.oem(0x20) is None


@pytest.mark.parametrize(
    "payload",
    [
        OemPayload(1, 1),
        OemPayload(1, 2, 0x10, 0x20),
        OemPayload(1, 3, 0x10, 0x01),
        OemPayload(1, 3, 0x10, 0x28),
    ],
    ids=["number taken", "handle taken", "not a handle", "behind the handles"],
)
def test_what_cannot_be_added(payload: OemPayload) -> None:
    registry = PayloadRegistry()
    registry.add(OemPayload(1, 1, 0x10, 0x20))
    before = registry.supported()
    with pytest.raises(LocalProtocolError):
        registry.add(payload)
    assert registry.supported() == before


def test_several_payloads_are_sent_explicitly() -> None:
    registry = PayloadRegistry()
    registry.add(OemPayload(1, 1))
    registry.add(OemPayload(1, 2))
    assert registry.oem(2, 1, 2) == OemPayload(1, 2)
