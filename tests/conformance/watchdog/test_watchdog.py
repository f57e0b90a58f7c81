"""The watchdog timer: settings, countdown, actions, events (§27)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.commands.app.watchdog import GetWatchdogTimer, ResetWatchdogTimer, SetWatchdogTimer
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.bench import APP, OPERATOR, VIEWER, bench
from tests.conformance.marks import exercises

RESET, SET, GET = 0x22, 0x24, 0x25
FRB2, POST, OS_LOAD, SMS_OS, OEM = range(1, 6)
NOTHING, HARD_RESET, DOWN, CYCLE = range(4)
NMI, MESSAGE = 0x20, 0x30
RUNNING, DONT_STOP, DONT_LOG = 0x40, 0x40, 0x80
WATCHDOG = SensorSpec(9, "Watchdog", 0x23, event_type=0x6F, states=0x10F)


def up() -> Bench:
    bmc = make_bmc(sensors=(WATCHDOG,))
    assert bmc.raw(0x00, 0x02, b"\1", origin=bmc.origin(1, 4)) == b"\0"
    bmc.backend.calls.clear()
    return bmc


def put(bmc: Bench, first: int, second: int, pretimeout: int = 0, flags: int = 0, tenths: int = 100) -> bytes:
    return bmc.raw(APP, SET, bytes((first, second, pretimeout, flags)) + tenths.to_bytes(2, "little"))


def get(bmc: Bench) -> bytes:
    answer = bmc.raw(APP, GET)
    assert len(answer) == 9
    return answer[1:]


def present(bmc: Bench) -> int:
    return int.from_bytes(get(bmc)[6:8], "little")


def events(bmc: Bench) -> list[bytes]:
    found: list[bytes] = []
    number = 0
    while len(bmc.services.sel) and number != 0xFFFF:
        record, number = bmc.services.sel.read(number)
        if record[10] == 0x23:
            found.append(record[11:16])
    return found


@exercises(SetWatchdogTimer, GetWatchdogTimer)
@pytest.mark.parametrize("use", [FRB2, POST, OS_LOAD, SMS_OS, OEM])
@pytest.mark.parametrize("action", [NOTHING, HARD_RESET, DOWN, CYCLE])
def test_27_6_what_is_set_reads_back(use: int, action: int) -> None:
    bmc = up()
    assert put(bmc, DONT_LOG | use, NMI | action, 30, 0, 1200) == b"\0"
    assert get(bmc) == bytes((DONT_LOG | use, NMI | action, 30, 0)) + bytes.fromhex("b0 04 b0 04")


@exercises(ResetWatchdogTimer, SetWatchdogTimer)
def test_27_5_a_timer_that_nobody_has_set_cannot_be_started() -> None:
    bmc = up()
    assert bmc.raw(APP, RESET) == b"\x80"
    put(bmc, SMS_OS, HARD_RESET)
    assert bmc.raw(APP, RESET) == b"\0"
    for restart in ("reset", "turn_off"):
        put(bmc, SMS_OS, NOTHING)
        getattr(bmc.backend.power, restart)()
        assert bmc.raw(APP, RESET) == b"\x80", f"nor after {restart}"
    put(bmc, SMS_OS, NOTHING)
    assert bmc.reopen().raw(APP, RESET) == b"\x80", "nor after a restart of the controller"


@exercises(ResetWatchdogTimer, GetWatchdogTimer)
def test_27_5_it_counts_from_the_initial_countdown_each_time() -> None:
    bmc = up()
    put(bmc, SMS_OS, HARD_RESET, tenths=100)
    assert not get(bmc)[0] & RUNNING
    bmc.advance(60)
    assert present(bmc) == 100, "set, but not started"
    bmc.raw(APP, RESET)
    for _ in range(5):
        bmc.advance(6)
        assert get(bmc)[0] & RUNNING
        assert present(bmc) == 40
        assert bmc.raw(APP, RESET) == b"\0"
        assert present(bmc) == 100
    assert "reset" not in bmc.backend.calls


@exercises(ResetWatchdogTimer)
@pytest.mark.parametrize(
    ("action", "calls"),
    [(NOTHING, []), (HARD_RESET, ["reset"]), (DOWN, ["turn_off"]), (CYCLE, ["turn_off", "turn_on"])],
)
def test_27_5_when_the_time_is_up_the_action_is_done_and_logged(action: int, calls: list[str]) -> None:
    bmc = up()
    put(bmc, OS_LOAD, action, tenths=50)
    bmc.raw(APP, RESET)
    bmc.advance(4.9)
    assert bmc.backend.calls == []
    bmc.advance(2)
    assert bmc.backend.calls == calls
    # sensor-specific: offset = action, byte 2 = no interrupt and the use
    assert events(bmc) == [bytes((9, 0x6F, 0xC0 | action, OS_LOAD, 0xFF))]
    assert get(bmc)[3] == 1 << OS_LOAD
    assert not get(bmc)[0] & RUNNING


@exercises(ResetWatchdogTimer)
def test_27_5_a_countdown_of_zero_is_an_emergency() -> None:
    bmc = up()
    put(bmc, SMS_OS, DOWN, tenths=0)
    bmc.raw(APP, RESET)
    bmc.advance(0)
    assert bmc.backend.calls == ["turn_off"]


@exercises(SetWatchdogTimer)
def test_27_6_setting_stops_the_timer_unless_it_shall_go_on() -> None:
    bmc = up()
    put(bmc, SMS_OS, HARD_RESET)
    bmc.raw(APP, RESET)
    assert put(bmc, DONT_STOP | SMS_OS, HARD_RESET, tenths=300) == b"\0"
    assert get(bmc)[0] & RUNNING
    assert present(bmc) == 300, "from the new countdown"
    assert put(bmc, SMS_OS, HARD_RESET) == b"\0"
    assert not get(bmc)[0] & RUNNING
    assert put(bmc, DONT_STOP | SMS_OS, HARD_RESET) == b"\0"
    assert not get(bmc)[0] & RUNNING, "one that stands is not started by it"


@exercises(SetWatchdogTimer, GetWatchdogTimer)
def test_27_6_expirations_are_remembered_until_they_are_cleared() -> None:
    bmc = up()
    for use in (FRB2, SMS_OS):
        put(bmc, use, NOTHING, tenths=10)
        bmc.raw(APP, RESET)
        bmc.advance(2)
    assert get(bmc)[3] == 1 << FRB2 | 1 << SMS_OS
    assert bmc.backend.power is not None
    bmc.backend.power.reset()
    assert get(bmc)[3] == 1 << FRB2 | 1 << SMS_OS, "over a reset of the system"
    put(bmc, SMS_OS, NOTHING, flags=1 << FRB2)
    assert get(bmc)[3] == 1 << SMS_OS


@exercises(SetWatchdogTimer)
def test_27_6_one_expiration_is_not_logged_if_so_told() -> None:
    bmc = up()
    put(bmc, DONT_LOG | SMS_OS, NOTHING, tenths=10)
    for logged in (0, 1):
        bmc.raw(APP, RESET)
        bmc.advance(2)
        assert len(events(bmc)) == logged
        assert not get(bmc)[0] & DONT_LOG


@exercises(SetWatchdogTimer, ResetWatchdogTimer)
@pytest.mark.parametrize("interrupt", [NMI, MESSAGE])
def test_27_4_the_pretimeout_comes_before_and_only_set_stops_what_follows(interrupt: int) -> None:
    bmc = up()
    put(bmc, SMS_OS, interrupt | HARD_RESET, pretimeout=3, tenths=100)
    bmc.raw(APP, RESET)
    bmc.advance(7.2)
    assert events(bmc) == [bytes((9, 0x6F, 0xC8, interrupt | SMS_OS, 0xFF))]
    if interrupt == NMI:
        assert bmc.backend.calls == ["diagnostic_interrupt"]
    assert bool(bmc.raw(APP, 0x31)[1] & 0x08) == (interrupt == MESSAGE)
    bmc.raw(APP, RESET)
    assert present(bmc) < 30, "the reset comes too late"
    put(bmc, SMS_OS, interrupt | HARD_RESET, pretimeout=3, tenths=100)
    assert not bmc.raw(APP, 0x31)[1] & 0x08, "setting clears the flag"
    bmc.advance(60)
    assert "reset" not in bmc.backend.calls


@pytest.mark.parametrize(
    ("first", "second", "pretimeout"),
    [
        (0, 1, 0),
        (6, 1, 0),
        (7, 1, 0),
        (4, 4, 0),
        (4, 7, 0),
        (4, 0x11, 0),
        (4, 0x41, 0),
        (4, NMI | 1, 10),
        (4, NMI, 11),
    ],
)
def test_27_6_what_is_not_supported_is_refused_and_changes_nothing(
    first: int, second: int, pretimeout: int
) -> None:
    bmc = up()
    put(bmc, SMS_OS, DOWN, tenths=77)
    before = get(bmc)
    assert put(bmc, first, second, pretimeout) == b"\xcc"
    assert get(bmc) == before


def test_27_6_linux_tests_its_nmi_with_a_pretimeout_of_99_seconds() -> None:
    bmc = up()
    assert put(bmc, SMS_OS, NMI, pretimeout=99, tenths=1000) == b"\0"
    bmc.raw(APP, RESET)
    bmc.advance(1.1)
    assert bmc.backend.calls == ["diagnostic_interrupt"]


@exercises(SetWatchdogTimer)
def test_27_3_what_ends_the_system_ends_the_timer() -> None:
    for ending in ("reset", "turn_off"):
        bmc = up()
        put(bmc, SMS_OS, CYCLE)
        bmc.raw(APP, RESET)
        getattr(bmc.backend.power, ending)()
        assert not get(bmc)[0] & RUNNING
        bmc.backend.calls.clear()
        bmc.advance(60)
        assert bmc.backend.calls == []


@pytest.mark.parametrize(
    ("cmd", "data", "level"), [(RESET, b"", 3), (SET, bytes.fromhex("04000000 6400"), 3), (GET, b"", 2)]
)
@pytest.mark.parametrize("version", [15, 20])
def test_g_1_levels(cmd: int, data: bytes, level: int, version: int) -> None:
    bmc = bench()
    for user, at, host in ((VIEWER, 2, 40), (OPERATOR, 3, 41)):
        address = (f"192.0.2.{host}", 5000)
        console = (
            bmc.in_v15(user, address=address, level=at)
            if version == 15
            else bmc.in_v20(user, address=address, level=at)
        )
        answer = console.ask(APP, cmd, data)
        assert answer is not None
        assert (answer[0] == 0xD4) == (at < level)
