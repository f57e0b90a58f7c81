"""The words of ``dcmi``, and its complaints."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.dcmi_words import POWER, SAMPLES, THERMAL, name_of, number_of, question, usage
from baseboard.commands.groups.dcmi import GetAssetTag
from tests.cli.ipmitool.scenes import Stage


def test_words_are_known_in_any_case() -> None:
    assert number_of("Get_Limit", POWER, 0xFF) == 1
    assert number_of("nonsense", POWER, 0xFF) == 0xFF
    assert number_of(None, THERMAL, 0xFF) == 0
    assert name_of(0x41, SAMPLES) == "1_min"
    assert name_of(0x42, SAMPLES) == "Unknown (0x42)"


def test_usage_goes_to_standard_error() -> None:
    stage = Stage({})
    usage(stage.call, THERMAL, "title")
    assert stage.out == ""
    assert stage.err == "\ntitle\n    get    Get thermal policy\n    set    Set thermal policy\n\n"


@pytest.mark.parametrize(
    ("answer", "err", "out"),
    [
        (None, "\n    Unable to get DCMI information\n", ""),
        ("c1", "\n    DCMI request failed because: Invalid command (c1)\n", ""),
        ("84 dc", "\n    DCMI request failed because: Power/Thermal limit out of range (84)\n", ""),
        ("00 42", "", "\n    A valid DCMI command was not returned! (42)"),
        ("00", "", "\n    A valid DCMI command was not returned! (0)"),
    ],
)
async def test_what_is_of_no_use_is_told(answer: str | None, err: str, out: str) -> None:
    stage = Stage({"2c/06": answer})
    assert await question(stage.call, GetAssetTag(offset=0, count=0)) is None
    assert (stage.err, stage.out) == (err, out)


async def test_a_code_that_comes_with_data_can_be_fine() -> None:
    stage = Stage({"2c/06": "80 dc 01 41"})
    answer = await question(stage.call, GetAssetTag(offset=0, count=1), fine=(0x80,))
    assert answer is not None
    assert answer.decode().data == b"A"
