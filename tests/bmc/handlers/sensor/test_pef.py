"""The commands of event filtering, one by one; what they lead to is in tests/conformance/pef."""

from __future__ import annotations

import pytest

from baseboard.commands.parameters.pef import PefControl
from baseboard.commands.sensor.pef import (
    ArmPefPostponeTimer,
    GetLastProcessedEventId,
    GetPefCapabilities,
    GetPefConfigurationParameters,
    SetLastProcessedEventId,
    SetPefConfigurationParameters,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown
from tests.bmc.harness import make_bmc


def test_capabilities() -> None:
    known = make_bmc().execute(GetPefCapabilities())
    assert (known.pef_version, known.oem_event_record_filtering, known.event_filter_entries) == (
        0x51,
        False,
        16,
    )
    assert known.actions == 0x2F


def test_arming_and_asking() -> None:
    bmc = make_bmc()
    assert bmc.execute(ArmPefPostponeTimer(timeout=0xFF)).countdown == 0
    assert bmc.execute(ArmPefPostponeTimer(timeout=30)).countdown == 30
    assert bmc.execute(ArmPefPostponeTimer(timeout=0xFF)).countdown == 30


def test_parameters() -> None:
    bmc = make_bmc()
    bmc.execute(SetPefConfigurationParameters(parameter=PefControl(enabled=True)))
    asked = GetPefConfigurationParameters(selector=1)
    assert bmc.execute(asked).data == b"\x01"
    assert asked.parameter(bmc.execute(asked)) == PefControl(enabled=True)
    assert bmc.execute(asked.replace(revision_only=True)).data == b""
    with pytest.raises(CompletionError) as error:
        bmc.execute(SetPefConfigurationParameters(parameter=Unknown(selector=99, raw=b"\0")))
    assert error.value.code == 0x80


def test_marks() -> None:
    bmc = make_bmc()
    bmc.execute(SetLastProcessedEventId(record_id=5))
    bmc.execute(SetLastProcessedEventId(by_bmc=True, record_id=6))
    found = bmc.execute(GetLastProcessedEventId())
    assert (found.last_record_id, found.last_software_processed, found.last_bmc_processed) == (0xFFFF, 5, 6)
