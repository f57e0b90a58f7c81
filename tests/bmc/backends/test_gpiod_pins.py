"""The gpiod library: against a chip that is none, and held to the signatures of the real one."""

from __future__ import annotations

import errno
import inspect
import os
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import gpiod
import pytest
from gpiod.line import Bias, Direction, Drive, Edge, Value

from baseboard.bmc.backends.gpiod_pins import CONSUMER, EVENTS, GpiodPins, chip_path
from baseboard.bmc.blueprint.hardware import LineSpec
from baseboard.errors import TransportError
from tests.transports.wires import until

LINE = LineSpec("gpiochip0", 17)
# Up to 2.2 the function says (path, *args, **kwargs) and hands them to the method, whose first is the chip.
_, *REQUESTED = inspect.signature(gpiod.Chip.request_lines).parameters.values()
PATH = inspect.Parameter("path", inspect.Parameter.POSITIONAL_OR_KEYWORD)
REAL = {
    "request_lines": inspect.Signature([PATH, *REQUESTED]),
    "LineSettings": inspect.signature(gpiod.LineSettings),
}
METHODS = ("set_value", "get_value", "read_edge_events", "release")
SIGNATURES = {name: inspect.signature(getattr(gpiod.LineRequest, name)) for name in METHODS}
RISING, FALLING = gpiod.EdgeEvent.Type.RISING_EDGE, gpiod.EdgeEvent.Type.FALLING_EDGE


class Edged:
    def __init__(self, event_type: object) -> None:
        self.event_type = event_type


class FakeRequest:
    """What the library gives for lines; each call is held to the real one's signature."""

    def __init__(self) -> None:
        self.ours, self.theirs = os.pipe()
        self.value = Value.INACTIVE
        self.edges: list[Edged] = []
        self.calls: list[tuple[Any, ...]] = []
        self.error: OSError | None = None

    @property
    def fd(self) -> int:
        return self.ours

    def set_value(self, *args: Any) -> None:
        self._called("set_value", args)
        self.value = args[1]

    def get_value(self, *args: Any) -> Value:
        self._called("get_value", args)
        return self.value

    def read_edge_events(self, *args: Any) -> list[Edged]:
        self._called("read_edge_events", args)
        os.read(self.ours, 1)
        edges, self.edges = self.edges, []
        return edges

    def release(self) -> None:
        self._called("release", ())

    def see(self, *edges: object) -> None:
        """Edges come."""
        self.edges += map(Edged, edges)
        os.write(self.theirs, b"!")

    def _called(self, name: str, args: tuple[Any, ...]) -> None:
        SIGNATURES[name].bind(self, *args)
        self.calls.append((name, *args))
        if self.error is not None:
            raise self.error


class Chip:
    """Stands in for ``request_lines``."""

    def __init__(self) -> None:
        self.request = FakeRequest()
        self.asked: dict[str, Any] = {}
        self.error: Exception | None = None

    def request_lines(self, *args: Any, **named: Any) -> FakeRequest:
        if self.error is not None:
            raise self.error
        self.asked = REAL["request_lines"].bind(*args, **named).arguments
        return self.request

    @property
    def settings(self) -> gpiod.LineSettings:
        """Of the only line."""
        settings: gpiod.LineSettings
        (settings,) = self.asked["config"].values()
        return settings


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chip]:
    made = Chip()
    monkeypatch.setattr(gpiod, "request_lines", made.request_lines)
    yield made
    os.close(made.request.ours)
    os.close(made.request.theirs)


def test_the_fake_has_what_the_real_one_has() -> None:
    """A new version of the library that calls things otherwise fails here."""
    for name in (*METHODS, "fd"):
        assert hasattr(gpiod.LineRequest, name)
    wanted = {"direction", "drive", "bias", "active_low", "edge_detection", "debounce_period", "output_value"}
    assert wanted <= set(REAL["LineSettings"].parameters)
    assert {"config", "consumer", "event_buffer_size"} <= set(REAL["request_lines"].parameters)
    assert next(iter(inspect.signature(gpiod.request_lines).parameters)) == "path"
    assert "event_type" in {field.name for field in fields(gpiod.EdgeEvent)}


