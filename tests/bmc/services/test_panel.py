"""The front panel's byte of Get Chassis Status (Table 28-3, byte 5)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.boot import BootOptions
from baseboard.bmc.services.panel import FrontPanel
from baseboard.commands.chassis.control import FrontPanelButtons
from tests.bmc.services.homes import make_home

POWER, RESET, NMI, STANDBY = (FrontPanelButtons(1 << bit) for bit in range(4))


@pytest.mark.parametrize("locked", [FrontPanelButtons(0), POWER, RESET | STANDBY])
@pytest.mark.parametrize("disabled", [FrontPanelButtons(0), RESET, POWER | NMI])
def test_28_2_all_four_may_be_disabled_and_either_reason_counts(
    disabled: FrontPanelButtons, locked: FrontPanelButtons
) -> None:
    home = make_home()
    boot = BootOptions(home)
    boot.locks = locked
    panel = FrontPanel(home, boot, disabled)
    assert panel.buttons == 0xF0 | disabled | locked
    assert panel.lockout is (POWER | RESET in (disabled | locked))


def test_without_power_lines_there_are_no_buttons() -> None:
    home = make_home()
    home.backend.power = None
    panel = FrontPanel(home, BootOptions(home), POWER | RESET)
    assert panel.buttons == 0
    assert not panel.lockout
