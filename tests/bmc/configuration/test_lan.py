"""LAN channels described."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.server import Place
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - shown, not bound
LAN = f"{ONE}[bmc.lan]\n"


def lan(folder: Path, text: str) -> LanSpec:
    return blueprint(folder, LAN + text).lan


def test_nothing_said_is_safe(tmp_path: Path) -> None:
    """Neither IPMI v1.5 nor a suite that does not encrypt, on loopback."""
    (one,) = loaded(tmp_path, ONE).bmcs
    assert one.place == Place("127.0.0.1", 623)
    made = one.blueprint.lan
    assert (made.suites, made.auth_types, made.kg) == (((3, 4), (17, 4)), 0, b"")
    assert (made.ip, made.mask, made.port, made.channel) == ("127.0.0.1", "255.0.0.0", 623, 1)


@pytest.mark.parametrize("makeup", ["rack", "blade", "veteran"])
def test_a_makeup_brings_no_weak_logins(makeup: str, tmp_path: Path) -> None:
    made = blueprint(tmp_path, f"{ONE}makeup = '{makeup}'\n").lan
    assert (made.suites, made.auth_types) == (((3, 4), (17, 4)), 0)


def test_every_key(tmp_path: Path) -> None:
    made = lan(
        tmp_path,
        """address = "127.0.0.2"
port = 7000
channel = 8
suites = [17, { suite = 3, privilege = "operator" }, { suite = 0 }]
v15 = ["md5", "none", "md2", "password", "md5"]
kg = "00ff"
sessions = 3
bad_password_threshold = 5
lockout_s = 300
ip = "192.0.2.1"
netmask = "255.255.255.240"
gateway = "192.0.2.14"
mac = "02-00-00-0a-0B-fF"
""",
    )
    assert made == LanSpec(
        channel=8, suites=((0, 4), (3, 3), (17, 4)), auth_types=0b10111, ip="192.0.2.1",
        mask="255.255.255.240",
        gateway="192.0.2.14", mac=bytes.fromhex("0200000a0bff"), kg=b"\x00\xff", port=7000, session_slots=3,
        bad_password_threshold=5, lockout_s=300,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "ip", "mask"),
    [("192.0.2.7", "192.0.2.7", "255.255.255.0"), ("::1", NO_ADDRESS, "255.255.255.0")],
)
def test_the_address_is_shown_if_it_can_be(address: str, ip: str, mask: str, tmp_path: Path) -> None:
    made = lan(tmp_path, f"address = '{address}'\n")
    assert (made.ip, made.mask) == (ip, mask)


def test_each_of_many_has_its_own(tmp_path: Path) -> None:
    text = f"{ONE}count = 3\n[bmc.lan]\nport = 7000\nmac = '02:00:00:00:00:FF'\n"
    many = loaded(tmp_path, text).bmcs
    assert [one.place for one in many] == [Place("127.0.0.1", port) for port in (7000, 7001, 7002)]
    assert [one.blueprint.lan.port for one in many] == [7000, 7001, 7002]
    assert [one.blueprint.lan.mac.hex() for one in many] == ["0200000000ff", "020000000100", "020000000101"]


def test_or_an_address_each(tmp_path: Path) -> None:
    many = loaded(tmp_path, f"{ONE}count = 3\n[bmc.lan]\naddress = '127.1.0.1'\nspread = 'addresses'\n").bmcs
    assert [one.place for one in many] == [Place(f"127.1.0.{n}", 623, shared=True) for n in (1, 2, 3)]
    assert [one.blueprint.lan.ip for one in many] == ["127.1.0.1", "127.1.0.2", "127.1.0.3"]
    assert len({one.blueprint.lan.mac for one in many}) == 3


def test_a_key_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("00112233445566778899AABBCCDDEEFF00112233\n")
    assert lan(tmp_path, "kg_file = 'key'\n").kg == bytes.fromhex("00112233445566778899aabbccddeeff00112233")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hunter2", "not of hexadecimal digits, two a byte"),
        ("00" * 21, "found 21 bytes; allowed are at most 20"),
    ],
)
def test_a_key_from_elsewhere_is_checked_too(
    text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMC_KG", text)
    assert_mistake(tmp_path, f"{LAN}kg_env = 'BMC_KG' {HERE}\n", "bmc[0].lan.kg_env", words)


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (f"address = 'localhost' {HERE}\n", "address", "'localhost' is no IP address"),
        (f"suites = [3,\n17,\n3] {HERE}\n", "suites[2]", "suite 3 is there twice"),
        (f"ip = '::1' {HERE}\n", "ip", 'found "::1"; allowed is an IPv4 address'),
        (f"netmask = '255.255.255' {HERE}\n", "netmask", "allowed is an IPv4 address"),
        (f"gateway = 'gw' {HERE}\n", "gateway", "allowed is an IPv4 address"),
        (
            f"spread = 'addresses' {HERE}\naddress = '::1'\n",
            "spread",
            "only addresses of the loopback network",
        ),
        (
            f"address = '0.0.0.0'\nv15 = ['md5'] {HERE}\n",
            "v15",
            "IPMI v1.5, which encrypts nothing, is for loopback",
        ),
        (
            f"address = '192.0.2.1'\nsuites = [3, {{ suite = 2 }}] {HERE}\n",
            "suites[1]",
            "cipher suite 2, which encrypts nothing, is for loopback addresses only, and lan.address is",
        ),
    ],
)
def test_a_mistake(text: str, key: str, words: str, tmp_path: Path) -> None:
    assert_mistake(tmp_path, LAN + text, f"bmc[0].lan.{key}", words)


@pytest.mark.parametrize("suite", [0, 1, 2, 6, 7, 11, 15, 16])
def test_suites_that_do_not_encrypt_stay_on_loopback(suite: int, tmp_path: Path) -> None:
    assert lan(tmp_path, f"address = '::1'\nsuites = [{suite}]\n").suites == ((suite, 4),)
    text = f"{LAN}address = '192.0.2.1'\nsuites = [{suite}] {HERE}\n"
    assert_mistake(tmp_path, text, "bmc[0].lan.suites[0]", "is for loopback addresses only")


def test_ports_end(tmp_path: Path) -> None:
    text = f"{ONE}count = 2\n[bmc.lan]\nport = 65535 {HERE}\n"
    assert_mistake(tmp_path, text, "bmc[0].lan.port", "2 ports from 65535 on go beyond 65535")
