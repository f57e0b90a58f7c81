"""Platform event filtering and alerting (§30)."""

from __future__ import annotations

from baseboard.codes import EventReadingType, NetFn, Privilege, SensorType
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.commands.parameters.pef import PefActions, PefParameter
from baseboard.wire import OpenEnum, Unknown, at


class AlertOperation(OpenEnum):
    """What Alert Immediate does (§30.7)."""

    INITIATE = 0
    GET_STATUS = 1
    CLEAR_STATUS = 2


class AlertStatus(OpenEnum):
    """How far an immediate alert is (§30.7)."""

    NONE = 0x00
    NORMAL_END = 0x01
    CALL_RETRIES_FAILED = 0x02
    ACKNOWLEDGE_TIMEOUT = 0x03
    IN_PROGRESS = 0xFF


class GetPefCapabilitiesResponse(Response):
    """What PEF can do (§30.1)."""

    pef_version: int = at("2", "51h for this specification", default=0x51)
    oem_event_record_filtering: bool = at("3[7]", default=False)
    actions: PefActions = at("3[5:0]", default=PefActions(0))
    event_filter_entries: int = at("4")


@command(NetFn.SENSOR_EVENT, 0x10, section="30.1", privilege=Privilege.USER)
class GetPefCapabilities(Request[GetPefCapabilitiesResponse]):
    """Ask what PEF can do, and how many filters it has."""


class ArmPefPostponeTimerResponse(Response):
    """What is left of the time."""

    countdown: int = at("2", "seconds")


@command(NetFn.SENSOR_EVENT, 0x11, section="30.2", privilege=Privilege.ADMINISTRATOR)
class ArmPefPostponeTimer(Request[ArmPefPostponeTimerResponse]):
    """Let software look at events before PEF does."""

    timeout: int = at("1", "seconds; 00h = PEF at once, FEh = PEF off for now, FFh = only ask")


class SetPefConfigurationParametersResponse(Response):
    """The parameter is stored."""


@command(NetFn.SENSOR_EVENT, 0x12, section="30.3", privilege=Privilege.ADMINISTRATOR)
class SetPefConfigurationParameters(Request[SetPefConfigurationParametersResponse]):
    """Write one PEF parameter."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")
    IN_PROGRESS = CompletionCode(0x81, "attempt to set 'set in progress' when not in 'set complete'")
    READ_ONLY = CompletionCode(0x82, "attempt to write a read-only parameter")
    WRITE_ONLY = CompletionCode(0x83, "attempt to read a write-only parameter")

    parameter: PefParameter | Unknown = at("1:", "selector byte, then its data")


class GetPefConfigurationParametersResponse(Response):
    """One PEF parameter; only the revision if only that was asked for."""

    revision: int = at("2", "present one, then oldest compatible one; 11h", default=0x11)
    data: bytes = at("3:", "of the parameter asked for", default=b"")


@command(NetFn.SENSOR_EVENT, 0x13, section="30.4", privilege=Privilege.OPERATOR)
class GetPefConfigurationParameters(Request[GetPefConfigurationParametersResponse]):
    """Read one PEF parameter."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")

    revision_only: bool = at("1[7]", default=False)
    selector: int = at("1[6:0]")
    set_selector: int = at("2", "table entry, where there is a table", default=0)
    block_selector: int = at("3", default=0)

    def parameter(self, response: GetPefConfigurationParametersResponse) -> PefParameter | Unknown:
        """What the data say that answered this request.

        Raises:
            DecodeError: they are not the parameter's.
        """
        return PefParameter.unpack(bytes((self.selector,)) + response.data)


class SetLastProcessedEventIdResponse(Response):
    """The ID is stored."""


@command(NetFn.SENSOR_EVENT, 0x14, section="30.5", privilege=Privilege.ADMINISTRATOR)
class SetLastProcessedEventId(Request[SetLastProcessedEventIdResponse]):
    """Say up to which SEL record events have been processed."""

    ERASE_IN_PROGRESS = CompletionCode(0x81, "SEL erase in progress")

    by_bmc: bool = at("1[0]", "the BMC's own mark; 0 = that of software", default=False)
    record_id: int = at("2:3")


class GetLastProcessedEventIdResponse(Response):
    """Up to which SEL record events have been processed."""

    most_recent_addition: int = at("2:5", "timestamp of the SEL's last addition")
    last_record_id: int = at("6:7", "in the SEL; FFFFh = SEL is empty")
    last_software_processed: int = at("8:9")
    last_bmc_processed: int = at("10:11", "0000h = processed, but could not be logged")


@command(NetFn.SENSOR_EVENT, 0x15, section="30.6", privilege=Privilege.ADMINISTRATOR)
class GetLastProcessedEventId(Request[GetLastProcessedEventIdResponse]):
    """Ask up to which SEL record events have been processed."""

    ERASE_IN_PROGRESS = CompletionCode(0x81, "SEL erase in progress")


class AlertImmediateResponse(Response):
    """The alert was begun, or how far it is."""

    status: AlertStatus | None = at("2", "only if that was asked for", default=None)


@command(NetFn.SENSOR_EVENT, 0x16, section="30.7", privilege=Privilege.ADMINISTRATOR)
class AlertImmediate(Request[AlertImmediateResponse]):
    """Send an alert now, without an event."""

    ALERT_IN_PROGRESS = CompletionCode(0x81, "rejected: an alert is already in progress")
    SESSION_ACTIVE = CompletionCode(0x82, "rejected: an IPMI messaging session is active on this channel")
    EVENT_NOT_SUPPORTED = CompletionCode(0x83, "platform event parameters not supported")

    channel: int = at("1[3:0]")
    operation: AlertOperation = at("2[7:6]", default=AlertOperation.INITIATE)
    destination_selector: int = at("2[3:0]", "0 = volatile destination", default=0)
    send_string: bool = at("3[7]", default=False)
    string_selector: int = at("3[6:0]", "0 = volatile string", default=0)
    generator_id: int | None = at("4", "v2.0: from here on the event to put into the trap", default=None)
    evm_rev: int | None = at("5", default=None)
    sensor_type: SensorType | None = at("6", default=None)
    sensor_number: int | None = at("7", default=None)
    deassertion: bool | None = at("8[7]", "event direction; 0 = assertion", default=None)
    event_type: EventReadingType | None = at("8[6:0]", "event/reading type code", default=None)
    event_data1: int | None = at("9", default=None)
    event_data2: int | None = at("10", default=None)
    event_data3: int | None = at("11", default=None)


class PetAcknowledgeResponse(Response):
    """The alert is acknowledged."""


@command(NetFn.SENSOR_EVENT, 0x17, section="30.8", session_less=True)
class PetAcknowledge(Request[PetAcknowledgeResponse]):
    """Acknowledge a trap by telling its fields; numbers are least significant byte first here."""

    sequence_number: int = at("1:2", "of the trap")
    local_timestamp: int = at("3:6", "of the trap, as it stood there")
    event_source_type: int = at("7")
    sensor_device: int = at("8")
    sensor_number: int = at("9")
    event_data1: int = at("10")
    event_data2: int = at("11")
    event_data3: int = at("12")
