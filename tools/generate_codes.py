#!/usr/bin/env python3
"""Write src/baseboard/codes/*.py from the tables in spec/tables.

Run it after a change of a table; a test compares what it would write with what is committed.
Names are the words of the row in UPPER_SNAKE; where a row's words make no good name, the enum's
entry in ``ENUMS`` gives one.
"""

from __future__ import annotations

import csv
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "spec" / "tables"
TARGET = ROOT / "src" / "baseboard" / "codes"
WIDTH = 110

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    """The rows of a table, by column name."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def span(text: str, base: int) -> tuple[int, int]:
    """``"38-3F"`` is (38h, 3Fh), ``"07"`` is (7, 7)."""
    low, _, high = text.partition("-")
    return int(low, base), int(high or low, base)


def constant(text: str) -> str:
    """The name of a row: its words without asides, in UPPER_SNAKE."""
    text = re.sub(r"\([^)]*\)", " ", text).split(" / ")[0]
    text = re.sub(r"\bI/O\b", "IO", text).replace("&", " and ").replace("'", "").replace("+", " plus ")
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").upper()
    return f"N{name}" if name[:1].isdigit() else name


@dataclass(frozen=True)
class Enum:
    """One enum: where its rows are, and what they say.

    Attributes:
        names: by code, where the words of the row make no name.
        aliases: further names, by name.
        texts: the module and table of the words, if those are a table of their own.
        where: which rows of the table belong to it.
    """

    name: str
    table: str
    doc: str
    code: str = "code"
    text: str = "name"
    base: int = 16
    names: dict[int, str] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    where: Callable[[Row], bool] = lambda row: True
    strip: str = ""
    texts: tuple[str, str] | None = None

    def members(self) -> Iterator[tuple[str, int, str]]:
        """Name, code and text of every single code that is not reserved."""
        seen: dict[int, str] = {}
        for low, high, text in self.spans():
            reserved = text.startswith("reserved") and low not in self.names
            if low != high or reserved or low in seen:
                continue
            name = self.names.get(low) or constant(text.removesuffix(self.strip))
            if name in seen.values():
                raise SystemExit(f"{self.name}: {name} twice")
            seen[low] = name
            yield name, low, text
        for name, value in self.aliases.items():
            yield name, value, ""

    def ranges(self) -> list[tuple[int, int, str]]:
        """Ranges of codes with one meaning, and single reserved ones."""
        singles = {value for _, value, _ in self.members()}
        return [(low, high, text) for low, high, text in self.spans() if low != high or low not in singles]

    def spans(self) -> Iterator[tuple[int, int, str]]:
        """First code, last code and text of every row, in the table's order."""
        for row in rows(self.table):
            if self.where(row) and row[self.code]:
                text = row[self.text] if row[self.text] != "-" else row["class"]
                yield *span(row[self.code], self.base), text


def fields(**wanted: str) -> Callable[[Row], bool]:
    """Rows whose columns have these values."""
    return lambda row: all(row[column] == value for column, value in wanted.items())


