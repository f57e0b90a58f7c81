"""Event filtering as shipped: off, with the manufacturer's filters and room for one's own."""

from __future__ import annotations

from baseboard.bmc.blueprint.pef import FACTORY_FILTERS, DestinationSpec, PefSpec
from baseboard.codes import SensorType
from baseboard.commands.parameters.pef import EventFilter, FilterType, PefActions


def test_nothing_is_on() -> None:
    spec = PefSpec()
    assert (spec.enabled, spec.event_messages) == (False, False)
    assert (spec.startup_delay_enabled, spec.alert_startup_delay_enabled) == (False, False)
    assert not any(policy.enabled for policy in spec.policies)
    assert (spec.startup_delay_s, spec.trap_port) == (60, 162)


def test_the_manufacturers_filters_only_alert() -> None:
    theirs = [one for one in FACTORY_FILTERS if one.filter_type == FilterType.MANUFACTURER_PRE_CONFIGURED]
    assert {one.actions for one in theirs} == {PefActions.ALERT}
    assert {one.alert_policy_number for one in theirs} == {1}
    assert SensorType.TEMPERATURE in {one.sensor_type for one in theirs}
    assert FACTORY_FILTERS[len(theirs) :] == (EventFilter(),) * 8


def test_thresholds_alert_where_it_gets_worse() -> None:
    """Going low below a lower threshold, or high above an upper one (Table 42-2)."""
    assert [bit for bit in range(12) if FACTORY_FILTERS[0].offset_mask >> bit & 1] == [0, 2, 4, 7, 9, 11]


def test_a_destination_is_nowhere_until_it_is_said() -> None:
    assert DestinationSpec().address.is_unspecified


def test_tables_have_the_sizes_that_the_specification_allows() -> None:
    spec = PefSpec()
    assert 4 <= len(spec.groups) <= 8
    assert max(len(spec.filters), len(spec.policies), len(spec.strings)) <= 127
