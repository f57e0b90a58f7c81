"""The system interface as hardware, register by register, for a machine that somebody emulates.

What the emulator connects to is a PCI device of QEMU's ``x-pci-proxy-dev``: KCS, SMIC or BT with the class
code that says so, or an SMBus controller with an SSIF behind it. There are no interrupts on this way; a
driver finds a device without an interrupt pin, and polls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from baseboard.codes import Cc
from baseboard.links.bt import Bt
from baseboard.links.kcs import Kcs
from baseboard.links.pci_proxy import PciIdentity, PciProxy, RegisterDevice
from baseboard.links.smbus_controller import IDENTITY as SMBUS_CONTROLLER
from baseboard.links.smbus_controller import SmbusController
from baseboard.links.smic import Smic
from baseboard.links.ssif import SsifTarget
from baseboard.transports.pci_proxy import PciProxyPort

if TYPE_CHECKING:
    from baseboard.bmc.blueprint.interfaces import InterfaceKind, InterfaceSpec, RegistersSpec
    from baseboard.bmc.clock import Clock
    from baseboard.bmc.ports import Board

Answer: TypeAlias = Callable[[bytes], None]
"""Takes completion code and response data."""

_VENDOR, _DEVICE = 0x1234, 0x1170
_CLASSES: Final = {"smic": 0x0C0700, "kcs": 0x0C0701, "bt": 0x0C0702}
_RESPONSE: Final = 0x04
_LONGEST_BT: Final = 0xFF


class Interface(Protocol):
    """What a controller sees of any kind of interface."""

    def answer(self, message: bytes) -> None:
        """The response to a request."""
        ...

    def attention(self, flags: int, *, interrupts: bool) -> None:
        """The message flags that stand, and whether the host wants interrupts."""
        ...

    def reset(self) -> None:
        """Nothing is in progress."""
        ...


def identity(kind: InterfaceKind) -> PciIdentity:
    """What the PCI device of an interface tells of itself."""
    if kind == "ssif":
        return SMBUS_CONTROLLER
    return PciIdentity(_VENDOR, _DEVICE, _CLASSES[kind], bar=0, size=16)


class Hardware:
    """One interface of a BMC: its registers, what is behind them, and the way to the BMC.

    Args:
        spec: which kind, and what it carries.
        board: the BMC.
        clock: for how long a response counts.

    Attributes:
        device: the registers, as a bus reads and writes them.
    """

    def __init__(self, spec: InterfaceSpec, board: Board, clock: Clock) -> None:
        self._board, self._turn = board, 0
        self._is_bt = spec.kind == "bt"
        self.device, self._interface = self._made(spec, clock)
        board.watch(self._changed)
        self._changed()

    def reset(self) -> None:
        """The system was reset: what was asked before is answered to nobody."""
        self._turn += 1
        self._interface.reset()
        self.device.reset()

    def _made(self, spec: InterfaceSpec, clock: Clock) -> tuple[RegisterDevice, Interface]:
        match spec.kind:
            case "kcs":
                kcs = Kcs(self._request, spec.input_size)
                return kcs, kcs
            case "smic":
                smic = Smic(self._request, spec.input_size)
                return smic, smic
            case "bt":
                bt = Bt(
                    self._request, input_size=spec.input_size, output_size=spec.output_size,
                    outstanding=spec.outstanding, response_s=spec.response_s, now=clock.now,
                    hardware_reset=self._forget,
                )  # fmt: skip
                return bt, bt
            case _:
                target = SsifTarget(
                    self._request, pec=spec.pec, input_size=spec.input_size, output_size=spec.output_size
                )
                return SmbusController([target]), target

    def _request(self, message: bytes) -> None:
        """Pass a request on, and its answer back; the answer may come at once, or much later."""
        head, answer = self._addressed(message)
        netfn, lun, cmd = head[0] >> 2, head[0] & 3, head[1]
        if netfn & 1:  # a response; software has none to give
            answer(bytes((Cc.INVALID_COMMAND,)))
        else:
            self._board.request(netfn, lun, cmd, head[2:], answer)

    def _addressed(self, message: bytes) -> tuple[bytes, Answer]:
        """A request without what only BT has, and whom to answer."""
        turn = self._turn
        if self._is_bt:
            _, first, seq, cmd, *data = message
            front, request = bytes((first | _RESPONSE, seq, cmd)), bytes((first, cmd, *data))
        else:
            front, request = bytes((message[0] | _RESPONSE, message[1])), message

        def answer(response: bytes) -> None:
            if turn != self._turn:
                return
            whole = front + response
            if self._is_bt and len(whole) > _LONGEST_BT:
                whole = front + bytes((Cc.CANNOT_RETURN_SO_MANY,))
            self._interface.answer(bytes((len(whole),)) + whole if self._is_bt else whole)

        return request, answer

    def _changed(self) -> None:
        self._interface.attention(self._board.message_flags(), interrupts=self._board.interrupts_enabled())

    def _forget(self) -> None:
        """BMC_HWRST: what was asked before is answered to nobody.

        The rest of the controller runs on. Linux pulls this whenever its driver is loaded (6.1), which should
        not end the sessions of consoles; the bit is optional (§11.6.2).
        """
        self._turn += 1


class RegistersEndpoint:
    """The `registers` endpoint of a BMC: its hardware where QEMU finds it.

    Raises:
        TransportError: the socket cannot be made.

    Attributes:
        place: where the socket is.
        hardware: the interface.
    """

    def __init__(self, spec: InterfaceSpec, endpoint: RegistersSpec, board: Board, clock: Clock) -> None:
        self.hardware = Hardware(spec, board, clock)
        self._identity = identity(spec.kind)
        path = endpoint.listen.removeprefix("unix:")
        self._port = PciProxyPort(path, self._plugged, self.hardware.reset)
        self.place = self._port.place

    @property
    def hint(self) -> str:
        """What QEMU has to be told, with the connected socket as its descriptor 9."""
        return (
            "-machine pc,memory-backend=ram -object memory-backend-memfd,id=ram,size=256M "
            "-device x-pci-proxy-dev,fd=9"
        )

    def close(self) -> None:
        """See `Endpoint`."""
        self._port.close()

    def _plugged(self) -> PciProxy:
        self.hardware.reset()
        return PciProxy(self._identity, _Plug(self.hardware))


class _Plug:
    """The hardware as a PCI device: a reset of the machine resets what is behind the registers too."""

    def __init__(self, hardware: Hardware) -> None:
        self._hardware, device = hardware, hardware.device
        self.size, self.read, self.write, self.reset = device.size, device.read, device.write, hardware.reset
