"""The serial line: stages played at their times, scrollback, speed."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.backends.memory.line import (
    BURST,
    BYTES_PER_SECOND,
    CHOKED,
    HELD,
    SCROLLBACK,
    STAGES_KEPT,
    Script,
    SerialLine,
    wire_form,
)
from baseboard.bmc.ports import LineNotice, Outputs
from baseboard.testing.clock import VirtualClock


class Wire:
    """A line whose host is a recorder."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.on = True
        self.typed = b""
        self.breaks = 0
        self.output = b""
        self.rendered = 0
        self.rings = self.hang_ups = 0
        self.line = SerialLine(
            self.clock, lambda: self.on, self.take_key, self.take_break, self.take_ring, self.take_hang_up
        )

    def take_key(self, character: int) -> None:
        self.typed += bytes((character,))

    def take_break(self) -> None:
        self.breaks += 1

    def take_ring(self) -> None:
        self.rings += 1

    def take_hang_up(self) -> None:
        self.hang_ups += 1
        self.line.say("login: ")

    def watch(self) -> None:
        self.line.attach(self.take)

    def take(self, data: bytes) -> None:
        self.output += data

    def script(self, *items: tuple[float, str]) -> Callable[[], Script]:
        def render() -> Script:
            self.rendered += 1
            return items

        return render


def test_line_feeds_get_their_carriage_return() -> None:
    assert wire_form("a\nb\xe9\u2713") == b"a\r\nb\xe9?"


def test_a_watched_stage_is_printed_as_time_goes_by() -> None:
    wire = Wire()
    wire.watch()
    wire.line.play(10.0, wire.script((0.0, "a"), (0.5, "b"), (1.0, "c")))
    assert wire.output == b"a"
    wire.clock.advance(4.9)
    assert wire.output == b"a"
    wire.clock.advance(0.1)
    assert wire.output == b"ab"
    wire.clock.advance(5.0)
    assert wire.output == b"abc"
    assert wire.clock.next_due() is None
    assert wire.rendered == 1


def test_nobody_looks_and_nothing_is_rendered() -> None:
    wire = Wire()
    wire.line.play(10.0, wire.script((0.0, "a"), (0.5, "b"), (1.0, "c")))
    assert wire.clock.next_due() is None
    wire.clock.advance(6.0)
    assert wire.rendered == 0
    assert wire.line.scrollback() == b"ab"
    wire.clock.advance(6.0)
    assert wire.line.scrollback() == b"abc"


def test_who_comes_late_gets_the_rest_and_no_replay() -> None:
    wire = Wire()
    wire.line.play(10.0, wire.script((0.0, "a"), (0.5, "b"), (1.0, "c")))
    wire.clock.advance(6.0)
    wire.watch()
    assert wire.output == b""
    wire.clock.advance(6.0)
    assert wire.output == b"c"
    assert wire.line.scrollback() == b"abc"


def test_who_leaves_gets_nothing_more_but_it_is_kept() -> None:
    wire = Wire()
    wire.watch()
    wire.line.play(10.0, wire.script((0.0, "a"), (0.5, "b"), (1.0, "c")))
    wire.line.attach(None)
    assert wire.clock.next_due() is None
    wire.clock.advance(20.0)
    assert wire.output == b"a"
    assert wire.line.scrollback() == b"abc"


def test_a_new_stage_ends_the_one_before() -> None:
    for watched in (False, True):
        wire = Wire()
        if watched:
            wire.watch()
        wire.line.play(10.0, wire.script((0.0, "a"), (0.5, "b"), (1.0, "c")))
        wire.clock.advance(5.0)
        wire.line.play(10.0, wire.script((0.0, "x"), (0.5, "y")))
        wire.clock.advance(20.0)
        assert wire.line.scrollback() == b"abxy"


