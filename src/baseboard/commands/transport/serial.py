"""A serial/modem channel: its configuration, its mux, callback (§25.1-25.4, §25.9-25.13)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Interfaces, Request, Response, command
from baseboard.commands.parameters.serial import CallbackKinds, CbcpOptions, SerialParameter
from baseboard.wire import OpenEnum, Unknown, at


class SetSerialModemConfigurationResponse(Response):
    """The parameter is set (Table 25-2)."""


@command(
    NetFn.TRANSPORT, 0x10, section="25.1", privilege=Privilege.ADMINISTRATOR,
    name="Set Serial/Modem Configuration",
)  # fmt: skip
class SetSerialModemConfiguration(Request[SetSerialModemConfigurationResponse]):
    """Write one serial/modem parameter."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")
    IN_PROGRESS = CompletionCode(0x81, "another party is setting parameters")
    READ_ONLY = CompletionCode(0x82, "parameter is read-only")
    WRITE_ONLY = CompletionCode(0x83, "parameter is write-only")

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    parameter: SerialParameter | Unknown = at("2:", "selector byte, then its data")


class GetSerialModemConfigurationResponse(Response):
    """One serial/modem parameter (Table 25-3)."""

    revision: int = at("2", "[7:4] present, [3:0] oldest that it is compatible with", default=0x11)
    data: bytes = at("3:", "absent where only the revision was asked for", default=b"")


