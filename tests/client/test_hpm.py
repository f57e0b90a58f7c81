"""``bmc.hpm`` in front of our BMC."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import HpmComponentSpec, HpmSpec
from baseboard.cli.firmware_build import make
from baseboard.client.bmc import Bmc
from baseboard.client.hpm import HpmComponent
from baseboard.client.memory import MemoryInterface
from baseboard.client.settings import Settings
from baseboard.commands.groups.hpm import HpmCapability, HpmGeneral
from baseboard.errors import CompletionError, DecodeError, LocalProtocolError, NoEffect
from baseboard.records.hpm import HpmImage, HpmVersion, build_hpm
from tests.cli.ipmitool.upgrading import Board, board

TWO = HpmSpec(
    components=(
        HpmComponentSpec(0, "BMC"),
        HpmComponentSpec(1, "BIOS", HpmVersion(major=1, minor="05"), payload_reset=True),
        HpmComponentSpec(2, "CPLD", rollback=False, deferred=False, comparison=False),
    )
)
BLOCK, FINISH = 0x32, 0x33


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.client.hpm_agent.POLL_S", 0.0)


def console(controller: Board) -> Bmc:
    def ask(netfn: int, lun: int, cmd: int, data: bytes, reply: Any) -> None:
        answer = controller(netfn, cmd, data)
        if answer is not None:
            reply(answer)

    return Bmc(MemoryInterface(ask), Settings(interface="memory", timeout=0.02, retries=0))


def image(*pairs: str, **given: str) -> HpmImage:
    return make(list(pairs), {"product": "0", **given})


def seen(one: HpmComponent) -> tuple[str, str | None, str | None]:
    backup = None if one.backup is None else str(one.backup)
    return str(one.version), backup, None if one.deferred is None else str(one.deferred)


async def test_what_there_is() -> None:
    hpm = console(board(TWO)).hpm
    target = await hpm.target()
    assert (target.components, target.upgrade_s, target.inaccessibility_s) == ((0, 1, 2), 60, 30)
    assert HpmCapability.AUTOMATIC_ROLLBACK in target.capabilities
    bmc, bios, cpld = await hpm.components()
    assert (bios.name, bios.number, seen(bios)) == ("BIOS", 1, ("1.05", None, None))
    assert HpmGeneral.PAYLOAD_COLD_RESET in bios.general
    assert (seen(cpld), cpld.general) == (("1.00", None, None), HpmGeneral.PREPARATION)
    assert seen(bmc) == ("1.00", None, None)


async def test_an_upgrade() -> None:
    controller = board(TWO)
    bmc = console(controller)
    assert (await bmc.identity()).firmware_major == 1
    told: list[int] = []
    (found,) = await bmc.hpm.upgrade(
        image("0=4.21"), progress=lambda _, sent, whole: told.append(sent * 100 // whole)
    )
    assert seen(found) == ("4.21", "1.00", None)
    assert told[-1] == 100
    assert (await bmc.identity()).firmware_major == 4
    assert (await bmc.hpm.self_test()).passed
    assert await bmc.hpm.rolled_back() == ()
    assert await bmc.hpm.status() == (0x35, 0)


async def test_uploaded_and_activated_apart() -> None:
    controller = board(TWO)
    hpm = console(controller).hpm
    (found,) = await hpm.upgrade(build_hpm(image("0=4.21", "1=2.00")), [0], activate=False)
    assert seen(found) == ("1.00", None, "4.21")
    await hpm.activate()
    assert seen(await hpm.component(0)) == ("4.21", "1.00", None)
    await hpm.roll_back()
    assert seen(await hpm.component(0)) == ("1.00", "4.21", None)


async def test_what_cannot_be_seen_before_its_activation() -> None:
    (found,) = await console(board(TWO)).hpm.upgrade(image("2=4.00"), activate=False)
    assert seen(found) == ("1.00", None, None)


async def test_what_waits_for_the_host_is_not_taken_for_a_failure() -> None:
    controller = board(TWO)
    controller.bench.backend.switch.turn_on()
    (found,) = await console(controller).hpm.upgrade(image("1=2.00"))
    assert seen(found) == ("1.05", None, "2.00")


async def test_firmware_that_went_back_is_no_success() -> None:
    hpm = console(board()).hpm
    with pytest.raises(NoEffect, match=r"component 0 \(BMC\) has not got version 4\.21"):
        await hpm.upgrade(image("0=4.21", fails=""))
    assert not (await hpm.self_test()).passed
    assert await hpm.rolled_back() == (0,)


async def test_unless_it_is_wanted_all_the_same() -> None:
    hpm = console(board()).hpm
    await hpm.upgrade(image("0=4.21", fails=""), activate=False)
    await hpm.activate(rollback=False)
    assert (await hpm.component(0)).version.major == 4


async def test_a_comparison() -> None:
    hpm = console(board(TWO)).hpm
    assert await hpm.compare(image("0=1.00", "1=1.06")) == {0: True, 1: False}
    assert await hpm.compare(image("0=1.00", "1=1.06"), [1]) == {1: False}
    with pytest.raises(CompletionError, match="81h"):
        await hpm.compare(image("2=1.00"))


async def test_what_somebody_left_behind_is_given_up_first() -> None:
    controller = board()
    hpm = console(controller).hpm
    controller.lines[FINISH] = [b"\xcc"]
    with pytest.raises(CompletionError):
        await hpm.upgrade(image("0=4.21"))
    (found,) = await hpm.upgrade(image("0=4.22"))
    assert found.version.major == 4
    await hpm.abort()


async def test_answers_that_are_lost_on_the_way() -> None:
    controller = board()
    lost = controller.__call__

    class Lossy:
        def __init__(self) -> None:
            self.count = 0

        def __call__(self, netfn: int, cmd: int, data: bytes) -> bytes | None:
            answer = lost(netfn, cmd, data)
            self.count += cmd in (BLOCK, FINISH)
            return None if self.count % 2 and cmd in (BLOCK, FINISH) else answer

    lossy: Any = Lossy()
    (found,) = await console(lossy).hpm.upgrade(image("0=4.21"))
    assert found.version.major == 4


async def test_a_controller_that_crashes_in_the_middle_of_an_upload_gets_it_again(tmp_path: Any) -> None:
    content = tmp_path / "content"
    content.write_bytes(bytes(200))
    controller = board()
    crash = controller.bench.reopen
    count = 0

    class Crashing:
        def __call__(self, netfn: int, cmd: int, data: bytes) -> bytes | None:
            nonlocal count
            count += cmd == BLOCK
            if count == 3 and cmd == BLOCK:
                controller.bench = crash()
            return controller(netfn, cmd, data)

    crashing: Any = Crashing()
    (found,) = await console(crashing).hpm.upgrade(image("0=4.21", content=str(content)))
    assert seen(found) == ("4.21", "1.00", None)


async def test_images_that_are_not_for_it() -> None:
    hpm = console(board()).hpm
    with pytest.raises(LocalProtocolError, match="another device"):
        await hpm.upgrade(image("0=4.21", product="9"))
    assert (await hpm.upgrade(image("0=4.21", product="9"), any_device=True))[0].version.major == 4
    with pytest.raises(LocalProtocolError, match="no component 3"):
        await hpm.upgrade(image("3=1.00"))
    with pytest.raises(LocalProtocolError, match="lacks"):
        await hpm.upgrade(image("0=1.00"), [1])
    with pytest.raises(DecodeError):
        await hpm.upgrade(b"no image")


async def test_a_controller_that_is_not_allowed_to_go_back() -> None:
    hpm = console(board(replace(HpmSpec(), manual_rollback=False))).hpm
    with pytest.raises(CompletionError, match="83h"):
        await hpm.roll_back()
