"""PEF configuration parameters (§30.3, §30.4) and the tables they hold (§17.7, §17.11)."""

from __future__ import annotations

from enum import IntFlag

from baseboard.codes import SensorType
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.wire import Family, OpenEnum, Record, at


class PefActions(IntFlag):
    """What PEF may do about an event (Table 17-1)."""

    ALERT = 0x01
    POWER_DOWN = 0x02
    RESET = 0x04
    POWER_CYCLE = 0x08
    OEM = 0x10
    DIAGNOSTIC_INTERRUPT = 0x20
    GROUP_CONTROL = 0x40


class FilterType(OpenEnum):
    """Who made an event filter (Table 17-2, byte 1)."""

    SOFTWARE_CONFIGURABLE = 0
    MANUFACTURER_PRE_CONFIGURED = 2


class EventSeverity(OpenEnum):
    """How bad an event is that a filter matches (Table 17-2, byte 4)."""

    UNSPECIFIED = 0x00
    MONITOR = 0x01
    INFORMATION = 0x02
    OK = 0x04
    NON_CRITICAL = 0x08
    CRITICAL = 0x10
    NON_RECOVERABLE = 0x20


class AlertPolicyRule(OpenEnum):
    """What the success of the destination before means for this one (Table 17-4)."""

    ALWAYS = 0
    SKIP_THIS = 1
    STOP = 2
    OTHER_CHANNEL = 3
    OTHER_DESTINATION_TYPE = 4


class EventFilter(Record):
    """An event filter table entry: which events it matches, and what is then done (Table 17-2)."""

    enabled: bool = at("1[7]", default=False)
    filter_type: FilterType = at("1[6:5]", default=FilterType.SOFTWARE_CONFIGURABLE)
    actions: PefActions = at("2[6:0]", default=PefActions(0))
    group_control_selector: int = at("3[6:4]", "from 1", default=0)
    alert_policy_number: int = at("3[3:0]", default=0)
    severity: EventSeverity = at("4", default=EventSeverity.UNSPECIFIED)
    generator_id1: int = at("5", "slave address or software ID; FFh = any", default=0xFF)
    generator_id2: int = at("6", "channel and LUN; FFh = any", default=0xFF)
    sensor_type: SensorType = at("7", "FFh = any", default=SensorType(0xFF))
    sensor_number: int = at("8", "FFh = any", default=0xFF)
    event_trigger: int = at("9", "event/reading type; FFh = any", default=0xFF)
    offset_mask: int = at("10:11", "bit n = event offset n matches", default=0xFFFF)
    event_data1_and_mask: int = at("12", default=0)
    event_data1_compare1: int = at("13", default=0)
    event_data1_compare2: int = at("14", default=0)
    event_data2_and_mask: int = at("15", default=0)
    event_data2_compare1: int = at("16", default=0)
    event_data2_compare2: int = at("17", default=0)
    event_data3_and_mask: int = at("18", default=0)
    event_data3_compare1: int = at("19", default=0)
    event_data3_compare2: int = at("20", default=0)


class AlertPolicy(Record):
    """An alert policy table entry: one destination of a policy (Table 17-4)."""

    policy_number: int = at("1[7:4]", "1 to 15")
    enabled: bool = at("1[3]", default=False)
    rule: AlertPolicyRule = at("1[2:0]", default=AlertPolicyRule.ALWAYS)
    channel: int = at("2[7:4]")
    destination_selector: int = at("2[3:0]")
    event_specific_string: bool = at("3[7]", "the string is looked up by the filter's number", default=False)
    alert_string: int = at("3[6:0]", "string selector, or string set if event specific; 0 = none", default=0)


class GroupControl(Record):
    """A group control table entry: what is switched together over ICMB (§17.15)."""

    force: bool = at("1[5]", "switch even if another controller forbids it")
    delayed: bool = at("1[4]")
    channel: int = at("1[3:0]")
    group_id0: int = at("2", "00h = unspecified, FFh = all groups")
    member_check0: int = at("3[4:0]", "bit 4: member check disabled; member ID")
    group_id1: int = at("4")
    member_check1: int = at("5[4:0]")
    group_id2: int = at("6")
    member_check2: int = at("7[4:0]")
    group_id3: int = at("8")
    member_check3: int = at("9[4:0]")
    retries: int = at("10[6:4]")
    operation: int = at("10[3:0]", "as in Chassis Control")


