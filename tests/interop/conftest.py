"""Labs for the tests of other people's consoles: one for the whole run, and one of a test's own.

Tests of one module run in order in one process, so a module may count on its own changes to ``shared_lab``;
a test that changes users, the LAN or the power for good takes ``own_lab``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.lab import LANS, Lab, described_lab, lab


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is interop."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.interop)


@pytest.fixture(scope="session")
def shared_lab() -> Iterator[Lab]:
    """The default lab: three servers of different make-up; the third is the weak one."""
    with lab() as running:
        yield running


@pytest.fixture
def own_lab() -> Iterator[Lab]:
    """The same, for one test alone."""
    with lab() as running:
        yield running


@pytest.fixture(scope="session")
def keyed_lab() -> Iterator[Lab]:
    """A lab whose BMCs want the two-key login: K_G of 20 bytes, none of them zero."""
    with lab("--kg", bytes(range(0xA0, 0xB4)).hex()) as running:
        yield running


@pytest.fixture(scope="session")
def strict_lab() -> Iterator[Lab]:
    """The same make-ups, but reserved bits that are set are refused."""
    with described_lab(LANS, strict=True) as running:
        yield running


@pytest.fixture(scope="session", params=["default", "strict"])
def either_lab(request: pytest.FixtureRequest) -> Lab:
    """The lab as it comes, and the strict one, one after the other."""
    running: Lab = request.getfixturevalue("shared_lab" if request.param == "default" else "strict_lab")
    return running
