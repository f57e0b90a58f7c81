"""Every verb against every kind of bad answer: it ends, in bounds, with clean output and no traceback."""

from __future__ import annotations

import json
import re

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.makeups import blade, rack
from baseboard.cli.call import Call
from baseboard.cli.console import real_verb
from baseboard.cli.ipmitool.main import dispatch
from baseboard.cli.json_output import value
from baseboard.cli.native_call import NativeCall
from baseboard.cli.options import Options
from baseboard.client.settings import Settings
from baseboard.errors import BaseboardError
from baseboard.testing import virtual_loop
from tests.cli.simulated import EVERYTHING, SHELF
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
dcmi power get_limit | dcmi get_mc_id_string | dcmi thermalpolicy get 7 1 | dcmi get_conf_param
pef capabilities | pef filter list | pef filter enable 9 | pef filter create 10 actions=alert
pef filter delete 10 | pef policy enable 1 | pef policy create 3 policy=1 destination=1 | pef policy delete 3
pef timer get | pef timer set off | pef pet ack 1 2 32 1 1 1 1 1 | pef event
firewall info | firewall info channel 1 lun 0 netfn 0 command 2
firewall enable channel 1 lun 0 netfn 6 command 1
event 1 | raw 6 1 | i2c bus=0 0xa0 4 0
hpm check | hpm activate | hpm targetcap | hpm compprop 0 0 | hpm compprop 0 1 | hpm compprop 0 2 | hpm abort
hpm upgstatus | hpm rollback | hpm rollbackstatus | hpm selftestresult
picmg properties | picmg addrinfo | picmg addrinfo 1 | picmg frucontrol 1 0 | picmg activate 1
picmg deactivate 1 | picmg policy get 1 | picmg policy set 1 1 0 | picmg portstate get 0 1
picmg portstate set 0 1 1 1 0 0 1 | picmg amcportstate get 4 0 | picmg amcportstate set 4 1 5 0 0 1 0
picmg led prop 0 | picmg led cap 0 1 | picmg led get 0 1 | picmg led set 0 1 0xff 0 1 | picmg power get 1 0
picmg power set 1 1 1 | picmg clk get 1 | picmg clk set 1 0 8 0 0 8000 0 | picmg busres summary
vita properties | vita addrinfo | vita frucontrol 1 0 | vita activate 1 | vita deactivate 1
vita policy get 1 | vita policy set 1 1 0 | vita led prop 0
vita led cap 0 1 | vita led get 0 1 | vita led set 0 1 0xff 0 1
"""
OWN = """
mc deviceguid | mc acpi | mc acpi set s0 d0 | mc interface | mc manufacturing
chassis capabilities | chassis capabilities set bridge=0x20 | chassis reset | chassis buttons
chassis buttons enable power | chassis interval 2
channel access 1 | channel access 1 limit=operator | channel setkg hex 00 1 | channel lockkg 1
user authcode 2 md5 000102030405060708090a0b0c0d0e0f
dcmi capabilities | dcmi power limit | dcmi power limit 400 on
message flags | message clear event | message receive 1 | message receive 1 on | message get | message event
message send 0 0x20 0x18 0xc8 0x81 0x04 0x01 0x7a | message send 0 track 0x20 0x18 0xc8 0x81 0x04 0x01 0x7a
message scan
icmb info | icmb disable | icmb enable | icmb address auto | icmb proxy 0x0808 0x82 | icmb stats get
icmb stats clear | icmb exchange 0x0202 1 Rack | icmb discover | icmb discovered | icmb chassis 0x20
icmb request 0x0202 6 1 | icmb request 0x0202 at 0x82.0 6 1 | icmb tell 0xffff 6 1 | icmb error
icmb events info | icmb events to 0x0202 | icmb events take 0x20 | icmb events send online
forward info | forward info 1 | forward add 0x30 0x10 | forward remove 0x30 0x10 | forward enable 0x82
forward disable | forward send 6 1
pef enable | pef disable | pef last | pef last set none | pef alert 1 1 | pef alert status 1 1
pef alert clear 1 1 | pef string list | pef string set 1 text
firewall map | firewall map channel 1 lun 0 netfn 0 6 | firewall owners
lan arp suspend generate 1 | lan arp resume 1 | lan alert vlan 1 1 200 6 | lan alert vlan 1 1 off
sel utc-offset | sel utc-offset set 60 | sel auxiliary | sel auxiliary get mca | sel auxiliary set mca 1
sel add-parts 0000020000000041000409010b03ffff
payload support | payload version sol | payload oem oem0 | payload oem 7154 1 | payload status
payload instance | payload access get 2 | payload access set 2 enable sol | payload deactivate
payload suspend | payload resume | payload new-iv | payload activating
sensor set-reading Inlet 23 | sensor events Inlet | sensor events Inlet enable=9 | sensor rearm Inlet
sensor hysteresis Inlet | sensor hysteresis Inlet 2 2 | sensor type Inlet | sensor type Inlet temperature
sensor factors Inlet
sdr device | sdr add 000051c00af21b0001020304050607 | sdr add 000051c00af21b0001020304050607 piece=8
sdr delete 1 | sdr clear | sdr space | sdr update-mode enter | sdr update-mode exit | sdr time | sdr time now
sdr init-agent | sdr init-agent run | event receiver | event receiver 0x20
serial print | serial get connection-mode | serial get destination-dial-string 1
serial set connection-mode basic=yes | serial mux | serial mux system | serial route | serial route 1
serial acknowledge | serial callback 1 | serial callback user 2 | serial callback user 2 off | serial tap
serial proxy write 00 | serial proxy read 1 | serial proxy send 1 192.0.2.1 162 | serial proxy receive
"""


def lines(text: str) -> list[list[str]]:
    return [verb.split() for line in text.strip().splitlines() for verb in line.split(" | ")]


COMMANDS = [(words, False) for words in lines(VERBS)] + [(words, True) for words in lines(OWN)]
SENSORS = (*rack.SENSORS[:6], *blade.SENSORS[:8])
FRUS = (rack.own_fru("lab-001", "SN1"), FruSpec(1, "Riser", blade.OTHER_FRUS[0].image))


async def tried(
    words: list[str], kind: str, *, own: bool, verbose: int, csv: bool
) -> tuple[int | None, str, int]:
    """Run a command against one kind of controller.

    Args:
        own: a verb that ipmitool has not.

    Returns: exit code, or None for an error that the engine tells; output; the number of requests.
    """
    bmc, interface = hostile(WORST[kind], sensors=SENSORS, frus=FRUS, **EVERYTHING, **SHELF)
    printed: list[str] = []

    async def reach() -> object:
        return bmc

    options = Options(settings=Settings(interface="memory", learn=False), verbose=verbose, csv=csv)
    say, given = printed.append, {"json": ""} if csv else {}
    call = NativeCall("host", options, reach, given, say, say) if own else Call(options, reach, say, say)  # type: ignore[arg-type]  # a Bmc is an object
    try:
        code: int | None = await (
            real_verb(call, words) if isinstance(call, NativeCall) else dispatch(call, words)
        )
        printed.extend(json.dumps(value(one)) for one in call.results)
    except BaseboardError as error:
        code = None
        printed.append(str(error))
    await call.close()
    return code, "".join(printed), interface.asked


@pytest.mark.parametrize(
    ("words", "own"),
    COMMANDS,
    ids=lambda one: " ".join(one) if isinstance(one, list) else "own" if one else "ipmitool",
)
def test_a_verb_ends_whatever_is_answered(words: list[str], own: bool) -> None:
    async def all_kinds() -> None:
        for number, kind in enumerate(WORST):
            code, printed, asked = await tried(words, kind, own=own, verbose=number % 3, csv=number % 2 == 1)
            assert code in (0, 1, None), (kind, code)
            assert not CONTROL.search(printed), (kind, CONTROL.search(printed), printed[-500:])
            assert len(printed) < MOST_OUTPUT, (kind, asked)
            assert "Traceback" not in printed, kind

    virtual_loop.run(all_kinds())
