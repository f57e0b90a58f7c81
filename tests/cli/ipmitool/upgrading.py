"""``hpm`` in front of a simulated controller in the same process, whose time passes with each request."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

from baseboard.bmc.blueprint import HpmSpec
from baseboard.cli.firmware_build import make
from baseboard.cli.ipmitool.hpm import run
from baseboard.records.hpm import build_hpm
from tests.bmc.harness import Bench, make_bmc
from tests.cli.ipmitool.scenes import Stage

TICK = 0.3
"""Seconds that a request takes."""


class _Request:
    def __init__(self, netfn: int, cmd: int, data: bytes) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, 0, cmd, data


class Board:
    """The controller.

    Attributes:
        asked: command and data of every request of NetFn 2Ch.
        lines: answers by command that differ from the controller's, each for one request; None = silence.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.asked: list[tuple[int, bytes]] = []
        self.lines: dict[int, list[bytes | None]] = {}

    def __call__(self, netfn: int, cmd: int, data: bytes) -> bytes | None:
        if netfn == 0x2C:
            self.asked.append((cmd, data))
            if self.lines.get(cmd):
                return self.lines[cmd].pop(0)
        answers: list[bytes] = []
        self.bench.controller.handle(_Request(netfn, cmd, data), self.bench.origin(), answers.append)
        self.bench.advance(TICK)
        return answers[0] if answers else None

    def count(self, cmd: int) -> int:
        """How often a command was asked."""
        return sum(one == cmd for one, _ in self.asked)


def board(spec: HpmSpec | None = None, **more: Any) -> Board:
    """A controller with HPM.1."""
    return Board(make_bmc(hpm=spec or HpmSpec(), **more))


def write(folder: Path, *pairs: str, **given: str) -> str:
    """Write an image for the bench's controller; its path."""
    path = folder / "image.hpm"
    path.write_bytes(build_hpm(make(list(pairs), {"product": "0", **given})))
    return str(path)


class Told:
    """What `hpm` printed, its exit code, and what it found."""

    def __init__(self, stage: Stage, code: int) -> None:
        self.code, self.out, self.err, self.results = code, stage.out, stage.err, stage.results


async def hpm(controller: Board, *words: str, stdin: str = "", name: str = "lanplus", **options: Any) -> Told:
    """Run `hpm` and its words in front of a controller."""
    stage = Stage({}, name=name, **options)
    stage.given = controller  # type: ignore[assignment]  # answers like one

    async def again(bmc: object, seconds: float) -> None:
        """The session is as good as new."""

    with (
        mock.patch("baseboard.cli.ipmitool.hpm_link._PAUSE_S", 0.0),
        mock.patch("baseboard.cli.ipmitool.hpm_link._POLL_S", 0.0),
        mock.patch("baseboard.client.reconnect.insist", again),
        mock.patch("baseboard.client.bmc._PAUSES", ()),
        mock.patch("baseboard.client.bmc._MOST_TIMEOUTS", 0),
        mock.patch("sys.stdin.readline", return_value=stdin),
    ):
        return Told(stage, await run(stage.call, list(words)))