def test_a_stage_that_is_cut_prints_no_more() -> None:
    for watched in (False, True):
        wire = Wire()
        if watched:
            wire.watch()
        wire.line.play(10.0, wire.script((0.0, "a"), (0.5, "b")))
        wire.line.cut()
        wire.clock.advance(20.0)
        wire.line.cut()
        assert wire.line.scrollback() == b"a"


def test_what_is_said_comes_between() -> None:
    for watched in (False, True):
        wire = Wire()
        if watched:
            wire.watch()
        wire.line.play(10.0, wire.script((0.0, "a"), (0.5, "b"), (1.0, "c")))
        wire.clock.advance(6.0)
        wire.line.say("!")
        wire.clock.advance(6.0)
        assert wire.line.scrollback() == b"ab!c"


def test_the_scrollback_is_bounded_and_so_are_the_stages_that_wait_for_it() -> None:
    wire = Wire()
    wire.line.say("x" * 3 * SCROLLBACK)
    assert wire.line.scrollback() == b"x" * SCROLLBACK
    for n in range(3 * STAGES_KEPT):
        wire.line.play(1.0, wire.script((0.0, f"<{n}>")))
        wire.clock.advance(1.0)
    assert wire.line.scrollback().endswith(b"x<16><17><18><19><20><21><22><23>")


def test_much_output_takes_its_time() -> None:
    wire = Wire()
    wire.watch()
    wire.line.say("x" * 10 * BURST)
    assert len(wire.output) == BURST
    wire.clock.advance(5 * BURST / BYTES_PER_SECOND)
    assert 5 * BURST <= len(wire.output) <= 6 * BURST
    wire.clock.advance(10 * BURST / BYTES_PER_SECOND)
    assert wire.output == b"x" * 10 * BURST


def test_output_stays_in_order_when_more_comes_than_the_line_carries() -> None:
    wire = Wire()
    wire.watch()
    texts = [f"{n:06}" * 40 for n in range(30)]
    for text in texts:
        wire.line.say(text)
    wire.line.play(1.0, wire.script((0.0, "begin"), (0.1, "end")))
    wire.clock.advance(5.0)
    assert wire.output.decode() == "".join(texts) + "beginend"


def test_a_new_watcher_does_not_get_what_waited_for_the_old_one() -> None:
    wire = Wire()
    wire.watch()
    wire.line.say("x" * 3 * BURST)
    wire.output = b""
    wire.watch()
    wire.clock.advance(10.0)
    assert wire.output == b""


def test_typing_reaches_the_host() -> None:
    wire = Wire()
    assert wire.line.write(b"abc") == 3
    assert wire.typed == b"abc"


def test_typing_is_not_taken_while_the_host_is_off_or_prints_much() -> None:
    wire = Wire()
    wire.watch()
    wire.line.say("x" * (BURST + CHOKED + 1))
    assert wire.line.write(b"abc") == 0
    wire.clock.advance(1.0)
    assert wire.line.write(b"abc") == 3
    wire.on = False
    assert wire.line.write(b"d") == 0
    assert wire.typed == b"abc"


def test_typing_ends_with_the_key_that_switches_the_host_off() -> None:
    wire = Wire()

    def off(character: int) -> None:
        wire.on = character != ord("o")

    line = SerialLine(wire.clock, lambda: wire.on, off, wire.take_break)
    assert line.write(b"noxyz") == 2


def test_nothing_is_handed_over_before_the_typing_call_returns() -> None:
    """A BMC that is called back while it types would find its own hands full."""
    wire = Wire()
    wire.line = SerialLine(
        wire.clock, lambda: True, lambda key: wire.line.say(chr(key)), lambda: wire.line.say("!")
    )
    wire.watch()
    assert wire.line.write(b"abc") == 3
    wire.line.send_break()
    assert wire.output == b""
    wire.clock.advance(0.0)
    assert wire.output == b"abc!"
    wire.line.say("d")
    assert wire.output == b"abc!d"


