"""`bmc.lan`: the LAN parameters of a channel (§23), written in the order that every controller bears."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Final

from baseboard.client.parameters import Parameters, Reading
from baseboard.codes import Cc
from baseboard.commands.parameters.lan import (
    AddressSource,
    BackupGatewayAddress,
    DefaultGatewayAddress,
    DefaultGatewayMacAddress,
    DestinationAddresses,
    DestinationType,
    DestinationVlanTags,
    IpAddress,
    IpAddressSource,
    LanParameter,
    NumberOfDestinations,
    SetInProgress,
    SubnetMask,
    VlanFormat,
    VlanId,
    VlanPriority,
)
from baseboard.commands.transport.lan import (
    GetIpUdpRmcpStatistics,
    GetIpUdpRmcpStatisticsResponse,
    GetLanConfigurationParameters,
    SetLanConfigurationParameters,
    SuspendBmcArps,
    SuspendBmcArpsResponse,
)
from baseboard.errors import CompletionError

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.commands.parameters.lan_ipv6 import Ipv6DynamicAddress, Ipv6StaticAddress
    from baseboard.wire import Unknown

HERE: Final = 0xE
LAST_IPV4: Final = 26
VOLATILE_VLAN: Final = 20
PER_DESTINATION: Final = (DestinationType, DestinationAddresses, DestinationVlanTags)

ORDER: Final = (
    IpAddressSource.selector,
    IpAddress.selector,
    SubnetMask.selector,
    BackupGatewayAddress.selector,
    DefaultGatewayMacAddress.selector,
    DefaultGatewayAddress.selector,
)
"""Source first, since under DHCP the rest is refused; the gateway last.

QUIRK Q-LANMASKGW Inventec: setting the mask changes the gateway.
"""

_IPV6_SINGLE: Final = (50, 51, 52, 53, 54, 55, 57, 60, 62, 64, *range(65, 74), 78, 79)


class LanSettings:
    """The LAN parameters of a controller's channels; `channel` gives those of one."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc
        self._known: dict[int, LanChannel] = {}

    def channel(self, number: int = HERE) -> LanChannel:
        """Give one channel's parameters; Eh = that which requests come in on."""
        return self._known.setdefault(number, LanChannel(self._bmc, number))

    async def first(self) -> LanChannel | None:
        """Give the parameters of the first LAN channel; None if there is none."""
        number = await self._bmc.channels.lan()
        return None if number is None else self.channel(number)

    async def read_all(self, channel: int = HERE) -> Reading[LanParameter]:
        """See `LanChannel.read_all`."""
        return await self.channel(channel).read_all()


