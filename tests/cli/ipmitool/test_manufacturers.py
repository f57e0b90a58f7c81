"""Names of manufacturers: Baseboard's own, then the system's registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli.ipmitool import manufacturers
from baseboard.cli.ipmitool.manufacturers import manufacturer_name

REGISTRY = b"""PRIVATE ENTERPRISE NUMBERS

Decimal
| Organization
0
  Reserved
    Internet Assigned Numbers Authority
      iana&iana.org
60001
  Caf\xc3\xa9 Computers
    Somebody
"""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "numbers"
    path.write_bytes(REGISTRY)
    monkeypatch.setattr(manufacturers, "REGISTRIES", (tmp_path / "nowhere", path))
    return path


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0, "Unknown"),
        (0x0FFFFF, "Unspecified"),
        (0xFFFFFE, "A Debug Assisting Company, Ltd."),
        (10876, "Super Micro Computer Inc."),
        (343, "Intel Corporation"),
        (60001, "Café Computers"),
        (60002, "Unknown (0xEA62)"),
    ],
)
def test_a_number_has_a_name(number: int, name: str, registry: Path) -> None:
    assert manufacturer_name(number) == name


def test_without_a_registry_only_our_own_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manufacturers, "REGISTRIES", ())
    assert manufacturer_name(60001) == "Unknown (0xEA61)"
