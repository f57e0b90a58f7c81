"""A serial channel between its connector, its mux and its modes (§14)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint.serial import BASIC, PPP
from baseboard.bmc.ports import ConnectorNotice, LineFormat
from baseboard.bmc.serial_channel import Basic, SerialEndpoint
from baseboard.bmc.services.serial_mux import ALWAYS, PAST_BMC, SHARED
from baseboard.codes import ChannelProtocol, RestartCause
from baseboard.commands.parameters.serial import (
    ConnectionMode,
    FlowControl,
    LineRate,
    MessagingCommSettings,
    SessionInactivityTimeout,
    SessionTermination,
)
from baseboard.commands.transport.sol import SolActivating
from baseboard.links.serial_basic import frame
from baseboard.rmcp.lan_message import unwrap, wrap_request, wrap_response
from tests.serial_benches import Line, shared
from tests.serial_line import Drawn, bench

CAPABILITIES = wrap_request(6, 0x38, b"\x0e\x04", 5)
MUX = 8


# ---- which mode


def test_14_3_the_bmc_finds_out_what_is_spoken() -> None:
    line = Line()
    info = line.bench.raw(6, 0x42, b"\x02")
    assert info == bytes.fromhex("00 02 05 01 40 f21b00 0000")
    line.login()
    assert line.bench.raw(6, 0x42, b"\x02")[3:5] == bytes((ChannelProtocol.TMODE, 0x41))
    assert line.basic.ask(6, 0x38, b"\x0e\x04")[0] == 0
    assert line.bench.raw(6, 0x42, b"\x02")[3] == ChannelProtocol.IPMB
    assert line.endpoint.mode is line.endpoint.modes[BASIC]


def test_3_only_the_modes_that_are_on_are_spoken() -> None:
    line = Line()
    line.set(ConnectionMode(direct=True, basic=True))
    assert line.typist.type("SYS TMODE") == ""
    assert line.basic.ask(6, 0x38, b"\x0e\x04")[0] == 0
    line.set(ConnectionMode(direct=True, terminal=True))
    assert line.typist.type("SYS TMODE") == "[OK TMODE]"
    assert line.basic.raw(CAPABILITIES) == []
    line.set(ConnectionMode(direct=True))
    assert line.typist.type("SYS TMODE") == ""


def test_3_two_modes_without_a_terminal_leave_what_nobody_claims() -> None:
    line = Line()

    class Other(Basic):
        bit = PPP

        def claims(self, byte: int) -> bool:
            return False

    line.endpoint.modes[PPP] = Other(line.endpoint.front)
    line.serial.parameters.modes = 7
    line.set(ConnectionMode(direct=True, basic=True, ppp=True))
    assert line.cable.type(b"noise") == b""
    assert line.basic.ask(6, 0x38, b"\x0e\x04")[0] == 0


def test_14_3_escape_and_bracket_call_for_terminal_mode() -> None:
    line = Line()
    line.cable.type(b"\xa0half a message")
    assert line.cable.type(b"\x1b(").endswith(b"[TMODE OK]\r\n")
    assert line.typist.type("SYS TMODE") == "[OK TMODE]"
    line.set(ConnectionMode(direct=True, basic=True))
    assert line.cable.type(b"\x1b(") == b""


# ---- consoles come and go


def test_14_2_a_console_that_goes_takes_its_session_along() -> None:
    line = Line()
    line.login()
    line.cable.plug(plugged=False)
    assert not line.logged_in
    line.cable.plug(plugged=False)
    line.cable.plug(plugged=True)
    assert line.typist.type("28 04 40") == "[2C 04 40 D4]"
    line.cable.plug(plugged=True)
    line.endpoint._noticed(ConnectorNotice.RING)


def test_6_unless_parameter_6_says_otherwise() -> None:
    line = Line()
    line.set(SessionTermination(on_inactivity=True, on_dcd_loss=False))
    line.login()
    line.cable.plug(plugged=False)
    assert line.logged_in


@pytest.mark.parametrize(("steps", "seconds"), [(1, 30.0), (2, 60.0), (15, 450.0)])
def test_4_a_silent_session_ends_after_its_time(steps: int, seconds: float) -> None:
    line = Line()
    line.set(SessionInactivityTimeout(timeout=steps))
    line.login()
    line.bench.advance(seconds - 1)
    assert line.typist.type("18 00 38 0E 04") != ""
    line.bench.advance(seconds - 1)
    assert line.logged_in
    line.bench.advance(1.1)
    assert not line.logged_in


def test_4_6_a_session_may_last_for_ever() -> None:
    for parameter in (
        SessionInactivityTimeout(timeout=0),
        SessionTermination(on_inactivity=False, on_dcd_loss=True),
    ):
        line = Line()
        line.set(parameter)
        line.login()
        line.bench.advance(10_000.0)
        assert line.logged_in


def test_4_a_shorter_time_holds_for_the_session_there_is() -> None:
    line = Line()
    line.login()
    line.set(SessionInactivityTimeout(timeout=1))
    line.bench.advance(30.1)
    assert not line.logged_in


def test_a_session_is_closed_from_elsewhere() -> None:
    line = Line()
    line.login()
    session = line.endpoint.table.session
    assert session is not None
    assert line.mux.messaging
    assert line.bench.raw(6, 0x3C, session.id.to_bytes(4, "little")) == b"\0"
    assert not line.logged_in
    assert not line.mux.messaging


def test_17_12_alerts_wait_while_a_session_is_open() -> None:
    line = Line()
    line.login()
    assert line.bench.services.alerts.held(2)
    line.typist.type("SYS PWD -X")
    assert not line.bench.services.alerts.held(2)


# ---- the line


def test_7_the_connector_speaks_as_parameter_7_says() -> None:
    line = Line()
    assert line.cable.formats == [LineFormat(19200, 0)]
    settings = MessagingCommSettings(bit_rate=LineRate.BPS_115200, flow_control=FlowControl.RTS_CTS)
    line.set(settings)
    assert line.cable.formats[-1] == LineFormat(115200, 1)
    assert line.endpoint.bits_per_second == 115200


def test_an_endpoint_without_a_connector_says_nothing() -> None:
    made = bench()
    endpoint = SerialEndpoint(made.controller, Drawn(), made.clock)
    endpoint.write(b"lost")
    endpoint.configure()
    endpoint.send_message(CAPABILITIES)
    endpoint._noticed(ConnectorNotice.CARRIER)
    assert endpoint.connector is None
    endpoint.close()


def test_the_end_of_the_bmc_is_the_end_of_everything() -> None:
    line = Line()
    line.control(ping_direct=True)
    line.login()
    line.endpoint.close()
    assert not line.logged_in
    assert not line.cable.listening
    line.bench.advance(100.0)
    assert line.cable.take() == b""


# ---- the mux


def test_14_2_a_shared_line_is_the_hosts_console_until_a_pattern_comes() -> None:
    line = shared()
    line.host.say(b"login: ")
    assert line.cable.take() == b"login: "
    assert line.cable.type(b"root\r") == b""
    assert line.host.typed == b"root\r"
    shown = line.cable.type(b"\x1b([SYS PWD -U admin adminpw]\r")
    assert shown.startswith(b"\x1b*[TMODE OK]\r\n")
    assert line.logged_in
    line.host.say(b"unseen")
    assert line.cable.take() == b""
    assert line.cable.type(b"\x1bQ").endswith(b"\x1b*")
    assert not line.logged_in
    line.host.say(b"seen")
    assert line.cable.take() == b"seen"


def test_14_2_a_login_in_basic_mode_takes_the_line_and_is_answered() -> None:
    line = shared()
    assert line.basic.ask(6, 0x38, b"\x0e\x04")[0] == 0
    assert line.mux.at_bmc
    assert line.basic.login()[0] == 0
    assert line.basic.ask(6, 0x3B, b"\x04")[0] == 0
    answer = line.basic.ask(0x0C, 0x12, b"\x0e\x00")
    assert answer == b"\0\x05"


@pytest.mark.parametrize(
    ("change", "sequence"),
    [({"to_bmc_by_escape": False}, b"\x1b("), ({"to_bmc_on_authentication": False}, frame(CAPABILITIES))],
)
def test_8_what_does_not_bring_the_line_goes_to_the_host_alone(change: Any, sequence: bytes) -> None:
    line = shared()
    line.control(**change)
    assert line.cable.type(sequence) == b""
    assert line.host.typed == sequence
    assert not line.mux.at_bmc


def test_8_escape_q_gives_the_line_away_only_if_that_is_on_and_it_is_shared() -> None:
    line = shared(ALWAYS)
    line.control(to_system_by_escape=False)
    line.cable.type(b"\x1bQ")
    assert line.mux.at_bmc
    alone = Line()
    alone.cable.type(b"\x1bQ")
    assert alone.mux.at_bmc


def test_8_power_and_reset_by_escape_only_if_they_are_on() -> None:
    line = shared()
    power = line.bench.backend.power
    assert power is not None
    line.cable.type(b"\x1b^")
    assert not power.on
    line.control(power_up_by_escape=True, reset_by_escape=True)
    line.cable.type(b"\x1bR\x1br\x1bR")
    assert "reset" not in line.bench.backend.calls
    assert line.cable.type(b"\x1b^") == b"\x1b*"
    assert power.on
    chassis = line.bench.services.chassis
    assert (chassis.restart_cause, chassis.restart_channel) == (RestartCause.CHASSIS_CONTROL, 2)
    line.cable.type(b"\x1bR\x1br\x1bR")
    assert line.bench.backend.calls[-1] == "reset"
    line.control(reset_by_escape=False)
    line.cable.type(b"\x1bR\x1br\x1bR")
    assert line.bench.backend.calls.count("reset") == 1


def test_14_2_who_takes_the_line_and_does_not_log_in_loses_it_again() -> None:
    line = shared()
    line.cable.type(b"\x1b(")
    line.bench.advance(59.0)
    assert line.mux.at_bmc
    line.bench.advance(1.1)
    assert not line.mux.at_bmc
    line.cable.type(b"\x1b(")
    line.login()
    line.bench.advance(59.0)
    line.typist.type("SYS PWD -X")
    assert line.mux.at_bmc
    line.bench.advance(60.1)
    assert not line.mux.at_bmc


def test_14_2_a_disabled_shared_channel_only_carries_the_host() -> None:
    line = shared(0)
    assert line.cable.type(b"\x1b([SYS TMODE]\r") == b""
    assert line.host.typed == b"\x1b([SYS TMODE]\r"


def test_25_13_a_line_routed_past_the_bmc_is_the_hosts() -> None:
    line = shared(ALWAYS)
    line.serial.route(PAST_BMC)
    assert line.cable.type(b"\x1b([SYS TMODE]\r") == b""
    line.host.say(b"login: ")
    assert line.cable.take() == b"login: "
    assert line.bench.services.sol.ports(1).carrier() is False


def test_the_host_is_listened_to_only_while_somebody_is_there() -> None:
    line = Line(sharing=True, access=SHARED, plugged=False)
    assert line.host.attached is None
    line.cable.plug(plugged=True)
    assert line.host.attached is not None
    line.cable.plug(plugged=False)
    assert line.host.attached is None


# ---- what the BMC tells of its own accord


def pings(data: bytes) -> list[str]:
    return [one for one in data.decode("latin-1").replace("\r", "").split("\n") if one.startswith("[30")]


def test_25_9_connection_active_is_sent_while_that_is_on() -> None:
    line = Line()
    line.control(ping_direct=True)
    line.bench.advance(5.0)
    assert line.cable.take() == b""  # nobody knows yet what is spoken
    line.typist.type("SYS TMODE")
    line.bench.advance(2.2)
    assert pings(line.cable.take()) == ["[30 04 18 00 02]", "[30 08 18 00 02]"]
    line.login()
    line.bench.advance(2.0)
    assert pings(line.cable.take()) == ["[30 0C 18 01 02]"]
    line.cable.plug(plugged=False)
    line.bench.advance(5.0)
    assert line.cable.take() == b""


def test_25_9_where_only_one_mode_is_on_it_begins_with_the_connection() -> None:
    line = Line(modes=BASIC, plugged=False)
    line.control(ping_direct=True)
    line.cable.plug(plugged=True)
    line.bench.advance(0.1)
    (told,) = line.basic.read(line.cable.take())
    assert (told.netfn, told.cmd, told.data) == (0x0C, 0x18, b"\0\x02")


def test_25_9_a_switch_waits_for_its_acknowledgement() -> None:
    line = shared(ALWAYS)
    line.control(acknowledged_switch=True)
    line.basic.login()
    assert line.basic.ask(6, 0x3B, b"\x04")[0] == 0
    messages = line.basic.raw(wrap_request(0x0C, 0x12, b"\x02\x01", 5))
    told, answer = messages
    assert (told.cmd, told.data) == (0x18, b"\x02\x02")
    assert answer.data == b"\0\x07"  # accepted, and not switched yet
    line.basic.raw(wrap_response(told, b"\0"))
    assert not line.mux.at_bmc


def test_25_9_the_consoles_own_request_acknowledges_too_and_silence_in_the_end() -> None:
    for acknowledge in (True, False):
        line = shared(ALWAYS)
        line.control(acknowledged_switch=True)
        line.typist.type("SYS TMODE")
        assert line.bench.raw(0x0C, 0x12, b"\x02\x01") == b"\0\x03"
        if acknowledge:
            assert line.typist.type("30 00 18 02 02").endswith("[34 00 18 00]")
        else:
            line.bench.advance(2.9)
            assert line.mux.at_bmc
            line.bench.advance(0.2)
        assert not line.mux.at_bmc


def test_25_9_without_acknowledgement_a_console_is_told_and_the_line_goes() -> None:
    line = shared(ALWAYS)
    line.control(ping_direct=True)
    line.typist.type("SYS TMODE")
    line.bench.raw(0x0C, 0x12, b"\x02\x01")
    assert pings(line.cable.take())[-1].endswith("18 02 02]")
    assert not line.mux.at_bmc


def test_26_1_sol_takes_a_shared_line_and_who_uses_it_is_told() -> None:
    line = shared(ALWAYS)
    line.login()
    for told in line.bench.services.sol.on_activating:
        told(SolActivating(instance=2))
    assert line.logged_in
    for told in line.bench.services.sol.on_activating:
        told(SolActivating(instance=1))
    assert line.cable.take().decode().strip() == "[30 04 20 00 01 01 00]"
    assert not line.logged_in


def test_26_1_a_line_of_its_own_is_left_alone() -> None:
    line = Line()
    line.login()
    for told in line.bench.services.sol.on_activating:
        told(SolActivating(instance=1))
    assert line.logged_in
    assert line.cable.take() == b""


def test_a_message_for_nobody_in_particular_goes_nowhere() -> None:
    line = Line()
    line.endpoint.send_message(CAPABILITIES)
    assert line.cable.take() == b""
    line.set(ConnectionMode(direct=True, basic=True))
    line.endpoint.send_message(CAPABILITIES)
    (told,) = line.basic.read(line.cable.take())
    assert unwrap(CAPABILITIES).cmd == told.cmd


def test_modes_with_times_of_their_own_are_called_in_time() -> None:
    line = Line()
    called: list[float] = []

    class Timed(Basic):
        bit = PPP

        def deadline(self) -> float | None:
            return 5.0 if not called else None

        def expire(self, now: float) -> None:
            called.append(now)

    line.endpoint.modes[PPP] = Timed(line.endpoint.front)
    line.cable.type(b"x")
    line.bench.advance(10.0)
    assert called == [5.0]