class LanChannel(Parameters[LanParameter]):
    """The LAN parameters of one channel.

    Attributes:
        channel: which; Eh = the one that requests come in on.
    """

    def __init__(self, bmc: Bmc, channel: int = HERE) -> None:
        self.channel = channel
        super().__init__(
            bmc, LanParameter, self._fetched, self._stored, lambda state: SetInProgress(state=state)
        )

    # ---- reading

    async def read_all(self, *, destinations: bool = False, ipv6: bool = False) -> Reading[LanParameter]:
        """Read everything that the controller has; what it has not is named in ``missing``.

        Args:
            destinations: also the alert destinations.
            ipv6: also parameters 50-80.
        """
        tables = {kind.selector for kind in PER_DESTINATION}
        reading = await self.read((number, 0) for number in range(LAST_IPV4 + 1) if number not in tables)
        if destinations:
            count = reading.get(NumberOfDestinations)
            last = 0 if count is None else count.count
            wanted = [(kind.selector, number) for number in range(last + 1) for kind in PER_DESTINATION]
            await self.read(wanted, reading)
        if ipv6:
            await self.read_ipv6(reading)
        return reading

    async def read_ipv6(self, into: Reading[LanParameter] | None = None) -> Reading[LanParameter]:
        """Read the IPv6 parameters, tables as far as the controller says that they go."""
        from baseboard.commands.parameters.lan_ipv6 import (
            Ipv6DynamicAddress,
            Ipv6StaticAddress,
            Ipv6Status,
            Ipv6Support,
        )

        reading = await self.read([(Ipv6Support.selector, 0)], into)
        if reading.get(Ipv6Support) is None:
            return reading
        await self.read(((number, 0) for number in _IPV6_SINGLE[1:]), reading)
        status = reading.get(Ipv6Status)
        if status is None:
            return reading
        static = [(Ipv6StaticAddress.selector, number) for number in range(status.static_addresses)]
        dynamic = [(Ipv6DynamicAddress.selector, number) for number in range(status.dynamic_addresses)]
        return await self.read([*static, *dynamic], reading)

    async def ipv6_addresses(self) -> tuple[list[Ipv6StaticAddress], list[Ipv6DynamicAddress]]:
        """Give the static and the dynamic IPv6 addresses."""
        from baseboard.commands.parameters.lan_ipv6 import Ipv6DynamicAddress, Ipv6StaticAddress

        reading = await self.read_ipv6()
        return reading.all(Ipv6StaticAddress), reading.all(Ipv6DynamicAddress)

    async def statistics(self, *, clear: bool = False) -> GetIpUdpRmcpStatisticsResponse:
        """Read the counters of the channel, and clear them if asked."""
        return await self._bmc.execute(GetIpUdpRmcpStatistics(channel=self.channel, clear=clear))

    async def suspend_arps(
        self, *, responses: bool = False, gratuitous: bool = False
    ) -> SuspendBmcArpsResponse:
        """Have the controller keep still while the watchdog timer runs."""
        request = SuspendBmcArps(
            channel=self.channel, suspend_arp_responses=responses, suspend_gratuitous_arps=gratuitous
        )
        return await self._bmc.execute(request)

    # ---- changing

    async def change(
        self, parameters: Iterable[LanParameter], *, verify: bool = True, break_lock: bool = False
    ) -> None:
        """Write parameters in the order that every controller bears, and read them back.

        Raises:
            CompletionError: refused; 82h: it cannot be written (some controllers say 80h or D5h).
            NoEffect: acknowledged, and not what one reads back.
        """
        ordered = sorted(parameters, key=_place)
        await self.set(ordered, verify=verify, break_lock=break_lock)

    async def set_static(
        self,
        address: IPv4Address | str,
        mask: IPv4Address | str,
        gateway: IPv4Address | str | None = None,
        *,
        break_lock: bool = False,
    ) -> None:
        """Give the channel a fixed address.

        The answer to the write of an address that the session itself uses comes from the old one; what
        follows may need a new session.

        Raises:
            CompletionError: refused.
            NoEffect: acknowledged, and not what one reads back.
        """
        wanted: list[LanParameter] = [
            IpAddressSource(source=AddressSource.STATIC),
            IpAddress(address=IPv4Address(address)),
            SubnetMask(mask=IPv4Address(mask)),
        ]
        if gateway is None:
            # The mask may change the gateway: write again what is there now.
            present = await self.find(DefaultGatewayAddress)
            wanted += [] if present is None else [present]
        else:
            wanted.append(DefaultGatewayAddress(address=IPv4Address(gateway)))
        await self.change(wanted, break_lock=break_lock)

    async def set_source(self, source: AddressSource) -> None:
        """Say where the address comes from, such as DHCP."""
        await self.change([IpAddressSource(source=source)])

    async def set_vlan(self, vlan_id: int | None, priority: int | None = None) -> None:
        """Put the channel into a VLAN, or into none; sessions are then reached through that one only."""
        present = await self.get(VlanId)
        wanted: list[LanParameter] = [] if priority is None else [VlanPriority(priority=priority)]
        number = present.vlan_id if vlan_id is None else vlan_id
        wanted.append(VlanId(enabled=vlan_id is not None, vlan_id=number))
        await self.change(wanted)

    async def set_alert_vlan(self, destination: int, vlan_id: int | None, priority: int = 0) -> None:
        """Give alerts to a destination a tag of their own, or none; then they go as everything else does.

        ```python
        await bmc.lan.channel(1).set_alert_vlan(1, 200, priority=6)
        ```

        Raises:
            CompletionError: refused; C9h: there is no such destination.
        """
        tag = VlanFormat.NO_TAG if vlan_id is None else VlanFormat.TAG
        wanted = DestinationVlanTags(
            destination=destination, format=tag, vlan_id=vlan_id or 0, priority=priority
        )
        await self.set([wanted])

    async def set_ipv6_static(
        self, address: IPv6Address | str, prefix_length: int, *, entry: int = 0, enabled: bool = True
    ) -> None:
        """Set a static IPv6 address."""
        from baseboard.commands.parameters.lan_ipv6 import Ipv6StaticAddress

        parameter = Ipv6StaticAddress(
            set_selector=entry,
            enabled=enabled,
            address=IPv6Address(address),
            prefix_length=prefix_length,
        )
        # Its status, and on some controllers its source, are the controller's own: compared apart.
        await self.set([parameter], verify=False)
        back = await self.get(Ipv6StaticAddress, entry)
        if (back.address, back.prefix_length, back.enabled) != (
            parameter.address,
            prefix_length,
            enabled,
        ):
            from baseboard.errors import NoEffect

            raise NoEffect(f"IPv6 address {entry} was set to {parameter.address} and is {back.address}")

    async def _fetched(self, selector: int, set_selector: int, block_selector: int) -> bytes:
        request = GetLanConfigurationParameters(
            channel=self.channel,
            selector=selector,
            set_selector=set_selector,
            block_selector=block_selector,
        )
        return (await self._bmc.execute(request)).data

    async def _stored(self, parameter: LanParameter | Unknown) -> None:
        try:
            request = SetLanConfigurationParameters(channel=self.channel, parameter=parameter)
            await self._bmc.execute(request)
        except CompletionError as error:
            # QUIRK Q-READONLY Dell R610, Xyratex, Quanta S99Q: these codes, where Table 23-2 has 82h.
            read_only = isinstance(parameter, LanParameter) and parameter.selector in _OFTEN_READ_ONLY
            if read_only and error.code in {0x80, Cc.NOT_SUPPORTED_IN_STATE}:
                code = SetLanConfigurationParameters.READ_ONLY
                raise CompletionError(code, code.text) from error
            raise


_OFTEN_READ_ONLY: Final = frozenset({5, 10, 11, 13, 15})


def _place(parameter: LanParameter) -> tuple[int, int]:
    """Say when a parameter is written: addresses in their order, then everything else, the VLAN last."""
    selector = parameter.selector
    if selector in ORDER:
        return 0, ORDER.index(selector)
    return (2 if selector == VOLATILE_VLAN else 1), selector


__all__ = ["HERE", "LanChannel", "LanSettings"]