NETWORK = [
    Enum("NetFn", "netfns", "Network functions of requests; a response has the odd number above (§5.1).",
         code="request"),
]  # fmt: skip
CHANNELS = [
    Enum("GroupExtension", "group_extension_ids", "Defining bodies of group extension commands (§5.1).",
         names={1: "ASF", 2: "SSI", 3: "VITA", 0xAE: "SBMR"}),
    Enum("Lun", "bmc_luns", "Logical units of a BMC (§7.2).", code="lun", text="use",
         names={0: "BMC", 1: "OEM_1", 2: "SMS", 3: "OEM_2"}),
    Enum("ChannelNumber", "channel_numbers", "Channel numbers with a fixed meaning (§6.3).", code="channel"),
    Enum("ChannelMedium", "channel_media", "What a channel is made of (Table 6-3).",
         names={1: "IPMB", 2: "ICMB_1_0", 3: "ICMB_0_9", 4: "LAN", 5: "SERIAL", 6: "OTHER_LAN",
                8: "SMBUS_1", 9: "SMBUS_2"}),
    Enum("ChannelProtocol", "channel_protocols", "What is spoken on a channel (Table 6-2).",
         names={0: "NOT_APPLICABLE", 1: "IPMB", 2: "ICMB", 4: "SMBUS"}),
]  # fmt: skip
SESSIONS = [
    Enum("Privilege", "privilege_levels", "Privilege levels, each including those below (§6.8).",
         names={0: "RESERVED", 5: "OEM"}, aliases={"NONE": 0, "HIGHEST": 0}),
    Enum("AuthType", "auth_types", "How an IPMI v1.5 session authenticates (§13.6).",
         names={4: "PASSWORD", 5: "OEM", 6: "RMCP_PLUS"}),
    Enum("PayloadType", "payload_types", "What an RMCP+ packet carries (Table 13-16).",
         names={1: "SOL", 0x10: "OPEN_SESSION_REQUEST", 0x11: "OPEN_SESSION_RESPONSE"}),
    Enum("AuthenticationAlgorithm", "rmcpplus_algorithms", "How RAKP authenticates (Table 13-17).",
         where=fields(kind="authentication")),
    Enum("IntegrityAlgorithm", "rmcpplus_algorithms", "How packets are signed (Table 13-18).",
         where=fields(kind="integrity")),
    Enum("ConfidentialityAlgorithm", "rmcpplus_algorithms", "How payloads are encrypted (Table 13-19).",
         where=fields(kind="confidentiality")),
    Enum("RakpStatus", "rakp_status_codes", "Status codes of Open Session and RAKP messages (Table 13-15).",
         text="meaning", names={1: "INSUFFICIENT_RESOURCES", 0x0A: "UNAUTHORIZED_ROLE",
         0x0B: "INSUFFICIENT_RESOURCES_AT_ROLE", 0x11: "NO_CIPHER_SUITE_MATCH", 0x12: "ILLEGAL_PARAMETER"}),
]  # fmt: skip
CHASSIS = [
    Enum("ChassisControl", "chassis_control", "What Chassis Control does (Table 28-4).", text="meaning",
         names={5: "SOFT_SHUTDOWN"}),
    Enum("RestartCause", "restart_causes", "Why the system last started (Table 28-11).", text="meaning",
         names={1: "CHASSIS_CONTROL", 2: "PUSHBUTTON_RESET", 3: "PUSHBUTTON_POWER_UP", 4: "WATCHDOG",
                6: "ALWAYS_RESTORE", 7: "RESTORE_PREVIOUS", 8: "PEF_RESET", 9: "PEF_POWER_CYCLE",
                0x0A: "SOFT_RESET", 0x0B: "RTC_WAKEUP"}),
    Enum("BootDevice", "boot_devices", "What the system is told to boot (Table 28-14, parameter 5).",
         text="meaning",
         names={1: "PXE", 2: "HARD_DRIVE", 3: "HARD_DRIVE_SAFE_MODE", 4: "DIAGNOSTIC_PARTITION", 5: "CD_DVD",
                6: "BIOS_SETUP", 7: "REMOTE_FLOPPY", 8: "REMOTE_CD_DVD", 9: "PRIMARY_REMOTE_MEDIA",
                0x0B: "REMOTE_HARD_DRIVE", 0x0F: "FLOPPY"}),
    Enum("TimerUse", "watchdog", "What the watchdog watches (Table 27-3).", code="value", text="meaning",
         where=fields(field="timer_use")),
    Enum("PretimeoutInterrupt", "watchdog", "What the watchdog raises before it expires (Table 27-3).",
         code="value", text="meaning", where=fields(field="pretimeout_interrupt"), names={2: "NMI"}),
    Enum("TimeoutAction", "watchdog", "What the watchdog does when it expires (Table 27-3).", code="value",
         text="meaning", where=fields(field="timeout_action")),
]  # fmt: skip
SENSORS = [
    Enum("SensorType", "sensor_types", "What a sensor is about (Table 42-3).",
         where=lambda row: row["name"] != "reserved" or "-" in row["code"] or row["code"] == "00",
         names={0x12: "SYSTEM_EVENT"}),
    Enum("EventReadingType", "event_reading_types", "What a sensor's states mean (Table 42-1).",
         names={0: "UNSPECIFIED", 0x6F: "SENSOR_SPECIFIC"}),
    Enum("Linearization", "linearization", "The function that makes a reading linear (§36.3).",
         names={7: "RECIPROCAL", 8: "SQUARE", 9: "CUBE", 0x0A: "SQUARE_ROOT", 0x0B: "CUBE_ROOT"}),
    Enum("RateUnit", "event_enums", "Per which time a reading counts (Sensor Units 1 [5:3]).", code="value",
         text="meaning", where=fields(enum="sensor_rate_unit")),
    Enum("ModifierUse", "event_enums", "How the modifier unit joins the base unit (Sensor Units 1 [2:1]).",
         code="value", text="meaning", where=fields(enum="sensor_modifier_unit"), names={1: "DIVIDE",
         2: "MULTIPLY"}),
    Enum("AnalogFormat", "event_enums", "How a raw reading is signed (Sensor Units 1 [7:6]).", code="value",
         text="meaning", where=fields(enum="analog_data_format"),
         names={1: "ONES_COMPLEMENT", 2: "TWOS_COMPLEMENT", 3: "NONE"}),
    Enum("SensorDirection", "event_enums", "Whether a sensor watches an input or an output.", code="value",
         text="meaning", where=fields(enum="sensor_direction")),
    Enum("EventDirection", "event_enums", "Whether an event says that a state began or ended (§29.7).",
         code="value", text="meaning", where=fields(enum="event_direction"),
         names={0: "ASSERTION", 1: "DEASSERTION"}),
    Enum("EventRevision", "event_enums", "Format of an event message (§29.3).", code="value", text="meaning",
         where=fields(enum="evm_rev"), names={3: "IPMI_1_0", 4: "IPMI_1_5"}),
    Enum("ThresholdBit", "event_enums", "The bit of a threshold in the masks of §35.8.",
         code="value", text="meaning", where=fields(enum="threshold_bit")),
]  # fmt: skip
UNITS = [
    Enum("SensorUnit", "sensor_units", "Units of sensor readings (Table 43-15).",
         code="code_hex", text="unit"),
]  # fmt: skip
ENTITIES = [
    Enum("EntityId", "entity_ids", "The things a system is made of (Table 43-13).",
         names={0x1B: "PERIPHERAL_BAY_1B", 0x26: "REMOTE_MANAGEMENT_COMMUNICATION_DEVICE",
                0x40: "DCMI_AIR_INLET", 0x41: "DCMI_PROCESSOR", 0x42: "DCMI_SYSTEM_BOARD"}),
]  # fmt: skip
STORAGE = [
    Enum("SdrType", "sdr_record_types", "Types of Sensor Data Records (§43).", strip=" Record"),
    Enum("SelType", "sel_record_types", "Types of event log records (§32).", strip=" Record"),
]  # fmt: skip
INVENTORIES = [
    Enum("MultirecordType", "multirecord_types", "Types of FRU multirecords (FRU §16.1).",
         strip=" Record"),
    Enum("ChassisType", "fru_chassis_types", "Types of chassis, as SMBIOS numbers them (FRU §10)."),
    Enum("FruLanguage", "fru_language_codes", "Languages of FRU text (FRU §15).", base=10,
         names={0: "ENGLISH", 25: "ENGLISH_ISO639", 85: "OROMO"}),
]  # fmt: skip
MANUFACTURERS = [
    Enum("Manufacturer", "iana_enterprise_numbers", "Manufacturer IDs: IANA enterprise numbers seen in IPMI.",
         code="number", text="organization", base=10, texts=("organizations", "ORGANIZATIONS"),
         names={11: "HP", 42: "SUN", 94: "NOKIA", 107: "BULL", 116: "HITACHI", 119: "NEC", 186: "TOSHIBA",
                193: "ERICSSON", 236: "SAMSUNG", 343: "INTEL", 373: "TATUNG", 399:
                "HITACHI_COMPUTER_PRODUCTS", 412: "DMTF", 674: "DELL", 2011: "HUAWEI", 2254:
                "DELTA_ELECTRONICS", 2487: "PHOENIX", 2623: "ASUS", 3704: "AMD", 4128: "ARM", 4337: "RADISYS",
                4413: "BROADCOM", 4542: "ASF", 5593: "MAGNUM", 5703: "NVIDIA", 6653: "TYAN", 7154:
                "IPMI_FORUM", 7244: "QUANTA", 9237: "VIKING", 9342: "PENGUIN_COMPUTING", 10297: "ADVANTECH",
                10368: "FUJITSU", 10418: "AVOCENT", 10437: "PEPPERCON", 10876: "SUPERMICRO", 11102: "OSA",
                11129: "GOOGLE", 11161: "WISTRON", 11183: "MITAC", 12244: "CELESTICA", 13742: "RARITAN",
                15000: "KONTRON", 15370: "GIGABYTE", 16394: "PIGEON_POINT", 17084: "HON_HAI", 19046: "LENOVO",
                20569: "INVENTEC", 20974: "AMI", 21317: "ATEN", 22238: "FOXCONN", 24339: "ADLINK", 27768:
                "NAT", 33049: "MELLANOX", 36465: "DCMI", 37945: "INSPUR", 40981: "FACEBOOK", 41475: "TENCENT",
                46045: "BYTEDANCE", 47488: "NEDAM", 49622: "ASROCK_RACK", 49871: "OPENBMC", 50630: "COMPAL",
                52538: "AMPERE", 55380: "NETTRIX", 58132: "XFUSION"}),
]  # fmt: skip
ENUMS: dict[str, tuple[str, list[Enum]]] = {
    "network": ("Network functions.", NETWORK),
    "channels": ("Numbers of channels, logical units and defining bodies.", CHANNELS),
    "sessions": ("Codes of sessions: privilege levels, algorithms, payloads and statuses.", SESSIONS),
    "chassis": ("Codes of the chassis and of the watchdog timer.", CHASSIS),
    "sensors": ("Codes of sensors and their events.", SENSORS),
    "units": ("Units of sensor readings.", UNITS),
    "entities": ("Entity IDs.", ENTITIES),
    "storage": ("Types of records: SDR and SEL.", STORAGE),
    "inventories": ("Codes of FRU inventories.", INVENTORIES),
    "manufacturers": ("Manufacturers.", MANUFACTURERS),
}
# Generic codes get short names; their words are in the table.
GENERIC = {
    0x00: "OK", 0xC0: "NODE_BUSY", 0xC1: "INVALID_COMMAND", 0xC2: "INVALID_LUN", 0xC3: "TIMEOUT",
    0xC4: "OUT_OF_SPACE", 0xC5: "RESERVATION_CANCELLED", 0xC6: "DATA_TRUNCATED", 0xC7: "INVALID_LENGTH",
    0xC8: "LENGTH_LIMIT_EXCEEDED", 0xC9: "PARAMETER_OUT_OF_RANGE", 0xCA: "CANNOT_RETURN_SO_MANY",
    0xCB: "NOT_PRESENT", 0xCC: "INVALID_DATA", 0xCD: "ILLEGAL_FOR_SENSOR", 0xCE: "CANNOT_PROVIDE",
    0xCF: "DUPLICATED", 0xD0: "SDR_UPDATING", 0xD1: "FIRMWARE_UPDATING", 0xD2: "BMC_INITIALIZING",
    0xD3: "DESTINATION_UNAVAILABLE", 0xD4: "INSUFFICIENT_PRIVILEGE", 0xD5: "NOT_SUPPORTED_IN_STATE",
    0xD6: "SUBFUNCTION_DISABLED", 0xFF: "UNSPECIFIED",
}  # fmt: skip
OFFSET_MODULES = {"sensor_offsets_05_0f": (0x05, 0x0F), "sensor_offsets_10_1f": (0x10, 0x1F),
                  "sensor_offsets_20_2c": (0x20, 0x2C)}  # fmt: skip


