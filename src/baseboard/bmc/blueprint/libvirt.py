"""A virtual machine of libvirt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LibvirtSpec:
    """A domain.

    Attributes:
        domain: its name or its UUID.
        uri: of the libvirt that has it.
        console: the device of its console that Serial over LAN is connected to; empty = its first.
        timeout_s: seconds that libvirt may take for a call.
    """

    domain: str
    uri: str = "qemu:///system"
    console: str = ""
    timeout_s: float = 30.0