@command(
    NetFn.TRANSPORT, 0x11, section="25.2", privilege=Privilege.OPERATOR,
    name="Get Serial/Modem Configuration",
)  # fmt: skip
class GetSerialModemConfiguration(Request[GetSerialModemConfigurationResponse]):
    """Read one serial/modem parameter, or its revision."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")

    revision_only: bool = at("1[7]", default=False)
    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    selector: int = at("2")
    set_selector: int = at("3", default=0)
    block_selector: int = at("4", default=0)

    def parameter(self, response: GetSerialModemConfigurationResponse) -> SerialParameter | Unknown:
        """What the data say that answered this request.

        Raises:
            DecodeError: they are not the parameter's.
        """
        return SerialParameter.parse(self.selector, response.data)


class MuxSetting(OpenEnum):
    """What is to become of the mux (Table 25-5)."""

    GET_STATUS = 0
    REQUEST_TO_SYSTEM = 1
    REQUEST_TO_BMC = 2
    FORCE_TO_SYSTEM = 3
    FORCE_TO_BMC = 4
    BLOCK_TO_SYSTEM = 5
    ALLOW_TO_SYSTEM = 6
    BLOCK_TO_BMC = 7
    ALLOW_TO_BMC = 8


class SetSerialModemMuxResponse(Response):
    """Who has the line, and what became of the request (Table 25-5)."""

    to_system_blocked: bool = at("2[7]", "requests to switch to the system")
    to_bmc_blocked: bool = at("2[6]", "requests to switch to the BMC")
    alert_in_progress: bool = at("2[3]")
    messaging_active: bool = at("2[2]", "IPMI or OEM messaging")
    accepted: bool = at("2[1]", "or forced; a rejected request completes with 00h too")
    at_bmc: bool = at("2[0]", "0 = the mux is switched to the system")


@command(
    NetFn.TRANSPORT, 0x12, section="25.3", privilege=Privilege.OPERATOR, name="Set Serial/Modem Mux"
)  # fmt: skip
class SetSerialModemMux(Request[SetSerialModemMuxResponse]):
    """Switch a shared line between system and BMC, or ask who has it."""

    channel: int = at("1[3:0]", default=0xE)
    setting: MuxSetting = at("2[3:0]", default=MuxSetting.GET_STATUS)


class GetTapResponseCodesResponse(Response):
    """Response codes of the last page, three characters each, the newest first (Table 25-6)."""

    newest: bytes = at("2:4", "'000' = none yet")
    second: bytes = at("5:7")
    third: bytes = at("8:10")
    fourth: bytes = at("11:13")
    oldest: bytes = at("14:16")


@command(
    NetFn.TRANSPORT, 0x13, section="25.4", privilege=Privilege.USER, name="Get TAP Response Codes"
)  # fmt: skip
class GetTapResponseCodes(Request[GetTapResponseCodesResponse]):
    """Ask what a paging service said last."""

    channel: int = at("1[3:0]", default=0xE)


class ConnectionState(OpenEnum):
    """What the BMC tells a console of the line (Table 25-15)."""

    NO_SESSION = 0
    SESSION_ACTIVE = 1
    SWITCHING_TO_SYSTEM = 2


class SerialModemConnectionActiveResponse(Response):
    """Noted; the BMC goes on without it."""


@command(
    NetFn.TRANSPORT, 0x18, section="25.9", session_less=True, interfaces=Interfaces.BMC_GENERATED,
    name="Serial/Modem Connection Active",
)  # fmt: skip
class SerialModemConnectionActive(Request[SerialModemConnectionActiveResponse]):
    """Tell a console that the BMC has the line; sent back, it acknowledges a switch (Table 25-15)."""

    state: ConnectionState = at("1[3:0]")
    ipmi_version: int = at("2", "51h = 1.5, 02h = 2.0", default=0x02)


class CallbackResponse(Response):
    """The BMC will call (Table 25-16)."""


@command(NetFn.TRANSPORT, 0x19, section="25.10", privilege=Privilege.CALLBACK)
class Callback(Request[CallbackResponse]):
    """Have the BMC call a destination and wait for a login there; every level but User may."""

    ALERT_IN_PROGRESS = CompletionCode(0x81, "an alert is in progress on this channel")
    SESSION_ACTIVE = CompletionCode(0x82, "IPMI messaging is active on this channel")

    channel: int = at("1[3:0]", default=0xE)
    destination: int = at("2[3:0]", "of parameter 17, of a callback type")


class SetUserCallbackOptionsResponse(Response):
    """The options are set (Table 25-17)."""


@command(NetFn.TRANSPORT, 0x1A, section="25.11", privilege=Privilege.ADMINISTRATOR)
class SetUserCallbackOptions(Request[SetUserCallbackOptionsResponse]):
    """Say how a user may be called back."""

    user_id: int = at("1[5:0]", "0 and 1 reserved")
    channel: int = at("2[3:0]", default=0xE)
    kinds: CallbackKinds = at("3[1:0]")
    cbcp: CbcpOptions = at("4[3:0]", default=CbcpOptions(0))
    destination_1: int = at("5", "destination selector; FFh = unspecified", default=0xFF)
    destination_2: int = at("6", default=0xFF)
    destination_3: int = at("7", default=0xFF)


class GetUserCallbackOptionsResponse(Response):
    """How a user may be called back (Table 25-18)."""

    kinds: CallbackKinds = at("2[1:0]")
    cbcp: CbcpOptions = at("3[3:0]")
    destination_1: int = at("4", "FFh = unspecified")
    destination_2: int = at("5")
    destination_3: int = at("6")


@command(NetFn.TRANSPORT, 0x1B, section="25.12", privilege=Privilege.USER)
class GetUserCallbackOptions(Request[GetUserCallbackOptionsResponse]):
    """Ask how a user may be called back."""

    user_id: int = at("1[5:0]")
    channel: int = at("2[3:0]", default=0xE)


class SetSerialRoutingMuxResponse(Response):
    """The routing in force."""

    entry: int = at("2", "of parameter 51")


@command(
    NetFn.TRANSPORT, 0x1C, section="25.13", privilege=Privilege.ADMINISTRATOR,
    unverified="request and response: no readable source has them",
)  # fmt: skip
class SetSerialRoutingMux(Request[SetSerialRoutingMuxResponse]):
    """Choose which entry of parameter 51 holds: what a connector leads to."""

    channel: int = at("1[3:0]", default=0xE)
    get_only: bool = at("2[7]", "tell which one holds, change nothing", default=False)
    entry: int = at("2[6:0]", "of parameter 51", default=0)
