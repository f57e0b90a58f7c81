"""System boot options: what the next boot shall do, and how long that holds (§28.12, §28.13)."""

from __future__ import annotations

from typing import TypeVar

from baseboard.bmc.clock import Timer
from baseboard.bmc.ports import BootChoice
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.parameters import NOT_SUPPORTED, Progress
from baseboard.codes import Cc, RestartCause
from baseboard.commands.chassis.control import FrontPanelButtons
from baseboard.commands.parameters.boot import (
    BootFlags,
    BootFlagValidBitClearing,
    BootHandler,
    BootInfoAcknowledge,
    BootInitiatorInfo,
    BootInitiatorMailbox,
    BootParameter,
    SetInProgress,
)
from baseboard.errors import CompletionError

VALID_S = 60.0
"""How long boot flags wait for a Chassis Control command (Table 28-14, parameter 3)."""

MAILBOX_BLOCKS = 16
BLOCK = 16

_SIZES = {1: 1, 2: 1, 3: 1, 4: 2, 5: 5, 6: 9}
_SECTION, _MARKS = "boot", "boot marks"
_NOTHING = BootChoice()
_UNLOCKED = FrontPanelButtons(0)

P = TypeVar("P", bound=BootParameter)


class BootOptions:
    """The boot parameters; only what was changed is kept per BMC.

    Everything but Set In Progress is kept over a loss of standby power too, so that an answered
    change is never lost.

    Attributes:
        locks: buttons that the boot flags of the present boot lock.
    """

    __slots__ = ("_home", "_marks", "_progress", "_timer", "_values", "locks")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._values = home.journal.saved(_SECTION)
        self._marks = home.journal.saved(_MARKS).get(0, b"\0")[0]
        self._progress = Progress()
        self._timer: Timer | None = None
        self.locks = _UNLOCKED

    def start(self) -> None:
        """Flags that were valid when the BMC ended have their time again."""
        self._arm()

    def stop(self) -> None:
        """End the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def get(self, selector: int, block: int = 0) -> BootParameter:
        """A parameter.

        Args:
            selector: which one.
            block: of the mailbox; the other parameters have no blocks.

        Raises:
            CompletionError: 80h, there is no such parameter; C9h, the mailbox has no such block.
        """
        self._check_known(selector)
        kind = BootParameter.members()[selector]
        if kind is SetInProgress:
            return SetInProgress(state=self._progress.state)
        if kind is BootInitiatorMailbox:
            return BootInitiatorMailbox(block=block, data=self._block(block))
        return self._read(kind)

    def set(self, parameter: BootParameter) -> None:
        """Change a parameter.

        Raises:
            CompletionError: 80h or 81h of the command; C7h, C9h or CCh for values that cannot be.
        """
        match parameter:
            case SetInProgress():
                self._progress.set(parameter.state)
            case BootInitiatorMailbox():
                before = self._block(parameter.block)
                if len(parameter.data) > BLOCK:
                    raise CompletionError(Cc.INVALID_LENGTH)
                data = parameter.data + before[len(parameter.data) :]
                self._put(parameter.selector, data, parameter.block)
            case BootInfoAcknowledge():
                self._acknowledge(parameter)
            case BootFlags():
                _check_codes(parameter)
                self._put(parameter.selector, parameter.encode())
                self._arm()
            case BootFlagValidBitClearing():
                self._put(parameter.selector, parameter.encode())
                self._arm()
            case _:
                self._put(parameter.selector, parameter.encode())

    def marked_invalid(self, selector: int) -> bool:
        """Whether somebody marked the parameter invalid or locked."""
        return bool(self._marks >> selector & 1)

    def mark(self, selector: int, *, invalid: bool) -> None:
        """Mark a parameter invalid (locked) or valid; firmware does not follow invalid boot flags.

        Raises:
            CompletionError: 80h, there is no such parameter.
        """
        self._check_known(selector)
        if invalid != self.marked_invalid(selector):
            self._marks ^= 1 << selector
            self._home.journal.put(_MARKS, 0, bytes((self._marks,)))

    def renew(self, extra_s: float = 0.0) -> None:
        """A Chassis Control command came: the flags' time begins anew.

        Args:
            extra_s: seconds until the system can start by that command.
        """
        if self._timer is not None:
            self._arm(extra_s)

    def restarted(self, cause: RestartCause) -> None:
        """The system starts: what the cause of it does to the flags, by parameter 3."""
        self._progress.settle()
        if not self._read(BootFlags).persistent and _clears(self._read(BootFlagValidBitClearing), cause):
            self._invalidate()

    def powered_down(self) -> None:
        """The system is off, by which Set In Progress ends (§28.12), and the locks of its last boot."""
        self._progress.settle()
        self.locks = _UNLOCKED

    def take_choice(self) -> BootChoice:
        """The firmware reads what it shall do; flags for one boot are used up by it."""
        flags = self._read(BootFlags)
        self.locks = _UNLOCKED
        self._acknowledge(BootInfoAcknowledge(write_mask=BootHandler.BIOS_POST, pending=BootHandler(0)))
        if not flags.valid or self.marked_invalid(BootFlags.selector):
            return _NOTHING
        if not flags.persistent:
            self._invalidate()
        self.locks = _locks(flags)
        return BootChoice(
            device=flags.device,
            clear_cmos=flags.clear_cmos,
            persistent=flags.persistent,
            efi=flags.efi,
            lock_keyboard=flags.lock_keyboard,
            verbosity=flags.verbosity,
            console_redirection=flags.console_redirection,
            bypass_password=flags.user_password_bypass,
            initiator=self._values.get(_key(BootInitiatorInfo.selector), b""),
        )

    def _read(self, kind: type[P]) -> P:
        selector = kind.selector
        return kind.decode(self._values.get(_key(selector)) or bytes(_SIZES[selector]))

    def _block(self, block: int) -> bytes:
        if block >= MAILBOX_BLOCKS:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        return self._values.get(_key(BootInitiatorMailbox.selector, block), bytes(BLOCK))

    def _put(self, selector: int, data: bytes, block: int = 0) -> None:
        key = _key(selector, block)
        if self._values.get(key) != data:
            self._values[key] = data
            self._home.journal.put(_SECTION, key, data)

    def _check_known(self, selector: int) -> None:
        if selector not in BootParameter.members():
            raise CompletionError(NOT_SUPPORTED)

    def _acknowledge(self, wanted: BootInfoAcknowledge) -> None:
        """Only the bits of the mask change; the mask itself reads as 00h."""
        pending = self._read(BootInfoAcknowledge).pending
        pending = (pending & ~wanted.write_mask | wanted.pending & wanted.write_mask) & _HANDLERS
        if pending or _key(BootInfoAcknowledge.selector) in self._values:
            self._put(BootInfoAcknowledge.selector, bytes((0, pending)))

    def _arm(self, extra_s: float = 0.0) -> None:
        """Let the time of valid flags run; those for every boot, and those that parameter 3 keeps, stay."""
        self.stop()
        flags = self._read(BootFlags)
        if flags.valid and not flags.persistent and not self._read(BootFlagValidBitClearing).keep_on_timeout:
            self._timer = self._home.clock.call_at(
                self._home.clock.now() + VALID_S + extra_s, self._invalidate
            )

    def _invalidate(self) -> None:
        """Clear the valid bit, and nothing else."""
        self.stop()
        data = self._read(BootFlags).encode()
        if data[0] & _VALID:
            self._put(BootFlags.selector, bytes((data[0] & ~_VALID,)) + data[1:])


_VALID = 0x80
_HANDLERS = 0x1F


def _key(selector: int, block: int = 0) -> int:
    return selector << 8 | block


def _check_codes(flags: BootFlags) -> None:
    """Refuse what Table 28-14 reserves: no firmware could follow it."""
    for code in (flags.device, flags.verbosity, flags.console_redirection, flags.bios_mux_control):
        if not code.known:
            raise CompletionError(Cc.INVALID_DATA)


def _clears(rule: BootFlagValidBitClearing, cause: RestartCause) -> bool:
    """Whether a restart for that cause ends the flags."""
    match cause:
        case RestartCause.PEF_RESET | RestartCause.PEF_POWER_CYCLE:
            return not rule.keep_on_pef
        case RestartCause.WATCHDOG:
            return not rule.keep_on_watchdog
        case RestartCause.PUSHBUTTON_RESET | RestartCause.SOFT_RESET:
            return not rule.keep_on_reset
        case RestartCause.PUSHBUTTON_POWER_UP | RestartCause.RTC_WAKEUP:
            return not rule.keep_on_power_up
        case _:
            return False


def _locks(flags: BootFlags) -> FrontPanelButtons:
    """The buttons that a boot with these flags locks out."""
    locks = _UNLOCKED
    if flags.lock_out_power_button:
        locks |= FrontPanelButtons.POWER_OFF_DISABLED
    if flags.lock_out_reset_buttons:
        locks |= FrontPanelButtons.RESET_DISABLED
    if flags.lock_out_sleep_button:
        locks |= FrontPanelButtons.STANDBY_DISABLED
    return locks
