"""ipmitool on users, channels and sessions: named, given passwords and rights, tried, locked out, counted."""

from __future__ import annotations

import pytest

from tests import peers
from tests.interop.lab import Bmc, Lab
from tests.interop.patience import eventually
from tests.interop.terminal import terminal

TWENTY = "twenty letters, all."
QUICK = ("-R", "1", "-N", "1")
CIPHERS = {
    "0": ["none", "none", "none"],
    "1": ["hmac_sha1", "none", "none"],
    "2": ["hmac_sha1", "hmac_sha1_96", "none"],
    "3": ["hmac_sha1", "hmac_sha1_96", "aes_cbc_128"],
    "6": ["hmac_md5", "none", "none"],
    "7": ["hmac_md5", "hmac_md5_128", "none"],
    "8": ["hmac_md5", "hmac_md5_128", "aes_cbc_128"],
    "11": ["hmac_md5", "md5_128", "none"],
    "12": ["hmac_md5", "md5_128", "aes_cbc_128"],
    "15": ["hmac_sha256", "none", "none"],
    "16": ["hmac_sha256", "sha256_128", "none"],
    "17": ["hmac_sha256", "sha256_128", "aes_cbc_128"],
}


def users(bmc: Bmc) -> dict[str, list[str]]:
    lines = bmc.ipmitool("user", "list", "1", options=("-c",)).ok().lines
    return {line.split(",")[0]: line.split(",")[1:] for line in lines}


def access(bmc: Bmc, user_id: int) -> dict[str, str]:
    return bmc.ipmitool("channel", "getaccess", "1", str(user_id)).ok().values


def add_user(bmc: Bmc, user_id: int, name: str, password: str, *size: str) -> None:
    number = str(user_id)
    bmc.ipmitool("user", "set", "name", number, name).ok()
    done = bmc.ipmitool("user", "set", "password", number, password, *size).ok()
    assert done.out == f"Set User Password command successful (user {number})\n"
    bmc.ipmitool("channel", "setaccess", "1", number, "ipmi=on", "privilege=4").ok()
    bmc.ipmitool("user", "enable", number).ok()


def log_in(bmc: Bmc, name: str, password: str, interface: str = "lanplus") -> bool:
    done = bmc.ipmitool(
        "power", "status", interface=interface, username=name, password=password, options=QUICK
    )
    assert done.out == ("Chassis Power is on\n" if done.code == 0 else "")
    return done.code == 0


@pytest.mark.parametrize(("number", "slots"), [(0, 15), (1, 32), (2, 8)])
def test_users_as_shipped(shared_lab: Lab, number: int, slots: int) -> None:
    bmc = shared_lab[number]
    found = users(bmc)
    assert list(found) == [str(user_id) for user_id in range(1, slots + 1)]
    assert found["2"] == ["admin", "true", "false", "true", "ADMINISTRATOR"]
    for user_id in ("1", "3", str(slots)):
        assert found[user_id] == ["", "true", "false", "false", "NO ACCESS"]
    assert bmc.ipmitool("user", "summary", "1").ok().values == {
        "Maximum IDs": str(slots),
        "Enabled User Count": "1",
        "Fixed Name Count": "1",
    }
    header = bmc.ipmitool("user", "list", "1").ok().out.splitlines()[0]
    assert header.split() == [
        "ID",
        "Name",
        "Callin",
        "Link",
        "Auth",
        "IPMI",
        "Msg",
        "Channel",
        "Priv",
        "Limit",
    ]


