"""How LAN parameters are written: locked, looked at again, unlocked."""

from __future__ import annotations

from unittest import mock

import pytest

from baseboard.cli.ipmitool import lan_parameters
from baseboard.cli.ipmitool.lan_parameters import TRIES, get, put
from tests.cli.ipmitool.scenes import Stage


@pytest.fixture(autouse=True)
def hurried() -> object:
    with mock.patch.object(lan_parameters, "PAUSE", 0.0):
        yield


@pytest.mark.parametrize(
    ("answer", "data"),
    [("00 11 0102", b"\x01\x02"), ("80", b""), ("c9", b""), ("cc", b""), ("d4", None), (None, None)],
)
async def test_what_a_controller_does_not_have_is_empty(answer: str | None, data: bytes | None) -> None:
    assert await get(Stage({"0c/02": answer}).call, 1, 3) == data


async def test_a_write_is_framed_by_set_in_progress() -> None:
    stage = Stage({"0c/01": "00", "0c/02": "00 11 07", "0c/02 0100": "00 11 01"})
    assert await put(stage.call, 1, 21, b"\x07")
    assert stage.given.written == ["0c/01 011507", "0c/01 010002", "0c/01 010000"]


async def test_a_lock_that_does_not_hold_is_tried_three_times() -> None:
    stage = Stage({"0c/01": "00", "0c/02": "00 11 07", "0c/02 0100": "00 11 00"})
    assert await put(stage.call, 1, 21, b"\x07")
    assert stage.given.written.count("0c/01 010001") == 3


async def test_a_controller_that_takes_its_time_is_waited_for() -> None:
    stage = Stage({"0c/01": "00", "0c/02 0115": ["00 11 00", "d4", "00 11 07 07", "00 11 07"], "0c/02": "80"})
    assert await put(stage.call, 1, 21, b"\x07")
    assert stage.err == ""


async def test_what_never_comes_is_told() -> None:
    stage = Stage({"0c/01": "00", "0c/02": "80", "0c/02 0115": "00 11 00"})
    assert not await put(stage.call, 1, 21, b"\x07")
    assert stage.err == "LAN Parameter Data does not match!  Write may have failed.\n"
    stage = Stage({"0c/01": "00", "0c/02": "80"})
    assert not await put(stage.call, 1, 21, b"\x07")
    assert stage.err == "Mismatched data lengths: 0 != 1\n"


async def test_an_invalid_field_is_sent_again() -> None:
    stage = Stage({"0c/01": "00", "0c/01 0115": ["cc", "cc", "00"], "0c/02": "80", "0c/02 0115": "00 11 07"})
    assert await put(stage.call, 1, 21, b"\x07")
    assert stage.given.written.count("0c/01 011507") == 3
    stage = Stage({"0c/01": "00", "0c/01 0115": "cc", "0c/02": "80", "0c/02 0115": "00 11 07"})
    assert await put(stage.call, 1, 21, b"\x07")
    assert stage.given.written.count("0c/01 011507") == 1 + TRIES


async def test_other_refusals_end_it() -> None:
    stage = Stage({"0c/01": "00", "0c/01 0115": "82", "0c/02": "80"})
    assert not await put(stage.call, 1, 21, b"\x07")
    stage = Stage({"0c/01": "00", "0c/01 0115": None, "0c/02": "80"})
    assert not await put(stage.call, 1, 21, b"\x07", read_back=False)
    assert stage.err == "Set LAN Parameter failed\n"
