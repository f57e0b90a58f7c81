"""PEF parameters and tables (§17, Table 30-6)."""

from __future__ import annotations

import pytest

from baseboard.commands.parameters.pef import (
    AlertPolicy,
    AlertPolicyRule,
    AlertPolicyTable,
    AlertStrings,
    EventFilter,
    EventFilterTable,
    EventFilterTableData1,
    EventSeverity,
    FilterType,
    GroupControl,
    GroupControlTable,
    PefActions,
    PefParameter,
    SystemGuid,
)
from baseboard.errors import DecodeError

# Temperatures, critical, alert policy 1: a filter in the form of Table 17-2.
FILTER = bytes.fromhex("80010110FFFF01FF01950A000000000000000000")

# Bytes of each parameter; alert strings (13) have any number.
SIZES = {0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 21, 7: 2, 8: 1, 9: 4, 10: 17, 11: 1, 12: 3, 14: 1, 15: 11}


def test_an_event_filter() -> None:
    entry = EventFilter.decode(FILTER)
    assert entry.enabled
    assert entry.filter_type is FilterType.SOFTWARE_CONFIGURABLE
    assert entry.actions is PefActions.ALERT
    assert entry.severity is EventSeverity.CRITICAL
    assert (entry.alert_policy_number, entry.offset_mask) == (1, 0x0A95)
    assert (entry.generator_id1, entry.generator_id2, entry.sensor_number) == (0xFF, 0xFF, 0xFF)
    assert entry.encode() == FILTER


def test_a_new_event_filter_matches_everything_and_is_off() -> None:
    assert EventFilter().encode() == bytes.fromhex("00000000FFFFFFFFFFFFFF000000000000000000")


def test_the_first_byte_of_a_filter_alone() -> None:
    assert EventFilterTableData1.decode(b"\x07\x80") == EventFilterTableData1(filter_number=7, enabled=True)
    assert EventFilterTable.decode(b"\x07" + FILTER).entry.enabled


def test_an_alert_policy() -> None:
    entry = AlertPolicy.decode(bytes.fromhex("181200"))
    assert (entry.policy_number, entry.channel, entry.destination_selector) == (1, 1, 2)
    assert entry.enabled
    assert entry.rule is AlertPolicyRule.ALWAYS
    assert AlertPolicyTable(entry_number=3, entry=entry).encode() == bytes.fromhex("03181200")


def test_a_group_control_entry() -> None:
    data = bytes.fromhex("22011002030405FF0032")
    entry = GroupControl.decode(data)
    assert entry.force
    assert (entry.channel, entry.group_id3, entry.retries, entry.operation) == (2, 0xFF, 3, 2)
    assert GroupControlTable(entry_number=1, entry=entry).encode() == b"\x01" + data


@pytest.mark.parametrize(("number", "size"), SIZES.items())
def test_the_size_of_each_parameter(number: int, size: int) -> None:
    parameter = PefParameter.parse(number, bytes(size), exact=True)
    assert parameter.encode() == bytes(size)
    with pytest.raises(DecodeError):
        PefParameter.parse(number, bytes(size + 1), exact=True)
    with pytest.raises(DecodeError):
        PefParameter.parse(number, bytes(size - 1))


def test_a_block_of_a_string_has_any_length() -> None:
    assert PefParameter.unpack(b"\x0d\x02\x01") == AlertStrings(string_selector=2, block=1, data=b"")


def test_the_guid_has_sixteen_bytes() -> None:
    assert SystemGuid(use_this_guid=True, guid=bytes(16)).pack() == b"\x0a\x01" + bytes(16)
