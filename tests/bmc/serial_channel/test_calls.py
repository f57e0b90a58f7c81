"""A serial channel with a modem: calls that come, calls back (§14.6, §25.10)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.serial import CallbackSpec, SerialSpec
from baseboard.bmc.ports import LineFormat
from baseboard.bmc.serial_channel import SerialEndpoint
from baseboard.bmc.services.serial_mux import SHARED
from baseboard.commands.app.sessions import SerialActivity, SerialConsole
from baseboard.commands.parameters.serial import ConnectionMode, LineRate, MessagingCommSettings
from baseboard.commands.parameters.serial_dialing import (
    CallRetryInterval,
    DestinationCommSettings,
    DestinationInfo,
    DestinationKind,
    ModemDialCommand,
    ModemInitString,
    ModemRingTime,
)
from tests.serial_benches import NUMBER, Exchange, Far, basic, typist
from tests.serial_line import Cable, Drawn, bench


def test_14_6_the_modem_is_told_how_to_behave() -> None:
    there = Exchange()
    assert there.modem.commands == ["ATE1Q0V1X4&D0S0=0"]
    assert there.endpoint.ready
    assert there.modem.formats == [LineFormat(19200)]


@pytest.mark.parametrize("wired", [True, False])
def test_14_6_a_call_is_answered_and_is_a_console(wired: bool) -> None:
    there = Exchange(modem_lines=wired)
    far = there.call()
    assert there.modem.commands[-1] == "ATA"
    line = typist(far)
    assert line.type("SYS PWD -U admin adminpw") == "[OK]"
    assert line.type("28 04 40").startswith("[2C 04 40 00")
    far.hang_up()
    assert there.endpoint.table.session is None
    assert there.modem.commands[-1] == "ATE1Q0V1X4&D0S0=0"


def test_9_the_ring_time_is_waited_for() -> None:
    there = Exchange()
    there.set(ModemRingTime(duration=0x3F, dead_time=4))
    far = Far()
    for _ in range(20):
        there.modem.ring(far)
        there.bench.advance(2.0)
    assert not far.connected
    there.set(ModemRingTime(duration=0, dead_time=4))
    there.bench.advance(10.0)
    there.modem.ring(far)
    assert far.connected


def test_10_the_init_string_is_that_of_parameter_10() -> None:
    there = Exchange()
    there.set(ModemInitString(block_selector=1, text=b"ATE0"))
    there.set(ConnectionMode(direct=True, basic=True))
    there.set(ConnectionMode(direct=False, basic=True))
    assert there.modem.commands[-1] == "ATE0"
    there.set(ConnectionMode(direct=False, basic=True, terminal=True))
    assert len(there.modem.commands) == 2


def test_14_6_who_logs_out_is_hung_up_on_once_the_answer_is_out() -> None:
    there = Exchange()
    far = there.call()
    line = typist(far)
    line.type("SYS PWD -U admin adminpw")
    assert line.type("SYS PWD -X") == "[OK]"
    assert far.connected
    there.bench.advance(5.0)
    assert not far.connected
    assert there.modem.commands[-2:] == ["ATH", "ATE1Q0V1X4&D0S0=0"]


def test_14_6_who_logs_in_again_stays() -> None:
    there = Exchange()
    far = there.call()
    line = typist(far)
    line.type("SYS PWD -U admin adminpw")
    line.type("SYS PWD -U admin adminpw")
    there.bench.advance(5.0)
    assert far.connected


@pytest.mark.parametrize("login", [True, False])
def test_4_a_silent_call_is_ended(login: bool) -> None:
    there = Exchange()
    far = there.call()
    if login:
        typist(far).type("SYS PWD -U admin adminpw")
    there.bench.advance(55.0 - 8.0)
    assert far.connected
    there.bench.advance(30.0)
    assert not far.connected


def test_7_dtr_may_hang_up() -> None:
    there = Exchange()
    there.set(MessagingCommSettings(dtr_hang_up=True, bit_rate=LineRate.BPS_19200))
    far = there.call()
    there.endpoint.calls.hang_up()
    assert not far.connected
    assert "ATH" not in there.modem.commands
    there.bench.advance(3.0)
    assert there.endpoint.ready


def test_14_2_a_shared_line_is_taken_when_it_rings() -> None:
    there = Exchange(sharing=True, access=SHARED)
    host = there.bench.backend.serial
    assert host is not None
    assert not there.serial.mux.at_bmc
    assert there.modem.commands == []  # the line is the system's
    far = there.call()
    assert b"RING" in bytes(host.typed)  # which sees it ring too
    assert there.serial.mux.at_bmc
    assert there.modem.commands == ["ATA"]
    line = typist(far)
    assert line.type("SYS PWD -U admin adminpw") == "[OK]"
    assert line.type("SYS PWD -X") == "[OK]"
    there.bench.advance(10.0)
    assert not far.connected
    assert not there.serial.mux.at_bmc


def test_14_2_a_call_that_the_system_may_answer_is_left_to_it() -> None:
    there = Exchange(sharing=True, access=0)
    far = Far()
    for _ in range(6):
        there.modem.ring(far)
        there.bench.advance(2.0)
    assert there.modem.commands == []
    assert not there.serial.mux.at_bmc


def test_14_3_a_console_calls_for_the_bmc_in_a_call_of_the_systems() -> None:
    there = Exchange(sharing=True, access=SHARED)
    far = Far()
    there.modem.ring(far)
    there.modem.write(b"ATA\r")  # the system answers
    host = there.bench.backend.serial
    assert host is not None
    far.say(b"root\r")
    assert host.typed.endswith(b"root\r")
    assert far.type(b"\x1b(").endswith(b"\x1b*[TMODE OK]\r\n")
    assert typist(far).type("SYS PWD -U admin adminpw") == "[OK]"
    assert far.type(b"\x1bQ").endswith(b"\x1b*")
    far.say(b"ls\r")
    assert host.typed.endswith(b"ls\r")
    assert far.connected
    basic_line = basic(far)
    assert basic_line.ask(6, 0x38, b"\x0e\x04")[0] == 0


# ---- callback


def test_25_10_the_bmc_hangs_up_and_calls_back() -> None:
    there = Exchange()
    console = Far()
    there.modem.network[NUMBER] = console
    there.set(DestinationCommSettings(destination=1, bit_rate=LineRate.BPS_57600))
    far = there.call()
    line = basic(far)
    assert line.login(privilege=4)[0] == 0
    assert line.ask(6, 0x3B, b"\x04")[0] == 0
    assert line.ask(0x0C, 0x19, b"\x02\x01") == b"\0"
    assert far.connected
    there.bench.advance(8.0)
    assert not far.connected
    assert console.connected
    assert there.modem.dialled == [NUMBER]
    assert LineFormat(57600) in there.modem.formats
    called = basic(console)
    assert called.login(privilege=4)[0] == 0
    info = called.ask(6, 0x3D, b"\x00")
    assert SerialConsole.decode(info[7:]).activity == SerialActivity.CALLBACK
    assert SerialConsole.decode(info[7:]).destination == 1
    console.hang_up()
    assert there.serial.activity == SerialActivity.MESSAGING
    assert there.modem.formats[-1] == LineFormat(19200)


def test_6_9_who_is_restricted_to_callback_may_do_the_rest_once_called() -> None:
    there = Exchange()
    console = Far()
    there.modem.network[NUMBER] = console
    access = there.bench.services.users.access(2, 2)
    access.callback = True
    there.bench.services.users.set_access(2, 2, access)
    far = there.call()
    line = basic(far)
    assert line.login(privilege=4) == b"\x86"
    assert line.login(privilege=1)[0] == 0
    assert line.ask(0x0A, 0x40) == b"\xd4"
    assert line.ask(0x0C, 0x19, b"\x02\x01") == b"\0"
    there.bench.advance(8.0)
    assert basic(console).login(privilege=4)[0] == 0


def test_25_10_a_number_that_does_not_answer_is_tried_again() -> None:
    there = Exchange()
    info = DestinationInfo(destination=1, kind=DestinationKind.BASIC_CALLBACK, upper=1, call_retries=2)
    there.set(info, CallRetryInterval(seconds=30))
    assert there.callback() == b"\0"
    there.bench.advance(10.0)
    assert there.modem.dialled == [NUMBER]
    assert there.callback() == b"\xd5"  # one is under way
    there.bench.advance(30.0)
    assert there.modem.dialled == [NUMBER] * 2
    there.bench.advance(300.0)
    assert there.modem.dialled == [NUMBER] * 3
    assert there.serial.activity == SerialActivity.MESSAGING
    assert there.endpoint.ready


def test_25_10_who_is_called_and_does_not_log_in_is_hung_up_on() -> None:
    there = Exchange()
    console = Far()
    there.modem.network[NUMBER] = console
    assert there.callback() == b"\0"
    there.bench.advance(3.0)
    assert console.connected
    there.bench.advance(70.0)
    assert not console.connected


def test_13_the_dial_command_is_that_of_parameter_13() -> None:
    there = Exchange()
    there.set(ModemDialCommand(text=b"ATDT"))
    there.callback()
    there.bench.advance(3.0)
    assert there.modem.dialled == [f"T{NUMBER}"]


def test_25_10_without_a_modem_nobody_is_called() -> None:
    made = bench(serial=SerialSpec(callbacks=(CallbackSpec(2, NUMBER),)))
    endpoint = SerialEndpoint(made.controller, Drawn(), made.clock)
    endpoint.attach(Cable())
    assert not endpoint.ready
    assert made.raw(0x0C, 0x19, b"\x02\x01") == b"\xd5"
    endpoint.calls.hang_up()
    endpoint.calls.session_closed()
    assert not endpoint.calls.busy


def test_a_call_that_comes_while_the_bmc_wants_to_call_delays_it() -> None:
    there = Exchange()
    console = Far()
    there.modem.network[NUMBER] = console
    far = there.call()
    assert there.endpoint.calls.busy
    there.callback()
    there.bench.advance(8.0)
    assert not far.connected
    assert console.connected


def test_the_end_of_the_bmc_leaves_no_timer() -> None:
    there = Exchange()
    there.callback()
    there.endpoint.close()
    there.bench.advance(100.0)
    assert there.modem.dialled == []
