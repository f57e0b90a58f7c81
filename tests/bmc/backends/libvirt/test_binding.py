"""libvirt's library: its own test driver, and what that driver has not from a library that is none."""

from __future__ import annotations

import inspect
import sys
from types import SimpleNamespace
from typing import Any

import libvirt
import pytest

from baseboard.bmc.backends.libvirt import binding
from baseboard.bmc.backends.libvirt.binding import Event, NoSuchDomain, connect
from baseboard.errors import TransportError
from tests.transports.wires import until

URI = "test:///default"
UUID = "6695eb01-f6a4-8304-79aa-97f2502e193f"


async def test_a_domain_and_what_is_heard_of_it() -> None:
    heard: list[Event] = []
    connection = connect(URI, "test", heard.append)
    assert connection.alive()
    assert connection.is_persistent("test")
    first = connection.run_number("test")
    assert first >= 0
    connection.destroy("test")
    await until(lambda: heard == [Event.CHANGED])
    assert connection.run_number("test") == -1
    connection.create("test")
    assert connection.run_number("test") not in (-1, first)
    assert connection.run_number(UUID) == connection.run_number("test")
    for call in (connection.reset, connection.inject_nmi, connection.shutdown):
        call("test")
    await until(lambda: len(heard) == 3)
    connection.define(connection.description("test").replace("<vcpu placement='static'>2", "<vcpu>3"))
    assert "<vcpu placement='static'>3" in connection.description("test")
    connection.create("test")
    assert "<vcpu placement='static'>3" in connection.description("test", live=True)
    connection.close()
    connection.close()


def test_what_libvirt_refuses(capfd: pytest.CaptureFixture[str]) -> None:
    connection = connect(URI, "test", lambda event: None)
    with pytest.raises(NoSuchDomain, match="libvirt, nosuch: Domain not found"):
        connection.run_number("nosuch")
    with pytest.raises(TransportError, match="already"):
        connection.create("test")
    with pytest.raises(TransportError, match="not supported"):
        connection.console("test", "", lambda data: None, lambda: None)
    connection.close()
    assert capfd.readouterr().err == ""  # the library would print its errors
    with pytest.raises(TransportError, match="nowhere"):
        connect("test:///nowhere", "test", lambda event: None)


def test_without_the_library_it_is_said_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libvirt", None)
    with pytest.raises(TransportError, match="libvirt-dev"):
        connect(URI, "test", lambda event: None)


class FakeError(Exception):
    """Stands in for libvirtError."""

    def get_error_code(self) -> int:
        return 1


class FakeLibrary:
    """The library with a domain that has a console; each call is held to the real one's signature."""

    libvirtError = FakeError  # noqa: N815 - its name there
    VIR_ERR_NO_DOMAIN = libvirt.VIR_ERR_NO_DOMAIN
    VIR_STREAM_NONBLOCK = libvirt.VIR_STREAM_NONBLOCK
    VIR_STREAM_EVENT_READABLE = libvirt.VIR_STREAM_EVENT_READABLE
    VIR_STREAM_EVENT_ERROR = libvirt.VIR_STREAM_EVENT_ERROR
    VIR_STREAM_EVENT_HANGUP = libvirt.VIR_STREAM_EVENT_HANGUP
    VIR_DOMAIN_EVENT_ID_LIFECYCLE = libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE
    VIR_DOMAIN_EVENT_ID_REBOOT = libvirt.VIR_DOMAIN_EVENT_ID_REBOOT

    def __init__(self) -> None:
        self.registered: dict[str, Any] = {}
        self.refuses: set[str] = set()
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.answers: dict[str, Any] = {}
        self.stream = self._object(libvirt.virStream, "eventAddCallback eventRemoveCallback abort send recv")
        self.domain = self._object(libvirt.virDomain, "openConsole name UUIDString")
        methods = (
            "setKeepAlive registerCloseCallback domainEventRegisterAny newStream lookupByName isAlive close"
        )
        self.connection = self._object(libvirt.virConnect, methods)
        self.answers |= {
            "newStream": self.stream,
            "lookupByName": self.domain,
            "name": "guest",
            "UUIDString": UUID,
        }

    def open(self, uri: str) -> Any:
        return self.connection

    def argument(self, name: str, kind: int | None = None) -> Any:
        """What a callback was registered by."""
        return next(args for called, args in self.calls if called == name and kind in (None, *args[1:2]))

    def _object(self, real: Any, names: str) -> Any:
        made = SimpleNamespace()
        for name in names.split():
            signature = inspect.signature(getattr(real, name))

            def call(*args: Any, name: str = name, signature: inspect.Signature = signature) -> Any:
                signature.bind(None, *args)
                self.calls.append((name, args))
                if name in self.refuses:
                    raise FakeError(f"{name} is refused")
                return self.answers.get(name)

            setattr(made, name, call)
        return made


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    made = FakeLibrary()
    monkeypatch.setattr(binding, "library", lambda: made)
    return made


