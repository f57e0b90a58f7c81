"""What the sensors of the simulated server show, as a closed form of time.

Nothing ticks. Every analog sensor belongs to a *group* of equal kind and time constant, and a group has
one level: 0 as things are while the system is off, 1 as they are at ordinary load. Between two
disturbances a level runs exponentially towards what drives it, so it is known for any moment from its
value at the last disturbance; a server that nobody disturbs keeps a handful of numbers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from math import exp, sqrt
from typing import Final

from baseboard.bmc.blueprint import Physics, PhysicsKind, SensorSpec
from baseboard.bmc.shared import Shared

MASK = (1 << 64) - 1
HALF = float(1 << 63)
SLOW_PERIOD = 120.0  # seconds in which the whole server's activity wanders
QUICK_PERIOD = 5.0  # seconds in which a single sensor's reading wanders
SETTLED_AFTER = 4.0  # time constants, after which less than 2 % of a change is left
CAUGHT = 0.5  # level from which on a starting fan's tachometer gives a reading
STARVED = 0.25  # share of the ordinary air below which even less does not heat more
THROTTLED = 0.3  # load that is left when the processors are slowed down as far as they go
THROTTLE_TAU = 0.5  # seconds until about 63 % of a slowing-down show in power and current
HEADROOM = 0.99  # share of a power limit that the processors are slowed down to
WATTS_PER_LOAD = 0.6  # share of the ordinary power that goes with the load
ELECTRICAL = ("power", "current")
QUIET_FOR = 10.0  # seconds without a disturbance; the press of a button is over by then
NEAR = 0.02  # share of the way between off and ordinary that a level may be away from where it will be


def drawn(seed: int, key: int, bucket: int) -> float:
    """A number in [-1, 1) that looks random and is always the same for the same arguments."""
    x = (seed + key * 0x9E3779B97F4A7C15 + bucket * 0xD6E8FEB86659FD93) & MASK
    x = ((x ^ (x >> 32)) * 0xD6E8FEB86659FD93) & MASK
    x = ((x ^ (x >> 32)) * 0xD6E8FEB86659FD93) & MASK
    return x / HALF - 1.0


def jitter(seed: int, key: int, now: float, period: float) -> float:
    """Smooth noise in [-1, 1]: a number drawn for each period, straight lines between them."""
    bucket, part = divmod(now, period)
    start = drawn(seed, key, int(bucket))
    return start + (drawn(seed, key, int(bucket) + 1) - start) * (part / period)


def drive(kind: PhysicsKind, on: bool, load: float, air: float) -> float:
    """The level that a group tends to.

    Args:
        kind: of the group's sensors.
        on: the system is powered.
        load: what the host does, 1 = ordinary.
        air: what the fans move, 1 = ordinary.
    """
    if not on:
        return 0.0
    if kind == "temperature":
        return max(0.0, 1.0 + 0.35 * (load - 1.0)) / sqrt(max(air, STARVED))
    if kind == "fan":
        return max(0.3, 1.0 + 0.3 * (load - 1.0) + 0.4 * (1.0 - air))
    if kind in ("power", "current"):
        return max(0.1, 1.0 + WATTS_PER_LOAD * (load - 1.0))
    return 1.0


class Track:
    """One sensor as the physics knows it."""

    __slots__ = ("group", "key", "physics", "spec")

    def __init__(self, spec: SensorSpec, group: int) -> None:
        self.spec = spec
        self.physics = spec.physics
        self.group = group
        self.key = zlib.crc32(spec.name.encode())


class Catalogue:
    """The sensors of one make-up, shared by all servers that have them."""

    __slots__ = ("fans", "groups", "slowest", "swings", "tracks")

    def __init__(self, sensors: tuple[SensorSpec, ...]) -> None:
        groups: dict[tuple[PhysicsKind, float], int] = {}
        self.tracks: dict[str, Track] = {}
        for spec in sensors:
            key = (spec.physics.kind, spec.physics.tau)
            self.tracks[spec.name] = Track(spec, groups.setdefault(key, len(groups)))
        self.groups = tuple(groups)
        self.slowest = max((tau for _, tau in groups), default=0.0)
        self.fans = tuple(spec.name for spec in sensors if spec.physics.kind == "fan" and spec.physics.on)
        self.swings = {on: self._swings(on) for on in (False, True)}

    def steady(self, on: bool) -> tuple[float, ...]:
        """The levels of a server that has been on, or off, for long."""
        return STEADY_ON[len(self.groups)] if on else STEADY_OFF[len(self.groups)]

    def _swings(self, on: bool) -> dict[str, tuple[float, float]]:
        """Between which values the readings of such a server jitter."""
        found: dict[str, tuple[float, float]] = {}
        for name, track in self.tracks.items():
            physics = track.physics
            if physics.kind != "state" and (on or not physics.unreadable_off):
                value = physics.on if on else physics.off
                away = NEAR * abs(physics.on - physics.off) + physics.noise
                found[name] = value - away, value + away
        return found


# equal tuples shared by all servers: at ordinary load every group's level is 1
STEADY_ON = [(1.0,) * n for n in range(64)]
STEADY_OFF = [(0.0,) * n for n in range(64)]


catalogue: Final = Shared(Catalogue)
"""The catalogue of these sensors; the same object for the same sensors."""


def no_states(rule: str) -> int | None:
    """The states of a rule where there is no host."""
    return None


class Environment:
    """Every reading of one simulated server: a :class:`~baseboard.bmc.ports.SensorPort`.

    Args:
        sensors: the make-up's sensors.
        seed: from which this server's noise is made.
        on: whether it has been on for long, or off.
        now: seconds, the time of its making.
        host_states: bits that hold by a rule of the host; None = the rule is not the host's.

    Attributes:
        changes: how often anything was changed by which readings move at a stroke.
    """

    __slots__ = (
        "_air",
        "_cap",
        "_capped",
        "_catalogue",
        "_levels",
        "_load",
        "_on",
        "_overrides",
        "_seed",
        "_since",
        "_watchers",
        "changes",
        "host_states",
    )

    def __init__(
        self,
        sensors: tuple[SensorSpec, ...],
        seed: int,
        on: bool,
        now: float,
        host_states: Callable[[str], int | None] = no_states,
    ) -> None:
        self._catalogue = catalogue(sensors)
        self._seed = seed
        self._on = on
        self._load = 1.0
        self._air = 1.0
        self._capped: float | None = None
        self._cap: tuple[str, float] | None = None
        self._since = now - SETTLED_AFTER * self._catalogue.slowest - 1.0
        self._levels = self._catalogue.steady(on)
        self._overrides: dict[str, float | None] | None = None
        self._watchers: tuple[Callable[[], None], ...] = ()
        self.changes = 0
        self.host_states = host_states

    # what the controller asks

    def analog(self, name: str, now: float) -> float | None:
        """The value in the sensor's own unit; None = no reading can be had now."""
        if self._overrides is not None and name in self._overrides:
            return self._overrides[name]
        track = self._catalogue.tracks.get(name)
        if track is None:
            return None
        physics = track.physics
        if physics.kind == "state" or (physics.unreadable_off and not self._on):
            return None
        level = self._level(track.group, now)
        if physics.kind == "fan" and physics.unreadable_off and level < CAUGHT:
            return None
        value = physics.off + (physics.on - physics.off) * level
        return value + self._noise(track, value, now) if physics.noise else value

    def discrete(self, name: str, now: float) -> int | None:
        """The states that hold now, bit n = offset n; None = no reading can be had now."""
        if self._overrides is not None and name in self._overrides:
            states = self._overrides[name]
            return None if states is None else int(states)
        track = self._catalogue.tracks.get(name)
        if track is None:
            return None
        physics = track.physics
        if physics.kind != "state" or (physics.unreadable_off and not self._on):
            return None
        if physics.rule:
            by_rule = self.host_states(physics.rule)
            if by_rule is not None:
                return by_rule
        return physics.states if self._on else physics.states_off

    def has(self, name: str) -> bool:
        """Whether there is such a sensor."""
        return name in self._catalogue.tracks

    def settled(self, now: float) -> bool:
        """Whether readings only jitter now, so that scanning for events may slow down."""
        return now - self._since >= SETTLED_AFTER * self._catalogue.slowest

    def swings(self, now: float) -> dict[str, tuple[float, float]] | None:
        """See :class:`~baseboard.bmc.ports.Foreseeable`: told of a server that is as it is made to be."""
        ordinary = self._load == self._air == 1.0 and self._cap is None and self._overrides is None
        if not ordinary or now - self._since < QUIET_FOR:
            return None
        end = 1.0 if self._on else 0.0
        if self._levels is not self._catalogue.steady(self._on) and any(
            abs(self._level(group, now) - end) > NEAR for group in range(len(self._levels))
        ):
            return None
        return self._catalogue.swings[self._on]

    def when_disturbed(self, call: Callable[[], None]) -> None:
        """See :class:`~baseboard.bmc.ports.Foreseeable`."""
        self._watchers += (call,)

    # what happens to the server

    def switch(self, now: float, *, on: bool, load: float) -> None:
        """The system's power or the host's activity changes.

        Args:
            now: seconds.
            on: the system is powered.
            load: what the host does, 1 = ordinary.
        """
        if on != self._on or load != self._load:
            self._fold(now)
            self._on = on
            self._load = load

    def cap(self, name: str, watts: float | None, now: float) -> None:
        """Slow the processors down until a sensor of power shows no more than this; None = let them run.

        They cannot be slowed down to a standstill, so the power may stay above a limit that is too low.

        Raises:
            KeyError: there is no such sensor.
        """
        physics = self._catalogue.tracks[name].physics
        self._fold(now)
        self._cap = self._capped = None
        if watts is None or physics.on <= physics.off:
            return
        self._cap = name, watts
        # jitter is in proportion to the power, and its peaks stay below the limit too
        aim = watts * HEADROOM / (1.0 + physics.noise / physics.on)
        level = (aim - physics.off) / (physics.on - physics.off)
        self._capped = max(THROTTLED, 1.0 + (level - 1.0) / WATTS_PER_LOAD)

    def over_limit(self, now: float) -> bool:
        """Whether the power is above the limit that it is held to."""
        if self._cap is None:
            return False
        name, limit = self._cap
        shown = self.analog(name, now)
        return shown is not None and shown > limit

    @property
    def throttled(self) -> bool:
        """Whether the processors are slowed down now."""
        return self._on and self._worked < self._load

    @property
    def _worked(self) -> float:
        """The load that is left under a power limit."""
        return self._load if self._capped is None else min(self._load, self._capped)

    def set_value(self, name: str, value: float | None, now: float) -> None:
        """Make an analog sensor show this value, or None = no reading, until it is released.

        Raises:
            KeyError: there is no such sensor.
        """
        if name not in self._catalogue.tracks:
            raise KeyError(name)
        self._warn()
        if self._overrides is None:
            self._overrides = {}
        self._overrides[name] = value
        self._disturb(now)

    def set_states(self, name: str, states: int | None, now: float) -> None:
        """Make a discrete sensor show these states, bit n = offset n, until it is released.

        Raises:
            KeyError: there is no such sensor.
        """
        self.set_value(name, states, now)

    def release(self, name: str, now: float) -> None:
        """Let a sensor show again what physics say; harmless when it already does."""
        if self._overrides is not None and name in self._overrides:
            self._warn()
            del self._overrides[name]
            self._overrides = self._overrides or None
            self._disturb(now)

    def overridden(self) -> tuple[str, ...]:
        """The sensors that show what they were told to."""
        return tuple(self._overrides or ())

    def disturbed(self, now: float) -> None:
        """Something discrete changed: the controller should look soon."""
        self._fold(now)

    # inside

    def _level(self, group: int, now: float) -> float:
        kind, tau = self._catalogue.groups[group]
        target = drive(kind, self._on, self._worked, self._air)
        if tau <= 0.0:
            return target
        if self._capped is not None and kind in ELECTRICAL:
            tau = min(tau, THROTTLE_TAU)
        gone = (now - self._since) / tau
        # beyond forty time constants nothing is left of it, and exp() of more is wasted
        return target if gone > 40.0 else target + (self._levels[group] - target) * exp(-max(gone, 0.0))

    def _fold(self, now: float) -> None:
        """Begin a new stretch of time with the levels reached by the old one."""
        self._warn()
        self._levels = tuple(self._level(group, now) for group in range(len(self._catalogue.groups)))
        self._since = now
        self.changes += 1

    def _warn(self) -> None:
        """What was foreseen ends."""
        watchers, self._watchers = self._watchers, ()
        for call in watchers:
            call()

    def _disturb(self, now: float) -> None:
        """Overrides changed: a fan stopped by hand moves no air, and the others run faster for it."""
        self._fold(now)
        fans = self._catalogue.fans
        held = self._overrides or {}
        if fans:
            shares = (
                min(1.5, (held[name] or 0.0) / self._nominal(name)) if name in held else 1.0 for name in fans
            )
            self._air = sum(shares) / len(fans)

    def _nominal(self, name: str) -> float:
        return self._catalogue.tracks[name].physics.on

    def _noise(self, track: Track, value: float, now: float) -> float:
        """At most the sensor's amplitude: the whole server's wandering, and the sensor's own."""
        physics = track.physics
        sway = 0.3 * jitter(self._seed, 0, now, SLOW_PERIOD) + 0.7 * jitter(
            self._seed, track.key, now, QUICK_PERIOD
        )
        return physics.noise * self._liveliness(physics, value) * sway

    @staticmethod
    def _liveliness(physics: Physics, value: float) -> float:
        """What rests does not jitter: a stopped fan, a rail without power."""
        if physics.kind == "temperature" or not physics.on:
            return 1.0
        return min(1.0, max(0.0, value / physics.on))
