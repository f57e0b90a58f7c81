"""`bmc.sol`: the system's serial console over the session (§15, §24, §26)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from baseboard.client.deadline import remaining
from baseboard.client.lan import LanInterface
from baseboard.client.reconnect import insist
from baseboard.client.sol_stream import Ending, GapReason, Line, Owner, SolGap, SolStream, Source
from baseboard.codes import Cc, PayloadType
from baseboard.commands.app.payload import (
    ActivatePayload,
    ActivatePayloadResponse,
    DeactivatePayload,
    GetPayloadActivationStatus,
    GetPayloadInstanceInfo,
    SerialAlerts,
    SolActivation,
)
from baseboard.commands.parameters.lan import PrimaryRmcpPort
from baseboard.commands.transport.lan import GetLanConfigurationParameters
from baseboard.errors import CompletionError, LocalProtocolError, SessionClosed
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.sol_settings import SolSettings

__all__ = ["Ending", "GapReason", "SerialOverLan", "SolGap", "SolOpening", "SolStatus", "SolStream"]

ROUNDS: Final = 3
"""How often a console is taken over before its owner is reported (QUIRK Q-SOLSTUCK80)."""

PATIENCE: Final = 300.0
"""Seconds for which a lost BMC is waited for, where reconnecting is asked for."""

HERE: Final = 0xE
RMCP: Final = 623
"""The port where BMCs listen."""
_PAUSE: Final = 0.5
_COMING_BACK: Final = (
    Cc.NODE_BUSY,
    Cc.BMC_INITIALIZING,
    Cc.NOT_SUPPORTED_IN_STATE,
    ActivatePayload.TYPE_DISABLED,
)


@dataclass(frozen=True, slots=True)
class SolStatus:
    """Which consoles are in use.

    Attributes:
        capacity: how many there can be at a time.
        active: numbers of those that are.
    """

    capacity: int
    active: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    instance: int
    take_over: bool
    encrypted: bool | None
    authenticated: bool | None
    handshake: bool
    alerts: SerialAlerts


class SolOpening:
    """What `SerialOverLan.open` returns: ``await`` it, or use it in ``async with``."""

    def __init__(self, make: Callable[[], SolStream]) -> None:
        self._make = make
        self._stream: SolStream | None = None

    def __await__(self) -> Generator[Any, None, SolStream]:
        return self._open().__await__()

    async def __aenter__(self) -> SolStream:
        self._stream = await self._open()
        return self._stream

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            await self._stream.close()

    async def _open(self) -> SolStream:
        stream = self._make()
        await stream.open()
        return stream


class SerialOverLan:
    """The system's serial console."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    def settings(self, channel: int = HERE) -> SolSettings:
        """Give the SOL parameters of a channel."""
        from baseboard.client.sol_settings import SolSettings

        return SolSettings(self._bmc, channel)

    async def status(self) -> SolStatus:
        """Ask which consoles are in use; some controllers do not know, or do not tell the truth."""
        told = await self._bmc.execute(GetPayloadActivationStatus(payload_type=PayloadType.SOL))
        active = tuple(n + 1 for n in range(16) if told.instances >> n & 1)
        # QUIRK Q-SOLINST Dell M605, M610, M915: a capacity of 0.
        return SolStatus(max(told.capacity, 1), active)

    async def owner(self, instance: int = 1) -> int:
        """Ask for the session that has a console: the controller's ID of it, 0 = none."""
        request = GetPayloadInstanceInfo(payload_type=PayloadType.SOL, instance=instance)
        return (await self._bmc.execute(request)).session_id

    async def deactivate(self, instance: int = 1) -> bool:
        """End a console, whoever has it.

        Returns: whether there was one.
        """
        request = DeactivatePayload(payload_type=PayloadType.SOL, instance=instance)
        try:
            await self._bmc.execute(request)
        except CompletionError as error:
            if error.code != DeactivatePayload.ALREADY_DEACTIVATED:
                raise
            return False
        return True

    def open(
        self,
        instance: int = 1,
        *,
        take_over: bool = False,
        encrypted: bool | None = None,
        authenticated: bool | None = None,
        handshake: bool = True,
        alerts: SerialAlerts = SerialAlerts.DEFERRED,
        reconnect: bool = False,
        patience: float = PATIENCE,
        keep_alive: float | None = 10.0,
    ) -> SolOpening:
        """Open the system's console: ``async with bmc.sol.open() as console``.

        Args:
            instance: the console's number, from 1; each is another serial port.
            take_over: take it from whoever has it.
            encrypted: left out: where the session can; False asks for a console in clear.
            authenticated: left out: where the session can.
            handshake: the BMC holds the system's output until this console is ready for it.
            alerts: what becomes of alerts on a serial port that SOL shares.
            reconnect: log in and activate it again when the session is lost, or the BMC ends the console.
            patience: seconds for that.
            keep_alive: seconds of silence after which the BMC is asked whether the console is still ours.

        Raises:
            CompletionError: refused; 80h: another session has it.
            LocalProtocolError: this session is no IPMI v2.0 session.
        """
        wishes = _Wishes(
            instance=instance,
            take_over=take_over,
            encrypted=encrypted,
            authenticated=authenticated,
            handshake=handshake,
            alerts=alerts,
        )
        activation = _Activation(self._bmc, wishes, patience)

        source = Source(
            activation.activate,
            activation.owner,
            activation.deactivate,
            activation.log_in_again if reconnect else None,
        )
        return SolOpening(lambda: SolStream(source, keep_alive=keep_alive))


