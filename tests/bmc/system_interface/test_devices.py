"""A BMC behind a device of its chip: answers in time or not at all, attention, failures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.bmc.clock import Clock
from baseboard.bmc.system_interface.devices import MOST, PATIENCE_S, DeviceEndpoint
from baseboard.testing.clock import VirtualClock
from baseboard.transports.bmc_device import BmcDevice, ChipKind, Framed
from tests.bmc.fake_board import FakeBoard
from tests.bmc.harness import make_bmc
from tests.transports.device_files import DeviceFile
from tests.transports.wires import until

GET_DEVICE_ID = (0x06, 0x01)
CANNOT_PROVIDE, NODE_BUSY, CANNOT_RETURN = 0xCE, 0xC0, 0xCA


class FakeDevice:
    """A device that notes what it is told."""

    def __init__(
        self, path: str, kind: ChipKind, take: Callable[[Framed], None], came_back: Callable[[], None]
    ) -> None:
        self.path, self.kind, self.take, self.came_back = path, kind, take, came_back
        self.answers: list[tuple[int, bytes]] = []
        self.attentions: list[bool] = []
        self.closed = False

    def answer(self, request: Framed, answer: bytes) -> None:
        self.answers.append((request.seq, answer))

    def room(self) -> int:
        return 40

    def attention(self, wanted: bool) -> None:
        self.attentions.append(wanted)

    def close(self) -> None:
        self.closed = True


class Bench:
    def __init__(self, kind: ChipKind = "kcs") -> None:
        self.board, self.clock = FakeBoard(), VirtualClock()
        self.board.answers[GET_DEVICE_ID] = b"\0\x20"
        self.devices: list[FakeDevice] = []

        def opened(
            path: str, kind: ChipKind, take: Callable[[Framed], None], came_back: Callable[[], None]
        ) -> FakeDevice:
            self.devices.append(FakeDevice(path, kind, take, came_back))
            return self.devices[-1]

        self.endpoint = DeviceEndpoint("/dev/ipmi-kcs3", kind, self.board, self.clock, opened)  # type: ignore[arg-type]  # a BmcDevice as far as needed
        (self.device,) = self.devices

    def ask(self, seq: int = 0, netfn_lun: int = 0x19, cmd: int = 1, data: bytes = b"") -> None:
        self.device.take(Framed(seq, netfn_lun, cmd, data))


def test_a_request_is_the_boards_and_its_answer_the_devices() -> None:
    bench = Bench()
    bench.ask(data=b"\x07")
    assert bench.board.requests == [(0x06, 1, 1, b"\x07")]
    assert bench.device.answers == [(0, b"\0\x20")]
    assert (bench.endpoint.place, bench.endpoint.hint) == ("/dev/ipmi-kcs3", "")
    bench.clock.advance(60)
    assert len(bench.device.answers) == 1


def test_a_response_is_no_request() -> None:
    bench = Bench()
    bench.ask(netfn_lun=0x1C)
    assert (bench.board.requests, bench.device.answers) == ([], [(0, b"\xc1")])


@pytest.mark.parametrize("kind", ["kcs", "bt", "ssif"])
def test_what_takes_too_long_is_told_and_then_dropped(kind: ChipKind) -> None:
    bench = Bench(kind)
    bench.board.late = True
    bench.ask()
    bench.clock.advance(PATIENCE_S[kind] - 0.01)
    assert bench.device.answers == []
    bench.clock.advance(0.01)
    assert bench.device.answers == [(0, bytes((CANNOT_PROVIDE,)))]
    bench.board.waiting[0]()
    assert len(bench.device.answers) == 1


def test_a_new_request_takes_the_place_of_one_that_was_given_up() -> None:
    bench = Bench()
    bench.board.late = True
    bench.ask()
    bench.ask(cmd=2)
    first, second = bench.board.waiting
    first()
    assert bench.device.answers == []
    second()
    assert bench.device.answers == [(0, b"\xc1")]


def test_requests_of_bt_are_told_apart_by_their_numbers_and_bounded() -> None:
    bench = Bench("bt")
    bench.board.late = True
    for seq in range(MOST + 1):
        bench.ask(seq)
    assert bench.device.answers == [(MOST, bytes((NODE_BUSY,)))]
    bench.board.waiting[5]()
    bench.board.waiting[3]()
    assert bench.device.answers[1:] == [(5, b"\0\x20"), (3, b"\0\x20")]


def test_an_answer_that_does_not_fit_is_refused() -> None:
    bench = Bench()
    bench.board.answers[GET_DEVICE_ID] = bytes(41)
    bench.ask()
    assert bench.device.answers == [(0, bytes((CANNOT_RETURN,)))]


def test_attention_follows_the_flags_and_is_shown_again_to_a_device_that_came_back() -> None:
    bench = Bench()
    bench.board.raise_flags(1)
    bench.board.raise_flags(0)
    assert bench.device.attentions == [False, True, False]
    bench.board.late = True
    bench.ask()
    bench.board.raise_flags(2)
    bench.device.came_back()
    assert bench.device.attentions[3:] == [True, True]
    bench.board.waiting[0]()
    bench.clock.advance(60)
    assert bench.device.answers == [], "what was under way is so no more"


def test_closing_forgets_what_was_asked() -> None:
    bench = Bench()
    bench.board.late = True
    bench.ask()
    bench.endpoint.close()
    bench.clock.advance(60)
    assert (bench.device.answers, bench.device.closed) == ([], True)


@pytest.mark.parametrize("kind", ["kcs", "bt", "ssif"])
async def test_a_whole_bmc_behind_a_pseudo_device(kind: ChipKind) -> None:
    """The host's side of a chip asks a BMC who it is, and hears of a message that waits for it."""
    file, calls, bmc = DeviceFile(), [], make_bmc()

    def ioctl(fd: int, request: int, /) -> int:
        calls.append(request)
        return 0

    def opened(
        path: str, kind: ChipKind, take: Callable[[Framed], None], came_back: Callable[[], None]
    ) -> BmcDevice:
        return BmcDevice(path, kind, take, came_back, file.open, ioctl)

    clock: Clock = bmc.clock
    endpoint = DeviceEndpoint("/dev/pseudo", kind, bmc.controller, clock, opened)
    requests = {"kcs": b"\x18\x01", "bt": b"\x03\x18\x77\x01", "ssif": b"\x02\0\0\0\x18\x01"}
    heads = {"kcs": b"\x1c\x01\0", "bt": b"\x1c\x77\x01\0", "ssif": b"\0\0\0\x1c\x01\0"}
    for _ in range(3):
        file.give(requests[kind])
        heard: list[bytes | None] = []

        def came(heard: list[bytes | None] = heard) -> bool:
            heard.append(file.taken())
            return heard[-1] is not None

        await until(came)
        answer = heard[-1] or b""
        assert answer.startswith(heads[kind], 0 if kind == "kcs" else 1), answer.hex()
    calls.clear()
    bmc.services.messaging.put_message(0, 0, b"message")
    assert calls == {"kcs": [0xB100], "bt": [0xB100], "ssif": []}[kind]
    bmc.services.messaging.take_message()
    assert calls == {"kcs": [0xB100, 0xB101], "bt": [0xB100], "ssif": []}[kind]
    endpoint.close()