def quoted(text: str) -> str:
    """A string literal the way the formatter writes it."""
    mark = "'" if '"' in text and "'" not in text else '"'
    return mark + text.replace("\\", "\\\\").replace(mark, "\\" + mark) + mark


def header(doc: str, tables: list[str]) -> str:
    """Docstring and first import of a generated module."""
    names = ", ".join(f"{table}.csv" for table in dict.fromkeys(tables)) or "spec/tables"
    origin = f"Generated by tools/generate_codes.py from {names}; edit the tables, not this."
    lines = textwrap.fill(origin, WIDTH, break_long_words=False, break_on_hyphens=False)
    return f'"""{doc}\n\n{lines}\n"""\n\nfrom __future__ import annotations\n\n'


def call(indent: int, before: str, parts: list[str], after: str) -> list[str]:
    """``before`` + the comma-separated parts + ``after``: on one line, or one part a line."""
    pad = " " * indent
    line = pad + before + ", ".join(parts) + after
    if len(line) <= WIDTH:
        return [line]
    inner = pad + "    "
    together = inner + ", ".join(parts)
    body = [together] if len(together) <= WIDTH and not before.endswith(("[", "{", "= (")) else []
    return [pad + before, *(body or [f"{inner}{part}," for part in parts]), pad + after.lstrip(",")]


