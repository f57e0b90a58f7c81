"""The layout of sensors' further keys, and of other SDRs."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import ValidationError, convert

from baseboard.bmc.configuration.sensor_layout import Association, Contained, SdrRecord, SpecialSensor


def test_nothing_is_special_unless_it_is_said() -> None:
    sensor = convert({}, SpecialSensor)
    assert not sensor.share
    others = set(SpecialSensor.__struct_fields__) - {"share"}
    assert all(getattr(sensor, name) is None for name in others)


def test_a_whole_association() -> None:
    said = {"container": "fan", "contains": [{"entity": 29, "instance": 1, "last": 6}], "address": 0x20}
    one = convert(said, Association)
    assert (one.container, one.instance, one.address, one.channel) == ("fan", 1, 0x20, 0)
    assert (one.contains[0].entity, one.contains[0].last) == (29, 6)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (SpecialSensor, {"init": ["readings"]}),
        (SpecialSensor, {"threshold_access": "none"}),
        (SpecialSensor, {"event_control": "none"}),
        (SpecialSensor, {"settable": "yes"}),
        (SpecialSensor, {"curve": [[0, 1.0]]}),
        (SpecialSensor, {"curve": [[0, 1.0], [256, 2.0]]}),
        (SpecialSensor, {"update_s": 601}),
        (Association, {"container": "fan", "contains": []}),
        (Association, {"container": "fan", "contains": [{"entity": 1}], "channel": 16}),
        (Contained, {"entity": 1, "instance": 0}),
        (SdrRecord, {"type": "oem", "data": "0"}),
        (SdrRecord, {"type": "oem", "data": "00" * 256}),
        (SdrRecord, {"type": "oem", "fields": {"a": [1]}}),
    ],
)
def test_what_the_layout_refuses(kind: type, said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        convert(said, kind)