def other_port(told: int, own: int) -> int:
    """The port of its own that SOL may have (Table 24-3), where that is believable.

    QUIRK Q-SOLPORT Asus P5M2, Supermicro X8DTH-iF, proxies: the port told is wrong or swapped. 623 in any
    order, behind a session at another port, is what a BMC says that does not know of the proxy before it.

    Returns: 0 = the console stays at the session's port.
    """
    swapped = (told & 0xFF) << 8 | told >> 8
    return 0 if not told or {told, swapped} & {own, RMCP} else told


class _Activation:
    """Activates a console, as often as needed, in whatever session there is."""

    def __init__(self, bmc: Bmc, wishes: _Wishes, patience: float) -> None:
        self._bmc, self._wishes, self._patience = bmc, wishes, patience
        self._handshake = wishes.handshake
        self._session = 0
        self._again_until: float | None = None

    def _interface(self) -> LanInterface:
        interface = self._bmc.interface
        if not isinstance(interface, LanInterface) or not isinstance(interface.console, ConsoleV20):
            raise LocalProtocolError("a console needs an IPMI v2.0 session (interface lanplus)")
        return interface

    async def owner(self) -> Owner:
        """Ask whose the console is."""
        try:
            session = await self._bmc.sol.owner(self._wishes.instance)
        except SessionClosed:
            return Owner.UNKNOWN
        except CompletionError:
            return Owner.OURS  # it does not tell; then activating again will
        if not session:
            return Owner.NOBODYS
        return Owner.OURS if session == self._interface().bmc_session_id else Owner.OTHERS

    async def deactivate(self) -> None:
        """End the console."""
        await self._bmc.sol.deactivate(self._wishes.instance)

    async def log_in_again(self) -> None:
        """Open a new session."""
        await insist(self._bmc, self._patience)
        self._again_until = waiting.running().time() + self._patience

    async def activate(self, receive: Callable[[bytes], None]) -> Line:
        """Activate the console in the present session, and let its packets in."""
        interface = self._interface()
        assert isinstance(interface.console, ConsoleV20)
        suite = interface.console.suite
        signed = bool(suite.integrity) if self._wishes.authenticated is None else self._wishes.authenticated
        # QUIRK Q-SOLENC Inventec: encryption is required, and its absence answered by a vague code.
        secret = bool(suite.confidentiality) if self._wishes.encrypted is None else self._wishes.encrypted
        interface.open_payload(PayloadType.SOL, receive, authenticated=signed, encrypted=secret)
        try:
            answer = await self._insist(encrypted=secret, authenticated=signed or secret)
        except BaseException:
            if not interface.closed:
                interface.close_payload(PayloadType.SOL)
            raise
        self._session, self._again_until = interface.bmc_session_id, None
        # Q-SOLSIZE: the machine takes what cannot be for 259.
        return Line(
            interface=interface,
            payload_size=answer.inbound_size,
            port=await self._other_port(answer.port, interface.port),
            handshake=self._handshake,
            encrypted=secret,
            authenticated=signed or secret,
        )

    async def _other_port(self, told: int, own: int) -> int:
        """The port of its own that SOL has; 0 = the session's, under whatever number we reach that."""
        port = other_port(told, own)
        if not port:
            return 0
        ask = GetLanConfigurationParameters(channel=HERE, selector=PrimaryRmcpPort.selector)
        try:
            primary = (await self._bmc.execute(ask)).data
        except CompletionError:
            return port  # it will be tried
        # Behind a port that is forwarded the BMC tells the number that it knows itself.
        return 0 if int.from_bytes(primary, "little") == port else port

    async def _insist(self, *, encrypted: bool, authenticated: bool) -> ActivatePayloadResponse:
        """Activate; take the console over, wait for it, or give up the handshake where that is right."""
        rounds = 0
        while True:
            try:
                return await self._ask(encrypted=encrypted, authenticated=authenticated)
            except CompletionError as error:
                if error.code == ActivatePayload.ALREADY_ACTIVE:
                    rounds += 1
                    if rounds > ROUNDS or not await self._may_take_over():
                        raise await self._explained(error) from None
                    await self._bmc.sol.deactivate(self._wishes.instance)
                elif error.code == Cc.INVALID_DATA and self._handshake:
                    # QUIRK Q-SOLCTS some Intel, Sun: CTS and DCD have to be asserted from the beginning.
                    self._handshake = False
                elif error.code in _COMING_BACK and self._may_wait():
                    await waiting.sleep(remaining(_PAUSE))
                else:
                    raise self._hinted(error) from None

    async def _ask(self, *, encrypted: bool, authenticated: bool) -> ActivatePayloadResponse:
        auxiliary = SolActivation(
            encrypted=encrypted,
            authenticated=authenticated,
            # QUIRK Q-SOLALERT Windmill family: "deferred" has to be set, and does no harm elsewhere.
            serial_alerts=self._wishes.alerts,
            handshake=self._handshake,
        )
        request = ActivatePayload(
            payload_type=PayloadType.SOL, instance=self._wishes.instance, auxiliary=auxiliary.encode()
        )
        return await self._bmc.execute(request)

    def _may_wait(self) -> bool:
        return self._again_until is not None and waiting.running().time() < self._again_until

    async def _may_take_over(self) -> bool:
        """Tell whether the console may be taken: by wish, or because its owner is what we were before."""
        if self._wishes.take_over:
            return True
        if not self._session:
            return False
        try:
            # QUIRK Q-SOLPRESENT: a payload outlives the session that had it.
            return await self._bmc.sol.owner(self._wishes.instance) in {self._session, self._own()}
        except CompletionError:
            return False

    def _own(self) -> int:
        return self._interface().bmc_session_id

    async def _explained(self, error: CompletionError) -> CompletionError:
        try:
            owner = await self._bmc.sol.owner(self._wishes.instance)
        except CompletionError:
            owner = 0
        whose = f"session {owner:08X}h" if owner else "another session"
        told = CompletionError(error.code, f"the console is active in {whose}")
        told.hint = "open it with take_over to take it from there"
        return told

    @staticmethod
    def _hinted(error: CompletionError) -> CompletionError:
        hints = {
            int(ActivatePayload.TYPE_DISABLED): "SOL is switched off, or this user may not use it",
            int(ActivatePayload.CANNOT_ENCRYPT): "ask for encrypted=False to have the console in clear",
            int(
                ActivatePayload.MUST_ENCRYPT
            ): "ask for encrypted=True, and log in under a suite that encrypts",
            # QUIRK Q-SOLPRIV MSI MS-91D2: Administrator, whatever SOL parameter 2 says.
            int(Cc.INSUFFICIENT_PRIVILEGE): "SOL wants a higher level; log in as Administrator",
        }
        error.hint = hints.get(error.code, error.hint)
        return error
