"""Where packets of payloads go that are no IPMI messages (§24)."""

from __future__ import annotations

from baseboard.codes import PayloadType
from baseboard.rmcp.session import PayloadReceived, SessionV20
from tests.bmc.consoles import make_lan_bmc

TYPED = bytes.fromhex("01000000") + b"x"


def test_sol_packets_go_to_the_host_and_others_nowhere() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    console = bmc.login()
    console.activate_sol()
    session = console.session
    assert isinstance(session, SessionV20)
    payloads = bmc.services.payloads
    payloads.received(PayloadReceived(session, PayloadType.OEM0, TYPED, None))
    assert bmc.serial.typed == b""
    payloads.received(PayloadReceived(session, PayloadType.SOL, TYPED, None))
    assert bmc.serial.typed == b"x"


def test_24_2_only_the_end_of_its_own_session_ends_sol() -> None:
    bmc = make_lan_bmc()
    console, other = bmc.login(), bmc.login()
    console.activate_sol()
    bmc.services.payloads.session_closed(other.session)
    assert bmc.services.sol.owner is console.session
    bmc.services.payloads.session_closed(console.session)
    assert bmc.services.sol.owner is None
