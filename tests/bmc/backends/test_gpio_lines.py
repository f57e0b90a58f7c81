"""Where lines are had from."""

from __future__ import annotations

import sys

import pytest

from baseboard.bmc.backends.gpio_lines import local_pins
from baseboard.bmc.backends.gpiod_pins import GpiodPins
from baseboard.errors import TransportError


def test_this_machine_has_them_by_gpiod() -> None:
    assert isinstance(local_pins(), GpiodPins)


def test_without_the_library_it_is_said_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiod", None)
    monkeypatch.delitem(sys.modules, "baseboard.bmc.backends.gpiod_pins")
    with pytest.raises(TransportError, match=r"baseboard\[linux\]"):
        local_pins()
