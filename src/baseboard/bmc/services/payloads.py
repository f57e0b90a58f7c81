"""Payloads other than IPMI messages: what there is, whose it is, and where what comes in goes (§24)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from baseboard.bmc.services.oem_payloads import OemPayloads
from baseboard.bmc.services.oem_payloads import OemService as OemService
from baseboard.bmc.services.oem_payloads import PayloadLink as PayloadLink
from baseboard.bmc.services.sol import PAYLOAD_SIZE, Sol
from baseboard.codes import Cc, PayloadType
from baseboard.commands.app.payload import ActivatePayload, SolActivation, StandardPayloads
from baseboard.errors import CompletionError
from baseboard.rmcp.payloads import HANDLES, PayloadRegistry

if TYPE_CHECKING:
    from baseboard.bmc.services.users import UserAccess
    from baseboard.rmcp.session import PayloadReceived, Session, SessionV20
    from baseboard.rmcp.table import SessionTable

INSTANCES: Final = range(1, 16)
_PLAIN: Final = PayloadRegistry()
_SERIAL_PORT: Final = 8


class Rules(NamedTuple):
    """What a payload asks of a session.

    Attributes:
        privilege: the level needed.
        force_encryption: it must be encrypted where the session can.
        force_authentication: it must be signed where the session can.
    """

    privilege: int
    force_encryption: bool
    force_authentication: bool


class Activation(NamedTuple):
    """A console's wish to activate a payload, after it was found good."""

    table: SessionTable
    session: SessionV20
    instance: int
    auxiliary: bytes
    encrypted: bool
    authenticated: bool


class Running(NamedTuple):
    """What Activate Payload answers (Table 24-3); the sizes count the payload's own header.

    Attributes:
        auxiliary: of the payload's own.
        size: bytes of the largest payload, either way.
        port: UDP; None = the channel's.
    """

    auxiliary: bytes
    size: int
    port: int | None = None


class Payload(Protocol):
    """A payload type as the commands of §24 see it."""

    @property
    def capacity(self) -> int:
        """Instances that can be active at a time, 1-15."""
        ...

    def check(self, instance: int, auxiliary: bytes) -> None:
        """See whether an instance could be activated so.

        Raises:
            CompletionError: 81h, 82h, CCh: why not.
        """
        ...

    def rules(self, instance: int) -> Rules:
        """What an instance asks of a session."""
        ...

    def allowed(self, access: UserAccess) -> bool:
        """Whether a user may use it."""
        ...

    def activate(self, activation: Activation) -> Running:
        """Start an instance."""
        ...

    def deactivate(self, instance: int, *, told: bool) -> None:
        """End an instance; ``told``: its console hears of it."""
        ...

    def owner(self, instance: int) -> SessionV20 | None:
        """The session that an instance runs under."""
        ...

    def information(self, instance: int) -> bytes:
        """The payload's own eight bytes of Get Payload Instance Info."""
        ...

    def set_encryption(self, instance: int, *, encrypted: bool) -> None:
        """Suspend or resume the encryption of what the BMC sends."""
        ...


class SolPayload:
    """Serial over LAN as a payload."""

    __slots__ = ("_sol",)

    def __init__(self, sol: Sol) -> None:
        self._sol = sol

    @property
    def capacity(self) -> int:
        """One for each serial port of the host; 0 is reserved (§24.4), so without one it is never active."""
        return max(self._sol.capacity, 1)

    def check(self, instance: int, auxiliary: bytes) -> None:
        """SOL is on, and there is such a serial port; the reserved alert behaviour is refused."""
        sol = self._sol
        if not sol.parameters.enabled or not sol.capacity:
            raise CompletionError(ActivatePayload.TYPE_DISABLED)
        if instance not in INSTANCES:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if instance > sol.capacity:
            raise CompletionError(ActivatePayload.LIMIT_REACHED)
        if not SolActivation.decode(auxiliary).serial_alerts.known:
            raise CompletionError(Cc.INVALID_DATA)

    def rules(self, instance: int) -> Rules:
        """SOL parameter 2."""
        del instance
        told = self._sol.parameters.authentication
        return Rules(told.privilege, told.force_encryption, told.force_authentication)

    def allowed(self, access: UserAccess) -> bool:
        """Bit 1 of the standard payloads (Table 24-7)."""
        return bool(access.standard_payloads & StandardPayloads.SOL)

    def activate(self, activation: Activation) -> Running:
        """Join session and serial port; bit 0 of the answer's first byte: test mode is on (Table 24-3)."""
        wanted = SolActivation.decode(activation.auxiliary)
        self._sol.activate(
            activation.table,
            activation.session,
            encrypted=activation.encrypted,
            authenticated=activation.authenticated,
            handshake=wanted.handshake,
            instance=activation.instance,
            test_mode=wanted.test_mode,
            alerts=wanted.serial_alerts,
        )
        return Running(bytes((wanted.test_mode, 0, 0, 0)), PAYLOAD_SIZE, self._sol.port)

    def deactivate(self, instance: int, *, told: bool) -> None:
        """See `Payload.deactivate`."""
        self._sol.deactivate(instance, told=told)

    def owner(self, instance: int) -> SessionV20 | None:
        """See `Payload.owner`."""
        return self._sol.owner_of(instance)

    def information(self, instance: int) -> bytes:
        """The number of the serial port, which is the instance's (Table 24-6)."""
        port = instance if instance <= self._sol.capacity else 0
        return bytes((port,)).ljust(_SERIAL_PORT, b"\0")

    def set_encryption(self, instance: int, *, encrypted: bool) -> None:
        """See `Payload.set_encryption`."""
        self._sol.set_encryption(instance, encrypted=encrypted)


