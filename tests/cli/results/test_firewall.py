"""What `firewall` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.ipmitool.firewall import run
from baseboard.cli.json_output import value
from baseboard.cli.results import shapes
from baseboard.cli.results.firewall import Commands, Mapped, OnChannel, Owner, PartOff, Switched
from tests.cli.ipmitool.scenes import Stage

GIVEN = {
    "06/09": "00 01 08" + " 00" * 15,
    "06/0a": "00 fc" + " ff" * 15,
    "06/0c": "00 02" + " 00" * 15,
    "06/61": "00 03" + " 00" * 15,
    "06/0a 0e46": "00" + " ff" * 16,
    "06/0c 0e46": "00" + " 00" * 16,
    "06/61 0e46": "00" + " 00" * 16,
    "06/0b": "00 00 02 10 fe",
    "06/0d": "00 01 00 00 00",
    "06/63": "00 01 00 00 00",
    "06/60": "00",
    "06/62": "00",
}


async def found(*words: str, code: int = 0) -> list[object]:
    stage = Stage(GIVEN)
    assert await run(stage.call, list(words)) == code
    return stage.results


async def test_commands_are_numbers() -> None:
    pair = Commands(channel=14, lun=0, netfn=6, available=[0, 1], configurable=[1], enabled=[0, 1])
    assert await found("info") == [pair]
    (one,) = await found("info", "lun", "0", "netfn", "6", "command", "1")
    assert isinstance(one, Commands)
    assert (one.command, one.sub_functions, one.sub_functions_enabled) == (1, [0], [0])


async def test_what_is_switched_and_reset() -> None:
    assert await found("disable", "lun", "0", "netfn", "6", "command", "1", "subfn", "0") == [
        Switched(channel=14, lun=0, netfn=6, command=1, sub_function=0, enabled=False)
    ]
    stage = Stage(GIVEN)
    assert await run(stage.call, ["reset", "channel", "14"]) == 0
    assert stage.out.count("\n") == 4 * 32 * 257
    # The number of a pair, not of the network function: NetFn 6 is the third.
    assert "reset lun 0, netfn 3, command 255, subfn\nreset lun 0, netfn 3, command\n" in stage.out
    # What there is is switched on, and nothing is sent to what there is not.
    assert stage.given.written == ["06/60 0e060003" + "00" * 15, "06/60 0e4600" + "00" * 16]


def test_a_map_is_rows_of_commands_with_columns_of_channels() -> None:
    made = Mapped(
        lun=0,
        netfn=0,
        command=2,
        body=None,
        name="Chassis Control",
        channels=[
            OnChannel(
                channel=1,
                medium="lan",
                who="operator",
                configurable=True,
                parts_off=[PartOff(number=0, name="power down")],
            )
        ],
    )
    assert value(made)["channels"][0]["parts_off"] == [{"number": 0, "name": "power down"}]
    assert shapes()["firewall map"] is Mapped
    assert shapes()["firewall owners"] is Owner
