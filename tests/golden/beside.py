"""`side_by_side` with the cipher suite that a BMC of the lab has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc, Done


def suite(bmc: Bmc) -> int:
    """A suite that it offers: the blade has no other than 17, ipmi_sim none beyond 3."""
    return 17 if bmc.name.startswith("blade") else 3


def ipmitool(bmc: Bmc, *words: str) -> Done:
    """What ipmitool makes of a command, content."""
    return bmc.ipmitool(*words, suite=suite(bmc)).ok()


def names(bmc: Bmc) -> list[str]:
    """The sensors that ``sdr`` lists."""
    return [line.split("|")[0].strip() for line in ipmitool(bmc, "sdr").lines]


def beside(
    bmc: Bmc,
    *words: str,
    options: Sequence[str] = (),
    mask: Sequence[str] = (),
    environment: dict[str, str] | None = None,
    files: Sequence[Path] = (),
) -> Done:
    """Hold a command of both programs against each other; both have to log in."""
    ours = side_by_side(
        bmc, *words, suite=suite(bmc), options=options, mask=mask, environment=environment, files=files
    )
    assert "Unable to establish" not in ours.err
    return ours
