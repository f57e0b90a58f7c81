"""Devices of BMC chips: how each is framed, and what its driver is told."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.transports.bmc_device import (
    CLEAR_SMS_ATN,
    FORCE_ABORT,
    LONGEST,
    SET_SMS_ATN,
    BmcDevice,
    ChipKind,
    Framed,
    kind_of,
    read_request,
    write_response,
)
from tests.records.vectors import entry
from tests.transports.device_files import DeviceFile
from tests.transports.wires import until

KINDS: tuple[ChipKind, ...] = ("kcs", "bt", "ssif")
ANSWER = bytes.fromhex("00 20 01 02 03 02 BF 57 01 00 34 12")
FRAMES: dict[ChipKind, tuple[bytes, bytes]] = {
    "kcs": (b"\x18\x01", b"\x1c\x01" + ANSWER),
    "bt": (b"\x03\x18\x5a\x01", b"\x0f\x1c\x5a\x01" + ANSWER),
    "ssif": (struct.pack("=I", 2) + b"\x18\x01", struct.pack("=I", 14) + b"\x1c\x01" + ANSWER),
}


def test_what_the_driver_is_called_with() -> None:
    said = entry("linux", "bmc_ioctls")["decoded"]
    assert {name: int(value, 16) for name, value in said.items()} == {
        "SET_SMS_ATN": SET_SMS_ATN,
        "CLEAR_SMS_ATN": CLEAR_SMS_ATN,
        "FORCE_ABORT": FORCE_ABORT,
        "BT_SMS_ATN": SET_SMS_ATN,
    }


@pytest.mark.parametrize(("kind", "name"), [("bt", "bt_host_read"), ("ssif", "ssif_host")])
def test_vectors_of_requests_and_responses(kind: ChipKind, name: str) -> None:
    read, written = (bytes.fromhex(part) for part in entry("linux", name)["hex"].split("/"))
    request = read_request(kind, read)
    assert request is not None
    assert (request.lun_netfn, request.cmd, request.data) == (0x18, 0x01, b"")
    assert write_response(kind, request, ANSWER) == written


@pytest.mark.parametrize("kind", KINDS)
def test_frames(kind: ChipKind) -> None:
    read, written = FRAMES[kind]
    request = read_request(kind, read)
    assert request == Framed(0x5A if kind == "bt" else 0, 0x18, 0x01, b"")
    assert write_response(kind, request, ANSWER) == written


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("kcs", b""),
        ("kcs", b"\x18"),
        ("bt", b"\x02\x18\x5a"),
        ("bt", b"\x04\x18\x5a\x01"),
        ("bt", b""),
        ("ssif", b"\x02\x00"),
        ("ssif", struct.pack("=I", 3) + b"\x18\x01"),
        ("ssif", struct.pack("=I", 1) + b"\x18"),
    ],
)
def test_what_is_no_request(kind: ChipKind, raw: bytes) -> None:
    assert read_request(kind, raw) is None


@given(st.sampled_from(KINDS), st.binary(max_size=300))
def test_whatever_is_read_is_a_request_or_none(kind: ChipKind, raw: bytes) -> None:
    request = read_request(kind, raw)
    assert request is None or len(request.data) < len(raw)


def test_kinds_by_name() -> None:
    assert kind_of("/dev/ipmi-kcs3") == "kcs"
    assert kind_of("/dev/ipmi-bt-host") == "bt"
    assert kind_of("/dev/ipmi-ssif-host") == "ssif"
    assert kind_of("/dev/host-interface") is None


class Bench:
    def __init__(self, kind: ChipKind) -> None:
        self.file = DeviceFile()
        self.requests: list[Framed] = []
        self.calls: list[int] = []
        self.refuse = False
        self.device = BmcDevice(
            f"/dev/ipmi-{kind}", kind, self.requests.append, lambda: None, self.file.open, self._ioctl
        )

    def _ioctl(self, fd: int, request: int, /) -> int:
        if self.refuse:
            raise OSError("refused")
        self.calls.append(request)
        return 0


@pytest.mark.parametrize("kind", KINDS)
async def test_a_request_is_taken_and_answered(kind: ChipKind) -> None:
    bench = Bench(kind)
    read, written = FRAMES[kind]
    bench.file.give(read)
    await until(lambda: bench.requests)
    bench.device.answer(bench.requests[0], ANSWER)
    await until(lambda: bench.file.taken() == written)
    assert LONGEST[kind] - bench.device.room() == (3 if kind == "bt" else 2)
    bench.device.close()


@pytest.mark.parametrize(
    ("kind", "calls"),
    [("kcs", [SET_SMS_ATN, CLEAR_SMS_ATN, FORCE_ABORT]), ("bt", [SET_SMS_ATN]), ("ssif", [])],
)
async def test_attention_and_abort_where_there_are_any(kind: ChipKind, calls: list[int]) -> None:
    bench = Bench(kind)
    bench.device.attention(True)
    bench.device.attention(False)
    bench.device.abort()
    assert bench.calls == calls
    bench.refuse = True
    bench.device.attention(True)
    bench.refuse = False
    bench.device.close()
    bench.device.attention(True)
    assert bench.calls == calls


async def test_what_is_no_request_is_aborted() -> None:
    bench = Bench("kcs")
    bench.file.give(b"\x18")
    await until(lambda: bench.calls == [FORCE_ABORT])
    assert bench.requests == []
    bench.device.close()
