"""Every handler with 0 to 255 bytes of data, from everybody: completion codes come back, nothing breaks."""

from __future__ import annotations

import random

import pytest

import baseboard.bmc.controller  # noqa: F401 - registers every handler
from baseboard.bmc.dispatch import Entry, handlers
from baseboard.codes import Cc
from baseboard.rmcp import lan_message
from tests.fuzz.target import LAN, Request, Target

ENTRIES = sorted(handlers.table.items())
NAMES = [entry.command.name for _, entry in ENTRIES]
GENERIC = {int(code) for code in vars(Cc).values() if isinstance(code, int)} - {int(Cc.UNSPECIFIED)}
SYSTEM, NOBODY = 0xF, 0
LEVELS = (SYSTEM, NOBODY, 1, 2, 3, 4)
# Data of these lengths may mean something; they are drawn many times, others once.
MEANINGFUL, DRAWS = 24, 60
COLD_RESET, WARM_RESET = 0x0602, 0x0603


def drawn_data(source: random.Random, size: int) -> bytes:
    """Bytes such as handlers have meanings for: small numbers, channels, users, flags, or anything."""
    style = source.randrange(4)
    if style == 0:
        return source.randbytes(size)
    if style == 1:
        return bytes(source.choice((0, 0, 1, 2, 3, 0xE, 0xFF)) for _ in range(size))
    if style == 2:
        return bytes(source.choice((0, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x81, 0xC0)) for _ in range(size))
    head = bytes(source.randrange(0x20) for _ in range(min(size, 4)))
    return head + bytes(size - len(head))


def data_of(source: random.Random) -> list[bytes]:
    sizes = [size for size in range(MEANINGFUL + 1) for _ in range(DRAWS)]
    sizes += [size for size in range(MEANINGFUL + 1, 256) for _ in range(2)]
    source.shuffle(sizes)
    return [drawn_data(source, size) for size in sizes]


def asked(entry: Entry, data: bytes) -> Request:
    command = entry.command
    group = b"" if command.group is None else bytes((command.group,))
    return Request(int(command.netfn), command.cmd, (group + data)[:255])


@pytest.mark.parametrize(("key", "entry"), ENTRIES, ids=NAMES)
def test_every_handler_answers_anything_with_a_completion_code(key: int, entry: Entry) -> None:
    target, source = Target(), random.Random(key)
    allowed = GENERIC | {int(code) for code in entry.command.codes}
    origins = {level: target.origin(level) for level in LEVELS}
    for number, data in enumerate(data_of(source)):
        for level, origin in origins.items():
            answer = target.ask(origin, asked(entry, data))
            assert answer[0] in allowed, (level, data.hex(), answer[0])
            if answer[0] == 0:
                entry.command.response.decode(answer[1:])
        if number % 100 == 0:
            target.clock.advance(1.0)
    judge(target)


def judge(target: Target) -> None:
    """Whatever was asked for: the BMC goes on, lets in, and comes back the same after a crash."""
    target.clock.advance(70)
    target.restore()
    for seconds in (1, 60, 3600):
        target.clock.advance(seconds)
        assert target.everything_answers()
        assert target.logs_in()
    again = target.reopened()
    assert again.everything_answers()
    assert again.logs_in()


@pytest.mark.parametrize("strict", [False, True])
def test_every_handler_in_one_bmc_in_any_order(strict: bool) -> None:
    """A state that one command leaves behind must not trouble another."""
    target, source = Target(strict=strict), random.Random(f"all {strict}")
    system = target.origin(SYSTEM)
    for number in range(60_000):
        _, entry = source.choice(ENTRIES)
        data = drawn_data(source, source.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 19, 22, 40)))
        answer = target.ask(system, asked(entry, data))
        assert answer[0] in GENERIC | {int(code) for code in entry.command.codes}, entry.command.name
        if number % 50 == 0:
            target.clock.advance(source.choice((0.1, 1.0, 10.0)))
    judge(target)


@pytest.mark.parametrize("level", [2, 3, 4])
def test_every_handler_through_a_session(level: int) -> None:
    """The whole way: packet, session table, dispatch, answer; the session outlives all but its own end."""
    target, source = Target(), random.Random(level)
    console = None
    for number in range(12_000):
        if console is None or console.sidc not in target.endpoint.table.sessions:
            target.clock.advance(70.0)
            target.restore()
            console = target.console(level, seed=number)
        _, entry = source.choice(ENTRIES)
        request = asked(entry, drawn_data(source, source.choice((0, 1, 2, 3, 4, 5, 6, 16, 17, 22))))
        message = console.message(request.netfn, request.cmd, request.data)
        answers = target.carry(console.packet(message), console.address)
        assert len(answers) >= 1
        answered = lan_message.unwrap(console.unwrap(answers[-1])[2])
        assert answered.data[0] != Cc.UNSPECIFIED, entry.command.name
    judge(target)


@pytest.mark.parametrize("netfn", range(0, 64, 2))
def test_commands_that_nobody_knows(netfn: int) -> None:
    target, source = Target(), random.Random(netfn)
    origins = [target.origin(level) for level in LEVELS]
    for cmd in range(256):
        known = netfn << 8 | cmd in handlers.table
        for origin in origins:
            data = source.randbytes(source.randrange(6))
            if known and netfn << 8 | cmd in (COLD_RESET, WARM_RESET):
                continue
            answer = target.ask(origin, Request(netfn, cmd, data, source.randrange(4)))
            assert answer[0] in GENERIC or known
            if not known and netfn != 0x2C:
                assert answer == b"\xc1"
    assert target.endpoint.channel == LAN
