"""The IPMB: who gets what is written, when, and what a write can come to (IPMB v1.0)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.bus import BACKLOG_S, BYTE_S, Ipmb, Written
from baseboard.testing.clock import VirtualClock


class Listener:
    """Somebody at an address, who notes what came and when."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.heard: list[tuple[float, bytes]] = []

    def receive(self, frame: bytes) -> None:
        self.heard.append((self._clock.now(), frame))


def bus() -> tuple[Ipmb, VirtualClock, Listener, Listener]:
    clock = VirtualClock()
    made, first, second = Ipmb(clock), Listener(clock), Listener(clock)
    made.attach(0x20, first)
    made.attach(0x82, second)
    return made, clock, first, second


def test_a_frame_comes_to_its_address_when_it_has_crossed_the_bus() -> None:
    made, clock, first, second = bus()
    assert made.write(b"\x82 one") == Written.DONE
    assert not second.heard
    clock.advance(1)
    assert second.heard == [(5 * BYTE_S, b"\x82 one")]
    assert not first.heard


def test_the_direction_bit_is_no_part_of_the_address() -> None:
    made, clock, _, second = bus()
    assert made.write(b"\x83") == Written.DONE
    clock.advance(1)
    assert len(second.heard) == 1


def test_frames_wait_for_each_other() -> None:
    made, clock, _, second = bus()
    made.write(b"\x82a")
    made.write(b"\x82b")
    clock.advance(1)
    assert [when for when, _ in second.heard] == pytest.approx([2 * BYTE_S, 4 * BYTE_S])


def test_a_broadcast_comes_to_everybody() -> None:
    made, clock, first, second = bus()
    assert made.write(b"\x00\x82") == Written.DONE
    clock.advance(1)
    assert len(first.heard) == len(second.heard) == 1


def test_an_address_without_anybody_does_not_acknowledge() -> None:
    made, _, _, _ = bus()
    assert made.write(b"\x84") == Written.NAK
    made.detach(0x82)
    made.detach(0x82)
    assert made.write(b"\x82") == Written.NAK
    assert Ipmb(VirtualClock()).write(b"\x00") == Written.NAK


def test_a_bus_can_be_contended_or_stuck() -> None:
    made, _, _, _ = bus()
    made.contended = True
    assert made.write(b"\x82") == Written.LOST_ARBITRATION
    made.stuck = True
    assert made.write(b"\x82") == Written.BUS_ERROR


@pytest.mark.parametrize("address", [0x00, 0x0E, 0x21, 0xF0, 0x82])
def test_reserved_and_taken_addresses_are_nobodys(address: int) -> None:
    made, clock, _, _ = bus()
    with pytest.raises(ValueError, match="slave address"):
        made.attach(address, Listener(clock))


def test_codes_are_those_of_send_message() -> None:
    assert [int(code) for code in Written] == [0x00, 0x81, 0x82, 0x83]


def test_who_watches_hears_of_who_comes_and_goes_and_of_the_bus() -> None:
    made, clock, _, _ = bus()
    seen: list[tuple[Written, str]] = []
    made.watch(lambda: seen.append((made.state, made.addresses().hex())))
    made.attach(0x24, Listener(clock))
    made.detach(0x82)
    made.detach(0x82)
    made.contended = True
    made.stuck = True
    assert (made.contended, made.stuck) == (True, True)
    assert seen == [
        (Written.DONE, "202482"),
        (Written.DONE, "2024"),
        (Written.LOST_ARBITRATION, "2024"),
        (Written.BUS_ERROR, "2024"),
    ]


def test_a_bus_that_is_flooded_takes_no_more_until_it_has_carried_what_it_took() -> None:
    made, clock, _, second = bus()
    frame = b"\x82" + bytes(99)
    written = [made.write(frame) for _ in range(1000)]
    taken = written.count(Written.DONE)
    assert taken == int(BACKLOG_S / (100 * BYTE_S)) + 1
    assert set(written[taken:]) == {Written.LOST_ARBITRATION}
    clock.advance(2 * BACKLOG_S)
    assert len(second.heard) == taken
    assert made.write(frame) == Written.DONE
