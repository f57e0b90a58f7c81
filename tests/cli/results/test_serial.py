"""What ``serial`` notes for ``--json``."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.blueprint.serial import CallbackSpec
from baseboard.bmc.services.serial_mux import SHARED
from baseboard.cli.results.serial import Mux, ProxyData, Routing, SerialCallback, SerialSetting, TapCodes
from tests.cli.serial_stage import SerialStage


async def found(line: str, **spec: Any) -> list[object]:
    on = SerialStage(**spec)
    assert await on.run(line) == 0
    return on.results


async def test_of_parameters() -> None:
    assert await found("get connection-mode") == [
        SerialSetting(
            channel=2, parameter="connection-mode", selector=3, entry=None,
            values={"direct": True, "ppp": False, "terminal": True, "basic": True},
        )
    ]  # fmt: skip
    (dialled,) = await found("get destination-dial-string 1", callbacks=(CallbackSpec(2, "555"),))
    assert isinstance(dialled, SerialSetting)
    assert (dialled.entry, dialled.values) == (1, {"text": "555"})


async def test_of_the_mux() -> None:
    assert await found("mux bmc", sharing=True, access=SHARED) == [
        Mux(
            at="bmc", accepted=True, alert_in_progress=False, messaging_active=False,
            to_system_blocked=False, to_bmc_blocked=False,
        )
    ]  # fmt: skip
    assert await found("route 1") == [Routing(entry=1)]


async def test_of_callback_and_pages() -> None:
    assert await found("callback user 2", callbacks=(CallbackSpec(2, "555"),)) == [
        SerialCallback(user_id=2, ipmi=True, cbcp=True, options=["pre-specified"], destinations=[1])
    ]
    assert await found("tap") == [TapCodes(codes=[])]
    assert await found("proxy receive") == [ProxyData(data="")]