def class_line(enum: Enum) -> list[str]:
    """``class X(Code):``, with the ranges of its table."""
    ranges = enum.ranges()
    if not ranges:
        return [f"class {enum.name}(Code):"]
    parts = [f"(0x{low:02X}, 0x{high:02X}, {quoted(text)})" for low, high, text in ranges]
    together = f"ranges=[{', '.join(parts)}]"
    if len(one := f"class {enum.name}(Code, {together}):") <= WIDTH:
        return [one]
    if len(together) + 5 <= WIDTH:
        return [f"class {enum.name}(", "    Code,", f"    {together},", "):"]
    inner = [f"        {part}," for part in parts]
    return [f"class {enum.name}(", "    Code,", "    ranges=[", *inner, "    ],", "):"]


def enum_source(enum: Enum) -> list[str]:
    """The class of an enum, line by line."""
    lines = [*class_line(enum), f'    """{enum.doc}"""', ""]
    for name, value, text in enum.members():
        number = str(value) if enum.base == 10 else f"0x{value:02X}"
        words = f"{enum.texts[1]}[{number}]" if enum.texts else quoted(text)
        lines += call(4, f"{name} = row(", [number, words], ")") if text else [f"    {name} = {number}"]
    return lines


def enum_module(doc: str, enums: list[Enum]) -> str:
    """A module of enums."""
    text = header(doc, [enum.table for enum in enums]) + "from baseboard.codes.code import Code, row\n"
    text += "".join(
        f"from baseboard.codes.{enum.texts[0]} import {enum.texts[1]}\n" for enum in enums if enum.texts
    )
    return text + "".join("\n\n" + "\n".join(enum_source(enum)) + "\n" for enum in enums)


