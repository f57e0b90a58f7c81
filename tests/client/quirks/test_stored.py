"""Departures of event logs and inventories."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.codes import ChassisType, FruLanguage
from baseboard.errors import CompletionError
from baseboard.records.fru import BoardArea, ChassisArea, Fru, ProductArea, build_fru
from tests.client.harness import Desk, desk
from tests.client.test_sel_entry import FAN

INFO, SEL, FRU, DEVICE_ID = (0x0A, 0x40), (0x0A, 0x43), (0x0A, 0x11), (6, 1)
HEAD = bytes.fromhex("0100 02 90B3C667 2000 04")


def log(*records: bytes) -> Desk:
    """A BMC with these records in its log."""

    def answer(data: bytes) -> bytes:
        number = max(int.from_bytes(data[2:4], "little"), 1)
        if number > len(records):
            return b"\xcb"
        following = number + 1 if number < len(records) else 0xFFFF
        return b"\0" + following.to_bytes(2, "little") + records[number - 1]

    return desk({SEL: answer})


async def test_without_get_sel_entry_there_is_no_log() -> None:
    """Q-SELNOENTRY."""
    made = desk({SEL: b"\xc1"})
    with pytest.raises(CompletionError) as caught:
        await made.bmc.sel.read()
    assert "no event log" in caught.value.hint
    assert made.bmc.quirks_met == {"Q-SELNOENTRY"}


@pytest.mark.parametrize(
    ("stamp", "text", "future"),
    [
        ("00000000", "pre-init 0 s", False),
        ("0C000000", "pre-init 12 s", False),
        ("FFFFFFFF", "unknown", False),
        ("90B3C667", "2025-03-04 08:02:24", False),
        ("00000FF0", "2097-08-14 07:27:12", True),
    ],
)
async def test_times_that_are_none_or_of_years_to_come(stamp: str, text: str, future: bool) -> None:
    """Q-SELTIME."""
    raw = HEAD[:3] + bytes.fromhex(stamp) + HEAD[7:] + bytes.fromhex("04 30 01 52 05 0A")
    (entry,) = (await log(raw).bmc.sel.read()).entries
    assert entry.future == future
    if not future:
        assert entry.time_text == text


async def test_reading_and_threshold_tell_the_direction() -> None:
    """Q-SELDIR: "going high" in both directions, but the two numbers are there."""
    (entry,) = (await log(HEAD + bytes.fromhex("04 30 01 57 05 0A")).bmc.sel.read([FAN])).entries
    assert "going high" in entry.event
    assert (entry.reading, entry.threshold) == (500.0, 1000.0)


@pytest.mark.parametrize(
    ("entries", "free", "used", "overflow"), [(909, 0, 100, True), (900, 1600, 90, False)]
)
async def test_a_log_that_is_nearly_full_says_so(entries: int, free: int, used: int, overflow: bool) -> None:
    """Q-SELFULL."""
    told = b"\0\x51" + entries.to_bytes(2, "little") + free.to_bytes(2, "little") + bytes(8)
    info = await desk({INFO: told + bytes((0x80 * overflow,))}).bmc.sel.info()
    assert (info.used, info.overflow) == (used, overflow)


async def test_the_record_that_the_log_was_cleared_is_no_alarm() -> None:
    """Q-SELCLRLOG."""
    (entry,) = (await log(HEAD + bytes.fromhex("10 00 6F 02 FF FF")).bmc.sel.read()).entries
    assert "Cleared" in entry.event
    assert entry.bad is None


async def test_a_maker_is_shown_by_name_and_number() -> None:
    """Q-SELMFR: least significant byte first, as it travels."""
    raw = bytes.fromhex("0100 C0 90B3C667 A20200 010203040506")
    (entry,) = (await log(raw).bmc.sel.read()).entries
    assert entry.manufacturer_id == 674
    assert "Dell" in entry.event
    assert "(674)" in entry.event


async def test_who_made_it_is_asked_once_and_only_if_an_event_needs_it() -> None:
    """Q-SELOEM."""
    memory = HEAD + bytes.fromhex("0C 01 6F A0 80 01")
    made = log(memory, b"\x02" + memory[1:])
    made.script.lines[DEVICE_ID] = bytes.fromhex("00 20 01 01 00 02 9f a2 02 00 00 00")
    assert [entry.details[-1] for entry in (await made.bmc.sel.read()).entries] == ["DIMMA1", "DIMMA1"]
    assert [asked[:2] for asked in made.script.asked].count(DEVICE_ID) == 1
    plain = log(HEAD + bytes.fromhex("04 30 01 52 05 0A"))
    await plain.bmc.sel.get(1)
    assert [asked[:2] for asked in plain.script.asked] == [SEL]
    nobody = log(memory)
    nobody.script.lines[DEVICE_ID] = b"\xc1"
    assert len((await nobody.bmc.sel.read()).entries) == 1


# ---- inventories


async def content(image: bytes) -> Fru:
    found = (await desk(frus=(FruSpec(0, "own", image.ljust(256, b"\0")),)).bmc.fru.read()).fru
    assert found is not None
    return found


IMAGE = build_fru(
    chassis=ChassisArea(chassis_type=ChassisType(2), part_number="C1"),
    board=BoardArea(manufacturer="Example", product_name="Board"),
    product=ProductArea(manufacturer="Example", product_name="Server"),
    size=256,
)


def at_board(image: bytes) -> int:
    return image[3] * 8


async def test_wrong_checksums_are_told_and_the_rest_is_read() -> None:
    """Q-FRUSUM."""
    image = bytearray(IMAGE)
    end = at_board(IMAGE) + IMAGE[at_board(IMAGE) + 1] * 8
    image[end - 1] ^= 0xFF
    fru = await content(bytes(image))
    assert fru.board is not None
    assert fru.board.product_name == "Board"
    assert any("checksum" in str(problem) for problem in fru.problems)


@pytest.mark.parametrize("filler", [0xFF, 0xFE, 0x00])
async def test_an_area_without_its_end(filler: int) -> None:
    """Q-FRUEND."""
    image = bytearray(IMAGE)
    start = at_board(IMAGE)
    place = IMAGE.index(b"\xc1", start)
    image[place] = filler
    fru = await content(bytes(image))
    assert fru.board is not None
    assert fru.board.manufacturer == "Example"


async def test_a_date_of_nothing_and_a_chassis_of_no_type() -> None:
    """Q-FRUDATE, Q-FRUCHASSIS."""
    fru = await content(IMAGE)
    assert fru.board is not None
    assert fru.chassis is not None
    assert fru.board.manufactured is None
    assert int(fru.chassis.chassis_type) == 2


async def test_text_in_another_language_is_unicode_only_if_it_can_be() -> None:
    """Q-FRULANG: this one says Japanese, and is plain text all the same."""
    image = bytearray(IMAGE)
    start = at_board(IMAGE)
    japanese = next(int(one) for one in FruLanguage if "Japanese" in str(getattr(one, "text", "")))
    image[start + 2] = japanese
    fru = await content(bytes(image))
    assert fru.board is not None
    assert fru.board.language == japanese
    assert fru.board.manufacturer