def test_a_user_s_life(own_lab: Lab) -> None:
    bmc = own_lab[0]
    add_user(bmc, 5, "sixteen letters!", "a secret")
    assert users(bmc)["5"] == ["sixteen letters!", "true", "false", "true", "ADMINISTRATOR"]
    assert log_in(bmc, "sixteen letters!", "a secret")
    assert not log_in(bmc, "sixteen letters", "a secret")
    assert not log_in(bmc, "sixteen letters!", "a Secret")
    bmc.ipmitool("user", "disable", "5").ok()
    assert bmc.ipmitool("user", "summary", "1").ok().values["Enabled User Count"] == "1"
    assert access(bmc, 5)["Enable Status"] == "disabled"
    assert not log_in(bmc, "sixteen letters!", "a secret")
    bmc.ipmitool("user", "enable", "5").ok()
    assert bmc.ipmitool("user", "summary", "1").ok().values["Enabled User Count"] == "2"
    bmc.ipmitool("user", "set", "name", "5", "renamed").ok()
    assert log_in(bmc, "renamed", "a secret")
    assert not log_in(bmc, "sixteen letters!", "a secret")
    for level, name in (
        (1, "CALLBACK"),
        (2, "USER"),
        (3, "OPERATOR"),
        (4, "ADMINISTRATOR"),
        (15, "NO ACCESS"),
    ):
        done = bmc.ipmitool("user", "priv", "5", str(level), "1").ok()
        assert done.out == "Set Privilege Level command successful (user 5)\n"
        assert users(bmc)["5"][4] == access(bmc, 5)["Privilege Level"] == name
    assert not log_in(bmc, "renamed", "a secret")
    assert users(bmc)["2"] == ["admin", "true", "false", "true", "ADMINISTRATOR"]


def test_passwords_of_16_and_20_bytes(own_lab: Lab) -> None:
    bmc = own_lab.weak
    add_user(bmc, 3, "short", "sixteen letters.", "16")
    add_user(bmc, 4, "long", TWENTY, "20")
    tests = [
        (3, "16", "sixteen letters.", "Success\n"),
        (3, "16", "Sixteen letters.", "Failure: password incorrect\n"),
        (3, "20", "sixteen letters.", "Failure: wrong password size\n"),
        (4, "20", TWENTY, "Success\n"),
        (4, "20", TWENTY.upper(), "Failure: password incorrect\n"),
        (4, "16", TWENTY[:16], "Failure: wrong password size\n"),
    ]
    for user_id, size, password, shown in tests:
        done = bmc.ipmitool("user", "test", str(user_id), size, password)
        assert (done.out, done.code) == (shown, 0 if shown == "Success\n" else 1)
    assert log_in(bmc, "short", "sixteen letters.")
    assert log_in(bmc, "short", "sixteen letters.", "lan")
    assert log_in(bmc, "long", TWENTY)
    assert not log_in(bmc, "long", TWENTY[:16])
    done = bmc.ipmitool("user", "set", "password", "3", "x" * 21, "20")
    assert (done.code, done.err) == (1, "Password is too long (> 20 bytes)\n")


def test_a_password_set_by_two_hands(own_lab: Lab) -> None:
    """The administrator changes a password while the other's session goes on."""
    bmc = own_lab[0]
    add_user(bmc, 3, "other", "before")
    assert log_in(bmc, "other", "before")
    bmc.ipmitool("user", "set", "password", "3", "after").ok()
    assert log_in(bmc, "other", "after")
    assert not log_in(bmc, "other", "before")
    # and its own
    bmc.ipmitool("user", "set", "password", "2", "changed").ok()
    assert log_in(bmc, "admin", "changed")
    assert not log_in(bmc, "admin", bmc.password)


def test_bad_user_ids_are_refused(shared_lab: Lab) -> None:
    bmc = shared_lab[0]
    for words in (("user", "set", "name", "16", "x"), ("user", "enable", "63"), ("user", "disable", "16")):
        done = bmc.ipmitool(*words)
        assert done.code == 1
        assert "nvalid data field in request" in done.err or "arameter out of range" in done.err


