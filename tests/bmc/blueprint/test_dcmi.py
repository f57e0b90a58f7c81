"""DCMI as shipped."""

from __future__ import annotations

from baseboard.bmc.blueprint.dcmi import USUAL_PERIODS, DcmiSpec
from baseboard.bmc.services.dcmi import period_seconds
from baseboard.bmc.services.power_meter import LONGEST_S


def test_a_bmc_with_dcmi_has_no_power_management_by_itself() -> None:
    assert DcmiSpec().meter == ""


def test_the_usual_periods_are_those_that_ipmitool_has_words_for() -> None:
    seconds = [period_seconds(one) for one in USUAL_PERIODS]
    assert seconds == [5, 15, 30, 60, 180, 420, 900, 1800, 3600]
    assert max(seconds) <= LONGEST_S
