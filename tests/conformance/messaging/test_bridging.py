"""Messages from one channel to another: Send Message, tracking, the IPMB (§6.12, §6.13, §20.9, §22.7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.store import MemoryStore
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.app.messaging import SendMessage
from baseboard.rmcp import lan_message, v15
from baseboard.rmcp.lan_message import LanMessage
from baseboard.testing.clock import VirtualClock
from baseboard.testing.raw_console import CONSOLE, RawConsole, RawConsoleV20
from tests.bmc.bridges import FAR, SATELLITE
from tests.bmc.fakes import BLUEPRINT
from tests.conformance.bench import ADMIN, APP, CAST, EVERY_TYPE, OPERATOR, SUITES, VIEWER, WholeBmc
from tests.conformance.marks import exercises

SEND = 0x34
SENSOR, STORAGE = 0x04, 0x0A
VERSIONS = pytest.mark.parametrize("version", [15, 20])


def bench() -> WholeBmc:
    """A BMC with a satellite at 82h, and one behind that at 72h on its channel 7."""
    lan = LanSpec(suites=tuple((suite, 4) for suite in SUITES), auth_types=EVERY_TYPE)
    blueprint = replace(BLUEPRINT, users=CAST, lan=lan, satellites=(SATELLITE, FAR))
    return WholeBmc(blueprint, MemoryStore(), VirtualClock(now=1000.0))


def console(bmc: WholeBmc, version: int, user: object = OPERATOR) -> RawConsole:
    return bmc.in_v15(user, level=3) if version == 15 else bmc.in_v20(user, level=3)  # type: ignore[arg-type]  # a UserSpec


def frame(address: int, netfn: int = APP, cmd: int = 0x01, data: bytes = b"", **fields: int) -> bytes:
    return lan_message.wrap_request(netfn, cmd, data, 9, rs_addr=address, **{"rq_addr": 0x81, **fields})


def later(bmc: WholeBmc, asking: RawConsole) -> list[LanMessage]:
    """What comes to a console when time goes on."""
    bmc.advance(0.5)
    sent, bmc.sent = bmc.sent, []
    assert all(address == CONSOLE for _, address in sent)
    return [whole(asking, packet) for packet, _ in sent]


def whole(asking: RawConsole, packet: bytes) -> LanMessage:
    """The IPMI message in a packet of the BMC, verified."""
    asking.unwrap_response(packet)
    if isinstance(asking, RawConsoleV20):
        return lan_message.unwrap(asking.unwrap(packet)[2])
    return lan_message.unwrap(v15.unwrap(packet).message)


@VERSIONS
@exercises(SendMessage)
def test_6_13_a_bridged_request_is_answered_first_by_the_bmc_and_then_by_the_target(version: int) -> None:
    bmc = bench()
    asking = console(bmc, version)
    assert asking.ask(APP, SEND, b"\x40" + frame(0x82)) == b"\0"
    (answer,) = later(bmc, asking)
    assert (answer.netfn, answer.cmd, answer.rs_addr) == (APP | 1, 0x01, 0x20)
    assert answer.data[:2] == bytes((0, SATELLITE.device_id))


@VERSIONS
@exercises(SendMessage)
def test_6_13_both_answers_have_the_number_of_the_request(version: int) -> None:
    bmc = bench()
    asking = console(bmc, version)
    message = asking.message(APP, SEND, b"\x40" + frame(0x82))
    number = lan_message.unwrap(message).rq_seq
    first = asking.send(asking.packet(message))
    assert first is not None
    assert whole(asking, first).rq_seq == number
    (second,) = later(bmc, asking)
    assert second.rq_seq == number


@VERSIONS
@exercises(SendMessage)
def test_6_13_two_bridges_answer_one_after_the_other(version: int) -> None:
    bmc = bench()
    asking = console(bmc, version)
    middle = frame(0x82, cmd=SEND, data=b"\x47" + frame(0x72))
    assert asking.ask(APP, SEND, b"\x40" + middle) == b"\0"
    answers = [(one.cmd, one.data[:2]) for one in later(bmc, asking)]
    assert answers == [(SEND, b"\0"), (0x01, bytes((0, FAR.device_id)))]


@VERSIONS
@exercises(SendMessage)
def test_22_7_a_refusal_has_no_second_answer(version: int) -> None:
    bmc = bench()
    asking = console(bmc, version)
    assert asking.ask(APP, SEND, b"\x40" + frame(0x84)) == b"\x83"
    bmc.services.bridging.bus.contended = True
    assert asking.ask(APP, SEND, b"\x40" + frame(0x82)) == b"\x81"
    bmc.services.bridging.bus.contended, bmc.services.bridging.bus.stuck = False, True
    assert asking.ask(APP, SEND, b"\x40" + frame(0x82)) == b"\x82"
    assert later(bmc, asking) == []


@VERSIONS
@exercises(SendMessage)
def test_6_13_an_answer_after_five_seconds_reaches_nobody(version: int) -> None:
    bmc = bench()
    asking = console(bmc, version)
    silent = Silent()
    bmc.services.bridging.bus.attach(0x24, silent)
    assert asking.ask(APP, SEND, b"\x40" + frame(0x24)) == b"\0"
    bmc.advance(4.9)
    (asked,) = silent.heard
    assert (asked.rq_addr, asked.rq_lun) == (0x20, 0), "the BMC put in its own address and LUN"
    bmc.advance(0.2)
    bmc.services.bridging.bus.write(lan_message.wrap_response(asked, b"\0"))
    assert later(bmc, asking) == []


class Silent:
    """A controller that answers nothing."""

    def __init__(self) -> None:
        self.heard: list[LanMessage] = []

    def receive(self, received: bytes) -> None:
        if received[0]:  # not a broadcast
            self.heard.append(lan_message.unwrap(received))


@exercises(SendMessage)
def test_6_13_what_is_pending_is_bounded() -> None:
    bmc = bench()
    asking = console(bmc, 20)
    bmc.services.bridging.bus.attach(0x24, Silent())
    codes = [asking.ask(APP, SEND, b"\x40" + frame(0x24)) for _ in range(33)]
    assert codes[:4] == [b"\0"] * 4, "a BMC bears at least four"
    assert codes[-1] == b"\xc0"


@exercises(SendMessage)
def test_g_1_the_ipmb_wants_operator() -> None:
    bmc = bench()
    assert bmc.in_v20(VIEWER).ask(APP, SEND, b"\x40" + frame(0x82)) == b"\xd4"
    host = bmc.system(SEND, b"\x00" + frame(0x82, rq_addr=0x20, rq_lun=2))
    assert host == b"\0"


@exercises(SendMessage)
def test_6_13_the_host_gets_answers_by_get_message() -> None:
    bmc = bench()
    assert bmc.system(SEND, b"\x00" + frame(0x82, rq_addr=0x20, rq_lun=2)) == b"\0"
    assert bmc.system(0x33) == b"\x80"
    bmc.advance(0.5)
    queued = bmc.system(0x33)
    assert queued[:2] == b"\0\0"
    answer = lan_message.unwrap(b"\x20" + queued[2:])
    assert (answer.rq_seq, answer.rq_lun, answer.rs_addr) == (9, 2, 0x82)


@exercises(SendMessage, GetDeviceId)
def test_the_bmc_is_a_controller_on_its_bus_too() -> None:
    bmc = bench()
    asking = console(bmc, 20)
    assert asking.ask(APP, SEND, b"\x40" + frame(0x20)) == b"\0"
    (answer,) = later(bmc, asking)
    assert answer.data[:2] == bytes((0, 0x20))
    # Set User Name, which is an administrator's, does not become an operator's on that way
    assert asking.ask(APP, SEND, b"\x40" + frame(0x20, cmd=0x45, data=b"\x05evil" + bytes(12))) == b"\0"
    assert [one.data for one in later(bmc, asking)] == [b"\xd4"]


@exercises("Broadcast Get Device ID")
def test_20_9_only_the_controller_that_is_named_answers_a_broadcast() -> None:
    bmc = bench()
    bus = bmc.services.bridging.bus
    listener = Silent()
    bus.attach(0x24, listener)
    for address in (0x20, 0x82, 0x84):
        bus.write(b"\x00" + lan_message.wrap_request(APP, 0x01, b"", 9, rs_addr=address, rq_addr=0x24))
        bmc.advance(0.1)
    answers = [(one.rs_addr, one.data[:2]) for one in listener.heard if one.is_response]
    assert answers == [(0x20, b"\0\x20"), (0x82, b"\0\x34")]


@exercises("Broadcast Get Device ID")
def test_20_9_a_host_broadcasts_by_master_write_read() -> None:
    bmc = bench()
    for address, found in ((0x20, True), (0x82, True), (0x84, False)):
        asked = lan_message.wrap_request(APP, 0x01, b"", 9, rs_addr=address, rq_addr=0x20, rq_lun=2)
        assert bmc.system(0x52, b"\x00\x00\x00" + asked) == b"\0"
        bmc.advance(0.1)
        queued = bmc.system(0x33)
        assert (queued[0] == 0) == found
    assert bmc.system(0x52, b"\x00\x82\x00" + asked[1:]) == b"\x83", "messages are Send Message's"
    bus = bmc.services.bridging.bus
    bus.contended = True
    assert bmc.system(0x52, b"\x00\x00\x00" + asked) == b"\x81"


def test_29_3_an_event_of_a_satellite_is_logged_once_however_often_it_comes() -> None:
    bmc = bench()
    asking = console(bmc, 20)
    # Set Sensor Reading And Event Status: 72 degrees, beyond both upper thresholds
    raised = frame(0x82, SENSOR, 0x30, b"\x01\x01\x48")
    assert asking.ask(APP, SEND, b"\x40" + raised) == b"\0"
    bmc.advance(5)
    assert bmc.system(0x40, netfn=STORAGE)[2:4] == b"\x02\x00"
    event = bmc.system(0x43, bytes.fromhex("0000 0000 00 ff"), netfn=STORAGE)[3:]
    # generator 82h on channel 0; upper non-critical going high with reading and threshold
    assert event[7:] == bytes.fromhex("82 00 04 01 01 01 57 48 3c")
    repeated = lan_message.wrap_request(SENSOR, 0x02, bytes.fromhex("04010101570101"), 40, rq_addr=0x24)
    for _ in range(3):
        bmc.services.bridging.bus.write(repeated)
        bmc.advance(0.1)
    assert bmc.system(0x40, netfn=STORAGE)[2:4] == b"\x03\x00"


def test_6_13_a_session_that_ends_takes_its_pending_requests_with_it() -> None:
    bmc = bench()
    asking = bmc.in_v20(ADMIN, level=4)
    bmc.services.bridging.bus.attach(0x24, Silent())
    for _ in range(32):
        assert asking.ask(APP, SEND, b"\x40" + frame(0x24)) == b"\0"
    (session,) = bmc.sessions
    assert asking.ask(APP, 0x3C, session.id.to_bytes(4, "little")) == b"\0"
    assert console(bmc, 20).ask(APP, SEND, b"\x40" + frame(0x24)) == b"\0"
