"""From what a file says to event filters, policies, strings and destinations."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.blueprint.pef import FACTORY_FILTERS, AlertStringSpec, DestinationSpec
from baseboard.bmc.configuration import load
from baseboard.codes import EventReadingType, SensorType
from baseboard.commands.parameters.pef import (
    AlertPolicy,
    AlertPolicyRule,
    EventFilter,
    EventSeverity,
    FilterType,
    PefActions,
)
from baseboard.errors import ConfigurationError

HEAD = '[[bmc]]\nname = "one"\n[[bmc.user]]\nname = "admin"\npassword = "secret"\n'


def described(tmp_path: Path, text: str, head: str = HEAD) -> Blueprint:
    path = tmp_path / "bmc.toml"
    path.write_text(head + text)
    return load([path]).bmcs[0].blueprint


def wrong(tmp_path: Path, text: str, head: str = HEAD) -> str:
    with pytest.raises(ConfigurationError) as error:
        described(tmp_path, text, head)
    return str(error.value)


def test_without_a_word_it_is_as_shipped(tmp_path: Path) -> None:
    blueprint = described(tmp_path, "")
    assert not blueprint.pef.enabled
    assert blueprint.pef.filters == FACTORY_FILTERS
    assert (blueprint.lan.community, blueprint.lan.destinations) == (b"public", ())


def test_switches_delays_and_sizes(tmp_path: Path) -> None:
    text = """[bmc.pef]
enabled = true
event_messages = true
actions = ["alert", "reset"]
startup_delay_s = 5
alert_startup_delay_s = 0
filters = 20
policies = 3
strings = 2
guid = "00112233-4455-6677-8899-aabbccddeeff"
community = "room 7"
trap_port = 1162
"""
    blueprint = described(tmp_path, text)
    pef = blueprint.pef
    assert (pef.enabled, pef.event_messages) == (True, True)
    assert pef.actions == PefActions.ALERT | PefActions.RESET
    assert (pef.startup_delay_s, pef.startup_delay_enabled) == (5, True)
    assert (pef.alert_startup_delay_s, pef.alert_startup_delay_enabled) == (0, False)
    assert (len(pef.filters), len(pef.policies), len(pef.strings)) == (20, 3, 2)
    # §20.8: sent least significant byte first.
    assert pef.guid == bytes.fromhex("ffeeddccbbaa99887766554433221100")
    assert (blueprint.lan.community, pef.trap_port) == (b"room 7", 1162)


def test_a_filter_says_what_it_matches_and_what_is_done(tmp_path: Path) -> None:
    text = """[[bmc.sensor]]
name = "Inlet"
type = "temperature"
value = 22
number = 48
[[bmc.pef.filter]]
actions = ["power_down", "alert"]
policy = 3
severity = "critical"
group = 2
generator = 0x0020
sensor_type = "temperature"
sensor = "Inlet"
event_type = "threshold"
offsets = [9, 11]
data1 = [1, 2, 3]
data2 = [4, 5, 6]
data3 = [7, 8, 9]
"""
    pef = described(tmp_path, text).pef
    assert pef.filters[8] == EventFilter(
        enabled=True, actions=PefActions.POWER_DOWN | PefActions.ALERT, alert_policy_number=3,
        severity=EventSeverity.CRITICAL, group_control_selector=2, generator_id1=0x20, generator_id2=0,
        sensor_type=SensorType.TEMPERATURE, sensor_number=48, event_trigger=EventReadingType.THRESHOLD,
        offset_mask=1 << 9 | 1 << 11, event_data1_and_mask=1, event_data1_compare1=2, event_data1_compare2=3,
        event_data2_and_mask=4, event_data2_compare1=5, event_data2_compare2=6, event_data3_and_mask=7,
        event_data3_compare1=8, event_data3_compare2=9,
    )  # fmt: skip
    assert pef.filters[:8] == FACTORY_FILTERS[:8]


def test_filters_take_the_place_that_they_name(tmp_path: Path) -> None:
    text = """[[bmc.pef.filter]]
number = 1
enabled = false
preconfigured = true
[[bmc.pef.filter]]
number = 9
sensor = 7
[[bmc.pef.filter]]
sensor = 8
[[bmc.pef.filter]]
number = 30
sensor_type = 0xC1
"""
    filters = described(tmp_path, text).pef.filters
    assert len(filters) == 30
    assert (filters[0].enabled, filters[0].filter_type) == (False, FilterType.MANUFACTURER_PRE_CONFIGURED)
    assert [one.sensor_number for one in filters[8:10]] == [7, 8]
    assert filters[29].sensor_type == 0xC1


def test_policies_strings_and_destinations(tmp_path: Path) -> None:
    text = """[bmc.lan]
channel = 2
[[bmc.pef.policy]]
policy = 1
destination = 3
string = 4
[[bmc.pef.policy]]
policy = 2
enabled = false
destination = 1
channel = 5
rule = "other_channel"
string_set = 6
[[bmc.pef.string]]
text = "Hello"
filter = 9
set = 6
[[bmc.pef.destination]]
address = "192.0.2.1"
acknowledged = true
timeout_s = 1
retries = 7
vlan = 12
[[bmc.pef.destination]]
address = "2001:db8::1"
"""
    blueprint = described(tmp_path, text)
    first, second = blueprint.pef.policies[:2]
    assert first == AlertPolicy(
        policy_number=1, enabled=True, channel=2, destination_selector=3, alert_string=4
    )
    assert second == AlertPolicy(
        policy_number=2, enabled=False, rule=AlertPolicyRule.OTHER_CHANNEL, channel=5, destination_selector=1,
        event_specific_string=True, alert_string=6,
    )  # fmt: skip
    assert blueprint.pef.strings[0] == AlertStringSpec(b"Hello", 9, 6)
    assert blueprint.lan.destinations == (
        DestinationSpec(ip_address("192.0.2.1"), True, 1, 7, 12),
        DestinationSpec(ip_address("2001:db8::1")),
    )


STRING = '[[bmc.pef.string]]\ntext = "a"\n'
SENSOR = '[[bmc.sensor]]\nname = "Inlet"\ntype = "temperature"\nvalue = 22\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[bmc.pef.filter]]\nsensor = "Inlet"\n', "this BMC has no sensors"),
        (f'{SENSOR}[[bmc.pef.filter]]\nsensor = "inlet"\n', "did you mean Inlet?"),
        ('[[bmc.pef.filter]]\nsensor_type = "temperatures"\n', "did you mean temperature?"),
        ("[[bmc.pef.filter]]\nnumber = 9\n[[bmc.pef.filter]]\nnumber = 9\n", "filter 9 is there twice"),
        ("[bmc.pef]\nfilters = 10\n[[bmc.pef.filter]]\nnumber = 11\n", "there is a filter 11"),
        (
            '[bmc.pef]\nstrings = 1\n[[bmc.pef.string]]\ntext = "a"\n[[bmc.pef.string]]\ntext = "b"\n',
            "2 of them",
        ),
        ('[[bmc.pef.destination]]\naddress = "somewhere"\n', "IPv4 or IPv6 address"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    assert says in wrong(tmp_path, text)
