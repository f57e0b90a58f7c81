"""``channel getciphers``: what becomes of odd lists, and what is noted."""

from __future__ import annotations

from baseboard.cli.ipmitool.channel_ciphers import SHOWN, show
from baseboard.cli.results.channel import CipherSuite
from tests.cli.ipmitool.scenes import Stage


async def suites(*answers: str | None) -> Stage:
    stage = Stage({"06/54": list(answers)})
    assert await show(stage.call, 0xE, sol=False) == (0 if answers[0] else 1)
    return stage


async def test_a_standard_suite_and_one_of_a_maker() -> None:
    stage = await suites("00 01 c0 03 01 41 81 c1 80 57 01 00 03 44 81")
    first, second = stage.results
    assert first == CipherSuite(
        id=3, iana=None, authentication="hmac_sha1", integrity="hmac_sha1_96", confidentiality="aes_cbc_128"
    )
    assert second == CipherSuite(
        id=128, iana=343, authentication="hmac_sha256", integrity="sha256_128", confidentiality="aes_cbc_128"
    )


async def test_what_is_no_record_ends_the_list() -> None:
    assert len((await suites("00 01 c0 03 01 41 81 07 07 07")).results) == 1
    assert len((await suites("00 01 c0 03 01")).results) == 0


async def test_a_list_without_an_end_is_read_in_64_pieces_and_a_dozen_is_shown() -> None:
    stage = await suites(
        "00 01" + " c0 03 01 41 81" * 3 + " c0", "00 01 03 01 41 81" + " c0 03 01 41 81" * 2 + " c0 03"
    )
    assert len(stage.results) <= SHOWN
    assert stage.out.count("\n") == 1 + len(stage.results)


async def test_silence_is_told() -> None:
    assert (await suites(None)).err == "Unable to Get Channel Cipher Suites\n"
