"""Virtual machines of libvirt."""

from __future__ import annotations

from baseboard.bmc.backends.libvirt.domain import Domain

__all__ = ["Domain"]
