"""``kill -9`` amid upgrades: the old firmware runs afterwards or the new, and a new upgrade works."""

from __future__ import annotations

import random
import time
from pathlib import Path

from baseboard.records.hpm import HpmVersion
from baseboard.records.simulated_firmware import SimulatedFirmware
from tests.crash.served import PATIENCE, Line, served

GROUP, PICMG = 0x2C, b"\0"
ABORT, INITIATE, BLOCK, FINISH, STATUS, ACTIVATE = 0x30, 0x31, 0x32, 0x33, 0x34, 0x35
UPGRADE, COMPARE = 2, 3
SIZE = 200
SHIPPED = 2
# Where each round is cut off: in the upload, at its end, at the activation and some time after it began.
CUTS = ("upload", "finish", "at once", "soon", "later")
DELAYS = {"at once": 0.0, "soon": 0.6, "later": 1.4}


def image(number: int) -> bytes:
    """Firmware that no other is equal to, of version NUMBER.00."""
    content = random.Random(number).randbytes(30_000)
    return SimulatedFirmware(HpmVersion(major=number, minor="00"), content=content).encode()


def ask(line: Line, cmd: int, data: bytes = b"") -> bytes:
    return line.ask(GROUP, cmd, PICMG + data)


def blocks(line: Line, data: bytes) -> None:
    for number, start in enumerate(range(0, len(data), SIZE)):
        assert ask(line, BLOCK, bytes((number & 0xFF,)) + data[start : start + SIZE]) == b"\0\0"


def settled(line: Line) -> int:
    """The completion code of the last long command, once it has ended."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = ask(line, STATUS)
        if answer[3] != 0x80:
            return answer[3]
        time.sleep(0.05)  # polls
    raise AssertionError("it goes on")


def finish(line: Line, data: bytes) -> int:
    answer = ask(line, FINISH, b"\0" + len(data).to_bytes(4, "little"))[0]
    return settled(line) if answer == 0x80 else answer


def version(line: Line) -> int:
    return line.ask(0x06, 0x01)[3] & 0x7F


def runs(line: Line, data: bytes) -> bool:
    """Whether it is just this that is active."""
    assert ask(line, INITIATE, bytes((1, COMPARE)))[0] == 0
    blocks(line, data)
    return finish(line, data) == 0


def test_the_old_firmware_or_the_new_and_never_a_mix(tmp_path: Path) -> None:
    store, errors = tmp_path / "store", tmp_path / "errors"
    before = SHIPPED
    for turn in range(len(CUTS) + 1):
        wanted = turn + 10
        with served(store, errors) as bmc:
            line = Line(bmc.address, turn)
            found = version(line)
            assert found in (before, wanted - 1)
            assert found == SHIPPED or runs(line, image(found))
            assert ask(line, ABORT)[0] == 0
            data = image(wanted)
            assert ask(line, INITIATE, bytes((1, UPGRADE)))[0] == 0
            cut = CUTS[turn] if turn < len(CUTS) else ""
            blocks(line, data[: len(data) // 2] if cut == "upload" else data)
            if cut != "upload":
                answer = ask(line, FINISH, b"\0" + len(data).to_bytes(4, "little"))[0]
                assert answer == 0x80
            if cut not in ("upload", "finish"):
                assert settled(line) == 0
                assert ask(line, ACTIVATE)[0] == 0x80
            if cut in DELAYS:
                time.sleep(DELAYS[cut])  # polls nothing: the moment of the kill is what differs
            before = found
            if cut:
                bmc.kill()
            line.close()
    assert "Traceback" not in errors.read_text()
