"""A controller with components, and the steps of an upgrade."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.blueprint import HpmComponentSpec, HpmSpec
from baseboard.commands.declaration import Request
from baseboard.commands.groups.hpm import (
    ActivateFirmware,
    FinishFirmwareUpload,
    HpmAction,
    InitiateUpgradeAction,
    UploadFirmwareBlock,
)
from baseboard.errors import CompletionError
from baseboard.records.hpm import HpmVersion
from baseboard.records.simulated_firmware import CORRUPT, PASSED, SimulatedFirmware
from tests.bmc.harness import Bench, make_bmc

SIZE = 20_000
SPEC = HpmSpec(
    components=(
        HpmComponentSpec(0, "BMC", size=SIZE),
        HpmComponentSpec(1, "BIOS", HpmVersion(major=1, minor="05"), payload_reset=True, size=SIZE),
        HpmComponentSpec(
            2, "CPLD", rollback=False, preparation=False, comparison=False, deferred=False, size=SIZE
        ),
    )
)
LONG = 5.0
"""Seconds after which whatever takes long is over."""


def board(spec: HpmSpec = SPEC, **more: Any) -> Bench:
    """A controller."""
    return make_bmc(hpm=spec, **more)


def code(bench: Bench, request: Request[Any], **more: Any) -> int:
    """The completion code of a request."""
    try:
        bench.execute(request, **more)
    except CompletionError as error:
        return int(error.code)
    return 0


def firmware(
    major: int = 3, minor: str = "21", *, passes: bool = True, content: bytes = bytes(9000)
) -> bytes:
    """Firmware of a version."""
    version = HpmVersion(major=major, minor=minor)
    return SimulatedFirmware(version, PASSED if passes else CORRUPT, 0, content).encode()


def begin(bench: Bench, component: int = 0, action: HpmAction = HpmAction.UPLOAD_FOR_UPGRADE) -> int:
    """Begin an upload."""
    return code(bench, InitiateUpgradeAction(components=1 << component, action=action))


def blocks(bench: Bench, data: bytes, size: int = 200) -> None:
    """Upload blocks from number 0 on."""
    for number, start in enumerate(range(0, len(data), size)):
        bench.execute(UploadFirmwareBlock(number=number & 0xFF, data=data[start : start + size]))


def finish(bench: Bench, component: int, length: int) -> int:
    """End an upload, and wait."""
    found = code(bench, FinishFirmwareUpload(component=component, length=length))
    bench.advance(LONG)
    return found


def upload(bench: Bench, component: int = 0, data: bytes | None = None) -> None:
    """Upload firmware, until it waits to be activated."""
    data = firmware() if data is None else data
    assert begin(bench, component) == 0
    blocks(bench, data)
    assert finish(bench, component, len(data)) == 0x80


def activate(bench: Bench, override: int | None = None) -> int:
    """Activate, and wait."""
    found = code(bench, ActivateFirmware(override=override))
    bench.advance(LONG)
    return found


def versions(bench: Bench, component: int = 0) -> tuple[str, str, str]:
    """What runs, the backup, and what waits; empty for none."""
    hpm = bench.services.hpm
    found = (hpm.version(component), hpm.backup_version(component), hpm.staged_version(component))
    active, backup, staged = ("" if one is None else str(one) for one in found)
    return active, backup, staged
