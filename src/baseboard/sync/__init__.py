"""The library for programs without a loop: the same names, and nothing to await.

>>> import baseboard.sync
>>> with baseboard.sync.connect("10.0.0.5", username="ops", password=secret) as bmc:  # doctest: +SKIP
...     print(bmc.chassis.status().power_on)
True
"""

from __future__ import annotations

from baseboard.sync.bmc import Bmc
from baseboard.sync.connect import connect
from baseboard.sync.portal import deadline

__all__ = ["Bmc", "connect", "deadline"]