class PefParameter(Family):
    """A PEF configuration parameter, by selector (Table 30-6)."""


@PefParameter.of(0)
class SetInProgress(PefParameter):
    """Tells others that a party is changing parameters."""

    state: SetInProgressState = at("1[1:0]")


@PefParameter.of(1)
class PefControl(PefParameter):
    """Whether PEF runs at all, and what delays it."""

    alert_startup_delay_enabled: bool = at("1[3]", default=False)
    startup_delay_enabled: bool = at("1[2]", default=False)
    event_messages_enabled: bool = at("1[1]", "log each action as an event", default=False)
    enabled: bool = at("1[0]", default=False)


@PefParameter.of(2)
class PefActionGlobalControl(PefParameter):
    """Which actions are enabled at all."""

    actions: PefActions = at("1[5:0]")


@PefParameter.of(3)
class PefStartupDelay(PefParameter):
    """How long power actions wait after power-up or reset; optional."""

    delay: int = at("1", "seconds; 0 = none")


@PefParameter.of(4)
class PefAlertStartupDelay(PefParameter):
    """How long alerts wait after power-up or reset; optional."""

    delay: int = at("1", "seconds; 0 = none")


@PefParameter.of(5)
class NumberOfEventFilters(PefParameter):
    """How many event filters there are; read-only."""

    count: int = at("1[6:0]")


@PefParameter.of(6)
class EventFilterTable(PefParameter):
    """One event filter."""

    filter_number: int = at("1[6:0]", "from 1")
    entry: EventFilter = at("2:21")


@PefParameter.of(7)
class EventFilterTableData1(PefParameter):
    """The first byte of one event filter, to switch it without touching the rest."""

    filter_number: int = at("1[6:0]", "from 1")
    enabled: bool = at("2[7]")
    filter_type: FilterType = at("2[6:5]", default=FilterType.SOFTWARE_CONFIGURABLE)


@PefParameter.of(8)
class NumberOfAlertPolicyEntries(PefParameter):
    """How many alert policy entries there are; read-only."""

    count: int = at("1[6:0]")


@PefParameter.of(9)
class AlertPolicyTable(PefParameter):
    """One alert policy entry."""

    entry_number: int = at("1[6:0]", "from 1")
    entry: AlertPolicy = at("2:4")


@PefParameter.of(10)
class SystemGuid(PefParameter):
    """The GUID that traps carry."""

    use_this_guid: bool = at("1[0]", "in PET; 0 = what Get System GUID answers", default=False)
    guid: bytes = at("2:17", "as Get System GUID sends it")


@PefParameter.of(11)
class NumberOfAlertStrings(PefParameter):
    """How many alert strings there are beside string 0; read-only."""

    count: int = at("1[6:0]")


@PefParameter.of(12)
class AlertStringKeys(PefParameter):
    """Which event filter an alert string belongs to."""

    string_selector: int = at("1[6:0]", "0 = volatile, for Alert Immediate")
    filter_number: int = at("2[6:0]")
    string_set: int = at("3[6:0]")


@PefParameter.of(13)
class AlertStrings(PefParameter):
    """A piece of an alert string."""

    string_selector: int = at("1[6:0]", "0 = volatile, for Alert Immediate")
    block: int = at("2", "16 bytes each, from 1")
    data: bytes = at("3:", "8-bit ASCII; a NUL ends the string")


@PefParameter.of(14)
class NumberOfGroupControlEntries(PefParameter):
    """How many group control entries there are, 4 to 8; optional, read-only."""

    count: int = at("1")


@PefParameter.of(15)
class GroupControlTable(PefParameter):
    """One group control entry; optional."""

    entry_number: int = at("1[6:0]", "from 1")
    entry: GroupControl = at("2:11")
