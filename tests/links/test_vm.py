"""The VM serial protocol: frames, and the controller's end of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.vm import (
    ALL,
    CONTROL,
    ESCAPE,
    LONGEST,
    MESSAGE,
    MOST_WAITING,
    NEEDED,
    Ability,
    Announced,
    Asked,
    BmcEnd,
    Code,
    Deframer,
    Seen,
    Stage,
    Unit,
    WasReset,
    checksum,
    framed,
    framed_control,
    framed_message,
)
from tests.records.vectors import vector, vectors

GET_DEVICE_ID = b"\x18\x01"
GREETING = framed_control(Code.VERSION, 1) + framed_control(Code.CAPABILITIES, ALL)


def joined(abilities: int = ALL) -> BmcEnd:
    """A controller's end with a machine, of which all is known and shown."""
    end = BmcEnd()
    end.connected()
    end.receive(framed_control(Code.VERSION, 1) + framed_control(Code.CAPABILITIES, abilities))
    end.outgoing()
    end.events()
    return end


def request(seq: int, message: bytes = GET_DEVICE_ID) -> bytes:
    return framed_message(bytes((seq, *message)))


def asked(end: BmcEnd) -> list[Asked]:
    return [one for one in end.events() if isinstance(one, Asked)]


# ---- frames


@vectors("vm_serial", "get_", "escaped_")
def test_messages_as_they_travel(raw: bytes, decoded: dict[str, Any]) -> None:
    (unit,) = Deframer().feed(raw)
    assert unit.end == MESSAGE
    assert sum(unit.data) & 0xFF == 0
    assert framed_message(unit.data[:-1]) == raw
    assert decoded


@vectors("vm_serial", "cmd_")
def test_control_commands_as_they_travel(raw: bytes, decoded: dict[str, Any]) -> None:
    assert not decoded
    (unit,) = Deframer().feed(raw)
    assert unit.end == CONTROL
    assert framed_control(Code(unit.data[0]), *unit.data[1:]) == raw


def test_an_escaped_message_is_taken_without_its_escapes() -> None:
    raw, decoded = vector("vm_serial", "escaped_data")
    assert Deframer().feed(raw) == [Unit(MESSAGE, bytes.fromhex(decoded["unescaped"]))]


@given(st.binary(min_size=1, max_size=LONGEST), st.sampled_from([MESSAGE, CONTROL]), st.integers(1, 9))
def test_every_unit_arrives(data: bytes, end: int, piece: int) -> None:
    raw = framed(data, end)
    assert not {MESSAGE, CONTROL} & set(raw[:-1])
    deframer = Deframer()
    units = [unit for at in range(0, len(raw), piece) for unit in deframer.feed(raw[at : at + piece])]
    assert units == [Unit(end, data)]


@given(st.binary(max_size=600))
def test_any_bytes_leave_it_ready_for_the_next_unit(noise: bytes) -> None:
    deframer = Deframer()
    assert all(len(unit.data) <= LONGEST for unit in deframer.feed(noise))
    deframer.feed(bytes((MESSAGE,)))
    assert deframer.feed(b"\x01\xa1") == [Unit(CONTROL, b"\x01")]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\xa0\xa1\xa0", id="empty"),
        pytest.param(b"\x01\x02\xaa\xa0", id="ends behind an escape"),
        pytest.param(bytes(LONGEST + 1) + b"\xa0", id="overlong"),
        pytest.param(bytes(5000) + b"\xaa\xa1", id="far too long, and ends behind an escape"),
    ],
)
def test_what_is_no_unit_is_dropped(raw: bytes) -> None:
    deframer = Deframer()
    assert deframer.feed(raw) == []
    assert deframer.feed(b"\x05\xa1") == [Unit(CONTROL, b"\x05")]


def test_a_second_escape_keeps_the_first() -> None:
    assert Deframer().feed(b"\xaa\xaa\xb0\xa0") == [Unit(MESSAGE, bytes((MESSAGE,)))]
    assert framed(bytes((ESCAPE,)), CONTROL) == b"\xaa\xba\xa1"


# ---- the controller's end


def test_our_version_goes_first_and_how_things_are_follows_what_the_machine_can() -> None:
    end = BmcEnd()
    assert end.outgoing() == []
    end.show(flags=True, interrupts=True)
    end.connected()
    assert end.outgoing() == [framed_control(Code.VERSION, 1)]
    assert end.stage is Stage.GREETED
    end.receive(GREETING)
    assert end.outgoing() == [
        framed_control(Code.INTERRUPTS_ON),
        framed_control(Code.ATTENTION_INTERRUPT),
    ]
    assert (end.stage, end.abilities, end.spoken) == (Stage.JOINED, ALL, 1)
    assert end.events() == [Announced(ALL)]


