"""A LAN channel: its configuration, its ARPs, its statistics (§23)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.commands.parameters.lan import LanParameter
from baseboard.wire import Unknown, at


class SetLanConfigurationParametersResponse(Response):
    """The parameter is set (Table 23-2)."""


@command(NetFn.TRANSPORT, 0x01, section="23.1", privilege=Privilege.ADMINISTRATOR)
class SetLanConfigurationParameters(Request[SetLanConfigurationParametersResponse]):
    """Write one LAN parameter."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")
    IN_PROGRESS = CompletionCode(0x81, "another party is setting parameters")
    READ_ONLY = CompletionCode(0x82, "parameter is read-only")
    WRITE_ONLY = CompletionCode(0x83, "parameter is write-only")

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    parameter: LanParameter | Unknown = at("2:", "selector byte, then its data")


class GetLanConfigurationParametersResponse(Response):
    """One LAN parameter (Table 23-3)."""

    revision: int = at("2", "[7:4] present, [3:0] oldest that it is compatible with", default=0x11)
    data: bytes = at("3:", "absent where only the revision was asked for", default=b"")


@command(NetFn.TRANSPORT, 0x02, section="23.2", privilege=Privilege.OPERATOR)
class GetLanConfigurationParameters(Request[GetLanConfigurationParametersResponse]):
    """Read one LAN parameter, or its revision."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")

    revision_only: bool = at("1[7]", default=False)
    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    selector: int = at("2")
    set_selector: int = at("3", default=0)
    block_selector: int = at("4", default=0)

    def parameter(self, response: GetLanConfigurationParametersResponse) -> LanParameter | Unknown:
        """What the data say that answered this request.

        Raises:
            DecodeError: they are not the parameter's.
        """
        return LanParameter.parse(self.selector, response.data)


class SuspendBmcArpsResponse(Response):
    """Which ARPs occur now (Table 23-6)."""

    arp_responses: bool = at("2[1]")
    gratuitous_arps: bool = at("2[0]")


@command(NetFn.TRANSPORT, 0x03, section="23.3", privilege=Privilege.ADMINISTRATOR)
class SuspendBmcArps(Request[SuspendBmcArpsResponse]):
    """Let the BMC keep still while the watchdog timer runs, for an operating system that does its ARPs."""

    channel: int = at("1[3:0]", default=0xE)
    suspend_arp_responses: bool = at("2[1]", default=False)
    suspend_gratuitous_arps: bool = at("2[0]", default=False)


class GetIpUdpRmcpStatisticsResponse(Response):
    """Counters that stop at FFFFh (Table 23-7)."""

    ip_packets_received: int = at("2:3")
    ip_header_errors: int = at("4:5")
    ip_address_errors: int = at("6:7")
    ip_fragments_received: int = at("8:9")
    ip_packets_transmitted: int = at("10:11")
    udp_packets_received: int = at("12:13")
    rmcp_packets_received: int = at("14:15", "valid ones")
    proxy_packets_received: int = at("16:17", "UDP proxy")
    proxy_packets_dropped: int = at("18:19", "UDP proxy")


@command(NetFn.TRANSPORT, 0x04, section="23.4", privilege=Privilege.USER, name="Get IP/UDP/RMCP Statistics")
class GetIpUdpRmcpStatistics(Request[GetIpUdpRmcpStatisticsResponse]):
    """Read the counters of a LAN channel."""

    channel: int = at("1[3:0]", default=0xE)
    clear: bool = at("2[0]", "once read", default=False)
