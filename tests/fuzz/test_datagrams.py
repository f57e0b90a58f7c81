"""A hundred thousand bad datagrams, ten thousand broken logins: silence or an answer, and flat memory."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Callable

import pytest

from baseboard.crypto.suites import SUITES
from baseboard.rmcp import lan_message, v15, v20
from baseboard.rmcp.machine import Address
from baseboard.testing.raw_console import (
    OPEN_SESSION,
    RAKP_1,
    RAKP_3,
    RawConsole,
    RawConsoleV15,
    RawConsoleV20,
)
from tests.fuzz.target import STRANGER, Target

PING = bytes.fromhex("06 00 ff 06 00 00 11 be 80 42 00 00")
DATAGRAMS, HANDSHAKES = 100_000, 10_000
MOST_GROWTH = 32 * 1024
# What is read in sessions; no resets, nothing that is stored without bound is among what they may say.
HARMLESS = ((0x06, 0x01), (0x06, 0x04), (0x06, 0x38), (0x06, 0x3D), (0x0A, 0x20), (0x0A, 0x43), (0x0C, 0x02))


class Source:
    """Draws datagrams for one target, out of its own sessions' too."""

    def __init__(self, target: Target, seed: int) -> None:
        self.target, self.random = target, random.Random(seed)
        self.makers: list[Callable[[], bytes]] = [
            self.noise, self.noise_in_a_header, self.session_less, self.setup, self.in_session,
            self.in_session_signed, self.ping,
        ]  # fmt: skip
        self.consoles: list[RawConsole] = []
        self.logins = 0

    def address(self) -> Address:
        if self.random.random() < 0.5:
            return STRANGER
        return (f"198.51.100.{self.random.randrange(256)}", self.random.randrange(1, 65536))

    def draw(self) -> bytes:
        datagram = self.random.choice(self.makers)()
        return datagram if self.random.random() < 0.1 else self.mutated(datagram)

    def mutated(self, data: bytes) -> bytes:
        """Flip, cut, insert, repeat or replace; mostly in one place."""
        place, source = self.random.randrange(len(data) + 1), self.random
        kind = source.randrange(6)
        if kind == 0 and data:
            place = source.randrange(len(data))
            return data[:place] + bytes((data[place] ^ 1 << source.randrange(8),)) + data[place + 1 :]
        if kind == 1:
            return data[:place]
        if kind == 2:
            return data[:place] + source.randbytes(source.randrange(1, 20)) + data[place:]
        if kind == 3:
            return data[:place] + data
        if kind == 4:
            return data[:place] + bytes((source.choice((0, 1, 0x7F, 0x80, 0xFF)),)) + data[place + 1 :]
        return data[:place] + source.randbytes(len(data) - place)

    def noise(self) -> bytes:
        return self.random.randbytes(self.random.randrange(300))

    def noise_in_a_header(self) -> bytes:
        head = b"\x06\x00\xff\x07" + bytes((self.random.choice((0, 1, 2, 4, 6)),))
        return head + self.random.randbytes(self.random.randrange(100))

    def ping(self) -> bytes:
        return PING

    def message(self) -> bytes:
        netfn, cmd = self.random.choice(HARMLESS)
        data = self.random.randbytes(self.random.choice((0, 0, 1, 2, 3, 6)))
        return lan_message.wrap_request(netfn, cmd, data, self.random.randrange(64))

    def session_less(self) -> bytes:
        cmd, data = self.random.choice(
            ((0x38, b"\x8e\x04"), (0x37, b""), (0x54, b"\x0e\x00\x80"), (0x39, b"\x02admin".ljust(17, b"\0")))
        )
        message = lan_message.wrap_request(0x06, cmd, data, self.random.randrange(64))
        wrap = self.random.choice((v15.wrap, v20.wrap))
        return wrap(0, 0, 0, message)

    def stranger(self) -> RawConsoleV20:
        suite = self.random.choice(tuple(SUITES))
        name = self.random.choice((b"admin", b"oper", b"nobody", b""))
        return RawConsoleV20(self.target.carry, name, b"?", suite=suite, seed=self.random.getrandbits(32))

    def setup(self) -> bytes:
        """A message of a login: of one that is under way if there is one."""
        console, pending = self.stranger(), self.target.endpoint.table.pending
        if pending:
            console.sidc = self.random.choice(list(pending))
        kind = self.random.choice((OPEN_SESSION, RAKP_1, RAKP_3))
        make = {OPEN_SESSION: console.open_request, RAKP_1: console.rakp1_request}
        return v20.wrap(kind, 0, 0, make.get(kind, console.rakp3_request)())

    def console(self) -> RawConsole:
        """A console in a session; logged in anew when its session has ended."""
        table = self.target.endpoint.table
        self.consoles = [console for console in self.consoles if session_id(console) in table.sessions]
        if len(self.consoles) < 2:
            self.logins += 1
            kinds: list[RawConsole] = [
                RawConsoleV15(self.target.carry, b"admin", b"adminpw", auth_type=1 << self.logins % 3),
                RawConsoleV20(self.target.carry, b"oper", b"operpw", suite=(3, 8, 1, 12)[self.logins % 4],
                              role=0x13, seed=self.logins),
            ]  # fmt: skip
            console = kinds[self.logins & 1]
            assert console.login()[-1] == 0
            self.consoles.append(console)
        return self.random.choice(self.consoles)

    def in_session(self) -> bytes:
        """A packet of a session, to be mutated from outside: what somebody on the wire can do."""
        console = self.console()
        sequence = self.random.choice((None, None, 0, 1, 0xFFFFFFFF))
        return console.packet(self.message(), sequence=sequence)

    def in_session_signed(self) -> bytes:
        """A packet of a session, mutated inside: what a console gone mad can do."""
        console = self.console()
        message = self.mutated(self.message())[:255]
        if isinstance(console, RawConsoleV20):
            return console.packet(message, self.random.choice((0, 0, 0, 1, 2, 3, 0x10, 0x3F)))
        assert isinstance(console, RawConsoleV15)
        return console.packet(message)


