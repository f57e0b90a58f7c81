"""Basic Mode: who gets in, and what is answered (§14.4)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.serial_channel.basic import Basic
from baseboard.codes import Cc
from baseboard.commands.app.sessions import (
    ActivateSessionResponse,
    GetSessionInfo,
    GetSessionInfoResponse,
    SerialActivity,
    SerialConsole,
)
from baseboard.links.serial_basic import HANDSHAKE, START, frame
from baseboard.rmcp.lan_message import unwrap, wrap_request, wrap_response
from tests.bmc.harness import Bench
from tests.serial_consoles import BasicTerminal
from tests.serial_line import CHANNEL, bench, cabled

GET_DEVICE_ID = (0x06, 0x01)
GET_SEL_INFO = (0x0A, 0x40)
CHASSIS_CONTROL = (0x00, 0x02)
SET_PRIVILEGE = (0x06, 0x3B)
REFUSED = bytes((Cc.INSUFFICIENT_PRIVILEGE,))


class Console(BasicTerminal):
    """A console, and the BMC that it speaks to."""

    def __init__(self, made: Bench | None = None, **makeup: Any) -> None:
        self.bench, self.endpoint, cable = cabled(made or bench(**makeup))
        super().__init__(cable)


def test_14_4_without_a_session_only_session_less_commands_are_answered() -> None:
    line = Console()
    assert line.ask(*GET_SEL_INFO) == REFUSED
    answer = line.ask(0x06, 0x38, b"\x0e\x04")
    assert answer[:3] == bytes((0, CHANNEL, 0x17))
    assert line.ask(0x06, 0x38, b"\x8e\x04")[4] == 0x01  # no RMCP+ here


@pytest.mark.parametrize("auth_type", [0, 1, 2, 4])
def test_22_17_the_authcode_of_a_single_session_line_opens_it(auth_type: int) -> None:
    line = Console()
    answer = line.login(auth_type=auth_type)
    active = ActivateSessionResponse.decode(answer[1:])
    assert (answer[0], active.inbound_sequence, active.privilege) == (0, 0, 4)
    assert line.ask(*GET_SEL_INFO)[0] == 0
    assert line.ask(*CHASSIS_CONTROL, b"\x01") == REFUSED  # a session starts at User level
    assert line.ask(*SET_PRIVILEGE, b"\x04") == b"\0\x04"
    assert line.ask(*CHASSIS_CONTROL, b"\x01") == b"\0"
    info = GetSessionInfoResponse.decode(line.ask(6, 0x3D, GetSessionInfo().encode())[1:])
    assert (info.user_id, info.session_handle, info.privilege, info.channel) == (2, 0xFE, 4, CHANNEL)
    assert SerialConsole.decode(info.console or b"").activity == SerialActivity.MESSAGING
    assert line.ask(6, 0x3C, b"\x01\0\0\0") == b"\x87"
    assert line.ask(6, 0x3C, active.session_id.to_bytes(4, "little")) == b"\0"
    assert line.ask(*GET_SEL_INFO) == REFUSED


def test_22_17_who_has_not_the_password_is_kept_out_whether_there_is_such_a_user_or_not() -> None:
    line = Console()
    assert line.login(password=b"guess") == REFUSED
    assert line.login(name=b"nobody") == REFUSED
    assert line.activate(b"") == b"\x85"  # each challenge is good for one attempt
    assert line.endpoint.table.session is None


def test_22_17_more_than_the_user_may_is_refused() -> None:
    line = Console()
    assert line.login(b"oper", b"operpw", privilege=4) == b"\x86"
    assert line.login(b"oper", b"operpw", privilege=3)[0] == 0


def test_an_authentication_type_that_is_off_opens_nothing() -> None:
    line = Console(auth_types=0x04)
    assert line.login(auth_type=4) == b"\xcc"
    assert line.login(auth_type=2)[0] == 0


def test_too_short_a_login_is_told() -> None:
    line = Console()
    assert line.ask(6, 0x39, b"\x02") == b"\xc7"
    assert line.ask(6, 0x3A, b"") == b"\xc7"


def test_14_4_each_message_is_followed_by_a_handshake() -> None:
    line = Console()
    assert bytes((HANDSHAKE,)) in line.cable.type(frame(wrap_request(6, 0x38, b"\x0e\x04", 1)))


def test_what_is_broken_or_for_others_is_not_answered() -> None:
    line = Console()
    good = wrap_request(*GET_DEVICE_ID, b"", 1)
    assert line.raw(good[:-1] + b"\0") == []
    assert line.raw(wrap_response(unwrap(good), b"\0")) == []
    assert line.raw(wrap_request(*GET_DEVICE_ID, b"", 1, rs_addr=0x30)) == []


def test_a_message_is_claimed_from_its_start_to_its_end() -> None:
    mode = Basic(cabled()[1].front)
    assert mode.claims(START)
    assert not mode.claims(0x20)
    assert not mode.receive(b"\xa0\x20", 0.0)
    assert mode.claims(0x20)
    mode.reset()
    assert not mode.claims(0x20)
    assert mode.deadline() is None
    mode.expire(0.0)


def test_a_console_that_is_gone_gets_no_answer_that_was_for_it() -> None:
    """A handler may take its time; the line may have been lost meanwhile."""
    line = Console()
    held: list[Any] = []
    line.bench.controller.handle = lambda request, origin, reply: held.append(reply)
    line.raw(wrap_request(*GET_DEVICE_ID, b"", 1))
    line.endpoint.ended()
    line.endpoint.began()
    held[0](b"\0late")
    assert line.cable.take() == b""
