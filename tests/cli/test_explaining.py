"""Bytes told apart and explained."""

from __future__ import annotations

import pytest

from baseboard.cli.explaining import explain, guess
from baseboard.cli.explaining_packets import Part
from baseboard.errors import DecodeError
from baseboard.records.fru import BoardArea, build_fru
from baseboard.rmcp import lan_message, v15
from baseboard.rmcp.asf import Ping
from tests.cli.ipmitool.shelf import full

SEL = bytes.fromhex("0100 02 90b3c667 2000 04 01 30 01 57 50 46")
REQUEST = lan_message.wrap_request(0x06, 0x01, b"", 5)
FRU = build_fru(board=BoardArea(manufacturer="Maker", product_name="Board"))


def fields(part: Part) -> dict[str, str]:
    return {line.field: line.value for line in part.lines}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x06\x01", "request"),
        (b"\x07\x01\x00", "response"),
        (v15.wrap(0, 0, 0, REQUEST), "packet"),
        (Ping(1).encode(), "packet"),
        (Ping(1).encode()[:4], "packet"),
        (SEL, "sel"),
        (SEL + SEL, "sel"),
        (SEL + bytes(16), "response"),
        (full(1, b"Temp"), "sdr"),
        (full(1, b"Temp") + full(2, b"Fan"), "sdr"),
        (full(1, b"Temp") + b"\x01", "request"),
        (REQUEST, "message"),
        (REQUEST[:-1] + b"\x01", "request"),
        (FRU, "fru"),
        (b"", "request"),
    ],
)
def test_what_bytes_are_is_seen(data: bytes, kind: str) -> None:
    assert guess(data) == kind
    if data:
        assert explain(data, kind)


def test_a_request_and_a_response() -> None:
    (asked,) = explain(b"\x00\x02\x01", "request")
    assert fields(asked) == {"control": "POWER_UP (01h)"}
    plain, answer = explain(b"\x06\x01", "request")
    assert plain.lines == []
    assert [line.column for line in answer.lines][:3] == ["2", "3[7]", "3[3:0]"]
    assert next(line.note for line in answer.lines if line.field == "manufacturer_id").startswith("IANA")
    (answered,) = explain(b"\x01\x01\x00\x21\x00\x40", "response")
    assert fields(answered)["power_on"] == "yes"


def test_what_is_missing_is_told_with_the_table() -> None:
    empty, table, answer = explain(b"\x06\x38", "request")
    assert "at least 2 wanted" in empty.lines[0].note
    assert list(fields(table)) == ["extended", "channel", "privilege"]
    assert "auth_types" in fields(answer)
    cut, table = explain(b"\x07\x01\x00\x20", "response")
    assert fields(cut)["device_id"] == "32 (20h)"
    assert "product_id" in fields(table)
    assert len(explain(b"\x07\x01\xc1", "response")) == 1


def test_a_network_function_as_a_message_has_it_is_recognized() -> None:
    (asked,) = explain(b"\x18\x01", "request")
    assert asked.lines[-1].note == "as in a message 18h is netfn 06h, LUN 0: Get Device ID; explain 06 01 ..."
    (answered,) = explain(b"\x1c\x01\x00", "response")
    assert "netfn 07h" in answered.lines[-1].note
    (oem,) = explain(b"\x30\x01", "request")
    assert [line.note for line in oem.lines] == ["command not declared"]
    (group,) = explain(b"\x2c\x02", "request")
    assert "DCh DCMI" in group.lines[0].note


def test_a_record_that_was_read_is_explained_too() -> None:
    read = explain(b"\x0b\x43\x00\xff\xff" + SEL, "response")
    assert "Upper" in read[-1].title
    read = explain(b"\x0b\x23\x00\xff\xff" + full(1, b"Temp"), "response")
    assert read[-1].title.endswith(": Temp")
    for partly in (b"\x0b\x43\x00\xff\xff" + SEL[:5], b"\x0b\x23\x00\xff\xff" + full(1, b"Temp")[:9]):
        assert len(explain(partly, "response")) == 1


def test_several_records() -> None:
    first, second = explain(full(1, b"Temp") + full(2, b"Fan"), "sdr")
    assert (first.title.partition(": ")[2], second.title.partition(": ")[2]) == ("Temp", "Fan")
    assert [fields(part)["sensor_number"] for part in explain(SEL + SEL, "sel")] == ["48 (30h)"] * 2


def test_records() -> None:
    (sdr,) = explain(full(1, b"Temp"), "sdr")
    assert fields(sdr)["sensor_number"] == "1"
    (sel,) = explain(SEL, "sel")
    assert "Upper" in sel.title
    assert fields(sel)["sensor_number"] == "48 (30h)"
    header, board = explain(FRU, "fru")
    assert fields(header)["board"] == "1"
    assert fields(board)["manufacturer"] == "Maker"
    assert "what is wrong with it" in [part.title for part in explain(FRU[:-1] + b"\x55", "fru")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x06", "request"),
        (b"\x07\x01", "response"),
        (b"\x05\x00\xff\x07", "packet"),
        (b"\x20\x18", "message"),
        (b"\x01", "sdr"),
        (b"\x01", "sel"),
        (b"\x01", "fru"),
    ],
)
def test_what_is_not_of_that_kind_is_an_error(data: bytes, kind: str) -> None:
    with pytest.raises(DecodeError):
        explain(data, kind)
