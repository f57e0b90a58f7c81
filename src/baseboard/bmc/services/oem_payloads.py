"""OEM payloads: protocols of one's own inside the sessions of a BMC (§13.27.3, §24.10).

A subclass of :class:`OemService` is one; :meth:`baseboard.bmc.services.payloads.Payloads.register` offers it.
A console activates it in its session, under the rules of the service, and what is sent then goes to and fro
as datagrams: each arrives once or not at all, perhaps in another order. Acknowledging is its own affair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from baseboard.codes import Privilege
from baseboard.errors import LocalProtocolError
from baseboard.rmcp.payloads import HANDLES, OemPayload, PayloadRegistry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from baseboard.rmcp.session import PayloadReceived, SessionV20
    from baseboard.rmcp.table import SessionTable

LARGEST: Final = 1024
"""Bytes of a datagram unless a service says otherwise: with all headers it fits an Ethernet frame."""

LAST_INSTANCE: Final = 15


class PayloadLink:
    """An activated OEM payload, as the BMC's side has it.

    Attributes:
        session: the session that it runs under.
        table: the session's table.
        instance: its number.
        user_id: whose session it is.
        privilege: the level at which it was activated.
        auxiliary: the four bytes that came with the activation; bits 7 and 6 of the first are spoken for.
        encrypted: what the BMC sends is encrypted; Suspend/Resume Payload Encryption changes it.
        authenticated: and signed.
        closed: it is deactivated.
    """

    __slots__ = (
        "_end", "_flush", "_service", "authenticated", "auxiliary", "closed", "encrypted", "instance",
        "privilege", "session", "table", "user_id",
    )  # fmt: skip

    def __init__(
        self,
        service: OemService,
        table: SessionTable,
        session: SessionV20,
        instance: int,
        auxiliary: bytes,
        *,
        encrypted: bool,
        authenticated: bool,
        flush: Callable[[], None],
        end: Callable[[], None],
    ) -> None:
        """Join a service and a session.

        Args:
            flush: sends what was given to the table.
            end: deactivates it.
        """
        self._service, self.table, self._flush, self._end = service, table, flush, end
        self.session, self.instance, self.auxiliary = session, instance, auxiliary
        self.user_id, self.privilege = session.user_id, session.privilege
        self.encrypted, self.authenticated, self.closed = encrypted, authenticated, False

    def send(self, data: bytes) -> None:
        """Send a datagram to the console.

        Raises:
            LocalProtocolError: the payload is deactivated, or the datagram is larger than what was agreed on.
        """
        if self.closed:
            raise LocalProtocolError("the payload is deactivated")
        if len(data) > self._service.largest:
            raise LocalProtocolError(f"{len(data)} bytes; the payload carries {self._service.largest}")
        self.table.send_payload(
            self.session,
            self._service.key,
            data,
            authenticated=self.authenticated,
            encrypted=self.encrypted,
        )
        self._flush()

    def close(self) -> None:
        """Deactivate the payload; the console learns of it by Get Payload Instance Info."""
        self._end()


class OemService:
    """An OEM payload of a BMC: subclass it, say what it is, and do what it is for.

    Attributes:
        payload: IANA number, payload ID, version, and the handle 20h-27h if it has one; without one it
            travels as OEM explicit (02h).
        capacity: instances that can be active at a time, 1-15.
        largest: bytes of a datagram, either way.
        privilege: the level that an activation needs.
        force_encryption: it must be encrypted where the session can.
        force_authentication: it must be signed where the session can.
    """

    payload: ClassVar[OemPayload]
    capacity: ClassVar[int] = 1
    largest: ClassVar[int] = LARGEST
    privilege: ClassVar[int] = int(Privilege.USER)
    force_encryption: ClassVar[bool] = True
    force_authentication: ClassVar[bool] = True

    @property
    def key(self) -> int | tuple[int, int]:
        """How packets name it: by its handle, or by IANA number and payload ID."""
        told = self.payload
        return told.handle if told.handle in HANDLES else (told.iana, told.payload_id)

    def activated(self, link: PayloadLink) -> bytes:
        """A console has activated the payload; nothing may be sent before this returns.

        Returns: up to four bytes for it, the auxiliary data of the answer.

        Raises:
            CompletionError: it may not; the console gets the code.
        """
        del link
        return b""

    def received(self, link: PayloadLink, data: bytes) -> None:
        """A datagram came from the console."""

    def deactivated(self, link: PayloadLink) -> None:
        """The payload or its session has ended; nothing can be sent any more."""


class OemPayloads:
    """The OEM payloads of a BMC: which there are, and which are active.

    Instances of a payload with a handle count from 1. All payloads without one share type 02h, and Activate
    Payload has no room for an IANA number: so each has instances of its own there, in the order in which
    they were registered, and Get Payload Instance Info tells whose an instance is (unverified: the
    specification leaves activation of OEM payloads to their makers).
    """

    __slots__ = ("_flush", "_links", "_services", "registry")

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._services: list[OemService] = []
        self._links: dict[tuple[int, int], PayloadLink] = {}
        self.registry = PayloadRegistry()

    def register(self, service: OemService) -> None:
        """Offer a payload.

        Raises:
            LocalProtocolError: its number or its handle is taken, or there is no instance left for it.
        """
        kind = service.payload.handle
        taken = sum(one.capacity for one in self.of(kind))
        if not 1 <= service.capacity <= LAST_INSTANCE - taken:
            raise LocalProtocolError(
                f"{service.capacity} instances: there is room for {LAST_INSTANCE - taken}"
            )
        self.registry.add(service.payload)
        self._services.append(service)

    def of(self, payload_type: int) -> Iterator[OemService]:
        """The services behind a payload type."""
        return (one for one in self._services if one.payload.handle == payload_type)

    def capacity(self, payload_type: int) -> int:
        """Instances that a payload type has; 0 = there is no such payload."""
        return sum(one.capacity for one in self.of(payload_type))

    def service(self, payload_type: int, instance: int) -> OemService | None:
        """Whose an instance is."""
        for one in self.of(payload_type):
            if instance <= one.capacity:
                return one
            instance -= one.capacity
        return None

    def link(self, payload_type: int, instance: int) -> PayloadLink | None:
        """The activated instance of that number."""
        return self._links.get((payload_type, instance))

    def activate(
        self,
        table: SessionTable,
        session: SessionV20,
        payload_type: int,
        instance: int,
        auxiliary: bytes,
        *,
        encrypted: bool,
        authenticated: bool,
    ) -> bytes:
        """Join a session and an instance; the caller checked that it may be.

        Returns: the four bytes of auxiliary data for the answer.
        """
        service = self.service(payload_type, instance)
        assert service is not None
        link = PayloadLink(
            service,
            table,
            session,
            instance,
            auxiliary,
            encrypted=encrypted,
            authenticated=authenticated,
            flush=self._flush,
            end=lambda: self.deactivate(payload_type, instance),
        )
        link.closed = True  # until the console has its answer
        answer = service.activated(link)[:4].ljust(4, b"\0")
        link.closed = False
        self._links[payload_type, instance] = link
        table.admit_payload(
            session,
            service.key,
            authenticated=service.force_authentication and authenticated,
            encrypted=service.force_encryption and encrypted,
        )
        return answer

    def received(self, event: PayloadReceived) -> None:
        """A datagram of an active payload."""
        for (payload_type, instance), link in tuple(self._links.items()):
            if payload_type != event.payload_type or link.session is not event.session:
                continue
            service = self.service(payload_type, instance)
            if service is None or event.oem not in (None, service.key):
                continue
            if len(event.data) <= service.largest:
                service.received(link, event.data)
            return

    def deactivate(self, payload_type: int, instance: int) -> None:
        """End an instance; harmless when it has ended."""
        link = self._links.pop((payload_type, instance), None)
        service = self.service(payload_type, instance)
        if link is None or service is None:
            return
        link.closed = True
        if not link.session.closed:
            link.table.refuse_payload(link.session, service.key)
        service.deactivated(link)

    def session_closed(self, session: object) -> None:
        """With a session its payloads end."""
        for (payload_type, instance), link in tuple(self._links.items()):
            if link.session is session:
                self.deactivate(payload_type, instance)