def test_nothing_is_heard_while_nobody_is_connected() -> None:
    end = BmcEnd()
    end.receive(GREETING + request(1))
    assert (end.events(), end.outgoing(), end.stage) == ([], [], Stage.APART)
    assert end.deadline() is None
    end.expire(1e9)


ROWS: dict[Seen, bytes] = {
    Seen.VERSION: framed_control(Code.VERSION, 2),
    Seen.ABILITIES: framed_control(Code.CAPABILITIES, 0x13),
    Seen.RESET: framed_control(Code.RESET),
    Seen.REQUEST: request(7),
    Seen.NONSENSE: framed_control(Code.NMI),
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("seen", Seen)
def test_every_pair_of_stage_and_unit(stage: Stage, seen: Seen) -> None:
    end = BmcEnd()
    if stage is not Stage.APART:
        end.connected()
    if stage is Stage.JOINED:
        end.receive(framed_control(Code.CAPABILITIES, ALL))
        end.events()
    before = end.abilities
    end.receive(ROWS[seen])
    row = BmcEnd.TABLE.get((stage, seen))
    assert (row is None) == (stage is Stage.APART or seen is Seen.NONSENSE)
    assert end.stage is (stage if row is None else row.stage)
    events = end.events()
    heard = row is not None
    assert end.spoken == (2 if heard and seen is Seen.VERSION else None)
    assert end.abilities == (Ability(0x13) if heard and seen is Seen.ABILITIES else before)
    kinds = {Seen.ABILITIES: Announced, Seen.RESET: WasReset, Seen.REQUEST: Asked}
    assert [type(one) for one in events] == ([kinds[seen]] if heard and seen in kinds else [])


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(framed(b"\x01\x18\xe7", MESSAGE), id="too short"),
        pytest.param(framed(b"\x01\x18\x01\xe7", MESSAGE), id="wrong sum"),
        pytest.param(framed_message(b"\x01\x1c\x01\x00"), id="a response"),
        pytest.param(framed(b"\xff", CONTROL), id="a version without number"),
        pytest.param(framed(b"\x08\x3f\x00", CONTROL), id="too many abilities"),
        pytest.param(framed(b"\x04\x00", CONTROL), id="a reset with data"),
        pytest.param(framed(b"\x77", CONTROL), id="unknown"),
    ],
)
def test_what_makes_no_sense_is_dropped(raw: bytes) -> None:
    end = joined()
    end.receive(raw)
    assert (end.events(), end.outgoing(), end.spoken) == ([], [], 1)
    end.receive(request(3))
    assert len(asked(end)) == 1


def test_a_request_and_its_answer() -> None:
    raw, _ = vector("vm_serial", "get_device_id")
    answer, _ = vector("vm_serial", "get_device_id_rs")
    end = joined()
    end.receive(raw)
    (one,) = asked(end)
    assert (one.seq, one.netfn, one.lun, one.cmd, one.data) == (1, 6, 0, 1, b"")
    end.answer(one, answer[3:-2])
    assert end.outgoing() == [answer]
    end.answer(one, b"\xff")
    assert end.outgoing() == []


def test_the_lun_comes_back() -> None:
    end = joined()
    end.receive(request(9, b"\x1a\x01\x05"))
    (one,) = asked(end)
    assert (one.lun, one.data) == (2, b"\x05")
    end.answer(one, b"\xc1")
    assert end.outgoing() == [framed_message(b"\x09\x1e\x01\xc1")]


def test_equal_numbers_are_answered_in_the_order_they_came_in() -> None:
    end = joined()
    end.receive(request(5, b"\x18\x01") + request(5, b"\x18\x2f") + request(5, b"\x18\x31"))
    first, second, third = asked(end)
    end.answer(third, b"\x03")
    end.answer(second, b"\x02")
    assert end.outgoing() == []
    end.answer(first, b"\x01")
    assert end.outgoing() == [
        framed_message(b"\x05\x1c\x01\x01"),
        framed_message(b"\x05\x1c\x2f\x02"),
        framed_message(b"\x05\x1c\x31\x03"),
    ]


def test_another_number_does_not_wait_for_one_that_was_given_up() -> None:
    end = joined()
    end.receive(request(5) + request(6))
    first, second = asked(end)
    end.answer(second, b"\x00")
    assert end.outgoing() == [framed_message(b"\x06\x1c\x01\x00")]
    end.answer(first, b"\x00")
    assert end.outgoing() == [framed_message(b"\x05\x1c\x01\x00")]


