"""``hpm upgrade``, ``compare`` and ``check FILE``: stages, and what ends them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc.blueprint import HpmComponentSpec, HpmSpec
from baseboard.cli.results.hpm import FirmwareComponent, FirmwareUpload
from baseboard.commands.app.device import GetDeviceId
from baseboard.records.hpm import HpmVersion
from tests.cli.ipmitool.upgrading import board, hpm, write

TWO = HpmSpec(
    components=(
        HpmComponentSpec(0, "BMC"),
        HpmComponentSpec(1, "CPLD", HpmVersion(major=1, minor="05"), rollback=False, comparison=False),
    )
)
INITIATE, BLOCK, FINISH, ACTIVATE = 0x31, 0x32, 0x33, 0x35


async def test_the_controller_runs_what_was_uploaded_and_activated(tmp_path: Path) -> None:
    controller = board()
    told = await hpm(controller, "upgrade", write(tmp_path, "0=4.21"), "activate")
    assert told.code == 0
    assert "100%|" in told.out
    assert "Waiting firmware activation..." in told.out
    assert told.err.endswith("OK\n\nFirmware upgrade procedure successful\n\n")
    version = controller.bench.execute(GetDeviceId())
    assert (version.firmware_major, version.firmware_minor) == (4, "21")
    (found,) = told.results
    assert isinstance(found, FirmwareUpload)
    assert (found.component, found.version, found.uploaded) == (0, "4.21", 20)


async def test_without_activation_the_old_one_goes_on(tmp_path: Path) -> None:
    controller = board()
    told = await hpm(controller, "upgrade", write(tmp_path, "0=4.21"))
    assert told.code == 0
    assert controller.bench.execute(GetDeviceId()).firmware_major == 1
    again = await hpm(controller, "check")
    assert "   4.21 00000000 |" in again.out
    assert (await hpm(controller, "activate")).code == 0
    controller.bench.advance(2)
    assert controller.bench.execute(GetDeviceId()).firmware_major == 4


async def test_what_is_there_already_is_skipped_unless_forced(tmp_path: Path) -> None:
    controller = board(TWO)
    image = write(tmp_path, "1=1.05")
    told = await hpm(controller, "upgrade", image, "activate")
    assert "Skip|" in told.out
    assert "No components updated. Skipping activation stage.\n" in told.err
    assert not controller.count(BLOCK)
    assert isinstance(told.results[0], FirmwareUpload)
    assert told.results[0].uploaded is None
    await hpm(controller, "upgrade", image, "force")
    assert controller.count(BLOCK)


async def test_only_the_components_that_are_named(tmp_path: Path) -> None:
    controller = board(TWO)
    image = write(tmp_path, "0=4.21", "1=4.22")
    assert (await hpm(controller, "upgrade", image, "component", "1")).code == 0
    assert [data[1] for cmd, data in controller.asked if cmd == FINISH] == [1]
    assert [data[1] for cmd, data in controller.asked if cmd == INITIATE] == [2, 2]


async def test_a_look_at_a_file_changes_nothing(tmp_path: Path) -> None:
    controller = board(TWO)
    told = await hpm(controller, "check", write(tmp_path, "0=4.21", "1=1.05"))
    assert told.code == 0
    assert "| ^ 0|BMC          |" in told.out
    assert "|   1|CPLD         |" in told.out
    assert told.err.endswith("(^) Indicates component would be upgraded\n \n")
    assert not controller.count(INITIATE)
    upgradable = [one.upgradable for one in told.results if isinstance(one, FirmwareComponent)]
    assert upgradable == [True, False]


async def test_a_comparison_tells_whether_it_is_the_same(tmp_path: Path) -> None:
    controller = board(TWO)
    same = await hpm(controller, "compare", write(tmp_path, "0=1.00"))
    assert "|    |Comparison passed " in same.out
    other = await hpm(controller, "compare", write(tmp_path, "0=1.01"), "component", "0")
    assert "Component's active copy doesn't match the upgrade image" in other.out
    assert [one.same for one in (*same.results, *other.results) if isinstance(one, FirmwareUpload)] == [
        True, False,
    ]  # fmt: skip
    assert same.err.endswith("\nFirmware comparison procedure complete\n\n")
    unable = await hpm(controller, "compare", write(tmp_path, "1=1.01"))
    assert "Comparison isn't supported for given component." in unable.out
    assert (unable.code, unable.err.endswith("Firmware comparison procedure failed\n\n")) == (1, True)


async def test_firmware_that_fails_its_self_test_gives_way_to_the_backup(tmp_path: Path) -> None:
    controller = board()
    told = await hpm(controller, "upgrade", write(tmp_path, "0=4.21", fails=""), "activate")
    assert "    Self test failed:\n    Result1 = 57\n    Result2 = 1\n" in told.err
    assert "    Getting rollback status...\nRollback occurred on component mask: 0x01\n" in told.err
    assert controller.bench.execute(GetDeviceId()).firmware_major == 1


@pytest.mark.parametrize("answer", [b"\xcc", None])
async def test_a_self_test_that_nobody_tells_of_is_a_failure(answer: bytes | None, tmp_path: Path) -> None:
    controller = board(replace(HpmSpec(), automatic_rollback=False))
    controller.lines[0x36] = [answer] * 2
    controller.lines[0x36] += [b"\xcc"]
    told = await hpm(controller, "upgrade", write(tmp_path, "0=4.21"), "activate")
    assert (told.code, "    Self test failed.\n" in told.err) == (1, True)


async def test_an_image_for_something_else_takes_force_and_a_yes(tmp_path: Path) -> None:
    controller = board()
    image = write(tmp_path, "0=4.21", product="7")
    refused = await hpm(controller, "upgrade", image)
    assert (refused.code, controller.count(BLOCK)) == (1, 0)
    assert '\n\n Use "force" option for copying all the components\n' in refused.out
    no = await hpm(controller, "upgrade", image, "force", stdin="n\n")
    assert (no.code, controller.count(BLOCK)) == (1, 0)
    assert "\n    Image Information\n        Device Id : 0x20\n        Prod   Id : 0x0007" in no.out
    assert (await hpm(controller, "upgrade", image, "force", stdin="Y\n")).code == 0
    assert "    Invalid image file for product 0" in no.err
    other = await hpm(controller, "check", write(tmp_path, "0=4.21", device="0x21"), stdin="n\n")
    assert "    Invalid device ID 20" in other.err
    maker = await hpm(controller, "check", write(tmp_path, "0=4.21", manufacturer="9"), stdin="y\n")
    assert "    Invalid image file for manufacturer 0" in maker.err


def later(path: Path) -> Path:
    """Have an image ask for version 9.0 at least."""
    data = bytearray(path.read_bytes()[:-16])
    data[24], data[34] = 9, (data[34] - 9) & 0xFF
    path.write_bytes(bytes(data) + hashlib.md5(data, usedforsecurity=False).digest())
    return path


async def test_an_image_that_asks_for_a_later_version_takes_a_yes(tmp_path: Path) -> None:
    controller = board()
    path = later(Path(write(tmp_path, "0=4.21")))
    refused = await hpm(controller, "upgrade", str(path))
    assert refused.code == 1
    assert "    Version: Major: 9\n             Minor: 0\n    Not compatible with \n" in refused.err
    assert (await hpm(controller, "upgrade", str(path), "force", stdin="n")).code == 1
    assert (await hpm(controller, "upgrade", str(path), "force", stdin="y")).code == 0


async def test_what_the_controller_says_beforehand_ends_it(tmp_path: Path) -> None:
    image = write(tmp_path, "0=4.21", "1=4.22")
    absent = await hpm(board(), "upgrade", image)
    assert "Some components present in the image file are not supported by the IPMC" in absent.err
    assert "compcode=0x82" in (await hpm(board(), "check", image)).err
    image = write(tmp_path, "0=4.21")
    undesirable = await hpm(board(replace(HpmSpec(), undesirable=True)), "upgrade", image)
    assert "    Upgrade undesirable at this moment" in undesirable.err
    affected = replace(HpmSpec(), services_affected=True)
    assert (await hpm(board(affected), "upgrade", image, stdin="n")).code == 1
    assert (await hpm(board(affected), "upgrade", image, stdin="y")).code == 0
    unready = replace(HpmSpec(), components=(HpmComponentSpec(0, "BMC", preparation=False),))
    assert "does not support preparation" in (await hpm(board(unready), "upgrade", image)).err
    assert (await hpm(board(), "upgrade", str(tmp_path / "none"))).code == 1


@pytest.mark.parametrize("cmd", [INITIATE, FINISH, ACTIVATE])
async def test_a_refusal_on_the_way_is_told(cmd: int, tmp_path: Path) -> None:
    controller = board()
    controller.lines[cmd] = [b"\xcc"]
    told = await hpm(controller, "upgrade", write(tmp_path, "0=4.21"), "activate")
    assert "compcode=0xcc: Invalid data field in request" in told.err
    # ipmitool lets the query of the rollback decide.
    assert told.code == (0 if cmd == ACTIVATE else 1)


async def test_more_is_said_with_v(tmp_path: Path) -> None:
    told = await hpm(board(TWO), "upgrade", write(tmp_path, "0=4.21", "1=1.05"), verbose=1)
    assert "Component update mask : 0x01\n" in told.out
    assert "Use File Upgrade Capabilities: 60 seconds\n" in told.out
    for line in (
        "Updating component 0",
        "Skipping component 1",
        "Do not skip 0",
        "TARGET UPGRADE CAPABILITIES",
    ):
        assert line in told.err
