"""What the verbs of ``power`` find: apart from the rest of the chassis, since nothing is asked as often."""

from __future__ import annotations

from typing import Final

from baseboard.cli.results import shape
from baseboard.wire.value import Value

CONTROLS: Final = ("on", "off", "cycle", "reset", "diag", "soft")
"""What can be asked of the host's power."""


@shape("power status", "chassis power status")
class PowerStatus(Value, kw_only=True):
    """Whether the host's power is on."""

    power_on: bool


@shape(*(f"{noun} {what}" for noun in ("power", "chassis power") for what in CONTROLS))
class PowerControl(Value, kw_only=True):
    """What was asked of the host's power, in ipmitool's words such as ``Up/On``."""

    control: str