def test_bad_passwords_lock_a_user_out_until_enabled_again(own_lab: Lab) -> None:
    """Over IPMI v1.5: with RMCP+ ipmitool sees by itself that its password is wrong, and proves nothing."""
    bmc = own_lab.weak
    add_user(bmc, 3, "guest", "welcome")
    bmc.ipmitool("lan", "set", "1", "bad_pass_thresh", "2", "1", "0", "0").ok()
    values = bmc.ipmitool("lan", "print", "1").ok().values
    assert (values["Bad Password Threshold"], values["Invalid password disable"]) == ("2", "yes")
    assert not log_in(bmc, "guest", "no", "lan")
    assert log_in(bmc, "guest", "welcome", "lan")
    for _ in range(2):
        assert not log_in(bmc, "guest", "no", "lan")
    assert not log_in(bmc, "guest", "welcome")
    (row,) = bmc.ipmitool("sel", "elist").ok().table()
    assert (row[3], row[5]) == ("Session Audit", "Asserted")
    # offset 3, which ipmitool has no words for: user 3 on channel 1 was disabled by invalid passwords
    assert bmc.ipmitool("sel", "get", "1").ok().values["Event Data"] == "f30301"
    bmc.ipmitool("user", "enable", "3").ok()
    assert log_in(bmc, "guest", "welcome")


# Channels


def test_channel_access_of_a_user_is_set_and_read(own_lab: Lab) -> None:
    bmc = own_lab[0]
    bmc.ipmitool("user", "set", "name", "4", "somebody").ok()
    done = bmc.ipmitool(
        "channel", "setaccess", "1", "4", "callin=on", "ipmi=on", "link=on", "privilege=3"
    ).ok()
    assert done.out == "Set User Access (channel 1 id 4) successful.\n"
    assert access(bmc, 4) == {
        "Maximum User IDs": "15",
        "Enabled User IDs": "1",
        "User ID": "4",
        "User Name": "somebody",
        "Fixed Name": "No",
        "Access Available": "call-in / callback",
        "Link Authentication": "enabled",
        "IPMI Messaging": "enabled",
        "Privilege Level": "OPERATOR",
        "Enable Status": "disabled",
    }
    # ipmitool has no way to switch a right off again (docs/interop.md)
    bmc.ipmitool("raw", "0x06", "0x43", "0xc1", "0x04", "0x02", "0x00").ok()
    values = access(bmc, 4)
    assert values["Access Available"] == "callback"
    assert (values["Link Authentication"], values["IPMI Messaging"]) == ("disabled", "disabled")
    assert values["Privilege Level"] == "USER"
    done = bmc.ipmitool("channel", "setaccess", "1", "16", "privilege=3")
    assert (done.code, done.out) == (1, "")


def test_channel_information(shared_lab: Lab) -> None:
    for bmc in shared_lab:
        done = bmc.ipmitool("channel", "info").ok()
        assert done.lines[0] == "Channel 0x1 info:"
        values = done.values
        assert values["Channel Medium Type"] == "802.3 LAN"
        assert values["Channel Protocol Type"] == "IPMB-1.0"
        assert values["Session Support"] == "multi-session"
        assert values["Active Session Count"] == "1"
        assert values["Protocol Vendor ID"] == "7154"
        assert done.lines.count("Access Mode         : always available") == 2
        assert done.lines.count("Per-message Auth    : enabled") == 2
        assert bmc.ipmitool("channel", "info", "1").ok().out == done.out
        bus = bmc.ipmitool("channel", "info", "0").ok().values
        assert (bus["Channel Medium Type"], bus["Session Support"]) == ("IPMB (I2C)", "session-less")
        local = bmc.ipmitool("channel", "info", "15").ok().values
        assert (local["Channel Medium Type"], local["Channel Protocol Type"]) == ("System Interface", "KCS")
        assert "Unable to Get Channel Info" in bmc.ipmitool("channel", "info", "7").err


@pytest.mark.parametrize(
    ("number", "types", "v15"), [(0, "", "no"), (1, "", "no"), (2, "MD2 MD5 PASSWORD", "yes")]
)
def test_authentication_capabilities(shared_lab: Lab, number: int, types: str, v15: str) -> None:
    for channel in ("1", "14"):
        assert shared_lab[number].ipmitool("channel", "authcap", channel, "4").ok().values == {
            "Channel number": "1",
            "IPMI v1.5  auth types": types,
            "KG status": "default (all zeroes)",
            "Per message authentication": "enabled",
            "User level authentication": "enabled",
            "Non-null user names exist": "yes",
            "Null user names exist": "no",
            "Anonymous login enabled": "no",
            "Channel supports IPMI v1.5": v15,
            "Channel supports IPMI v2.0": "yes",
        }


