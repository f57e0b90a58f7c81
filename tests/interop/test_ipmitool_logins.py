"""Every login that ipmitool can do: cipher suites, K_G, IPMI v1.5; with each the same is read and written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, Done, Lab, lab

REFUSED = "Error: Unable to establish IPMI v2 / RMCP+ session"

# what nobody changes here, and what shows no time and no reading: from every service of the BMC
READ = """
mc info
mc guid
mc selftest
mc getenables
mc watchdog get
mc getsysinfo system_name
chassis status
chassis policy list
chassis selftest
sdr info
sdr list mcloc
sdr get "Power Supply"
fru print
user summary 1
channel info 1
channel getaccess 1 2
channel getciphers ipmi 1
lan print 1
sol info 1
raw 0x06 0x01
"""


@dataclass(frozen=True)
class Login:
    """How to log in.

    Attributes:
        interface: ipmitool's.
        options: of ipmitool, before the verb.
        said: what ipmitool says about the session with ``-vv``.
        session_type: of Get Session Info.
    """

    interface: str
    options: tuple[str, ...]
    said: tuple[str, ...]
    session_type: str

    def run(self, bmc: Bmc, *words: str, stdin: str = "") -> Done:
        return bmc.ipmitool(*words, interface=self.interface, suite=None, options=self.options, stdin=stdin)


def suite(number: int, authentication: str, integrity: str, confidentiality: str) -> Login:
    said = (
        f"Negotiated authenticatin algorithm : {authentication}",
        f"Negotiated integrity algorithm     : {integrity}",
        f"Negotiated encryption algorithm    : {confidentiality}",
    )
    return Login("lanplus", ("-C", str(number)), said, "IPMIv2/RMCP+")


def v15(name: str) -> Login:
    return Login("lan", ("-A", name), (f"Proceeding with AuthType {name}",), "IPMIv1.5")


SUITES = {
    "suite 0": suite(0, "none", "none", "none"),
    "suite 1": suite(1, "hmac_sha1", "none", "none"),
    "suite 2": suite(2, "hmac_sha1", "hmac_sha1_96", "none"),
    "suite 3": suite(3, "hmac_sha1", "hmac_sha1_96", "aes_cbc_128"),
    "suite 6": suite(6, "hmac_md5", "none", "none"),
    "suite 7": suite(7, "hmac_md5", "hmac_md5_128", "none"),
    "suite 8": suite(8, "hmac_md5", "hmac_md5_128", "aes_cbc_128"),
    "suite 15": suite(15, "hmac_sha256", "none", "none"),
    "suite 16": suite(16, "hmac_sha256", "sha256_128", "none"),
    "suite 17": suite(17, "hmac_sha256", "sha256_128", "aes_cbc_128"),
}
LOGINS = {**SUITES, "MD5": v15("MD5"), "password": v15("PASSWORD"), "none": v15("NONE")}


@pytest.fixture(scope="module")
def weak() -> Iterator[Bmc]:
    """The old board, with IPMI v1.5 logins without authentication switched on too, for every level."""
    with lab() as running:
        bmc = running.weak
        # in one message, because ipmitool's own verb takes one type only (docs/interop.md)
        bmc.ipmitool("raw", "0x0c", "0x01", "0x01", "0x02", *["0x17"] * 5).ok()
        yield bmc


@pytest.fixture(scope="module")
def reading(weak: Bmc, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The file of commands, and what it shows over the strongest login."""
    script = tmp_path_factory.mktemp("exec") / "read"
    script.write_text(READ)
    shown = weak.ipmitool("exec", str(script)).ok().out
    assert shown.count("\n") > 140
    assert "Auth Type Enable        : Callback : NONE MD2 MD5 PASSWORD" in shown
    return str(script), shown


@pytest.mark.parametrize("name", LOGINS)
def test_each_login_is_what_was_asked_for_and_reads_the_same(
    weak: Bmc, reading: tuple[str, str], name: str
) -> None:
    login, (script, expected) = LOGINS[name], reading
    said = login.run(weak, "-vv", "raw", "0x06", "0x01").ok()
    for text in login.said:
        assert text in said.out + said.err
    session = login.run(weak, "session", "info", "active").ok().values
    assert session["session type"] == login.session_type
    assert (session["user id"], session["privilege level"]) == ("2", "ADMINISTRATOR")
    assert (session["active sessions"], session["slot count"]) == ("1", "4")
    assert session["console ip"] == "127.0.0.1"
    assert login.run(weak, "exec", script).ok().out == expected


@pytest.mark.parametrize("name", LOGINS)
def test_each_login_writes(weak: Bmc, tmp_path: Path, name: str) -> None:
    login = LOGINS[name]
    script = tmp_path / "write"
    word = name.replace(" ", "-")
    script.write_text(
        f"chassis bootdev cdrom\nuser set name 5 {word}\nlan set 1 snmp of-{word}\nchannel setaccess 1 5"
        " privilege=2\nevent 3\n"
    )
    entries = len(weak.ipmitool("sel", "list").table())
    login.run(weak, "exec", str(script)).ok()
    assert "Force Boot from CD/DVD" in weak.ipmitool("chassis", "bootparam", "get", "5").ok().out
    user = weak.ipmitool("channel", "getaccess", "1", "5").ok().values
    assert (user["User Name"], user["Privilege Level"]) == (word, "USER")
    assert weak.ipmitool("lan", "print", "1").ok().values["SNMP Community String"] == f"of-{word}"
    log = weak.ipmitool("sel", "list").ok().table()
    assert len(log) == entries + 1
    assert log[-1][3:] == ["Memory #0x53", "Correctable ECC", "Asserted"]
    weak.ipmitool("chassis", "bootdev", "none").ok()


