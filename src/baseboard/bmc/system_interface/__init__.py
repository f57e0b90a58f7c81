"""The hardware of system interfaces, before a BMC: each kind takes the host's requests to the controller.

A simulated host needs none of it: its software calls the controller. Everything here sees the BMC as a
`Board` and nothing else: requests, the message flags that stand, the interrupts that are wanted.
"""

from __future__ import annotations

from baseboard.bmc.system_interface.opening import Endpoint, opened

__all__ = ["Endpoint", "opened"]