def generic_module() -> str:
    """The completion codes that every command may end with."""
    lines = ["from typing import Final", "", "from baseboard.codes.completion import CompletionCode", "", "",
             "class Cc:", '    """Completion codes that every command may end with (Table 5-2)."""',
             ""]  # fmt: skip
    ranges: list[str] = []
    for row in rows("completion_codes"):
        low, high = span(row["code"], 16)
        if row["scope"] != "generic":
            continue
        if low != high:
            ranges.append(f"(0x{low:02X}, 0x{high:02X}, {quoted(row['meaning'])})")
            continue
        before = f"{GENERIC[low]}: Final = CompletionCode("
        lines += call(4, before, [f"0x{low:02X}", quoted(row["meaning"])], ")")
    lines += ["", "", "RANGES: Final = (", *(f"    {part}," for part in ranges), ")",
              '"""First and last code, and what a code between them says."""']  # fmt: skip
    return header("Completion codes of every command.", ["completion_codes"]) + "\n".join(lines) + "\n"


def offset_source(row: Row, texts: dict[str, str], indent: int) -> list[str]:
    """One row of a table of offsets."""
    parts = [quoted(row["event"])]
    for column in ("event_data2", "event_data3"):
        if row.get(column):
            name = "data2" if column == "event_data2" else "data3"
            parts.append(f"{name}={texts.get(row[column]) or quoted(row[column])}")
    return call(indent, f"0x{int(row['offset'], 16):02X}: Offset(", parts, "),")


