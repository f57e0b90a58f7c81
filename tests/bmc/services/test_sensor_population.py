"""Sensors that come and go."""

from __future__ import annotations

from dataclasses import replace

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.bmc.services.sensor_population import Population
from baseboard.bmc.services.sensor_template import Catalogue, SensorTemplate
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.codes import EntityId, SensorType
from tests.bmc.services.sensor_specs import PLAIN, TEMPERATURE

BAY = SensorSpec(
    number=8, name="Bay", sensor_type=SensorType.DRIVE_SLOT, event_type=0x6F, states=0b01,
    entity_id=EntityId.DISK_DRIVE_BAY, record=2,
)  # fmt: skip
DISK = replace(
    TEMPERATURE,
    number=9,
    name="Disk",
    lun=3,
    entity_id=EntityId.DISK_DRIVE_BAY,
    traits=Traits(removable=True),
)
WATTS = replace(DISK, number=10, name="Watts")
CATALOGUE = Catalogue((BAY, DISK, WATTS, PLAIN))


class Seen:
    """Who is there, as a test says."""

    def __init__(self, store: MemoryStore, catalogue: Catalogue = CATALOGUE) -> None:
        self.gone: set[str] = set()
        self.population = Population(Journal(store, "bench"), catalogue, self.there)

    def there(self, sensor: SensorTemplate) -> bool:
        return sensor.name not in self.gone


def test_35_2_each_change_is_counted_and_told() -> None:
    seen, told = Seen(MemoryStore()), list[int]()
    population = seen.population
    population.on_change.append(lambda: told.append(population.changes))
    assert population.dynamic
    population.refresh()
    assert (population.changes, population.absent) == (0, frozenset())
    seen.gone = {"Disk", "Watts"}
    population.refresh()
    population.refresh()
    assert (population.changes, population.absent) == (1, frozenset({1, 2}))
    seen.gone = {"Watts"}
    population.refresh()
    assert (population.changes, population.absent) == (2, frozenset({2}))
    assert told == [1, 2]


def test_35_2_the_count_is_kept_with_who_was_gone() -> None:
    store = MemoryStore()
    seen = Seen(store)
    seen.gone = {"Watts"}
    seen.population.refresh()
    again = Seen(store)
    assert (again.population.changes, again.population.absent) == (1, frozenset({2}))
    again.gone = {"Watts"}
    again.population.refresh()
    assert again.population.changes == 1


def test_sensors_that_the_make_up_no_longer_has_do_not_matter() -> None:
    store = MemoryStore()
    seen = Seen(store)
    seen.gone = {"Disk", "Watts"}
    seen.population.refresh()
    other = Seen(store, Catalogue((BAY, DISK, replace(WATTS, traits=Traits())))).population
    assert (other.changes, other.absent) == (1, frozenset({1}))


def test_where_nothing_goes_nothing_is_kept() -> None:
    store = MemoryStore()
    fixed = Seen(store, Catalogue((PLAIN,))).population
    before = store.sequence
    fixed.refresh()
    assert not fixed.dynamic
    assert store.sequence == before
