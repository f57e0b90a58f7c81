"""What is special about a sensor."""

from __future__ import annotations

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.sensors import EVERYTHING, Init, Traits, ordinary


def test_the_agent_sets_everything_unless_told_otherwise() -> None:
    """Table 43-1, byte 11: bits 6 to 2."""
    assert EVERYTHING == Init.SCANNING | Init.EVENTS | Init.THRESHOLDS | Init.HYSTERESIS | Init.TYPE
    assert int(EVERYTHING) == 0x7C
    assert ordinary().init == EVERYTHING


def test_ordinary_sensors_share_what_is_not_special() -> None:
    one, other = SensorSpec(1, "a", 1), SensorSpec(2, "b", 1)
    assert one.traits is other.traits is ordinary()
    assert Traits() == ordinary()
    assert hash(Traits(curve=((0, 1.0), (1, 2.0)))) == hash(Traits(curve=((0, 1.0), (1, 2.0))))
