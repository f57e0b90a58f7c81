"""What --sdr-info says of the repository, and how times are shown."""

from __future__ import annotations

import time

import pytest

from baseboard.cli.freeipmi.host_output import HostOutput, Style
from baseboard.cli.freeipmi.sdr_info import Clock, sdr_info
from tests.client.harness import Desk, desk

STORAGE, INFO, ALLOCATION = 0x0A, 0x20, 0x21


async def told(one: Desk) -> tuple[bool, dict[str, str], str]:
    out: list[str] = []
    err: list[str] = []
    good = await sdr_info(one.bmc, Clock(), HostOutput("x", Style.PLAIN, out.append, err.append))
    pairs = (line.split(": ", 1) for line in "".join(out).splitlines())
    return good, {key.strip(): value for key, value in pairs}, "".join(err)


async def test_all_that_there_is() -> None:
    stamps = (0x20).to_bytes(4, "little") + b"\xff\xff\xff\xff"
    info = b"\0\x51\x07\x00\x10\x00" + stamps + b"\xef"
    units = b"\0\x00\x00\x00\x00\x03\x00\x02\x00\x01"
    good, values, _ = await told(desk({(STORAGE, INFO): info, (STORAGE, ALLOCATION): units}))
    assert good
    assert (values["SDR version"], values["SDR record count"]) == ("1.5", "7")
    assert values["Most recent addition timestamp"] == "Post-Init 32 s"
    assert values["Most recent erase timestamp"] == "Unspecified"
    assert values["Modal/non-modal SDR Repository Update operation"] == "both supported"
    assert values["SDR could not be written due to lack of space"] == "Yes"
    assert values["Allocation unit size"] == "unspecified"
    assert values["Largest free block"] == "2 allocation units"


async def test_a_refusal_is_told() -> None:
    good, values, err = await told(desk({(STORAGE, INFO): b"\xc1"}))
    assert (good, values) == (False, {})
    assert err.startswith("ipmi_cmd_get_sdr_repository_info: ")
    answer = b"\0\x51\x07\x00\x10\x00" + bytes(8) + b"\x01"
    good, values, err = await told(desk({(STORAGE, INFO): answer, (STORAGE, ALLOCATION): b"\xd4"}))
    assert not good
    assert "SDR version" in values
    assert err.startswith("ipmi_cmd_get_sdr_repository_allocation_info: ")


def test_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "XYZ-2")
    time.tzset()
    try:
        assert Clock().text(0x6A112233) == "05/23/2026 - 03:42:43"
        assert Clock(offset=60).text(0x6A112233) == "05/23/2026 - 03:43:43"
        assert Clock(to_local=True).text(0x6A112233) == "05/23/2026 - 05:42:43"
        assert Clock(to_utc=True).text(0x6A112233) == "05/23/2026 - 01:42:43"
    finally:
        monkeypatch.undo()
        time.tzset()
