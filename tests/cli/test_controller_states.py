"""Verbs of ``mc``, ``channel`` and ``user`` that ipmitool has not."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.cli.simulated import GUID, Told

Program = Callable[..., Told]


def test_the_controllers_own_guid(program: Program) -> None:
    told = program("--json", "mc", "deviceguid").document["result"]
    assert UUID(told["guid"]) == UUID(bytes=GUID)


def test_acpi_states_are_told_and_read(program: Program) -> None:
    assert program("mc", "acpi", "set", "s3", "d1").out == "ACPI system state : s3\nACPI device state : d1\n"
    assert program("--json", "mc", "acpi", "set", "-", "d2").document["result"] == {
        "system": "s3",
        "device": "d2",
    }
    assert program("--json", "mc", "acpi", "set", "s0").document["result"] == {
        "system": "s0_g0",
        "device": "d2",
    }
    assert "s0_g0" in program("mc", "acpi").out


def test_the_system_interface(program: Program) -> None:
    (found,) = program("--json", "mc", "interface").document["result"]
    assert (found["kind"], found["input_bytes"], found["output_bytes"]) == ("kcs", 255, None)
    assert "KCS" in program("mc", "interface").out


def test_manufacturing_mode(program: Program) -> None:
    assert "cold reset ends it" in program("mc", "manufacturing").out
    assert program("mc", "manufacturing", "1").code == 1, "this controller knows no parameters"


def test_the_key_is_set_and_never_shown(program: Program) -> None:
    told = program("channel", "setkg", "plain", "swordfish", "1")
    assert told.out == "The key is set, and unlocked\n"
    assert "swordfish" not in told.out + told.err
    assert program("mc", "info").code != 0, "from now on both keys are wanted"
    assert program("-k", "swordfish", "--json", "channel", "setkg", "hex", "00", "1").document["result"] == {
        "channel": 1, "lock": "unlocked",
    }  # fmt: skip


def test_how_a_channel_may_be_used(program: Program) -> None:
    assert program("channel", "access", "1").out == (
        "present : always, up to administrator\nstored  : always, up to administrator\n"
    )
    told = program("channel", "access", "1", "limit=operator", "stored").out
    assert told == "stored  : always, up to operator\n"
    found = program("--json", "channel", "access", "limit=administrator").document["result"]
    assert [(one["which"], one["limit"]) for one in found] == [
        ("present", "administrator"),
        ("stored", "administrator"),
    ]


def test_an_authcode(program: Program) -> None:
    told = program("--json", "user", "authcode", "2", "hmac-sha1-96", "00" * 16).document["result"]
    assert len(bytes.fromhex(told["auth_code"])) in (12, 20)


@pytest.mark.parametrize(
    "words",
    [
        "mc deviceguid now", "mc acpi get", "mc acpi set", "mc acpi set s9", "mc acpi set s0 d9",
        "mc acpi set s0 d0 x",
        "mc interface kcs", "mc manufacturing 256",
        "channel access 16",
        "channel access mode=open",
        "channel setkg", "channel setkg octal 7",
        "channel setkg hex xyz", "channel setkg plain 123456789012345678901", "channel setkg hex 00 16",
        "channel lockkg 1 2", "user authcode 2 md5", "user authcode 2 sha9 00", "user authcode 2 md5 0011",
        "user authcode 0 md5 00112233445566778899aabbccddeeff", "user authcode 2 md5 zz",
    ],
)  # fmt: skip
def test_wrong_words_are_told_and_nothing_is_sent(program: Program, words: str) -> None:
    assert program(*words.split()).code == 2
