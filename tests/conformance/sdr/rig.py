"""Requests to the SDR repository, byte by byte, and records to put into it."""

from __future__ import annotations

from typing import Any

from baseboard.codes import NetFn
from tests.conformance.sensors.rig import BAY, INLET, Sensors, sensors

STORAGE = int(NetFn.STORAGE)
INFO, ALLOCATION, RESERVE, GET, ADD, PART, DELETE, CLEAR = range(0x20, 0x28)
GET_TIME, SET_TIME, ENTER, EXIT, AGENT = range(0x28, 0x2D)
OK = b"\0"
UPDATING, CANCELLED, ABSENT, LENGTH, INVALID = b"\xd0", b"\xc5", b"\xcb", b"\xc7", b"\xcc"


def oem(size: int = 20, fill: int = 0xAA) -> bytes:
    """An OEM record of so many bytes in all; its ID is to be ignored."""
    return bytes((0xEE, 0xEE, 0x51, 0xC0, size - 5)) + bytes((fill,)) * (size - 5)


class Repository:
    """The repository of a BMC with two sensors, through the system interface unless a console asks."""

    def __init__(self, bmc: Sensors) -> None:
        self.bmc = bmc

    def ask(self, cmd: int, data: str | bytes = b"") -> bytes:
        """Completion code and response data."""
        return self.bmc.raw(STORAGE, cmd, bytes.fromhex(data) if isinstance(data, str) else data)

    def reserve(self) -> bytes:
        """A reservation ID as it goes on the wire."""
        answer = self.ask(RESERVE)
        assert answer[0] == 0
        return answer[1:]

    def read(self, record_id: int, offset: int = 0, count: int = 0xFF, held: bytes = bytes(2)) -> bytes:
        """Completion code and response data of Get SDR."""
        return self.ask(GET, held + record_id.to_bytes(2, "little") + bytes((offset, count)))

    def listed(self) -> dict[int, bytes]:
        """All records by their IDs, in their order."""
        found, following = {}, 0
        while following != 0xFFFF:
            answer = self.read(following)
            if answer[0]:
                break
            following = int.from_bytes(answer[1:3], "little")
            found[int.from_bytes(answer[3:5], "little")] = answer[3:]
        return found

    def part(self, held: bytes, record_id: bytes, offset: int, data: bytes, *, last: int = 0) -> bytes:
        """Completion code and response data of Partial Add SDR."""
        return self.ask(PART, held + record_id + bytes((offset, last)) + data)

    def free(self) -> int:
        """Free bytes, as Get SDR Repository Info tells."""
        return int.from_bytes(self.ask(INFO)[4:6], "little")

    def times(self) -> tuple[int, int]:
        """Most recent addition and erase."""
        answer = self.ask(INFO)
        return int.from_bytes(answer[6:10], "little"), int.from_bytes(answer[10:14], "little")

    def restarted(self) -> Repository:
        """The repository after a crash of its BMC."""
        return Repository(self.bmc.restarted())


def repository(**changes: Any) -> Repository:
    """Records 1 to 3: a temperature, a drive bay, the controller's locator."""
    return Repository(sensors(INLET, BAY, **changes))
