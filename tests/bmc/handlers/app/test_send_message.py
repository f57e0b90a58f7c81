"""Send Message (§22.7), byte for byte: to system software, consoles, the IPMB, and back (§6.12, §6.13)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint.firewall import FirewallRule, FirewallSpec
from baseboard.bmc.context import Origin
from baseboard.bmc.services.bridging import received
from baseboard.rmcp import lan_message
from baseboard.rmcp.console_events import RequestArrived
from baseboard.rmcp.lan_message import LanMessage
from tests.bmc.bridges import FAR, SATELLITE
from tests.bmc.consoles import ADMIN, OPERATOR, VIEWER, LanBench, Terminal, make_lan_bmc
from tests.bmc.handlers.checks import LAN
from tests.bmc.harness import Bench, make_bmc

APP, SENSOR = 0x06, 0x04
GET_FLAGS, CLEAR_FLAGS, ENABLE_RECEIVE, GET_MESSAGE, SEND = 0x31, 0x30, 0x32, 0x33, 0x34
SATELLITE_ID = "00 34 80 01 02 02 61 57 01 00 34 12"
"""Get Device ID of the satellite, completion code first."""

# Get Device ID of a console (software ID 81h) for system software (20h, LUN 10b), sequence number 5
MESSAGE = lan_message.wrap_request(APP, 0x01, b"", 5, rs_lun=2)
TO_NOBODY = lan_message.wrap_request(APP, 0x01, b"", 5, rs_addr=0x84)


def to(address: int, netfn: int = APP, cmd: int = 0x01, data: bytes = b"", **fields: int) -> bytes:
    """A frame for a controller, with the number 33."""
    return lan_message.wrap_request(netfn, cmd, data, 33, rs_addr=address, **{"rq_addr": 0x81, **fields})


def ask(bmc: Bench, cmd: int, data: str | bytes = "") -> bytes:
    """A request through the system interface."""
    return bmc.raw(APP, cmd, data if isinstance(data, bytes) else bytes.fromhex(data))


def bench(**changes: Any) -> LanBench:
    return make_lan_bmc(satellites=(SATELLITE, FAR), **changes)


def lan_bmc() -> tuple[LanBench, Terminal]:
    bmc = make_lan_bmc()
    return bmc, bmc.login(VIEWER)


def test_22_7_a_console_reaches_system_software_at_user_level() -> None:
    bmc, console = lan_bmc()
    assert console.ask(APP, SEND, b"\x0f" + MESSAGE) == b"\0"
    assert ask(bmc, GET_FLAGS) == b"\0\x01"
    # User level and channel 1; session handle, then the message (Tables 22-7 and 22-8)
    assert ask(bmc, GET_MESSAGE) == bytes((0, 0x21, console.session.handle)) + MESSAGE
    assert ask(bmc, GET_MESSAGE) == b"\x80"
    assert ask(bmc, GET_FLAGS) == b"\0\0"


def test_22_7_a_queue_that_is_full_or_closed_is_no_destination() -> None:
    bmc, console = lan_bmc()
    answers = [console.ask(APP, SEND, b"\x0f" + MESSAGE) for _ in range(17)]
    assert answers == [b"\0"] * 16 + [b"\xd3"]
    ask(bmc, CLEAR_FLAGS, "01")
    ask(bmc, ENABLE_RECEIVE, "01 00")
    assert console.ask(APP, SEND, b"\x0f" + MESSAGE) == b"\xd3"


def test_22_7_system_software_reaches_a_console_by_its_session_handle() -> None:
    bmc, console = lan_bmc()
    other = bmc.login(ADMIN)
    request = lan_message.wrap_request(APP, 0x01, b"\x05", 7, rs_addr=0x81, rq_addr=0x20, rq_lun=2)
    for encryption in ("01", "31"):
        data = bytes.fromhex(encryption) + bytes((console.session.handle,)) + request
        assert ask(bmc, SEND, data) == b"\0"
    bmc.settle()
    arrived = [event.message for event in console.events if isinstance(event, RequestArrived)]
    assert [(one.netfn, one.cmd, one.rq_seq, one.rq_lun, one.data) for one in arrived] == [
        (APP, 0x01, 7, 2, b"\x05")
    ] * 2
    assert not any(isinstance(event, RequestArrived) for event in other.events)


@pytest.mark.parametrize(
    ("suite", "version", "flags", "code"),
    [
        (17, 20, 0x31, 0x00),
        (2, 20, 0x11, 0x00),  # HMAC-SHA1-96 without confidentiality
        (2, 20, 0x21, 0xCC),
        (0, 20, 0x11, 0xCC),
        (0, 15, 0x11, 0x00),  # v1.5 with MD5
        (0, 15, 0x21, 0xCC),
    ],
)
def test_22_7_protection_that_the_session_does_not_have_is_refused(
    suite: int, version: int, flags: int, code: int
) -> None:
    bmc = make_lan_bmc()
    console = bmc.login(ADMIN, suite, version=version)
    data = bytes((flags, console.session.handle)) + MESSAGE
    assert ask(bmc, SEND, data) == bytes((code,))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 0xC7),
        (b"\x01", 0xC7),  # no session handle
        (b"\x01\xfe" + MESSAGE, 0x80),  # no such session
        (b"\x0f" + MESSAGE[:6], 0xC7),
        (b"\x0f" + MESSAGE[:-1] + b"\0", 0xCC),  # wrong checksum
        (b"\x8f" + MESSAGE, 0xCC),  # raw
        (b"\xcf" + MESSAGE, 0xCC),  # reserved
        (b"\x05" + MESSAGE, 0xCC),  # no such channel
        (b"\x00" + TO_NOBODY, 0x83),  # nobody is there on the IPMB
        (b"\x40" + TO_NOBODY, 0x83),
        (b"\x60" + TO_NOBODY, 0xCC),  # the IPMB protects nothing
        (b"\x50" + TO_NOBODY, 0xCC),
        (b"\x40\x00" + TO_NOBODY, 0x83),  # a broadcast
        (b"\x40\x00" + to(0xE8), 0x83),  # its first checksum is right with the zero, too
        (b"\x40\x00" + to(0x82, cmd=0x04), 0xCC),  # not Get Device ID
        (b"\x40\x00" + to(0x82, rs_lun=1), 0xCC),
        (b"\x40\x00" + TO_NOBODY[:-1] + b"\0", 0xCC),
        (b"\x00" + MESSAGE[:6], 0xC7),
        (b"\x00" + MESSAGE[:-1] + b"\0", 0xCC),
    ],
)
def test_22_7_what_cannot_be_sent(data: bytes, code: int) -> None:
    bmc = make_lan_bmc()
    admin = bmc.login(ADMIN)
    assert admin.ask(APP, SEND, data) == bytes((code,))


def test_22_7_a_channel_that_nobody_serves_is_no_destination() -> None:
    assert ask(make_bmc(), SEND, b"\x01\x01" + MESSAGE) == b"\xd3"


def test_22_7_a_broken_message_reaches_no_console() -> None:
    bmc, console = lan_bmc()
    data = bytes((0x01, console.session.handle)) + MESSAGE[:-1] + b"\0"
    assert ask(bmc, SEND, data) == b"\xcc"


@pytest.mark.parametrize("channel", [0x00, 0x01, 0x0E])
def test_g_1_other_channels_than_the_system_interface_need_operator(channel: int) -> None:
    bmc, viewer = lan_bmc()
    operator = bmc.login(OPERATOR)
    data = bytes((channel, viewer.session.handle)) + MESSAGE
    assert viewer.ask(APP, SEND, data) == b"\xd4"
    answer = operator.ask(APP, SEND, data)
    assert answer is not None
    assert answer != b"\xd4"


def test_g_1_a_callback_session_sends_nothing() -> None:
    bmc = make_bmc()
    assert bmc.raw(APP, SEND, b"\x0f" + MESSAGE, origin=bmc.origin(LAN, 1)) == b"\xd4"


def test_22_5_the_host_sends_itself_nothing_unless_it_takes_from_its_own_channel() -> None:
    bmc = make_bmc()
    for size in range(7, 40):
        assert ask(bmc, SEND, b"\x0f" + lan_message.wrap_request(APP, 1, bytes(size - 7), 1)) == b"\xd3"


# To the IPMB


def sent_back(bmc: LanBench, monkeypatch: pytest.MonkeyPatch) -> list[LanMessage]:
    """What the BMC sends into sessions besides its answers."""
    came: list[LanMessage] = []
    table = type(bmc.endpoint.table)
    known = table.send_message

    def send_message(self: Any, session: Any, message: bytes) -> None:
        came.append(lan_message.unwrap(message))
        known(self, session, message)

    monkeypatch.setattr(table, "send_message", send_message)
    return came


def test_6_13_a_tracked_request_is_answered_twice_under_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    bmc = bench()
    console = bmc.login(OPERATOR)
    came = sent_back(bmc, monkeypatch)
    assert console.ask(APP, SEND, b"\x40" + to(0x82)) == b"\0"
    bmc.advance(1)
    (answer,) = came
    assert (answer.netfn, answer.cmd, answer.rs_addr, answer.rq_addr) == (APP | 1, 0x01, 0x20, 0x81)
    assert answer.data == bytes.fromhex(SATELLITE_ID)
    assert answer.rq_seq != 33, "it is the console's number of Send Message, not that of the frame"


def test_20_9_a_broadcast_is_for_the_controller_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    bmc = bench()
    console = bmc.login(OPERATOR)
    came = sent_back(bmc, monkeypatch)
    for address in (0x82, 0x20):
        assert console.ask(APP, SEND, b"\x40\x00" + to(address)) == b"\0"
        bmc.advance(1)
    assert [one.data[:2] for one in came] == [bytes.fromhex(SATELLITE_ID)[:2], b"\0\x20"]


def test_6_13_through_two_bridges(monkeypatch: pytest.MonkeyPatch) -> None:
    bmc = bench()
    console = bmc.login(OPERATOR)
    came = sent_back(bmc, monkeypatch)
    middle = to(0x82, cmd=SEND, data=b"\x47" + to(0x72))
    assert console.ask(APP, SEND, b"\x40" + middle) == b"\0"
    bmc.advance(1)
    assert [(one.cmd, one.data[:2]) for one in came] == [(SEND, b"\0"), (0x01, b"\0\x77")]


def test_an_answer_for_a_session_that_ended_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    bmc = bench()
    console = bmc.login(OPERATOR)
    came = sent_back(bmc, monkeypatch)
    bmc.services.bridging.satellites.clear()
    station = bmc.services.bridging.station
    station.bus.detach(0x82)
    station.bus.attach(0x82, _Deaf())
    assert console.ask(APP, SEND, b"\x40" + to(0x82)) == b"\0"
    bmc.services.end_session(console.session)
    bmc.endpoint.flush()
    assert not station.under_way()
    assert came == []


class _Deaf:
    def receive(self, frame: bytes) -> None:
        """Hear nothing."""


@pytest.mark.parametrize(("fault", "code"), [("contended", 0x81), ("stuck", 0x82)])
@pytest.mark.parametrize("tracking", [0x00, 0x40])
def test_22_7_what_the_bus_makes_impossible(fault: str, code: int, tracking: int) -> None:
    bmc = bench()
    setattr(bmc.services.bridging.bus, fault, True)
    assert bmc.login(OPERATOR).ask(APP, SEND, bytes((tracking,)) + to(0x82)) == bytes((code,))


def test_6_13_the_host_matches_answers_itself() -> None:
    bmc = make_bmc(satellites=(SATELLITE, FAR))
    assert ask(bmc, SEND, b"\x40" + to(0x82)) == b"\xcc", "it does not track"
    assert ask(bmc, SEND, b"\x00" + to(0x82, rq_addr=0x24, rq_lun=2)) == b"\0"
    bmc.advance(0.1)
    assert ask(bmc, GET_FLAGS) == b"\0\x01"
    queued = ask(bmc, GET_MESSAGE)
    assert queued[:2] == b"\0\0"
    message = lan_message.unwrap(b"\x20" + queued[2:])
    assert (message.rs_addr, message.rq_seq, message.rq_lun) == (0x82, 33, 2)
    assert message.data == bytes.fromhex(SATELLITE_ID)
    assert ask(bmc, SEND, b"\x00" + to(0x82, rq_lun=0)) == b"\0"
    bmc.advance(0.1)
    assert ask(bmc, GET_MESSAGE) == b"\x80", "for LUN 0 nobody waits"


def test_a_response_of_the_host_goes_out_as_it_is() -> None:
    bmc = make_bmc(satellites=(SATELLITE,))
    asked = lan_message.unwrap(to(0x20, rs_lun=2, rq_addr=0x82))
    assert ask(bmc, SEND, b"\x00" + lan_message.wrap_response(asked, b"\0")) == b"\0"
    nobody = lan_message.unwrap(to(0x20, rs_lun=2, rq_addr=0x84))
    assert ask(bmc, SEND, b"\x00" + lan_message.wrap_response(nobody, b"\0")) == b"\x83"


# To the BMC itself


def to_itself(bmc: LanBench, console: Terminal, frame: bytes, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    came = sent_back(bmc, monkeypatch)
    assert console.ask(APP, SEND, b"\x40" + frame) == b"\0"
    bmc.advance(1)
    return [one.data for one in came]


def test_the_bmc_answers_at_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    bmc = bench()
    (answer,) = to_itself(bmc, bmc.login(OPERATOR), to(0x20), monkeypatch)
    assert answer[:2] == b"\0\x20"


@pytest.mark.parametrize(
    ("netfn", "cmd", "data"),
    [
        (APP, 0x45, b"\x05evil" + bytes(12)),  # Set User Name is an administrator's
        (APP, 0x2E, b"\x08"),  # Set BMC Global Enables is the host's
    ],
)
def test_by_the_bus_nobody_may_do_more(
    netfn: int, cmd: int, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    bmc = bench()
    assert to_itself(bmc, bmc.login(OPERATOR), to(0x20, netfn, cmd, data), monkeypatch) == [b"\xd4"]


def test_a_group_extension_is_asked_for_its_level_too(monkeypatch: pytest.MonkeyPatch) -> None:
    bmc = bench()
    console = bmc.login(OPERATOR)
    assert to_itself(bmc, console, to(0x20, 0x2C, 0x0A, b"\xdc\x00\x01x"), monkeypatch) == [b"\xd4"]


@pytest.mark.parametrize("medium", [4, 1])
def test_18_the_firewall_of_both_channels_holds(medium: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = FirewallRule(medium=medium, commands=(APP << 8 | 0x04,))
    bmc = bench(firewall=FirewallSpec(rules=(rule,)))
    assert to_itself(bmc, bmc.login(ADMIN), to(0x20, cmd=0x04), monkeypatch) == [b"\xd4"]


def test_the_host_reaches_the_bmc_by_the_bus_too() -> None:
    bmc = make_bmc()
    assert ask(bmc, SEND, b"\x00" + to(0x20, rq_addr=0x20, rq_lun=2)) == b"\0"
    bmc.advance(0)
    queued = ask(bmc, GET_MESSAGE)
    assert lan_message.unwrap(b"\x20" + queued[2:]).data[:2] == b"\0\x20"
    assert ask(bmc, SEND, b"\x00" + to(0x20, rq_addr=0x20)) == b"\0"
    bmc.advance(0)
    assert ask(bmc, GET_MESSAGE) == b"\x80"


def test_lun_10b_of_the_bmc_is_system_software_on_the_bus_too() -> None:
    bmc = bench()
    console = bmc.login(OPERATOR)
    assert console.ask(APP, SEND, b"\x00" + to(0x20, rs_lun=2)) == b"\0"
    assert ask(bmc, GET_MESSAGE) == bytes((0, 0x31, console.session.handle)) + to(0x20, rs_lun=2)


# On behalf of controllers


def from_satellite(bmc: LanBench, data: bytes, sequence: int = 12) -> None:
    """A satellite sends Send Message to the BMC."""
    frame = lan_message.wrap_request(APP, SEND, data, sequence, rs_addr=0x20, rq_addr=0x24)
    bmc.services.bridging.bus.write(frame)
    bmc.advance(0.5)


class _Ear:
    def __init__(self, bmc: LanBench) -> None:
        self.heard: list[LanMessage] = []
        bmc.services.bridging.bus.attach(0x24, self)

    def receive(self, frame: bytes) -> None:
        self.heard.append(lan_message.unwrap(frame))


def test_6_12_a_controller_asks_a_console_and_gets_its_answer() -> None:
    bmc = bench()
    console, ear = bmc.login(ADMIN), _Ear(bmc)
    request = lan_message.wrap_request(APP, 0x01, b"", 3, rs_addr=0x81, rq_addr=0x24)
    from_satellite(bmc, bytes((0x41, console.session.handle)) + request)
    assert [(one.cmd, one.data) for one in ear.heard] == [(SEND, b"\0")]
    (arrived,) = (event.message for event in console.events if isinstance(event, RequestArrived))
    session, response = console.session, lan_message.wrap_response(arrived, b"\0\x99")
    assert bmc.services.bridging.consoles.received(session, lan_message.unwrap(response))
    bmc.advance(0.5)
    assert [(one.cmd, one.data, one.rq_seq) for one in ear.heard[1:]] == [(0x01, b"\0\x99", 12)]


def test_a_controller_has_another_one_asked() -> None:
    bmc = bench()
    ear = _Ear(bmc)
    from_satellite(bmc, b"\x40" + to(0x82))
    assert [(one.cmd, one.rq_seq) for one in ear.heard] == [(SEND, 12), (0x01, 12)]
    assert ear.heard[1].data == bytes.fromhex(SATELLITE_ID)


def test_a_channel_that_cannot_be_answered_later_tracks_nothing() -> None:
    bmc = make_bmc(satellites=(SATELLITE,))
    data = b"\x40" + to(0x82)
    assert bmc.raw(APP, SEND, data, origin=bmc.origin(LAN, 4)) == b"\xd3"
    request = received(lan_message.unwrap(to(0x20)))
    trusted = Origin(LAN, request=request, local=True)
    assert bmc.raw(APP, SEND, data, origin=trusted) == b"\xd3", "who is trusted at a line has no session"
