"""Controllers that answer as none should: each takes a true answer and makes something else of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeAlias

from baseboard.client.bmc import Bmc
from baseboard.client.interface import BMC, Target
from baseboard.client.settings import Settings
from baseboard.errors import NoResponse
from tests.client.harness import desk

Spoil: TypeAlias = Callable[[int, int, bytes], "bytes | None"]
"""Takes network function, command, and the true completion code and data; gives what is answered, or None."""

# Nobody asks one BMC for more than this in one command: what does has got into an endless chain.
MOST_REQUESTS = 20_000

ESCAPES = b"\x1b]0;owned\x07\x1b[31m\x9b2J\r\x08"


class Endless(Exception):
    """A command asked without end."""


class HostileInterface:
    """An interface whose controller's answers are spoiled; silence costs virtual time only.

    Attributes:
        asked: how many requests there were.
    """

    def __init__(self, true: Bmc, spoil: Spoil) -> None:
        self.name, self.depth, self.largest_request, self.largest_response = "memory", 1, 255, 255
        self.privilege = 4
        self.asked = 0
        self._true, self._spoil = true, spoil

    async def exchange(
        self, netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        self.asked += 1
        if self.asked > MOST_REQUESTS:
            raise Endless
        true = await self._true.interface.exchange(netfn, cmd, data, target=target, timeout=timeout)
        answer = self._spoil(netfn, cmd, true)
        if answer is None:
            raise NoResponse("silent")
        return answer

    async def close(self) -> None:
        await self._true.close()


def hostile(spoil: Spoil, **makeup: Any) -> tuple[Bmc, HostileInterface]:
    """A console in front of a controller whose answers are spoiled."""
    interface = HostileInterface(desk(**makeup).bmc, spoil)
    return Bmc(interface, Settings(interface="memory", timeout=0.05, retries=0, learn=False)), interface


def cut(length: int) -> Spoil:
    """Answers of at most so many bytes after the completion code."""
    return lambda netfn, cmd, true: true[: 1 + length]


def filled(byte: int) -> Spoil:
    """Answers that go on for 255 bytes."""
    return lambda netfn, cmd, true: true[:1] + true[1:].ljust(255, bytes([byte]))


def one_byte(byte: int) -> Spoil:
    """Answers of the true length, all of one byte: every count, length and flag at its worst."""
    return lambda netfn, cmd, true: b"\0" + bytes([byte]) * max(len(true) - 1, 1)


def code(completion: int) -> Spoil:
    """Every request refused."""
    return lambda netfn, cmd, true: bytes([completion])


def silent(netfn: int, cmd: int, true: bytes) -> bytes | None:
    """No answer at all."""
    return None


def noise(seed: int) -> Spoil:
    """Answers of any bytes and any length."""
    drawn = random.Random(seed)
    return lambda netfn, cmd, true: b"\0" + drawn.randbytes(drawn.randrange(0, 64))


def flipped(seed: int) -> Spoil:
    """True answers with a few bits turned, which breaks checksums, lengths, types and links."""
    drawn = random.Random(seed)

    def spoil(netfn: int, cmd: int, true: bytes) -> bytes:
        made = bytearray(true)
        for _ in range(drawn.randrange(0, 4) if len(made) > 1 else 0):
            made[drawn.randrange(1, len(made))] ^= 1 << drawn.randrange(8)
        return bytes(made)

    return spoil


def sometimes(seed: int) -> Spoil:
    """One answer in five is a refusal, a silence or half of it."""
    drawn = random.Random(seed)

    def spoil(netfn: int, cmd: int, true: bytes) -> bytes | None:
        match drawn.randrange(15):
            case 0:
                return bytes([drawn.randrange(1, 256)])
            case 1:
                return None
            case 2:
                return true[: 1 + len(true) // 2]
            case _:
                return true

    return spoil


def escapes(netfn: int, cmd: int, true: bytes) -> bytes:
    """Every run of four letters has a terminal's escape sequence in it."""
    made, run = bytearray(true), 0
    for at, byte in enumerate(true[1:], 1):
        run = run + 1 if 0x41 <= byte <= 0x7A else 0
        if run:
            made[at] = ESCAPES[run % len(ESCAPES)]
    return bytes(made)


REFUSALS = (0x80, 0xC0, 0xC1, 0xC3, 0xC5, 0xC9, 0xCB, 0xD4, 0xFF)
WORST: dict[str, Spoil] = {
    **{f"cut to {length}": cut(length) for length in (*range(18), 20, 24, 30)},
    "filled with 00h": filled(0),
    "filled with FFh": filled(0xFF),
    **{f"all {byte:02X}h": one_byte(byte) for byte in (0x00, 0x01, 0x1B, 0x41, 0x7F, 0x80, 0xC1, 0xFE, 0xFF)},
    **{
        f"refused {value:02X}h": code(value)
        for value in (0x80, 0xC0, 0xC1, 0xC3, 0xC5, 0xC9, 0xCB, 0xD4, 0xFF)
    },
    "silent": silent,
    **{f"noise {seed}": noise(seed) for seed in range(12)},
    **{f"flipped {seed}": flipped(seed) for seed in range(12)},
    **{f"sometimes {seed}": sometimes(seed) for seed in range(6)},
    "escapes": escapes,
}
"""Every kind of bad answer, by name."""