def wrapped(name: str, text: str) -> list[str]:
    """A long text as a named constant in pieces of a line each."""
    if len(line := f"{name} = {quoted(text)}") <= WIDTH:
        return [line]
    pieces: list[str] = []
    piece = ""
    for word in re.findall(r"\S+\s*", text):
        if piece and len(quoted(piece + word)) > WIDTH - 4:
            pieces.append(piece)
            piece = ""
        piece += word
    return [f"{name} = (", *(f"    {quoted(piece)}" for piece in [*pieces, piece]), ")"]


def offsets_module(name: str, first: int, last: int) -> str:
    """The offsets of a span of sensor types."""
    chosen = [row for row in rows("sensor_types")
              if row["offset"] and first <= int(row["code"][:2], 16) <= last]  # fmt: skip
    texts: dict[str, str] = {}
    constants: list[str] = []
    for row in chosen:
        for column in ("event_data2", "event_data3"):
            text = row[column]
            if len(text) > 40 and text not in texts:
                texts[text] = f"TYPE_{row['code']}_{column[-5:].upper()}_{len(texts)}"
                constants += wrapped(texts[text], text)
    lines = [*constants, *([""] if constants else []), "OFFSETS: dict[int, dict[int, Offset]] = {"]
    for code in dict.fromkeys(row["code"] for row in chosen):
        members = [row for row in chosen if row["code"] == code]
        lines.append(f"    0x{code}: {{")
        for row in members:
            lines += offset_source(row, texts, 8)
        lines.append("    },")
    doc = f"What the offsets of sensor types {first:02X}h-{last:02X}h say (Table 42-3)."
    body = header(doc, ["sensor_types"]) + "from baseboard.codes.offset import Offset\n\n"
    return body + "\n".join([*lines, "}"]) + "\n"


def generic_offsets_module() -> str:
    """The offsets of the generic event/reading types."""
    chosen = [row for row in rows("event_reading_types") if row["kind"] == "generic"]
    lines = ["OFFSETS: dict[int, dict[int, Offset]] = {"]
    classes: dict[str, str] = {}
    for code in dict.fromkeys(row["code"] for row in chosen):
        lines.append(f"    0x{code}: {{")
        for row in chosen:
            if row["code"] == code:
                classes[code] = row["class"]
                lines += call(8, f"0x{row['offset']}: Offset(", [quoted(row["event"])], "),")
        lines.append("    },")
    lines += ["}", "", "CLASSES: dict[int, str] = {"]
    lines += [f"    0x{code}: {quoted(kind)}," for code, kind in classes.items()]
    doc = "What the offsets of the generic event/reading types say (Table 42-2)."
    body = header(doc, ["event_reading_types"]) + "from baseboard.codes.offset import Offset\n\n"
    return body + "\n".join([*lines, "}"]) + "\n"


def event_data_module() -> str:
    """The code sets of event data bytes."""
    chosen = rows("event_data_codes")
    lines: list[str] = []
    for name in dict.fromkeys(row["code_set"] for row in chosen):
        lines += ["", f"{name.upper()}: dict[int, str] = {{"]
        for row in chosen:
            if row["code_set"] == name:
                lines.append(f"    0x{row['code']}: {quoted(row['meaning'])},")
        lines.append("}")
    return (
        header("What event data bytes 2 and 3 say (Table 42-3).", ["event_data_codes"])
        + "\n".join(lines[1:])
        + "\n"
    )


