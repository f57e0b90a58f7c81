"""The way from a mode to the dispatcher, and to system software (§6.13, §22.7)."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.services.channels import SYSTEM_INTERFACE
from baseboard.rmcp.lan_message import unwrap, wrap_request, wrap_response
from tests.bmc.serial_channel.test_basic import Console


def test_a_disabled_channel_stays_silent() -> None:
    line = Console()
    line.login()
    assert line.bench.raw(6, 0x40, b"\x02\x80\x00") == b"\0"
    assert line.endpoint.table.session is None
    assert line.raw(wrap_request(6, 0x38, b"\x0e\x04", 1)) == []


def test_who_is_trusted_needs_no_login_and_is_not_the_system_interface() -> None:
    line = Console()
    line.bench.services.serial.spec = _trusting(line)
    assert line.ask(0x0A, 0x40)[0] == 0
    assert line.ask(6, 0x42, b"\x0e")[1] == 2
    assert line.ask(6, 0x33) == b"\xd4"  # Get Message is the host's


def _trusting(line: Console) -> Any:
    from dataclasses import replace

    return replace(line.bench.services.serial.spec, login=False)


def test_6_13_lun_2_is_the_hosts_software_which_answers_itself() -> None:
    line = Console()
    line.login()
    assert line.raw(wrap_request(0x30, 0x01, b"\xaa", 5, rs_lun=2)) == []
    answer = line.bench.raw(6, 0x33)
    assert answer[:3] == b"\0\x22\xfe"
    told = unwrap(answer[3:])
    assert (told.netfn, told.cmd, told.rs_lun, told.data) == (0x30, 1, 2, b"\xaa")
    line.bench.services.messaging.channels.discard(2)
    assert line.ask(0x30, 0x01, b"", lun=2) == b"\xd3"


def test_6_13_the_host_sends_a_console_a_request_and_gets_its_answer() -> None:
    line = Console()
    line.login()
    request = wrap_request(0x06, 0x01, b"", 9, rs_addr=0x81, rq_addr=0x20, rq_lun=2)
    assert line.bench.raw(6, 0x34, b"\x02\xfe" + request)[0] == 0
    (asked,) = line.read(line.cable.take())
    assert (asked.netfn, asked.cmd, asked.rs_addr) == (6, 1, 0x81)
    assert line.raw(wrap_response(asked, b"\0device")) == []
    answer = line.bench.raw(6, 0x33)
    assert answer[2] == 0xFE
    told = unwrap(answer[3:])
    assert (told.netfn, told.cmd, told.data) == (7, 1, b"\0device")


def test_without_a_session_nobody_gets_answers_of_consoles() -> None:
    line = Console()
    message = unwrap(wrap_request(0x06, 0x01, b"", 9, rs_addr=0x81, rq_addr=0x20))
    assert line.raw(wrap_response(message, b"\0")) == []
    assert line.bench.raw(6, 0x33) == b"\x80"


def test_answers_to_what_the_bmc_tells_of_its_own_accord_end_there() -> None:
    line = Console()
    line.login()
    for cmd in (0x18, 0x20):
        message = unwrap(wrap_request(0x0C, cmd, b"\0\x02", 9, rs_addr=0x81, rq_addr=0x20))
        assert line.raw(wrap_response(message, b"\0")) == []
    assert line.bench.raw(6, 0x33) == b"\x80"
    line.bench.services.serial.link = None
    message = unwrap(wrap_request(0x0C, 0x18, b"\0\x02", 9, rs_addr=0x81, rq_addr=0x20))
    assert line.raw(wrap_response(message, b"\0")) == []


def test_the_system_interface_is_another_channel() -> None:
    assert Console().endpoint.channel != SYSTEM_INTERFACE
