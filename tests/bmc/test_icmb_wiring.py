"""Lines that go on outside of the process: sockets, pseudo terminals, serial devices."""

from __future__ import annotations

import asyncio
from pathlib import Path

from baseboard.bmc.blueprint.bridging import IcmbSpec
from baseboard.bmc.clock import LoopClock
from baseboard.bmc.icmb_wiring import WAITING, FarEnd, Lines
from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.links.icmb import REQUEST, Packet
from baseboard.testing.clock import VirtualClock

PACKET = Packet(0x0202, 0x0101, REQUEST, 7, 0x20, b"\x20\x18\x01").encode()
ANSWER = Packet(0x0101, 0x0202, REQUEST, 7, 0x20, b"\0\xa5").encode()


class Ear:
    def __init__(self, line: IcmbLine) -> None:
        self.heard: list[bytes] = []
        self.moved = asyncio.Event()
        self.line = line
        line.attach(self)

    def receive(self, data: bytes) -> None:
        self.heard.append(data)
        self.moved.set()

    async def hears(self, sender: Ear, data: bytes) -> None:
        """Have another bridge send until it is heard: nobody may be at the far end yet."""
        async with asyncio.timeout(20):
            while data not in self.heard:
                sender.line.send(data, sender)
                self.moved.clear()
                try:
                    async with asyncio.timeout(0.2):
                        await self.moved.wait()
                except TimeoutError:
                    continue


def test_what_comes_while_the_line_is_busy_waits() -> None:
    clock = VirtualClock()
    line = IcmbLine(clock)
    ear, out = Ear(line), bytearray()

    def write(data: bytes) -> int:
        out.extend(data)
        return len(data)

    end = FarEnd(line, clock, write)
    line.send(PACKET, ear)
    end.heard(ANSWER + PACKET[:4])
    end.heard(PACKET[4:])
    clock.advance(1)
    assert ear.heard == [ANSWER, PACKET]
    assert bytes(out) == PACKET
    line.free_at = clock.now() + 100
    end.heard(ANSWER * (WAITING + 5))
    clock.advance(1000)
    assert len(ear.heard) == 2 + WAITING, "more are lost than wait"
    line.free_at = clock.now() + 100
    end.heard(ANSWER)
    end.close()
    end.close()
    clock.advance(1000)
    assert len(ear.heard) == 2 + WAITING
    assert not line.has(end)


def test_a_name_is_a_line_of_the_process() -> None:
    lines = Lines(VirtualClock())
    assert lines.of(IcmbSpec("row 4")) is lines.of(IcmbSpec("row 4", channel=6))
    assert lines.of(IcmbSpec("row 4")) is not lines.of(IcmbSpec("row 5"))
    lines.close()


async def both(near: IcmbSpec, *far: IcmbSpec) -> None:
    """Every bridge hears what the others send, and nothing twice."""
    clock = LoopClock(asyncio.get_running_loop())
    ends = [Lines(clock) for _ in range(1 + len(far))]
    ears = [Ear(end.of(spec)) for end, spec in zip(ends, (near, *far), strict=True)]
    for one, data in zip(ears[1:], (ANSWER, PACKET), strict=False):
        await ears[0].hears(one, data)
        await one.hears(ears[0], data)
    for end in ends:
        end.close()


async def test_three_processes_on_a_socket(tmp_path: Path) -> None:
    place = f"unix:{tmp_path / 'icmb'}"
    await both(IcmbSpec(place, listen=True), IcmbSpec(place), IcmbSpec(place))
    assert not (tmp_path / "icmb").exists()


async def test_two_processes_on_a_pseudo_terminal(tmp_path: Path) -> None:
    path = tmp_path / "icmb"
    await both(IcmbSpec(f"pty:{path}"), IcmbSpec(str(path)))
