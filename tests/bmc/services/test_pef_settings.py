"""PEF configuration parameters as the service keeps them (§30.3, §30.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint.pef import AlertStringSpec, PefSpec
from baseboard.bmc.services.pef_settings import LONGEST_STRING, PefSettings
from baseboard.commands.parameters import pef as p
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError
from tests.bmc.services.homes import FakeHome, make_home

ALL = p.PefActions(0x7F)
FREE = 9
"""The first filter that software may change; the eight before are the manufacturer's."""


def make(home: FakeHome | None = None, supported: p.PefActions = ALL, **pef: Any) -> PefSettings:
    return PefSettings(home or make_home(pef=replace(PefSpec(), **pef)), supported)


def refused(settings: PefSettings, parameter: p.PefParameter) -> int:
    with pytest.raises(CompletionError) as error:
        settings.set(parameter)
    return error.value.code


def code(settings: PefSettings, *which: int) -> int:
    with pytest.raises(CompletionError) as error:
        settings.get(*which)
    return error.value.code


def test_as_shipped_nothing_is_on_and_the_delay_is_60_seconds() -> None:
    settings = make()
    assert (settings.enabled, settings.startup_delay, settings.alert_startup_delay) == (False, 0, 0)
    assert [settings.get(selector, 0, 0).hex() for selector in (1, 2, 3, 4)] == ["00", "3f", "3c", "3c"]


def test_delays_hold_where_they_are_on() -> None:
    settings = make()
    settings.set(p.PefControl(startup_delay_enabled=True))
    settings.set(p.PefStartupDelay(delay=7))
    assert (settings.startup_delay, settings.alert_startup_delay) == (7, 0)
    settings.set(p.PefControl(alert_startup_delay_enabled=True))
    settings.set(p.PefAlertStartupDelay(delay=9))
    assert (settings.startup_delay, settings.alert_startup_delay) == (0, 9)


@pytest.mark.parametrize("selector", [16, 95, 96, 127])
def test_other_parameters_are_not_there(selector: int) -> None:
    assert code(make(), selector, 0, 0) == 0x80


@pytest.mark.parametrize(
    "parameter",
    [
        p.NumberOfEventFilters(count=1),
        p.NumberOfAlertPolicyEntries(count=1),
        p.NumberOfAlertStrings(count=1),
        p.NumberOfGroupControlEntries(count=1),
    ],
)
def test_numbers_of_entries_are_read_only(parameter: p.PefParameter) -> None:
    assert refused(make(), parameter) == 0x82


@pytest.mark.parametrize(
    ("selector", "first", "last"), [(6, 1, 16), (7, 1, 16), (9, 1, 16), (12, 0, 8), (15, 1, 4)]
)
def test_entries_count_from_one_and_strings_from_the_volatile_one(
    selector: int, first: int, last: int
) -> None:
    settings = make()
    assert settings.get(selector, first, 0)[0] == first
    assert settings.get(selector, last, 0)[0] == last
    assert code(settings, selector, last + 1, 0) == 0xC9
    if first:
        assert code(settings, selector, 0, 0) == 0xC9


@pytest.mark.parametrize("block", [0, 5])
def test_blocks_of_a_string_count_from_one_to_four(block: int) -> None:
    settings = make()
    assert code(settings, 13, 1, block) == 0xC9
    assert refused(settings, p.AlertStrings(string_selector=1, block=block, data=b"x")) == 0xC9


def test_a_filter_of_software_reads_back_without_what_the_bmc_cannot_do() -> None:
    settings = make(supported=p.PefActions.ALERT | p.PefActions.RESET)
    entry = p.EventFilter(enabled=True, actions=ALL, alert_policy_number=2)
    settings.set(p.EventFilterTable(filter_number=FREE, entry=entry))
    back = p.EventFilterTable.decode(settings.get(6, FREE, 0)).entry
    assert back == entry.replace(actions=p.PefActions.ALERT | p.PefActions.RESET)
    settings.set(p.PefActionGlobalControl(actions=p.PefActions(0x3F)))
    assert settings.get(2, 0, 0) == b"\x05"
    assert settings.actions == p.PefActions.ALERT | p.PefActions.RESET


def test_of_the_manufacturers_filters_only_the_switch_can_be_changed() -> None:
    settings = make()
    entry = p.EventFilterTable.decode(settings.get(6, 1, 0)).entry
    assert entry.filter_type == p.FilterType.MANUFACTURER_PRE_CONFIGURED
    settings.set(p.EventFilterTable(filter_number=1, entry=entry.replace(enabled=False)))
    assert settings.get(7, 1, 0) == b"\x01\x40"
    changed = p.EventFilterTable(filter_number=1, entry=entry.replace(alert_policy_number=9))
    assert refused(settings, changed) == 0x82
    own = entry.replace(filter_type=p.FilterType.SOFTWARE_CONFIGURABLE)
    assert refused(settings, p.EventFilterTable(filter_number=1, entry=own)) == 0x82
    assert settings.filters()[0] == entry.replace(enabled=False)


def test_software_cannot_make_a_filter_the_manufacturers() -> None:
    settings = make()
    given = p.EventFilter(filter_type=p.FilterType.MANUFACTURER_PRE_CONFIGURED)
    assert refused(settings, p.EventFilterTable(filter_number=FREE, entry=given)) == 0xCC
    byte = p.EventFilterTableData1(filter_number=FREE, enabled=True, filter_type=p.FilterType(2))
    assert refused(settings, byte) == 0xCC


