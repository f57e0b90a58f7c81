"""How FRU devices are read and written, and what is said where they cannot be."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.fru_device import Absent, Device, areas
from tests.cli.ipmitool.scenes import Stage

IMAGE = bytes(range(100))


async def device(given: dict[str, object], number: int = 0) -> tuple[Stage, Device]:
    stage = Stage(given)
    opened = Device(stage.call, number)
    await opened.info()
    return stage, opened


async def test_a_device_is_read_in_pieces_that_it_bears() -> None:
    _, opened = await device({"fru 0": IMAGE.hex()})
    assert opened.size == 100
    assert await opened.read(0, 100) == IMAGE
    assert await opened.read(10, 5) == IMAGE[10:15]


async def test_what_is_not_there_is_filled_up_and_told() -> None:
    stage, opened = await device({"fru 0": IMAGE.hex()})
    assert await opened.read(96, 8) == IMAGE[96:] + bytes(4)
    assert stage.err == "Read FRU Area length 104 too large, Adjusting to 4\n"
    assert await opened.read(101, 1) is None
    assert stage.err.endswith("Read FRU Area offset incorrect: 101 > 100\n")


async def test_words_are_counted_in_words() -> None:
    given = {"0a/10": "00 08 00 01", "0a/11 00000004": "00 04 0102030405060708", "0a/12 000200": "00 01"}
    _, opened = await device(dict(given))
    assert opened.words
    assert await opened.read(0, 8) == bytes(range(1, 9))
    assert await opened.write(4, b"ab")
    assert not await opened.write(3, b"ab")


@pytest.mark.parametrize(
    ("answer", "err", "out"),
    [
        ("c9", "FRU Read failed: Parameter out of range\n", ""),
        (None, "FRU Read failed\n", ""),
        ("00 09 00", "", " Not enough buffer size"),
        ("00", "", " Not enough buffer size"),
    ],
)
async def test_a_bad_answer_ends_the_reading(answer: str | None, err: str, out: str) -> None:
    stage, opened = await device({"0a/10": "00 40 00 00", "0a/11": answer})
    assert await opened.read(0, 8) is None
    assert (stage.err, stage.out) == (err, out)


async def test_a_device_that_gives_nothing_more_is_as_long_as_it_is() -> None:
    _, opened = await device({"0a/10": "00 40 00 00", "0a/11": "00 00", "0a/11 000000": "00 02 0102"})
    assert await opened.read(0, 8) == b"\x01\x02" + bytes(6)


async def test_writing_passes_over_what_is_protected_and_stops_at_other_refusals() -> None:
    protected = {"0a/10": "00 40 00 00", "0a/12": "00 10", "0a/12 001000": "80"}
    _, opened = await device(dict(protected))
    assert await opened.write(0, bytes(48))
    _, opened = await device({"0a/10": "00 40 00 00", "0a/12": "d5"})
    assert not await opened.write(0, bytes(8))
    stage, opened = await device({"0a/10": "00 40 00 00"})
    assert not await opened.write(60, bytes(8))
    assert stage.err == "Return error\n"


async def test_absence_tells_what_ipmitool_makes_of_it() -> None:
    stage = Stage({"0a/10": "cb", "0a/10 01": "00 40 00 00", "0a/11 01": "cb"})
    with pytest.raises(Absent) as info:
        await Device(stage.call, 0).header()
    assert info.value.code == -1
    with pytest.raises(Absent) as late:
        await Device(stage.call, 1).header()
    assert late.value.code == 1
    assert stage.out.count(" Device not present (Requested sensor, data, or record not found)") == 2


def test_offsets_are_of_eight_bytes() -> None:
    assert areas(bytes((1, 0, 1, 5, 9, 12, 0, 0))) == {
        "internal": 0,
        "chassis": 8,
        "board": 40,
        "product": 72,
        "multi": 96,
    }
