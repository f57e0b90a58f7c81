"""Who reads what is typed on the simulated host's serial console: firmware, loader, login or kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.bmc.backends.memory import firmware
from baseboard.bmc.backends.memory.keys import BACKSPACE, DELETE, ENTER, RIGHT, TAB, KeyDecoder
from baseboard.bmc.backends.memory.login import Session
from baseboard.bmc.backends.memory.phases import FIRMWARE, Event, Phase
from baseboard.bmc.backends.memory.system import issue
from baseboard.bmc.clock import Clock
from baseboard.codes import BootDevice

if TYPE_CHECKING:
    from baseboard.bmc.backends.memory.host import Host

BREAK_VALID = 5.0  # seconds in which the key after a break is a command to the kernel


class Console:
    """The keyboard's end of the serial line.

    Args:
        host: whose it is.
        clock: time.
    """

    __slots__ = ("_break_until", "_clock", "_host", "_keys", "_page", "_session")

    def __init__(self, host: Host, clock: Clock) -> None:
        self._host = host
        self._clock = clock
        self._session: Session | None = None
        self._keys: KeyDecoder | None = None
        self._page = 0
        self._break_until = 0.0

    @property
    def user(self) -> str | None:
        """Who is logged in; None = nobody."""
        return None if self._session is None else self._session.user

    def forget(self) -> None:
        """Nobody is logged in any more, nothing half typed."""
        self._session = self._keys = None
        self._break_until = 0.0

    def typed(self, character: int) -> None:
        """A character from the serial line, for whoever is in charge now."""
        if self._clock.now() < self._break_until:
            self._break_until = 0.0
            self._kernel_command(chr(character))
        elif self._host.phase is Phase.RUNNING:
            if self._session is None:
                self._session = Session(self._host)
            self._session.typed(character)
        elif self._host.phase in FIRMWARE and not self._host.boot.choice.lock_keyboard:
            if self._keys is None:
                self._keys = KeyDecoder()
            key = self._keys.key(character)
            if key:
                self._firmware_key(key)

    def broken(self) -> None:
        """A break: the next key is a command to the kernel, as on a real one."""
        if self._host.phase in (Phase.KERNEL, Phase.RUNNING, Phase.CRASHED):
            self._break_until = self._clock.now() + BREAK_VALID
            self._host.kernel_says(["sysrq: break; next key: (b)oot (c)rash power(o)ff (s)ync (m)emory"])

    def hung_up(self) -> None:
        """DCD and DSR were dropped: whoever is logged in is logged out."""
        if self.user is not None:
            self._session = None
            self._host.say("\n" + issue(self._host.blueprint, self._host.boot))

    def show_setup(self, page: int = 0) -> None:
        """Draw a page of the firmware's setup."""
        self._page = page % len(firmware.SETUP_PAGES)
        self._host.say(firmware.setup(self._host.blueprint, self._host.boot, self._page))

    def _firmware_key(self, key: str) -> None:
        host = self._host
        if host.phase is Phase.POST:
            self._post_key(key)
        elif host.phase is Phase.TESTED:
            host.happen(Event.REBOOT)
        elif host.phase is Phase.SETUP and key in (TAB, RIGHT):
            self.show_setup(self._page + 1)
        elif host.phase is Phase.SETUP and key == ENTER:
            host.happen(Event.DONE)
        elif host.phase is Phase.LOADER and key in ("1", "2", "3", ENTER):
            host.boot.safe = key == "2" or (host.boot.safe and key != "1")
            host.happen(Event.TO_SETUP if key == "3" else Event.DONE)

    def _post_key(self, key: str) -> None:
        if key in ("s", "S", DELETE, BACKSPACE):
            self._host.want(BootDevice.BIOS_SETUP)
            self._host.say("\n  Setup follows.\n")
        elif key in ("n", "N"):
            self._host.want(BootDevice.PXE)
            self._host.say("\n  Network boot follows.\n")

    def _kernel_command(self, key: str) -> None:
        host = self._host
        if key == "b":
            host.kernel_says(["sysrq: resetting"])
            host.reset()
        elif key == "o":
            host.kernel_says(["sysrq: power off"])
            host.turn_off()
        elif key == "c":
            host.panic("sysrq triggered crash")
        elif key == "s":
            host.kernel_says(["sysrq: emergency sync", "sysrq: emergency sync complete"])
        elif key == "m":
            host.kernel_says([f"sysrq: memory {host.blueprint.host.memory_mib} MiB"])
        else:
            host.kernel_says(["sysrq: nothing is bound to that key"])
