"""PPP frames on a line (RFC 1662)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.ppp_frame import (
    ALL_CONTROLS,
    LONGEST,
    Deframer,
    Frame,
    Phase,
    Seen,
    fcs,
    frame,
)

LCP = 0xC021


def check(body: bytes) -> bytes:
    return (fcs(body) ^ 0xFFFF).to_bytes(2, "little")


def test_the_check_of_the_digits_is_906eh() -> None:
    # X.25's well-known check value of "123456789".
    assert fcs(b"123456789") ^ 0xFFFF == 0x906E


def test_c_2_a_body_with_its_own_check_gives_f0b8h() -> None:
    assert fcs(b"any" + check(b"any")) == 0xF0B8


def test_4_2_flags_escapes_and_controls_are_escaped() -> None:
    made = frame(LCP, b"\x7e\x7d\x11\x41")
    assert made[0] == made[-1] == 0x7E
    assert made[1:].startswith(b"\xff\x7d\x23\xc0\x21\x7d\x5e\x7d\x5d\x7d\x31\x41")


def test_4_every_control_is_escaped_as_a_link_begins() -> None:
    # An LCP Configure-Request as pppd sends it: identifier 1, ACCM 0, a magic number, PFC, ACFC.
    body = bytes.fromhex("ff03 c021 0101 0014 0206 00000000 0506 93bcc5e8 0702 0802")
    line = b"\x7e" + b"".join(
        bytes((0x7D, byte ^ 0x20)) if byte < 0x20 or byte in (0x7D, 0x7E) else bytes((byte,))
        for byte in body + check(body)
    )
    (found,) = Deframer().receive(line + b"\x7e")
    assert found == Frame(LCP, body[4:])
    assert frame(LCP, body[4:]) == line + b"\x7e"


@given(
    data=st.binary(max_size=200),
    protocol=st.sampled_from([0x21, LCP, 0x8021, 0xC023]),
    accm=st.sampled_from([0, ALL_CONTROLS, 0x000A0000]),
    acfc=st.booleans(),
    pfc=st.booleans(),
)
def test_whatever_is_framed_comes_back(data: bytes, protocol: int, accm: int, acfc: bool, pfc: bool) -> None:
    made = frame(protocol, data, accm=accm, acfc=acfc, pfc=pfc)
    assert Deframer(accm).receive(b"noise" + made) == [Frame(protocol, data)]


@given(st.binary(max_size=400))
def test_noise_yields_nothing_that_is_not_checked(data: bytes) -> None:
    deframer = Deframer()
    for found in deframer.receive(data):
        assert frame(found.protocol, found.data, accm=0)


def test_the_line_s_own_controls_are_ignored_also_behind_an_escape() -> None:
    made = frame(LCP, b"ab\x01")
    dirty = b"".join(bytes((byte,)) + b"\x11" for byte in made)
    assert Deframer().receive(dirty) == [Frame(LCP, b"ab\x01")]


def test_a_frame_that_is_too_long_is_dropped_and_the_next_one_comes() -> None:
    deframer = Deframer()
    assert not deframer.receive(b"\x7e" + b"a" * (LONGEST + 5))
    assert deframer.dropped == 1
    assert deframer.receive(frame(LCP, b"x")) == [Frame(LCP, b"x")]
    deframer.receive(b"\x7e" + b"a" * LONGEST + b"\x7d\x41")
    assert deframer.phase is Phase.OUTSIDE


@pytest.mark.parametrize(
    "body",
    [b"a", b"ab", b"\xff\x03", b"\xff\x03" + check(b"\xff\x03"), b"\xc0" + check(b"\xc0")],
    ids=["one", "two", "no check", "nothing in it", "half a protocol"],
)
def test_what_is_no_frame_is_dropped(body: bytes) -> None:
    deframer = Deframer(0)
    assert not deframer.receive(b"\x7e" + body + b"\x7e")
    assert deframer.dropped == 1


def test_4_3_an_escape_before_the_flag_gives_a_frame_up() -> None:
    deframer = Deframer()
    assert not deframer.receive(frame(LCP, b"x")[:-1] + b"\x7d\x7e")
    assert deframer.dropped == 1


def test_every_byte_has_a_step_in_every_phase() -> None:
    assert set(Deframer.TABLE) == {(phase, seen) for phase in Phase for seen in Seen}
