"""The three make-ups: what consoles and the store ask of any of them, and what tells them apart."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import Blueprint, SensorSpec, UserSpec
from baseboard.bmc.makeups import MAKEUPS, makeup
from baseboard.codes import AnalogFormat, Linearization
from baseboard.records.fit import fit
from baseboard.records.fru import read_fru
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.memory.bench import FakeBoard

GUID = bytes(range(16))
INDEXES = range(len(MAKEUPS))
FRU_SIZES = {128, 256, 512}


def analog(blueprint: Blueprint) -> list[SensorSpec]:
    return [spec for spec in blueprint.sensors if spec.event_type == 1]


@pytest.mark.parametrize("index", INDEXES)
def test_names_and_numbers_are_good_and_different(index: int) -> None:
    sensors = makeup(index, "lab", GUID).sensors
    assert all(1 < len(spec.name) <= 16 and spec.name.isascii() for spec in sensors)
    assert all(0 < spec.number < 0xFF for spec in sensors)
    assert len({spec.name for spec in sensors}) == len({spec.number for spec in sensors}) == len(sensors)
    assert all(1 <= spec.entity_instance < 0x60 for spec in sensors)


@pytest.mark.parametrize("index", INDEXES)
def test_every_value_and_threshold_can_be_shown(index: int) -> None:
    for spec in analog(makeup(index, "lab", GUID)):
        marks = [
            value
            for name in spec.thresholds.__slots__
            if (value := getattr(spec.thresholds, name)) is not None
        ]
        values = [*marks, spec.physics.on, spec.nominal]
        assert all(value is None or spec.minimum <= value <= spec.maximum for value in values), spec.name
        assert spec.states == 0


@pytest.mark.parametrize("index", INDEXES)
def test_a_formula_reaches_every_linear_sensors_range(index: int) -> None:
    for spec in analog(makeup(index, "lab", GUID)):
        if spec.linearization == Linearization.LINEAR:
            coding = AnalogFormat.TWOS_COMPLEMENT if spec.signed else AnalogFormat.UNSIGNED
            low, high = fit(spec.minimum, spec.maximum, analog_format=coding).extremes()
            assert low <= spec.minimum < spec.maximum <= high


@pytest.mark.parametrize("index", INDEXES)
def test_thresholds_are_in_order(index: int) -> None:
    for spec in analog(makeup(index, "lab", GUID)):
        t = spec.thresholds
        marks = [
            t.lower_non_recoverable,
            t.lower_critical,
            t.lower_non_critical,
            t.upper_non_critical,
            t.upper_critical,
            t.upper_non_recoverable,
        ]
        given = [mark for mark in marks if mark is not None]
        assert given == sorted(set(given)), spec.name


@pytest.mark.parametrize("index", INDEXES)
def test_discrete_sensors_show_only_states_that_they_have(index: int) -> None:
    for spec in makeup(index, "lab", GUID).sensors:
        if spec.event_type != 1:
            assert spec.states
            assert not (spec.physics.states | spec.physics.states_off) & ~spec.states, spec.name
            assert not (spec.event_states or 0) & ~spec.states, spec.name


def alarms(blueprint: Blueprint, server: SimulatedServer, now: float) -> list[str]:
    """Analog sensors outside their thresholds, and discrete ones with a state that they lack."""
    assert server.sensors is not None
    found: list[str] = []
    for spec in blueprint.sensors:
        value = server.sensors.analog(spec.name, now)
        t = spec.thresholds
        if value is not None:
            lower = max((m for m in (t.lower_non_critical, t.lower_critical) if m is not None), default=-1e9)
            upper = min((m for m in (t.upper_non_critical, t.upper_critical) if m is not None), default=1e9)
            if not lower < value < upper or not spec.minimum <= value <= spec.maximum:
                found.append(f"{spec.name} {value}")
        states = server.sensors.discrete(spec.name, now)
        if states is not None and states & ~spec.states:
            found.append(f"{spec.name} {states:x}h")
    return found


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.parametrize("seed", range(5))
def test_nothing_alarms_from_off_over_a_boot_to_off_again(index: int, seed: int) -> None:
    clock = VirtualClock()
    blueprint = makeup(index, "lab", bytes([seed + 1]) * 16)
    server = SimulatedServer(blueprint, clock)
    server.connect(FakeBoard())
    server.start()
    for act in (None, server.host.turn_on, server.host.reset, server.host.soft_shutdown):
        if act is not None:
            act()
        for _ in range(120):
            assert alarms(blueprint, server, clock.now()) == []
            clock.advance(0.37)
        clock.advance(600.0)
        assert alarms(blueprint, server, clock.now()) == []
    assert not server.host.is_on()


def test_a_failed_fan_and_a_busy_host_do_alarm() -> None:
    clock = VirtualClock()
    blueprint = makeup(0, "lab", GUID, powered=True)
    server = SimulatedServer(blueprint, clock)
    server.connect(FakeBoard())
    server.start()
    for name in ("Fan 1", "Fan 2", "Fan 3", "Fan 4", "Fan 5", "Fan 6"):
        server.set_value(name, 0.0)
    server.set_load(3.0)
    clock.advance(600.0)
    names = {alarm.rpartition(" ")[0] for alarm in alarms(blueprint, server, clock.now())}
    assert {"Fan 1", "CPU1 Temp", "CPU2 Temp"} <= names


@pytest.mark.parametrize("index", INDEXES)
def test_inventories_are_sound(index: int) -> None:
    frus = makeup(index, "lab", GUID).frus
    assert frus[0].device_id == 0
    assert len({fru.device_id for fru in frus}) == len(frus)
    for fru in frus:
        assert read_fru(fru.image).problems == ()
        assert len(fru.image) in FRU_SIZES
        assert len(fru.name) <= 16


def test_servers_differ_in_serial_number_address_and_noise_but_share_what_is_equal() -> None:
    one, two = makeup(0, "one", GUID), makeup(3, "two", GUID[::-1])
    assert one.sensors is two.sensors
    assert all(a is b for a, b in zip(one.frus[1:], two.frus[1:], strict=True))
    assert one.frus[0].image != two.frus[0].image
    assert one.lan.mac != two.lan.mac
    assert one.lan.mac[0] & 0x03 == 0x02
    assert one.seed != two.seed
    assert makeup(0, "one", GUID) == one


def test_what_is_asked_for_is_in_the_blueprint() -> None:
    user = UserSpec(2, b"admin", b"secret")
    made = makeup(
        1, "x", GUID, users=(user,), ip="127.0.0.9", port=6231, kg=b"k", powered=True, boot_seconds=3.0,
        strict=True, reveal_login_errors=True,
    )  # fmt: skip
    assert (made.identity.name, made.identity.guid, made.users) == ("x", GUID, (user,))
    assert (made.lan.ip, made.lan.port, made.lan.kg) == ("127.0.0.9", 6231, b"k")
    assert (made.powered, made.boot_seconds, made.strict, made.reveal_login_errors) == (True, 3.0, True, True)


def test_logins_from_strong_to_weak() -> None:
    rack, blade, veteran = (makeup(index, "lab", GUID).lan for index in INDEXES)
    assert [suite for suite, _ in rack.suites] == [3, 17]
    assert [suite for suite, _ in blade.suites] == [17]
    assert [suite for suite, _ in veteran.suites] == [0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17]
    assert (rack.auth_types, blade.auth_types, veteran.auth_types) == (0, 0, 0x16)
    assert [kind.weak for kind in MAKEUPS] == [False, False, True]
    assert [kind.password_size for kind in MAKEUPS] == [20, 20, 16]


def test_no_make_up_claims_to_be_some_vendors() -> None:
    assert {makeup(index, "lab", GUID).identity.manufacturer_id for index in INDEXES} == {0}


def test_a_long_name_is_cut_for_the_asset_tag_only() -> None:
    made = makeup(0, "n" * 100, GUID)
    product = read_fru(made.frus[0].image).product
    assert product is not None
    assert product.asset_tag == "n" * 32
    assert made.identity.name == "n" * 100
