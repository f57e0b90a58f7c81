"""Frames of an IPMB and of IPMI over SMBus (IPMB v1.0, Tables 22-8 and 22-9)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.commands import ipmi_message
from baseboard.errors import ChecksumError, DecodeError, TruncatedError
from baseboard.links.ipmb import (
    LONGEST,
    Form,
    Written,
    is_address,
    is_broadcast,
    may_be_broadcast,
    opened,
    sealed,
    steps_of,
)
from baseboard.links.smbus import pec
from tests.records.vectors import vectors

APP, SEND_MESSAGE = 0x06, 0x34
GET_DEVICE_ID = ipmi_message.wrap_request(APP, 1, b"", 5, rs_addr=0x24, rq_addr=0x20)


@vectors("ipmb", "get_device_id", "set_event_receiver", "platform_event", "py_encode")
def test_vectors_are_read_and_written(raw: bytes, decoded: dict[str, Any]) -> None:
    message = opened(raw)
    said = {"netfn": message.netfn, "cmd": message.cmd, "seq": message.rq_seq}
    assert {key: said[key] for key in said.keys() & decoded.keys()} == {
        key: decoded[key] for key in said.keys() & decoded.keys()
    }
    assert len(raw) <= LONGEST
    again = (
        ipmi_message.wrap_response(message, message.data)
        if message.is_response
        else ipmi_message.wrap_request(
            message.netfn, message.cmd, message.data, message.rq_seq, rs_addr=message.rs_addr,
            rs_lun=message.rs_lun, rq_addr=message.rq_addr, rq_lun=message.rq_lun,
        )
    )  # fmt: skip
    assert sealed(again, Form.IPMB) == raw


@vectors("ipmb", "broadcast")
def test_20_9_a_broadcast_is_a_request_behind_00h(raw: bytes, decoded: dict[str, Any]) -> None:
    assert is_broadcast(raw)
    message = opened(raw[1:])
    assert may_be_broadcast(message)
    assert message.rs_addr == 0x52
    assert "outside the checksums" in decoded["note"]
    assert not is_broadcast(raw[1:])
    for netfn, cmd, lun in ((APP, 2, 0), (4, 1, 0), (APP, 1, 1)):
        frame = ipmi_message.wrap_request(netfn, cmd, b"", 5, rs_addr=0x24, rs_lun=lun)
        assert not may_be_broadcast(opened(frame))


def test_over_smbus_the_first_checksum_is_00h_and_the_second_the_pec() -> None:
    frame = sealed(GET_DEVICE_ID, Form.SMBUS)
    assert frame[:-1] == GET_DEVICE_ID[:2] + b"\0" + GET_DEVICE_ID[3:-1]
    assert frame[-1] == pec(frame[:-1])
    message = opened(frame, Form.SMBUS)
    assert (message.rs_addr, message.netfn, message.cmd, message.rq_seq) == (0x24, APP, 1, 5)
    with pytest.raises(ChecksumError):
        opened(frame)
    with pytest.raises(ChecksumError):
        opened(GET_DEVICE_ID, Form.SMBUS)
    with pytest.raises(ChecksumError):
        opened(frame[:-1] + bytes((frame[-1] ^ 1,)), Form.SMBUS)
    with pytest.raises(TruncatedError):
        opened(frame[:6], Form.SMBUS)


@given(st.binary(max_size=40), st.sampled_from(Form))
def test_whatever_comes_is_read_or_refused(frame: bytes, form: Form) -> None:
    try:
        opened(frame, form)
    except DecodeError:
        return
    assert len(frame) >= ipmi_message.SMALLEST


def test_addresses_of_controllers() -> None:
    assert [one for one in range(256) if is_address(one)] == list(range(0x10, 0xF0, 2))


def test_codes_are_those_of_send_message() -> None:
    assert [int(code) for code in Written] == [0x00, 0x81, 0x82, 0x83]


def test_a_tracked_send_message_has_the_responses_of_what_it_carries_too() -> None:
    inner = ipmi_message.wrap_request(0x04, 0x2D, b"\x01", 5, rs_addr=0x72)
    middle = b"\x47" + inner
    outer = b"\x40" + ipmi_message.wrap_request(APP, SEND_MESSAGE, middle, 5, rs_addr=0x82)
    assert steps_of(APP, SEND_MESSAGE, outer) == [(7, 0x34), (7, 0x34), (5, 0x2D)]
    assert steps_of(APP, SEND_MESSAGE, b"\x00" + inner) == [(7, 0x34)]
    assert steps_of(APP, SEND_MESSAGE, b"\x40\x01") == [(7, 0x34)]
    assert steps_of(APP, SEND_MESSAGE, b"") == [(7, 0x34)]
