"""The BMC as a mailbox: enables, flags, the Receive Message Queue, bridging, interfaces (§22.1-22.10)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Interfaces, Request, Response, command
from baseboard.wire import OpenEnum, at


class Tracking(OpenEnum):
    """What the BMC does about the answer to a message that it sends on (Table 22-9, byte 1)."""

    NO_TRACKING = 0
    TRACK_REQUEST = 1
    SEND_RAW = 2


class ReceiveState(OpenEnum):
    """What Enable Message Channel Receive does (Table 22-6)."""

    DISABLE = 0
    ENABLE = 1
    GET_STATE = 2


class InterfaceType(OpenEnum):
    """The system interface that is asked about (Table 22-12)."""

    SSIF = 0
    KCS = 1
    SMIC = 2


class SsifTransactions(OpenEnum):
    """How long messages cross an SSIF (Table 22-12, byte 3)."""

    SINGLE_PART = 0
    START_AND_END = 1
    START_MIDDLE_AND_END = 2


class SetBmcGlobalEnablesResponse(Response):
    """The enables are set (Table 22-2)."""


@command(NetFn.APP, 0x2E, section="22.1", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY)
class SetBmcGlobalEnables(Request[SetBmcGlobalEnablesResponse]):
    """Switch event logging, the event buffer and the interrupts; an unsupported one is refused (CCh)."""

    oem_2: bool = at("1[7]", default=False)
    oem_1: bool = at("1[6]", default=False)
    oem_0: bool = at("1[5]", default=False)
    event_logging: bool = at("1[3]", "events over the system interface are logged in any case")
    event_message_buffer: bool = at("1[2]")
    event_message_buffer_full_interrupt: bool = at("1[1]")
    receive_message_queue_interrupt: bool = at("1[0]", "for KCS the communication interrupt too")


class GetBmcGlobalEnablesResponse(Response):
    """What is enabled (Table 22-3)."""

    oem_2: bool = at("2[7]", default=False)
    oem_1: bool = at("2[6]", default=False)
    oem_0: bool = at("2[5]", default=False)
    event_logging: bool = at("2[3]")
    event_message_buffer: bool = at("2[2]")
    event_message_buffer_full_interrupt: bool = at("2[1]")
    receive_message_queue_interrupt: bool = at("2[0]")


@command(NetFn.APP, 0x2F, section="22.2", privilege=Privilege.USER)
class GetBmcGlobalEnables(Request[GetBmcGlobalEnablesResponse]):
    """Ask what is enabled."""


class ClearMessageFlagsResponse(Response):
    """The flags are cleared (Table 22-4)."""


@command(NetFn.APP, 0x30, section="22.3", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY)
class ClearMessageFlags(Request[ClearMessageFlagsResponse]):
    """Clear flags, and with them the queue or the buffer that they tell of; 1 = clear."""

    oem_2: bool = at("1[7]", default=False)
    oem_1: bool = at("1[6]", default=False)
    oem_0: bool = at("1[5]", default=False)
    watchdog_pretimeout: bool = at("1[3]", default=False)
    event_message_buffer: bool = at("1[1]", "empties the buffer", default=False)
    receive_message_queue: bool = at("1[0]", "flushes the whole queue", default=False)


class GetMessageFlagsResponse(Response):
    """What waits for the system's software (Table 22-5)."""

    oem_2: bool = at("2[7]", default=False)
    oem_1: bool = at("2[6]", default=False)
    oem_0: bool = at("2[5]", default=False)
    watchdog_pretimeout: bool = at("2[3]", "pre-timeout interrupt occurred")
    event_message_buffer_full: bool = at("2[1]", "0 too where the buffer is disabled")
    receive_message_available: bool = at("2[0]")


@command(NetFn.APP, 0x31, section="22.4", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY)
class GetMessageFlags(Request[GetMessageFlagsResponse]):
    """Ask what waits for the system's software."""


class EnableMessageChannelReceiveResponse(Response):
    """Whether the channel's messages are taken (Table 22-6)."""

    channel: int = at("2[3:0]")
    enabled: bool = at("3[0]")


