"""The console's end of Serial Over LAN."""

from __future__ import annotations

import pytest

from baseboard.rmcp.sol import Characters
from baseboard.rmcp.sol_console import KEEP_ALIVE, ConsoleNotice, SolConsole
from baseboard.rmcp.sol_packet import NACK, Operation, SolPacket, Status


def console(**options: object) -> SolConsole:
    return SolConsole(259, 0.0, **{"handshake": False, "keep_alive": None, **options})  # type: ignore[arg-type]  # by name


def sent(machine: SolConsole) -> list[SolPacket]:
    return [SolPacket.decode(data) for data in machine.outgoing()]


def acknowledge(machine: SolConsole, number: int, accepted: int, now: float = 0.0) -> None:
    machine.receive(SolPacket(acknowledged=number, accepted=accepted).encode(), now)


def test_15_9_characters_go_out_under_number_one() -> None:
    machine = console()
    machine.write(b"ls\r", 0.0)
    assert sent(machine) == [SolPacket(sequence=1, data=b"ls\r")]
    assert not machine.outgoing()


def test_24_1_the_handshake_begins_with_an_empty_packet_that_asserts_the_lines() -> None:
    assert sent(console(handshake=True)) == [SolPacket(sequence=1, flags=0)]
    assert not sent(console())


def test_15_9_break_stands_before_the_characters_that_follow_it() -> None:
    machine = console()
    machine.write(b"a", 0.0)
    machine.send_break(0.0)
    machine.write(b"t", 0.0)
    acknowledge(machine, 1, 1)
    assert [(packet.flags, packet.data) for packet in sent(machine)] == [(0, b"a"), (Operation.BREAK, b"t")]


def test_15_9_ring_is_repeated_until_it_is_acknowledged() -> None:
    machine = console(interval=0.5)
    machine.ring(0.0)
    machine.expire(0.5)
    acknowledge(machine, 1, 0, 0.6)
    machine.expire(2.0)
    assert [packet.flags for packet in sent(machine)] == [Operation.RING, Operation.RING]


def test_15_9_flush_inbound_drops_what_was_typed_too() -> None:
    machine = console()
    machine.write(b"a", 0.0)
    machine.write(b"b", 0.0)
    machine.flush(0.0, inbound=True)
    machine.write(b"c", 0.0)
    acknowledge(machine, 1, 1)
    packets = [(packet.flags, packet.data) for packet in sent(machine)]
    assert packets == [(0, b"a"), (Operation.FLUSH_INBOUND, b"c")]


def test_15_9_flush_outbound_leaves_what_was_typed() -> None:
    machine = console()
    machine.write(b"a", 0.0)
    machine.write(b"b", 0.0)
    machine.flush(0.0, outbound=True)
    acknowledge(machine, 1, 1)
    acknowledge(machine, 2, 1)
    packets = [(packet.flags, packet.data) for packet in sent(machine)]
    assert packets == [(0, b"a"), (0, b"b"), (Operation.FLUSH_OUTBOUND, b"")]


def test_15_9_the_lines_are_levels_said_in_every_packet() -> None:
    machine = console()
    machine.set_lines(0.0, cts=False, carrier=True)
    acknowledge(machine, 1, 0)
    machine.receive(SolPacket(sequence=1, data=b"x").encode(), 0.0)
    machine.set_lines(0.0, cts=False, carrier=True)
    machine.set_lines(0.0, cts=True, carrier=False)
    acknowledge(machine, 2, 0)
    machine.set_lines(0.0, cts=True, carrier=True)
    flags = [packet.flags for packet in sent(machine)]
    assert flags == [Operation.PAUSE, Operation.PAUSE, Operation.DROP_CARRIER, 0]


def test_15_9_statuses_are_told_once_for_each_packet() -> None:
    machine = console()
    packet = SolPacket(sequence=1, flags=Status.OVERRUN | Status.BREAK, data=b"x").encode()
    machine.receive(packet, 0.0)
    machine.receive(packet, 0.1)
    first, second, characters = machine.events()
    assert (first, second) == (ConsoleNotice.OVERRUN, ConsoleNotice.BREAK)
    assert isinstance(characters, Characters)
    machine.receive(SolPacket(flags=Status.BREAK).encode(), 0.2)
    assert machine.events() == [ConsoleNotice.BREAK]


