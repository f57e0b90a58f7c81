"""``kill -9`` at random moments: what was acknowledged is there after the restart, nothing is half there."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.served import PATIENCE, Line, served

KILLS = 20
MOST_CHANGES = 40
ON_THE_WAY = 6
LONGEST_DELAY = 0.004
LAN = 1
USER_IDS = (5, 6, 7)
COMMUNITY = 16
OEM_RECORD = 0xE5
NAME, SECRET, ACCESS, LAN_TEXT, RECORD = "name", "secret", "access", "LAN", "SEL"


@dataclass
class Kept:
    """What a value was when last acknowledged, and what it was asked to become since: one of them it is."""

    possible: list[bytes]

    def sent(self, value: bytes) -> None:
        self.possible.append(value)

    def acknowledged(self, value: bytes) -> None:
        self.possible = self.possible[self.possible.index(value) :]


@dataclass
class Memory:
    """All that the console knows it did.

    Attributes:
        values: by what they are and whose.
        records: contents of SEL records that must be there.
        unsure: of those whose answer never came.
    """

    values: dict[tuple[str, int], Kept] = field(default_factory=dict)
    records: set[bytes] = field(default_factory=set)
    unsure: set[bytes] = field(default_factory=set)


Change = tuple[str, int, bytes, tuple[int, int, bytes]]


def change(source: random.Random, number: int) -> Change:
    """Draw a change that differs from all others: what it is, whose, the value, the command."""
    mark = number.to_bytes(4, "big")
    kind = source.choice((RECORD, RECORD, NAME, SECRET, ACCESS, LAN_TEXT))
    user_id = source.choice(USER_IDS)
    if kind == RECORD:
        body = (b"kept" + mark).ljust(13, b"\x5a")
        return kind, 0, body, (0x0A, 0x44, b"\0\0" + bytes((OEM_RECORD,)) + body)
    if kind == NAME:
        name = b"user-%08d---" % number
        return kind, user_id, name, (0x06, 0x45, bytes((user_id,)) + name)
    if kind == SECRET:
        secret = b"secret--%08d" % number
        return kind, user_id, secret, (0x06, 0x47, bytes((user_id, 2)) + secret)
    if kind == ACCESS:
        access = bytes((0x10 | source.randrange(1, 5),))
        return kind, user_id, access, (0x06, 0x43, bytes((0x90 | LAN, user_id, access[0] & 0x0F)))
    text = b"community-%08d" % number
    return LAN_TEXT, 0, text, (0x0C, 0x01, bytes((LAN, COMMUNITY)) + text)


def settle(line: Line, memory: Memory) -> None:
    """Give every value that will be changed a first one, so that there is one to be found again."""
    for user_id in USER_IDS:
        for kind, value, command in (
            (NAME, b"first-name------", (0x06, 0x45, bytes((user_id,)) + b"first-name------")),
            (SECRET, b"first-secret----", (0x06, 0x47, bytes((user_id, 2)) + b"first-secret----")),
            (ACCESS, b"\x12", (0x06, 0x43, bytes((0x90 | LAN, user_id, 2)))),
        ):
            assert line.ask(*command) == b"\0"
            memory.values[kind, user_id] = Kept([value])
    assert line.ask(0x0C, 0x01, bytes((LAN, COMMUNITY)) + b"first-community---") == b"\0"
    memory.values[LAN_TEXT, 0] = Kept([b"first-community---"])


def note(memory: Memory, done: Change) -> None:
    kind, whose, value, _ = done
    if kind == RECORD:
        memory.unsure.discard(value)
        memory.records.add(value)
    else:
        memory.values[kind, whose].acknowledged(value)


def burst(line: Line, memory: Memory, changes: list[Change], delay: float) -> dict[int, Change]:
    """Send changes, several on the way at a time; return those that are still unanswered."""
    waiting: dict[int, Change] = {}
    for one in changes:
        if len(waiting) >= ON_THE_WAY:
            collect(line, memory, waiting, PATIENCE)
        kind, whose, value, command = one
        if kind == RECORD:
            memory.unsure.add(value)
        else:
            memory.values[kind, whose].sent(value)
        waiting[line.send(*command)] = one
    collect(line, memory, waiting, delay)
    return waiting


def collect(line: Line, memory: Memory, waiting: dict[int, Change], wait: float) -> bool:
    """Take one answer, if it comes in time."""
    answer = line.receive(wait)
    if answer is None:
        return False
    number, data = answer
    assert data[0] == 0, data.hex()
    note(memory, waiting.pop(number))
    return True


def drain(line: Line, memory: Memory, waiting: dict[int, Change]) -> None:
    """Take the answers that have come already."""
    more = True
    while more:
        more = collect(line, memory, waiting, 0)


def sel(line: Line) -> list[bytes]:
    """Contents of the SEL's records that this test wrote, in order."""
    found, number = [], 0
    while number != 0xFFFF:
        answer = line.ask(0x0A, 0x43, b"\0\0" + number.to_bytes(2, "little") + b"\0\xff")
        if answer[0] == 0xCB:
            break
        assert answer[0] == 0
        assert len(answer) == 19
        number = int.from_bytes(answer[1:3], "little")
        if answer[5] == OEM_RECORD:
            found.append(answer[6:19])
    return found


def value_of(line: Line, kind: str, whose: int, kept: Kept) -> bytes:
    """What the BMC has now."""
    if kind == NAME:
        return line.ask(0x06, 0x46, bytes((whose,)))[1:]
    if kind == ACCESS:
        return line.ask(0x06, 0x44, bytes((LAN, whose)))[4:5]
    if kind == LAN_TEXT:
        return line.ask(0x0C, 0x02, bytes((LAN, COMMUNITY, 0, 0)))[2:]
    # A password can only be tried.
    right = [value for value in kept.possible if line.ask(0x06, 0x47, bytes((whose, 3)) + value) == b"\0"]
    assert len(right) == 1, "a password that was never set"
    return right[0]


def check(line: Line, memory: Memory) -> None:
    """After a restart: all that was acknowledged, and of the rest each either whole or not at all."""
    found = sel(line)
    assert len(set(found)) == len(found), "a record twice"
    assert memory.records <= set(found), "an acknowledged record is lost"
    assert set(found) <= memory.records | memory.unsure, "a record that nobody wrote"
    assert found == sorted(found), "they are in the order of their numbers"
    memory.records, memory.unsure = set(found), set()
    for (kind, whose), kept in memory.values.items():
        value = value_of(line, kind, whose, kept)
        assert value in kept.possible, (kind, whose, value, kept.possible)
        kept.possible = [value]


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    store, errors = tmp_path / "store", tmp_path / "errors"
    memory, number, lost = Memory(), 0, 0
    for kill in range(KILLS):
        source = random.Random(kill)
        with served(store, errors) as running:
            line = Line(running.address, seed=kill)
            if kill:
                check(line, memory)
            else:
                settle(line, memory)
            changes = [change(source, number + n) for n in range(source.randrange(1, MOST_CHANGES))]
            number += len(changes)
            delay = source.random() * LONGEST_DELAY
            print(f"seed {kill}: {len(changes)} changes, then {delay:.4f} s")
            waiting = burst(line, memory, changes, delay)
            running.kill()
            # What it had sent when it died was acknowledged, too.
            drain(line, memory, waiting)
            lost += len(waiting)
            line.close()
    with served(store, errors) as running:
        line = Line(running.address, seed=KILLS)
        check(line, memory)
        line.close()
    assert memory.records
    assert lost, "no kill came in time: then this test shows nothing"
    assert errors.read_text() == ""
