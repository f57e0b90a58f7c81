"""The machines that can be behind a BMC: every kind has its own specification, and a host is made of it."""

from __future__ import annotations

import inspect
from dataclasses import is_dataclass, replace
from typing import get_args

import pytest

from baseboard.bmc import hosts
from baseboard.bmc.blueprint import Blueprint, Identity
from baseboard.bmc.blueprint.machines import Machine, VmSpec

KINDS = get_args(Machine)


def test_a_blueprint_has_none_unless_told() -> None:
    plain = Blueprint(Identity("x", bytes(16)))
    assert plain.machine is None
    assert replace(plain, machine=VmSpec("unix:/vm")).machine == VmSpec("unix:/vm")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_frozen_and_known_where_hosts_are_made(kind: type) -> None:
    assert is_dataclass(kind)
    assert kind.__name__ in inspect.getsource(hosts._machine_of)


def test_a_virtual_machine_cannot_be_changed() -> None:
    spec = VmSpec("unix:/vm")
    with pytest.raises(AttributeError):
        spec.listen = "unix:/other"  # type: ignore[misc]  # that is what is tried
