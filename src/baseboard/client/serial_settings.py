"""`bmc.serial`: serial/modem channels: parameters, mux, callback, paging, UDP proxy (§25)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Final

from baseboard.client.parameters import Parameters, Reading
from baseboard.codes import Cc, ChannelMedium
from baseboard.commands.parameters import serial as p
from baseboard.commands.parameters import serial_dialing as d
from baseboard.commands.parameters import serial_ppp as ppp
from baseboard.commands.parameters.serial import CallbackKinds, CbcpOptions, SerialParameter
from baseboard.commands.transport.serial import (
    Callback,
    GetSerialModemConfiguration,
    GetTapResponseCodes,
    GetUserCallbackOptions,
    MuxSetting,
    SetSerialModemConfiguration,
    SetSerialModemMux,
    SetSerialModemMuxResponse,
    SetSerialRoutingMux,
    SetUserCallbackOptions,
)
from baseboard.commands.transport.serial_proxy import (
    GetPppUdpProxyReceiveData,
    GetPppUdpProxyTransmitData,
    SendPppUdpProxyPacket,
    SetPppUdpProxyTransmitData,
)
from baseboard.errors import CompletionError, NoEffect

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.wire import Unknown

HERE: Final = 0xE
BLOCK: Final = 16
"""Characters of a block of a string, bytes of one of the UDP proxy."""

MOST_BLOCKS: Final = 4
UNSPECIFIED: Final = 0xFF
BLOCKS: Final = frozenset((d.ModemInitString, d.DestinationDialString, d.SystemPhoneNumber))
"""Parameters that come in blocks, counted from 1."""

COUNTS: Final[dict[type[SerialParameter], type[SerialParameter]]] = {
    d.DestinationInfo: d.NumberOfAlertDestinations,
    d.DestinationCommSettings: d.NumberOfAlertDestinations,
    d.DestinationDialString: d.NumberOfDialStrings,
    d.DestinationIpAddress: d.NumberOfDestinationIpAddresses,
    **dict.fromkeys((d.TapAccount, d.TapPagerId, d.TapServiceSettings), d.NumberOfTapAccounts),
    **dict.fromkeys(
        (
            ppp.PppAccountDialString, ppp.PppAccountIpAddress, ppp.PppAccountUserName,
            ppp.PppAccountUserDomain, ppp.PppAccountAuthentication, ppp.PppAccountHoldTime,
        ),
        ppp.NumberOfPppAccounts,
    ),
}  # fmt: skip
"""Tables, and the parameter that tells how many entries they have besides entry 0."""

_ENTRIES: Final = (p.SystemSerialPortAssociation, p.SystemConnectorName, p.SystemSerialChannelName)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackOptions:
    """How a user may be called back.

    Attributes:
        ipmi: by the command Callback.
        cbcp: by what is agreed on over PPP.
        options: what may be agreed on.
        destinations: selectors of up to three destinations.
    """

    ipmi: bool
    cbcp: bool
    options: CbcpOptions
    destinations: tuple[int, ...]


class SerialSettings:
    """The serial channels of a controller; `channel` gives one.

    >>> line = await bmc.serial.first()                         # doctest: +SKIP
    >>> await line.change([ConnectionMode(direct=True, basic=True)])  # doctest: +SKIP
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc
        self._known: dict[int, SerialChannel] = {}

    def channel(self, number: int = HERE) -> SerialChannel:
        """Give one channel; Eh = that which requests come in on."""
        return self._known.setdefault(number, SerialChannel(self._bmc, number))

    async def first(self) -> SerialChannel | None:
        """Give the first serial channel; None if there is none."""
        for info in await self._bmc.channels.list():
            if info.medium == ChannelMedium.SERIAL:
                return self.channel(info.channel)
        return None


