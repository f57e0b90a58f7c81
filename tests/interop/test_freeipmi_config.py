"""FreeIPMI's ipmi-config and its kin check out what is configured and commit it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.interop.lab import LANS, Bmc, Done, Lab, described_lab, lab

KG = bytes(range(0xB1, 0xC5)).hex()
NUMBERS = [0, 1, 2]
# What these BMCs have not: a serial channel, K_R, and, on the two without v1.5, nothing to enable there.
MISSING = re.compile(
    r"User\d+:Serial_|Serial_(Channel|Conf):|Lan_Conf_Security_Keys:K_R$|Rmcpplus_Conf_Privilege:"
)
CHANGES = {
    "User3:Username": "guest",
    "User3:Enable_User": "Yes",
    "User3:Lan_Enable_IPMI_Msgs": "Yes",
    "User3:Lan_Privilege_Limit": "Operator",
    "User3:SOL_Payload_Access": "No",
    "Lan_Channel:Non_Volatile_Enable_Pef_Alerting": "No",
    "Lan_Conf:IP_Address": "192.0.2.77",
    "Lan_Conf:Subnet_Mask": "255.255.255.0",
    "Lan_Conf:Default_Gateway_IP_Address": "192.0.2.1",
    "Lan_Conf:Default_Gateway_MAC_Address": "02:00:00:00:00:01",
    "Lan_Conf_User_Security:Bad_Password_Threshold": "5",
    "Lan_Conf_User_Security:Attempt_Count_Reset_Interval": "30",
    "Lan_Conf_User_Security:User_Lockout_Interval": "60",
    "Lan_Conf_Misc:Gratuitous_ARP_Interval": "9",
    "Rmcpplus_Conf_Privilege:Maximum_Privilege_Cipher_Suite_Id_3": "Operator",
    "SOL_Conf:SOL_Privilege_Level": "Operator",
    "SOL_Conf:Character_Accumulate_Interval": "12",
    "SOL_Conf:Character_Send_Threshold": "64",
    "SOL_Conf:SOL_Retry_Count": "3",
    "SOL_Conf:SOL_Retry_Interval": "20",
    "SOL_Conf:Non_Volatile_Bit_Rate": "57600",
    "SOL_Conf:Volatile_Bit_Rate": "38400",
}
CHASSIS = {
    "Chassis_Power_Conf:Power_Restore_Policy": "Off_State_AC_Apply",
    "Chassis_Front_Panel_Buttons:Enable_Reset_Button": "No",
    "Chassis_Boot_Flags:Boot_Device": "PXE",
    "Chassis_Boot_Flags:Boot_Flags_Persistent": "Yes",
    "Chassis_Boot_Flags:BIOS_Boot_Type": "EFI",
    "Chassis_Boot_Flags:Console_Redirection": "ENABLE",
    "Chassis_Boot_Flags:Screen_Blank": "Yes",
}
SENSORS = {
    "1_Inlet_Temp:Upper_Critical_Threshold": "44.500000",
    "1_Inlet_Temp:Positive_Going_Threshold_Hysteresis": "3.000000",
    "1_Inlet_Temp:Enable_Deassertion_Event_Upper_Critical_Going_High": "No",
    "9_Fan_1:Lower_Non_Critical_Threshold": "1800.000000",
    "17_12V:Lower_Critical_Threshold": "10.200000",
    "27_PSU1_Status:Enable_Deassertion_Event_Presence_Detected": "No",
}


# The categories of ipmi-config, and the older programs that have one each.
PROGRAMS = [
    ("ipmi-config", "core"),
    ("ipmi-config", "chassis"),
    ("ipmi-config", "sensors"),
    ("ipmi-config", "pef"),
    ("ipmi-config", "dcmi"),
    ("bmc-config", ""),
    ("ipmi-chassis-config", ""),
    ("ipmi-sensors-config", ""),
    ("ipmi-pef-config", ""),
    ("pef-config", ""),
]
# What ends with 1, since there is something that cannot be read: see MISSING.
INCOMPLETE = ("core", "bmc-config")


@pytest.fixture(scope="module", params=["default", "strict"])
def servers(request: pytest.FixtureRequest) -> Iterator[Lab]:
    with lab() if request.param == "default" else described_lab(LANS, strict=True) as running:
        yield running


@pytest.fixture
def rack(own_lab: Lab) -> Bmc:
    return own_lab[0]


def config(bmc: Bmc, category: str, *options: str) -> Done:
    return bmc.freeipmi("ipmi-config", f"--category={category}", *options, privilege="ADMIN")


def checked_out(bmc: Bmc, category: str = "core") -> dict[str, str]:
    """Everything that is configured, as section:key."""
    found: dict[str, str] = {}
    for line in config(bmc, category, "--checkout").lines:
        if line.startswith("Section "):
            section = line.removeprefix("Section ")
        elif not line.startswith("#") and line != "EndSection":
            key, _, value = line.partition(" ")
            found[f"{section}:{key}"] = value.strip()
    return found


def pairs(changes: dict[str, str]) -> list[str]:
    return [f"--key-pair={key}={value}" for key, value in changes.items()]


@pytest.mark.parametrize("number", NUMBERS)
def test_everything_there_is_is_checked_out(servers: Lab, number: int) -> None:
    done = config(servers[number], "core", "--checkout", "-vv")
    missing = re.findall(r"## Unable to checkout (\S+)", done.out)
    assert "Lan_Conf_Security_Keys:K_R" in missing
    assert not [name for name in missing if not MISSING.match(name)]
    found = checked_out(servers[number])
    assert found["User2:Username"] == "admin"
    assert found["User2:Lan_Privilege_Limit"] == "Administrator"
    assert found["Lan_Channel:Volatile_Access_Mode"] == "Always_Available"
    assert (found["Lan_Conf:IP_Address_Source"], found["Lan_Conf:IP_Address"]) == ("Static", "127.0.0.1")
    assert re.fullmatch(r"02(:[0-9A-F]{2}){5}", found["Lan_Conf:MAC_Address"])
    assert found["Lan_Conf_Security_Keys:K_G"] == f"0x{bytes(20).hex()}"
    assert found["SOL_Conf:Enable_SOL"] == "Yes"
    assert found["SOL_Conf:Volatile_Bit_Rate"] == "115200"
    assert found["Lan6_Conf:IPv6_Static_Address"] == "::"


def test_privileges_of_suites_and_types_are_checked_out(servers: Lab) -> None:
    limits = [
        {
            key: value
            for key, value in checked_out(bmc).items()
            if key.startswith("Rmcpplus") and value != "Unused"
        }
        for bmc in servers
    ]
    name = "Rmcpplus_Conf_Privilege:Maximum_Privilege_Cipher_Suite_Id_"
    listed = [[int(key.removeprefix(name)) for key in of_one] for of_one in limits]
    # FreeIPMI 1.6 has no words for the suites from 16 on.
    assert listed == [[3], [], [0, 1, 2, 3, 6, 7, 8, 11, 12, 15]]
    assert {value for of_one in limits for value in of_one.values()} == {"Administrator"}
    old = checked_out(servers.weak)
    assert old["Lan_Conf_Auth:Admin_Enable_Auth_Type_MD5"] == "Yes"
    assert old["Lan_Conf_Auth:Admin_Enable_Auth_Type_None"] == "No"


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("program", "category"), PROGRAMS)
def test_what_was_checked_out_is_committed_without_a_failure(
    servers: Lab, number: int, program: str, category: str, tmp_path: Path
) -> None:
    """A file that is committed as it was checked out changes nothing: the next checkout is equal to it."""
    if category == "dcmi" and number == 2:
        done = config(servers[number], category, "--checkout")
        assert done.code == 1  # it is older than DCMI
        return
    first, second = tmp_path / "first", tmp_path / "second"
    chosen = [f"--category={category}"] if category else []

    def run(action: str, file: Path) -> Done:
        return servers[number].freeipmi(program, *chosen, action, f"--filename={file}", privilege="ADMIN")

    wanted = int((category or program) in INCOMPLETE)
    checkout = run("--checkout", first)
    assert checkout.code == wanted, str(checkout)
    assert first.read_text().count("\n\t") > 5
    for action in ("--commit", "--diff"):
        done = run(action, first)
        assert (done.code, done.out) == (0, ""), str(done)
    assert run("--checkout", second).code == wanted
    assert second.read_text() == first.read_text()


@pytest.mark.parametrize(
    ("category", "changes"), [("core", CHANGES), ("chassis", CHASSIS), ("sensors", SENSORS)]
)
def test_what_is_changed_is_committed_and_checked_out(
    rack: Bmc, category: str, changes: dict[str, str]
) -> None:
    before = checked_out(rack, category)
    assert not {key for key in changes if before[key] == changes[key]}
    assert config(rack, category, "--diff", *pairs(changes)).out.count("actual=") == len(changes)
    committed = config(rack, category, "--commit", *pairs(changes))
    assert (committed.code, committed.out) == (0, ""), str(committed)
    done = config(rack, category, "--diff", *pairs(changes))
    assert (done.code, done.out) == (0, ""), str(done)
    after = checked_out(rack, category)
    assert {key: after[key] for key in changes} == changes
    assert {key for key in before if before[key] != after[key]} == set(changes)


def test_a_user_made_by_configuration_logs_in(rack: Bmc) -> None:
    changes = {key: value for key, value in CHANGES.items() if key.startswith("User3")}
    config(rack, "core", "--commit", *pairs({**changes, "User3:Password": "guest-password"})).ok()
    guest = replace(rack, username="guest", password="guest-password")
    assert (
        guest.freeipmi("bmc-info", "--get-device-id", privilege="OPERATOR").ok().values["Device ID"] == "32"
    )
    assert config(rack, "core", "--diff", "--key-pair=User3:Password=guest-password").out == ""
    assert "User3:Password" in config(rack, "core", "--diff", "--key-pair=User3:Password=another").out
    config(rack, "core", "--commit", "--key-pair=User3:Enable_User=No").ok()
    assert guest.freeipmi("bmc-info", "--get-device-id", privilege="OPERATOR").code == 1


def test_a_key_set_by_configuration_is_wanted_from_then_on(rack: Bmc) -> None:
    config(rack, "core", "--commit", f"--key-pair=Lan_Conf_Security_Keys:K_G=0x{KG}").ok()
    refused = rack.freeipmi("bmc-info", "--get-device-id")
    assert "k_g invalid" in refused.err
    keyed = replace(rack, kg=KG)
    assert checked_out(keyed)["Lan_Conf_Security_Keys:K_G"] == f"0x{KG}"


def test_a_suite_whose_privilege_is_lowered_gives_no_more(rack: Bmc) -> None:
    pair = "--key-pair=Rmcpplus_Conf_Privilege:Maximum_Privilege_Cipher_Suite_Id_3=User"
    config(rack, "core", "--commit", pair).ok()
    assert rack.freeipmi("bmc-info", "--get-device-id", suite=3, privilege="USER").ok()
    assert rack.freeipmi("bmc-info", "--get-device-id", suite=3, privilege="ADMIN").code == 1
    assert rack.freeipmi("bmc-info", "--get-device-id", suite=17, privilege="ADMIN").ok()


def test_what_the_server_boots_is_what_was_committed(rack: Bmc) -> None:
    """The kin of ipmi-config, by the names that scripts know."""
    name = "Chassis_Boot_Flags:Boot_Device"
    rack.freeipmi("ipmi-chassis-config", "--commit", f"--key-pair={name}=BIOS-SETUP", privilege="ADMIN").ok()
    done = rack.freeipmi(
        "ipmi-chassis-config", "--checkout", "--section=Chassis_Boot_Flags", privilege="ADMIN"
    )
    (line,) = [line for line in done.ok().lines if line.startswith("Boot_Device")]
    assert line.split()[1] == "BIOS-SETUP"
    answer = rack.freeipmi("ipmi-raw", "0", "0", "9", "5", "0", "0", privilege="ADMIN").ok().lines
    assert answer == ["rcvd: 09 00 01 05 80 18 00 00 00"]
    listed = rack.freeipmi("bmc-config", "--listsections", privilege="ADMIN").lines
    assert {"User1", "Lan_Conf", "Rmcpplus_Conf_Privilege", "SOL_Conf"} <= set(listed)


def test_what_cannot_be_is_refused(rack: Bmc) -> None:
    done = config(rack, "core", "--commit", "--key-pair=Lan_Conf:MAC_Address=02:00:00:00:00:99")
    assert (done.code, "`Lan_Conf:MAC_Address': Read Only Field" in done.err) == (1, True), str(done)
    off = config(
        rack,
        "core",
        "--commit",
        "--key-pair=Rmcpplus_Conf_Privilege:Maximum_Privilege_Cipher_Suite_Id_0=User",
    )
    assert off.code == 1