@pytest.mark.parametrize(("number", "suites"), [(0, ("3", "17")), (1, ("17",)), (2, tuple(CIPHERS))])
@pytest.mark.parametrize("payload", ["ipmi", "sol"])
def test_cipher_suites_are_listed(
    shared_lab: Lab, number: int, suites: tuple[str, ...], payload: str
) -> None:
    lines = shared_lab[number].ipmitool("channel", "getciphers", payload, "1").ok().lines
    assert [line.split() for line in lines[1:]] == [[suite, "N/A", *CIPHERS[suite]] for suite in suites]


# Sessions


@pytest.mark.parametrize(("number", "slots"), [(0, 16), (2, 4)])
def test_sessions_are_listed(shared_lab: Lab, number: int, slots: int) -> None:
    bmc = shared_lab[number]
    command = [peers.require("ipmitool"), "-I", "lanplus", "-H", bmc.address, "-p", str(bmc.port)]
    command += ["-U", bmc.username, "-E", "-C", "17", "-L", "OPERATOR", "shell"]
    with terminal(command, {"IPMITOOL_PASSWORD": bmc.password}) as other:
        other.wait_for("ipmitool> ")
        other.type("session info active\n")
        handle = other.wait_for("slot count").partition("session handle")[2].split()[1]
        listed = bmc.ipmitool("session", "info", "all").ok().out.split("\n\n")
        found = [
            {
                name.strip(): value.strip()
                for name, _, value in (line.partition(":") for line in block.splitlines())
            }
            for block in listed
            if "user id" in block
        ]
        assert [one["active sessions"] for one in found] == ["2", "2"]
        (one,) = [one for one in found if one["session handle"] == handle]
        assert one["privilege level"] == "OPERATOR"
        assert one["session type"] == "IPMIv2/RMCP+"
        assert (one["slot count"], one["user id"]) == (str(slots), "2")
        assert (one["channel number"], one["console ip"]) == ("0x01", "127.0.0.1")
        assert len({one["console port"] for one in found}) == 2
        by_handle = bmc.ipmitool("session", "info", "handle", f"0x{int(handle):x}").ok().values
        assert by_handle["console port"] == one["console port"]
        # the administrator closes it by its handle
        bmc.ipmitool("raw", "0x06", "0x3c", "0", "0", "0", "0", handle).ok()
    counted = bmc.ipmitool("session", "info", "active").ok().values["active sessions"]
    assert counted == "1"


def test_a_full_house_turns_the_next_one_away_and_lets_him_in_afterwards(own_lab: Lab) -> None:
    bmc = own_lab.weak
    command = [peers.require("ipmitool"), "-I", "lanplus", "-H", bmc.address, "-p", str(bmc.port)]
    command += ["-U", bmc.username, "-E", "-C", "17", "shell"]
    environment = {"IPMITOOL_PASSWORD": bmc.password}
    with (
        terminal(command, environment) as one,
        terminal(command, environment) as two,
        terminal(command, environment) as three,
        terminal(command, environment) as four,
    ):
        shells = (one, two, three, four)
        for shell in shells:
            shell.wait_for("ipmitool> ")
            shell.type("power status\n")
            shell.wait_for("Chassis Power is on")
        done = bmc.ipmitool("power", "status", options=QUICK)
        assert done.code == 1
        assert "insufficient resources for session" in done.err
        four.type("exit\n")
        assert four.ended() == 0
        eventually(lambda: bmc.ipmitool("power", "status", options=QUICK).code, lambda code: code == 0)
        three.type("session info active\n")
        assert "IPMIv2/RMCP+" in three.wait_for("console port")
