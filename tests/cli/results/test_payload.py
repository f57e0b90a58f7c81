"""What `payload` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.payload import run
from baseboard.cli.results.payload import (
    OemPayloadOwner,
    PayloadAccess,
    PayloadDone,
    PayloadKind,
    PayloadOwner,
    PayloadUse,
    PayloadVersion,
)
from tests.cli.ipmitool.scenes import Stage

GIVEN = {
    "06/4e": "00 03 00 3f 00 01 00 00 00",
    "06/4f": "00 10",
    "06/50": "00 20 f21b00 0100 12",
    "06/4a": "00 02 02 00",
    "06/4b": "00 04030201 02 00000000000000",
    "06/4d": "00 02 00 80 00",
    "06/4c": "00",
    "06/49": "00",
    "06/55": "00",
    "0c/20": "00",
}


async def found(*words: str) -> list[object]:
    stage = Stage(GIVEN)
    assert await run(stage.call, list(words)) == 0
    return stage.results


async def test_each_verb_has_its_shape() -> None:
    kinds = await found("support")
    assert kinds[1] == PayloadKind(payload_type=1, name="serial over LAN")
    assert kinds[-1] == PayloadKind(payload_type=0x20, name="OEM0")
    assert await found("version", "sol") == [
        PayloadVersion(payload_type=1, name="serial over LAN", version="1.0")
    ]
    assert await found("oem", "oem0") == [
        OemPayloadOwner(payload_type=0x20, iana=7154, payload_id=1, version="1.2")
    ]
    assert await found("status") == [
        PayloadUse(payload_type=1, name="serial over LAN", capacity=2, active=(2,))
    ]
    assert await found("instance", "sol", "2") == [
        PayloadOwner(
            payload_type=1,
            name="serial over LAN",
            instance=2,
            session_id=0x01020304,
            information=b"\2" + bytes(7),
        )
    ]
    assert [kind.name for kind in await found("access", "get", "2")] == ["serial over LAN", "OEM7"]  # type: ignore[attr-defined]  # their shape
    assert await found("access", "set", "2", "enable", "oem7", "sol", "channel", "1") == [
        PayloadAccess(channel=1, user_id=2, payload_types=(0x27, 1), enabled=True)
    ]
    for verb in ("deactivate", "suspend", "resume", "new-iv", "activating"):
        assert await found(verb) == [PayloadDone(payload_type=1, instance=1, done=True)]
