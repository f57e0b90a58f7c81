"""What `pef` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.ipmitool.pef import run
from baseboard.cli.results.pef import Filter, PefInfo, PefStatus, PefSwitch, Policy
from tests.cli.ipmitool.scenes import Stage

GIVEN = {
    "04/10": "00 51 21 02",
    "04/12": "00",
    "04/13 05": "00 11 02",
    "04/13 08": "00 11 01",
    "04/13 0a": "80",
    "04/13 01": "00 11 03",
    "04/13 02": "00 11 00",
    "04/15": "00 29 85 00 67 05 00 04 00 03 00",
    "04/13 0601": "00 11 01 80 01 01 10 ff ff 01 ff 01 00 02" + " 00" * 9,
    "04/13 0602": "00 11 02 00" + " 00" * 19,
    "04/13 0901": "00 11 01 18 71 00",
    "06/42": "00 07 0c 05 00 f2 1b 00 00 00",
}


async def found(*words: str) -> list[object]:
    stage = Stage(GIVEN)
    assert await run(stage.call, list(words)) == 0
    return stage.results


async def test_info_and_status() -> None:
    assert await found("info") == [
        PefInfo(version=0x51, filters=2, policies=1, guid=None, actions=["Alert", "Diagnostic-interrupt"])
    ]
    (said,) = await found("status")
    assert isinstance(said, PefStatus)
    assert (said.last_record, said.last_software, said.last_bmc) == (5, 4, 3)
    assert said.enabled == ["PEF", "PEF event messages"]
    assert said.actions == []


async def test_filters_and_policies_have_the_facts_of_their_text() -> None:
    first, second = await found("filter", "list")
    assert isinstance(first, Filter)
    assert first.facts["Event trigger(s)"] == "(0x01/0x0200),<UC"
    assert second == Filter(id=2, status="disabled, configurable")
    (policy,) = await found("policy", "list")
    assert isinstance(policy, Policy)
    assert policy.facts["Channel medium"] == "System I/F (KCS,SMIC,BT)"


async def test_what_is_switched() -> None:
    assert await found("filter", "enable", "1") == [PefSwitch(table="filter", id=1, enabled=True)]
