"""The generated modules are what the generator writes, and say what the tables say."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import baseboard.codes as codes
from baseboard.codes import (
    Cc,
    Code,
    CompletionCode,
    completion_text,
    event_data,
    event_offset,
    languages,
    software_text,
)

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "spec" / "tables"


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_codes", ROOT / "tools" / "generate_codes.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_codes"] = module
    spec.loader.exec_module(module)
    return module


def test_regeneration_equals_what_is_committed() -> None:
    package = ROOT / "src" / "baseboard" / "codes"
    made = generator().modules()
    assert {name: (package / name).read_text(encoding="utf-8") for name in made} == made


def numbers(text: str, base: int) -> list[int]:
    low, _, high = text.partition("-")
    return list(range(int(low, base), int(high or low, base) + 1))


ENUMS = [
    ("NetFn", "netfns", "request", "name", {}),
    ("GroupExtension", "group_extension_ids", "code", "name", {}),
    ("Lun", "bmc_luns", "lun", "use", {}),
    ("ChannelNumber", "channel_numbers", "channel", "name", {}),
    ("ChannelMedium", "channel_media", "code", "name", {}),
    ("ChannelProtocol", "channel_protocols", "code", "name", {}),
    ("Privilege", "privilege_levels", "code", "name", {}),
    ("AuthType", "auth_types", "code", "name", {}),
    ("PayloadType", "payload_types", "code", "name", {}),
    ("AuthenticationAlgorithm", "rmcpplus_algorithms", "code", "name", {"kind": "authentication"}),
    ("IntegrityAlgorithm", "rmcpplus_algorithms", "code", "name", {"kind": "integrity"}),
    ("ConfidentialityAlgorithm", "rmcpplus_algorithms", "code", "name", {"kind": "confidentiality"}),
    ("RakpStatus", "rakp_status_codes", "code", "meaning", {}),
    ("ChassisControl", "chassis_control", "code", "meaning", {}),
    ("RestartCause", "restart_causes", "code", "meaning", {}),
    ("BootDevice", "boot_devices", "code", "meaning", {}),
    ("TimerUse", "watchdog", "value", "meaning", {"field": "timer_use"}),
    ("PretimeoutInterrupt", "watchdog", "value", "meaning", {"field": "pretimeout_interrupt"}),
    ("TimeoutAction", "watchdog", "value", "meaning", {"field": "timeout_action"}),
    ("SensorType", "sensor_types", "code", "name", {}),
    ("Linearization", "linearization", "code", "name", {}),
    ("RateUnit", "event_enums", "value", "meaning", {"enum": "sensor_rate_unit"}),
    ("ModifierUse", "event_enums", "value", "meaning", {"enum": "sensor_modifier_unit"}),
    ("AnalogFormat", "event_enums", "value", "meaning", {"enum": "analog_data_format"}),
    ("SensorDirection", "event_enums", "value", "meaning", {"enum": "sensor_direction"}),
    ("EventDirection", "event_enums", "value", "meaning", {"enum": "event_direction"}),
    ("EventRevision", "event_enums", "value", "meaning", {"enum": "evm_rev"}),
    ("ThresholdBit", "event_enums", "value", "meaning", {"enum": "threshold_bit"}),
    ("SensorUnit", "sensor_units", "code_hex", "unit", {}),
    ("EntityId", "entity_ids", "code", "name", {}),
    ("SdrType", "sdr_record_types", "code", "name", {}),
    ("MultirecordType", "multirecord_types", "code", "name", {}),
    ("ChassisType", "fru_chassis_types", "code", "name", {}),
]


@pytest.mark.parametrize(("name", "table", "code", "text", "where"), ENUMS, ids=[row[0] for row in ENUMS])
def test_every_row_of_a_table_is_in_its_enum(
    name: str, table: str, code: str, text: str, where: dict[str, str]
) -> None:
    enum: type[Code] = getattr(codes, name)
    chosen = [row for row in rows(table) if all(row[key] == value for key, value in where.items())]
    assert chosen
    named = {number: row[text] for row in chosen for number in numbers(row[code], 16)}
    assert {number: enum(number).text for number in named} == named
    single = {n for row in chosen if "-" not in row[code] for n in numbers(row[code], 16)}
    declared = {int(member) for member in enum.__members__.values()}
    assert declared <= single
    assert all(named[number].startswith("reserved") for number in single - declared)


def test_event_reading_types_hold_the_generic_types_and_the_ranges() -> None:
    generic = {
        int(row["code"], 16): row["name"] for row in rows("event_reading_types") if row["kind"] == "generic"
    }
    for code, name in generic.items():
        assert codes.EventReadingType(code).text.lower() == name.lower()
    assert codes.EventReadingType.SENSOR_SPECIFIC == 0x6F
    assert codes.EventReadingType(0x75).text == "OEM"


def test_sel_types_tell_their_ranges() -> None:
    assert codes.SelType.SYSTEM_EVENT == 2
    assert codes.SelType(0xC7).text == "OEM timestamped"
    assert codes.SelType(0xE0).text == "OEM non-timestamped"


def test_languages_hold_the_table() -> None:
    for row in rows("fru_language_codes"):
        assert codes.FruLanguage(int(row["code"])).text == row["name"]
        assert languages.ISO639[int(row["code"])] == row["iso639"]


def test_manufacturers_hold_the_table() -> None:
    for row in rows("iana_enterprise_numbers"):
        number = int.from_bytes(bytes.fromhex(row["bytes_ls_first"]), "little")
        assert codes.Manufacturer(number).text == row["organization"]
    assert {int(member) for member in codes.Manufacturer} == {
        int(r["number"]) for r in rows("iana_enterprise_numbers")
    }


def test_completion_codes_hold_the_table() -> None:
    single = {
        int(row["code"], 16): row["meaning"]
        for row in rows("completion_codes")
        if row["scope"] == "generic" and "-" not in row["code"]
    }
    declared = {code: code.text for code in vars(Cc).values() if isinstance(code, CompletionCode)}
    assert declared == single
    assert {code: completion_text(code) for code in single} == single
    assert completion_text(0x7E) == "Device specific (OEM) completion codes"
    assert completion_text(0x80) == "Standard command-specific codes"
    assert completion_text(0xBF) == ""


def test_sensor_specific_offsets_hold_the_table() -> None:
    for row in rows("sensor_types"):
        if row["offset"]:
            offset = event_offset(0x6F, int(row["code"], 16), int(row["offset"], 16))
            assert offset == (row["event"], row["event_data2"], row["event_data3"])
    assert event_offset(0x6F, 0x01, 0) is None


def test_generic_offsets_hold_the_table() -> None:
    for row in rows("event_reading_types"):
        if row["kind"] == "generic":
            offset = event_offset(int(row["code"], 16), 0x01, int(row["offset"], 16))
            assert offset is not None
            assert offset.event == row["event"]
    assert event_offset(0x0D, 0x01, 0) is None
    assert event_offset(0x01, 0x01, 12) is None


def test_event_data_codes_hold_the_table() -> None:
    for row in rows("event_data_codes"):
        assert getattr(event_data, row["code_set"].upper())[int(row["code"], 16)] == row["meaning"]


@pytest.mark.parametrize(
    ("software_id", "text"),
    [(0x01, "BIOS"), (0x41, "System Management Software"), (0x8D, "Remote Console software 1-7"), (0x20, "")],
)
def test_software_ids(software_id: int, text: str) -> None:
    assert software_text(software_id) == text


def test_every_exported_name_exists() -> None:
    assert all(hasattr(codes, name) for name in codes.__all__)
    assert sorted(codes.__all__) == sorted(set(codes.__all__))


def test_names_are_constants() -> None:
    for name in codes.__all__:
        thing = getattr(codes, name)
        if isinstance(thing, type) and issubclass(thing, Code):
            assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", member) for member in thing.__members__)
