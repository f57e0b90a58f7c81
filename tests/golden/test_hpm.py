"""``hpm`` beside ipmitool's: every verb, a file, whole upgrades."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from baseboard.cli.firmware_build import make
from baseboard.records.hpm import build_hpm
from tests.golden.beside import beside, ipmitool
from tests.interop.lab import Bmc, Lab, lab

READS = [
    "hpm",
    "hpm help",
    "hpm bogus",
    "hpm check",
    "hpm targetcap",
    *(f"hpm compprop {component} {selector}" for component in (0, 1) for selector in range(5)),
    "hpm compprop 7 0",
    "hpm compprop 8 0",
    "hpm compprop 0 5",
    "hpm compprop 0",
    "hpm upgstatus",
    "hpm rollbackstatus",
    "hpm selftestresult",
    "hpm upgrade",
    "hpm upgrade none.hpm component",
    "hpm compare none.hpm component x",
]
TIME = (r"Upload Time: \d\d:\d\d",)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image for both components of the rack, with something in it."""
    folder = tmp_path_factory.mktemp("images")
    content = folder / "content"
    content.write_bytes(bytes(range(256)) * 40)
    path = folder / "new.hpm"
    path.write_bytes(build_hpm(make(["0=2.11", "1=3.02"], {"content": str(content)})))
    return path


@pytest.fixture(scope="module")
def upgraded(image: Path) -> Iterator[Lab]:
    """A server that the other program has brought to the versions of the image, backup included."""
    with lab("--count", "1") as running:
        for _ in range(2):
            ipmitool(running[0], "hpm", "upgrade", str(image), "component", "0", "force", "activate")
        yield running


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lab(golden_lab: Lab, number: int, words: str) -> None:
    beside(golden_lab[number], *words.split())


@pytest.mark.parametrize("verb", ["activate", "activate norollback", "abort", "rollback"])
def test_with_nothing_to_do_it_to(golden_lab: Lab, verb: str) -> None:
    for number in range(3):
        beside(golden_lab[number], "hpm", *verb.split())


@pytest.mark.parametrize(
    "words", ["check {}", "compare {}", "compare {} component 1", "upgrade {} component 1"]
)
def test_a_file(golden_lab: Lab, image: Path, words: str) -> None:
    beside(golden_lab[0], "hpm", *words.format(image).split(), mask=TIME)
    beside(golden_lab[0], "hpm", "abort")


def test_a_file_for_somebody_else_and_one_that_is_none(golden_lab: Lab, image: Path, rack: Bmc) -> None:
    beside(golden_lab[1], "hpm", "upgrade", str(image))
    beside(rack, "hpm", "upgrade", __file__)
    beside(rack, "hpm", "check", "/nowhere/x.hpm")


@pytest.mark.parametrize("option", ["force activate", "activate", "force"])
def test_an_upgrade(upgraded: Lab, image: Path, option: str) -> None:
    done = beside(upgraded[0], "hpm", "upgrade", str(image), "component", "0", *option.split(), mask=TIME)
    assert "Firmware upgrade procedure successful" in done.err
    beside(upgraded[0], "hpm", "check")
    beside(upgraded[0], "mc", "info")


def test_a_rollback(upgraded: Lab) -> None:
    for verb in ("rollback", "rollbackstatus", "selftestresult", "upgstatus"):
        beside(upgraded[0], "hpm", verb)


def test_firmware_that_fails(upgraded: Lab, tmp_path: Path) -> None:
    path = tmp_path / "broken.hpm"
    path.write_bytes(build_hpm(make(["0=2.12"], {"fails": ""})))
    # After the first one there is no backup of before any more; then they meet the same.
    ipmitool(upgraded[0], "hpm", "upgrade", str(path), "activate")
    done = beside(upgraded[0], "hpm", "upgrade", str(path), "activate", mask=TIME)
    assert "Rollback occurred on component mask: 0x01" in done.err
    beside(upgraded[0], "hpm", "rollbackstatus")