def test_the_first_byte_alone_switches_and_keeps_whose_it_is() -> None:
    """Ipmitool writes its type's bits as 0 even of the manufacturer's."""
    settings = make()
    settings.set(p.EventFilterTableData1(filter_number=1, enabled=False))
    assert settings.get(6, 1, 0)[1] == 0x40
    settings.set(p.EventFilterTableData1(filter_number=1, enabled=True, filter_type=p.FilterType(2)))
    assert settings.get(7, 1, 0) == b"\x01\xc0"


def test_policies_are_those_that_are_on_in_order() -> None:
    settings = make()

    def policy(number: int, enabled: bool, destination: int) -> p.AlertPolicy:
        return p.AlertPolicy(
            policy_number=number, enabled=enabled, channel=1, destination_selector=destination
        )

    for entry, one in enumerate(
        (policy(2, True, 1), policy(2, False, 2), policy(3, True, 3), policy(2, True, 4)), 1
    ):
        settings.set(p.AlertPolicyTable(entry_number=entry, entry=one))
    assert [one.destination_selector for one in settings.policies(2)] == [1, 4]
    strange = policy(1, True, 1).replace(rule=p.AlertPolicyRule(5))
    assert refused(settings, p.AlertPolicyTable(entry_number=1, entry=strange)) == 0xCC


def test_changes_are_kept_but_for_what_is_volatile() -> None:
    home = make_home()
    settings = make(home)
    kept: list[p.PefParameter] = [
        p.PefControl(enabled=True),
        p.PefActionGlobalControl(actions=p.PefActions.ALERT),
        p.PefStartupDelay(delay=1),
        p.EventFilterTable(filter_number=FREE, entry=p.EventFilter(enabled=True)),
        p.SystemGuid(use_this_guid=True, guid=bytes(range(16))),
        p.AlertStringKeys(string_selector=2, filter_number=3, string_set=4),
        p.AlertStrings(string_selector=2, block=2, data=b"kept"),
    ]
    lost: list[p.PefParameter] = [
        p.SetInProgress(state=SetInProgressState.SET_IN_PROGRESS),
        p.AlertStringKeys(string_selector=0, filter_number=3, string_set=4),
        p.AlertStrings(string_selector=0, block=1, data=b"lost"),
    ]
    for parameter in (*kept, *lost):
        settings.set(parameter)
    before = [(1, 0, 0), (2, 0, 0), (3, 0, 0), (6, FREE, 0), (7, FREE, 0), (10, 0, 0), (12, 2, 0), (13, 2, 2)]
    gone = [(0, 0, 0), (12, 0, 0), (13, 0, 1)]
    shown = [settings.get(*which) for which in before]
    shipped = [make().get(*which) for which in gone]
    assert [settings.get(*which) for which in gone] != shipped
    again = make(home.again())
    assert [again.get(*which) for which in before] == shown
    assert [again.get(*which) for which in gone] == shipped


def test_set_in_progress_is_a_notice_that_a_restart_of_the_system_ends() -> None:
    settings = make()
    settings.set(p.SetInProgress(state=SetInProgressState.SET_IN_PROGRESS))
    assert refused(settings, p.SetInProgress(state=SetInProgressState.SET_IN_PROGRESS)) == 0x81
    settings.settle()
    assert settings.get(0, 0, 0) == b"\x00"


def test_traps_carry_the_systems_guid_or_another() -> None:
    system, own = bytes(16), bytes(range(16))
    settings = make()
    assert settings.guid(system) == system
    settings.set(p.SystemGuid(use_this_guid=True, guid=own))
    assert settings.guid(system) == own
    assert make(guid=own).guid(system) == own


def test_a_string_ends_with_its_nul_or_its_last_block() -> None:
    settings = make()
    for block in range(1, 5):
        settings.set(p.AlertStrings(string_selector=1, block=block, data=b"x" * 16))
    assert settings.string(1) == b"x" * LONGEST_STRING
    settings.set(p.AlertStrings(string_selector=1, block=2, data=b"y\0zzz"))
    assert settings.string(1) == b"x" * 16 + b"y"
    assert settings.string(100) == b""
    long = p.AlertStrings(string_selector=1, block=1, data=b"x" * 17)
    assert refused(settings, long) == 0xC7


def test_a_policy_names_a_string_or_the_set_that_has_one_for_the_filter() -> None:
    strings = (AlertStringSpec(b"one", 1, 2), AlertStringSpec(b"two", 5, 2), AlertStringSpec(b"three", 5, 3))
    settings = make(strings=strings)

    def string(specific: bool, which: int, filter_number: int = 5) -> bytes:
        policy = p.AlertPolicy(
            policy_number=1,
            channel=1,
            destination_selector=1,
            event_specific_string=specific,
            alert_string=which,
        )
        return settings.string_for(policy, filter_number)

    assert string(False, 1) == b"one"
    assert string(False, 0) == b""
    assert string(True, 2) == b"two"
    assert string(True, 2, 1) == b"one"
    assert string(True, 3) == b"three"
    assert string(True, 4) == b""


def test_group_control_entries() -> None:
    settings = make()
    entry = p.GroupControlTable.decode(settings.get(15, 2, 0)).entry.replace(operation=2, group_id0=0xFF)
    settings.set(p.GroupControlTable(entry_number=2, entry=entry))
    assert settings.group(2) == entry
    assert settings.group(0) is None
    assert settings.group(5) is None
