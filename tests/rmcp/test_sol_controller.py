"""The BMC's end of Serial Over LAN."""

from __future__ import annotations

import pytest

from baseboard.rmcp.sol import Characters
from baseboard.rmcp.sol_controller import ControllerNotice, SolController
from baseboard.rmcp.sol_packet import NACK, Operation, SolPacket, Status


def controller(**options: object) -> SolController:
    values = {"accumulate": 0.05, "threshold": 10, "retries": 2, "interval": 0.5, **options}
    return SolController(259, **values)  # type: ignore[arg-type]  # by name


def sent(machine: SolController) -> list[SolPacket]:
    return [SolPacket.decode(data) for data in machine.outgoing()]


def say(machine: SolController, now: float = 0.0, **fields: object) -> list[SolPacket]:
    machine.receive(SolPacket(**fields).encode(), now)  # type: ignore[arg-type]  # by name
    return sent(machine)


def characters(machine: SolController) -> bytes:
    return b"".join(event.data for event in machine.events() if isinstance(event, Characters))


def test_26_4_characters_are_gathered_until_the_interval_is_over() -> None:
    machine = controller()
    machine.write(b"a", 1.0)
    machine.write(b"b", 1.04)
    assert not machine.outgoing()
    assert machine.deadline() == pytest.approx(1.05)
    machine.expire(1.05)
    assert sent(machine) == [SolPacket(sequence=1, data=b"ab")]


def test_26_4_or_until_there_are_enough() -> None:
    machine = controller()
    machine.write(b"0123456789", 1.0)
    assert sent(machine) == [SolPacket(sequence=1, data=b"0123456789")]


def test_26_4_a_threshold_beyond_the_packet_is_the_packet() -> None:
    machine = SolController(4 + 8, accumulate=9.0, threshold=255, retries=0, interval=0.5)
    machine.write(b"01234567", 0.0)
    assert sent(machine) == [SolPacket(sequence=1, data=b"01234567")]


def test_26_4_a_threshold_of_zero_is_one() -> None:
    machine = controller(threshold=0)
    assert not machine.outgoing()
    machine.write(b"a", 0.0)
    assert sent(machine) == [SolPacket(sequence=1, data=b"a")]


def test_26_4_while_a_packet_is_under_way_characters_gather() -> None:
    machine = controller(threshold=1)
    machine.write(b"a", 0.0)
    for number in range(9):
        machine.write(b"b", number / 100)
    assert machine.deadline() == 0.5
    assert len(sent(machine)) == 1
    assert say(machine, 0.2, acknowledged=1, accepted=1) == [SolPacket(sequence=2, data=b"b" * 9)]


def test_26_4_the_interval_starts_anew_with_the_next_first_character() -> None:
    machine = controller()
    machine.write(b"a", 0.0)
    machine.expire(0.05)
    say(machine, 0.06, acknowledged=1, accepted=1)
    machine.write(b"b", 5.0)
    assert not machine.outgoing()
    assert machine.deadline() == pytest.approx(5.05)


def test_what_is_left_of_a_long_piece_does_not_wait_again() -> None:
    machine = controller()
    machine.write(bytes(256), 0.0)
    sent(machine)
    assert say(machine, 0.1, acknowledged=1, accepted=255) == [SolPacket(sequence=2, data=b"\0")]


def test_15_9_lost_characters_are_told_in_the_next_packet() -> None:
    machine = controller(limit=12)
    machine.write(b"0123456789", 0.0)
    machine.write(b"0123456789", 0.0)
    machine.write(b"0123456789", 0.0)
    assert machine.room == 0
    sent(machine)
    (packet,) = say(machine, 0.1, acknowledged=1, accepted=10)
    assert (packet.flags, packet.data) == (Status.OVERRUN, b"012345678901")
    assert machine.room == 12


def test_15_11_so_are_characters_that_were_never_acknowledged() -> None:
    machine = controller(threshold=1)
    machine.write(b"a", 0.0)
    for now in (0.5, 1.0, 1.5):
        machine.expire(now)
    assert [packet.sequence for packet in sent(machine)] == [1, 1, 1]
    machine.write(b"b", 2.0)
    assert sent(machine) == [SolPacket(sequence=2, flags=Status.OVERRUN, data=b"b")]


def test_15_9_a_break_goes_at_once_and_keeps_its_place() -> None:
    machine = controller()
    machine.write(b"a", 0.0)
    machine.break_seen(0.0)
    assert sent(machine) == [SolPacket(sequence=1, data=b"a")]
    (packet,) = say(machine, 0.1, acknowledged=1, accepted=1)
    assert (packet.flags, packet.data) == (Status.BREAK, b"")


def test_15_9_operations_of_a_packet_come_before_its_characters_and_once() -> None:
    machine = controller()
    flags = Operation.BREAK | Operation.RING | Operation.FLUSH_INBOUND
    for now in (0.0, 0.1):
        assert len(say(machine, now, sequence=1, flags=flags, data=b"x")) == 1
    *asked, typed = machine.events()
    assert asked == [ControllerNotice.FLUSH_INBOUND, ControllerNotice.RING, ControllerNotice.BREAK]
    assert isinstance(typed, Characters)


