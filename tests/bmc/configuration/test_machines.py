"""Which machine is behind a described BMC: its table, and no other."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from baseboard.bmc.configuration.machines import KINDS, behind, machine_specs
from baseboard.bmc.configuration.spots import Spot
from baseboard.errors import ConfigurationError
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint
from tests.bmc.fakes import BLUEPRINT

VM = '[bmc.host.vm]\nlisten = "unix:/run/vm"\n'


def test_without_a_word_it_is_simulated(tmp_path: Path) -> None:
    made = blueprint(tmp_path, ONE)
    assert made.machine is None
    assert made.powered
    assert behind(BLUEPRINT, None) is BLUEPRINT


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_needs_its_table(tmp_path: Path, kind: str) -> None:
    text = f'{ONE}[bmc.host]\nbackend = "{kind}" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].host.backend", f"needs a table {kind}")


@pytest.mark.parametrize("backend", ["memory", *KINDS])
@pytest.mark.parametrize("other", KINDS)
def test_a_table_of_another_kind_is_a_mistake(backend: str, other: str) -> None:
    said: Any = SimpleNamespace(backend=backend, **dict.fromkeys(KINDS))
    setattr(said, other, object())
    if backend != other:
        with pytest.raises(ConfigurationError, match=f'found a table for "{other}"'):
            machine_specs(said, Spot(Path("f"), ""), 1)


def test_the_place_of_a_mistake_is_the_table(tmp_path: Path) -> None:
    assert_mistake(tmp_path, f"{ONE}{VM.replace(']', f'] {HERE}', 1)}", "bmc[0].host.vm", "memory")


def test_a_backend_that_is_none(tmp_path: Path) -> None:
    assert_mistake(tmp_path, f'{ONE}[bmc.host]\nbackend = "toaster" {HERE}\n', "bmc[0].host.backend")