def software_module() -> str:
    """The ranges of system software IDs."""
    lines = ["SOFTWARE_IDS: tuple[tuple[range, str], ...] = ("]
    for row in rows("software_ids"):
        for low, high in re.findall(r"\b([0-9A-F]{2})(?:-([0-9A-F]{2}))?\b", row["byte_value"]):
            lines.append(f"    (range(0x{low}, 0x{int(high or low, 16) + 1:02X}, 2), {quoted(row['type'])}),")
    doc = "System software IDs as they stand in a generator ID, bit 0 set (Table 5-4)."
    return header(doc, ["software_ids"]) + "\n".join([*lines, ")"]) + "\n"


def texts_module(doc: str, table: str, name: str, rows_: Iterable[tuple[str, str]]) -> str:
    """A module of a table of texts by number, for those who want a text and not an enum."""
    lines = [
        f"{name}: dict[int, str] = {{",
        *(f"    {number}: {quoted(text)}," for number, text in rows_),
        "}",
    ]
    return header(doc, [table]) + "\n".join(lines) + "\n"


def texts_modules() -> dict[str, str]:
    """Languages and manufacturers."""
    languages = [(row["code"], row["iso639"]) for row in rows("fru_language_codes")]
    makers = [(str(number), text) for _, number, text in MANUFACTURERS[0].members()]
    what, who = "ISO 639 names of the languages of FRU text.", "Names of manufacturers by their ID."
    return {
        "languages": texts_module(what, "fru_language_codes", "ISO639", languages),
        "organizations": texts_module(who, "iana_enterprise_numbers", "ORGANIZATIONS", makers),
    }


LAZY = """
    def __getattr__(name: str) -> object:
        # A program that reads one table does not pay for the import of all.
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_MODULES})
"""


def package() -> str:
    """The package: what it exports, each name imported at its first use."""
    exported = {"completion": ["CompletionCode"], "generic": ["Cc"], "code": ["Code"], "offset": ["Offset"]}
    exported |= {module: [enum.name for enum in enums] for module, (_, enums) in ENUMS.items()}
    exported |= {"meaning": ["completion_text", "event_offset", "software_text"]}
    lines = [
        "from importlib import import_module",
        "from typing import TYPE_CHECKING",
        "",
        "if TYPE_CHECKING:",
    ]
    for module, unsorted in sorted(exported.items()):
        names = sorted(unsorted, key=str.lower)
        before = f"    from baseboard.codes.{module} import "
        one = before + ", ".join(names)
        inner = "        "
        lines += (
            [one] if len(one) <= WIDTH else [before + "(", *(f"{inner}{name}," for name in names), "    )"]
        )
    where = sorted((name, module) for module, names in exported.items() for name in names)
    lines += ["else:", *LAZY.rstrip("\n").splitlines(), "", ""]
    lines += ["_MODULES = {", *(f'    "{name}": "{module}",' for name, module in where), "}", ""]
    lines += ["__all__ = [", *(f'    "{name}",' for name, _ in where), "]"]
    doc = "The specification's code tables as enums; tables of texts are in the modules."
    return header(doc, []) + "\n".join(lines) + "\n"


def modules() -> dict[str, str]:
    """File name and text of every generated module."""
    made = {name: enum_module(doc, enums) for name, (doc, enums) in ENUMS.items()}
    made |= {name: offsets_module(name, *bounds) for name, bounds in OFFSET_MODULES.items()}
    made |= {"generic": generic_module(), "generic_offsets": generic_offsets_module(),
             "software": software_module(), "event_data": event_data_module(), **texts_modules(),
             "__init__": package()}  # fmt: skip
    return {f"{name}.py": text for name, text in made.items()}


def main() -> int:
    """Write the modules that differ from their tables."""
    for name, text in modules().items():
        path = TARGET / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
