"""The registers of this machine's own hardware: I/O ports through ``/dev/port``, memory through ``/dev/mem``.

Each access is one byte wide, as KCS, SMIC and BT have it. A register stands ``spacing`` bytes behind the one
before it, which SMBIOS type 38 tells.
"""

from __future__ import annotations

import errno
import mmap
import os
from typing import Final, Protocol

from baseboard.errors import TransportError

PORTS: Final = "/dev/port"
MEMORY: Final = "/dev/mem"

_LAST_PORT: Final = 0xFFFF
_LOCKED: Final = "only root may use it (CAP_SYS_RAWIO), and not where Secure Boot locks the kernel down"
_HINTS: Final = {
    errno.ENOENT: "this kernel does not offer it; with the drivers loaded, -I open does without",
    errno.ENXIO: "this machine has no such addresses",
    errno.EACCES: _LOCKED,
    errno.EPERM: _LOCKED,
}


class Registers(Protocol):
    """Registers that can be let go; a `baseboard.links.registers.HostAccess`."""

    def read(self, register: int) -> int:
        """Read a register."""
        ...

    def write(self, register: int, value: int) -> None:
        """Write a register."""
        ...

    def close(self) -> None:
        """Let go of them; harmless when that was done already."""
        ...


def trouble(path: str, error: OSError, doing: str) -> TransportError:
    """The error for a device that does not let us, with what to do about it."""
    found = TransportError(f"{path}: {doing}: {error.strerror or error}")
    found.hint = _HINTS.get(error.errno or 0, "")
    found.__cause__ = error
    return found


class PortAccess:
    """Registers at I/O ports.

    Args:
        base: port of the first register.
        size: how many there are.
        spacing: ports from one to the next.
        path: the device.

    Raises:
        TransportError: it cannot be opened, or there are no such ports.
    """

    def __init__(self, base: int, size: int, spacing: int = 1, path: str = PORTS) -> None:
        if not 0 <= base <= base + (size - 1) * spacing <= _LAST_PORT:
            raise TransportError(f"there are no {size} ports at {base:04X}h, {spacing} apart")
        self._ports = [base + register * spacing for register in range(size)]
        self.path = path
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise trouble(path, error, "cannot be opened") from error

    def read(self, register: int) -> int:
        """See `Registers.read`."""
        try:
            return os.pread(self._fd, 1, self._ports[register])[0]
        except OSError as error:
            raise trouble(self.path, error, f"port {self._ports[register]:04X}h is not read") from error

    def write(self, register: int, value: int) -> None:
        """See `Registers.write`."""
        try:
            os.pwrite(self._fd, bytes((value,)), self._ports[register])
        except OSError as error:
            raise trouble(self.path, error, f"port {self._ports[register]:04X}h is not written") from error

    def close(self) -> None:
        """See `Registers.close`."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class MemoryAccess:
    """Registers in memory.

    Args:
        base: physical address of the first register.
        size: how many there are.
        spacing: bytes from one to the next.
        path: the device.

    Raises:
        TransportError: it cannot be opened, or that memory may not be had.
    """

    def __init__(self, base: int, size: int, spacing: int = 1, path: str = MEMORY) -> None:
        self.path = path
        start = base - base % mmap.PAGESIZE
        self._places = [base - start + register * spacing for register in range(size)]
        try:
            # Without O_SYNC the kernel may map memory of devices so that accesses are put together.
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_SYNC)
        except OSError as error:
            raise trouble(path, error, "cannot be opened") from error
        try:
            self._memory = mmap.mmap(fd, self._places[-1] + 1, offset=start)
        except (OSError, ValueError, OverflowError) as error:
            reason = error if isinstance(error, OSError) else OSError(errno.ENXIO, str(error))
            raise trouble(path, reason, f"memory at {base:X}h cannot be had") from error
        finally:
            os.close(fd)

    def read(self, register: int) -> int:
        """See `Registers.read`."""
        return self._memory[self._places[register]]

    def write(self, register: int, value: int) -> None:
        """See `Registers.write`."""
        self._memory[self._places[register]] = value

    def close(self) -> None:
        """See `Registers.close`."""
        self._memory.close()