def test_break_and_carrier_need_a_host_that_is_on() -> None:
    wire = Wire()
    assert wire.line.carrier()
    wire.line.send_break()
    assert wire.breaks == 1
    wire.on = False
    assert not wire.line.carrier()
    wire.line.send_break()
    assert wire.breaks == 1


def test_a_watcher_that_types_back_at_once_does_not_upset_the_order() -> None:
    wire = Wire()
    answered = False

    def take(data: bytes) -> None:
        nonlocal answered
        wire.output += data
        if not answered:
            answered = True
            wire.line.say("!")

    wire.line.play(1.0, wire.script((0.0, "a")))
    wire.line.play(1.0, wire.script((0.5, "b"), (1.0, "c")))
    wire.line.attach(take)
    wire.clock.advance(2.0)
    assert wire.output == b"b!c"
    assert wire.line.scrollback() == b"ab!c"


def test_26_5_a_slower_line_prints_slower() -> None:
    wire = Wire()
    wire.watch()
    wire.line.set_rate(9600)
    wire.line.say("x" * (BURST + 960))
    assert len(wire.output) == BURST
    wire.clock.advance(BURST / 960 - 0.01)  # at full speed it would be a twelfth of that
    assert len(wire.output) == BURST
    wire.clock.advance(0.01)
    assert len(wire.output) == BURST + 960


def test_15_6_a_host_that_is_held_by_cts_prints_nothing_until_it_may() -> None:
    wire = Wire()
    wire.watch()
    wire.line.set_lines(cts=False, carrier=True)
    wire.line.say("held")
    wire.clock.advance(60)
    assert wire.output == b""
    assert wire.clock.next_due() is None
    wire.line.set_lines(cts=True, carrier=True)
    assert wire.output == b""  # never before the call returns
    wire.clock.advance(0)
    assert wire.output == b"held"
    wire.line.set_lines(cts=False, carrier=True)
    wire.line.attach(None)
    wire.line.set_lines(cts=True, carrier=True)
    wire.watch()
    wire.line.say("more")
    assert wire.output == b"heldmore"


def test_what_waits_for_cts_has_a_bound() -> None:
    wire = Wire()
    wire.watch()
    wire.line.set_lines(cts=False, carrier=True)
    for number in range(10):
        wire.line.say(str(number) * 10_000)
    wire.line.set_lines(cts=True, carrier=True)
    wire.clock.advance(60)
    assert len(wire.output) == HELD
    assert wire.output.endswith(b"9" * 10_000)


def test_dropping_dcd_hangs_up_once_and_leaving_does_not() -> None:
    wire = Wire()
    wire.watch()
    wire.line.set_lines(cts=True, carrier=False)
    wire.line.set_lines(cts=True, carrier=True)
    assert wire.hang_ups == 0
    wire.line.set_lines(cts=True, carrier=False)
    assert (wire.hang_ups, wire.output) == (1, b"")
    wire.clock.advance(0)
    assert wire.output == b"login: "
    wire.line.set_lines(cts=True, carrier=True)
    wire.line.attach(None)
    wire.watch()
    wire.line.set_lines(cts=True, carrier=False)
    assert wire.hang_ups == 1


def test_ri_wakes_and_rts_and_dtr_follow_the_power() -> None:
    wire = Wire()
    heard: list[LineNotice] = []
    wire.line.power_changed(True)
    wire.line.watch(heard.append)
    assert wire.line.outputs() == Outputs(True, True)
    wire.on = False
    wire.line.power_changed(False)
    assert (wire.line.outputs(), heard) == (Outputs(False, False), [LineNotice.OUTPUTS])
    wire.line.ring()
    wire.line.drop_written()
    assert (wire.rings, wire.typed) == (1, b"")
    plain = SerialLine(wire.clock, lambda: True, wire.take_key, wire.take_break)
    plain.ring()
    plain.set_lines(cts=True, carrier=True)
    plain.set_lines(cts=True, carrier=False)
    assert (wire.rings, wire.hang_ups) == (1, 0)
