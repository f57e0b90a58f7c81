"""Alerts: the trap, its repetitions, its acknowledge, and alerts without an event (§17.16, §30.7, §30.8)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.pef import DestinationSpec
from baseboard.client.pet import Pet
from baseboard.codes import EventReadingType, SensorType
from baseboard.commands.parameters import lan
from baseboard.commands.parameters import pef as p
from baseboard.commands.sensor.pef import AlertImmediate, AlertOperation, AlertStatus, PetAcknowledge
from baseboard.commands.transport.lan import SetLanConfigurationParameters
from tests.conformance.bench import ADMIN, OPERATOR
from tests.conformance.marks import exercises
from tests.conformance.pef.alerting import RECEIVER, SENSOR_EVENT, A, Alerting, alerting

ASKING = AlertImmediate(channel=1, destination_selector=1, operation=AlertOperation.GET_STATUS)
NOW = AlertImmediate(channel=1, destination_selector=1)
THERE = DestinationSpec(RECEIVER)
WANTS_ANSWER = DestinationSpec(RECEIVER, acknowledged=True, timeout_s=2, retries=2)


def acknowledge(bmc: Alerting, data: bytes | None = None) -> bytes | None:
    """Acknowledge the last trap, without a session, as a receiver of ours does."""
    trap_data, sender = bmc.sent[-1]
    trap = Pet.received(trap_data, sender).trap
    first, second, third = trap.event_data.encode()
    request = PetAcknowledge(
        sequence_number=trap.sequence_number, local_timestamp=trap.local_timestamp,
        event_source_type=trap.event_source_type, sensor_device=trap.sensor_device,
        sensor_number=trap.sensor_number, event_data1=first, event_data2=second, event_data3=third,
    )  # fmt: skip
    bmc.sent.clear()
    return bmc.v15().ask_outside(SENSOR_EVENT, 0x17, request.encode() if data is None else data)


@exercises(AlertImmediate)
def test_30_7_an_alert_now() -> None:
    bmc = alerting(THERE)
    assert bmc.execute(ASKING).status == AlertStatus.NONE
    assert bmc.execute(NOW).status is None
    ((trap, to),) = bmc.traps
    assert to == ("192.0.2.50", 162)
    assert (trap.number, trap.variable[31:39]) == (0, bytes(8))
    assert bmc.execute(ASKING).status == AlertStatus.NORMAL_END
    bmc.execute(AlertImmediate(channel=1, destination_selector=1, operation=AlertOperation.CLEAR_STATUS))
    assert bmc.execute(ASKING).status == AlertStatus.NONE
    assert len(bmc.services.sel) == 0


@exercises(AlertImmediate)
def test_30_7_with_the_event_and_the_string_that_are_given() -> None:
    bmc = alerting(THERE)
    bmc.put(p.AlertStrings(string_selector=0, block=1, data=b"test".ljust(16, b"\0")))
    bmc.execute(
        AlertImmediate(
            channel=1, destination_selector=1, send_string=True, string_selector=0,
            generator_id=0x41, evm_rev=4, sensor_type=SensorType.FAN, sensor_number=7, deassertion=True,
            event_type=EventReadingType.THRESHOLD, event_data1=0x02, event_data2=0x11, event_data3=0x22,
        )
    )  # fmt: skip
    ((trap, _),) = bmc.traps
    assert trap.number == 0x040182
    assert trap.variable[27:34] == bytes.fromhex("41 07 00 00 02 11 22")
    assert trap.variable[49:-1] == b"test"


@exercises(AlertImmediate, SetLanConfigurationParameters)
def test_30_7_destination_0_is_the_volatile_one() -> None:
    bmc = alerting()
    address = lan.Ipv4Destination(address=RECEIVER).encode()
    where = lan.DestinationAddresses(destination=0, address=address)
    bmc.execute(SetLanConfigurationParameters(channel=1, parameter=where))
    bmc.execute(AlertImmediate(channel=1, destination_selector=0))
    assert bmc.traps[0][1][0] == "192.0.2.50"
    again = bmc.again()
    again.execute(AlertImmediate(channel=1, destination_selector=0))
    assert again.traps == []


@exercises(AlertImmediate)
def test_30_7_it_is_sent_even_where_pef_may_not_alert() -> None:
    bmc = alerting(THERE, on=False)
    bmc.raw(0x06, 0x40, bytes.fromhex("01A200"))
    bmc.execute(NOW)
    assert len(bmc.traps) == 1


@exercises(AlertImmediate)
def test_30_7_one_at_a_time_and_what_becomes_of_it() -> None:
    bmc = alerting(WANTS_ANSWER)
    bmc.execute(NOW)
    assert bmc.execute(ASKING).status == AlertStatus.IN_PROGRESS
    assert bmc.raw(SENSOR_EVENT, 0x16, NOW.encode())[0] == 0x81
    bmc.advance(6)
    assert (len(bmc.traps), bmc.execute(ASKING).status) == (3, AlertStatus.ACKNOWLEDGE_TIMEOUT)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("00 01 00", 0xCC), ("0F 01 00", 0xCC), ("01 05 00", 0xC9), ("01 C1 00", 0xCC), ("01 01", 0xC7),
        ("01 01 00 41 04 01", 0xC7),
    ],
)  # fmt: skip
def test_30_7_what_it_refuses(data: str, code: int) -> None:
    assert alerting(THERE).raw(SENSOR_EVENT, 0x16, bytes.fromhex(data))[0] == code


@exercises(AlertImmediate)
def test_30_7_where_the_destination_leads_nowhere_the_call_failed() -> None:
    bmc = alerting()
    bmc.execute(NOW)
    assert bmc.execute(ASKING).status == AlertStatus.CALL_RETRIES_FAILED


@exercises(PetAcknowledge)
@pytest.mark.parametrize("within", ["outside a session", "in a session"])
def test_30_8_an_acknowledge_ends_the_repetitions(within: str) -> None:
    bmc = alerting(WANTS_ANSWER)
    bmc.filter(A.ALERT)
    bmc.policy()
    bmc.happen()
    if within == "outside a session":
        assert acknowledge(bmc) == b"\0"
    else:
        ((trap, _),) = bmc.traps
        octets = trap.variable
        little = octets[17:15:-1] + octets[21:17:-1]
        bmc.sent.clear()
        data = little + octets[25:26] + octets[27:29] + octets[31:34]
        assert bmc.in_v20(ADMIN).ask(SENSOR_EVENT, 0x17, data) == b"\0"
    bmc.advance(60)
    assert bmc.traps == []


@exercises(PetAcknowledge)
def test_30_8_every_field_must_be_the_traps() -> None:
    bmc = alerting(WANTS_ANSWER)
    bmc.execute(NOW)
    assert acknowledge(bmc, bytes(12)) == b"\xcb"
    bmc.advance(2)
    assert len(bmc.traps) == 1


@exercises(PetAcknowledge)
def test_17_11_the_next_destination_only_if_nobody_acknowledged() -> None:
    for answers, count in ((True, 0), (False, 1)):
        bmc = alerting(
            DestinationSpec(RECEIVER, acknowledged=True, timeout_s=2), DestinationSpec(RECEIVER + 1)
        )
        bmc.filter(A.ALERT)
        bmc.policy(1)
        bmc.policy(2, destination_selector=2, rule=p.AlertPolicyRule.STOP)
        bmc.happen()
        assert acknowledge(bmc, None if answers else bytes(12)) == (b"\0" if answers else b"\xcb")
        bmc.advance(60)
        assert len([to for _, to in bmc.traps if to[0] == "192.0.2.51"]) == count


def test_23_2_retries_keep_number_and_time() -> None:
    bmc = alerting(WANTS_ANSWER)
    bmc.filter(A.ALERT)
    bmc.policy()
    bmc.happen()
    bmc.advance(60)
    assert len(bmc.traps) == 3
    assert len({trap.variable for trap, _ in bmc.traps}) == 1
    bmc.happen()
    assert bmc.traps[-1][0].variable[16:18] == b"\0\2"


def test_17_12_at_least_eight_alerts_are_deferred() -> None:
    bmc = alerting(WANTS_ANSWER)
    bmc.filter(A.ALERT)
    bmc.policy()
    for _ in range(8 + 9):
        bmc.happen()
    bmc.advance(100)
    assert len({trap.variable[16:18] for trap, _ in bmc.traps}) == 17


@pytest.mark.parametrize("user", [ADMIN, OPERATOR])
def test_appendix_g_only_administrators_alert(user: object) -> None:
    bmc = alerting(THERE)
    console = bmc.in_v20(user, level=user.privilege)  # type: ignore[attr-defined,arg-type]  # one of the cast
    answer = console.ask(SENSOR_EVENT, 0x16, b"\x01\x41\x00")
    assert answer is not None
    assert (answer[0] == 0xD4) == (user is OPERATOR)
