"""Events reach the log, the buffer and the listeners, as far as each is switched on (§29, §22.1)."""

from __future__ import annotations

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.events import DISABLED, Event, Events
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.sel import Sel
from tests.bmc.services.homes import FakeHome, make_home

# A voltage sensor, number 30h: upper critical going high, reading 57h over threshold 5Ah.
EVENT = Event(0x02, 0x30, 0x01, bytes.fromhex("59575a"))
STORED = "02 {time} 2000 04 02 30 01 59575a"


def make(home: FakeHome | None = None) -> tuple[FakeHome, Events, Sel, Messaging]:
    home = home or make_home()
    sel, messaging = Sel(home), Messaging(home)
    return home, Events(home, sel, messaging), sel, messaging


def test_an_event_is_logged_as_table_32_1_lays_it_out() -> None:
    home, events, sel, _ = make()
    events.publish(EVENT)
    time = int(home.clock.wall()).to_bytes(4, "little").hex()
    assert sel.read(0)[0] == bytes.fromhex("0100" + STORED.format(time=time).replace(" ", ""))


def test_a_deassertion_and_a_foreign_generator_show_in_their_bytes() -> None:
    _, events, sel, _ = make()
    events.receive(Event(0x07, 1, 0x6F, b"\x01\xff\xff", deassertion=True, generator_id=0x1081))
    entry = sel.read(0)[0]
    assert entry[7:9] == b"\x81\x10"
    assert entry[12] == 0xEF


def test_with_logging_off_the_event_only_goes_to_the_listeners() -> None:
    _, events, sel, messaging = make()
    heard: list[Event] = []
    events.listeners.append(heard.append)
    messaging.enables = 0
    events.publish(EVENT)
    assert (len(sel), heard) == (0, [EVENT])
    assert messaging.take_event() is None


def test_the_buffer_has_the_entry_as_it_was_logged() -> None:
    _, events, sel, messaging = make()
    messaging.enables = 0x0C
    events.publish(EVENT)
    events.publish(EVENT)
    assert messaging.take_event() == sel.read(1)[0]


def test_an_event_that_was_not_logged_has_the_id_ffffh_in_the_buffer() -> None:
    _, events, sel, messaging = make(make_home(sel_capacity=0))
    messaging.enables = 0x0C
    events.publish(EVENT)
    record = messaging.take_event()
    assert record is not None
    assert record[:2] == b"\xff\xff"
    assert sel.overflow


def test_the_bmcs_own_events_can_be_switched_off_and_others_still_arrive() -> None:
    home, events, sel, _ = make()
    rearmed: list[bool] = []
    events.on_receiver_set.append(lambda: rearmed.append(True))
    events.set_receiver(DISABLED, 0)
    events.publish(EVENT)
    assert (len(sel), rearmed) == (0, [True])
    events.receive(EVENT)
    assert len(sel) == 1
    assert make(home.again())[1].receiver == DISABLED


def test_a_controller_with_a_sensor_for_it_logs_that_the_log_was_cleared() -> None:
    sensor = SensorSpec(0x72, "SEL", 0x10, event_type=0x6F, states=0b100)
    home, _, sel, _ = make(make_home(sensors=(sensor,)))
    sel.clear()
    home.clock.advance(1)
    entry = sel.read(1)[0]
    assert entry[10:] == bytes.fromhex("10726f02ffff")


def test_a_controller_without_one_leaves_the_log_empty() -> None:
    home, _, sel, _ = make()
    sel.clear()
    home.clock.advance(1)
    assert len(sel) == 0


def test_what_came_over_the_system_interface_is_logged_in_any_case() -> None:
    _, events, sel, messaging = make()
    messaging.enables = 0
    events.receive(EVENT)
    assert len(sel) == 0
    events.receive(EVENT, from_system=True)
    assert len(sel) == 1


def test_a_message_is_repeated_if_it_is_the_last_one_again_within_five_seconds() -> None:
    home, events, _, _ = make()
    first, second = (0x01020304, 0x81, 5, b"data"), (0x01020304, 0x81, 6, b"data")
    assert [events.repeated(*first) for _ in range(3)] == [False, True, True]
    assert not events.repeated(*second)
    assert not events.repeated(*first)
    home.clock.advance(4.9)
    assert events.repeated(*first)
    home.clock.advance(5)
    assert not events.repeated(*first)
