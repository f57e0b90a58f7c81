"""What `picmg` and `vita` note for ``--json``."""

from __future__ import annotations

from importlib import import_module

import pytest

from baseboard.cli import verbs
from baseboard.cli.results import shapes
from baseboard.cli.results.picmg import (
    BusedResourceStatus,
    ClockState,
    FruAddress,
    FruPolicy,
    FruPower,
    LedColors,
    LedCount,
    LedNow,
    LinkState,
    PicmgProperties,
    ShelfChange,
    VitaProperties,
)
from tests.cli.ipmitool.scenes import Stage, groups

PICMG = groups("picmg")[0]["given"]
VITA = groups("vita")[0]["given"]


async def found(line: str) -> list[object]:
    noun, *words = line.split()
    stage = Stage(PICMG if noun == "picmg" else VITA)
    assert await import_module(f"baseboard.cli.ipmitool.{noun}").run(stage.call, words) == 0
    return stage.results


@pytest.mark.parametrize(
    ("line", "one"),
    [
        ("picmg properties", PicmgProperties(version="2.3", max_fru_id=2, fru_id=0)),
        (
            "picmg addrinfo 1",
            FruAddress(hardware_address=0x41, ipmb_address=0x20, fru_id=1, site_id=2, site_type=7),
        ),
        ("picmg policy get 1", FruPolicy(fru_id=1, activation_locked=False, deactivation_locked=True)),
        (
            "picmg amcportstate get 9",
            None,
        ),
        ("picmg led prop 0", LedCount(fru_id=0, general=15, count=2)),
        (
            "picmg led cap 0 1",
            LedColors(
                fru_id=0, led=1, colors=["RED", "AMBER"], local_default="RED", override_default="invalid"
            ),
        ),
        (
            "picmg led get 0 1",
            LedNow(
                fru_id=0, led=1, local_function=255, local_color="RED", override_function=0x14,
                override_color="AMBER", lamp_test=True,
            ),
        ),
        ("picmg power get 0 0", FruPower(fru_id=0, dynamic=True, level=3, watts=[20.0, 120.0, 200.0])),
        (
            "picmg clk get 1",
            ClockState(clock=1, enabled=True, source=True, pll=0, family=1, accuracy=10, hertz=8000),
        ),
        ("picmg activate 1", ShelfChange(verb="picmg activate", number=1)),
        ("vita properties", VitaProperties(version="1.0", tier=2, layer=2, max_fru_id=2, fru_id=0)),
        (
            "vita policy get 1",
            FruPolicy(
                fru_id=1, activation_locked=False, deactivation_locked=True, deactivation_ignored=False,
                locked_by_default=True,
            ),
        ),
        ("vita led prop 0", LedCount(fru_id=0, general=None, count=4)),
        ("vita led set 0 1 255 0 2", ShelfChange(verb="vita led set", number=0)),
    ],
)  # fmt: skip
async def test_what_is_noted(line: str, one: object) -> None:
    assert await found(line) == ([] if one is None else [one])


async def test_several_things() -> None:
    links = await found("picmg portstate get 0 1")
    assert [one.enabled for one in links if isinstance(one, LinkState)] == [True, False]
    buses = await found("picmg busres summary")
    assert [one.in_control for one in buses if isinstance(one, BusedResourceStatus)] == [
        False, False, False, True, False,
    ]  # fmt: skip


def test_every_verb_has_its_shape() -> None:
    for noun in ("picmg", "vita", "hpm"):
        assert {verb.words for verb in verbs.of(noun)} <= shapes().keys()
