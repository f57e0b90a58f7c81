"""Packets within v2.0 sessions, as a console takes and sends them."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.errors import (
    EncodeError,
    LocalProtocolError,
)
from baseboard.rmcp import lan_message, v20
from baseboard.rmcp.console import Phase
from baseboard.rmcp.console_events import (
    PayloadArrived,
    Reason,
    RequestArrived,
    SessionEnded,
)
from baseboard.rmcp.console_v20 import LAST_NUMBER
from tests.rmcp.logins import console, dropped, get_device_id, opened
from tests.rmcp.scripted_bmc import BmcV20


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


def test_numbers_used_up_while_closing() -> None:
    machine = opened(BmcV20())
    machine._sent[1] = LAST_NUMBER
    machine.close(1.0)
    assert machine.events() == [SessionEnded(Reason.USED_UP)]


# ---- other payloads


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


def test_handshake_noise_is_dropped() -> None:
    bmc = BmcV20()
    machine = console()
    machine.open(0.0)
    (request,) = machine.outgoing()
    answer = bmc.take(request)
    assert answer is not None
    for noise in (
        b"",
        request,
        v20.wrap(0x11, 0, 0, b""),
        v20.wrap(0x11, 0, 0, b"\x77" + answer[17:]),
        v20.wrap(0x13, 0, 0, answer[16:]),
        answer[:5] + b"\x51" + answer[6:],
        v20.wrap(0, machine.console_session_id, 1, b"message"),
    ):
        before = machine.dropped
        machine.receive(noise, 0.1)
        assert machine.dropped == before + 1
    assert machine.phase is Phase.OPEN_SESSION
    machine.receive(answer, 0.2)
    assert machine.phase is Phase.RAKP_2
    machine.receive(answer, 0.3)
    assert machine.phase is Phase.RAKP_2, "a repeated answer means nothing"


@drawn(st.binary(max_size=80), st.integers(0, 3), st.integers(0x10, 0x15))
def test_random_bytes_at_every_stage(data: bytes, stage: int, kind: int) -> None:
    bmc, machine = BmcV20(), console()
    machine.open(0.0)
    for _ in range(stage):
        answer = bmc.take(machine.outgoing()[0])
        assert answer is not None
        machine.receive(answer, 0.0)
    phase = machine.phase
    machine.receive(data, 0.0)
    tagged = bytes((stage & 0xFF,)) + data
    machine.receive(v20.wrap(kind, 0, 0, tagged), 0.0)
    machine.receive(v20.wrap(0, machine.console_session_id, 1, data), 0.0)
    assert machine.phase in (phase, Phase.CLOSED)


def test_oem_payloads_of_one_maker_are_accepted_by_their_number() -> None:
    bmc = BmcV20(17)
    machine = opened(bmc)
    machine.accept_payload((7154, 0x0201))
    sidm = machine.console_session_id
    machine.receive(v20.wrap(2, sidm, 9, b"other", bmc.signer, bmc.cipher, (7154, 0x0202)), 1.0)
    assert machine.events() == []
    machine.receive(v20.wrap(2, sidm, 10, b"data", bmc.signer, bmc.cipher, (7154, 0x0201)), 1.0)
    (event,) = machine.events()
    assert isinstance(event, PayloadArrived)
    assert (event.payload_id, event.data) == (0x0201, b"data")
    machine.refuse_payload((7154, 0x0201))
    machine.receive(v20.wrap(2, sidm, 11, b"data", bmc.signer, bmc.cipher, (7154, 0x0201)), 1.0)
    assert machine.events() == []