def test_an_output_is_inactive_until_it_is_driven(chip: Chip) -> None:
    line = LineSpec("/dev/gpiochip3", "RESET", active_low=True, drive="open_drain")
    pin = GpiodPins().output(line)
    assert chip.asked["path"] == "/dev/gpiochip3"
    assert (chip.asked["consumer"], chip.asked["event_buffer_size"]) == (CONSUMER, EVENTS)
    assert list(chip.asked["config"]) == ["RESET"]
    settings = chip.settings
    assert (settings.direction, settings.drive) == (Direction.OUTPUT, Drive.OPEN_DRAIN)
    assert (settings.active_low, settings.output_value) == (True, Value.INACTIVE)
    pin.drive(True)
    pin.drive(False)
    pin.close()
    set_value = [("set_value", "RESET", value) for value in (Value.ACTIVE, Value.INACTIVE, Value.INACTIVE)]
    assert chip.request.calls == [*set_value, ("release",)]


async def test_an_input_tells_its_edges(chip: Chip) -> None:
    pin = GpiodPins().input(LineSpec("gpiochip0", 4, bias="pull_up"), 0.05)
    settings = chip.settings
    assert (settings.direction, settings.bias, settings.edge_detection) == (
        Direction.INPUT, Bias.PULL_UP, Edge.BOTH,
    )  # fmt: skip
    assert settings.debounce_period.total_seconds() == 0.05
    chip.request.value = Value.ACTIVE
    assert pin.active()
    seen: list[bool] = []
    pin.watch(seen.append)
    chip.request.see(RISING, FALLING, RISING)
    await until(lambda: len(seen) == 3)
    assert seen == [True, False, True]
    pin.close()
    assert chip.request.calls[-1] == ("release",)


async def test_whoever_stops_while_edges_come_hears_no_more(chip: Chip) -> None:
    pin = GpiodPins().input(LINE, rising_only=True)
    assert chip.settings.edge_detection is Edge.RISING
    seen: list[bool] = []

    def once(rising: bool) -> None:
        seen.append(rising)
        pin.close()

    pin.watch(once)
    chip.request.see(RISING, RISING)
    await until(lambda: seen)
    assert seen == [True]


async def test_a_chip_that_goes_away(chip: Chip) -> None:
    output, input_ = GpiodPins().output(LINE), GpiodPins().input(LINE)
    seen: list[bool] = []
    input_.watch(seen.append)
    chip.request.error = OSError(errno.ENODEV, "No such device")
    for call in (lambda: output.drive(True), input_.active):
        with pytest.raises(TransportError, match="line 17 of /dev/gpiochip0: No such device"):
            call()
    chip.request.see(RISING)
    await until(lambda: chip.request.calls[-1][0] == "read_edge_events")
    output.close()
    assert ("release",) not in chip.request.calls
    assert not seen


@pytest.mark.parametrize(
    "error",
    [OSError(errno.EBUSY, "Device or resource busy"), ValueError("line offset of out range"), OSError("odd")],
)
def test_a_line_that_cannot_be_had(chip: Chip, error: Exception) -> None:
    chip.error = error
    for take in (GpiodPins().output, GpiodPins().input):
        with pytest.raises(TransportError, match="line 17 of /dev/gpiochip0: ") as caught:
            take(LINE)
        assert "gpioinfo" in caught.value.hint


def test_a_chip_that_is_not_there_for_the_real_library() -> None:
    with pytest.raises(TransportError, match="line 17 of /dev/no-such-chip: No such file"):
        GpiodPins().output(LineSpec("no-such-chip", 17))


def test_chips_by_name_and_by_path() -> None:
    assert (chip_path("gpiochip1"), chip_path("/dev/panel")) == ("/dev/gpiochip1", "/dev/panel")
