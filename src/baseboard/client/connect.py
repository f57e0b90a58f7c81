"""`connect`: from an address and a name to a `Bmc`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from baseboard.client.bmc import Bmc
from baseboard.client.deadline import deadline as all_within
from baseboard.client.deadline import time_left
from baseboard.client.interface import BMC, Interface, Target
from baseboard.client.settings import PORT, Settings
from baseboard.codes import Privilege
from baseboard.errors import DeadlinePassed, LocalProtocolError
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.memory import Ask

INTERFACES: Final = ("lanplus", "lan", "open", "inband", "serial-basic", "serial-terminal", "memory")
"""What ``interface=`` takes."""

_OVER_LAN: Final = frozenset({"lanplus", "lan"})

SecretSource: TypeAlias = "str | bytes | Callable[[], str | bytes]"
"""A password or key, or a function that fetches it when it is needed; it is called in a thread."""


class Connection:
    """What `connect` returns: ``await`` it, or use it in ``async with``, which closes the session too."""

    def __init__(
        self,
        settings: Settings,
        *,
        password: SecretSource | None = None,
        kg: SecretSource | None = None,
        ask: Ask | None = None,
    ) -> None:
        """Prepare to connect.

        Args:
            password: instead of the settings' own.
            kg: the same for K_G.
            ask: the controller of interface ``memory``.

        Raises:
            LoginError: name, password, key or suite cannot be right; nothing was sent.
            LocalProtocolError: there is no such interface.
        """
        if settings.interface not in INTERFACES:
            raise LocalProtocolError(
                f"interface {settings.interface!r}; there are {', '.join(INTERFACES)} (connect)"
            )
        self.settings = settings
        self._password, self._kg, self._ask = password, kg, ask
        if not callable(password) and not callable(kg):
            self.settings = self._with_secrets(password, kg)
            self._password = self._kg = None
        self._check()
        self._bmc: Bmc | None = None

    def __repr__(self) -> str:
        return f"<Connection to {self.settings.host or self.settings.device} over {self.settings.interface}>"

    def __await__(self) -> Generator[Any, None, Bmc]:
        return self._open().__await__()

    async def __aenter__(self) -> Bmc:
        self._bmc = await self._open()
        return self._bmc

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bmc is not None:
            bmc, self._bmc = self._bmc, None
            await bmc.close()

    async def _open(self) -> Bmc:
        with all_within(self.settings.deadline):
            try:
                async with waiting.timeout(time_left()):
                    if self._password is not None or self._kg is not None:
                        password, kg = await _fetched(self._password), await _fetched(self._kg)
                        self.settings = self._with_secrets(password, kg)
                        self._check()
                    interface = await open_interface(self.settings, self._ask)
            except TimeoutError:
                raise DeadlinePassed("the time for connecting is over") from None
        return Bmc(interface, self.settings, reopen=self._reopen)

    async def _reopen(self) -> Interface:
        return await open_interface(self.settings, self._ask)

    def _check(self) -> None:
        if self.settings.interface in _OVER_LAN:
            from baseboard.client.login import check

            check(self.settings)

    def _with_secrets(self, password: str | bytes | None, kg: str | bytes | None) -> Settings:
        if password is None and kg is None:
            return self.settings  # of a thousand hosts each has its own already
        return self.settings.replace(
            password=self.settings.password if password is None else _octets(password),
            kg=self.settings.kg if kg is None else _octets(kg),
        )


def connect(
    host: str = "",
    *,
    username: str | bytes = "",
    password: SecretSource = "",
    kg: SecretSource = "",
    interface: str = "lanplus",
    port: int = PORT,
    family: int = 0,
    privilege: int = Privilege.ADMINISTRATOR,
    name_only: bool = True,
    cipher_suite: int | None = None,
    auth_type: int | None = None,
    timeout: float = 1.0,
    retries: int = 4,
    deadline: float | None = None,
    keep_alive: float | None = 30.0,
    device: str = "",
    baud: int = 115200,
    target: Target = BMC,
    my_address: int | None = None,
    quirks: Iterable[str] = (),
    learn: bool = True,
    cache: str = "",
    ask: Ask | None = None,
) -> Connection:
    """Reach a management controller.

    Nothing is sent before the returned object is awaited or entered. ``async with`` closes the session at the
    end of the block, whatever ends it; whoever awaits has to call `Bmc.close`.

    Args: those of the same name are described at `Settings`. ``password`` and ``kg`` may be functions, which
        are called when they are needed; ``ask`` is the controller of interface ``memory``.

    Raises:
        LoginError: name, password, key or suite cannot be right; nothing was sent. Opening raises it too.
        LocalProtocolError: there is no such interface.

    Example:
        >>> import asyncio, baseboard
        >>> async def vendor(host: str, name: str, secret: str, port: int = 623) -> int:
        ...     async with baseboard.connect(host, username=name, password=secret, port=port) as bmc:
        ...         return (await bmc.identity()).manufacturer_id
    """
    given = dict(locals())
    later = {name: given.pop(name) for name in ("password", "kg", "ask")}
    given |= {"username": _octets(username), "quirks": frozenset(quirks)}
    return Connection(Settings(**given), **later)


async def open_interface(settings: Settings, ask: Ask | None = None) -> Interface:
    """Open the interface that the settings name.

    Args:
        ask: the controller of interface ``memory``.

    Raises:
        LoginError: no session was opened.
        TransportError: the device cannot be opened.
        LocalProtocolError: there is no such interface, or no controller to it.
    """
    match settings.interface:
        case "lanplus" | "lan":
            from baseboard.client.login import log_in

            return await log_in(settings)
        case "open":
            from baseboard.client.ipmidev import open_device

            return await open_device(settings)
        case "inband":
            from baseboard.client.inband import open_inband

            return await open_inband(settings)
        case "serial-basic" | "serial-terminal":
            from baseboard.client.serial import open_serial

            return await open_serial(settings)
        case "memory" if ask is not None:
            from baseboard.client.memory import MemoryInterface

            return MemoryInterface(ask)
        case _:
            raise LocalProtocolError(f"interface {settings.interface!r} has nothing to open (connect)")


async def _fetched(secret: SecretSource | None) -> str | bytes | None:
    return await waiting.in_thread(secret) if callable(secret) else secret


def _octets(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value
