"""What calls ipmitool in the field, with Baseboard under that name: their invocations, and what they read.

``fence_ipmilan`` is run itself; of the others the invocations are made as they make them, and what they look
for in the output is looked for.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import peers
from tests.interop.lab import Bmc, Done, Lab, lab
from tests.interop.patience import eventually


@pytest.fixture(scope="module")
def bmc(callers_lab: Lab) -> Bmc:
    return callers_lab[0]


@pytest.fixture(scope="module")
def callers_lab() -> Iterator[Lab]:
    with lab("--password", "Correct-Horse-9") as running:
        yield running


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program under ipmitool's name, as `update-alternatives` or a link would put it on the path."""
    link = tmp_path_factory.mktemp("bin") / "ipmitool"
    link.symlink_to(Path(sys.executable).parent / "baseboard")
    return link


class Caller:
    """A program that calls ipmitool on one BMC."""

    def __init__(self, program: Path, bmc: Bmc) -> None:
        self.program, self.bmc = program, bmc

    def __call__(self, *words: str, stdin: str = "", code: int = 0) -> Done:
        """Run it with ``-I lanplus -H -p -U -E`` before the words."""
        before = ["-I", "lanplus", "-H", self.bmc.address, "-p", str(self.bmc.port), "-U", self.bmc.username]
        return self.plain(*before, "-E", *words, stdin=stdin, code=code)

    def plain(self, *words: str, stdin: str = "", code: int = 0) -> Done:
        """Run it with these words alone."""
        home = {"HOME": str(self.bmc.folder), "XDG_CACHE_HOME": str(self.bmc.folder / "cache")}
        done = subprocess.run(
            [self.program, *words],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC", "IPMITOOL_PASSWORD": self.bmc.password, **home},
        )
        ended = Done([str(self.program), *words], done.returncode, done.stdout, done.stderr)
        assert done.returncode == code, str(ended)
        return ended


@pytest.fixture
def call(program: Path, bmc: Bmc) -> Caller:
    return Caller(program, bmc)


# ---- fence-agents: the program itself