def test_answers_of_a_connection_that_is_over_are_dropped() -> None:
    end = joined()
    end.receive(request(5))
    (old,) = asked(end)
    end.disconnected()
    end.answer(old, b"\x00")
    assert (end.outgoing(), end.abilities) == ([], Ability(0))
    end.connected()
    end.receive(GREETING + request(5))
    end.outgoing()
    (new,) = asked(end)
    end.answer(old, b"\x00")
    assert end.outgoing() == []
    end.answer(new, b"\xc0")
    assert end.outgoing() == [framed_message(b"\x05\x1c\x01\xc0")]


def test_half_a_unit_of_the_connection_before_is_forgotten() -> None:
    end = joined()
    end.receive(request(5)[:3])
    end.disconnected()
    end.connected()
    end.receive(request(6))
    assert [one.seq for one in asked(end)] == [6]


def test_requests_that_nobody_waits_for_are_dropped() -> None:
    end = joined()
    for seq in range(MOST_WAITING + 10):
        end.receive(request(seq))
    waiting = asked(end)
    assert [one.seq for one in waiting] == list(range(MOST_WAITING))
    end.answer(waiting[0], b"\x00")
    end.receive(request(99))
    assert [one.seq for one in asked(end)] == [99]


@pytest.mark.parametrize(("size", "fits"), [(251, True), (252, False)])
def test_an_answer_longer_than_qemu_has_room_for_is_told_so(size: int, fits: bool) -> None:
    end = joined()
    end.receive(request(1))
    (one,) = asked(end)
    end.answer(one, bytes(size))
    (raw,) = end.outgoing()
    (unit,) = Deframer().feed(raw)
    assert unit.data[:3] == b"\x01\x1c\x01"
    assert unit.data[3:-1] == (bytes(size) if fits else b"\xca")


# what is shown before, what is said, and what goes out
SHOWN = [
    ((False, False), (False, False), []),
    ((False, False), (True, False), [Code.ATTENTION]),
    ((False, False), (False, True), [Code.INTERRUPTS_ON]),
    ((False, False), (True, True), [Code.INTERRUPTS_ON, Code.ATTENTION_INTERRUPT]),
    ((True, False), (False, False), [Code.NO_ATTENTION]),
    ((True, False), (True, True), [Code.INTERRUPTS_ON, Code.NO_ATTENTION, Code.ATTENTION_INTERRUPT]),
    ((False, True), (True, True), [Code.ATTENTION_INTERRUPT]),
    ((False, True), (False, False), [Code.INTERRUPTS_OFF]),
    ((True, True), (False, True), [Code.NO_ATTENTION]),
    ((True, True), (True, False), [Code.INTERRUPTS_OFF, Code.NO_ATTENTION, Code.ATTENTION]),
    ((True, True), (True, True), []),
]


@pytest.mark.parametrize(("before", "after", "codes"), SHOWN)
def test_the_hardware_shows_how_things_are(
    before: tuple[bool, bool], after: tuple[bool, bool], codes: list[Code]
) -> None:
    end = joined()
    end.show(flags=before[0], interrupts=before[1])
    end.outgoing()
    end.show(flags=after[0], interrupts=after[1])
    assert end.outgoing() == [framed_control(code) for code in codes]


def test_interrupts_are_switched_before_the_answer_of_who_asked_for_them() -> None:
    end = joined()
    end.receive(request(1, b"\x18\x2e\x01"))
    (one,) = asked(end)
    end.show(flags=False, interrupts=True)
    end.answer(one, b"\x00")
    assert end.outgoing() == [framed_control(Code.INTERRUPTS_ON), framed_message(b"\x01\x1c\x2e\x00")]


@pytest.mark.parametrize("code", sorted(NEEDED))
def test_a_machine_is_told_what_it_can_do_and_nothing_else(code: Code) -> None:
    able, unable = joined(NEEDED[code]), joined(ALL & ~NEEDED[code])
    assert (able.can(code), unable.can(code)) == (True, False)
    assert able.order(code)
    assert able.outgoing() == [framed_control(code)]
    assert not unable.order(code)
    assert unable.outgoing() == []


def test_a_machine_without_attention_is_shown_none() -> None:
    end = joined(Ability.INTERRUPTS)
    end.show(flags=True, interrupts=True)
    assert end.outgoing() == [framed_control(Code.INTERRUPTS_ON)]


def test_one_of_which_nothing_is_known_is_told_nothing() -> None:
    end = BmcEnd()
    end.connected()
    end.outgoing()
    end.show(flags=True, interrupts=True)
    assert not end.order(Code.POWER_OFF)
    assert end.outgoing() == []


def test_the_sum_of_all_bytes_is_0() -> None:
    assert checksum(b"\x01\x18\x01") == 0xE6
    assert checksum(b"") == 0
