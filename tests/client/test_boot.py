"""``bmc.boot``: flags that hold, and controllers that flip them."""

from __future__ import annotations

import pytest

from baseboard.client import boot
from baseboard.client.settings import Settings
from baseboard.codes import BootDevice
from baseboard.commands.parameters.boot import (
    BootFlags,
    BootFlagValidBitClearing,
    BootInfoAcknowledge,
    ServicePartitionSelector,
)
from baseboard.errors import CompletionError, DecodeError, NoEffect
from tests.client.harness import Desk, desk

SET, GET = (0, 8), (0, 9)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot, "_PAUSES", (0.001, 0.001))


def written(made: Desk) -> list[str]:
    return [data.hex(" ") for netfn, cmd, data in made.script.asked if (netfn, cmd) == SET]


async def test_what_is_set_is_read_back() -> None:
    made = desk()
    flags = await made.bmc.boot.set(BootDevice.PXE, efi=True, persistent=True, clear_cmos=True)
    assert flags == await made.bmc.boot.get()
    assert (flags.valid, flags.device, flags.efi, flags.persistent) == (True, BootDevice.PXE, True, True)
    assert flags.clear_cmos


async def test_the_order_of_what_is_written() -> None:
    """Set in progress; the 60 s rule off; everybody has yet to look at it; the flags; set complete."""
    made = desk()
    await made.bmc.boot.set(BootDevice.CD_DVD)
    assert written(made) == ["00 01", "03 08", "04 1f 1f", "05 80 14 00 00 00", "00 00"]


async def test_clearing_takes_everything_back() -> None:
    made = desk()
    await made.bmc.boot.set(BootDevice.BIOS_SETUP)
    assert not (await made.bmc.boot.clear()).valid
    assert (await made.bmc.boot.get()).device == BootDevice.NO_OVERRIDE
    assert not (await made.bmc.boot.parameter(BootFlagValidBitClearing)).keep_on_timeout


async def test_any_option_by_its_class() -> None:
    made = desk()
    await made.bmc.boot.set_parameter(ServicePartitionSelector(service_partition=3))
    assert (await made.bmc.boot.parameter(ServicePartitionSelector)).service_partition == 3
    await made.bmc.boot.set(BootDevice.PXE)
    assert int((await made.bmc.boot.parameter(BootInfoAcknowledge)).pending) & 0x1F == 0x1F


async def test_options_that_a_controller_lacks_do_not_stop_it() -> None:
    """Q-BOOT60: OpenBMC knows the flags and little else."""
    made, behind = desk(), desk()
    made.script.lines[SET] = lambda data: behind.bench.raw(*SET, data) if data[0] == 5 else b"\x80"
    made.script.lines[GET] = lambda data: behind.bench.raw(*GET, data)
    assert (await made.bmc.boot.set(BootDevice.PXE)).device == BootDevice.PXE
    # It does not know Set In Progress, so nothing is completed.
    assert written(made) == ["00 01", "03 08", "04 1f 1f", "05 80 04 00 00 00"]


async def test_flags_that_flip_are_an_error() -> None:
    """Q-BOOTPERSIST."""
    made = desk({GET: bytes.fromhex("00 01 05 80 04 00 00 00")})
    with pytest.raises(NoEffect, match="persistent is False instead of True, efi is False instead of True"):
        await made.bmc.boot.set(BootDevice.PXE, efi=True, persistent=True)


async def test_flags_of_too_many_bytes_are_read() -> None:
    """Q-BOOTEXTRA: HP DL380 G5 sends 12 bytes more."""
    made = desk({GET: bytes.fromhex("00 01 05 a0 08 00 00 00") + bytes(12)})
    flags = await made.bmc.boot.get()
    assert (flags.efi, flags.device) == (True, BootDevice.HARD_DRIVE)


async def test_another_option_than_was_asked_for_is_no_answer() -> None:
    made = desk({GET: bytes.fromhex("00 01 01 07")})
    with pytest.raises(DecodeError, match="BootFlags was asked for, ServicePartitionSelector came"):
        await made.bmc.boot.get()


async def test_a_refusal_ends_the_setting_and_completes_it() -> None:
    made = desk()
    behind = desk()
    made.script.lines[SET] = lambda data: b"\xd4" if data[0] == 5 else behind.bench.raw(*SET, data)
    with pytest.raises(CompletionError, match="D4h"):
        await made.bmc.boot.set(BootDevice.PXE)
    assert written(made)[-1] == "00 00"


async def test_another_party_s_set_in_progress_is_waited_for() -> None:
    made, behind = desk(), desk()
    answers = iter([b"\x81", b"\x81"])
    made.script.lines[SET] = lambda data: (
        next(answers, None) or behind.bench.raw(*SET, data)
        if data == b"\0\1"
        else behind.bench.raw(*SET, data)
    )
    made.script.lines[GET] = lambda data: behind.bench.raw(*GET, data)
    assert (await made.bmc.boot.set(BootDevice.PXE)).valid
    assert written(made)[:3] == ["00 01"] * 3


async def test_a_set_in_progress_that_never_ends_needs_consent() -> None:
    """Q-SETINPROGRESS."""
    made = desk({SET: b"\x81"})
    with pytest.raises(CompletionError, match="another party is changing the boot options; quirks="):
        await made.bmc.boot.set(BootDevice.PXE)
    assert written(made) == ["00 01"] * 3


async def test_with_consent_it_is_ended() -> None:
    made = desk(settings=Settings(interface="memory", quirks=frozenset({boot.CONSENT})))
    stuck = [True]
    behind = desk()

    def write(data: bytes) -> bytes:
        if data == b"\0\0":
            stuck.clear()
        return b"\x81" if stuck else behind.bench.raw(*SET, data)

    made.script.lines[SET] = write
    made.script.lines[GET] = lambda data: behind.bench.raw(*GET, data)
    assert (await made.bmc.boot.set(BootDevice.PXE)).valid
    assert written(made)[3:5] == ["00 00", "00 01"]


@pytest.mark.parametrize(
    ("device_id", "selector"),
    [
        ("00 20 01 01 00 02 bf 7c 2a 00 01 00", "24"),
        ("00 20 01 01 00 02 bf 57 01 00 01 00", "08"),
        ("c1", "08"),
    ],
    ids=["Supermicro", "Intel", "unknown"],
)
async def test_the_uefi_disk_of_some_makers_has_a_selector_of_its_own(device_id: str, selector: str) -> None:
    """Q-UEFIDISK."""
    made = desk({(6, 1): bytes.fromhex(device_id)})
    await made.bmc.boot.set(BootDevice.HARD_DRIVE, efi=True)
    assert written(made)[3] == f"05 a0 {selector} 00 00 00"


async def test_flags_compare_as_messages_do() -> None:
    assert await desk().bmc.boot.get() == BootFlags()
