"""Which mode is for what comes (§14.3)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL
from baseboard.bmc.serial_channel.mode_choice import ModeChoice
from baseboard.links.ppp_automaton import packet
from baseboard.links.ppp_frame import frame
from baseboard.links.serial_basic import frame as basic_frame
from baseboard.rmcp.lan_message import wrap_request
from tests.ppp_console import PppLine

ASKED = frame(0xC021, packet(1, 1, b"\x05\x06\xa0\xa5\x5b\x01"))


def choice(modes: int) -> tuple[ModeChoice, PppLine]:
    line = PppLine(modes=modes)
    return ModeChoice(line.serial.parameters, line.endpoint.modes, line.endpoint.ppp), line


@pytest.mark.parametrize(("modes", "bit"), [(BASIC, BASIC), (TERMINAL, TERMINAL), (PPP, 0), (BASIC | PPP, 0)])
def test_one_mode_that_is_on_alone_must_be_spoken_but_ppp_begins_by_itself(modes: int, bit: int) -> None:
    made, _ = choice(modes)
    only = made.only()
    assert (0 if only is None else only.bit) == bit


@pytest.mark.parametrize("modes", [PPP, BASIC | PPP, BASIC | PPP | TERMINAL])
def test_a_link_is_known_by_its_first_frame_whatever_is_in_it(modes: int) -> None:
    made, line = choice(modes)
    assert made.feed(ASKED, 0.0) is line.endpoint.ppp
    assert line.endpoint.ppp.speaking


@pytest.mark.parametrize("modes", [BASIC | PPP, BASIC | PPP | TERMINAL])
def test_a_message_with_a_flag_in_it_is_none_of_a_link(modes: int) -> None:
    made, line = choice(modes)
    message = basic_frame(wrap_request(6, 0x38, b"\x0e\x04\x7e\xff\x03", 1))
    assert made.feed(message, 0.0) is line.endpoint.modes[BASIC]
    assert not line.endpoint.ppp.speaking


@pytest.mark.parametrize("before", [b"~", b"~~", b"~\xff", b"~\xff\x7d", b"~x"])
def test_a_flag_alone_is_no_link(before: bytes) -> None:
    made, line = choice(BASIC | PPP | TERMINAL)
    made.feed(before, 0.0)
    assert made.feed(b"[SYS TMODE]\r", 0.0) is line.endpoint.modes[TERMINAL]


def test_with_nothing_on_nobody_hears() -> None:
    made, line = choice(BASIC)
    line.serial.parameters.modes = PPP
    assert made.enabled() == []
    assert made.feed(ASKED, 0.0) is None
