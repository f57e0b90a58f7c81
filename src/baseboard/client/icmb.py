"""`bmc.icmb`: the bridge to other chassis, and the controllers in them (§8, ICMB v1.0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from baseboard.codes import completion_text
from baseboard.commands.bridge.bridging import BridgeMessage, BridgeRequest, ErrorReport
from baseboard.commands.bridge.discovery import (
    GetAddresses,
    GetChassisDeviceId,
    PrepareForDiscovery,
    SetChassisDeviceId,
    SetDiscovered,
)
from baseboard.commands.bridge.events import (
    GetEventCount,
    GetEventDestination,
    GetEventReceptionState,
    IcmbEvent,
    SendIcmbEventMessage,
    SetEventDestination,
    SetEventReceptionState,
)
from baseboard.commands.bridge.management import (
    BridgeState,
    ClearBridgeStatistics,
    GetBridgeProxyAddress,
    GetBridgeProxyAddressResponse,
    GetBridgeState,
    GetBridgeStatistics,
    GetIcmbAddress,
    GetIcmbCapabilities,
    GetIcmbCapabilitiesResponse,
    GetIcmbConnectionId,
    GetIcmbConnectorInfo,
    SendIcmbConnectionId,
    SetBridgeProxyAddress,
    SetBridgeState,
    SetIcmbAddress,
    StatisticsSelector,
)
from baseboard.errors import DecodeError, completion_error

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")

BMC_ADDRESS: Final = 0x20
EVERYBODY: Final = 0xFFFF
_MOST_ROUNDS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeStatistics:
    """What a bridge has counted; each counter stops at 65535."""

    runt_commands: int = 0
    bad_commands: int = 0
    spurious_responses: int = 0
    sent: int = 0
    received: int = 0
    other_addresses: int = 0
    runt_packets: int = 0
    bad_checksums: int = 0
    unknown_types: int = 0
    not_start: int = 0
    restarts: int = 0
    arbitration_wins: int = 0
    arbitration_losses: int = 0


_COMMANDS: Final = ("runt_commands", "bad_commands", "spurious_responses")
_PACKETS: Final = (
    "sent", "received", "other_addresses", "runt_packets", "bad_checksums", "unknown_types", "not_start",
    "restarts", "arbitration_wins", "arbitration_losses",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """A connector of the bridge.

    Attributes:
        number: by which it is asked about.
        kind: its type.
    """

    number: int
    kind: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionId:
    """What a connection is called."""

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherChassis:
    """A chassis that was discovered.

    Attributes:
        address: of its bridge on the ICMB.
        device: slave address of its chassis device, 8 bits.
    """

    address: int
    device: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReception:
    """What the bridge does with event messages of others.

    Attributes:
        enabled: it takes them.
        slave_address: of who gets them; None if it does not tell.
        lun: of who gets them; None if it does not tell.
    """

    enabled: bool
    slave_address: int | None
    lun: int | None


class Icmb:
    """The ICMB bridge of a controller.

    >>> for chassis in await bmc.icmb.discover():  # doctest: +SKIP
    ...     print(f"{chassis.address:04X}h", await bmc.icmb.execute(chassis.address, GetDeviceId()))
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    # ---- the bridge

    async def state(self) -> BridgeState:
        """Ask what the bridge is doing.

        Raises:
            CompletionError: C1h, there is no bridge.
        """
        return (await self._bmc.execute(GetBridgeState())).state

    async def switch(self, *, on: bool) -> None:
        """Switch the bridge on or off."""
        state = BridgeState.ENABLED if on else BridgeState.DISABLED
        await self._bmc.execute(SetBridgeState(state=state))

    async def address(self) -> int:
        """Ask for its address on the ICMB; 0 = it has none."""
        return (await self._bmc.execute(GetIcmbAddress())).address

    async def set_address(self, address: int) -> None:
        """Give it an address; 0 = it looks for a free one."""
        await self._bmc.execute(SetIcmbAddress(address=address))

    async def proxy(self) -> GetBridgeProxyAddressResponse:
        """Ask for which controller it stands in, and under which address."""
        return await self._bmc.execute(GetBridgeProxyAddress())

    async def set_proxy(self, address: int, slave_address: int, lun: int = 0) -> None:
        """Have it stand in for a controller on its IPMB, under an ICMB address of its own; 0 = for none."""
        await self._bmc.execute(
            SetBridgeProxyAddress(icmb_address=address, slave_address=slave_address, lun=lun)
        )

    async def capabilities(self) -> GetIcmbCapabilitiesResponse:
        """Ask which specification it follows."""
        return await self._bmc.execute(GetIcmbCapabilities())

    async def statistics(self) -> BridgeStatistics:
        """Ask what it has counted."""
        found: dict[str, int] = {}
        for selector, names in (
            (StatisticsSelector.COMMANDS, _COMMANDS),
            (StatisticsSelector.PACKETS, _PACKETS),
        ):
            answer = await self._bmc.execute(GetBridgeStatistics(selector=selector))
            found |= {name: counter.value for name, counter in zip(names, answer.counters, strict=False)}
        return BridgeStatistics(**found)

    async def clear_statistics(self) -> None:
        """Have it count from 0."""
        await self._bmc.execute(ClearBridgeStatistics())

    async def connectors(self) -> list[Connector]:
        """List its connectors."""
        found: list[Connector] = []
        while True:
            answer = await self._bmc.execute(GetIcmbConnectorInfo(numeric_id=len(found)))
            found.append(
                Connector(number=len(found), kind=answer.connector_type, name=answer.id_string.rstrip("\0"))
            )
            if len(found) >= answer.connectors:
                return found

    async def connection(self) -> ConnectionId:
        """Ask which connection it is at."""
        answer = await self._bmc.execute(GetIcmbConnectionId())
        return ConnectionId(number=answer.numeric_id, name=answer.id_string.rstrip("\0"))

    async def exchange(self, address: int, number: int, name: str) -> ConnectionId:
        """Tell another bridge a connection ID, and learn the one that it had.

        Raises:
            CompletionError: refused, by this bridge or by the other.
        """
        request = SendIcmbConnectionId(address=address, numeric_id=number, id_string=name)
        answer = await self._bmc.execute(request)
        _checked(answer.remote_code)
        return ConnectionId(number=answer.numeric_id or 0, name=(answer.id_string or "").rstrip("\0"))

    # ---- other chassis

    async def discover(self) -> list[OtherChassis]:
        """Find all other chassis: bridges are asked until none says its address any more.

        Raises:
            CompletionError: refused, by this bridge or by one that was found.
        """
        await self._bmc.execute(PrepareForDiscovery())
        found: list[OtherChassis] = []
        for _ in range(_MOST_ROUNDS):
            answer = await self._bmc.execute(GetAddresses())
            if not answer.addresses:
                break
            for address in (one.address for one in answer.addresses):
                await self.bridge(address, SetDiscovered())
                device = await self.bridge(address, GetChassisDeviceId())
                found.append(OtherChassis(address=address, device=device.address << 1))
        return found

    async def chassis_device(self) -> int:
        """Ask for the slave address of this chassis' chassis device, 8 bits."""
        return (await self._bmc.execute(GetChassisDeviceId())).address << 1

    async def set_chassis_device(self, slave_address: int) -> None:
        """Say which controller takes the chassis commands."""
        await self._bmc.execute(SetChassisDeviceId(address=slave_address >> 1))

    async def set_discovered(self) -> None:
        """Have this bridge keep silent when others look for it."""
        await self._bmc.execute(SetDiscovered())

    async def bridge(self, address: int, request: Request[R]) -> R:
        """Have another bridge carry out a command of its own.

        Args:
            request: one of the network function Bridge.

        Raises:
            CompletionError: refused, by this bridge or by the other.
        """
        answer = await self._bmc.execute(
            BridgeRequest(address=address, bridge_command=request.command.cmd, data=request.encode())
        )
        _checked(answer.remote_code)
        response: Any = request.command.response.decode(answer.data)
        return response  # type: ignore[no-any-return]  # the registry pairs each request with its response

    async def request(
        self,
        address: int,
        netfn: int,
        cmd: int,
        data: bytes = b"",
        *,
        slave_address: int = BMC_ADDRESS,
        lun: int = 0,
    ) -> bytes:
        """Ask a controller in another chassis.

        Returns: its completion code and what follows it.

        Raises:
            CompletionError: refused by a bridge on the way.
        """
        answer = await self._bmc.execute(
            BridgeRequest(
                address=address,
                bridge_command=BridgeRequest.command.cmd,
                data=_message(slave_address, netfn, lun, cmd, data),
            )
        )
        _checked(answer.remote_code)
        if not answer.data:
            raise DecodeError("BridgeRequest: no answer of the controller in that of its bridge")
        return answer.data

    async def execute(
        self, address: int, request: Request[R], *, slave_address: int = BMC_ADDRESS, lun: int = 0
    ) -> R:
        """Have a controller in another chassis carry out a declared command.

        Raises:
            CompletionError: refused, by a bridge on the way or by the controller.
        """
        known = request.command
        body = request.encode() if known.group is None else bytes((known.group,)) + request.encode()
        answer = await self.request(
            address, known.netfn, known.cmd, body, slave_address=slave_address, lun=lun
        )
        _checked(answer[0])
        response: Any = known.response.decode(answer[1 if known.group is None else 2 :])
        return response  # type: ignore[no-any-return]  # the registry pairs each request with its response

    async def tell(
        self,
        address: int,
        netfn: int,
        cmd: int,
        data: bytes = b"",
        *,
        slave_address: int = BMC_ADDRESS,
        lun: int = 0,
    ) -> None:
        """Send a request to another chassis, or with `EVERYBODY` to all, without waiting for an answer."""
        await self._bmc.execute(
            BridgeMessage(
                address=address,
                bridge_command=BridgeRequest.command.cmd,
                data=_message(slave_address, netfn, lun, cmd, data),
            )
        )

    async def report_error(self) -> None:
        """Tell the bridge that what it sent was no command."""
        await self._bmc.execute(ErrorReport())

    # ---- events

    async def event_count(self) -> int:
        """Ask how many event messages came, modulo 256."""
        return (await self._bmc.execute(GetEventCount())).count

    async def event_destination(self) -> int:
        """Ask which bridge event messages go to; 0 = to none."""
        return (await self._bmc.execute(GetEventDestination())).address

    async def set_event_destination(self, address: int) -> None:
        """Say which bridge event messages go to; 0 = to none, `EVERYBODY` to all."""
        await self._bmc.execute(SetEventDestination(address=address))

    async def event_reception(self) -> EventReception:
        """Ask what becomes of event messages of others."""
        answer = await self._bmc.execute(GetEventReceptionState())
        return EventReception(enabled=answer.enabled, slave_address=answer.slave_address, lun=answer.lun)

    async def set_event_reception(
        self, *, enabled: bool, slave_address: int = BMC_ADDRESS, lun: int = 0
    ) -> None:
        """Say whether event messages of others are taken, and who gets them."""
        await self._bmc.execute(SetEventReceptionState(enabled=enabled, slave_address=slave_address, lun=lun))

    async def send_event(self, event: IcmbEvent) -> None:
        """Send an event message to the event destination."""
        await self._bmc.execute(SendIcmbEventMessage(event=event), retry=False)


def _message(slave_address: int, netfn: int, lun: int, cmd: int, data: bytes) -> bytes:
    return bytes((slave_address, netfn << 2 | lun, cmd)) + data


def _checked(code: int) -> None:
    if code:
        raise completion_error(code, completion_text(code))
