"""The mailbox: flags tell of what waits, and what waits is bounded (§22.1-22.8)."""

from __future__ import annotations

from baseboard.bmc.services.messaging import QUEUE_LENGTH, Messaging
from tests.bmc.services.homes import make_home

LAN, SYSTEM_INTERFACE = 1, 15
EVENT = bytes(range(16))


def test_a_new_bmc_logs_events_and_nothing_else() -> None:
    messaging = Messaging(make_home())
    assert messaging.enables == 0x08
    assert messaging.event_logging
    assert messaging.flags() == 0


def test_messages_come_out_in_order_and_raise_flag_0() -> None:
    messaging = Messaging(make_home())
    attention: list[bool] = []
    messaging.on_attention.append(lambda: attention.append(bool(messaging.flags())))
    assert messaging.put_message(LAN, 4, b"one")
    assert messaging.put_message(LAN, 2, b"two")
    assert messaging.flags() == 0x01
    assert messaging.take_message() == (LAN, 4, b"one")
    assert messaging.take_message() == (LAN, 2, b"two")
    assert messaging.take_message() is None
    assert messaging.flags() == 0
    assert attention == [True, True, True, False, False]


def test_the_queue_is_bounded_and_takes_from_enabled_channels_only() -> None:
    messaging = Messaging(make_home())
    assert not messaging.put_message(7, 0, b"from the ICMB")
    messaging.channels.add(7)
    assert messaging.put_message(7, 0, b"from the ICMB")
    taken = [messaging.put_message(LAN, 4, b"x") for _ in range(QUEUE_LENGTH)]
    assert taken == [True] * (QUEUE_LENGTH - 1) + [False]
    messaging.clear_flags(0x01)
    assert messaging.take_message() is None


def test_the_event_buffer_keeps_its_first_event_while_it_is_enabled() -> None:
    messaging = Messaging(make_home())
    messaging.put_event(EVENT)
    assert messaging.flags() == 0
    messaging.enables |= 0x04
    messaging.put_event(EVENT)
    messaging.put_event(bytes(16))
    assert messaging.flags() == 0x02
    messaging.enables &= ~0x04
    assert messaging.flags() == 0
    assert messaging.take_event() == EVENT
    assert messaging.take_event() is None


def test_what_is_enabled_is_told_as_it_changes() -> None:
    messaging = Messaging(make_home())
    told: list[bool] = []
    messaging.on_attention.append(lambda: told.append(messaging.interrupts))
    for enables in (0x09, 0x08, 0x0A, 0x0C):
        messaging.enables = enables
    assert told == [True, False, True, False]


def test_flags_are_cleared_one_by_one() -> None:
    messaging = Messaging(make_home())
    messaging.enables |= 0x04
    messaging.put_event(EVENT)
    messaging.watchdog_pretimeout()
    messaging.put_message(LAN, 4, b"x")
    assert messaging.flags() == 0x0B
    messaging.clear_flags(0x08)
    assert messaging.flags() == 0x03
    messaging.clear_flags(0x02)
    assert messaging.take_event() is None
    assert messaging.flags() == 0x01


def test_a_cold_reset_forgets_everything() -> None:
    messaging = Messaging(make_home())
    messaging.enables = 0x0F
    messaging.put_message(LAN, 4, b"x")
    messaging.put_event(EVENT)
    messaging.watchdog_pretimeout()
    messaging.reset()
    assert (messaging.flags(), messaging.enables) == (0, 0x08)
