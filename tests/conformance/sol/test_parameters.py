"""Table 26-5: each SOL parameter, its limits, that it is kept, and what it does."""

from __future__ import annotations

import pytest

from baseboard.commands.transport.sol import GetSolConfigurationParameters, SetSolConfigurationParameters
from baseboard.rmcp.sol_console import ConsoleNotice
from tests.bmc.consoles import OPERATOR, VIEWER, LanBench
from tests.conformance.marks import exercises
from tests.conformance.sol.bench import (
    ACTIVATE,
    APP,
    FREE,
    GET,
    SET,
    TRANSPORT,
    Doors,
    administrator,
    lined,
    told,
)

BOTH = exercises(SetSolConfigurationParameters, GetSolConfigurationParameters)


def change(bmc: LanBench, data: str) -> bytes:
    return bmc.raw(TRANSPORT, SET, bytes.fromhex(data))


def value(bmc: LanBench, selector: int) -> bytes:
    answer = bmc.raw(TRANSPORT, GET, bytes((1, selector, 0, 0)))
    assert answer[:2] == b"\0\x11"
    return answer[2:]


@BOTH
@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ("01 01 00", True),
        ("01 02 83", True),
        ("01 03 14 ff", True),
        ("01 04 03 0a", True),
        ("01 05 07", True),
        ("01 06 08", False),
    ],
)
def test_26_5_what_is_set_reads_back_and_what_is_non_volatile_is_kept(data: str, kept: bool) -> None:
    bmc, _ = lined()
    selector, wanted = int(data[3:5], 16), bytes.fromhex(data[6:])
    assert change(bmc, data) == b"\0"
    assert value(bmc, selector) == wanted
    again = bmc.reopen()
    back = again.raw(TRANSPORT, GET, bytes((1, selector, 0, 0)))[2:]
    assert (back == wanted) is kept


@BOTH
@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("01 00 03", 0xCC),
        ("01 02 01", 0xCC),
        ("01 02 06", 0xCC),
        ("01 03 00 01", 0xCC),
        ("01 05 0b", 0xC9),
        ("01 05 00", 0xC9),
        ("01 06 01", 0xC9),
        ("01 07 01", 0x82),
        ("01 08 00 00", 0xC9),
        ("01 09 00", 0x80),
        ("01 bf 00", 0x80),
        ("01 c0 00", 0x80),
        ("0f 01 01", 0xCC),
    ],
)
def test_26_2_what_cannot_be_set(data: str, code: int) -> None:
    bmc, _ = lined()
    assert change(bmc, data)[0] == code
    assert bmc.raw(TRANSPORT, GET, b"\x01\x01\0\0") == b"\0\x11\x01"


@exercises(GetSolConfigurationParameters)
def test_26_3_the_revision_alone_and_a_parameter_that_there_is_not() -> None:
    bmc, _ = lined()
    assert bmc.raw(TRANSPORT, GET, b"\x81\x03\0\0") == b"\0\x11"
    assert bmc.raw(TRANSPORT, GET, b"\x01\x09\0\0") == b"\x80"


@BOTH
def test_g_1_administrators_write_and_users_read() -> None:
    bmc, _ = lined()
    viewer, operator = bmc.login(VIEWER), bmc.login(OPERATOR)
    assert told(viewer, TRANSPORT, GET, "0e 01 00 00") == b"\0\x11\x01"
    assert told(operator, TRANSPORT, SET, "0e 01 00") == b"\xd4"
    assert told(administrator(bmc), TRANSPORT, SET, "0e 01 00") == b"\0"


@BOTH
def test_23_1_one_party_at_a_time_sets_parameters() -> None:
    bmc, _ = lined()
    assert change(bmc, "01 00 01") == b"\0"
    assert change(bmc, "01 00 01") == b"\x81"
    assert change(bmc, "01 00 00") == b"\0"
    assert value(bmc, 0) == b"\0"


@exercises(SetSolConfigurationParameters)
def test_26_5_1_switching_off_ends_every_instance_and_refuses_new_ones() -> None:
    bmc, _ = lined(2)
    one, two = administrator(bmc), administrator(bmc)
    one.activate_sol()
    two.activate_sol(instance=2)
    assert told(one, TRANSPORT, SET, "01 01 00") == b"\0"
    assert one.notices == two.notices == [ConsoleNotice.DEACTIVATED]
    assert told(one, APP, ACTIVATE, "01 01 c0 00 00 00") == b"\x81"


@exercises(SetSolConfigurationParameters)
@pytest.mark.parametrize(
    ("suite", "data", "auxiliary", "code"),
    [
        (3, "01 02 c2", "c0", 0x00),
        (3, "01 02 c2", "40", 0x84),
        (3, FREE, "00", 0x00),
        (2, "01 02 c2", "40", 0x00),  # forced as far as the suite can
        (2, FREE, "c0", 0x83),
        (1, FREE, "40", 0xCC),
        (3, "01 02 c5", "c0", 0xD4),  # OEM
    ],
)
def test_26_5_2_encryption_authentication_and_privilege(
    suite: int, data: str, auxiliary: str, code: int
) -> None:
    bmc, _ = lined()
    assert change(bmc, data) == b"\0"
    assert told(administrator(bmc, suite), APP, ACTIVATE, f"01 01 {auxiliary} 00 00 00")[0] == code