def test_15_9_a_packet_without_number_flushes_but_does_not_break() -> None:
    machine = controller(threshold=1)
    machine.write(b"a", 0.0)
    machine.write(b"b", 0.0)
    say(machine, 0.0, flags=Operation.FLUSH_OUTBOUND | Operation.BREAK)
    assert machine.events() == [ControllerNotice.FLUSH_OUTBOUND]
    assert machine.deadline() is None
    machine.write(b"c", 0.1)
    assert sent(machine) == [SolPacket(sequence=2, data=b"c")]


def test_15_9_flush_inbound_makes_room() -> None:
    machine = controller(capacity=3)
    say(machine, sequence=1, data=b"abc")
    (refusal,) = say(machine, sequence=2, data=b"d")
    assert refusal.flags & NACK
    assert characters(machine) == b"abc"
    (accepted,) = say(machine, sequence=3, flags=Operation.FLUSH_INBOUND, data=b"e")
    assert (accepted.acknowledged, accepted.accepted, accepted.flags) == (3, 1, 0)


def test_24_1_the_lines_are_up_without_and_down_with_the_handshake() -> None:
    assert (controller().cts, controller().carrier) == (True, True)
    machine = controller(handshake=True)
    assert (machine.cts, machine.carrier) == (False, False)
    say(machine, sequence=1)
    assert machine.events() == [ControllerNotice.LINES]
    assert (machine.cts, machine.carrier) == (True, True)


def test_24_1_the_handshake_is_released_for_a_console_that_said_nothing() -> None:
    machine = controller(handshake=True)
    machine.release()
    assert machine.events() == [ControllerNotice.LINES]
    assert (machine.cts, machine.carrier) == (True, True)
    spoken = controller(handshake=True)
    say(spoken, flags=Operation.PAUSE)
    spoken.events()
    for other in (machine, spoken, controller()):
        other.release()
        assert not other.events()
    assert not spoken.cts


def test_15_9_the_lines_follow_every_packet() -> None:
    machine = controller()
    for flags, cts, carrier in (
        (Operation.PAUSE, False, True),
        (Operation.DROP_CARRIER, True, False),
        (0, True, True),
    ):
        say(machine, flags=flags)
        assert machine.events() == [ControllerNotice.LINES]
        assert (machine.cts, machine.carrier) == (cts, carrier)
    say(machine, flags=0)
    assert not machine.events()


def test_15_9_an_unavailable_system_refuses_characters_and_says_so() -> None:
    machine = controller()
    machine.set_available(False, 0.0)
    machine.set_available(False, 0.0)
    assert sent(machine) == [SolPacket(flags=Status.UNAVAILABLE)]
    (refusal,) = say(machine, 0.1, sequence=1, data=b"a")
    assert refusal == SolPacket(acknowledged=1, flags=NACK | Status.UNAVAILABLE)
    machine.set_available(True, 1.0)
    assert sent(machine) == [SolPacket(acknowledged=1)]
    assert say(machine, 1.1, sequence=1, data=b"a") == [SolPacket(acknowledged=1, accepted=1)]
    assert characters(machine) == b"a"


def test_availability_is_told_alone_when_nothing_was_refused() -> None:
    machine = controller()
    machine.set_available(False, 0.0)
    machine.set_available(True, 1.0)
    assert sent(machine) == [SolPacket(flags=Status.UNAVAILABLE), SolPacket()]


def test_15_9_deactivation_is_told_and_told_again() -> None:
    machine = controller(threshold=1)
    machine.write(b"a", 0.0)
    sent(machine)
    machine.deactivate(1.0)
    machine.deactivate(1.0)
    assert sent(machine) == [SolPacket(flags=Status.DEACTIVATED)]
    assert machine.deadline() is None
    machine.write(b"b", 1.0)
    machine.set_available(False, 1.0)
    assert say(machine, 2.0, acknowledged=1) == []
    assert say(machine, 2.0, sequence=5, data=b"x") == [
        SolPacket(acknowledged=5, flags=NACK | Status.DEACTIVATED)
    ]
    assert not machine.events()


def test_15_9_in_test_mode_rts_and_dtr_are_said_in_every_packet_and_when_they_change() -> None:
    machine = controller(threshold=1)
    machine.set_outputs(0.0, rts=True, dtr=False)
    assert sent(machine) == [SolPacket(flags=Status.RTS)]
    machine.set_outputs(0.0, rts=True, dtr=False)
    assert sent(machine) == []
    machine.write(b"a", 0.0)
    assert sent(machine) == [SolPacket(sequence=1, flags=Status.RTS, data=b"a")]
    machine.set_available(False, 0.0)
    assert sent(machine) == [SolPacket(flags=Status.RTS | Status.UNAVAILABLE)]
    machine.set_outputs(0.0, rts=False, dtr=True)
    assert sent(machine) == [SolPacket(flags=Status.DTR | Status.UNAVAILABLE)]
    machine.set_available(True, 0.0)
    assert sent(machine) == [SolPacket(flags=Status.DTR)]
    machine.deactivate(0.0)
    machine.outgoing()
    machine.set_outputs(0.0, rts=False, dtr=False)
    assert sent(machine) == []
