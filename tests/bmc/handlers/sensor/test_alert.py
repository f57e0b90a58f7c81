"""Alert Immediate and PET Acknowledge, one by one; what they lead to is in tests/conformance/pef."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.alert_policy import Alert, Done
from baseboard.commands.parameters.pef import AlertStrings
from baseboard.commands.sensor.pef import AlertImmediate, AlertOperation, AlertStatus, PetAcknowledge
from baseboard.errors import CompletionError
from tests.bmc.harness import Bench, make_bmc


class Sender:
    at_once = 8

    def __init__(self) -> None:
        self.told: list[Alert] = []

    def kind(self, destination: int) -> int:
        return 0

    def send(self, destination: int, alert: Alert, done: Done) -> None:
        self.told.append(alert)
        done(AlertStatus.NORMAL_END)


def make() -> tuple[Bench, Sender]:
    bmc, sender = make_bmc(), Sender()
    bmc.services.alerts.senders[1] = sender
    return bmc, sender


def test_channel_eh_is_the_one_that_it_came_in_on() -> None:
    bmc, sender = make()
    bmc.execute(AlertImmediate(channel=0xE, destination_selector=1), channel=1)
    (alert,) = sender.told
    assert (alert.severity, alert.text, alert.event.data) == (2, b"", bytes(3))


def test_the_string_is_sent_where_it_is_asked_for() -> None:
    bmc, sender = make()
    bmc.services.pef.set(AlertStrings(string_selector=3, block=1, data=b"three"))
    for asked in (False, True):
        bmc.execute(AlertImmediate(channel=1, send_string=asked, string_selector=3))
    assert [alert.text for alert in sender.told] == [b"", b"three"]


def test_status_and_its_end() -> None:
    bmc, _ = make()
    request = AlertImmediate(channel=1, destination_selector=1)
    bmc.execute(request)
    asking = request.replace(operation=AlertOperation.GET_STATUS)
    assert bmc.execute(asking).status == AlertStatus.NORMAL_END
    bmc.execute(request.replace(operation=AlertOperation.CLEAR_STATUS))
    assert bmc.execute(asking).status == AlertStatus.NONE


@pytest.mark.parametrize(("data", "code"), [("01 C1 00", 0xCC), ("01 01 00 41", 0xC7), ("00 01 00", 0xCC)])
def test_what_it_refuses(data: str, code: int) -> None:
    bmc, sender = make()
    assert bmc.raw(0x04, 0x16, bytes.fromhex(data))[0] == code
    assert sender.told == []


def test_an_acknowledge_of_nothing_is_not_present() -> None:
    bmc, _ = make()
    with pytest.raises(CompletionError) as error:
        bmc.execute(
            PetAcknowledge(
                sequence_number=1, local_timestamp=0, event_source_type=0, sensor_device=0, sensor_number=0,
                event_data1=0, event_data2=0, event_data3=0,
            )
        )  # fmt: skip
    assert error.value.code == 0xCB
