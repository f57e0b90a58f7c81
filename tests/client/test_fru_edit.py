"""`FruEdit`: what changes, the backup, the read-back, and what is restored when something goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.client.fru_edit import FruEdit
from baseboard.errors import CompletionError, EncodeError, NoEffect
from baseboard.records.fru import BoardArea, ProductArea, build_fru, read_fru
from tests.client.test_fru_reading import READ, WRITE, Device

IMAGE = build_fru(
    board=BoardArea(manufacturer="Example", product_name="Board", serial_number="B1"),
    product=ProductArea(manufacturer="Example", product_name="Server", serial_number="S1"),
    size=256,
)


async def editing(device: Device) -> FruEdit:
    return await device.at.bmc.fru.edit()


async def test_a_field_is_changed_and_nothing_else(tmp_path: Path) -> None:
    device = Device(IMAGE)
    edit = (await editing(device)).change("board", serial_number="B2")
    assert [str(one) for one in edit.diff()] == ["board serial_number: 'B1' -> 'B2'"]
    spans = edit.spans()
    assert all(one.before == IMAGE[one.offset : one.offset + len(one.before)] for one in spans)
    assert sum(len(one.after) for one in spans) <= 32
    await edit.write(tmp_path / "backup.bin")
    assert (tmp_path / "backup.bin").read_bytes() == IMAGE
    after = read_fru(bytes(device.data))
    assert after.board is not None
    assert after.product is not None
    assert (after.board.serial_number, after.product.serial_number) == ("B2", "S1")
    assert not after.problems
    assert edit.diff() == []


async def test_an_area_that_was_not_there() -> None:
    device = Device(IMAGE)
    edit = (await editing(device)).change("chassis", serial_number="C1")
    assert {one.area for one in edit.diff()} == {"chassis"}
    assert edit.spans()[-1].offset == 0, "the common header comes last"
    await edit.write()
    assert read_fru(bytes(device.data)).chassis is not None


async def test_what_does_not_fit_is_refused_before_anything_is_written() -> None:
    device = Device(IMAGE)
    edit = await editing(device)
    with pytest.raises(TypeError):
        edit.change("board", colour="red")
    with pytest.raises(EncodeError):
        edit.replace(bytes(257))
    edit.change("product", custom=("x" * 60,) * 4)
    with pytest.raises(EncodeError):
        await edit.write()
    assert bytes(device.data) == IMAGE


async def test_the_backup_must_not_exist(tmp_path: Path) -> None:
    device = Device(IMAGE)
    (tmp_path / "backup.bin").write_bytes(b"dear")
    edit = (await editing(device)).change("board", serial_number="B2")
    with pytest.raises(FileExistsError):
        await edit.write(tmp_path / "backup.bin")
    assert bytes(device.data) == IMAGE
    assert (tmp_path / "backup.bin").read_bytes() == b"dear"


async def test_a_write_that_is_not_what_one_reads_back_is_undone() -> None:
    device = Device(IMAGE)
    write = device.at.script.lines[WRITE]
    assert callable(write)
    spoiled = [True]

    def spoil(data: bytes) -> bytes | None:
        answer = write(data)
        if spoiled:
            spoiled.pop()
            device.data[int.from_bytes(data[1:3], "little")] ^= 0xFF
        return answer

    device.at.script.lines[WRITE] = spoil
    edit = (await editing(device)).change("board", serial_number="B2")
    with pytest.raises(NoEffect, match="is there again"):
        await edit.write()
    assert bytes(device.data) == IMAGE


async def test_a_device_that_takes_nothing() -> None:
    device = Device(IMAGE)
    device.at.script.lines[WRITE] = b"\0\x08"
    edit = (await editing(device)).change("board", serial_number="B2")
    with pytest.raises(NoEffect, match="byte"):
        await edit.write()


async def test_write_protected_in_the_middle() -> None:
    device = Device(IMAGE)
    write = device.at.script.lines[WRITE]
    assert callable(write)
    first: list[bytes] = []

    def protect(data: bytes) -> bytes | None:
        first.append(data)
        return b"\x80" if len(first) == 2 else write(data)

    device.at.script.lines[WRITE] = protect
    edit = (await editing(device)).change("product", product_name="A much longer name than there was")
    with pytest.raises(CompletionError) as refused:
        await edit.write()
    assert refused.value.code == 0x80
    assert refused.value.__notes__ == ["what was there before is there again"]
    assert bytes(device.data) == IMAGE


async def test_what_cannot_be_restored_is_told() -> None:
    device = Device(IMAGE)
    edit = (await editing(device)).change("board", serial_number="B2")
    device.at.script.lines[WRITE] = b"\x80"
    with pytest.raises(CompletionError) as refused:
        await edit.write()
    assert "could not be restored (80h" in refused.value.__notes__[0]
    device.at.script.lines[WRITE] = b"\0\x10"
    device.at.script.lines[READ] = lambda data: b"\0" + data[3:4] + bytes(data[3])
    with pytest.raises(NoEffect, match="could not be restored"):
        await edit.write()
