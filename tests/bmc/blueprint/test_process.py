"""Commands as shipped."""

from __future__ import annotations

from baseboard.bmc.blueprint.process import ProcessSpec


def test_three_commands_are_enough() -> None:
    spec = ProcessSpec("plug", ("on",), ("off",), ("status",))
    others = (spec.reset, spec.nmi, spec.shutdown, spec.identify_on, spec.identify_off, spec.boot_device)
    assert others == ((),) * 6
