"""``bmc.sdr``: records of a simulated BMC, and of ones that are odd."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from baseboard.client.sdr import Records, SdrEntry
from baseboard.client.settings import Settings
from baseboard.codes import Cc
from baseboard.commands.storage.sdr import AddSdr
from baseboard.errors import CompletionError
from baseboard.records.sdr import FullSensorRecord
from baseboard.testing.scripted import Line
from tests.bmc.services.sensor_specs import ALL_KINDS, PRESENCE, TEMPERATURE
from tests.client.harness import Desk, desk

INFO, ALLOCATION, GET = (0x0A, 0x20), (0x0A, 0x21), (0x0A, 0x23)
DEVICE_ID, GUID = (0x06, 0x01), (0x06, 0x37)
NONE: dict[tuple[int, int], Line] = {INFO: b"\xc1", GET: b"\xc1"}
OWN_SDRS = bytes.fromhex("00 20 81 01 00 02 01 57 01 00 01 00")
"""Get Device ID: Device SDRs and sensors, no repository."""


def asked(table: Desk) -> list[tuple[int, int]]:
    return [(netfn, cmd) for netfn, cmd, _ in table.script.asked]


async def test_records_come_in_order_and_are_asked_for_once() -> None:
    table = desk(sensors=ALL_KINDS)
    found = await table.bmc.sdr.records()
    names = [str(getattr(entry.record, "id_string", "")) for entry in found]
    assert names[:3] == ["Inlet", "Slot", "Stop"]
    assert isinstance(found[0].record, FullSensorRecord)
    assert asked(table) == [INFO] + [GET] * len(found)
    assert await table.bmc.sdr.records() is found
    assert len(asked(table)) == 1 + len(found)


async def test_records_are_read_again_when_they_are_to_be() -> None:
    table = desk(sensors=(TEMPERATURE,))
    before = await table.bmc.sdr.records()
    again = await table.bmc.sdr.records(refresh=True)
    assert again == before
    assert again is not before


async def test_a_change_is_noticed_by_the_repository_s_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.client.sdr._FRESH", 0.0)
    table = desk(sensors=(TEMPERATURE,))
    before = await table.bmc.sdr.records()
    assert await table.bmc.sdr.records() is before
    assert asked(table)[-1] == INFO
    await table.bmc.execute(AddSdr(record=before[0].raw))
    assert len(await table.bmc.sdr.records()) == len(before) + 1


async def test_what_the_repository_says_of_itself() -> None:
    table = desk(sensors=(TEMPERATURE,))
    assert (await table.bmc.sdr.info()).record_count == 2
    assert (await table.bmc.sdr.allocation()).unit_size == 16
    assert (await table.bmc.sdr.device_info()).count == 1
    assert (await table.bmc.sdr.device_info(records=True)).count == 2


async def test_a_record_is_found_by_its_name() -> None:
    table = desk(sensors=(TEMPERATURE,))
    entry = await table.bmc.sdr.find("Inlet ")
    assert entry is not None
    assert entry.record_id == 1
    assert await table.bmc.sdr.find("Outlet") is None


async def test_records_of_a_file_take_the_place_of_the_controller_s() -> None:
    table = desk()
    given = Records([SdrEntry.of(bytes.fromhex("0700 51 c0 05 57 01 00 aa bb"))])
    table.bmc.sdr.use(given)
    assert await table.bmc.sdr.records() is given
    assert table.script.asked == []
    assert await table.bmc.sdr.records(refresh=True) != given


async def test_device_sdrs_take_the_place_of_a_repository() -> None:
    table = desk({**NONE, DEVICE_ID: OWN_SDRS}, sensors=(TEMPERATURE, PRESENCE))
    found = await table.bmc.sdr.records()
    assert [str(getattr(entry.record, "id_string", "")) for entry in found][:2] == ["Inlet", "Slot"]
    assert found.quirks == {"Q-DEVSDR"}
    assert (0x04, 0x21) in asked(table)
    assert GET not in asked(table)


async def test_device_sdrs_are_tried_when_nothing_speaks_for_them() -> None:
    table = desk({**NONE, DEVICE_ID: b"\xc1"}, sensors=(TEMPERATURE,))
    assert "Q-DEVSDR" in (await table.bmc.sdr.records()).quirks


async def test_each_lun_with_sensors_of_its_own_is_asked() -> None:
    """The simulated BMC gives the same list on LUN 1, so nothing comes twice, and none on LUN 2."""
    luns_1_and_2 = bytes.fromhex("00 02 06")
    table = desk({**NONE, DEVICE_ID: OWN_SDRS, (0x04, 0x20): luns_1_and_2}, sensors=(TEMPERATURE,))
    found = await table.bmc.sdr.records()
    assert len(found) == 2
    assert asked(table).count((0x04, 0x21)) == 2 + 2 + 1
    assert [line.partition(":")[0] for line in found.missing] == ["Device SDRs of LUN 2"]


async def test_without_any_records_the_repository_s_answer_is_the_error() -> None:
    table = desk({**NONE, DEVICE_ID: b"\xc1", (0x04, 0x21): b"\xd4"})
    with pytest.raises(CompletionError) as caught:
        await table.bmc.sdr.records()
    assert caught.value.code == Cc.INVALID_COMMAND


async def test_an_empty_repository_is_left_empty() -> None:
    """Q-SDREMPTY."""
    table = desk({INFO: bytes.fromhex("00 51 0000 ffff 00000000 00000000 02"), GET: b"\xcb"})
    assert await table.bmc.sdr.records() == []
    assert not [one for one in asked(table) if one[0] == 0x0A and one[1] > 0x23]


async def test_without_repository_info_the_walk_begins_at_0() -> None:
    """Q-SDRINFO."""
    table = desk({INFO: b"\xd4"}, sensors=(TEMPERATURE,))
    assert len(await table.bmc.sdr.records()) == 2


# ---- the user's cache folder


def remote(folder: Path, host: str = "bmc", *, learn: bool = True, **makeup: Any) -> Desk:
    """A desk whose BMC seems to be on a network."""
    table = desk(
        settings=Settings(host=host, cache=str(folder), learn=learn, timeout=0.01, retries=0), **makeup
    )
    table.bmc.interface.name = "lanplus"
    return table


async def test_with_the_cache_one_round_trip_suffices(tmp_path: Path) -> None:
    first = remote(tmp_path, sensors=(TEMPERATURE,))
    found = await first.bmc.sdr.records()
    second = remote(tmp_path, sensors=(TEMPERATURE,))
    assert await second.bmc.sdr.records() == found
    assert asked(second) == [INFO]


async def test_the_same_controller_at_another_address_is_known_by_who_it_is(tmp_path: Path) -> None:
    found = await remote(tmp_path, sensors=(TEMPERATURE,)).bmc.sdr.records()
    second = remote(tmp_path, "other", sensors=(TEMPERATURE,))
    assert await second.bmc.sdr.records() == found
    assert asked(second) == [INFO, DEVICE_ID, GUID]
    third = remote(tmp_path, "other", sensors=(TEMPERATURE,))
    await third.bmc.sdr.records()
    assert asked(third) == [INFO]


async def test_a_changed_repository_is_read_anew(tmp_path: Path) -> None:
    await remote(tmp_path, sensors=(TEMPERATURE,)).bmc.sdr.records()
    second = remote(tmp_path, sensors=(TEMPERATURE, PRESENCE))
    assert len(await second.bmc.sdr.records()) == 3
    assert GET in asked(second)


async def test_nothing_is_kept_when_nothing_may_be_learned(tmp_path: Path) -> None:
    await remote(tmp_path, learn=False, sensors=(TEMPERATURE,)).bmc.sdr.records()
    assert os.listdir(tmp_path) == []


async def test_an_incomplete_list_is_not_kept(tmp_path: Path) -> None:
    table = remote(tmp_path, sensors=(TEMPERATURE, PRESENCE))
    behind = table.bench.raw(*GET, bytes.fromhex("0000 0000 00 ff"))
    table.script.lines[GET] = lambda data: behind if data[2:4] == b"\0\0" else None
    found = await table.bmc.sdr.records()
    assert not found.complete
    assert len(found) == 1
    assert os.listdir(tmp_path) == []
    del table.script.lines[GET]
    assert len(await table.bmc.sdr.records()) == 3


async def test_without_a_guid_the_address_tells_two_machines_apart(tmp_path: Path) -> None:
    for host in ("one", "two"):
        table = remote(tmp_path, host, sensors=(TEMPERATURE,))
        table.script.lines[GUID] = b"\xc1"
        await table.bmc.sdr.records()
    assert len(list((tmp_path / "sdr").glob("*.sdr"))) == 2


async def test_a_controller_that_does_not_even_say_what_it_is_is_known_by_its_address(tmp_path: Path) -> None:
    table = remote(tmp_path, sensors=(TEMPERATURE,))
    table.script.lines.update({GUID: b"\xc1", DEVICE_ID: b"\xc1"})
    await table.bmc.sdr.records()
    assert len(list((tmp_path / "sdr").glob("*.sdr"))) == 1
