"""The front panel: which of its buttons work (§28.6, Table 28-3 byte 5)."""

from __future__ import annotations

from baseboard.bmc.services.boot import BootOptions
from baseboard.bmc.services.home import Home
from baseboard.commands.chassis.control import FrontPanelButtons

_B = FrontPanelButtons
DISABLED = _B.POWER_OFF_DISABLED | _B.RESET_DISABLED | _B.DIAGNOSTIC_INTERRUPT_DISABLED | _B.STANDBY_DISABLED
_ALLOWED = _B(DISABLED << 4)
_LOCKOUT = _B.POWER_OFF_DISABLED | _B.RESET_DISABLED


class FrontPanel:
    """The buttons in front of the chassis; a BMC without power lines has none.

    Attributes:
        disabled: those that do nothing, by command.
    """

    __slots__ = ("_boot", "_home", "disabled")

    def __init__(self, home: Home, boot: BootOptions, disabled: FrontPanelButtons) -> None:
        self._home = home
        self._boot = boot
        self.disabled = disabled

    @property
    def buttons(self) -> FrontPanelButtons:
        """Buttons that may be disabled, and that are: by command or by the boot flags of this boot."""
        if self._home.backend.power is None:
            return FrontPanelButtons(0)
        return _ALLOWED | self.disabled | self._boot.locks

    @property
    def lockout(self) -> bool:
        """Whether the panel can neither switch off nor reset."""
        return self.buttons & _LOCKOUT == _LOCKOUT
