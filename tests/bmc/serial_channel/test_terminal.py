"""Terminal Mode: lines, messages in hex, how it is set (§14.7)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.serial_channel.terminal import Terminal
from baseboard.commands.parameters.serial import SerialParameter
from baseboard.rmcp.lan_message import unwrap, wrap_request, wrap_response
from tests.bmc.harness import Bench
from tests.serial_consoles import Typist
from tests.serial_line import bench, cabled


class Console(Typist):
    """Somebody at a terminal, and the BMC."""

    def __init__(self, made: Bench | None = None, **makeup: Any) -> None:
        self.bench, self.endpoint, cable = cabled(made or bench(**makeup))
        super().__init__(cable)

    def set(self, data: str) -> None:
        """Parameter 29."""
        parameter = SerialParameter.parse(29, bytes.fromhex(data), True)
        assert isinstance(parameter, SerialParameter)
        self.bench.services.serial.parameters.set(parameter)


def test_14_7_a_session_from_login_to_logout() -> None:
    line = Console()
    assert line.type("0A 00 40") == "[0E 00 40 C1]"
    assert line.type("28 04 40") == "[2C 04 40 D4]"
    assert line.type("SYS PWD -U admin adminpw") == "[OK]"
    assert line.type("28 04 40").startswith("[2C 04 40 00 51")
    assert line.type("SYS PWD -X") == "[OK]"
    assert line.type("280440") == "[2C 04 40 D4]"


@pytest.mark.parametrize("content", ["18 0", "zz", "18 01 01", "18", "1C 00 01"])
def test_what_is_no_request_is_not_answered(content: str) -> None:
    assert Console().type(content) == ""


def test_29_editing_echo_handshake_and_newlines_are_as_set() -> None:
    line = Console()
    assert line.cable.type(b"[SYS TMOX\x7fDE]\r") == b"[SYS TMOX\b \bDE]\r\n[OK TMODE]\r\n"
    line.set("0131")  # handshake, no echo, no editing, CR
    assert line.cable.type(b"[SYS TMODE]\r") == b"[OK TMODE]\r[SYS]\r"
    line.set("0052")  # LF out, NUL in
    assert line.cable.type(b"[SYS TMODE]\r") == b""
    assert line.cable.type(b"[SYS TMODE]\0") == b"[OK TMODE]\n"


def test_answers_of_several_lines_have_the_output_newline_between_them() -> None:
    line = Console()
    line.set("0051")
    line.cable.type(b"[SYS PWD -U admin adminpw]\r")
    assert line.cable.type(b"[SYS SET TCFG]\r") == b"[OK V:00 51\nN:26 11]\n"
    line.set("0001")  # none: a console could not tell the lines apart
    assert line.cable.type(b"[SYS SET TCFG]\r") == b"[OK V:00 01\r\nN:26 11]"


def test_14_12_messages_of_the_bmc_and_its_host_are_not_marked_others_are() -> None:
    line = Console()
    line.type("SYS PWD -U admin adminpw")
    session = line.endpoint.table.session
    assert session is not None
    own = wrap_request(0x0C, 0x18, b"\x01\x02", 1, rs_addr=0x81, rq_addr=0x20)
    hosts = wrap_request(0x06, 0x01, b"", 2, rs_addr=0x81, rq_addr=0x20, rq_lun=2)
    others = wrap_request(0x06, 0x01, b"", 3, rs_addr=0x81, rq_addr=0x52)
    answer = wrap_response(unwrap(wrap_request(0x06, 0x01, b"", 4, rs_addr=0x52, rq_addr=0x8F)), b"\0\x20")
    shown = []
    for message in (own, hosts, others, answer):
        line.endpoint.table.send_message(session, message)
        shown.append(line.cable.take().decode().strip())
    assert shown == ["[30 04 18 01 02]", "[1A 08 01]", "[18 0D 01]", "[1C 11 01 00 20]"]


def test_a_consoles_answer_goes_to_the_host() -> None:
    line = Console()
    line.type("SYS PWD -U admin adminpw")
    assert line.type("1E 08 01 00 20") == ""
    answer = line.bench.raw(6, 0x33)
    assert answer[2] == 0xFE
    assert (unwrap(answer[3:]).netfn, unwrap(answer[3:]).data) == (7, b"\0\x20")


def test_14_7_a_message_goes_on_in_the_next_line() -> None:
    line = Console()
    assert line.cable.type(b"[18 00\\\r 38 0E 04]\r").splitlines()[-1].startswith(b"[1C 00 38 00 02")


def test_it_claims_nothing_and_waits_for_nothing() -> None:
    mode = Terminal(cabled()[1].front)
    assert not mode.claims(ord("["))
    assert mode.deadline() is None
    mode.expire(0.0)
    assert not mode.receive(b"noise", 0.0)


def test_a_console_that_is_gone_gets_no_answer_that_was_for_it() -> None:
    line = Console()
    held: list[Any] = []
    line.bench.controller.handle = lambda request, origin, reply: held.append(reply)
    line.type("18 00 01")
    line.endpoint.ended()
    held[0](b"\0late")
    assert line.cable.take() == b""
