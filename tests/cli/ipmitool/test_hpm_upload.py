"""The upload of ``hpm``: blocks, their size, sections, and the line of percentages."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli.firmware_build import make
from baseboard.cli.ipmitool.hpm_link import Link
from baseboard.cli.ipmitool.hpm_upload import Percent
from baseboard.records.hpm import build_hpm
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.upgrading import Board, board, hpm, write

STATUS, BLOCK, FINISH = 0x34, 0x32, 0x33


@pytest.fixture
def image(tmp_path: Path) -> str:
    """An image with firmware of 120 bytes."""
    content = tmp_path / "content"
    content.write_bytes(bytes(100))
    return write(tmp_path, "0=4.21", content=str(content))


def sizes(controller: Board) -> list[int]:
    return [len(data) - 2 for cmd, data in controller.asked if cmd == BLOCK]


def shown(*steps: tuple[int, int, int]) -> str:
    stage = Stage({})
    percent = Percent(Link(stage.call))
    for step in steps:
        percent.show(*step)
    return stage.out


def test_a_percentage_is_printed_over_the_one_before_and_only_if_it_is_another() -> None:
    assert shown((0, 1, 0), (1, 1000, 0), (10, 1000, 0)) == "  0%|\b\b\b\b\b  1%|"


def test_percentages_are_cut_off_as_single_precision_has_them() -> None:
    assert shown((29, 100, 0)) == " 29%|"  # 28.999999999999996 in double precision
    assert shown((999, 1000, 0)) == " 99%|"


def test_the_end_tells_time_and_size() -> None:
    assert shown((70, 70, 83)) == (
        "100%|\n|    |Upload Time: 01:23             | Image Size:      70 bytes              |\n"
    )
    assert shown((5, 10, 0), (10, 10, 0), (0, 1, 0)).endswith("|\n  0%|")


async def test_blocks_are_as_long_as_the_interface_carries(image: str) -> None:
    usual, asked = board(), board()
    await hpm(usual, "upgrade", image)
    await hpm(asked, "upgrade", image, packet_size=60)
    assert sizes(usual) == [36, 36, 36, 12]
    assert sizes(asked) == [58, 58, 4]


@pytest.mark.parametrize("answer", [b"\xc7", b"\xc8", None])
async def test_a_block_that_is_too_long_is_sent_again_with_less(answer: bytes | None, image: str) -> None:
    controller = board()
    controller.lines[BLOCK] = [answer]
    assert (await hpm(controller, "upgrade", image)).code == 0
    assert sizes(controller) == [36, 28, 28, 28, 28, 8]


async def test_a_controller_that_takes_no_length_at_all_ends_it(image: str) -> None:
    controller = board()
    controller.lines[BLOCK] = [b"\xc7"] * 99
    told = await hpm(controller, "upgrade", image)
    assert told.code == 1
    assert sizes(controller)[-1] == 1


async def test_a_code_that_a_driver_was_known_for_has_the_block_sent_again(image: str) -> None:
    controller = board()
    controller.lines[BLOCK] = [b"\x82", b"\x83"]
    assert (await hpm(controller, "upgrade", image)).code == 0
    controller.lines[BLOCK] = [b"\x82"] * 9
    told = await hpm(controller, "upgrade", image, "force")
    assert told.code == 1
    assert "Error uploading firmware block\ncompcode=0x82: Unknown (0x82)" in told.err
    assert "\n Error in Upload FIRMWARE command [rc=-1]\n\n\n TotalSent:0x0 \n" in told.err


async def test_the_controller_chooses_the_next_section(image: str) -> None:
    controller = board()
    section = (60).to_bytes(4, "little") + (20).to_bytes(4, "little")
    controller.lines[BLOCK] = [b"\0\0" + section, b"\0\0"]
    controller.lines[FINISH] = [b"\0\0"]
    assert (await hpm(controller, "upgrade", image)).code == 0
    assert sizes(controller) == [36, 20]
    assert [data[2:] for cmd, data in controller.asked if cmd == FINISH] == [(56).to_bytes(4, "little")]


async def test_a_section_beyond_the_end_ends_it(image: str) -> None:
    controller = board()
    controller.lines[BLOCK] = [b"\0\0" + b"\x70\0\0\0" + b"\x20\0\0\0"]
    told = await hpm(controller, "upgrade", image)
    assert (told.code, "Img offset:0x70  Blk length:0x20  Fwlen:0x78" in told.err) == (1, True)


async def test_half_a_section_is_taken_for_a_broken_block(image: str) -> None:
    controller = board()
    controller.lines[BLOCK] = [b"\0\0\1\2"] * 9
    told = await hpm(controller, "upgrade", image)
    assert (told.code, "Error wrong rsp->datalen 3 for Upload Firmware block command\n" in told.err) == (
        1,
        True,
    )


async def test_a_block_that_takes_long_is_waited_for(image: str) -> None:
    controller = board()
    controller.lines[BLOCK] = [b"\x80", b"\0\0", b"\0\0", b"\0\0"]
    controller.lines[STATUS] = [b"\0\0\x31\0", b"\0\0\x32\x80", b"\0\0\x32\0"]
    controller.lines[FINISH] = [b"\0\0"]
    assert (await hpm(controller, "upgrade", image)).code == 0
    assert controller.count(STATUS) == 3
    controller.lines[BLOCK] = [b"\x80"]
    controller.lines[STATUS] = [b"\0\0\x31\0", b"\0\0\x32\x81"]
    assert (await hpm(controller, "upgrade", image, "force", verbose=1)).code == 1


async def test_silence_after_blocks_that_were_taken_ends_it(
    image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_link.UNIT_S", 0)
    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_upgrade.UNIT_S", 0)
    controller = board()
    for cmd, line in (
        (BLOCK, "Error uploading firmware block."),
        (FINISH, "Error fininshing firmware upload."),
    ):
        controller.lines[cmd] = ([b"\0\0"] if cmd == BLOCK else []) + [None] * 3
        assert line in (await hpm(controller, "upgrade", image, "force")).err
        controller.lines.clear()
    controller.lines[0x31] = [None]
    assert "Error initiating upgrade action." in (await hpm(controller, "upgrade", image, "force")).err


def test_the_image_of_these_tests_has_the_length_that_they_count_on(image: str) -> None:
    assert len(Path(image).read_bytes()) == 34 + 1 + 3 + 34 + 120 + 16
    assert len(build_hpm(make(["0=4.21"], {}))) == 34 + 1 + 3 + 34 + 20 + 16
