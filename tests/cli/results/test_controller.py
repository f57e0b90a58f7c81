"""The shapes of what verbs find that ipmitool has not."""

from __future__ import annotations

from baseboard.cli.results import controller, shapes
from baseboard.cli.verbs.controller import CONTROLLER


def test_every_verb_has_a_shape_of_its_own_module() -> None:
    known = shapes()
    for verb in CONTROLLER:
        assert known[verb.words].__module__ == controller.__name__


def test_no_shape_has_a_key_in_it() -> None:
    assert set(controller.ChannelKey.__dataclass_fields__) == {"channel", "lock"}
