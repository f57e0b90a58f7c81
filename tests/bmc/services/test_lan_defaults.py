"""LAN parameters as shipped; where cipher suites stand in parameters 23 and 24 (§23.2)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.lan_defaults import default_parameter, entries

WEAK = tuple((suite, 4) for suite in (0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17))


@pytest.mark.parametrize("suites", [((3, 4), (17, 4)), ((17, 4),), WEAK, ((16, 4), (18, 4), (19, 4))])
def test_entry_n_is_suite_n_wherever_that_can_be(suites: tuple[tuple[int, int], ...]) -> None:
    listed = entries(LanSpec(suites=suites))
    offered = [suite for suite, _ in suites]
    assert len(listed) == len(set(listed)) == 16
    assert set(offered) <= set(listed)
    for suite in offered:
        if suite < 15:
            assert listed[suite] == suite
    # the last entry is neither shown nor kept by ipmitool, so nothing that has another place stands there
    assert listed[15] == 15
    entry_parameter = default_parameter(23, 0, LanSpec(suites=suites), listed)
    assert entry_parameter is not None
    assert entry_parameter.encode() == b"\0" + bytes(listed)


def test_parameter_24_gives_each_entry_its_level_low_nibble_first() -> None:
    spec = LanSpec(suites=((3, 2), (17, 4)))
    levels = default_parameter(24, 0, spec, entries(spec))
    assert levels is not None
    assert levels.encode() == bytes.fromhex("00 00 20 04 00 00 00 00 00")


@pytest.mark.parametrize("selector", [0, 27, 59, 63, 80, 192])
def test_what_the_bmc_has_not_has_no_default(selector: int) -> None:
    spec = LanSpec()
    assert default_parameter(selector, 0, spec, entries(spec)) is None
