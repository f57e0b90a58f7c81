"""The simulated modem: commands, calls, the escape sequence, lines that are wired or not."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.ports import ConnectorNotice, LineFormat
from baseboard.testing.clock import VirtualClock
from baseboard.testing.modem import Party, SimulatedModem


class Desk:
    """Somebody with a modem."""

    def __init__(self, **options: Any) -> None:
        self.clock = VirtualClock()
        self.modem = SimulatedModem(self.clock, **options)
        self.shown = bytearray()
        self.notices: list[ConnectorNotice] = []
        self.modem.open(self.shown.extend, self.notices.append)

    def type(self, text: str, *, pause: float = 2.0) -> str:
        self.shown.clear()
        self.clock.advance(pause)
        self.modem.write(text.encode())
        return self.shown.decode()


def test_commands_are_echoed_until_told_not_to_be() -> None:
    desk = Desk()
    assert desk.type("AT\r") == "AT\r\r\nOK\r\n"
    assert desk.type("ATE0\r") == "ATE0\r\r\nOK\r\n"
    assert desk.type("AT\r") == "\r\nOK\r\n"
    assert desk.type("hello\r") == "\r\nERROR\r\n"
    assert desk.type("\r") == ""
    desk.modem.deaf = True
    assert desk.type("AT\r") == ""
    assert desk.modem.commands == ["AT", "ATE0", "AT", "hello", "AT"]


@pytest.mark.parametrize("wired", [True, False])
def test_a_call_from_dialling_to_its_end(wired: bool) -> None:
    desk = Desk(modem_lines=wired)
    party = Party(answers=lambda data: data.upper())
    desk.modem.network["555"] = party
    assert desk.type("ATD555\r").endswith("\r\nCONNECT 19200\r\n")
    assert (party.connected, desk.modem.carrier()) == (True, True)
    assert desk.type("hello") == "HELLO"
    assert party.heard == b"hello"
    party.say(b"news")
    assert desk.shown.endswith(b"news")
    assert desk.type("+++", pause=0.1) == "+++"
    assert desk.type("+++") == "\r\nOK\r\n"
    party.say(b"unseen")
    assert desk.type("ATH\r").endswith("\r\nNO CARRIER\r\n")
    assert not party.connected
    party.say(b"lost")
    party.hang_up()
    assert desk.notices == ([ConnectorNotice.CARRIER] * 2 if wired else [])


def test_numbers_that_nobody_has_and_numbers_without_a_carrier() -> None:
    desk = Desk()
    desk.modem.refusal = "BUSY"
    assert desk.type("ATDT9\r").endswith("\r\nBUSY\r\n")
    assert desk.type("ATD911;\r").endswith("\r\nOK\r\n")
    assert desk.modem.dialled == ["T9", "911;"]


def test_a_call_that_comes_is_answered_and_dtr_ends_it() -> None:
    desk, caller = Desk(), Party()
    assert desk.type("ATA\r").endswith("NO CARRIER\r\n")
    desk.modem.ring(caller)
    assert desk.shown.endswith(b"\r\nRING\r\n")
    assert desk.notices == [ConnectorNotice.RING]
    assert desk.type("ATA\r").endswith("CONNECT 19200\r\n")
    desk.modem.set_dtr(False)
    assert not caller.connected
    desk.modem.set_dtr(True)
    desk.modem.dropped()


def test_it_notes_how_it_is_set_up_and_is_unplugged() -> None:
    desk = Desk()
    desk.modem.configure(LineFormat(9600))
    assert desk.modem.formats == [LineFormat(9600)]
    desk.modem.close()
    assert desk.type("AT\r") == ""
    desk.modem.ring(Party())
    assert desk.notices == []