def test_ipmitool_chooses_the_best_suite_that_each_bmc_has(shared_lab: Lab) -> None:
    for bmc in shared_lab:
        done = bmc.ipmitool("-vv", "raw", "0x06", "0x01", suite=None).ok()
        for text in SUITES["suite 17"].said:
            assert text in done.out + done.err


def test_ipmitool_takes_md5_if_it_may_choose(shared_lab: Lab) -> None:
    done = shared_lab.weak.ipmitool("-vv", "raw", "0x06", "0x01", interface="lan").ok()
    assert "Auth Types      : MD2 MD5 PASSWORD" in done.out + done.err
    assert "Proceeding with AuthType MD5" in done.out + done.err


@pytest.mark.parametrize(("number", "refused"), [(0, (0, 1, 2, 8, 16)), (1, (0, 3, 8, 16))])
def test_a_suite_that_a_bmc_has_not_is_refused_with_its_status_code(
    shared_lab: Lab, number: int, refused: tuple[int, ...]
) -> None:
    for suite_id in refused:
        done = shared_lab[number].ipmitool("mc", "guid", suite=suite_id)
        assert done.code == 1
        assert done.err.splitlines()[0] == "Error in open session response message : no matching cipher suite"
        assert REFUSED in done.err
        assert done.out == ""


def test_v15_is_refused_where_it_is_off_and_none_where_it_was_not_switched_on(shared_lab: Lab) -> None:
    for number in (0, 1):
        done = shared_lab[number].ipmitool("mc", "guid", interface="lan")
        assert done.code == 1
        assert "Error: Unable to establish IPMI v1.5 / RMCP session" in done.err
    done = shared_lab.weak.ipmitool("mc", "guid", interface="lan", options=("-A", "NONE"))
    assert done.code == 1
    assert "Authentication type NONE not supported" in done.err


@pytest.mark.parametrize("kind", [kind for kind in LOGINS if kind not in ("suite 0", "none")])
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(weak: Bmc, kind: str) -> None:
    login = LOGINS[kind]
    options = (*login.options, "-R", "1", "-N", "1")
    refused = [
        weak.ipmitool(
            "mc",
            "guid",
            interface=login.interface,
            suite=None,
            options=options,
            username=name,
            password=secret,
        )
        for name, secret in ((weak.username, "no"), ("nobody", weak.password))
    ]
    assert [done.code for done in refused] == [1, 1]
    assert [done.out for done in refused] == ["", ""]
    if login.interface == "lanplus":
        assert refused[0].err == refused[1].err == f"{REFUSED}\n"
    else:
        assert all("Error: Unable to establish LAN session" in done.err for done in refused)


# Two keys


def test_every_suite_takes_the_two_key_login(keyed_lab: Lab) -> None:
    name = keyed_lab.weak.ipmitool("mc", "getsysinfo", "system_name").ok().out
    assert name == "veteran-3\n"
    for login in SUITES.values():
        assert login.run(keyed_lab.weak, "mc", "getsysinfo", "system_name").ok().out == name
    assert keyed_lab.weak.ipmitool("channel", "authcap", "1", "4").ok().values["KG status"] == "non-zero"


def test_v15_needs_no_kg(keyed_lab: Lab) -> None:
    done = keyed_lab.weak.ipmitool("mc", "getsysinfo", "system_name", interface="lan").ok()
    assert done.out == "veteran-3\n"


@pytest.mark.parametrize("key", [None, "00" * 20, "a0", "ff" + bytes(range(0xA1, 0xB4)).hex()])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_wrong_kg_is_refused(keyed_lab: Lab, number: int, key: str | None) -> None:
    right = keyed_lab[number]
    assert right.kg is not None
    wrong = Bmc(right.address, right.port, right.username, right.password, key, right.name, right.folder)
    done = wrong.ipmitool("-v", "mc", "guid", options=("-R", "1", "-N", "1"))
    # with -y ipmitool's exit code is that of reading the key (docs/interop.md)
    assert done.code == (1 if key is None else 0)
    assert "> RAKP 4 message has invalid integrity check value" in done.err
    assert REFUSED in done.err
    assert "System GUID" not in done.out


def test_a_kg_may_be_given_as_text_or_by_the_environment(tmp_path: Path) -> None:
    text = "twenty letters of KG"
    assert len(text) == 20
    with lab("--count", "1", "--kg", text.encode().hex()) as running:
        with_kg = running[0]
        plain = Bmc(
            with_kg.address, with_kg.port, with_kg.username, with_kg.password, None, with_kg.name, tmp_path
        )
        assert plain.ipmitool("mc", "getsysinfo", "system_name", options=("-k", text)).ok().out == "rack-1\n"
        assert with_kg.ipmitool("mc", "getsysinfo", "system_name", suite=3).ok().out == "rack-1\n"


def test_a_kg_is_set_and_taken_away_again_with_raw(own_lab: Lab) -> None:
    bmc = own_lab[0]
    key = bytes(range(1, 21))
    keyed = Bmc(bmc.address, bmc.port, bmc.username, bmc.password, key.hex(), bmc.name, bmc.folder)
    # Set Channel Security Keys: this channel, set, K_G
    command = ("raw", "0x06", "0x56", "0x0e", "0x01", "0x01")
    bmc.ipmitool(*command, *map(hex, key)).ok()
    assert keyed.ipmitool("channel", "authcap", "1", "4").ok().values["KG status"] == "non-zero"
    assert REFUSED in bmc.ipmitool("mc", "guid", options=("-R", "1")).err
    keyed.ipmitool(*command, *map(hex, bytes(20))).ok()
    assert bmc.ipmitool("channel", "authcap", "1", "4").ok().values["KG status"] == "default (all zeroes)"
