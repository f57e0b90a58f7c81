"""ipmitool on the controller itself: mc, watchdog, raw, exec, shell, what it has not, who may what."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest

from baseboard.bmc.configuration.building import stable_guid
from tests.interop.lab import Bmc, Lab
from tests.interop.patience import eventually

SERVERS = [("rack-1", "2.10", 257), ("blade-2", "0.94", 514), ("veteran-3", "1.12", 771)]
SUPPORT = [
    "Sensor Device",
    "SDR Repository Device",
    "SEL Device",
    "FRU Inventory Device",
    "IPMB Event Receiver",
    "Chassis Device",
]


@pytest.mark.parametrize(("number", "server"), list(enumerate(SERVERS)))
def test_mc_info_of_each_server(shared_lab: Lab, number: int, server: tuple[str, str, int]) -> None:
    name, firmware, product = server
    bmc = shared_lab[number]
    done = bmc.ipmitool("mc", "info").ok()
    values = done.values
    assert values["Device ID"] == "32"
    assert values["Device Revision"] == "1"
    assert values["Firmware Revision"] == firmware
    assert values["IPMI Version"] == "2.0"
    assert values["Manufacturer ID"] == "0"
    assert values["Product ID"] == f"{product} (0x{product:04x})"
    assert values["Device Available"] == "yes"
    assert values["Provides Device SDRs"] == "no"
    start = done.lines.index("Additional Device Support :") + 1
    assert done.lines[start:] == SUPPORT
    assert bmc.ipmitool("bmc", "info").ok().out == done.out
    assert bmc.ipmitool("mc", "getsysinfo", "system_name").ok().out == f"{name}\n"


@pytest.mark.parametrize(("number", "server"), list(enumerate(SERVERS)))
def test_mc_guid_in_every_form(shared_lab: Lab, number: int, server: tuple[str, str, int]) -> None:
    guid = UUID(bytes=stable_guid(f"lab {server[0]}"))
    bmc = shared_lab[number]
    assert bmc.ipmitool("mc", "guid").ok().values["GUID Encoding"] == "IPMI"
    for words in ((), ("auto",), ("ipmi",)):
        values = bmc.ipmitool("mc", "guid", *words).ok().values
        assert values["System GUID"] == str(guid)
        assert values["GUID Version"] == "Name-based using SHA-1"
    assert (
        bmc.ipmitool("mc", "guid", "dump").ok().out == f"System GUID   : {guid.bytes[::-1].hex().upper()}\n"
    )
    assert bmc.ipmitool("raw", "6", "0x37").ok().out.split() == [f"{byte:02x}" for byte in guid.bytes[::-1]]


def test_self_test_and_enables(shared_lab: Lab) -> None:
    bmc = shared_lab[0]
    assert bmc.ipmitool("mc", "selftest").ok().out == "Selftest: passed\n"
    enables = bmc.ipmitool("mc", "getenables").ok().values
    assert enables == {
        "Receive Message Queue Interrupt": "disabled",
        "Event Message Buffer Full Interrupt": "disabled",
        "Event Message Buffer": "disabled",
        "System Event Logging": "enabled",
        "OEM 0": "disabled",
        "OEM 1": "disabled",
        "OEM 2": "disabled",
    }
    # Appendix G keeps Set BMC Global Enables to the system interface
    done = bmc.ipmitool("raw", "6", "0x2e", "0")
    assert done.code == 1
    assert "rsp=0xd4): Insufficient privilege level" in done.err
    assert bmc.ipmitool("mc", "getenables").ok().values == enables


def test_system_information_long_and_short(own_lab: Lab) -> None:
    bmc = own_lab[0]
    assert bmc.ipmitool("mc", "getsysinfo", "os_name").ok().out == "Simulated Linux 6.1\n"
    texts = {
        "system_fw_version": "2.07",
        "primary_os_name": "an operating system whose name takes up all of its four blocks",
        "os_name": "sixteen letters!",
        "system_name": "rack-1.example.org",
    }
    for name, text in texts.items():
        bmc.ipmitool("mc", "setsysinfo", name, text).ok()
    for name, text in texts.items():
        assert bmc.ipmitool("mc", "getsysinfo", name).ok().out == f"{text}\n"
    done = bmc.ipmitool("mc", "getsysinfo", "delloem_url")
    assert "parameter not supported" in done.err
    assert done.out.strip() == ""


def test_the_watchdog_is_set_started_read_and_stopped(own_lab: Lab) -> None:
    bmc = own_lab[0]
    done = bmc.ipmitool("mc", "watchdog", "reset")
    assert done.code == 1
    assert "Attempt to reset uninitialized watchdog" in done.err
    settings = ("timeout=60", "pretimeout=10", "int=nmi", "use=sms", "action=cycle", "nolog")
    bmc.ipmitool("mc", "watchdog", "set", *settings).ok()
    bmc.ipmitool("mc", "watchdog", "reset").ok()
    values = bmc.ipmitool("mc", "watchdog", "get").ok().values
    left = float(values.pop("Present Countdown").removesuffix(" sec"))
    assert 0 < left <= 60
    assert values == {
        "Watchdog Timer Use": "SMS/OS (0xc4)",
        "Watchdog Timer Is": "Started/Running",
        "Watchdog Timer Logging": "Off",
        "Watchdog Timer Action": "Power Cycle (0x23)",
        "Pre-timeout interrupt": "NMI/Diagnostic",
        "Pre-timeout interval": "10 seconds",
        "Timer Expiration Flags": "None (0x00)",
        "Initial Countdown": "60.0 sec",
    }
    bmc.ipmitool("mc", "watchdog", "off").ok()
    values = bmc.ipmitool("mc", "watchdog", "get").ok().values
    assert values["Watchdog Timer Is"] == "Stopped"
    assert values["Watchdog Timer Action"] == "No action (0x00)"
    # a use of 0 is reserved
    done = bmc.ipmitool("mc", "watchdog", "set", "timeout=60")
    assert done.err == "Set Watchdog Timer command failed: Invalid data field in request\n"


def test_a_watchdog_that_runs_out_cycles_the_power_and_says_so(own_lab: Lab) -> None:
    bmc = own_lab[1]
    bmc.ipmitool("mc", "watchdog", "set", "timeout=1", "use=osload", "action=cycle").ok()
    bmc.ipmitool("mc", "watchdog", "reset").ok()

    def log() -> str:
        return bmc.ipmitool("sel", "elist").ok().out

    eventually(log, lambda text: "Watchdog2 Watchdog | Power cycle | Asserted" in text)
    values = bmc.ipmitool("mc", "watchdog", "get").ok()
    assert values.values["Watchdog Timer Is"] == "Stopped"
    assert values.values["Timer Expiration Flags"] == "(0x08)"
    assert "* OS Load" in values.lines
    cause = "System restart cause: watchdog expired\n"
    eventually(lambda: bmc.ipmitool("chassis", "restart_cause").ok().out, lambda text: text == cause)
    assert bmc.ipmitool("power", "status").ok().out == "Chassis Power is on\n"


def test_resets_end_sessions_and_a_cold_one_the_watchdog_too_but_nothing_that_is_kept(own_lab: Lab) -> None:
    bmc = own_lab[0]
    bmc.ipmitool("user", "set", "name", "3", "stays").ok()
    bmc.ipmitool("mc", "watchdog", "set", "timeout=600", "use=sms", "action=none").ok()
    bmc.ipmitool("mc", "watchdog", "reset").ok()
    for kind in ("warm", "cold"):
        assert bmc.ipmitool("mc", "reset", kind).ok().out == f"Sent {kind} reset command to MC\n"
        # The reset comes a moment after the answer and ends every session: it may cut one of these off.
        for words, name, value in (
            (("session", "info", "active"), "active sessions", "1"),
            (("channel", "getaccess", "1", "3"), "User Name", "stays"),
            (("mc", "info"), "Device Available", "yes"),
        ):
            told(bmc, words, name, value)
    told(bmc, ("mc", "watchdog", "get"), "Watchdog Timer Is", "Stopped")


def told(bmc: Bmc, words: tuple[str, ...], name: str, value: str) -> None:
    """Ask with little patience, again and again, until the answer has this value."""
    eventually(
        lambda: bmc.ipmitool(*words, options=("-N", "1", "-R", "1")).values,
        lambda values: values.get(name) == value,
    )


def test_raw_bytes_go_out_and_come_back(shared_lab: Lab) -> None:
    bmc = shared_lab[0]
    # Get Device ID: device, revision, firmware, version, support, manufacturer, product
    assert bmc.ipmitool("raw", "0x06", "0x01").ok().out == " 20 01 02 10 02 9f 00 00 00 01 01\n"
    assert bmc.ipmitool("raw", "6", "1").ok().out == " 20 01 02 10 02 9f 00 00 00 01 01\n"
    # a long answer is shown 16 bytes a line
    lines = bmc.ipmitool("raw", "0x0a", "0x11", "0", "0", "0", "40").ok().out.splitlines()
    assert [len(line.split()) for line in lines] == [16, 16, 9]
    assert lines[0].split()[0] == "28"


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("0x06", "0x7f"), "c1", "Invalid command"),
        (("0x2c", "0x00", "0x00"), "c1", "Invalid command"),
        (("0x06", "0x01", "0x00"), "c7", "Request data length invalid"),
        (("0x06", "0x42", "0x07"), "cc", "Invalid data field in request"),
        (("0x0a", "0x10", "0x63"), "cb", "Requested sensor, data, or record not found"),
        (("0x04", "0x2d", "0xfe"), "cb", "Requested sensor, data, or record not found"),
        (("0x0a", "0x46", "0x00", "0x00", "0x01", "0x00"), "c5", "Reservation cancelled or invalid"),
    ],
)
def test_raw_shows_the_completion_code(shared_lab: Lab, words: tuple[str, ...], code: str, text: str) -> None:
    done = shared_lab[0].ipmitool("raw", *words)
    assert done.code == 1
    netfn, cmd = (f"{int(word, 16):#x}" for word in words[:2])
    assert done.err == (
        f"Unable to send RAW command (channel=0x0 netfn={netfn} lun=0x0 cmd={cmd} rsp=0x{code}): {text}\n"
    )


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_five_hundred_commands_in_one_session(shared_lab: Lab, tmp_path: Path, interface: str) -> None:
    script = tmp_path / "script"
    one = ["power status", 'sensor reading "CPU Temp"', "raw 0x06 0x01", "# a remark", "mc guid"]
    script.write_text("session info active\n" + "\n".join(one * 125) + "\nsession info active\n")
    done = shared_lab.weak.ipmitool("exec", str(script), interface=interface).ok()
    assert done.err == ""
    assert done.lines.count("Chassis Power is on") == 125
    assert len(re.findall(r"^CPU Temp         \| \d+(\.\d+)?$", done.out, re.MULTILINE)) == 125
    assert done.out.count("System GUID   : ") == 125
    assert done.lines.count("20 01 01 12 02 9f 00 00 00 03 03") == 125
    handles = [line for line in done.lines if line.startswith("session handle")]
    assert len(handles) == 2
    assert handles[0] == handles[1]


def test_the_shell_takes_commands_until_it_is_told_to_exit(shared_lab: Lab) -> None:
    typed = 'power status\nset csv 1\nsensor reading "12V"\nnosuch\nset csv 0\nsensor reading "12V"\nexit\n'
    done = shared_lab[0].ipmitool("shell", stdin=typed).ok()
    assert done.lines[0] == "ipmitool> power status"
    assert done.lines[1] == "Chassis Power is on"
    assert re.search(r"^12V,1[12]\.?\d*$", done.out, re.MULTILINE)
    assert re.search(r"^12V              \| 1[12]\.?\d*$", done.out, re.MULTILINE)
    assert "Invalid command: nosuch" in done.err


# What the BMC has not


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("picmg", "properties"), "Error getting address information"),
        (("nm", "discover"), "NM request failed because"),
        (("i2c", "0xa0", "1"), "I2C Master Write-Read command failed: NAK on Write"),
        (("isol", "info"), "IPMI v1.5 Serial Over Lan (ISOL) not supported!"),
        (("delloem", "lcd", "status"), "lcd is not supported on this system"),
        (("vita", "properties"), "Invalid completion code received: Invalid command"),
    ],
)
def test_what_the_bmc_has_not_fails_at_once_with_words(
    shared_lab: Lab, words: tuple[str, ...], text: str
) -> None:
    done = shared_lab[0].ipmitool(*words)
    assert text in done.out + done.err
    assert done.code == 1


@pytest.mark.parametrize("words", [("discover",), ("power", "reading"), ("asset_tag",)])
def test_an_old_controller_has_no_dcmi(shared_lab: Lab, words: tuple[str, ...]) -> None:
    done = shared_lab.weak.ipmitool("dcmi", *words)
    assert "DCMI request failed because: Invalid command (c1)" in done.out + done.err
    assert done.code == 1


@pytest.mark.parametrize(
    "target",
    [("-t", "0x82"), ("-b", "0", "-t", "0x24"), ("-b", "0", "-t", "0x72", "-B", "0", "-T", "0x82")],
)
@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_a_controller_that_is_not_there_is_missed_cleanly(
    shared_lab: Lab, target: tuple[str, ...], interface: str
) -> None:
    bmc = shared_lab.weak
    done = bmc.ipmitool("mc", "info", interface=interface, options=target)
    assert done.code == 1
    # 83h of Send Message: nobody on the bus acknowledges (§22.7)
    unacknowledged = ": Unknown (0x83)" if interface == "lanplus" else ""
    assert done.err == f"Get Device ID command failed{unacknowledged}\n"
    assert (
        bmc.ipmitool("mc", "info", interface=interface, options=("-t", "0x20")).ok().values["Device ID"]
        == "32"
    )


# Who may what


def add_user(bmc: Bmc, user_id: int, name: str, level: int) -> None:
    number = str(user_id)
    bmc.ipmitool("user", "set", "name", number, name).ok()
    bmc.ipmitool("user", "set", "password", number, f"{name} says").ok()
    bmc.ipmitool("channel", "setaccess", "1", number, "ipmi=on", f"privilege={level}").ok()
    bmc.ipmitool("user", "enable", number).ok()


USER = [
    (("power", "status"), "Chassis Power is on"),
    (("mc", "guid"), "System GUID"),
    (("sdr", "list"), "degrees C"),
    (("sel", "info"), "Version          : 1.5 (v1.5, v2 compliant)"),
    (("fru", "print", "0"), "Board Mfg             : B"),
    (("session", "info", "active"), "USER"),
    (("sol", "info"), "Payload Channel                 : 1"),
    (("mc", "watchdog", "get"), "Stopped"),
    (("chassis", "poh"), "POH Counter"),
]
OPERATOR = [
    (("power", "diag"), "Chassis Power Control: Diag"),
    (("chassis", "identify", "1"), "Chassis identify interval: 1 seconds"),
    (("chassis", "bootdev", "pxe"), "Set Boot Device to pxe"),
    (("chassis", "bootparam", "get", "5"), "Boot Device Selector : Force PXE"),
    (("user", "list", "1"), "OPERATOR"),
    (("lan", "print", "1"), "IP Address Source       : Static Address"),
    (("event", "3"), "Sending SAMPLE event: Memory - Correctable ECC"),
    (("sel", "clear"), "Clearing SEL"),
]
ADMINISTRATOR = [
    (("user", "set", "name", "5", "x"), "Insufficient privilege"),
    (("user", "set", "password", "5", "x"), "Insufficient privilege"),
    (("channel", "setaccess", "1", "5", "privilege=4"), "Insufficient privilege"),
    (("mc", "reset", "warm"), "Insufficient privilege"),
    (("raw", "0x0c", "0x01", "1", "3", "192", "0", "2", "1"), "Insufficient privilege"),
]


@pytest.mark.parametrize(("number", "interface"), [(0, "lanplus"), (2, "lanplus"), (2, "lan")])
def test_each_level_may_what_the_table_of_privileges_says(own_lab: Lab, number: int, interface: str) -> None:
    bmc = own_lab[number]
    add_user(bmc, 3, "user", 2)
    add_user(bmc, 4, "operator", 3)

    def ask(level: str, *words: str) -> str:
        done = bmc.ipmitool(
            *words,
            interface=interface,
            privilege=level.upper(),
            username=level,
            password=f"{level} says",
            options=("-v",) if words[0] == "lan" else (),
        )
        return f"{done.code}: {done.out}{done.err}"

    for words, text in USER:
        assert ask("user", *words).startswith("0: ")
        assert text in ask("user", *words)
    for words, text in OPERATOR:
        refused = ask("user", *words)
        assert "nsufficient privilege" in refused, refused
        answer = ask("operator", *words)
        assert text in answer, answer
    for words, text in ADMINISTRATOR:
        refused = ask("operator", *words)
        assert text in refused, refused
    assert ask("operator", "power", "cycle") == "0: Chassis Power Control: Cycle\n"
    assert bmc.ipmitool("channel", "getaccess", "1", "5").ok().values["Privilege Level"] == "NO ACCESS"


def test_nobody_gets_more_than_the_account_has(own_lab: Lab) -> None:
    bmc = own_lab[0]
    add_user(bmc, 3, "operator", 3)

    def log_in(level: str) -> int:
        options = ("-R", "1", "-N", "1")
        return bmc.ipmitool(
            "power", "status", privilege=level, username="operator", password="operator says", options=options
        ).code

    # with a + ipmitool asks for the name together with the level (§13.18)
    asked = ["CALLBACK", "USER", "OPERATOR", "OPERATOR+", "ADMINISTRATOR", "USER+", "ADMINISTRATOR+"]
    assert [log_in(level) for level in asked] == [1, 0, 0, 0, 1, 1, 1]
    # a session at a lower level than the account's has that level
    done = bmc.ipmitool("power", "off", privilege="USER")
    assert done.code == 1
    assert done.err == "Set Chassis Power Control to Down/Off failed: Insufficient privilege level\n"
    assert bmc.ipmitool("power", "status", privilege="USER").ok().out == "Chassis Power is on\n"
