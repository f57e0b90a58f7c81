"""From what a blueprint says of the system interface to its endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from baseboard.bmc.blueprint.interfaces import DeviceSpec, RegistersSpec
from baseboard.bmc.system_interface.devices import DeviceEndpoint
from baseboard.bmc.system_interface.registers import RegistersEndpoint

if TYPE_CHECKING:
    from baseboard.bmc.blueprint.interfaces import InterfaceSpec
    from baseboard.bmc.clock import Clock
    from baseboard.bmc.ports import Board


class Endpoint(Protocol):
    """A system interface at work.

    Attributes:
        place: where the host's side finds it, for people.
        hint: what the host's side has to be told to find it, for people; empty = nothing.
    """

    @property
    def place(self) -> str:
        """Where the host's side finds it."""
        ...

    @property
    def hint(self) -> str:
        """What the host's side has to be told; empty = nothing."""
        ...

    def close(self) -> None:
        """Take it down; nothing is answered any more."""
        ...


def opened(spec: InterfaceSpec, board: Board, clock: Clock) -> Endpoint | None:
    """Open the system interface; None = the host needs none.

    Raises:
        TransportError: its place cannot be had.
    """
    match spec.endpoint:
        case None:
            return None
        case RegistersSpec():
            return RegistersEndpoint(spec, spec.endpoint, board, clock)
        case DeviceSpec():
            assert spec.kind != "smic"  # there is no such device
            return DeviceEndpoint(spec.endpoint.path, spec.kind, board, clock)