@command(NetFn.APP, 0x32, section="22.5", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY)
class EnableMessageChannelReceive(Request[EnableMessageChannelReceiveResponse]):
    """Take messages from a channel into the Receive Message Queue, or take none."""

    channel: int = at("1[3:0]")
    state: ReceiveState = at("2[1:0]")


class GetMessageResponse(Response):
    """The oldest message of the queue (Table 22-7)."""

    privilege: Privilege = at("2[7:4]", "inferred level of the sender; 0 = none, session-less")
    channel: int = at("2[3:0]", "that it came from")
    data: bytes = at("3:", "laid out by that channel's protocol (Table 22-8)")


@command(NetFn.APP, 0x33, section="22.6", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY)
class GetMessage(Request[GetMessageResponse]):
    """Take the oldest message from the Receive Message Queue."""

    QUEUE_EMPTY = CompletionCode(0x80, "data not available: queue empty")


class SendMessageResponse(Response):
    """Sent on (Table 22-9)."""

    data: bytes = at("2:", "of the answer, where the BMC waits for it", default=b"")


@command(NetFn.APP, 0x34, section="22.7", privilege=Privilege.USER)
class SendMessage(Request[SendMessageResponse]):
    """Send a message out on another channel; at User level to the system interface only."""

    INVALID_SESSION_HANDLE = CompletionCode(0x80, "invalid session handle")
    LOST_ARBITRATION = CompletionCode(0x81, "lost arbitration")
    BUS_ERROR = CompletionCode(0x82, "bus error")
    NAK_ON_WRITE = CompletionCode(0x83, "NAK on write")

    tracking: Tracking = at("1[7:6]", default=Tracking.NO_TRACKING)
    encrypted: bool = at("1[5]", "for session channels", default=False)
    authenticated: bool = at("1[4]", "for session channels", default=False)
    channel: int = at("1[3:0]")
    message: bytes = at("2:", "laid out by that channel's protocol (Table 22-10)")


class ReadEventMessageBufferResponse(Response):
    """The event that the buffer held (Table 22-11)."""

    event: bytes = at("2:17", "a SEL record; its ID FFFFh where the event is not in the SEL")


@command(NetFn.APP, 0x35, section="22.8", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY)
class ReadEventMessageBuffer(Request[ReadEventMessageBufferResponse]):
    """Take the event from the Event Message Buffer."""

    BUFFER_EMPTY = CompletionCode(0x80, "data not available: buffer empty")


class GetBtInterfaceCapabilitiesResponse(Response):
    """Sizes and patience of the BT interface (Table 22-13)."""

    outstanding_requests: int = at("2", "1-255")
    input_buffer_size: int = at("3", "bytes of a request, length byte not counted")
    output_buffer_size: int = at("4", "bytes of a response, length byte not counted")
    response_time: int = at("5", "seconds, 30 at most")
    retries: int = at("6", "recommended; 0 = none")


@command(NetFn.APP, 0x36, section="22.10", privilege=Privilege.USER)
class GetBtInterfaceCapabilities(Request[GetBtInterfaceCapabilitiesResponse]):
    """Ask how the BT interface is to be used."""


class GetSystemInterfaceCapabilitiesResponse(Response):
    """How messages cross a system interface (Table 22-12)."""

    transactions: SsifTransactions = at("3[7:6]", "SSIF only", default=SsifTransactions.SINGLE_PART)
    pec: bool = at("3[3]", "SSIF only: packet error codes are supported", default=False)
    version: int = at("3[2:0]", "000b = version 1", default=0)
    input_size: int = at("4", "bytes of the longest request, from its NetFn on")
    output_size: int | None = at("5", "SSIF only: bytes of the longest response", default=None)


@command(NetFn.APP, 0x57, section="22.9", privilege=Privilege.USER)
class GetSystemInterfaceCapabilities(Request[GetSystemInterfaceCapabilitiesResponse]):
    """Ask how messages cross a system interface."""

    interface_type: InterfaceType = at("1[3:0]")
