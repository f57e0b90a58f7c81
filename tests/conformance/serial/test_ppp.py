"""PPP mode: the link, its parameters, sessions in it (§14.5, Table 25-4 parameters 30-48)."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL
from baseboard.commands.app.channels import GetChannelAuthenticationCapabilities, GetChannelInfo
from baseboard.commands.app.sessions import GetSessionInfo
from baseboard.commands.app.users import SetUserAccess
from baseboard.commands.transport.serial import (
    SerialModemConnectionActive,
    SetSerialModemConfiguration,
    SetSerialModemMux,
)
from baseboard.links.ppp import IP, LinkDown, LinkUp, Phase, PppSettings, Proof
from baseboard.links.ppp_frame import Deframer, frame
from tests.conformance.marks import exercises
from tests.ppp_console import BMC, OURS, SETTINGS, PppLine

APP, TRANSPORT, SET, MUX = 0x06, 0x0C, 0x10, 0x12
CALLER = replace(SETTINGS, name=b"admin", password=b"adminpw")


@exercises(SetSerialModemConfiguration)
def test_14_5_rmcp_of_both_versions_goes_over_the_link() -> None:
    line = PppLine(modes=BASIC | TERMINAL)
    line.parameter(3, "82")
    line.up()
    for version in (15, 20):
        console = line.dialer.console(version)
        assert (console.ask(APP, 0x01) or b"\xff")[0] == 0
    assert len(line.sessions) == 2


@exercises(SetSerialModemConfiguration)
def test_14_5_the_link_ends_and_comes_up_again() -> None:
    line = PppLine()
    line.parameter(4, "03")
    line.up()
    line.dialer.console()
    line.dialer.hang_up()
    assert isinstance(line.dialer.events[-1], LinkDown)
    assert line.sessions == []
    assert line.up().dialer.console().ask(APP, 0x01) is not None


@exercises(SetSerialModemConfiguration)
def test_39_48_addresses_are_those_of_the_parameters() -> None:
    line = PppLine(PppSettings())
    line.parameter(39, "01 c0000208")
    line.parameter(48, "c0000209")
    line.up()
    assert line.dialer.events == [LinkUp(OURS, BMC, b"")]


@pytest.mark.parametrize(
    ("ip", "ours"), [("00", IPv4Address("192.0.2.8")), ("08", None), ("10", IPv4Address("192.0.2.77"))]
)
@exercises(SetSerialModemConfiguration)
def test_30_an_address_is_requested_insisted_on_or_not_negotiated(ip: str, ours: IPv4Address | None) -> None:
    line = PppLine(replace(SETTINGS, given=BMC))
    line.parameter(39, "01 c000024d")
    line.parameter(30, f"04 04 {ip}")
    line.dialer.settle()
    line.dialer.link.addresses.given = BMC
    line.dialer.dial()
    link = line.endpoint.ppp.link
    assert link is not None
    assert link.is_up
    # The far end bears any address that it is told (RFC 1332); of 0.0.0.0 alone it would name another.
    assert link.addresses.ours == IPv4Address("192.0.2.77")
    assert link.settings.fixed_address == (ours is None)
    assert bool(link.addresses.request()) == (ip != "10")


@pytest.mark.parametrize(("value", "how"), [("01", Proof.CHAP_MD5), ("02", Proof.PAP)])
@exercises(SetSerialModemConfiguration, SetUserAccess)
def test_33_who_calls_proves_to_be_a_user_with_link_authentication(value: str, how: Proof) -> None:
    line = PppLine(CALLER)
    line.parameter(33, value)
    line.parameter(34, "626d63" + "00" * 13)
    line.dialer.settle()
    line.dialer.dial()
    assert not line.dialer.up
    assert line.endpoint.ppp.link is not None
    assert line.endpoint.ppp.link.terms.wanted is how
    line.bench.advance(10.0)
    # Link authentication and messaging on for user 2, Administrator.
    assert line.bench.raw(APP, 0x43, b"\xb2\x02\x04") == b"\0"
    line.dialer.link.lost()
    line.up()
    assert line.dialer.console().ask(APP, 0x01) is not None


@exercises(SetSerialModemConfiguration)
def test_40_43_the_bmc_proves_who_it_is_by_its_account() -> None:
    line = PppLine(replace(SETTINGS, wanted=Proof.CHAP_MD5, secret={b"LAB\\rack": b"secret"}.get))
    line.parameter(40, "01" + b"rack".hex())
    line.parameter(41, "01" + b"LAB\\".hex())
    line.parameter(42, "01" + b"secret".hex())
    line.dialer.settle()
    line.dialer.dial()
    assert not line.dialer.up
    line.bench.advance(10.0)
    line.parameter(43, "01 01")
    line.dialer.link.lost()
    line.up()
    assert line.dialer.events[-1] == LinkUp(OURS, BMC, b"LAB\\rack")


@exercises(SetSerialModemConfiguration)
def test_33_43_ms_chap_is_refused() -> None:
    line = PppLine()
    for protocol in (3, 4, 5):
        assert line.bench.raw(TRANSPORT, SET, bytes((2, 33, protocol))) == b"\xcc"
        assert line.bench.raw(TRANSPORT, SET, bytes((2, 43, 1, protocol))) == b"\xcc"


@exercises(SetSerialModemConfiguration)
def test_31_32_rmcp_is_at_the_ports_of_the_parameters() -> None:
    line = PppLine()
    line.parameter(31, "7017")  # 6000
    line.parameter(32, "7117")  # 6001
    line.up()
    assert line.dialer.console(to=6000).ask(APP, 0x01) is not None
    assert line.dialer.console(to=6001).ask(APP, 0x01) is not None
    assert line.dialer.console(to=623).events == []


@exercises(SetSerialModemConfiguration)
def test_30_35_frames_are_as_long_as_the_parameters_say() -> None:
    line = PppLine()
    line.parameter(30, "00 03 07")
    line.parameter(35, "00000000 00000000")
    line.up()
    line.dialer.send(b"\x06\x00\xff\x06\x00\x00\x11\xbe\x80\x05\x00\x00", 50000)
    (out,) = line.dialer.link.outgoing()
    assert line.cable.type(out).startswith(b"\x7e\x21\x45\x00")
    line.parameter(30, "00 00 07")
    line.parameter(35, "00000000 ffffffff")  # a link that is up goes on, and is escaped as is set now
    assert line.cable.type(out).startswith(b"\x7e\xff\x7d\x23\x7d\x20\x21\x45\x7d\x20")


@exercises(SetSerialModemConfiguration)
def test_30_35_what_the_line_itself_puts_in_is_dropped() -> None:
    for options, answered in (("00 04 04", True), ("00 00 04", False)):
        line = PppLine()
        line.parameter(30, options)
        line.parameter(35, "000a0000 ffffffff")
        line.up()
        line.dialer.send(b"\x06\x00\xff\x06\x00\x00\x11\xbe\x80\x05\x00\x00", 50000)
        (out,) = line.dialer.link.outgoing()
        assert bool(line.cable.type(out[:9] + b"\x11" + out[9:])) is answered


@exercises(SetSerialModemConfiguration)
def test_30_a_link_may_be_there_without_a_word() -> None:
    line = PppLine(modes=BASIC)
    line.parameter(39, "01 c0000208")
    line.parameter(48, "c0000209")
    line.parameter(30, "04 24 04")
    line.parameter(3, "82")
    line.cable.plug(plugged=False)
    line.cable.plug(plugged=True)
    assert line.cable.take() == b""
    line.dialer.link.settings = replace(SETTINGS, given=BMC)
    line.dialer.link.assume()
    assert line.dialer.console(15).ask(APP, 0x01) is not None


@exercises(GetSessionInfo, GetChannelInfo)
def test_22_the_channel_and_its_sessions_tell_what_they_are() -> None:
    line = PppLine(modes=BASIC | PPP).up()
    console = line.dialer.console()
    told = console.ask(APP, 0x3D, b"\0")
    assert told is not None
    # Table 22-25: messaging, no destination, the console's address and port.
    assert told[7:] == b"\x00\x00" + OURS.packed + console.port.to_bytes(2, "little")
    assert 0xF0 <= told[1] < 0xFE
    assert line.bench.raw(APP, 0x42, b"\x02")[2:5] == bytes((0x05, 0x01, 0xC1))  # 11b, one session
    line.parameter(3, "82")
    assert line.bench.raw(APP, 0x42, b"\x02")[4] & 0xC0 == 0x80
    line.parameter(3, "81")
    assert line.bench.raw(APP, 0x42, b"\x02")[4] & 0xC0 == 0x40


@exercises(GetChannelAuthenticationCapabilities)
def test_22_13_rmcp_plus_is_there_inside_ppp_only() -> None:
    line = PppLine(modes=BASIC | PPP)
    ask = b"\x82\x04"
    assert line.bench.raw(APP, 0x38, ask)[4] & 0x03 == 0x01
    line.up()
    assert line.bench.raw(APP, 0x38, ask)[4] & 0x03 == 0x03


@exercises(SetSerialModemConfiguration)
def test_14_3_the_mode_shows_by_what_comes() -> None:
    line = PppLine(modes=BASIC | PPP | TERMINAL)
    assert line.cable.take() == b""
    assert line.typist.type("SYS TMODE") == "[OK TMODE]"
    assert line.cable.type(b"~") == b""
    assert line.typist.type("SYS TMODE") == "[OK TMODE]"
    line.parameter(4, "00")
    assert line.basic.ask(APP, 0x38, b"\x0e\x04")[0] == 0
    line.up()
    assert line.dialer.console().ask(APP, 0x01) is not None


@exercises(SetSerialModemConfiguration)
def test_6_who_pulls_the_plug_loses_link_and_session() -> None:
    line = PppLine()
    line.parameter(6, "03")
    line.up()
    line.dialer.console()
    line.cable.plug(plugged=False)
    assert line.sessions == []
    assert line.endpoint.ppp.link is not None
    assert line.endpoint.ppp.link.phase is Phase.DEAD
    line.cable.plug(plugged=True)
    line.dialer.link.lost()
    assert line.up().dialer.console().ask(APP, 0x01) is not None


@exercises(SetSerialModemConfiguration)
def test_4_a_silent_session_ends() -> None:
    line = PppLine()
    line.parameter(4, "01")
    line.up()
    console = line.dialer.console()
    line.bench.advance(29.0)
    assert console.ask(APP, 0x01) is not None
    line.bench.advance(31.0)
    assert line.sessions == []
    assert line.dialer.up


def test_12_a_session_holds_alerts_back_and_its_end_lets_them_go() -> None:
    line = PppLine().up()
    console = line.dialer.console()
    alerts = line.bench.services.alerts
    assert (alerts.held(2), line.mux.messaging) == (True, True)
    assert console.ask(APP, 0x3C, line.sessions[0].id.to_bytes(4, "little")) == b"\0"
    assert (alerts.held(2), line.mux.messaging) == (False, False)


# ---- a line that is shared


def taken(line: PppLine) -> bytes:
    """What the BMC sends when a console that has its link with the system calls for it."""
    line.dialer.link.settings = replace(SETTINGS, given=BMC)
    line.dialer.link.assume()
    line.dialer.send(bytes.fromhex("0600ff07 00 00000000 00000000 09 20 18 c8 81 00 38 8e 04 b5"), 50000)
    (out,) = line.dialer.link.outgoing()
    return line.cable.type(out)


def shared(*parameters: tuple[int, str]) -> PppLine:
    line = PppLine(sharing=True, access=3)
    line.parameter(39, "01 c0000208")
    for selector, data in parameters:
        line.parameter(selector, data)
    assert line.bench.raw(TRANSPORT, MUX, b"\x02\x00")[1] & 1 == 0
    return line


# Parameter 35: the link that system and console have escapes nothing.
PLAIN = (35, "00000000 00000000")


@exercises(SetSerialModemConfiguration, SetSerialModemMux)
def test_8_rmcp_to_the_bmc_takes_the_line_which_goes_on_or_is_negotiated_anew() -> None:
    line = shared(PLAIN, (30, "04 14 07"))
    back = Deframer(0).receive(taken(line))
    assert [one.protocol for one in back] == [IP]
    assert line.bench.raw(TRANSPORT, MUX, b"\x02\x00")[1] & 1
    assert line.dialer.console(15).ask(APP, 0x01) is not None
    anew = shared(PLAIN, (30, "04 04 07"))
    assert [one.protocol for one in Deframer(0).receive(taken(anew))] == [0xC021]
    assert anew.mux.at_bmc


@exercises(SetSerialModemConfiguration)
def test_8_the_pattern_is_watched_for_only_if_it_is_on() -> None:
    line = shared(PLAIN, (8, "00 08"))
    assert taken(line) == b""
    assert not line.mux.at_bmc
    assert b"\x06\x00\xff\x07" in line.host.typed


@exercises(SetSerialModemConfiguration)
def test_14_3_what_is_not_for_the_bmc_goes_by() -> None:
    line = shared((39, "01 c0000207"), PLAIN)
    assert taken(line) == b""
    assert not line.mux.at_bmc


@exercises(SetSerialModemConfiguration)
def test_30_36_what_goes_by_is_undone_by_the_map_that_is_set() -> None:
    for snoop, seen in (("01 14 07", True), ("00 14 07", False)):
        line = shared((36, "00000000"), (30, snoop))
        assert (taken(line) != b"") is seen
    # With snooping on, what the console acknowledges to the system tells.
    line = shared((30, "04 14 07"))
    line.cable.type(frame(0xC021, bytes.fromhex("02 01 000a 0206 00000000".replace(" ", ""))))
    assert taken(line) != b""


@exercises(SetSerialModemMux)
def test_25_9_switches_are_told_to_the_address_and_each_session() -> None:
    line = PppLine(sharing=True, access=2)
    line.control(ping_direct=True)
    line.up()
    console = line.dialer.console()
    line.bench.advance(10.0)
    assert console.requests == []
    line.dialer.strays.clear()
    assert line.bench.raw(TRANSPORT, MUX, b"\x02\x03")[0] == 0
    line.dialer.settle()
    assert not line.mux.at_bmc
    line.bench.raw(TRANSPORT, MUX, b"\x02\x04")
    line.dialer.settle()
    line.dialer.dial()
    told = [datagram for _, datagram in line.dialer.strays if datagram.data[3] == 7]
    assert told[-1].destination == 623
    assert told[-1].data[14:16] == b"\x81\x30"  # to the console, function Transport
    assert (told[-1].data[19], told[-1].data[20]) == (0x18, 0x00)


@exercises(SerialModemConnectionActive, SetSerialModemMux)
def test_25_9_a_console_acknowledges_that_the_line_goes_to_the_system() -> None:
    line = PppLine(sharing=True, access=2)
    line.control(acknowledged_switch=True)
    line.up()
    console = line.dialer.console()
    line.bench.raw(TRANSPORT, MUX, b"\x02\x01")
    line.dialer.settle()
    assert [(one.message.cmd, one.message.data[:1]) for one in console.requests] == [(0x18, b"\x02")]
    assert line.mux.at_bmc
    assert console.ask(TRANSPORT, 0x18, b"\x02\x02") in (b"\0", None)
    assert not line.mux.at_bmc
    assert line.sessions == []
