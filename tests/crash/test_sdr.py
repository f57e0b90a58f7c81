"""``kill -9`` amid changes of the SDR repository: what was acknowledged is there, and no part of a record."""

from __future__ import annotations

import random
from pathlib import Path

from tests.crash.served import Line, served

KILLS = 4
STORAGE, SENSOR = 0x0A, 0x04
RESERVE, GET, ADD, PART, DELETE = 0x22, 0x23, 0x24, 0x25, 0x26
GET_THRESHOLD, SET_THRESHOLD = 0x27, 0x26
INLET = 1
PIECE = 16


def record(mark: int) -> bytes:
    """An OEM record of 60 bytes that no other is equal to."""
    return bytes((0, 0, 0x51, 0xC0, 55)) + bytes.fromhex("f21b00") + mark.to_bytes(4, "big") * 13


def listed(line: Line) -> dict[int, bytes]:
    """All records by their IDs, without the IDs in them."""
    found, following = {}, 0
    while following != 0xFFFF:
        answer = line.ask(STORAGE, GET, bytes(2) + following.to_bytes(2, "little") + b"\x00\xff")
        assert answer[0] == 0
        following = int.from_bytes(answer[1:3], "little")
        found[int.from_bytes(answer[3:5], "little")] = answer[5:]
    return found


def test_records_are_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Of each round: a record added whole, one in pieces, one of which the last piece never comes."""
    source, expected = random.Random(26), dict[int, bytes]()
    store, errors = tmp_path / "store", tmp_path / "errors"
    threshold = 0
    for turn in range(KILLS + 1):
        with served(store, errors) as bmc:
            line = Line(bmc.address, turn)
            if turn:
                assert listed(line) == expected
                assert line.ask(SENSOR, GET_THRESHOLD, bytes((INLET,)))[5] == threshold
            else:
                expected = listed(line)
            whole, pieces, torn = (record(3 * turn + n) for n in range(3))
            expected[int.from_bytes(line.ask(STORAGE, ADD, whole)[1:3], "little")] = whole[2:]
            reservation = line.ask(STORAGE, RESERVE)[1:]
            number = bytes(2)
            for offset in range(0, len(pieces), PIECE):
                last = bytes((offset, offset + PIECE >= len(pieces)))
                piece = pieces[offset : offset + PIECE]
                number = line.ask(STORAGE, PART, reservation + number + last + piece)[1:]
            expected[int.from_bytes(number, "little")] = pieces[2:]
            gone = source.choice(sorted(expected))
            reservation = line.ask(STORAGE, RESERVE)[1:]
            assert line.ask(STORAGE, DELETE, reservation + gone.to_bytes(2, "little"))[0] == 0
            del expected[gone]
            threshold = 100 + turn
            thresholds = bytes((INLET, 0x08, 0, 0, 0, threshold, 0, 0))
            assert line.ask(SENSOR, SET_THRESHOLD, thresholds) == b"\0"
            reservation = line.ask(STORAGE, RESERVE)[1:]
            assert line.ask(STORAGE, PART, reservation + bytes(4) + torn[:PIECE])[0] == 0
            bmc.kill()
            line.close()