class SerialChannel(Parameters[SerialParameter]):
    """One serial channel.

    Attributes:
        channel: its number; Eh = the one that requests come in on.
    """

    def __init__(self, bmc: Bmc, channel: int = HERE) -> None:
        self.channel = channel
        super().__init__(
            bmc, SerialParameter, self._fetched, self._stored, lambda state: p.SetInProgress(state=state)
        )

    # ---- parameters

    async def read_all(self) -> list[SerialParameter]:
        """Read every parameter that the controller has, tables and strings entry by entry."""
        found: list[SerialParameter] = []
        singles = [
            kind
            for kind in _members()
            if not kind.write_only and kind not in COUNTS and kind not in BLOCKS and kind not in _ENTRIES
        ]
        reading: Reading[SerialParameter] = await self.read((kind.selector, 0) for kind in singles)
        found += [one for one in reading.parameters.values() if isinstance(one, SerialParameter)]
        for kind in _members():
            if kind in COUNTS or kind in BLOCKS or kind in _ENTRIES:
                found += [one async for one in self._entries(kind, found)]
        return sorted(found, key=lambda one: one.selector)

    async def read_kind(self, kind: type[SerialParameter]) -> list[SerialParameter]:
        """Read a parameter by its class: all entries of a table, all blocks of a string."""
        if kind in COUNTS or kind in BLOCKS or kind in _ENTRIES:
            return [one async for one in self._entries(kind, [])]
        return [await self.get(kind)]

    async def change(self, parameters: Iterable[SerialParameter]) -> None:
        """Write parameters under Set In Progress, and read back what can be read.

        Raises:
            CompletionError: refused; 82h: it cannot be written.
            NoEffect: acknowledged, and not what one reads back.
        """
        wanted = list(parameters)
        await self.set(wanted, verify=False)
        for parameter in wanted:
            await self._check(parameter)

    async def text(self, kind: type[SerialParameter], set_selector: int = 0) -> str:
        """Read a string, put together of its blocks.

        Args:
            set_selector: of a dial string, which one.
        """
        pieces: list[bytes] = []
        for block in range(1, MOST_BLOCKS + 1):
            found = await self.find(kind, set_selector, block)
            if found is None:
                break
            piece: bytes = getattr(found, "text")  # noqa: B009 - the three kinds of strings have it
            pieces.append(piece)
            if b"\0" in piece:
                break
        return b"".join(pieces).partition(b"\0")[0].decode("latin-1")

    async def set_text(self, kind: type[SerialParameter], text: str, set_selector: int = 0) -> None:
        """Write a string, in as many blocks as it takes, and end it.

        Raises:
            CompletionError: refused; C9h: it is too long.
        """
        data = text.encode("latin-1") + b"\0"
        for number, start in enumerate(range(0, len(data), BLOCK), 1):
            piece = data[start : start + BLOCK]
            head = bytes((set_selector, number)) if kind is d.DestinationDialString else bytes((number,))
            try:
                await self._stored(kind.decode(head + piece))
            except CompletionError as error:
                # A string that fills the last block that there is ends with it.
                if piece != b"\0" or error.code != Cc.PARAMETER_OUT_OF_RANGE:
                    raise

    # ---- the mux, and where the line leads

    async def mux(self, setting: MuxSetting = MuxSetting.GET_STATUS) -> SetSerialModemMuxResponse:
        """Switch the line between system and BMC, or ask who has it; look at ``accepted`` then."""
        return await self._bmc.execute(SetSerialModemMux(channel=self.channel, setting=setting))

    async def route(self, entry: int | None = None) -> int:
        """Choose an entry of parameter 51, or ask which one holds; the layout is an assumption."""
        request = SetSerialRoutingMux(channel=self.channel, get_only=entry is None, entry=entry or 0)
        return (await self._bmc.execute(request)).entry

    # ---- callback and paging

    async def call_back(self, destination: int) -> None:
        """Have the BMC call a destination, which ends a session over the same line."""
        await self._bmc.execute(Callback(channel=self.channel, destination=destination), retry=False)

    async def callback_options(self, user_id: int) -> CallbackOptions:
        """Ask how a user may be called back."""
        found = await self._bmc.execute(GetUserCallbackOptions(user_id=user_id, channel=self.channel))
        numbers = (found.destination_1, found.destination_2, found.destination_3)
        return CallbackOptions(
            ipmi=bool(found.kinds & CallbackKinds.IPMI),
            cbcp=bool(found.kinds & CallbackKinds.CBCP),
            options=found.cbcp,
            destinations=tuple(number for number in numbers if number != UNSPECIFIED),
        )

    async def set_callback_options(self, user_id: int, options: CallbackOptions) -> None:
        """Say how a user may be called back."""
        kinds = CallbackKinds.IPMI if options.ipmi else CallbackKinds(0)
        kinds |= CallbackKinds.CBCP if options.cbcp else CallbackKinds(0)
        first, second, third = (*options.destinations, *[UNSPECIFIED] * 3)[:3]
        await self._bmc.execute(
            SetUserCallbackOptions(
                user_id=user_id,
                channel=self.channel,
                kinds=kinds,
                cbcp=options.options,
                destination_1=first,
                destination_2=second,
                destination_3=third,
            )
        )

    async def tap_codes(self) -> tuple[str, ...]:
        """Ask what the paging service said in its last call, the newest first; without ``000``."""
        found = await self._bmc.execute(GetTapResponseCodes(channel=self.channel))
        codes = (found.newest, found.second, found.third, found.fourth, found.oldest)
        return tuple(code.decode("latin-1") for code in codes if code != b"000")

    # ---- the PPP UDP proxy, for the host's own software

    async def proxy_write(self, data: bytes) -> None:
        """Put the payload of a UDP packet into the BMC."""
        for number, start in enumerate(range(0, len(data), BLOCK), 1):
            await self._bmc.execute(
                SetPppUdpProxyTransmitData(
                    channel=self.channel, block=number, data=data[start : start + BLOCK]
                )
            )

    async def proxy_read(self, size: int) -> bytes:
        """Read back that many bytes of what was put there."""
        data = b""
        for number in range(1, -(-size // BLOCK) + 1):
            request = GetPppUdpProxyTransmitData(channel=self.channel, block=number)
            data += (await self._bmc.execute(request)).data
        return data[:size]

    async def proxy_send(
        self,
        size: int,
        destination: IPv4Address | str,
        port: int,
        *,
        source: IPv4Address | str = "0.0.0.0",  # noqa: S104 - the BMC's own address on the link
        source_port: int = 0,
    ) -> None:
        """Have it sent over the PPP link.

        Raises:
            CompletionError: 80h, the link is not up; 81h, IP is not up on it.
        """
        await self._bmc.execute(
            SendPppUdpProxyPacket(
                channel=self.channel,
                source_port=source_port,
                destination_port=port,
                source=IPv4Address(source),
                destination=IPv4Address(destination),
                size=size,
            ),
            retry=False,
        )

    async def proxy_receive(self, *, clear: bool = True) -> bytes:
        """Take the packet that came for the host, from its IP header on; empty if there is none.

        Args:
            clear: make room for the next one.
        """
        try:
            length = await self._bmc.execute(GetPppUdpProxyReceiveData(channel=self.channel))
        except CompletionError as error:
            if error.code != GetPppUdpProxyReceiveData.NO_PACKET:
                raise
            return b""
        size = int.from_bytes(length.data[:2], "little")
        blocks, data = -(-size // BLOCK), b""
        for number in range(1, blocks + 1):
            last = clear and number == blocks
            request = GetPppUdpProxyReceiveData(channel=self.channel, block=number, clear=last)
            data += (await self._bmc.execute(request)).data
        return data[:size]

    # ---- inside

    async def _entries(
        self, kind: type[SerialParameter], known: list[SerialParameter]
    ) -> AsyncIterator[SerialParameter]:
        """The entries of a table, and of each the blocks, as far as there are any."""
        counting = COUNTS.get(kind)
        last = 0
        if counting is not None:
            counted = next((one for one in known if type(one) is counting), None) or await self.find(counting)
            last = int(getattr(counted, "count", 0))
        elif kind in _ENTRIES:
            last = BLOCK
        for number in range(last + 1):
            some = False
            for block in range(1, MOST_BLOCKS + 1) if kind in BLOCKS else (0,):
                found = await self.find(kind, number, block)
                if found is None:
                    break
                some = True
                yield found
            if not some:
                return

    async def _check(self, parameter: SerialParameter) -> None:
        """Compare with what one reads back; strings come padded, and parameter 29 without its operation."""
        kind = type(parameter)
        operation = getattr(parameter, "operation", p.TerminalOperation.SET_VOLATILE)
        if kind.write_only or kind is p.SetInProgress or operation != p.TerminalOperation.SET_VOLATILE:
            return
        data = parameter.encode()
        block = int(getattr(parameter, "block_selector", 0))
        names: tuple[str, ...] = kind.__match_args__
        first = next(iter(names), "")
        set_selector = data[0] if first in ("set_selector", "destination") else 0
        back = await self._fetched(kind.selector, set_selector, block)
        if back.rstrip(b"\0") != data.rstrip(b"\0"):
            name = kind.__name__
            raise NoEffect(f"{name} ({kind.selector}) was written, but one reads back something else")

    async def _fetched(self, selector: int, set_selector: int, block_selector: int) -> bytes:
        request = GetSerialModemConfiguration(
            channel=self.channel,
            selector=selector,
            set_selector=set_selector,
            block_selector=block_selector,
        )
        return (await self._bmc.execute(request)).data

    async def _stored(self, parameter: SerialParameter | Unknown) -> None:
        await self._bmc.execute(SetSerialModemConfiguration(channel=self.channel, parameter=parameter))


def _members() -> Iterator[type[SerialParameter]]:
    return iter([kind for _, kind in sorted(SerialParameter.members().items())])


__all__ = ["HERE", "CallbackOptions", "SerialChannel", "SerialSettings"]
