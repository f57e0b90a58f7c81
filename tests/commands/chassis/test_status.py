"""Get Chassis Status: what a chassis without a front panel leaves out (§28.2)."""

from __future__ import annotations

import pytest

from baseboard.commands.chassis.status import (
    FrontPanelButtons,
    GetChassisStatus,
    GetChassisStatusResponse,
    IdentifyState,
    PowerRestorePolicy,
)
from baseboard.errors import TruncatedError
from tests.commands.lengths import takes


def test_status_of_a_chassis_without_front_panel_has_three_bytes() -> None:
    status = GetChassisStatusResponse.decode(bytes.fromhex("210000"))
    assert status.power_on
    assert status.power_restore_policy is PowerRestorePolicy.PREVIOUS
    assert status.front_panel is None
    assert len(status.encode()) == 3


def test_status_tells_which_buttons_are_disabled() -> None:
    status = GetChassisStatusResponse.decode(bytes.fromhex("01000033"))
    assert status.front_panel == (
        FrontPanelButtons.POWER_OFF_DISABLED
        | FrontPanelButtons.RESET_DISABLED
        | FrontPanelButtons.POWER_OFF_DISABLE_ALLOWED
        | FrontPanelButtons.RESET_DISABLE_ALLOWED
    )


def test_status_of_two_bytes_is_too_short() -> None:
    with pytest.raises(TruncatedError):
        GetChassisStatusResponse.decode(b"\x01\x00")


def test_the_light_is_told_where_it_is_supported() -> None:
    status = GetChassisStatusResponse.decode(bytes.fromhex("010060"))
    assert status.identify_supported
    assert status.identify_state is IdentifyState.INDEFINITE_ON


def test_the_request_is_empty() -> None:
    takes(GetChassisStatus, 0)