def session_id(console: RawConsole) -> int:
    if isinstance(console, RawConsoleV20):
        return console.sidc
    assert isinstance(console, RawConsoleV15)
    return console.session_id


def bounded(target: Target) -> None:
    """What a stranger can fill has an end, and nothing lies about."""
    table = target.endpoint.table
    assert len(table.sessions) <= table.slots
    assert len(table.pending) <= table.pending_slots
    assert not table.outbox
    assert not table.happened


def throw(target: Target, source: Source, count: int) -> None:
    for number in range(count):
        datagram = source.draw()
        before = target.sent
        target.carry(datagram, source.address())
        assert target.sent - before <= 2, datagram.hex()
        if number % 64 == 0:
            bounded(target)
            target.clock.advance(source.random.choice((0.0, 0.01, 1.0, 20.0)))


def test_a_hundred_thousand_datagrams() -> None:
    target = Target()
    source = Source(target, seed=1)
    throw(target, source, DATAGRAMS // 2)
    gc.collect()
    tracemalloc.start()
    try:
        throw(target, source, DATAGRAMS // 10)
        gc.collect()
        early, _ = tracemalloc.get_traced_memory()
        throw(target, source, DATAGRAMS * 4 // 10)
        gc.collect()
        late, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert late - early < MOST_GROWTH
    assert source.logins > 10
    target.clock.advance(120)
    assert not target.endpoint.table.sessions
    assert not target.endpoint.table.pending
    assert target.logs_in()
    assert target.everything_answers()


@pytest.mark.parametrize("seed", range(4))
def test_broken_logins_by_rmcp_plus(seed: int) -> None:
    target = Target()
    source = Source(target, seed)
    for number in range(HANDSHAKES // 5):
        console = RawConsoleV20(
            target.carry, b"admin", b"adminpw", suite=source.random.choice((1, 2, 3, 8, 12)), seed=number
        )
        broken = source.random.randrange(3)
        for step, (kind, make, go_on) in enumerate(
            (
                (OPEN_SESSION, console.open_request, console.open),
                (RAKP_1, console.rakp1_request, console.rakp1),
                (RAKP_3, console.rakp3_request, console.rakp3),
            )
        ):
            request = make()
            if step == broken:
                for _ in range(source.random.randrange(1, 4)):
                    target.carry(v20.wrap(kind, 0, 0, source.mutated(request)), console.address)
                if source.random.random() < 0.5:
                    break
            if go_on(request) != 0:
                break
        bounded(target)
        target.clock.advance(source.random.choice((0.0, 1.0, 30.0)))
        close(target)
    assert target.logs_in()
    assert target.everything_answers()


@pytest.mark.parametrize("auth_type", [1, 2, 4])
def test_broken_logins_by_v15(auth_type: int) -> None:
    target = Target()
    source = Source(target, auth_type)
    for _ in range(HANDSHAKES // 5 // 3 + 1):
        console = RawConsoleV15(target.carry, b"admin", b"adminpw", auth_type=auth_type)
        challenge = bytes((auth_type,)) + b"admin".ljust(16, b"\0")
        message = console.message(0x06, 0x39, challenge)
        if source.random.random() < 0.5:
            target.carry(source.mutated(v15.wrap(0, 0, 0, message)), console.address)
        if console.get_challenge() == 0:
            packet = console.activate_packet()
            for _ in range(source.random.randrange(1, 4)):
                target.carry(source.mutated(packet), console.address)
            mad = console.activate_packet(source.mutated(console.activation())[:200])
            target.carry(mad, console.address)
        bounded(target)
        target.clock.advance(source.random.choice((0.0, 1.0, 30.0)))
        close(target)
    assert target.logs_in()
    assert target.everything_answers()


def close(target: Target) -> None:
    """Free the slots of those whose mutation changed nothing that matters."""
    target.endpoint.table.close_all()
    target.endpoint.flush()


@pytest.mark.parametrize("suite", [0, 1, 2, 3, 8, 12])
def test_a_login_cut_short_at_every_byte(suite: int) -> None:
    target = Target()
    console = RawConsoleV20(target.carry, b"admin", b"adminpw", suite=suite)
    steps = (
        (OPEN_SESSION, console.open_request, console.open),
        (RAKP_1, console.rakp1_request, console.rakp1),
    )
    for kind, make, go_on in steps:
        request = make()
        for size in range(len(request)):
            target.carry(v20.wrap(kind, 0, 0, request[:size]), console.address)
            whole = v20.wrap(kind, 0, 0, request)
            target.carry(whole[: 16 + size], console.address)
        bounded(target)
        assert go_on(request) == 0
    target.clock.advance(60)
    assert target.logs_in()
