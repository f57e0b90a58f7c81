"""What a BMC starts from: shared, never changed, and silent about its secrets."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import pytest

from baseboard.bmc import blueprint as module
from baseboard.bmc.blueprint import Blueprint, HostSpec, Identity, LanSpec, SensorSpec, Thresholds, UserSpec
from baseboard.bmc.store import MemoryStore
from baseboard.testing.clock import VirtualClock
from tests.bmc.harness import GUID, Bench

PARTS = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if dataclasses.is_dataclass(kind)]
FULL = Blueprint(
    Identity("one", GUID),
    users=(UserSpec(2, b"admin", b"hidden-password"),),
    lan=LanSpec(kg=b"hidden-kg"),
    host=HostSpec(accounts=(("root", "hidden-login"),)),
)


def live(blueprint: Blueprint) -> Bench:
    return Bench(blueprint, MemoryStore(), VirtualClock())


def test_no_secret_is_shown() -> None:
    shown = repr(FULL)
    assert "hidden" not in shown
    assert "admin" in shown


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_attribute_is_explained(part: type[Any]) -> None:
    """By a line of its own; the six thresholds by their names, which are the specification's."""
    text = inspect.getdoc(part) or ""
    explained = {line.partition(":")[0].strip() for line in text.partition("Attributes:")[2].splitlines()}
    unexplained = {field.name for field in dataclasses.fields(part)} - explained
    assert len(unexplained) == (6 if part is Thresholds else 0)


def test_a_bmc_that_lived_leaves_its_blueprint_as_it_was() -> None:
    before, number = repr(FULL), hash(FULL)
    bench = live(FULL)
    bench.services.users.set_name(2, b"other")
    bench.services.users.set_enabled(2, False)
    bench.services.chassis.start()
    assert bench.services.users.get(2).name == b"other"
    assert (repr(FULL), hash(FULL)) == (before, number)
    assert live(FULL).services.users.get(2).name == b"admin"


def test_events_of_a_type_are_about_its_first_sensor() -> None:
    sensors = tuple(SensorSpec(number, f"S{number}", kind) for number, kind in ((7, 1), (3, 2), (5, 2)))
    numbers = [Blueprint(Identity("some", GUID), sensors=sensors).sensor_number(kind) for kind in (1, 2, 3)]
    assert numbers == [7, 3, 0]


def test_nobody_changes_it_by_mistake() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        FULL.powered = True  # type: ignore[misc]  # that is the point
    assert not FULL.powered


def test_what_a_blueprint_does_not_say_is_closed() -> None:
    """A BMC that only has a name has no users, no v1.5 logins, and no suite without encryption."""
    bench = live(Blueprint(Identity("bare", GUID)))
    assert list(bench.services.users) == []
    assert not bench.services.lan.v15_enabled()
    assert bench.services.lan.suites() == (3, 17)
    assert not bench.services.chassis.is_on()
