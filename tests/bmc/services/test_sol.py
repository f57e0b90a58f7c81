"""Serial over LAN in the BMC: its parameters, and the way between a console and the host (§15, §26)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.sol import SolParameters
from baseboard.codes import Privilege
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.commands.parameters.sol import (
    BitRate,
    CharacterAccumulation,
    NonVolatileBitRate,
    SetInProgress,
    SolAuthentication,
    SolEnable,
    SolParameter,
    SolPayloadChannel,
    SolPayloadPort,
    SolRetry,
    VolatileBitRate,
)
from baseboard.errors import CompletionError
from baseboard.rmcp.sol_console import ConsoleNotice
from tests.bmc.consoles import LanBench, Terminal, make_lan_bmc
from tests.bmc.fakes import FakeSerial
from tests.bmc.services.homes import make_home

UNAVAILABLE, AVAILABLE = ConsoleNotice.UNAVAILABLE, ConsoleNotice.AVAILABLE
FREE = SolAuthentication(privilege=Privilege.USER)
"""Parameter 2 with the console in control of encryption and authentication."""


# Table 26-5


@pytest.mark.parametrize(
    ("parameter", "data"),
    [
        (SolEnable(enabled=False), "00"),
        (SolAuthentication(force_encryption=True, privilege=Privilege.OPERATOR), "83"),
        (SolAuthentication(force_authentication=True, privilege=Privilege.OEM), "45"),
        (CharacterAccumulation(interval=20, send_threshold=255), "14 ff"),
        (SolRetry(retry_count=3, retry_interval=10), "03 0a"),
        (NonVolatileBitRate(bit_rate=BitRate.BPS_9600), "06"),
        (SolPayloadPort(port=6230), "56 18"),
    ],
)
def test_26_5_what_is_set_reads_back_and_survives(parameter: SolParameter, data: str) -> None:
    home = make_home()
    parameters = SolParameters(home)
    parameters.set(parameter)
    assert parameters.get(parameter.selector) == bytes.fromhex(data)
    assert SolParameters(home.again()).get(parameter.selector) == bytes.fromhex(data)


def test_26_5_channel_and_port_are_those_of_the_lan_and_the_channel_is_fixed() -> None:
    parameters = SolParameters(make_home(lan=LanSpec(channel=1, port=0x026F)))
    assert (parameters.get(7), parameters.get(8)) == (b"\x01", b"\x6f\x02")
    with pytest.raises(CompletionError, match="^82h"):
        parameters.set(SolPayloadChannel(channel=2))
    with pytest.raises(CompletionError, match="^C9h"):
        parameters.set(SolPayloadPort(port=0))


@pytest.mark.parametrize("selector", [9, 191, 192, 255])
def test_26_5_other_parameters_are_not_supported(selector: int) -> None:
    with pytest.raises(CompletionError, match="^80h"):
        SolParameters(make_home()).get(selector)


@pytest.mark.parametrize("rate", [0x0, 0x1, 0x5, 0xB, 0xF])
def test_26_5_reserved_bit_rates_and_that_of_a_serial_channel_are_refused(rate: int) -> None:
    parameters = SolParameters(make_home())
    for kind in (NonVolatileBitRate, VolatileBitRate):
        with pytest.raises(CompletionError, match="^C9h"):
            parameters.set(kind(bit_rate=BitRate(rate)))


@pytest.mark.parametrize(
    "parameter",
    [
        SolAuthentication(privilege=Privilege.RESERVED),
        SolAuthentication(privilege=Privilege.CALLBACK),
        SolAuthentication(privilege=Privilege(6)),
        CharacterAccumulation(interval=0, send_threshold=1),
        SetInProgress(state=SetInProgressState.COMMIT_WRITE),
        SetInProgress(state=SetInProgressState(3)),
    ],
)
def test_26_5_reserved_values_are_refused(parameter: SolParameter) -> None:
    parameters = SolParameters(make_home())
    before = parameters.get(parameter.selector)
    with pytest.raises(CompletionError, match="^CCh"):
        parameters.set(parameter)
    assert parameters.get(parameter.selector) == before


def test_26_5_a_claim_to_set_parameters_is_made_once_and_ends_with_a_restart() -> None:
    parameters = SolParameters(make_home())
    claim = SetInProgress(state=SetInProgressState.SET_IN_PROGRESS)
    parameters.set(claim)
    assert parameters.get(0) == b"\x01"
    with pytest.raises(CompletionError, match="^81h"):
        parameters.set(claim)
    parameters.set(SetInProgress(state=SetInProgressState.SET_COMPLETE))
    parameters.set(claim)
    parameters.settle()
    assert parameters.get(0) == b"\x00"


def test_26_5_the_volatile_rate_follows_the_stored_one_until_it_is_set() -> None:
    home = make_home()
    parameters = SolParameters(home)
    parameters.set(NonVolatileBitRate(bit_rate=BitRate.BPS_19200))
    assert parameters.get(6) == b"\x07"
    parameters.set(VolatileBitRate(bit_rate=BitRate.BPS_57600))
    assert (parameters.get(5), parameters.get(6)) == (b"\x07", b"\x09")
    assert SolParameters(home.again()).get(6) == b"\x07"
    parameters.reload_rate()
    assert parameters.get(6) == b"\x07"


# The way to the host


def switched_on(**changes: Any) -> LanBench:
    """A BMC in front of a system that is on."""
    bmc = make_lan_bmc(**changes)
    bmc.power.turn_on()
    return bmc


def test_15_9_what_is_typed_reaches_the_host_and_what_it_prints_the_console() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol()
    console.type(b"root\r")
    assert bmc.serial.typed == b"root\r"
    bmc.serial.say(b"Password: ")
    bmc.advance(1)
    assert console.screen == b"Password: "
    assert console.notices == []


def test_15_11_a_long_text_arrives_whole_both_ways() -> None:
    bmc = switched_on()
    console, text = bmc.login(), bytes(range(256)) * 10
    console.activate_sol()
    console.type(text)
    bmc.serial.say(text)
    bmc.advance(5)
    assert bmc.serial.typed == text
    assert console.screen == text


@pytest.mark.parametrize("seed", range(10))
def test_15_11_it_arrives_whole_over_a_bad_network_too(seed: int) -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol()
    bmc.drawn.seed(seed)
    bmc.loss = 0.2
    words = [b"word %d " % number for number in range(40)]
    for word in words:
        console.type(word)
        bmc.serial.say(word.upper())
        bmc.advance(0.3)
    bmc.advance(30)
    assert bmc.serial.typed == b"".join(words)
    assert console.screen == b"".join(words).upper()
    assert console.notices == []


def test_26_5_characters_wait_for_the_interval_or_for_the_threshold() -> None:
    bmc = switched_on()
    console = bmc.login()
    bmc.services.sol.set_parameter(CharacterAccumulation(interval=20, send_threshold=10))
    console.activate_sol()
    bmc.serial.say(b"slow")
    bmc.advance(0.099)
    assert console.screen == b""
    bmc.advance(0.001)
    assert console.screen == b"slow"
    bmc.serial.say(b"nine of 10")
    bmc.settle()
    assert console.screen == b"slownine of 10"


def test_26_5_the_bmc_repeats_as_often_as_parameter_4_says_then_goes_on() -> None:
    bmc = switched_on()
    console = bmc.login()
    bmc.services.sol.set_parameter(SolRetry(retry_count=3, retry_interval=10))
    console.activate_sol()
    before = bmc.services.lan.statistics.sent
    console.unplugged = True
    bmc.serial.say(b"lost")
    bmc.advance(2)
    assert bmc.services.lan.statistics.sent - before == 1 + 3
    console.unplugged = False
    bmc.serial.say(b"seen")
    bmc.advance(2)
    assert console.screen == b"seen"
    assert console.notices == [ConsoleNotice.OVERRUN]


def test_15_9_a_system_that_is_off_takes_nothing_and_the_console_is_told() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    console.activate_sol()
    assert console.notices == [UNAVAILABLE]
    console.type(b"ls\r")
    bmc.advance(1)
    assert bmc.serial.typed == b""
    bmc.power.turn_on()
    bmc.advance(1)
    assert console.notices == [UNAVAILABLE, AVAILABLE]
    assert bmc.serial.typed == b"ls\r"
    bmc.power.turn_off()
    bmc.advance(1)
    assert console.notices == [UNAVAILABLE, AVAILABLE, UNAVAILABLE]
    assert console.alive


def test_what_waited_for_a_host_is_gone_with_its_power() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol()
    bmc.serial.room = 2
    console.type(b"shutdown")
    assert bmc.serial.typed == b"sh"
    bmc.power.turn_off()
    bmc.serial.room = 100
    bmc.advance(2)
    assert bmc.serial.typed == b"sh"
    bmc.power.turn_on()
    console.type(b"\r")
    bmc.advance(2)
    assert bmc.serial.typed == b"sh\r"


def test_without_power_lines_the_host_counts_as_there() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    bmc.backend.power = None
    console.activate_sol()
    console.type(b"x")
    assert bmc.serial.typed == b"x"


def test_a_host_that_takes_no_more_gets_the_rest_later() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol()
    bmc.serial.room = 5
    console.type(b"0123456789")
    bmc.advance(0.1)
    assert bmc.serial.typed == b"01234"
    bmc.serial.room = 100
    bmc.advance(0.1)
    assert bmc.serial.typed == b"0123456789"


class Line(FakeSerial):
    """A line that notes in which order things come."""

    def send_break(self) -> None:
        self.typed += b"<break>"


def test_15_9_a_break_comes_before_the_characters_of_its_packet() -> None:
    bmc = switched_on()
    bmc.backend.serial = Line()
    console = bmc.login()
    console.activate_sol()
    assert console.sol is not None
    console.type(b"before")
    console.sol.send_break(bmc.clock.now())
    console.type(b"after")
    bmc.advance(1)
    assert bmc.serial.typed == b"before<break>after"


def test_15_9_paused_output_is_kept_until_cts_comes_back() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol()
    assert console.sol is not None
    console.sol.set_lines(bmc.clock.now(), cts=False, carrier=True)
    bmc.settle()
    bmc.serial.say(b"one ")
    bmc.serial.say(b"two")
    bmc.advance(1)
    assert console.screen == b""
    console.sol.set_lines(bmc.clock.now(), cts=True, carrier=True)
    bmc.advance(1)
    assert console.screen == b"one two"
    assert console.notices == []


def test_15_9_what_is_lost_in_a_pause_is_told() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol()
    assert console.sol is not None
    console.sol.set_lines(bmc.clock.now(), cts=False, carrier=True)
    bmc.settle()
    bmc.serial.say(b"a" * 4096)
    bmc.serial.say(b"b" * 4096)
    console.sol.set_lines(bmc.clock.now(), cts=True, carrier=True)
    bmc.advance(5)
    assert console.screen == b"a" * 4096
    assert console.notices == [ConsoleNotice.OVERRUN]


def test_15_9_flushes_drop_what_is_not_delivered() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol()
    assert console.sol is not None
    bmc.serial.room = 0
    console.type(b"never typed")
    console.sol.flush(bmc.clock.now(), inbound=True)
    bmc.settle()
    bmc.serial.room = 100
    bmc.advance(1)
    assert bmc.serial.typed == b""
    console.sol.set_lines(bmc.clock.now(), cts=False, carrier=True)
    bmc.settle()
    bmc.serial.say(b"never seen")
    console.sol.flush(bmc.clock.now(), outbound=True)
    console.sol.set_lines(bmc.clock.now(), cts=True, carrier=True)
    bmc.advance(1)
    bmc.serial.say(b"seen")
    bmc.advance(1)
    assert console.screen == b"seen"


# Encryption


@pytest.mark.parametrize("encrypted", [True, False])
def test_24_3_packets_of_the_bmc_are_encrypted_as_it_was_activated(encrypted: bool) -> None:
    bmc = switched_on()
    console = bmc.login()
    bmc.services.sol.set_parameter(FREE)
    console.activate_sol(encrypted=encrypted)
    bmc.serial.say(b"text")
    bmc.advance(1)
    assert console.screen == b"text"
    assert set(console.sealed) == {encrypted}
    console.sealed.clear()
    bmc.services.sol.set_encryption(encrypted=not encrypted)
    bmc.serial.say(b"more")
    bmc.advance(1)
    assert console.screen == b"textmore"
    assert console.sealed == [not encrypted]


@pytest.mark.parametrize(("parameter", "typed"), [(FREE, b"clear"), (None, b"")])
def test_24_3_clear_packets_of_the_console_pass_only_if_it_controls_that(
    parameter: SolAuthentication | None, typed: bytes
) -> None:
    bmc = switched_on()
    console = bmc.login()
    if parameter is not None:
        bmc.services.sol.set_parameter(parameter)
    console.activate_sol()
    console.sol_encrypted = False
    console.type(b"clear")
    bmc.advance(1)
    assert bmc.serial.typed == typed


# Its end


def open_sol(bmc: LanBench) -> Terminal:
    console = bmc.login()
    console.activate_sol()
    bmc.serial.say(b"hello")
    bmc.advance(1)
    return console


def ended(bmc: LanBench) -> bool:
    """Whether SOL is over, nobody listens to the host, and no timer of it runs."""
    return bmc.services.sol.owner is None and bmc.serial.attached is None


def test_15_2_a_console_that_loses_sol_is_told() -> None:
    bmc = switched_on()
    console = open_sol(bmc)
    assert bmc.services.sol.owner is console.session
    bmc.services.sol.deactivate()
    bmc.settle()
    assert ended(bmc)
    assert console.notices == [ConsoleNotice.DEACTIVATED]
    assert console.alive
    bmc.services.sol.deactivate()
    bmc.services.sol.set_encryption(encrypted=True)
    assert ended(bmc)


def test_a_console_that_asked_for_the_end_is_not_told() -> None:
    bmc = switched_on()
    console = open_sol(bmc)
    bmc.services.sol.deactivate(told=False)
    console.type(b"nobody reads this")
    assert ended(bmc)
    assert (console.notices, bytes(bmc.serial.typed)) == ([], b"")


def test_26_5_switching_sol_off_ends_it() -> None:
    bmc = switched_on()
    console = open_sol(bmc)
    bmc.services.sol.set_parameter(SolRetry(retry_count=1, retry_interval=10))
    assert not ended(bmc)
    bmc.services.sol.set_parameter(SolEnable(enabled=False))
    bmc.settle()
    assert ended(bmc)
    assert console.notices == [ConsoleNotice.DEACTIVATED]


def test_24_2_with_a_session_its_sol_ends() -> None:
    bmc = switched_on()
    console = open_sol(bmc)
    console.console.close(bmc.clock.now())
    bmc.settle()
    assert ended(bmc)
    assert console.notices == []


def test_6_12_15_a_session_that_times_out_frees_the_line() -> None:
    bmc = switched_on()
    console = open_sol(bmc)
    console.unplugged = True
    bmc.advance(61)
    assert not console.alive
    assert ended(bmc)


def test_what_the_host_prints_too_late_is_lost() -> None:
    bmc = switched_on()
    open_sol(bmc)
    listener = bmc.serial.attached
    assert listener is not None
    bmc.services.sol.deactivate()
    bmc.settle()
    sent = bmc.services.lan.statistics.sent
    listener(b"late")
    bmc.advance(1)
    assert bmc.services.lan.statistics.sent == sent


def test_another_sessions_end_and_packets_are_no_affair_of_sol() -> None:
    bmc = switched_on()
    console = open_sol(bmc)
    other = bmc.login()
    bmc.services.sol.received(other.session, bytes.fromhex("01000000") + b"not mine")
    other.console.close(bmc.clock.now())
    bmc.settle()
    console.type(b"mine")
    assert bmc.serial.typed == b"mine"


def test_activating_loads_the_stored_bit_rate() -> None:
    bmc = switched_on()
    bmc.services.sol.set_parameter(VolatileBitRate(bit_rate=BitRate.BPS_9600))
    open_sol(bmc)
    assert bmc.services.sol.parameters.get(6) == bmc.services.sol.parameters.get(5)


def test_a_bmc_that_ends_leaves_no_timer_and_no_listener() -> None:
    bmc = switched_on()
    console = open_sol(bmc)
    console.unplugged = True
    bmc.serial.say(b"never acknowledged")
    bmc.services.sol.stop()
    assert ended(bmc)
    bmc.endpoint.close()
    bmc.controller.stop()
    assert bmc.clock.next_due() is None
