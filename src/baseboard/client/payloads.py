"""`bmc.payloads`: what else than IPMI messages a session carries, who may use it, and OEM payloads (§24)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from baseboard.client.lan import LanInterface
from baseboard.client.payload_stream import Payload, Place
from baseboard.client.together import unless
from baseboard.codes import Cc, PayloadType
from baseboard.commands.app.payload import (
    AccessOperation,
    ActivatePayload,
    DeactivatePayload,
    EncryptionOperation,
    GetChannelOemPayloadInfo,
    GetChannelPayloadSupport,
    GetChannelPayloadVersion,
    GetPayloadActivationStatus,
    GetPayloadInstanceInfo,
    GetUserPayloadAccess,
    OemPayloads,
    SetUserPayloadAccess,
    SolActivation,
    StandardPayloads,
    SuspendResumePayloadEncryption,
)
from baseboard.errors import CompletionError, LocalProtocolError, NotFound
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.payloads import HANDLES

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.commands.app.payload import ActivatePayloadResponse, GetPayloadInstanceInfoResponse

__all__ = ["OemInfo", "Payload", "PayloadInstance", "PayloadOpening", "PayloadStatus", "Payloads"]

HERE: Final = 0xE
"""The channel that the requests come in on."""

_NAMES: Final[dict[int, str]] = {
    PayloadType.IPMI_MESSAGE: "IPMI messages",
    PayloadType.SOL: "serial over LAN",
    PayloadType.OEM_EXPLICIT: "OEM explicit",
    PayloadType.OPEN_SESSION_REQUEST: "Open Session Request",
    PayloadType.OPEN_SESSION_RESPONSE: "Open Session Response",
    **{PayloadType.RAKP_MESSAGE_1 + n: f"RAKP Message {n + 1}" for n in range(4)},
    **{PayloadType.OEM0 + n: f"OEM{n}" for n in range(8)},
}
_AUXILIARY: Final = 4

ROUNDS: Final = 10
"""How often a payload is activated again whose activation was not heard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadStatus:
    """Which instances of a payload are in use.

    Attributes:
        payload_type: 1 = SOL, 2 = OEM explicit, 20h-27h = OEM0 to OEM7.
        capacity: how many there can be at a time.
        active: numbers of those that are.
    """

    payload_type: int
    capacity: int
    active: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadInstance:
    """An instance of a payload.

    Attributes:
        payload_type: of what.
        instance: its number.
        session_id: the controller's, of the session that has it; 0 = it is not active.
        ours: it is this session's.
        information: eight bytes of the payload's own; of SOL the first is the number of the serial port.
    """

    payload_type: int
    instance: int
    session_id: int
    ours: bool
    information: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OemInfo:
    """Whose an OEM payload is.

    Attributes:
        payload_type: 2, or the handle 20h-27h.
        iana: enterprise number of the maker.
        payload_id: the maker's number for it.
        version: such as ``1.0``.
    """

    payload_type: int
    iana: int
    payload_id: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    handle: int | None
    iana: int
    payload_id: int
    instance: int | None
    encrypted: bool | None
    authenticated: bool | None
    auxiliary: bytes


class PayloadOpening:
    """What `Payloads.open` returns: ``await`` it, or use it in ``async with``."""

    def __init__(self, make: Callable[[], Payload]) -> None:
        self._make = make
        self._payload: Payload | None = None

    def __await__(self) -> Generator[Any, None, Payload]:
        return self._open().__await__()

    async def __aenter__(self) -> Payload:
        self._payload = await self._open()
        return self._payload

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._payload is not None:
            await self._payload.close()

    async def _open(self) -> Payload:
        payload = self._make()
        await payload.open()
        return payload


