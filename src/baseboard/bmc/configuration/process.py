"""Described machines that are switched by commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from baseboard.bmc.blueprint.process import Command, ProcessSpec
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.words import numbered

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint
    from baseboard.bmc.configuration.process_layout import Process
    from baseboard.bmc.configuration.spots import Spot

COMMANDS: Final = (
    "on", "off", "status", "reset", "nmi", "shutdown", "identify_on", "identify_off", "boot_device",
)  # fmt: skip
_NAME: Final = "{name}"


def process_specs(said: Process, spot: Spot, count: int) -> list[ProcessSpec]:
    """The commands of each of so many machines.

    Args:
        said: what the file says.
        spot: of its table.
        count: BMCs that are made of it.

    Raises:
        ConfigurationError: an identify light can be lit and not put out, or the other way round.
    """
    for one, other in (("identify_on", "identify_off"), ("identify_off", "identify_on")):
        if getattr(said, one) is not None and getattr(said, other) is None:
            raise (spot / one).wrong(f"{other} is missing; a light that is switched on has to go off again")
    return [_spec(said, spot, turn + 1) for turn in range(count)]


def _spec(said: Process, spot: Spot, number: int) -> ProcessSpec:
    commands: dict[str, Command] = {
        key: tuple(numbered(word, number, _NAME) for word in getattr(said, key) or ()) for key in COMMANDS
    }
    return ProcessSpec(
        name="",
        **commands,
        interval_s=said.interval_s,
        timeout_s=said.timeout_s,
        off_s=said.off_s,
        folder=str(beside(spot.file, numbered(said.folder or ".", number, _NAME)).absolute()),
    )


def behind_process(blueprint: Blueprint, spec: ProcessSpec) -> Blueprint:
    """A BMC with such a machine, which is as it is when the BMC starts for the first time."""
    name = blueprint.identity.name
    commands: dict[str, Any] = {
        key: tuple(word.replace(_NAME, name) for word in getattr(spec, key)) for key in COMMANDS
    }
    spec = replace(spec, name=name, folder=spec.folder.replace(_NAME, name), **commands)
    return replace(blueprint, machine=spec, powered=False)
