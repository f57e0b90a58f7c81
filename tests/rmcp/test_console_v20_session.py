"""Packets within v2.0 sessions, as a console takes and sends them."""

from __future__ import annotations

import pytest

from baseboard.errors import (
    EncodeError,
    LocalProtocolError,
)
from baseboard.rmcp import lan_message, v20
from baseboard.rmcp.console_events import (
    PayloadArrived,
    Reason,
    RequestArrived,
    SessionEnded,
)
from baseboard.rmcp.console_v20 import LAST_NUMBER, ConsoleV20
from tests.rmcp.logins import console, opened
from tests.rmcp.scripted_bmc import BmcV20


def get_device_id(bmc: BmcV20, machine: ConsoleV20) -> bytes:
    """Send a request and make the BMC's answer, not yet delivered."""
    machine.request(6, 1, b"", 1.0)
    answer = bmc.take(machine.outgoing()[0])
    assert answer is not None
    return answer


def dropped(machine: ConsoleV20, *datagrams: bytes) -> bool:
    before = machine.dropped
    for datagram in datagrams:
        machine.receive(datagram, 1.0)
    return machine.dropped == before + len(datagrams) and machine.events() == []


@pytest.mark.parametrize("suite", [2, 3, 8, 11, 12, 16, 17])
def test_changed_packets_are_dropped(suite: int) -> None:
    bmc = BmcV20(suite)
    machine = opened(bmc)
    answer = get_device_id(bmc, machine)
    for place in range(4, len(answer)):
        changed = answer[:place] + bytes((answer[place] ^ 1,)) + answer[place + 1 :]
        assert dropped(machine, changed), place
    machine.receive(answer, 1.0)
    assert len(machine.events()) == 1


def test_repeated_packets_are_dropped() -> None:
    bmc = BmcV20()
    machine = opened(bmc)
    answer = get_device_id(bmc, machine)
    machine.receive(answer, 1.0)
    assert len(machine.events()) == 1
    assert dropped(machine, answer, answer)


def test_packets_in_clear_or_unsigned_are_dropped() -> None:
    bmc = BmcV20(3)
    machine = opened(bmc)
    machine.request(6, 1, b"", 1.0)
    request = bmc.requests[0]
    request.cmd, request.rq_seq = 1, 2
    message = lan_message.wrap_response(request, b"\0")
    sidm = machine.console_session_id
    assert dropped(machine, v20.wrap(0, sidm, 2, message))
    assert dropped(machine, v20.wrap(0, sidm, 2, message, bmc.signer))
    assert dropped(machine, v20.wrap(0, sidm, 2, message, None, bmc.cipher))
    assert dropped(machine, v20.wrap(0, sidm + 1, 2, message, bmc.signer, bmc.cipher))
    machine.receive(v20.wrap(0, sidm, 2, message, bmc.signer, bmc.cipher), 1.0)
    assert len(machine.events()) == 1


@pytest.mark.parametrize("suite", [0, 1, 2])
def test_flags_that_the_suite_does_not_have_are_dropped(suite: int) -> None:
    bmc = BmcV20(suite)
    machine = opened(bmc)
    answer = get_device_id(bmc, machine)
    encrypted = answer[:5] + bytes((answer[5] | v20.ENCRYPTED,)) + answer[6:]
    assert dropped(machine, encrypted)
    if suite < 2:
        signed = answer[:5] + bytes((answer[5] | v20.AUTHENTICATED,)) + answer[6:]
        assert dropped(machine, signed)


def test_numbers_that_skip_are_borne() -> None:
    bmc = BmcV20()
    machine = opened(bmc)
    bmc.sequence += 60
    machine.receive(get_device_id(bmc, machine), 1.0)
    assert len(machine.events()) == 1
    bmc.sequence += 65
    assert dropped(machine, get_device_id(bmc, machine))


def test_a_request_of_the_bmc() -> None:
    bmc = BmcV20()
    machine = opened(bmc)
    machine.receive(bmc.say(lan_message.wrap_request(0x0C, 0x20, b"\0\1\1\0", 7)), 1.0)
    (event,) = machine.events()
    assert isinstance(event, RequestArrived)
    assert event.message.netfn == 0x0C


