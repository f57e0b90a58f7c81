"""BMCs for the side-by-side runs: our lab, and OpenIPMI's simulator.

Tests of one module run in order in one process, so a module may count on its own changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, Lab, lab
from tests.interop.simulator import simulator


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs ipmitool."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.interop)


@pytest.fixture(scope="module")
def golden_lab() -> Iterator[Lab]:
    """Three servers of different make-up; the third has IPMI v1.5 and weak suites."""
    with lab() as running:
        yield running


@pytest.fixture(scope="module")
def rack(golden_lab: Lab) -> Bmc:
    """The first server of the lab."""
    return golden_lab[0]


@pytest.fixture(scope="module")
def sim() -> Iterator[Bmc]:
    """OpenIPMI's ipmi_sim."""
    with simulator() as running:
        yield running
