"""The identify light (§28.5): 15 seconds, an interval, for good, off."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.identify import IdentifyLight
from baseboard.commands.chassis.control import IdentifyState
from baseboard.errors import CompletionError
from tests.bmc.services.homes import FakeHome, make_home


def lit(home: FakeHome) -> bool:
    assert home.backend.identify is not None
    return home.backend.identify.lit


def test_28_5_without_an_interval_the_light_is_on_for_15_seconds() -> None:
    home = make_home()
    light = IdentifyLight(home)
    assert light.supported
    light.shine()
    assert (lit(home), light.state) == (True, IdentifyState.TEMPORARY_ON)
    home.clock.advance(14.9)
    assert lit(home)
    home.clock.advance(0.1)
    assert (lit(home), light.state) == (False, IdentifyState.OFF)


def test_28_5_each_command_begins_the_interval_anew() -> None:
    home = make_home()
    light = IdentifyLight(home)
    light.shine(30)
    home.clock.advance(20)
    light.shine(30)
    home.clock.advance(29)
    assert lit(home)
    home.clock.advance(1)
    assert not lit(home)


def test_28_5_an_interval_of_0_switches_off() -> None:
    home = make_home()
    light = IdentifyLight(home)
    light.hold()
    assert (lit(home), light.state) == (True, IdentifyState.INDEFINITE_ON)
    light.shine(0)
    assert (lit(home), light.state) == (False, IdentifyState.OFF)
    assert home.clock.next_due() is None


def test_28_5_a_light_that_is_forced_on_stays_on() -> None:
    home = make_home()
    light = IdentifyLight(home)
    light.shine(5)
    light.hold()
    home.clock.advance(100_000)
    assert (lit(home), light.state) == (True, IdentifyState.INDEFINITE_ON)


def test_the_button_beside_it_switches_it() -> None:
    home = make_home()
    light = IdentifyLight(home)
    light.toggle()
    assert light.state == IdentifyState.INDEFINITE_ON
    light.toggle()
    assert light.state == IdentifyState.OFF
    light.shine(10)
    light.toggle()
    assert (lit(home), light.state) == (False, IdentifyState.OFF)


def test_a_stopped_bmc_leaves_the_light_as_it_is() -> None:
    home = make_home()
    light = IdentifyLight(home)
    light.shine()
    light.stop()
    home.clock.advance(100)
    assert lit(home)


def test_a_chassis_without_a_light_says_so() -> None:
    home = make_home()
    home.backend.identify = None
    light = IdentifyLight(home)
    assert not light.supported
    with pytest.raises(CompletionError) as caught:
        light.shine()
    assert caught.value.code == 0xC1
    light.toggle()
    assert light.state == IdentifyState.OFF
