"""Banks of flash memory: which is which, and what is left of them after a crash or a fault."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.hpm_flash import CHUNK, Flash, Upload
from baseboard.bmc.store import MemoryStore
from baseboard.records.simulated_firmware import read_firmware
from tests.bmc.harness import Bench
from tests.bmc.services.upgrading import activate, begin, board, firmware, upload, versions


def rows(bench: Bench) -> dict[str, dict[int, bytes]]:
    """What the store holds of components."""
    store = bench.store
    assert isinstance(store, MemoryStore)
    found = store.read(store.identify("bench"))
    return {
        name: kept
        for name, kept in found.items()
        if name.startswith("hpm ") and kept and name != "hpm outcome"
    }


def flash(bench: Bench) -> Flash:
    found: Flash = bench.services.hpm._flash
    return found


def test_a_component_as_shipped_takes_no_room() -> None:
    one, other = board(), board()
    assert not rows(one)
    assert flash(one)[1] is flash(other)[1]
    assert not flash(one)._banks


def test_an_upload_is_kept_in_chunks_as_it_comes_and_only_the_new_firmware_stays() -> None:
    bench = board()
    data = firmware()
    upload(bench, 0, data)
    kept = rows(bench)["hpm 0 1"]
    assert [len(kept[key]) for key in sorted(kept)] == [CHUNK, CHUNK, len(data) - 2 * CHUNK]
    assert b"".join(kept[key] for key in sorted(kept)) == data
    for major in (4, 5, 6):
        activate(bench)
        upload(bench, 0, firmware(major))
    assert set(rows(bench)) <= {f"hpm 0 {bank}" for bank in range(3)}
    activate(bench)
    assert len(rows(bench)) == 2  # what runs, and the backup
    assert versions(bench.reopen()) == ("6.21", "5.21", "")


def test_what_was_interrupted_is_thrown_away_at_the_next_start() -> None:
    bench = board()
    begin(bench)
    bench.services.hpm.block(0, bytes(CHUNK))
    assert "hpm 0 1" in rows(bench)
    again = bench.reopen()
    assert not rows(again)
    assert versions(again) == ("1.00", "", "")


def test_a_backup_of_what_runs_shares_its_bank() -> None:
    bench = board()
    upload(bench)
    activate(bench)
    upload(bench, 0, firmware(4))
    activate(bench)
    flash(bench).back_up(0)
    assert versions(bench) == ("4.21", "4.21", "")
    assert len(rows(bench)) == 1
    assert versions(bench.reopen()) == ("4.21", "4.21", "")
    flash(bench).back_up(0)
    upload(bench, 0, firmware(5))
    activate(bench)
    assert versions(bench.reopen()) == ("5.21", "4.21", "")


def damage(bench: Bench, section: str) -> Bench:
    """A bit of the flash memory turns over while the controller is off."""
    store = bench.store
    assert isinstance(store, MemoryStore)
    number = store.identify("bench")
    whole = bytearray(store._state[number][section][0])
    whole[20] ^= 1
    store._state[number][section][0] = bytes(whole)
    return bench.reopen()


def test_firmware_that_does_not_add_up_is_not_started() -> None:
    bench = board()
    upload(bench)
    activate(bench)
    upload(bench, 0, firmware(4))
    activate(bench)
    assert versions(bench) == ("4.21", "3.21", "")
    again = damage(bench, "hpm 0 2")
    assert versions(again) == ("3.21", "", "")
    assert again.services.hpm.rollback_status() == 1
    last = damage(again, "hpm 0 1")
    assert versions(last) == ("1.00", "", "")


def test_a_backup_or_an_upload_that_does_not_add_up_is_none() -> None:
    bench = board()
    upload(bench)
    activate(bench)
    upload(bench, 0, firmware(4))
    activate(bench)
    upload(bench, 0, firmware(5))
    again = damage(damage(bench, "hpm 0 1"), "hpm 0 0")
    assert versions(again) == ("4.21", "", "")


@pytest.mark.parametrize("kept", [b"", b"\x00", b"\xff\xff\xff\x00", b"\x00\xff\xff\x00\x05", bytes(200)])
def test_a_row_that_says_nothing_is_as_shipped(kept: bytes) -> None:
    bench = board()
    home = bench.services.home
    home.journal.put("hpm", 0, kept)
    assert versions(bench.reopen())[0] in ("1.00", "0.00")


def test_to_compare_writes_nothing() -> None:
    bench = board()
    upload(bench)
    before = rows(bench)
    compared = Upload(flash(bench), 0, compare=True)
    compared.add(firmware())
    assert not compared.equal()
    compared.drop()
    assert rows(bench) == before
    activate(bench)
    compared = Upload(flash(bench), 0, compare=True)
    compared.add(firmware())
    assert compared.equal()


def test_what_failed_is_not_kept() -> None:
    bench = board()
    upload(bench)
    activate(bench)
    upload(bench, 0, firmware(4, passes=False))
    activate(bench)
    assert versions(bench) == ("3.21", "", "")
    assert list(rows(bench)) == ["hpm 0 1"]


def test_a_chunk_that_is_full_at_the_end() -> None:
    bench = board()
    data = firmware(content=bytes(CHUNK - 20))
    assert len(data) == CHUNK
    upload(bench, 2, data)
    assert len(rows(bench)["hpm 2 1"]) == 1
    assert read_firmware(rows(bench)["hpm 2 1"][0]).version.major == 3
    activate(bench)
    assert versions(bench.reopen(), 2) == ("3.21", "", "")


def test_what_is_as_shipped_need_not_be_looked_at() -> None:
    bench = board()
    assert flash(bench).changed(0) is None
    upload(bench, 0, firmware())
    assert flash(bench).changed(0) is flash(bench)[0]
