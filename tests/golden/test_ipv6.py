"""The same over IPv6, by address and by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc, lab


@pytest.fixture(scope="module")
def six() -> Iterator[Bmc]:
    with lab("--bind", "::1", "--count", "1") as running:
        yield running[0]


@pytest.mark.parametrize("options", [(), ("-6",)])
@pytest.mark.parametrize("words", ["mc info", "power status", "sel info", "user list 1"])
def test_over_ipv6(six: Bmc, words: str, options: tuple[str, ...]) -> None:
    assert six.address == "::1"
    assert side_by_side(six, *words.split(), options=options).code == 0


def test_an_address_of_the_other_family_is_refused(six: Bmc) -> None:
    assert side_by_side(six, "mc", "info", options=("-4",)).code == 1
