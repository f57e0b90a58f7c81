"""FRU inventories (§34): reading, writing, what is kept."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.services.fru import CHUNK, FruInventory
from baseboard.bmc.store import MemoryStore
from baseboard.errors import CompletionError
from tests.bmc.services.homes import FakeHome, make_home

IMAGE = bytes(n % 251 for n in range(600))
FRUS = (
    FruSpec(0, "Board", IMAGE),
    FruSpec(3, "PSU 1", b"\x01" * 16, writable=False),
    FruSpec(7, "Twin", IMAGE),
)


def make_fru() -> tuple[FruInventory, FakeHome]:
    home = make_home(frus=FRUS)
    return FruInventory(home), home


def refusal(fru: FruInventory, device_id: int, offset: int, data: bytes) -> int:
    with pytest.raises(CompletionError) as caught:
        fru.write(device_id, offset, data)
    return caught.value.code


def test_34_1_the_size_is_that_of_the_image() -> None:
    fru, _ = make_fru()
    assert (fru.size(0), fru.size(3)) == (600, 16)
    assert FruInventory(make_home(frus=(FruSpec(0, "Big", bytes(70_000)),))).size(0) == 0xFFFF


@pytest.mark.parametrize("device_id", [1, 0xFF])
def test_34_unknown_devices_are_not_present(device_id: int) -> None:
    fru, _ = make_fru()
    assert refusal(fru, device_id, 0, b"x") == 0xCB
    with pytest.raises(CompletionError) as caught:
        fru.read(device_id, 0, 1)
    assert caught.value.code == 0xCB


@pytest.mark.parametrize("offset", [0, 1, 255, 256, 257, 511, 512, 599])
@pytest.mark.parametrize("count", [1, 16, 255])
def test_34_2_any_piece_can_be_read(offset: int, count: int) -> None:
    fru, _ = make_fru()
    assert fru.read(0, offset, count) == IMAGE[offset : offset + count]


@pytest.mark.parametrize("offset", [600, 0xFFFF])
def test_34_2_beyond_the_end_there_is_nothing(offset: int) -> None:
    fru, _ = make_fru()
    with pytest.raises(CompletionError) as caught:
        fru.read(0, offset, 1)
    assert caught.value.code == 0xC9


@pytest.mark.parametrize(("offset", "size"), [(0, 1), (250, 20), (255, 2), (100, 500), (599, 1)])
def test_34_3_a_write_is_read_back_and_survives(offset: int, size: int) -> None:
    fru, home = make_fru()
    data = b"\xee" * size
    fru.write(0, offset, data)
    wanted = IMAGE[:offset] + data + IMAGE[offset + size :]
    for one in (fru, FruInventory(home.again())):
        assert b"".join(one.read(0, start, 100) for start in range(0, 600, 100)) == wanted
        assert one.read(7, offset, 1) == IMAGE[offset : offset + 1]


def test_34_3_a_write_beyond_the_end_writes_nothing() -> None:
    fru, _ = make_fru()
    assert refusal(fru, 0, 599, b"xy") == 0xC9
    assert refusal(fru, 0, 600, b"x") == 0xC9
    assert fru.read(0, 599, 1) == IMAGE[599:]


def test_34_3_some_inventories_are_write_protected() -> None:
    fru, _ = make_fru()
    assert refusal(fru, 3, 0, b"x") == 0x80
    assert fru.read(3, 0, 16) == b"\x01" * 16


def test_only_chunks_that_changed_are_stored() -> None:
    fru, home = make_fru()
    fru.write(0, CHUNK - 1, IMAGE[CHUNK - 1 : CHUNK] + b"\xff")
    assert home.journal.store.sequence == 1
    fru.write(0, CHUNK, b"\xff")
    assert home.journal.store.sequence == 1
    assert home.again().journal.saved("fru") == {1: b"\xff" + IMAGE[CHUNK + 1 : 2 * CHUNK]}


@pytest.mark.parametrize("size", [300, 600, 700])
def test_a_blueprint_may_come_back_with_another_size(size: int) -> None:
    store = MemoryStore()
    FruInventory(make_home(store=store, frus=FRUS)).write(0, 260, b"\xff" * 10)
    again = FruInventory(make_home(store=store, frus=(FruSpec(0, "Board", b"\x55" * size),)))
    data = again.read(0, 256, 255) + (again.read(0, 511, 255) if size > 511 else b"")
    assert len(data) == min(size - 256, 510)
    assert data[4:14] == b"\xff" * 10
    assert set(data[256:]) <= {0x55}
