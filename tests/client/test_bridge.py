"""The way to a controller behind the BMC, and the Receive Message Queue of a system interface."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.client.bridge import ask_through_queue, hops
from baseboard.client.interface import BMC, Target
from baseboard.errors import EncodeError, NoResponse
from baseboard.rmcp import lan_message
from baseboard.rmcp.bridging import Hop
from tests.client.lan_bench import on_virtual_time

SATELLITE = Target(address=0x24, channel=0)
MODULE = Target(address=0x72, channel=7, transit_address=0x82, transit_channel=0)


@pytest.mark.parametrize(
    ("target", "way"),
    [
        (BMC, ()),
        (Target(lun=1), ()),
        (Target(address=0x20, transit_address=0x82), ()),
        (SATELLITE, (Hop(0, 0x24),)),
        (MODULE, (Hop(0, 0x82), Hop(7, 0x72))),
        (Target(address=0x72, channel=7, transit_address=0x20), (Hop(7, 0x72),)),
    ],
)
def test_the_way_to_a_target(target: Target, way: tuple[Hop, ...]) -> None:
    assert hops(target) == way


class Queue:
    """A BMC with a bus and a Receive Message Queue.

    Attributes:
        sent: the frames of Send Message, channel byte first.
        queue: what Get Message gives next: None = empty for now.
    """

    def __init__(self, *answers: Callable[[bytes], bytes | None], refusal: bytes = b"\0") -> None:
        self.sent: list[bytes] = []
        self.answers, self.refusal = list(answers), refusal

    async def ask(self, netfn: int, cmd: int, data: bytes) -> bytes:
        assert netfn == 6
        if cmd == 0x34:
            self.sent.append(data)
            return self.refusal
        assert (cmd, data) == (0x33, b"")
        made = self.answers.pop(0)(self.sent[0][1:]) if self.answers else None
        return b"\x80" if made is None else made


def answer(data: bytes, cmd: int = 0, shift: int = 0) -> Callable[[bytes], bytes]:
    """Make what Get Message gives for the response to a frame: its leading address is stripped (§22.6)."""

    def made(frame: bytes) -> bytes:
        request = lan_message.unwrap(frame)
        request.cmd = cmd or request.cmd
        request.rq_seq = (request.rq_seq + shift) % 64
        return b"\0\0" + lan_message.wrap_response(request, data)[1:]

    return made


def empty(frame: bytes) -> bytes | None:
    del frame
    return None


def ask(queue: Queue, target: Target = SATELLITE, timeout: float = 5.0) -> bytes:
    return on_virtual_time(ask_through_queue(queue.ask, 6, 1, b"", target, sequence=5, timeout=timeout))


def test_6_13_3_send_message_and_get_message() -> None:
    queue = Queue(empty, empty, answer(b"\0\x24\x01"))
    assert ask(queue) == b"\0\x24\x01"
    assert queue.sent == [bytes.fromhex("00 24 18 C4 20 16 01 C9")]


def test_what_else_is_in_the_queue_is_passed_over() -> None:
    queue = Queue(
        answer(b"\0", cmd=2),
        answer(b"\0", shift=1),
        lambda _: b"\0\0\x10\xd0",
        lambda frame: b"\0\0" + frame[1:],
        answer(b"\xc1"),
    )
    assert ask(queue) == b"\xc1"


def test_what_the_bmc_has_checked_need_not_be_right_again() -> None:
    """QUIRK ipmi_sim 2.0.33: the checksums of what is in its queue are wrong."""

    def wrong(frame: bytes) -> bytes:
        right = answer(b"\0\x24")(frame)
        return right[:3] + b"\xf6" + right[4:-1] + b"\x33"

    asking = ask_through_queue(Queue(wrong).ask, 6, 1, b"", SATELLITE, sequence=5, timeout=5.0, tolerate=True)
    assert on_virtual_time(asking) == b"\0\x24"
    with pytest.raises(NoResponse):
        ask(Queue(wrong), timeout=0.5)


def test_a_refusal_is_the_answer() -> None:
    assert ask(Queue(refusal=b"\x83")) == b"\x83"
    assert ask(Queue(lambda _: b"\xc1")) == b"\xc1"


def test_double_bridging_from_a_system_interface() -> None:
    """Q-MOONSHOT."""

    def from_module(frame: bytes) -> bytes:
        outer = lan_message.unwrap(frame)
        inner = lan_message.unwrap(outer.data[1:])
        assert (outer.rs_addr, outer.cmd, outer.data[0]) == (0x82, 0x34, 0x47)
        assert (inner.rs_addr, inner.rq_addr) == (0x72, 0x82)
        outer.cmd = inner.cmd
        return b"\0\0" + lan_message.wrap_response(outer, b"\0\x72")[1:]

    queue = Queue(answer(b"\0"), from_module)
    assert ask(queue, MODULE) == b"\0\x72"


def test_no_answer() -> None:
    with pytest.raises(NoResponse, match=r"06h/01h from 24h in 2.0 s"):
        ask(Queue(), timeout=2.0)


def test_the_bmc_itself_is_no_target_of_bridging() -> None:
    with pytest.raises(EncodeError):
        ask(Queue(), BMC)