def test_15_9_availability_is_a_level_too() -> None:
    machine = console()
    machine.receive(SolPacket(flags=Status.UNAVAILABLE).encode(), 0.0)
    machine.receive(SolPacket(sequence=1, flags=Status.UNAVAILABLE).encode(), 0.0)
    assert machine.events() == [ConsoleNotice.UNAVAILABLE]
    machine.receive(SolPacket(sequence=2).encode(), 0.0)
    assert machine.events() == [ConsoleNotice.AVAILABLE]


def test_15_11_a_refusal_holds_the_characters_back() -> None:
    machine = console()
    machine.write(b"a", 0.0)
    refusal = SolPacket(acknowledged=1, flags=NACK | Status.UNAVAILABLE)
    machine.receive(refusal.encode(), 0.0)
    assert len(machine.outgoing()) == 1
    acknowledge(machine, 1, 0, 3.0)
    assert sent(machine) == [SolPacket(sequence=1, data=b"a")]


def test_15_9_after_deactivation_nothing_is_sent_or_told() -> None:
    machine = console(keep_alive=10.0)
    machine.write(b"a", 0.0)
    machine.outgoing()
    machine.receive(SolPacket(flags=Status.DEACTIVATED).encode(), 0.1)
    assert machine.events() == [ConsoleNotice.DEACTIVATED]
    assert machine.closed
    machine.receive(SolPacket(sequence=1, flags=Status.DEACTIVATED, data=b"x").encode(), 0.2)
    machine.write(b"b", 0.3)
    machine.expire(99.0)
    assert not machine.outgoing()
    assert not machine.events()
    assert machine.deadline() is None


def test_3_5_the_keep_alive_is_an_empty_packet_and_every_word_puts_it_off() -> None:
    """Q-SOLKEEP."""
    machine = console(keep_alive=KEEP_ALIVE)
    assert machine.deadline() == KEEP_ALIVE
    machine.write(b"a", 10.0)
    acknowledge(machine, 1, 1, 10.1)
    machine.outgoing()
    assert machine.deadline() == 10.0 + KEEP_ALIVE
    machine.expire(39.0)
    assert not machine.outgoing()
    machine.expire(40.0)
    assert sent(machine) == [SolPacket(sequence=2)]


def test_retries_that_nobody_acknowledges_are_told() -> None:
    machine = console(retries=1, interval=0.5)
    machine.write(b"a", 0.0)
    machine.expire(0.5)
    machine.expire(1.0)
    assert machine.events() == [ConsoleNotice.UNACKNOWLEDGED]
    machine.write(b"b", 1.0)
    assert [packet.sequence for packet in sent(machine)] == [1, 1, 2]


def test_a_console_may_have_a_capacity() -> None:
    machine = console(capacity=2)
    machine.receive(SolPacket(sequence=1, data=b"abc").encode(), 0.0)
    assert sent(machine) == [SolPacket(acknowledged=1, accepted=2, flags=NACK)]
    machine.receive(SolPacket(sequence=2, data=b"c").encode(), 0.0)
    assert sent(machine) == [SolPacket(acknowledged=2, accepted=0, flags=NACK)]
    machine.consumed(2, 1.0)
    assert sent(machine) == [SolPacket(acknowledged=2, accepted=0)]
    assert machine.deadline() is not None
    machine.expire(1.5)
    assert sent(machine) == [SolPacket(acknowledged=2, accepted=0)]


@pytest.mark.parametrize("accepted", [0, 3])
def test_what_was_not_accepted_is_sent_again(accepted: int) -> None:
    """Q-SOLMTU."""
    machine = console()
    machine.write(b"hello", 0.0)
    machine.outgoing()
    machine.receive(SolPacket(acknowledged=1, accepted=accepted).encode(), 0.1)
    (again,) = sent(machine)
    assert again.data == b"hello"[accepted:]
