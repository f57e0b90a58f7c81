"""The scripted BMC answers as the script says, over the network too, and notes what it was asked."""

from __future__ import annotations

import asyncio

import pytest

import baseboard
from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.errors import CompletionError, NoResponse
from baseboard.testing.scripted import Script, ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT

APP, GET_DEVICE_ID, GET_SELF_TEST = 0x06, 0x01, 0x04


def ask(bmc: ScriptedBmc, *commands: tuple[int, int, bytes]) -> list[bytes | Exception]:
    """The answers to requests in one session."""

    async def main() -> list[bytes | Exception]:
        answers: list[bytes | Exception] = []
        connection = baseboard.connect(
            bmc.host,
            port=bmc.port,
            username=ADMIN.name,
            password=ADMIN.password,
            timeout=0.2,
            retries=0,
            learn=False,
        )
        async with connection as console:
            for netfn, cmd, data in commands:
                try:
                    answers.append(await console.raw(netfn, cmd, data))
                except (CompletionError, NoResponse) as error:
                    answers.append(error)
        return answers

    return asyncio.run(main())


def test_what_the_script_names_and_what_it_does_not() -> None:
    script = Script({(APP, GET_DEVICE_ID): b"\x00\x20\x01", (0x30, 0x01): lambda data: b"\x00" + data[::-1]})
    with ScriptedBmc(BLUEPRINT, SimulatedServer, script) as bmc:
        named, computed, simulated = ask(
            bmc, (APP, GET_DEVICE_ID, b""), (0x30, 0x01, b"\x01\x02"), (APP, GET_SELF_TEST, b"")
        )
        assert (named, computed) == (b"\x20\x01", b"\x02\x01")
        assert isinstance(simulated, bytes)
        assert len(simulated) == 2
        assert (0x30, 0x01, b"\x01\x02") in script.asked


def test_refusals_and_silence_and_a_change_of_mind() -> None:
    with ScriptedBmc(BLUEPRINT, SimulatedServer) as bmc:
        bmc.script.lines[APP, GET_SELF_TEST] = b"\xc1"
        bmc.script.lines[0x30, 0x02] = None
        refused, silent = ask(bmc, (APP, GET_SELF_TEST, b""), (0x30, 0x02, b""))
        assert isinstance(refused, CompletionError)
        assert refused.code == 0xC1
        assert isinstance(silent, NoResponse)
        del bmc.script.lines[APP, GET_SELF_TEST]
        (answered,) = ask(bmc, (APP, GET_SELF_TEST, b""))
        assert isinstance(answered, bytes)


def test_it_is_gone_after_the_block() -> None:
    with ScriptedBmc(BLUEPRINT, SimulatedServer) as bmc:
        port = bmc.port
    gone = ScriptedBmc(BLUEPRINT, SimulatedServer)
    gone.port = port
    with pytest.raises(baseboard.Unreachable):
        ask(gone, (APP, GET_DEVICE_ID, b""))
