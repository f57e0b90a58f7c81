"""The raw consoles: right by default, and wrong exactly where they are told to be."""

from __future__ import annotations

import pytest

from baseboard.commands.app.device import GetDeviceId
from baseboard.errors import CompletionError, RemoteProtocolError
from baseboard.rmcp import v15, v20
from baseboard.testing.raw_console import CONSOLE, OPEN_SESSION, RawConsole, RawConsoleV15, RawConsoleV20
from tests.rmcp.bmc import CAPABILITIES, DEVICE_ID, Bmc


def bmc() -> Bmc:
    made = Bmc()
    made.rules.limits = dict.fromkeys(range(20), 4)
    made.rules.types = dict.fromkeys(range(1, 6), 0b10111)
    return made


def v20_console(made: Bmc, suite: int = 17) -> RawConsoleV20:
    return RawConsoleV20(made.ask, b"ops", b"secret", suite=suite)


@pytest.mark.parametrize("suite", range(20))
def test_a_v20_login_and_a_request(suite: int) -> None:
    console = v20_console(bmc(), suite)
    assert console.login() == [0, 0, 0]
    assert console.proved
    assert console.keyed
    assert console.ask(*DEVICE_ID) == bytes(15)
    assert (console.sequence, console.plain_sequence) == ((1, 0) if console.signer.size else (0, 1))


@pytest.mark.parametrize("auth_type", [0, 1, 2, 4])
def test_a_v15_login_and_a_request(auth_type: int) -> None:
    console = RawConsoleV15(bmc().ask, b"ops", b"secret", auth_type=auth_type)
    assert console.login() == [0, 0]
    assert (console.told, console.granted) == (auth_type, 4)
    assert console.ask(*DEVICE_ID) == bytes(15)
    assert console.sequence == console.outbound + 1


@pytest.mark.parametrize("console", [RawConsoleV15(bmc().ask), RawConsoleV20(bmc().ask)])
def test_requests_outside_a_session(console: RawConsole) -> None:
    assert console.ask_outside(*CAPABILITIES, b"\x8e\x04") == bytes(15)
    assert console.ask_outside(*DEVICE_ID) is None


def test_logins_that_end_early_tell_where() -> None:
    refused = bmc()
    refused.rules.limits = {3: 4}
    assert v20_console(refused).login() == [0x11]
    assert RawConsoleV20(bmc().ask, b"ops", b"secret", role=0x10).login() == [0, 9]
    assert RawConsoleV20(bmc().ask, b"ops", b"wrong").login() == [0, 0, 0x0F]
    assert RawConsoleV15(bmc().ask, b"ops", b"secret", auth_type=5).login() == [0xCC]
    assert RawConsoleV15(bmc().ask, b"ops", b"wrong").login() == [0, None]
    silent = bmc()
    silent.rules.open = False
    assert v20_console(silent).login() == [None]
    assert RawConsoleV15(silent.ask, b"ops", b"secret").login() == [None]


def test_a_bmc_without_the_password_or_the_key_is_noticed() -> None:
    other = RawConsoleV20(bmc().ask, b"ops", b"wrong")
    assert [other.open(), other.rakp1()] == [0, 0]
    assert not other.proved
    keyed = bmc()
    keyed.rules.key = b"key".ljust(20, b"\0")
    one_key = v20_console(keyed)
    assert one_key.login() == [0, 0, 0]
    assert (one_key.proved, one_key.keyed) == (True, False)
    two_key = RawConsoleV20(keyed.ask, b"ops", b"secret", kg=b"key")
    assert two_key.login() == [0, 0, 0]
    assert two_key.keyed


def test_fields_of_setup_messages_can_be_changed() -> None:
    console = v20_console(bmc())
    assert console.open(console.open_request(console_session_id=0)) == 2
    assert console.open(console.open_request(authentication_size=0, authentication=0)) == 0
    assert console.suite.id == 17
    assert console.rakp1(console.rakp1_request(role=0x1F)) == 9
    assert console.rakp1() == 0
    assert console.rakp3(console.rakp3_request(code=bytes(32))) == 0x0F


def test_a_v20_packet_can_be_wrong_in_each_part() -> None:
    console = v20_console(bmc())
    console.login()
    message = console.message(*DEVICE_ID)
    for wrong in (
        console.packet(message, signed=False),
        console.packet(message, encrypted=False),
        console.packet(message, 1),
        console.packet(message, session_id=console.sidc ^ 1),
        console.packet(message, sequence=0),
    ):
        assert console.send(wrong) is None
    assert console.send(console.packet(message)) is not None
    assert (console.sequence, console.plain_sequence) == (4, 1)


def test_a_v15_packet_can_be_wrong_in_each_part() -> None:
    console = RawConsoleV15(bmc().ask, b"ops", b"secret")
    console.login()
    message = console.message(*DEVICE_ID)
    first = console.inbound
    for wrong in (
        console.packet(message, password=b"wrong"),
        console.packet(message, auth_type=4),
        console.packet(message, session_id=console.session_id ^ 1),
        console.packet(message, sequence=0),
    ):
        assert console.send(wrong) is None
    assert console.send(console.packet(message)) is not None
    assert console.inbound == first + 4


def test_commands_are_executed_as_in_any_session() -> None:
    console = v20_console(bmc())
    console.login()
    assert console.execute(GetDeviceId()).device_id == 0
    answers = iter([b"\xc1"])
    console.ask = lambda *_: next(answers)  # type: ignore[method-assign]  # a BMC that refuses
    with pytest.raises(CompletionError) as refused:
        console.execute(GetDeviceId())
    assert refused.value.code == 0xC1


def test_an_answer_is_checked() -> None:
    console = v20_console(bmc())
    console.login()
    answer = console.send(console.packet(console.message(*DEVICE_ID)))
    assert answer is not None
    with pytest.raises(RemoteProtocolError):
        console.unwrap(answer[:-1] + bytes((answer[-1] ^ 1,)))
    plain = RawConsoleV15(lambda data, address: [v15.wrap(0, 0, 0, b""), b""], b"ops", b"secret")
    with pytest.raises(AssertionError, match="2 answers"):
        plain.get_challenge()
    other = RawConsoleV20(lambda data, address: [v20.wrap(OPEN_SESSION, 0, 0, b"")])
    with pytest.raises(AssertionError, match="header"):
        other.open()
    assert other.address == CONSOLE
