"""The multirecords that ``-v fru`` prints."""

from __future__ import annotations

from baseboard.cli.ipmitool.fru_device import Device
from baseboard.cli.ipmitool.fru_records import show
from tests.cli.ipmitool.scenes import Stage


def record(kind: int, data: bytes, last: bool = False) -> bytes:
    return bytes((kind, 0x82 if last else 0x02, len(data), 0, 0)) + data


async def shown(*records: bytes) -> tuple[Stage, list[dict[str, str]]]:
    stage = Stage({"fru 0": b"".join(records).ljust(256, b"\0").hex()}, verbose=1)
    device = Device(stage.call, 0)
    await device.info()
    return stage, await show(stage.call, device, 0)


async def test_the_flags_of_a_power_supply() -> None:
    data = bytes(17) + bytes((0x1F,)) + bytes(5) + b"\x1e"
    stage, (rows,) = await shown(record(0, data, last=True))
    assert rows["Flags"].endswith("'Hot swap' 'Two pulses per rotation'")
    assert rows["Fan lower threshold"] == "30 RPS"
    assert "  Combined capacity          : not specified\n" in stage.out
    _, (rows,) = await shown(record(0, bytes(17) + b"\x01" + bytes(6), last=True))
    assert rows["Flags"] == "'Predictive fail' 'Failure on pin assertion'"


async def test_records_of_other_types_are_passed_over_and_the_last_one_ends_them() -> None:
    stage, rows = await shown(record(3, b"x"), record(0xC0, b"\x57\x01\x00", last=True), record(1, bytes(13)))
    assert [row["record"] for row in rows] == ["OEM (Intel Corporation) Record"]
    assert stage.out == "  OEM (Intel Corporation) Record\n"


async def test_a_record_of_picmg_is_named() -> None:
    stage, rows = await shown(record(0xC0, (12634).to_bytes(3, "little") + b"\x14", last=True))
    assert rows == [{"record": "PICMG Extension Record"}]
    assert stage.out == "  PICMG Extension Record\n"


async def test_a_chain_without_an_end_ends() -> None:
    _, rows = await shown(*[record(1, b"")] * 50)
    assert len(rows) <= 256
