"""Links other than the network: how IPMI messages travel over them, without any I/O; both roles."""

from __future__ import annotations
