"""Pages by TAP, and Get TAP Response Codes (§17.12, §25.4)."""

from __future__ import annotations

from baseboard.commands.sensor.pef import AlertImmediate
from baseboard.commands.transport.serial import GetTapResponseCodes
from tests.conformance.marks import exercises
from tests.serial_benches import Far, Pager

TRANSPORT, CODES = 0x0C, 0x13


@exercises(GetTapResponseCodes, AlertImmediate)
def test_25_4_the_codes_of_the_last_page_the_newest_first() -> None:
    there = Pager()
    service = there.tap()
    none = b"\0" + b"000" * 5
    assert there.bench.raw(TRANSPORT, CODES, b"\x02") == none
    assert there.bench.raw(0x04, 0x16, bytes((2, 4, 0)))[0] == 0
    assert there.bench.raw(0x04, 0x16, bytes((2, 0x44, 0)))[:2] == b"\0\xff"
    there.bench.advance(120.0)
    assert len(service.pages) == 1
    assert service.pages[0][0] == b"5551234"
    assert there.bench.raw(0x04, 0x16, bytes((2, 0x44, 0)))[:2] == b"\0\x01"
    assert there.bench.raw(TRANSPORT, CODES, b"\x02") == b"\0" + b"211" + b"000" * 4
    there.modem.network["5550911"] = Far()  # another service, which says nothing
    there.bench.raw(0x04, 0x16, bytes((2, 4, 0)))
    there.bench.advance(3.0)
    assert there.bench.raw(TRANSPORT, CODES, b"\x02") == none


@exercises(GetTapResponseCodes)
def test_25_4_users_may_ask() -> None:
    there = Pager()
    for level in (1, 2):
        answer = there.bench.raw(TRANSPORT, CODES, b"\x02", origin=there.bench.origin(1, level))
        assert answer[:1] == (b"\0" if level == 2 else b"\xd4")
    assert there.bench.raw(TRANSPORT, CODES, b"\x01") == b"\xcc"
    assert there.bench.raw(TRANSPORT, CODES) == b"\xc7"