def test_13_28_numbers_do_not_wrap() -> None:
    bmc = BmcV20()
    machine = opened(bmc)
    machine._sent[1] = LAST_NUMBER - 1
    machine.request(6, 1, b"", 1.0)
    assert len(machine.outgoing()) == 1
    machine.expire(2.0)
    assert machine.outgoing() == []
    assert machine.events()[-1] == SessionEnded(Reason.USED_UP)


def test_numbers_used_up_while_closing() -> None:
    machine = opened(BmcV20())
    machine._sent[1] = LAST_NUMBER
    machine.close(1.0)
    assert machine.events() == [SessionEnded(Reason.USED_UP)]


# ---- other payloads


def test_payloads_are_dropped_until_they_are_accepted() -> None:
    bmc = BmcV20(17)
    machine = opened(bmc)
    assert dropped(machine, bmc.say(b"\1\0\0\0abc", 1))
    machine.accept_payload(1)
    machine.receive(bmc.say(b"\1\0\0\0abc", 1), 1.0)
    (event,) = machine.events()
    assert isinstance(event, PayloadArrived)
    assert (event.payload_type, event.data, event.iana) == (1, b"\1\0\0\0abc", 0)
    machine.refuse_payload(1)
    machine.refuse_payload(1)
    assert dropped(machine, bmc.say(b"\1\0\0\0abc", 1))


def test_a_payload_in_clear_only_where_it_was_agreed() -> None:
    bmc = BmcV20(17)
    machine = opened(bmc)
    machine.accept_payload(1)
    in_clear = v20.wrap(1, machine.console_session_id, 5, b"\1\0\0\0abc", bmc.signer)
    unsigned = v20.wrap(1, machine.console_session_id, 5, b"\1\0\0\0abc")
    assert dropped(machine, in_clear, unsigned)
    machine.accept_payload(1, encrypted=False)
    assert dropped(machine, unsigned)
    machine.receive(in_clear, 1.0)
    assert len(machine.events()) == 1
    machine.accept_payload(1, encrypted=False, authenticated=False)
    machine.receive(unsigned, 1.0)
    assert len(machine.events()) == 1, "unsigned packets are counted apart"


def test_oem_payloads() -> None:
    bmc = BmcV20(17)
    machine = opened(bmc)
    machine.accept_payload(2)
    sidm = machine.console_session_id
    machine.receive(v20.wrap(2, sidm, 9, b"data", bmc.signer, bmc.cipher, (7154, 0x0201)), 1.0)
    (event,) = machine.events()
    assert isinstance(event, PayloadArrived)
    assert (event.payload_type, event.iana, event.payload_id, event.data) == (2, 7154, 0x0201, b"data")
    machine.send_payload(2, b"more", 1.0, oem=(7154, 0x0201))
    (sent,) = machine.outgoing()
    assert v20.oem_of(sent) == (7154, 0x0201)
    machine.send_payload(0x21, b"more", 1.0)
    bmc.serve(machine)
    assert bmc.heard[-1] == (0x21, b"more")


@pytest.mark.parametrize(
    ("authenticated", "encrypted", "flags"),
    [(True, True, 0xC1), (True, False, 0x41), (False, False, 0x01)],
)
def test_payloads_out(authenticated: bool, encrypted: bool, flags: int) -> None:
    bmc = BmcV20(3)
    machine = opened(bmc)
    machine.send_payload(1, b"keys", 1.0, authenticated=authenticated, encrypted=encrypted)
    (sent,) = machine.outgoing()
    assert v20.parse(sent)[0] == flags
    # Set Session Privilege Level had number 1 of the signed ones.
    assert v20.parse(sent)[2] == (2 if authenticated else 1)


def test_no_payload_without_a_session() -> None:
    machine = console()
    with pytest.raises(LocalProtocolError):
        machine.send_payload(1, b"", 0.0)
    with pytest.raises(LocalProtocolError):
        machine.accept_payload(1)
    with pytest.raises(LocalProtocolError):
        machine.request(6, 1, b"", 0.0)


def test_long_requests() -> None:
    machine = opened(BmcV20(17))
    machine.request(6, 1, bytes(0xFF00), 1.0)
    assert len(machine.outgoing()[0]) > 0xFF00
    with pytest.raises(EncodeError):
        machine.request(6, 1, bytes(0xFF01), 1.0)


def test_keys_are_not_shown() -> None:
    machine = opened(BmcV20(17))
    assert "password" not in repr(machine)
    assert "ops" in repr(machine)
