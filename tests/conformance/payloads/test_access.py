"""§24.6 to §24.10: who may use which payloads, and what a channel has."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.payloads import OemService
from baseboard.commands.app.payload import (
    ActivatePayload,
    GetChannelOemPayloadInfo,
    GetChannelPayloadSupport,
    GetChannelPayloadVersion,
    GetUserPayloadAccess,
    SetUserPayloadAccess,
)
from baseboard.rmcp.payloads import OemPayload
from tests.bmc.consoles import ADMIN, OPERATOR, VIEWER, make_lan_bmc
from tests.conformance.marks import exercises
from tests.conformance.sol.bench import ACTIVATE, APP, told

SET_ACCESS, GET_ACCESS, SUPPORT, VERSION, OEM_INFO = 0x4C, 0x4D, 0x4E, 0x4F, 0x50
SYSTEM_INTERFACE = "0f"


class Third(OemService):
    payload = OemPayload(7154, 0x0102, version=0x23, handle=0x23)


class Explicit(OemService):
    payload = OemPayload(7154, 0x0103, version=0x10)


@exercises(SetUserPayloadAccess, GetUserPayloadAccess, ActivatePayload)
def test_24_6_payloads_are_let_in_and_kept_out_one_by_one_and_it_is_kept() -> None:
    bmc = make_lan_bmc()
    bmc.services.payloads.register(Third())
    admin, viewer = bmc.login(ADMIN), bmc.login(VIEWER)
    assert told(admin, APP, GET_ACCESS, "01 04") == bytes.fromhex("00 02 00 00 00")
    assert told(viewer, APP, ACTIVATE, "23 01 c0 00 00 00") == b"\x81"
    assert told(admin, APP, SET_ACCESS, "01 04 04 00 08 00") == b"\0"
    assert told(admin, APP, GET_ACCESS, "01 04") == bytes.fromhex("00 06 00 08 00")
    assert told(viewer, APP, ACTIVATE, "23 01 c0 00 00 00")[0] == 0
    # bits that are 0 leave what is
    assert told(admin, APP, SET_ACCESS, "01 44 02 00 00 00") == b"\0"
    assert told(admin, APP, GET_ACCESS, "01 04") == bytes.fromhex("00 04 00 08 00")
    assert told(viewer, APP, ACTIVATE, "01 01 c0 00 00 00") == b"\x81"
    again = bmc.reopen()
    assert again.raw(APP, GET_ACCESS, b"\x01\x04") == bytes.fromhex("00 04 00 08 00")


@exercises(SetUserPayloadAccess)
def test_24_6_ipmi_messages_are_no_affair_of_it_and_reserved_operations_are_refused() -> None:
    bmc = make_lan_bmc()
    admin = bmc.login(ADMIN)
    assert told(admin, APP, SET_ACCESS, "01 44 01 00 00 00") in (b"\0", b"\xcc")
    assert told(admin, APP, GET_ACCESS, "01 04") == bytes.fromhex("00 02 00 00 00")
    assert told(admin, APP, SET_ACCESS, "01 84 02 00 00 00") == b"\xcc"
    assert told(admin, APP, SET_ACCESS, "01 3f 02 00 00 00") == b"\xcc"  # no such user
    assert told(admin, APP, SET_ACCESS, "01 04 02") == b"\xc7"


@exercises(SetUserPayloadAccess, GetUserPayloadAccess)
def test_g_1_administrators_set_access_and_operators_read_it() -> None:
    bmc = make_lan_bmc()
    assert told(bmc.login(OPERATOR), APP, SET_ACCESS, "01 04 02 00 00 00") == b"\xd4"
    assert told(bmc.login(OPERATOR), APP, GET_ACCESS, "01 04")[0] == 0
    assert told(bmc.login(VIEWER), APP, GET_ACCESS, "01 04") == b"\xd4"
    assert bmc.raw(APP, SET_ACCESS, bytes.fromhex("01 04 02 00 00 00")) == b"\0"


@exercises(GetChannelPayloadSupport)
def test_24_8_a_lan_channel_has_messages_sol_setup_and_what_was_registered() -> None:
    bmc = make_lan_bmc()
    viewer = bmc.login(VIEWER)
    assert told(viewer, APP, SUPPORT, "0e") == bytes.fromhex("00 03 00 3f 00 00 00 00 00")
    bmc.services.payloads.register(Third())
    bmc.services.payloads.register(Explicit())
    assert told(viewer, APP, SUPPORT, "01") == bytes.fromhex("00 07 00 3f 00 08 00 00 00")
    assert told(viewer, APP, SUPPORT, SYSTEM_INTERFACE) == bytes(9)
    assert told(viewer, APP, SUPPORT, "0b") == b"\xcc"


@exercises(GetChannelPayloadVersion)
def test_24_9_versions_are_1_0_and_an_oem_payloads_own() -> None:
    bmc = make_lan_bmc()
    bmc.services.payloads.register(Third())
    viewer = bmc.login(VIEWER)
    for kind in (0x00, 0x01, 0x10, 0x15):
        assert told(viewer, APP, VERSION, f"01 {kind:02x}") == b"\0\x10"
    assert told(viewer, APP, VERSION, "01 23") == b"\0\x23"
    for kind in (0x02, 0x03, 0x16, 0x20, 0x3F):
        assert told(viewer, APP, VERSION, f"01 {kind:02x}") == b"\x80"
    assert told(viewer, APP, VERSION, "0f 01") == b"\x80"


@exercises(GetChannelOemPayloadInfo)
def test_24_10_whose_a_handle_and_an_explicit_payload_are() -> None:
    bmc = make_lan_bmc()
    viewer = bmc.login(VIEWER)
    assert told(viewer, APP, OEM_INFO, "01 23 000000 0000") == b"\x80"
    bmc.services.payloads.register(Third())
    bmc.services.payloads.register(Explicit())
    # 7154 = 1BF2h
    assert told(viewer, APP, OEM_INFO, "01 23 000000 0000") == bytes.fromhex("00 23 f21b00 0201 23")
    assert told(viewer, APP, OEM_INFO, "01 02 f21b00 0301") == bytes.fromhex("00 02 f21b00 0301 10")
    for other in ("01 02 f21b00 0401", "01 02 f31b00 0301", "01 20 000000 0000", "0f 23 000000 0000"):
        assert told(viewer, APP, OEM_INFO, other) == b"\x80"


@pytest.mark.parametrize("cmd", [SUPPORT, VERSION, OEM_INFO])
def test_24_8_to_10_need_a_user(cmd: int) -> None:
    bmc = make_lan_bmc()
    data = {SUPPORT: "0e", VERSION: "0e 01", OEM_INFO: "0e 20 000000 0000"}[cmd]
    caller = bmc.login(VIEWER)
    assert told(caller, APP, cmd, data)[0] in (0, 0x80)
    caller.session.privilege = 1
    assert told(caller, APP, cmd, data) == b"\xd4"