@exercises(SetSolConfigurationParameters)
def test_26_5_3_characters_wait_for_the_interval_or_the_threshold() -> None:
    bmc, (line,) = lined()
    assert change(bmc, "01 03 28 05") == b"\0"  # 200 ms, 5 characters
    console = administrator(bmc)
    console.activate_sol()
    line.say(b"four")
    bmc.advance(0.199)
    assert console.screen == b""
    bmc.advance(0.002)
    assert console.screen == b"four"
    line.say(b"-five")
    bmc.settle()
    assert console.screen == b"four-five"


@exercises(SetSolConfigurationParameters)
@pytest.mark.parametrize(("count", "interval"), [(0, 10), (2, 10), (7, 20)])
def test_26_5_4_a_packet_is_sent_again_so_often_and_so_far_apart(count: int, interval: int) -> None:
    bmc, (line,) = lined()
    assert change(bmc, f"01 04 {count:02x} {interval:02x}") == b"\0"
    console = administrator(bmc)
    console.activate_sol()
    sent = bmc.services.lan.statistics.sent
    console.unplugged = True
    line.say(b"lost")
    bmc.advance(0.011)
    times = 0
    for _ in range(count + 2):
        times += bmc.services.lan.statistics.sent - sent
        sent = bmc.services.lan.statistics.sent
        bmc.advance(interval * 0.01)
    assert times == 1 + count
    console.unplugged = False
    line.say(b"next")
    bmc.advance(5)
    assert console.screen == b"next"
    assert ConsoleNotice.OVERRUN in console.notices


@BOTH
def test_26_5_5_and_6_the_port_speaks_at_the_rate_that_is_set() -> None:
    bmc, (first, second) = lined(2)
    assert change(bmc, "01 05 06") == b"\0"
    console = administrator(bmc)
    console.activate_sol()
    assert first.rates[-1] == 9600
    assert told(console, TRANSPORT, SET, "01 06 0a") == b"\0"
    assert (first.rates[-1], second.rates[-1]) == (115200, 115200)
    assert (value(bmc, 5), value(bmc, 6)) == (b"\x06", b"\x0a")
    bmc.services.sol.deactivate()
    administrator(bmc).activate_sol()
    assert first.rates[-1] == 9600
    assert value(bmc, 6) == b"\x06"


def test_26_5_5_rate_0_is_that_of_the_serial_channel_if_there_is_one() -> None:
    bmc, (line,) = lined()
    assert change(bmc, "01 05 00") == b"\xc9"
    bmc.services.sol.parameters.serial_rate = lambda: 38400
    assert change(bmc, "01 05 00") == b"\0"
    administrator(bmc).activate_sol()
    assert line.rates[-1] == 38400


@BOTH
def test_26_5_8_sol_has_a_port_of_its_own_and_all_of_it_goes_there() -> None:
    bmc, (line,) = lined()
    doors = Doors(bmc)
    assert change(bmc, "01 08 bb 0a") == b"\0"  # 2747
    assert list(doors.open) == [2747]
    console = administrator(bmc)
    assert console.activate_sol().port == 2747
    line.say(b"by the door")
    bmc.advance(1)
    assert console.screen == b""
    (port, datagram, address) = doors.sent[-1]
    assert (port, address) == (2747, console.address)
    console.receive(datagram)
    assert console.screen == b"by the door"
    # What comes in by the door goes on as if it had come to the LAN port, and is answered by the door.
    before = len(doors.sent)
    console.console.request(APP, 0x01, b"", bmc.clock.now())
    for sent in console.take_outgoing():
        doors.open[2747](sent, console.address)
    bmc.clock.advance(0)
    assert len(doors.sent) == before + 1
    assert change(bmc, "01 08 6f 02") == b"\0"
    assert doors.open == {}
    assert value(bmc, 8) == b"\x6f\x02"


@BOTH
def test_26_5_8_a_port_that_cannot_be_had_is_refused_and_all_stays_as_it_was() -> None:
    bmc, _ = lined()
    doors = Doors(bmc, taken=(2748,))
    assert change(bmc, "01 08 bb 0a") == b"\0"
    assert change(bmc, "01 08 bc 0a") == b"\xc9"
    assert list(doors.open) == [2747]
    assert value(bmc, 8) == b"\xbb\x0a"
    bmc.services.sol.stop()
    assert doors.open == {}


@BOTH
def test_26_5_8_the_port_is_kept_and_opened_again_if_it_can_be_had(caplog: pytest.LogCaptureFixture) -> None:
    bmc, _ = lined()
    doors = Doors(bmc)
    assert change(bmc, "01 08 bb 0a") == b"\0"
    sol = bmc.services.sol
    sol.stop()
    assert doors.open == {}
    sol.start()
    assert list(doors.open) == [2747]
    sol.stop()
    doors.taken = (2747,)
    sol.start()
    assert "SOL stays at the LAN port" in caplog.text
    assert value(bmc, 8) == b"\xbb\x0a"
    assert administrator(bmc).activate_sol().port == 623
