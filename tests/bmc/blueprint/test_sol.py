"""Serial ports as shipped."""

from __future__ import annotations

from baseboard.bmc.blueprint.sol import HOST_CONSOLE, SolPortSpec, SolSpec


def test_a_bmc_comes_with_its_hosts_console_at_full_speed() -> None:
    assert SolSpec((SolPortSpec("host"),), 115200) == HOST_CONSOLE
    assert SolPortSpec().wake_on_ring