def fence(program: Path, bmc: Bmc, action: str, *options: str) -> Done:
    command = [peers.require("fence-agents"), f"--ip={bmc.address}", f"--ipport={bmc.port}", "--lanplus"]
    command += [f"--username={bmc.username}", f"--password={bmc.password}", "--cipher=17"]
    command += [f"--ipmitool-path={program}", f"--action={action}", "--power-wait=1", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    return Done(command, done.returncode, done.stdout, done.stderr)


def test_fence_ipmilan_reads_the_power_and_changes_it(program: Path, bmc: Bmc) -> None:
    assert "Status: ON" in fence(program, bmc, "status").ok().out
    assert "Success" in fence(program, bmc, "off").ok().out
    # Exit code 2 is how a fence agent says that the node is off.
    off = fence(program, bmc, "status")
    assert (off.code, "Status: OFF" in off.out) == (2, True), str(off)
    assert "Success" in fence(program, bmc, "on").ok().out
    assert "Success" in fence(program, bmc, "reboot", "--method=cycle").ok().out
    assert "Status: ON" in fence(program, bmc, "status").ok().out


def test_fence_ipmilan_tells_a_wrong_password(program: Path, bmc: Bmc) -> None:
    done = fence(program, bmc, "status", "--password=wrong", "--login-timeout=5")
    assert done.code == 1
    assert "Unable to obtain correct plug status" in done.err or "Login" in done.err, str(done)


# ---- OpenStack Ironic


def test_ironic_probes_the_options(call: Caller) -> None:
    for options in (
        ("-N", "0", "-R", "0", "-h"),
        ("-m", "0", "-b", "0", "-t", "0", "-h"),
        ("-m", "0", "-b", "0", "-t", "0", "-B", "0", "-T", "0", "-h"),
    ):
        call.plain(*options)


def ironic(call: Caller, tmp_path: Path, *words: str, code: int = 0) -> Done:
    secret = tmp_path / "secret"
    secret.write_text(call.bmc.password)
    secret.chmod(0o600)
    bmc = call.bmc
    before = [
        "-I",
        "lanplus",
        "-H",
        bmc.address,
        "-L",
        "ADMINISTRATOR",
        "-p",
        str(bmc.port),
        "-U",
        bmc.username,
    ]
    return call.plain(*before, "-R", "5", "-N", "1", "-f", str(secret), *words, code=code)


def test_ironic_reads_and_sets_the_power(call: Caller, tmp_path: Path) -> None:
    assert ironic(call, tmp_path, "power", "status").out == "Chassis Power is on\n"
    assert ironic(call, tmp_path, "power", "off").out == "Chassis Power Control: Down/Off\n"
    assert ironic(call, tmp_path, "power", "status").out == "Chassis Power is off\n"
    assert ironic(call, tmp_path, "power", "on").out == "Chassis Power Control: Up/On\n"
    assert ironic(call, tmp_path, "power", "status").out == "Chassis Power is on\n"


@pytest.mark.parametrize(
    ("device", "found"),
    [
        ("pxe", "PXE"),
        ("disk", "Hard-Drive"),
        ("cdrom", "CD/DVD"),
        ("bios", "BIOS"),
        ("safe", "Safe-Mode"),
    ],
)
def test_ironic_sets_the_boot_device_and_reads_it_back(
    call: Caller, tmp_path: Path, device: str, found: str
) -> None:
    ironic(call, tmp_path, "raw", "0x00", "0x08", "0x03", "0x08")
    ironic(call, tmp_path, "chassis", "bootdev", device, "options=persistent")
    out = ironic(call, tmp_path, "chassis", "bootparam", "get", "5").out
    selector = re.search(r"Boot Device Selector : (.+)", out)
    assert selector is not None
    assert found in selector[1]
    assert "Options apply to all future boots" in out


def test_ironic_boots_by_uefi_for_good(call: Caller, tmp_path: Path) -> None:
    ironic(call, tmp_path, "raw", "0x00", "0x08", "0x05", "0xe0", "0x04", "0x00", "0x00", "0x00")
    out = ironic(call, tmp_path, "chassis", "bootparam", "get", "5").out
    assert "BIOS EFI boot" in out
    assert "PXE" in out


def test_ironic_reads_the_vendor_and_the_sensors(call: Caller, tmp_path: Path) -> None:
    assert re.search(r"^Manufacturer Name *: (.+)$", ironic(call, tmp_path, "mc", "info").out, re.MULTILINE)
    blocks = [block for block in ironic(call, tmp_path, "sdr", "-v").out.split("\n\n") if block.strip()]
    read = 0
    for block in blocks:
        pairs = [line.split(":", 1) for line in block.splitlines() if line.count(":") == 1]
        fields = {key.strip(): value.strip() for key, value in pairs}
        assert "Sensor ID" in fields, block
        read += any(key.startswith("Sensor Type (") for key in fields) and "Sensor Reading" in fields
    assert read > 5


def test_ironic_stops_a_console_that_is_not_there(call: Caller, tmp_path: Path) -> None:
    done = ironic(call, tmp_path, "sol", "deactivate", code=1)
    assert "already de-activated" in done.err


def test_ironic_tells_suites_that_do_not_work(call: Caller, tmp_path: Path) -> None:
    done = ironic(call, tmp_path, "-C", "99", "power", "status", code=1)
    assert "Unsupported cipher suite ID" in done.err
    done = ironic(call, tmp_path, "-C", "2", "power", "status", code=1)
    assert "no matching cipher suite" in done.err or "invalid" in done.err


# ---- MAAS, bmclib, Rufio


def test_maas_asks_a_moonshot_chassis(call: Caller) -> None:
    def moonshot(*words: str) -> str:
        return call.plain(
            "-I", "lanplus", "-H", call.bmc.address, "-p", str(call.bmc.port), "-U", call.bmc.username,
            "-P", call.bmc.password, "-L", "OPERATOR", *words,
        ).out  # fmt: skip

    assert moonshot("power", "status").rstrip().endswith("on")
    identity = moonshot("raw", "06", "01").split()
    assert len(identity) in (11, 15)
    listed = moonshot("sdr", "list", "mcloc", "-v")
    assert re.search(r"Device Slave Address\s+: ([0-9A-Fa-f]+)h", listed)
    assert re.search(r"Channel Number\s+: ([0-9A-Fa-f]+)h", listed)


def test_maas_drives_the_power_by_ipmipower(tmp_path_factory: pytest.TempPathFactory, bmc: Bmc) -> None:
    link = tmp_path_factory.mktemp("bin") / "ipmipower"
    link.symlink_to(Path(sys.executable).parent / "baseboard")

    def maas(*action: str, password: str = bmc.password) -> Done:
        command = [
            str(link),
            "-W",
            "opensesspriv",
            "--driver-type",
            "LAN_2_0",
            "-h",
            f"{bmc.address}:{bmc.port}",
        ]
        command += ["-u", bmc.username, "-p", password, "-I", "17", "-l", "OPERATOR", *action]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        return Done(command, done.returncode, done.stdout, done.stderr)

    def state() -> str:
        found = re.search(r":\s*(on|off)", maas("--stat").ok().out)
        assert found is not None
        return found[1]

    assert "ok" in maas("--cycle", "--on-if-off").ok().out
    eventually(state, lambda seen: seen == "on")
    assert "ok" in maas("--off").ok().out
    eventually(state, lambda seen: seen == "off")
    assert "ok" in maas("--cycle", "--on-if-off").ok().out
    eventually(state, lambda seen: seen == "on")
    refused = maas("--stat", password="wrong-password")
    assert (refused.code, refused.out) == (1, f"{bmc.address}: password invalid\n")


def bmclib(call: Caller, *words: str) -> Done:
    return call("-N", "5", "-C", "17", *words)


def test_bmclib_changes_the_power(call: Caller) -> None:
    assert bmclib(call, "chassis", "power", "cycle").out.startswith("Chassis Power Control: Cycle")
    status = ("chassis", "power", "status")
    eventually(lambda: bmclib(call, *status).out, lambda out: out.startswith("Chassis Power is on"))
    assert bmclib(call, "chassis", "power", "reset").out.startswith("Chassis Power Control: Reset")
    assert bmclib(call, "chassis", "bootdev", "pxe").out.startswith("Set Boot Device to")


def test_bmclib_reads_users_and_events(call: Caller) -> None:
    rows = bmclib(call, "user", "list").out.splitlines()
    assert rows[0].split()[:2] == ["ID", "Name"]
    assert any(row.split()[:2] == ["2", call.bmc.username] for row in rows[1:])
    entries = bmclib(call, "sel", "list").out.splitlines()
    assert entries
    assert all(len(entry.split("|")) >= 6 for entry in entries if "OEM" not in entry)


def test_bmclib_resets_the_controller(program: Path) -> None:
    with lab() as own:
        out = Caller(program, own[0])("-C", "17", "mc", "reset", "cold").out
        assert out.startswith("Sent cold reset command to MC")


# ---- telegraf, LibreNMS, Warewulf, xCAT, rubyipmi


def test_telegraf_reads_sdr_and_elist(call: Caller, tmp_path: Path) -> None:
    dump = tmp_path / "sdr.cache"
    call("sdr", "dump", str(dump))
    three = re.compile(r"(?P<name>[^|]*)\|\s*(?P<value>[^|]*)\|\s*(?P<status>\S+)\s*")
    out = call("-S", str(dump), "sdr").out
    assert all(three.fullmatch(line) for line in out.splitlines())
    values = [row["value"].split() for row in map(three.fullmatch, out.splitlines()) if row]
    assert sum(re.fullmatch(r"-?[0-9.]+", value[0]) is not None for value in values if value) > 5
    five = re.compile(
        r"(?P<name>[^|]*)\|\s*(?P<id>[0-9A-F]{2}h)\s*\|\s*(?P<status>\w+)\s*\|\s*(?P<entity>\d+\.\d+)\s*\|(?P<text>.*)"
    )
    rows = call("sdr", "elist").out.splitlines()
    assert rows
    assert all(five.fullmatch(row) for row in rows)


def test_librenms_reads_four_fields(call: Caller) -> None:
    rows = call("-c", "-L", "USER", "sdr").out.splitlines()
    assert rows
    assert {len(row.split(",")) for row in rows} <= {4, 5}
    assert sum(len(row.split(",")) == 4 for row in rows) > 5


def test_warewulf_sets_the_lan_and_the_users_up(program: Path) -> None:
    with lab() as own:
        call = Caller(program, own[0])
        for words in (
            "lan set 1 vlan id off",
            "lan set 1 ipsrc static",
            "lan set 1 ipaddr 192.0.2.77",
            "lan set 1 netmask 255.255.255.0",
            "lan set 1 defgw ipaddr 192.0.2.1",
            "lan set 1 access on",
            "user set name 4 wwuser",
            "user set password 4 Secret-12345",
            "user priv 4 4 1",
            "user enable 4",
            "channel setaccess 1 4 link=on ipmi=on callin=on privilege=4",
            "user test 4 16 Secret-12345",
            "sol payload enable 1 4",
        ):
            call(*words.split())
        fields = dict(row.split(",")[:2] for row in call("-c", "user", "list", "1").out.splitlines())
        assert fields["4"] == "wwuser"
        printed = call("lan", "print", "1").values
        assert printed["IP Address"] == "192.0.2.77"
        # Warewulf finds out by this exit code how the password is stored.
        call("user", "test", "4", "20", "Secret-12345", code=1)
        call("user", "test", "4", "16", "wrong", code=1)


def test_xcat_reads_lines_by_their_beginning(call: Caller) -> None:
    assert "version" in call.plain("-V").out
    out = call("mc", "info").out
    for key in ("IPMI Version", "Manufacturer ID", "Product ID"):
        line = next(line for line in out.splitlines() if line.startswith(key))
        assert line.split()[3]
    assert "802.3 LAN" in call("channel", "info", "1").out
    printed = call("lan", "print", "1").out
    for key in ("IP Address Source", "IP Address  ", "Subnet Mask", "Default Gateway IP"):
        assert re.search(f"^{key}", printed, re.MULTILINE), key
    assert "802.1q VLAN ID" in printed
    assert re.search("MAC Address *: (?:[0-9a-f]{2}:){5}[0-9a-f]{2}", printed)
    assert "Payload Channel" in call("sol", "info", "1").out


def test_rubyipmi_reads_the_inventory(call: Caller) -> None:
    assert call("fru").out.startswith("FRU Device Description : Builtin FRU Device (ID 0)\n")
    rows = call("sensor").out.splitlines()
    assert rows
    assert {row.count("|") for row in rows} == {9}
    assert call("bmc", "guid").out.startswith("System GUID")


def test_fan_scripts_see_the_completion_code(call: Caller) -> None:
    done = call("raw", "0x30", "0x45", "0x00", code=1)
    assert re.search(r"rsp=0xc1\b", done.err)