class Payloads:
    """The payloads of a controller."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    # ---- what there is

    async def supported(self, channel: int = HERE) -> tuple[PayloadType, ...]:
        """List the payload types of a channel, those that open sessions included."""
        told = await self._bmc.execute(GetChannelPayloadSupport(channel=channel))
        mask = int(told.standard) | int(told.setup) << 16 | int(told.oem) << 32
        return tuple(PayloadType(number) for number in range(mask.bit_length()) if mask >> number & 1)

    async def version(self, payload_type: int, channel: int = HERE) -> str | None:
        """Ask for the version of a payload type, such as ``1.0``; None where a channel does not have it."""
        ask = GetChannelPayloadVersion(channel=channel, payload_type=PayloadType(payload_type))
        told = await unless(self._bmc.execute(ask), GetChannelPayloadVersion.NOT_AVAILABLE)
        return None if told is None else f"{told.major:X}.{told.minor:X}"

    async def oem_info(
        self, payload_type: int = PayloadType.OEM_EXPLICIT, iana: int = 0, payload_id: int = 0,
        channel: int = HERE,
    ) -> OemInfo | None:  # fmt: skip
        """Ask whose an OEM payload is: a handle 20h-27h, or an OEM explicit one of a maker.

        Returns: None where the controller does not have it.
        """
        ask = GetChannelOemPayloadInfo(
            channel=channel, payload_type=PayloadType(payload_type), oem_id=iana, payload_id=payload_id
        )
        told = await unless(self._bmc.execute(ask), GetChannelOemPayloadInfo.NOT_SUPPORTED)
        if told is None:
            return None
        return OemInfo(
            payload_type=int(told.payload_type),
            iana=told.oem_id,
            payload_id=told.payload_id,
            version=f"{told.major:X}.{told.minor:X}",
        )

    async def status(self, payload_type: int = PayloadType.SOL) -> PayloadStatus:
        """Ask which instances of a payload are in use."""
        ask = GetPayloadActivationStatus(payload_type=PayloadType(payload_type))
        told = await self._bmc.execute(ask)
        active = tuple(number + 1 for number in range(16) if told.instances >> number & 1)
        return PayloadStatus(payload_type=int(payload_type), capacity=told.capacity, active=active)

    async def instance(self, payload_type: int = PayloadType.SOL, instance: int = 1) -> PayloadInstance:
        """Ask whose an instance of a payload is."""
        told = await self._instance(payload_type, instance)
        own = getattr(self._bmc.interface, "bmc_session_id", 0)
        return PayloadInstance(
            payload_type=int(payload_type),
            instance=instance,
            session_id=told.session_id,
            ours=bool(told.session_id) and told.session_id == own,
            information=told.information,
        )

    # ---- who may use it

    async def access(self, user_id: int, channel: int = HERE) -> tuple[PayloadType, ...]:
        """List the payload types that a user may use."""
        told = await self._bmc.execute(GetUserPayloadAccess(channel=channel, user_id=user_id))
        mask = int(told.standard) | int(told.oem) << 32
        return tuple(PayloadType(number) for number in range(mask.bit_length()) if mask >> number & 1)

    async def set_access(self, user_id: int, *payload_types: int, enabled: bool, channel: int = HERE) -> None:
        """Let a user use payload types, or not; those not named stay as they are.

        Args:
            payload_types: 1 = SOL, 2 = OEM explicit, 20h-27h = OEM0 to OEM7.
        """
        standard = sum({1 << kind for kind in payload_types if kind < 16})
        oem = sum({1 << kind - PayloadType.OEM0 for kind in payload_types if kind in HANDLES})
        strange = [kind for kind in payload_types if kind >= 16 and kind not in HANDLES]
        if strange or not payload_types:
            raise LocalProtocolError("access is to payload types 1-15 and the OEM handles 20h-27h")
        request = SetUserPayloadAccess(
            channel=channel,
            operation=AccessOperation.ENABLE if enabled else AccessOperation.DISABLE,
            user_id=user_id,
            standard=StandardPayloads(standard),
            oem=OemPayloads(oem),
        )
        await self._bmc.execute(request)

    # ---- encryption of what the controller sends

    async def suspend_encryption(self, payload_type: int = PayloadType.SOL, instance: int = 1) -> None:
        """Have the controller send a payload of this session in clear.

        Raises:
            CompletionError: refused; 81h: encryption is forced, 82h: the session has none.
        """
        await self._encryption(payload_type, instance, EncryptionOperation.SUSPEND)

    async def resume_encryption(self, payload_type: int = PayloadType.SOL, instance: int = 1) -> None:
        """Have the controller encrypt a payload of this session (again)."""
        await self._encryption(payload_type, instance, EncryptionOperation.RESUME)

    async def new_iv(self, payload_type: int = PayloadType.SOL, instance: int = 1) -> None:
        """Have the controller begin a new key stream, under an xRC4 suite.

        Raises:
            CompletionError: refused; 80h: under AES each packet has an IV of its own.
        """
        await self._encryption(payload_type, instance, EncryptionOperation.REGENERATE_IV)

    # ---- activation

    async def deactivate(self, payload_type: int = PayloadType.SOL, instance: int = 1) -> bool:
        """End an instance of a payload, whoever has it.

        Returns: whether it was active.
        """
        request = DeactivatePayload(payload_type=PayloadType(payload_type), instance=instance)
        done = await unless(self._bmc.execute(request), DeactivatePayload.ALREADY_DEACTIVATED)
        return done is not None

    def open(
        self,
        handle: int | None = None,
        *,
        iana: int = 0,
        payload_id: int = 0,
        instance: int | None = None,
        encrypted: bool | None = None,
        authenticated: bool | None = None,
        auxiliary: bytes = b"",
    ) -> PayloadOpening:
        """Activate an OEM payload: ``async with bmc.payloads.open(iana=7154, payload_id=1) as payload``.

        ``payload.send(data)`` and ``await payload.receive()`` exchange datagrams, of which some may get lost.

        Args:
            handle: 20h-27h; left out: what the controller has under ``iana`` and ``payload_id``.
            instance: left out: the first that is free.
            encrypted: left out: where the session can; False asks for a payload in clear.
            authenticated: left out: where the session can.
            auxiliary: up to four bytes for the payload; the first one's bits 7 and 6 are spoken for.

        Raises:
            CompletionError: refused; 80h: all instances are in use, 81h: this user may not use it.
            NotFound: the controller has no such payload.
            LocalProtocolError: this session is no IPMI v2.0 session.
        """
        wishes = _Wishes(
            handle=handle,
            iana=iana,
            payload_id=payload_id,
            instance=instance,
            encrypted=encrypted,
            authenticated=authenticated,
            auxiliary=auxiliary,
        )
        return PayloadOpening(lambda: Payload(lambda receive: self._activate(wishes, receive)))

    # ---- inside

    async def _activate(self, wishes: _Wishes, receive: Callable[[bytes], None]) -> Place:
        interface = self._bmc.interface
        if not isinstance(interface, LanInterface) or not isinstance(interface.console, ConsoleV20):
            raise LocalProtocolError("a payload needs an IPMI v2.0 session (interface lanplus)")
        suite = interface.console.suite
        secret = bool(suite.confidentiality) if wishes.encrypted is None else wishes.encrypted
        signed = bool(suite.integrity) if wishes.authenticated is None else wishes.authenticated
        kind, instance = await self._find(wishes)
        key = kind if kind in HANDLES else (wishes.iana, wishes.payload_id)
        if interface.carries(key):
            raise LocalProtocolError("this session has the payload already, and packets name no instance")
        # Packets of the controller may overtake the answer to the activation.
        interface.open_payload(key, receive, authenticated=signed, encrypted=secret)
        try:
            auxiliary = _auxiliary(wishes.auxiliary, encrypted=secret, authenticated=signed or secret)
            answer = await self._insist(
                ActivatePayload(payload_type=PayloadType(kind), instance=instance, auxiliary=auxiliary)
            )
        except BaseException:
            if not interface.closed:
                interface.close_payload(key)
            raise
        return Place(
            interface=interface,
            key=key,
            payload_type=kind,
            instance=instance,
            encrypted=secret,
            authenticated=signed or secret,
            largest=answer.inbound_size,
            auxiliary=answer.auxiliary,
            deactivate=lambda: self.deactivate(kind, instance),
        )

    async def _insist(self, request: ActivatePayload) -> ActivatePayloadResponse:
        """Activate; a repeated request whose first answer got lost finds the payload active, as ours."""
        rounds = ROUNDS
        while True:
            try:
                return await self._bmc.execute(request)
            except CompletionError as error:
                rounds -= 1
                if error.code != ActivatePayload.ALREADY_ACTIVE or not rounds:
                    raise
                if not (await self.instance(request.payload_type, request.instance)).ours:
                    raise
            await self.deactivate(request.payload_type, request.instance)

    async def _find(self, wishes: _Wishes) -> tuple[int, int]:
        """Find payload type and instance of what is wished for."""
        if wishes.handle is not None:
            return wishes.handle, await self._free(wishes.handle, wishes.instance)
        for kind in await self.supported():
            if kind in HANDLES:
                told = await self.oem_info(kind)
                if told is not None and (told.iana, told.payload_id) == (wishes.iana, wishes.payload_id):
                    return kind, await self._free(kind, wishes.instance)
        explicit = int(PayloadType.OEM_EXPLICIT)
        if await self.oem_info(explicit, wishes.iana, wishes.payload_id) is None:
            raise NotFound(f"the controller has no OEM payload {wishes.iana}/{wishes.payload_id:04X}h")
        return explicit, await self._explicit(wishes)

    async def _free(self, kind: int, instance: int | None) -> int:
        if instance is not None:
            return instance
        status = await unless(self._bmc.execute(GetPayloadActivationStatus(payload_type=PayloadType(kind))),
                              Cc.INVALID_COMMAND)  # fmt: skip
        if status is None:
            return 1
        return next((n + 1 for n in range(status.capacity) if not status.instances >> n & 1), 1)

    async def _explicit(self, wishes: _Wishes) -> int:
        """Find an instance of type 02h that is a certain payload's, as its eight bytes tell."""
        if wishes.instance is not None:
            return wishes.instance
        mine = wishes.iana.to_bytes(3, "little") + wishes.payload_id.to_bytes(2, "little")
        taken = 0
        for number in range(1, (await self.status(PayloadType.OEM_EXPLICIT)).capacity + 1):
            told = await self._instance(PayloadType.OEM_EXPLICIT, number)
            if told.information[: len(mine)] == mine:
                if not told.session_id:
                    return number
                taken = taken or number
        return taken or 1

    async def _instance(self, payload_type: int, instance: int) -> GetPayloadInstanceInfoResponse:
        request = GetPayloadInstanceInfo(payload_type=PayloadType(payload_type), instance=instance)
        return await self._bmc.execute(request)

    async def _encryption(self, kind: int, instance: int, operation: EncryptionOperation) -> None:
        await self._bmc.execute(
            SuspendResumePayloadEncryption(
                payload_type=PayloadType(kind), instance=instance, operation=operation
            )
        )


def payload_name(payload_type: int) -> str:
    """A payload type in words."""
    return _NAMES.get(payload_type, f"payload type {payload_type:02X}h")


def _auxiliary(own: bytes, *, encrypted: bool, authenticated: bool) -> bytes:
    if len(own) > _AUXILIARY or own[:1] > b"\x3f":
        raise LocalProtocolError("auxiliary data are four bytes; bits 7 and 6 of the first are spoken for")
    data = bytearray(own.ljust(_AUXILIARY, b"\0"))
    data[0] |= SolActivation(encrypted=encrypted, authenticated=authenticated).encode()[0]
    return bytes(data)
