"""libvirt's own library, which has no types: the only module that knows it.

Its calls block until libvirt has answered. Events come in a thread that a process has once.
"""

from __future__ import annotations

import enum
import importlib
import logging
import re
import threading
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from baseboard.errors import TransportError

log = logging.getLogger(__name__)

_UUID: Final = re.compile("[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_OFF: Final = -1
_ALIVE_EVERY, _ALIVE_MISSED = 5, 3
_CHUNK: Final = 4096


class Event(enum.Enum):
    """What libvirt tells by itself."""

    CHANGED = "the domain was started, stopped, defined or undefined"
    REBOOTED = "the domain has reset itself"
    CLOSED = "the connection to libvirt is lost"


Heard: TypeAlias = Callable[[Event], None]
"""Called in a thread of libvirt's."""


class NoSuchDomain(TransportError):
    """libvirt knows no domain of that name."""

    hint = "check the name: virsh list --all shows the domains of a connection"


class ConsoleStream(Protocol):
    """The open console of a domain."""

    def send(self, data: bytes) -> int:
        """Send characters.

        Returns: how many were taken, 0 = none just now.
        """
        ...

    def close(self) -> None:
        """End it."""
        ...


class Connection(Protocol):
    """What we want of libvirt; each call blocks, and raises a TransportError when libvirt refuses."""

    def run_number(self, domain: str) -> int:
        """A number that each run of a domain has of its own; -1 = it is off."""
        ...

    def is_persistent(self, domain: str) -> bool:
        """Whether it has a description while it is off."""
        ...

    def description(self, domain: str, *, live: bool = False) -> str:
        """Its description: what it is started by, or what it runs by."""
        ...

    def define(self, text: str) -> None:
        """Change a description."""
        ...

    def create(self, domain: str) -> None:
        """Start it."""
        ...

    def destroy(self, domain: str) -> None:
        """Cut its power."""
        ...

    def reset(self, domain: str) -> None:
        """Pulse its reset line."""
        ...

    def shutdown(self, domain: str) -> None:
        """Ask its operating system to shut down."""
        ...

    def inject_nmi(self, domain: str) -> None:
        """Pulse its diagnostic interrupt."""
        ...

    def console(
        self, domain: str, device: str, received: Callable[[bytes], None], ended: Callable[[], None]
    ) -> ConsoleStream:
        """Open its console; what is called is called in a thread of libvirt's."""
        ...

    def alive(self) -> bool:
        """Whether libvirt still answers."""
        ...

    def close(self) -> None:
        """End it."""
        ...


def library() -> Any:
    """The library, whose errors come to us alone: it would print them.

    Raises:
        TransportError: it is not installed.
    """
    try:
        module = importlib.import_module("libvirt")
    except ModuleNotFoundError as error:
        raise TransportError(
            f"{error.name} is missing: pip install 'baseboard[vm]' brings it (it is built from libvirt-dev)"
        ) from error
    _events.begin(module)
    return module


class _Events:
    """The thread in which libvirt waits for what it hears."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = False

    def begin(self, module: Any) -> None:
        """Begin, once in a process: before the first connection is made."""
        with self._lock:
            if self._begun:
                return
            module.registerErrorHandler(_silent, None)
            module.virEventRegisterDefaultImpl()
            threading.Thread(target=_run, args=(module,), name="libvirt events", daemon=True).start()
            self._begun = True


_events = _Events()


def _silent(context: object, error: object) -> None:
    """Errors are raised as well; nothing is to be printed."""


def _run(module: Any) -> None:
    while True:
        try:
            module.virEventRunDefaultImpl()
        except module.libvirtError as error:  # it goes on: other connections depend on it
            log.warning("libvirt's events: %s", error)


def connect(uri: str, domain: str, heard: Heard) -> Connection:
    """Connect to libvirt.

    Args:
        uri: such as ``qemu:///system``.
        domain: whose events are wanted, by its name or UUID.
        heard: gets them.

    Raises:
        TransportError: it is not there.
    """
    return _Connection(library(), uri, domain, heard)


class _Connection:
    """A connection: a :class:`Connection`."""

    def __init__(self, module: Any, uri: str, domain: str, heard: Heard) -> None:
        self._module, self._name, self._heard = module, domain, heard
        self._connection = self._of(uri, lambda: module.open(uri))
        try:
            self._listen()
        except TransportError:
            self.close()
            raise

    def _listen(self) -> None:
        module, connection = self._module, self._connection
        try:
            connection.setKeepAlive(_ALIVE_EVERY, _ALIVE_MISSED)
        except module.libvirtError:  # a driver within this process has nothing to lose
            log.debug("libvirt sends no signs of life here")
        self._of("events", lambda: connection.registerCloseCallback(self._closed, None))
        register = connection.domainEventRegisterAny
        lifecycle, reboot = module.VIR_DOMAIN_EVENT_ID_LIFECYCLE, module.VIR_DOMAIN_EVENT_ID_REBOOT
        self._of("events", lambda: register(None, lifecycle, self._changed, None))
        self._of("events", lambda: register(None, reboot, self._rebooted, None))

    def run_number(self, domain: str) -> int:
        """See `Connection`."""
        found = self._find(domain)
        number = int(self._of(domain, found.ID))
        return number if self._of(domain, found.isActive) else _OFF

    def is_persistent(self, domain: str) -> bool:
        """See `Connection`."""
        return bool(self._of(domain, self._find(domain).isPersistent))

    def description(self, domain: str, *, live: bool = False) -> str:
        """See `Connection`; with its passwords, which would be lost when it is defined anew."""
        module, found = self._module, self._find(domain)
        flags = 0 if live else module.VIR_DOMAIN_XML_INACTIVE | module.VIR_DOMAIN_XML_SECURE
        return str(self._of(domain, lambda: found.XMLDesc(flags)))

    def define(self, text: str) -> None:
        """See `Connection`."""
        self._of("definition", lambda: self._connection.defineXML(text))

    def create(self, domain: str) -> None:
        """See `Connection`."""
        self._of(domain, self._find(domain).create)

    def destroy(self, domain: str) -> None:
        """See `Connection`."""
        self._of(domain, self._find(domain).destroy)

    def reset(self, domain: str) -> None:
        """See `Connection`."""
        found = self._find(domain)
        self._of(domain, lambda: found.reset(0))

    def shutdown(self, domain: str) -> None:
        """See `Connection`."""
        self._of(domain, self._find(domain).shutdown)

    def inject_nmi(self, domain: str) -> None:
        """See `Connection`."""
        found = self._find(domain)
        self._of(domain, lambda: found.injectNMI(0))

    def console(
        self, domain: str, device: str, received: Callable[[bytes], None], ended: Callable[[], None]
    ) -> ConsoleStream:
        """See `Connection`."""
        module, found = self._module, self._find(domain)
        stream = self._of(domain, lambda: self._connection.newStream(module.VIR_STREAM_NONBLOCK))
        self._of(domain, lambda: found.openConsole(device or None, stream, 0))
        return _Stream(module, stream, received, ended)

    def alive(self) -> bool:
        """See `Connection`."""
        try:
            return bool(self._connection.isAlive())
        except self._module.libvirtError:
            return False

    def close(self) -> None:
        """See `Connection`."""
        self._heard = _unheard
        try:
            self._connection.close()
        except self._module.libvirtError as error:
            log.debug("libvirt: %s", error)

    def _find(self, domain: str) -> Any:
        connection = self._connection
        look = connection.lookupByUUIDString if _UUID.fullmatch(domain) else connection.lookupByName
        return self._of(domain, lambda: look(domain))

    def _of(self, what: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except self._module.libvirtError as error:
            text = f"libvirt, {what}: {error}"
            if error.get_error_code() == self._module.VIR_ERR_NO_DOMAIN:
                raise NoSuchDomain(text) from error
            raise TransportError(text) from error

    # ---- in libvirt's thread

    def _changed(self, connection: Any, domain: Any, event: int, detail: int, opaque: object) -> None:
        self._told(domain, Event.CHANGED)

    def _rebooted(self, connection: Any, domain: Any, opaque: object) -> None:
        self._told(domain, Event.REBOOTED)

    def _closed(self, connection: Any, reason: int, opaque: object) -> None:
        self._heard(Event.CLOSED)

    def _told(self, domain: Any, event: Event) -> None:
        if self._name in (domain.name(), domain.UUIDString()):
            self._heard(event)


def _unheard(event: Event) -> None:
    """Nobody hears of a connection that was closed."""


class _Stream:
    """A domain's console: a :class:`ConsoleStream`."""

    def __init__(
        self, module: Any, stream: Any, received: Callable[[bytes], None], ended: Callable[[], None]
    ) -> None:
        self._module, self._stream = module, stream
        self._received, self._ended = received, ended
        self._lock = threading.Lock()
        self._open = True
        events = module.VIR_STREAM_EVENT_READABLE | module.VIR_STREAM_EVENT_ERROR
        events |= module.VIR_STREAM_EVENT_HANGUP
        stream.eventAddCallback(events, self._happened, None)

    def send(self, data: bytes) -> int:
        """See `ConsoleStream`."""
        with self._lock:
            if not self._open:
                return 0
            try:
                return max(int(self._stream.send(data)), 0)  # -2 = not now
            except self._module.libvirtError:
                return 0

    def close(self) -> None:
        """See `ConsoleStream`."""
        with self._lock:
            if not self._open:
                return
            self._open = False
            for end in (self._stream.eventRemoveCallback, self._stream.abort):
                try:
                    end()
                except self._module.libvirtError as error:
                    log.debug("libvirt, console: %s", error)

    def _happened(self, stream: Any, events: int, opaque: object) -> None:
        """In libvirt's thread."""
        data: Any = b""
        if events & self._module.VIR_STREAM_EVENT_READABLE:
            try:
                data = stream.recv(_CHUNK)
            except self._module.libvirtError:
                data = b""
            if isinstance(data, bytes) and data:
                self._received(data)
                return
            if isinstance(data, int):  # -2 = nothing after all
                return
        self.close()
        self._ended()