class OemPayloadType:
    """A payload type of OEM payloads: one of the handles, or OEM explicit."""

    __slots__ = ("_oem", "_type")

    def __init__(self, oem: OemPayloads, payload_type: int) -> None:
        self._oem, self._type = oem, payload_type

    @property
    def capacity(self) -> int:
        """Those of all payloads of the type."""
        return self._oem.capacity(self._type)

    def check(self, instance: int, auxiliary: bytes) -> None:
        """There is such an instance."""
        del auxiliary
        if instance not in INSTANCES:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if instance > self.capacity:
            raise CompletionError(ActivatePayload.LIMIT_REACHED)

    def rules(self, instance: int) -> Rules:
        """As the service says."""
        service = self._oem.service(self._type, instance)
        assert service is not None
        return Rules(service.privilege, service.force_encryption, service.force_authentication)

    def allowed(self, access: UserAccess) -> bool:
        """Bit 2 of the standard payloads, or the handle's bit of the OEM payloads (Table 24-7)."""
        if self._type in HANDLES:
            return bool(access.oem_payloads >> self._type - PayloadType.OEM0 & 1)
        return bool(access.standard_payloads & StandardPayloads.OEM_EXPLICIT)

    def activate(self, activation: Activation) -> Running:
        """Join session and service."""
        service = self._oem.service(self._type, activation.instance)
        assert service is not None
        answer = self._oem.activate(
            activation.table,
            activation.session,
            self._type,
            activation.instance,
            activation.auxiliary,
            encrypted=activation.encrypted,
            authenticated=activation.authenticated,
        )
        return Running(answer, service.largest)

    def deactivate(self, instance: int, *, told: bool) -> None:
        """See `Payload.deactivate`; how a console is told is the payload's affair."""
        del told
        self._oem.deactivate(self._type, instance)

    def owner(self, instance: int) -> SessionV20 | None:
        """See `Payload.owner`."""
        link = self._oem.link(self._type, instance)
        return None if link is None else link.session

    def information(self, instance: int) -> bytes:
        """Bytes 6:8 the IANA number, 9:10 the payload ID: so OEM explicit ones are found (unverified)."""
        service = self._oem.service(self._type, instance)
        if service is None:
            return bytes(8)
        told = service.payload
        return (told.iana.to_bytes(3, "little") + told.payload_id.to_bytes(2, "little")).ljust(8, b"\0")

    def set_encryption(self, instance: int, *, encrypted: bool) -> None:
        """See `Payload.set_encryption`."""
        link = self._oem.link(self._type, instance)
        if link is not None:
            link.encrypted = encrypted


class Payloads:
    """The payloads of a BMC: Serial over LAN, and the OEM payloads that were registered."""

    __slots__ = ("_oem", "_sol")

    def __init__(self, sol: Sol) -> None:
        self._sol = sol
        self._oem: OemPayloads | None = None

    def register(self, service: OemService) -> None:
        """Offer an OEM payload on the LAN channel; Set User Payload Access lets users in.

        Raises:
            LocalProtocolError: its number or its handle is taken, or there is no instance left for it.
        """
        if self._oem is None:
            self._oem = OemPayloads(self._sol.flush)
        self._oem.register(service)

    @property
    def registry(self) -> PayloadRegistry:
        """The payload types that there are."""
        return _PLAIN if self._oem is None else self._oem.registry

    def get(self, payload_type: int) -> Payload | None:
        """A payload type that can be activated; None for all others."""
        if payload_type == PayloadType.SOL:
            return SolPayload(self._sol)
        if self._oem is not None and self._oem.capacity(payload_type):
            return OemPayloadType(self._oem, payload_type)
        return None

    def received(self, event: PayloadReceived) -> None:
        """A packet of a payload that was activated; others never get this far."""
        if event.payload_type == PayloadType.SOL:
            self._sol.received(event.session, event.data)
        elif self._oem is not None:
            self._oem.received(event)

    def session_closed(self, session: Session) -> None:
        """A session ended, and its payloads with it."""
        self._sol.session_closed(session)
        if self._oem is not None:
            self._oem.session_closed(session)
