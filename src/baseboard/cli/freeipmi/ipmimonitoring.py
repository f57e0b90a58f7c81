"""The program ``ipmimonitoring``: ``ipmi-sensors`` that says how good or bad each sensor's states are."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from baseboard.cli.freeipmi import ipmi_sensors


def main(arguments: Sequence[str] | None = None) -> int:
    """Be ipmimonitoring: sensors that are not available are left out, unless ``-v`` is given.

    Args:
        arguments: without the program's name; None: the process's own.

    Returns: the exit code of ipmi-sensors.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    old = {"--legacy-output": "--ipmimonitoring-legacy-output"}
    options = ["--output-sensor-state", *(old.get(word, word) for word in words if word != "-v")]
    if "-v" not in words:
        options.append("--ignore-not-available-sensors")
    return ipmi_sensors.main(options)
