"""A BMC's serial line: who gets in, and what is answered."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.serial_channel import BasicChannel, TerminalChannel
from baseboard.codes import AuthType, Cc, Privilege
from baseboard.commands.app.sessions import (
    ActivateSession,
    ActivateSessionResponse,
    GetSessionChallenge,
    GetSessionChallengeResponse,
    GetSessionInfo,
    GetSessionInfoResponse,
)
from baseboard.crypto.authcode import activation_code
from baseboard.links.serial_basic import HANDSHAKE, BasicConsole, frame
from baseboard.links.serial_terminal import TerminalSettings
from baseboard.rmcp.lan_message import unwrap, wrap_request, wrap_response
from tests.bmc.harness import Bench
from tests.serial_line import bench, drawn

GET_DEVICE_ID = (0x06, 0x01)
GET_SEL_INFO = (0x0A, 0x40)
CHASSIS_CONTROL = (0x00, 0x02)
SET_PRIVILEGE = (0x06, 0x3B)
REFUSED = bytes((Cc.INSUFFICIENT_PRIVILEGE,))


class Basic:
    """A console at a Basic Mode line."""

    def __init__(self, made: Bench | None = None, **settings: Any) -> None:
        self.bench = made or bench()
        self.sent: list[bytes] = []
        self.channel = BasicChannel(self.bench.controller, self.sent.append, drawn, **settings)
        self._console = BasicConsole()

    def raw(self, message: bytes) -> list[bytes]:
        """Messages that come back for one."""
        self.channel.receive(frame(message), 0.0)
        assert bytes((HANDSHAKE,)) in self.sent
        self._console.receive(b"".join(self.sent), 0.0)
        self.sent.clear()
        return self._console.events()

    def ask(self, netfn: int, cmd: int, data: bytes = b"") -> bytes:
        (answer,) = self.raw(wrap_request(netfn, cmd, data, 5))
        message = unwrap(answer)
        assert (message.netfn, message.cmd, message.rq_seq, message.rs_addr) == (netfn | 1, cmd, 5, 0x20)
        return message.data

    def challenge(self, name: bytes, auth_type: int) -> GetSessionChallengeResponse:
        request = GetSessionChallenge(auth_type=AuthType(auth_type), user_name=name.ljust(16, b"\0"))
        answer = self.ask(6, 0x39, request.encode())
        assert answer[0] == 0
        return GetSessionChallengeResponse.decode(answer[1:])

    def activate(self, code: bytes, auth_type: int = 2, privilege: int = 4) -> bytes:
        request = ActivateSession(
            auth_type=AuthType(auth_type),
            privilege=Privilege(privilege),
            challenge=code.ljust(16, b"\0"),
            outbound_sequence=1,
        )
        return self.ask(6, 0x3A, request.encode())

    def login(
        self, name: bytes = b"admin", password: bytes = b"adminpw", auth_type: int = 2, privilege: int = 4
    ) -> bytes:
        told = self.challenge(name, auth_type)
        code = activation_code(auth_type, password, told.session_id, told.challenge)
        return self.activate(code, auth_type, privilege)


def test_14_4_without_a_session_only_session_less_commands_are_answered() -> None:
    line = Basic()
    assert line.ask(*GET_SEL_INFO) == REFUSED
    assert line.ask(0x06, 0x38, b"\x0e\x04")[0] == 0


@pytest.mark.parametrize("auth_type", [0, 1, 2, 4])
def test_22_17_the_authcode_of_a_single_session_line_opens_it(auth_type: int) -> None:
    line = Basic()
    answer = line.login(auth_type=auth_type)
    active = ActivateSessionResponse.decode(answer[1:])
    assert (answer[0], active.inbound_sequence, active.privilege) == (0, 0, 4)
    assert line.ask(*GET_SEL_INFO)[0] == 0
    assert line.ask(*CHASSIS_CONTROL, b"\x01") == REFUSED  # a session starts at User level
    assert line.ask(*SET_PRIVILEGE, b"\x04") == b"\0\x04"
    assert line.ask(*CHASSIS_CONTROL, b"\x01") == b"\0"
    info = GetSessionInfoResponse.decode(line.ask(6, 0x3D, GetSessionInfo().encode())[1:])
    assert (info.user_id, info.session_handle, info.privilege) == (2, 0xFE, 4)
    assert line.ask(6, 0x3C, b"\x01\0\0\0") == b"\x87"
    assert line.ask(6, 0x3C, active.session_id.to_bytes(4, "little")) == b"\0"
    assert line.ask(*GET_SEL_INFO) == REFUSED


def test_22_17_who_has_not_the_password_is_kept_out_whether_there_is_such_a_user_or_not() -> None:
    line = Basic()
    assert line.login(password=b"guess") == REFUSED
    assert line.login(name=b"nobody") == REFUSED
    assert line.activate(b"") == b"\x85"  # each challenge is good for one attempt
    assert line.channel.session is None


def test_22_17_more_than_the_user_may_is_refused() -> None:
    line = Basic()
    assert line.login(b"oper", b"operpw", privilege=4) == b"\x86"
    assert line.login(b"oper", b"operpw", privilege=3)[0] == 0


def test_an_authentication_type_that_is_off_opens_nothing() -> None:
    line = Basic(bench(auth_types=0x04))
    assert line.login(auth_type=4) == b"\xcc"
    assert line.login(auth_type=2)[0] == 0
    assert Basic(bench(auth_types=0x20)).activate(b"", 5) == b"\x85"
    oem = Basic(bench(auth_types=0x20))
    oem.challenge(b"admin", 5)
    assert oem.activate(b"", 5) == b"\xcc"


def test_too_short_a_login_is_told() -> None:
    line = Basic()
    assert line.ask(6, 0x39, b"\x02") == b"\xc7"
    assert line.ask(6, 0x3A, b"") == b"\xc7"


def test_a_line_without_login_is_as_good_as_the_system_interface() -> None:
    line = Basic(login=False)
    assert line.ask(*GET_SEL_INFO)[0] == 0
    assert line.ask(6, 0x3A, b"") == b"\xc7"  # the controller's own answer
    assert line.ask(6, 0x42, b"\x0e")[1] == 0x0F


def test_what_is_broken_or_for_others_is_not_answered() -> None:
    line = Basic()
    good = wrap_request(*GET_DEVICE_ID, b"", 1)
    assert line.raw(good[:-1] + b"\0") == []
    assert line.raw(wrap_response(unwrap(good), b"\0")) == []
    assert line.raw(wrap_request(*GET_DEVICE_ID, b"", 1, rs_addr=0x30)) == []


class Terminal:
    """Somebody at a Terminal Mode line."""

    def __init__(self, made: Bench | None = None, **settings: Any) -> None:
        self.bench = made or bench()
        self.sent: list[bytes] = []
        self.channel = TerminalChannel(
            self.bench.controller,
            self.sent.append,
            drawn,
            settings=TerminalSettings(echo=False),
            **settings,
        )

    def type(self, text: str) -> str:
        """What is shown after a line was typed, without the newline that ends it."""
        self.channel.receive(f"[{text}]\r".encode(), 0.0)
        shown = b"".join(self.sent).decode()
        self.sent.clear()
        return shown.removesuffix("\r\n")


def test_14_7_a_session_from_login_to_logout() -> None:
    line = Terminal()
    assert line.type("0A 00 40") == "[0E 00 40 C1]"
    assert line.type("28 04 40") == "[2C 04 40 D4]"
    assert line.type("SYS PWD -U admin adminpw") == "[OK]"
    assert line.type("28 04 40").startswith("[2C 04 40 00 51")
    assert line.type("SYS PWD -X") == "[OK]"
    assert line.type("280440") == "[2C 04 40 D4]"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("SYS PWD -U admin guess", "[ERR CC]"),
        ("SYS PWD -U admin", "[ERR CC]"),
        ("SYS PWD -U nobody adminpw", "[ERR CC]"),
        ("SYS PWD -U admin adminpw more", "[ERR CC]"),
        ("SYS PWD -U", "[ERR CC]"),
        ("SYS PWD", "[ERR CC]"),
        ("SYS PWD -N", "[ERR CC]"),
        ("SYS PWD -N nullpw", "[OK]"),
        ("sys pwd -u oper operpw", "[OK]"),
        ("SYS PWD -U ADMIN adminpw", "[ERR CC]"),
        ("SYS TMODE", "[OK TMODE]"),
        ("SYS blah", "[ERR C1]"),
        ("SYS", "[ERR C1]"),
        ("OK", "[ERR C1]"),
        ("SYS POWER ON", "[ERR D4]"),
    ],
)
def test_14_7_text_commands_are_answered(text: str, answer: str) -> None:
    assert Terminal().type(text) == answer


def test_14_7_a_wrong_password_ends_the_session() -> None:
    line = Terminal()
    assert line.type("SYS PWD -U admin adminpw") == "[OK]"
    assert line.type("SYS PWD -U admin guess") == "[ERR CC]"
    assert line.type("28 04 40") == "[2C 04 40 D4]"


def test_14_7_only_straight_passwords_let_in_and_only_where_they_may() -> None:
    assert Terminal(bench(auth_types=0x04)).type("SYS PWD -U admin adminpw") == "[ERR D4]"


def test_14_7_the_chassis_obeys_text() -> None:
    line = Terminal()
    line.type("SYS PWD -U oper operpw")
    chassis = line.bench.services.chassis
    assert line.type("SYS POWER ON") == "[OK]"
    assert chassis.is_on()
    assert line.type("SYS RESET") == "[OK]"
    assert line.type("SYS POWER OFF") == "[OK]"
    assert not chassis.is_on()
    identify = line.bench.backend.identify
    assert identify is not None
    for text, lit in [
        ("IDENTIFY", True),
        ("IDENTIFY -OFF", False),
        ("IDENTIFY -ON", True),
        ("IDENTIFY -ON 00", False),
    ]:
        assert line.type(f"SYS {text}") == "[OK]"
        assert identify.lit == lit
    assert line.type("SYS IDENTIFY -ON 0") == "[ERR C1]"


@pytest.mark.parametrize("content", ["18 0", "zz", "1C 00 01 00", "18 01 01", "18"])
def test_what_is_no_request_is_not_answered(content: str) -> None:
    assert Terminal().type(content) == ""


def test_a_terminal_without_login_is_as_good_as_the_system_interface() -> None:
    line = Terminal(login=False)
    assert line.type("28 04 40").startswith("[2C 04 40 00")
    assert line.type("SYS POWER ON") == "[OK]"
