"""§24.1, §24.2, §26.1: SOL is activated, taken over, tested, and told of."""

from __future__ import annotations

import pytest

from baseboard.bmc.ports import LineNotice, Outputs
from baseboard.codes import PayloadType
from baseboard.commands.app.payload import (
    ActivatePayload,
    DeactivatePayload,
    GetPayloadActivationStatus,
    GetPayloadInstanceInfo,
    SerialAlerts,
)
from baseboard.commands.transport.sol import SolActivating
from baseboard.errors import CompletionError
from baseboard.rmcp.sol_console import ConsoleNotice
from tests.bmc.consoles import OPERATOR, VIEWER
from tests.conformance.marks import exercises
from tests.conformance.sol.bench import (
    ACTIVATE,
    APP,
    DEACTIVATE,
    INSTANCE,
    SOL_ACTIVATING,
    STATUS,
    TRANSPORT,
    administrator,
    lined,
    told,
)


@exercises(ActivatePayload, GetPayloadActivationStatus, GetPayloadInstanceInfo)
def test_24_1_each_serial_port_is_an_instance_of_its_own() -> None:
    bmc, (first, second) = lined(2)
    one, two = bmc.login(VIEWER), administrator(bmc)
    one.activate_sol()
    assert told(one, APP, STATUS, "01") == bytes.fromhex("00 02 01 00")
    two.activate_sol(instance=2)
    assert told(one, APP, STATUS, "01") == bytes.fromhex("00 02 03 00")
    one.type(b"to COM1")
    two.type(b"to COM2")
    first.say(b"from COM1")
    second.say(b"from COM2")
    bmc.advance(1)
    assert (bytes(first.typed), bytes(second.typed)) == (b"to COM1", b"to COM2")
    assert (bytes(one.screen), bytes(two.screen)) == (b"from COM1", b"from COM2")
    owner = two.console.bmc_session_id.to_bytes(4, "little")
    assert told(one, APP, INSTANCE, "01 02") == b"\0" + owner + b"\2" + bytes(7)
    third = bmc.login(OPERATOR)
    assert told(third, APP, ACTIVATE, "01 03 c0 00 00 00") == b"\x82"


@exercises(ActivatePayload)
def test_24_1_a_session_has_one_instance_for_packets_name_none() -> None:
    bmc, _ = lined(2)
    console = administrator(bmc)
    console.activate_sol()
    assert told(console, APP, ACTIVATE, "01 02 c0 00 00 00") == b"\x82"


@exercises(ActivatePayload, DeactivatePayload)
def test_24_2_a_taken_port_is_used_by_who_took_it_and_the_other_goes_on() -> None:
    bmc, (first, second) = lined(2)
    viewer, other, admin = bmc.login(VIEWER), bmc.login(OPERATOR), administrator(bmc)
    viewer.activate_sol()
    other.activate_sol(instance=2)
    assert told(admin, APP, ACTIVATE, "01 01 c0 00 00 00") == b"\x80"
    assert told(admin, APP, DEACTIVATE, "01 01 00 00 00 00") == b"\0"
    assert viewer.notices == [ConsoleNotice.DEACTIVATED]
    admin.activate_sol()
    admin.type(b"mine")
    other.type(b"still here")
    assert (bytes(first.typed), bytes(second.typed)) == (b"mine", b"still here")
    assert other.notices == []
    assert told(other, APP, DEACTIVATE, "01 01 00 00 00 00") == b"\xd4"


@exercises(SolActivating, ActivatePayload)
def test_26_1_whoever_uses_the_port_is_told_before_sol_takes_it() -> None:
    bmc, (line,) = lined()
    heard: list[tuple[SolActivating, bool]] = []
    bmc.services.sol.on_activating += (lambda message: heard.append((message, line.attached is None)),)
    console = administrator(bmc)
    console.activate_sol()
    ((message, free),) = heard
    assert free
    # Table 26-2: state 0, instance, format 1.0
    assert message.encode() == bytes.fromhex("00 01 01 00")
    # It is a BMC's word to consoles: as a request to a BMC it is known, and out of place.
    assert told(console, TRANSPORT, SOL_ACTIVATING, "00 01 01 00") == b"\xd5"


@exercises(ActivatePayload)
def test_24_1_in_test_mode_the_console_sees_rts_and_dtr_and_drives_the_lines() -> None:
    bmc, (line,) = lined()
    console = administrator(bmc)
    answer = console.activate_sol(test_mode=True)
    assert answer.auxiliary == b"\1\0\0\0"
    bmc.advance(1)
    assert console.statuses[-1] & 3 == 3
    line.driven = Outputs(rts=True, dtr=False)
    line.notice(LineNotice.OUTPUTS)
    bmc.advance(1)
    assert console.statuses[-1] & 3 == 2
    assert console.sol is not None
    console.sol.set_lines(bmc.clock.now(), cts=False, carrier=True)
    bmc.settle()
    assert line.lines[-1] == (False, True)
    console.sol.set_lines(bmc.clock.now(), cts=True, carrier=False)
    bmc.settle()
    assert line.lines[-1] == (True, False)


def test_24_1_without_test_mode_the_two_bits_are_0() -> None:
    bmc, (line,) = lined()
    console = administrator(bmc)
    assert console.activate_sol().auxiliary == bytes(4)
    line.say(b"text")
    line.notice(LineNotice.OUTPUTS)
    bmc.advance(1)
    assert {status & 3 for status in console.statuses} == {0}


@pytest.mark.parametrize(
    ("bits", "behaviour"),
    [(0x00, SerialAlerts.FAIL), (0x04, SerialAlerts.DEFERRED), (0x08, SerialAlerts.SUCCEED)],
)
def test_24_1_what_becomes_of_alerts_on_a_shared_port(bits: int, behaviour: SerialAlerts) -> None:
    bmc, _ = lined()
    console = administrator(bmc)
    assert bmc.services.sol.serial_alerts() is None
    assert told(console, APP, ACTIVATE, f"01 01 {0xC0 | bits:02x} 00 00 00")[0] == 0
    assert bmc.services.sol.serial_alerts() == behaviour


def test_24_1_while_an_alert_has_the_port_no_characters_are_transferred() -> None:
    bmc, (line,) = lined()
    console = administrator(bmc)
    console.activate_sol()
    bmc.services.sol.lend(1, lent=True)
    bmc.settle()
    console.type(b"not now")
    assert line.typed == b""
    bmc.services.sol.lend(1, lent=False)
    bmc.advance(10)
    assert line.typed == b"not now"
    assert console.notices == [ConsoleNotice.UNAVAILABLE, ConsoleNotice.AVAILABLE]


@exercises(ActivatePayload)
def test_3_5_a_silent_sol_ends_with_its_session_and_a_talking_one_keeps_it() -> None:
    bmc, (line,) = lined()
    console = administrator(bmc)
    console.activate_sol()
    for _ in range(5):
        bmc.advance(50)
        console.type(b".")
    assert console.alive
    console.unplugged = True
    bmc.advance(61)
    assert not console.alive
    assert line.attached is None
    with pytest.raises(CompletionError, match="^80h"):
        administrator(bmc).execute(DeactivatePayload(payload_type=PayloadType.SOL))
