"""Every verb against every kind of bad answer: it ends, in bounds, with clean output and no traceback."""

from __future__ import annotations

import re

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.makeups import blade, rack
from baseboard.cli.call import Call
from baseboard.cli.ipmitool.main import dispatch
from baseboard.cli.options import Options
from baseboard.client.settings import Settings
from baseboard.errors import BaseboardError
from baseboard.testing import virtual_loop
from tests.hostile.worst import WORST, hostile

# What a terminal may be given: text, line ends and tabs.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
MOST_OUTPUT = 4_000_000

VERBS = """
mc info | mc guid | mc selftest | mc getenables | mc watchdog get | mc getsysinfo system_name
chassis status | chassis power status | chassis policy list | chassis restart_cause | chassis poh
chassis selftest | chassis bootparam get 5 | chassis bootdev pxe | chassis identify 5 | power on | power soft
sdr list all | sdr elist all | sdr info | sdr type temperature | sdr entity 7 | sdr get Inlet | sdr list mcloc
sensor list | sensor get Inlet | sensor reading Inlet | sensor thresh Inlet unc 40
sel info | sel list | sel elist | sel get 1 | sel time get | sel delete 1 | sel clear
fru print | fru print 0
user list 1 | user summary 1 | user set name 5 bob | user enable 5 | user test 2 16 secret | user priv 5 2 1
channel info 1 | channel authcap 1 4 | channel getaccess 1 | channel getciphers ipmi 1
lan print 1 | lan alert print 1 | lan stats get 1 | lan set 1 ipsrc static | lan6 print 1
sol info 1 | sol payload status 1 2 | sol set volatile-bit-rate 115.2 1
session info all | session info active
pef info | pef status | pef policy list | pef list
dcmi discover | dcmi power reading | dcmi sensors | dcmi asset_tag | dcmi get_temp_reading
firewall info | event 1 | raw 6 1 | i2c bus=0 0xa0 4 0
"""
COMMANDS = [verb.split() for line in VERBS.strip().splitlines() for verb in line.split(" | ")]
SENSORS = (*rack.SENSORS[:6], *blade.SENSORS[:8])
FRUS = (rack.own_fru("lab-001", "SN1"), FruSpec(1, "Riser", blade.OTHER_FRUS[0].image))


async def tried(words: list[str], kind: str, *, verbose: int, csv: bool) -> tuple[int | None, str, int]:
    """Run a command against one kind of controller.

    Returns: exit code, or None for an error that the engine tells; output; the number of requests.
    """
    bmc, interface = hostile(WORST[kind], sensors=SENSORS, frus=FRUS)
    printed: list[str] = []

    async def reach() -> object:
        return bmc

    options = Options(settings=Settings(interface="memory", learn=False), verbose=verbose, csv=csv)
    call = Call(options, reach, printed.append, printed.append)  # type: ignore[arg-type]  # a Bmc is an object
    try:
        code: int | None = await dispatch(call, words)
    except BaseboardError as error:
        code = None
        printed.append(str(error))
    await call.close()
    return code, "".join(printed), interface.asked


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_verb_ends_whatever_is_answered(words: list[str]) -> None:
    async def all_kinds() -> None:
        for number, kind in enumerate(WORST):
            code, printed, asked = await tried(words, kind, verbose=number % 3, csv=number % 2 == 1)
            assert code in (0, 1, None), (kind, code)
            assert not CONTROL.search(printed), (kind, CONTROL.search(printed), printed[-500:])
            assert len(printed) < MOST_OUTPUT, (kind, asked)
            assert "Traceback" not in printed, kind

    virtual_loop.run(all_kinds())