def test_what_a_daemon_tells(fake: FakeLibrary) -> None:
    heard: list[Event] = []
    connection = connect("qemu:///system", "guest", heard.append)
    lifecycle = fake.argument("domainEventRegisterAny", fake.VIR_DOMAIN_EVENT_ID_LIFECYCLE)[2]
    reboot = fake.argument("domainEventRegisterAny", fake.VIR_DOMAIN_EVENT_ID_REBOOT)[2]
    (closed, _) = fake.argument("registerCloseCallback")
    lifecycle(None, fake.domain, 2, 0, None)
    reboot(None, fake.domain, None)
    fake.answers |= {"name": "another", "UUIDString": "another"}
    lifecycle(None, fake.domain, 2, 0, None)
    closed(None, 0, None)
    assert heard == [Event.CHANGED, Event.REBOOTED, Event.CLOSED]
    assert connection.alive() is False
    fake.refuses = {"isAlive", "close"}
    assert connection.alive() is False
    connection.close()
    closed(None, 0, None)
    assert len(heard) == 3


def test_a_connection_that_cannot_be_watched_is_none(fake: FakeLibrary) -> None:
    fake.refuses = {"domainEventRegisterAny"}
    with pytest.raises(TransportError, match="events"):
        connect("qemu:///system", "guest", lambda event: None)
    assert ("close", ()) in fake.calls


def test_a_console(fake: FakeLibrary) -> None:
    got: list[bytes] = []
    ended: list[bool] = []
    connection = connect("qemu:///system", "guest", lambda event: None)
    stream = connection.console("guest", "serial0", got.append, lambda: ended.append(True))
    assert fake.argument("openConsole") == ("serial0", fake.stream, 0)
    events, happened, _ = fake.argument("eventAddCallback")
    readable = fake.VIR_STREAM_EVENT_READABLE
    assert events == readable | fake.VIR_STREAM_EVENT_ERROR | fake.VIR_STREAM_EVENT_HANGUP
    for answer in (b"boots", -2):
        fake.answers["recv"] = answer
        happened(fake.stream, readable, None)
    assert got == [b"boots"]
    for answer, taken in ((3, 3), (-2, 0)):
        fake.answers["send"] = answer
        assert stream.send(b"abc") == taken
    fake.refuses = {"send"}
    assert stream.send(b"abc") == 0
    assert ended == []
    fake.answers["recv"] = b""
    happened(fake.stream, readable, None)
    assert ended == [True]
    assert ("abort", ()) in fake.calls
    assert stream.send(b"abc") == 0
    stream.close()


@pytest.mark.parametrize("refused", ["recv", "eventRemoveCallback", ""])
def test_a_console_that_breaks(fake: FakeLibrary, refused: str) -> None:
    ended: list[bool] = []
    fake.refuses = {refused}
    connection = connect("qemu:///system", "guest", lambda event: None)
    connection.console("guest", "", lambda data: None, lambda: ended.append(True))
    assert fake.argument("openConsole")[0] is None
    _, happened, _ = fake.argument("eventAddCallback")
    readable, hangup = fake.VIR_STREAM_EVENT_READABLE, fake.VIR_STREAM_EVENT_HANGUP
    happened(fake.stream, readable if refused == "recv" else hangup, None)
    assert ended == [True]


def test_the_thread_of_events_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    turns: list[int] = []

    def turn() -> None:
        turns.append(1)
        if len(turns) == 1:
            raise FakeError("odd")
        raise InterruptedError

    module = SimpleNamespace(virEventRunDefaultImpl=turn, libvirtError=FakeError)
    with pytest.raises(InterruptedError):
        binding._run(module)
    assert len(turns) == 2
    assert "odd" in caplog.text
