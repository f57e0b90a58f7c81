"""Files read: whatever is wrong has file, line and key."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.bmc.configuration.reading import read
from baseboard.errors import BaseboardError, ConfigurationError
from tests.bmc.configuration.files import ONE, assert_mistake, mistake, written

# Every table of the layout, and a key of every type.
WHOLE = """\
store = "state"
[[bmc]]
name = "first-{n}"
count = 2
makeup = "blade"
strict = true
reveal_login_errors = false
max_users = 10
sel_capacity = 100
sdr_capacity = 4096
[bmc.identity]
guid = "2f1e8c50-3a4b-4c5d-8e6f-001122334455"
device_guid = "2f1e8c503a4b4c5d8e6f001122334456"
guid_encoding = "smbios"
device_id = 0x21
device_revision = 2
firmware = "127.99"
manufacturer_id = 7154
product_id = 1
aux_firmware = "01020304"
[bmc.lan]
address = "127.0.0.1"
port = 0
spread = "ports"
channel = 2
suites = [3, 17]
v15 = ["md5"]
kg = "00FF"
sessions = 4
bad_password_threshold = 3
lockout_s = 60
ip = "192.0.2.1"
netmask = "255.255.255.0"
gateway = "192.0.2.254"
mac = "02:00:00:00:00:09"
[[bmc.user]]
id = 2
name = "admin"
password = "secret"
password_size = 16
privilege = "oem"
enabled = true
[[bmc.user]]
name = "viewer"
password = "secret"
[bmc.host]
backend = "memory"
powered = false
boot_seconds = 1
seed = 4
model = "Model"
efi = false
sockets = 4
account = []
[bmc.sol]
backing = "host"
[[bmc.sensor]]
name = "Temp"
type = "temperature"
count = 2
number = 0x80
lun = 1
entity = "processor"
instance = 3
value = 50
value_off = 20.5
unit = "degrees_c"
rate = "none"
percentage = false
minimum = -10
maximum = 100
signed = false
linearization = "linear"
hysteresis = 1
physics = "temperature"
settling_s = 3
noise = 0.5
unreadable_off = true
auto_rearm = false
[bmc.sensor.upper]
non_critical = 80
critical = 90
[[bmc.sensor]]
name = "State"
type = 0xC0
states = [0, 1]
reading = "state"
events = [1]
holds = [0]
holds_off = [1]
rule = "acpi"
record = "full"
[[bmc.fru]]
id = 3
name = "Card"
size = 128
writable = false
entity = 0x0B
instance = 2
[bmc.fru.board]
manufactured = 2025-03-03T11:15:00Z
manufacturer = "Baseboard"
custom = ["a", "b"]
[bmc.fru.chassis]
type = "blade"
[bmc.fru.product]
version = "1"
[[bmc]]
name = "second"
[bmc.lan]
port = 0
"""


@dataclass(frozen=True)
class Written:
    """A line of a file: the key that it sets, or the table that it begins."""

    text: str
    path: str
    header: bool


def lines_of(text: str) -> list[Written]:
    """The lines with their keys: a reader of just what stands above."""
    made: list[Written] = []
    counts: dict[str, int] = {}
    table = ""
    for line in text.splitlines():
        header = re.fullmatch(r"\[(\[?)([a-z.]+)\]\]?", line)
        if header is None:
            key = line.partition(" ")[0]
            made.append(Written(line, f"{table}.{key}".lstrip("."), header=False))
            continue
        table = ""
        for step in header[2].split("."):
            table = f"{table}.{step}".lstrip(".")
            last = table.count(".") == header[2].count(".")
            if last and header[1]:
                counts[table] = counts.get(table, -1) + 1
            if table in counts:
                table += f"[{counts[table]}]"
        made.append(Written(line, table, header=True))
    return made


LINES = lines_of(WHOLE)
KEYS = [number for number, line in enumerate(LINES) if not line.header]
TABLES = [number for number, line in enumerate(LINES) if line.header]
NOISE = st.lists(st.sampled_from(["", "# a comment", '# x = "y"', "   ", "\t# [table]"]), max_size=3)
# A time of day is what no key wants, and neither is nan.
WRONG = ["11:15:00", "nan", "[11:15:00]", "{ x = 1 }", '"\\u0000"', "-1", "[[[]]]"]
NAMES = st.from_regex("[a-z]{3,12}_x", fullmatch=True)


def test_the_whole_file_is_right(tmp_path: Path) -> None:
    file, spot = read(written(tmp_path, WHOLE))
    assert [bmc.name for bmc in file.bmc] == ["first-{n}", "second"]
    assert file.bmc[0].sensor[0].value_off == 20.5
    assert spot.text == WHOLE


def reported(texts: list[str], end: str) -> ConfigurationError:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), end.join(texts) + end)
        with pytest.raises(ConfigurationError) as caught:
            read(path)
    assert caught.value.file == str(path)
    return caught.value


def wrong_value(data: st.DataObject) -> tuple[int, list[str], str]:
    """A line whose value is wrong, and its key."""
    number = data.draw(st.sampled_from(KEYS))
    key = LINES[number].path
    values = [value for value in WRONG if not takes(key.rpartition(".")[2], value)]
    return number, [f"{LINES[number].text.partition(' ')[0]} = {data.draw(st.sampled_from(values))}"], key


def unknown_key(data: st.DataObject) -> tuple[int, list[str], str]:
    """A table that begins with a key which it does not have."""
    number = data.draw(st.sampled_from(TABLES))
    return number, [LINES[number].text, f"{(name := data.draw(NAMES))} = 1"], f"{LINES[number].path}.{name}"


def unknown_table(data: st.DataObject) -> tuple[int, list[str], str]:
    """A table within one that does not have it, after that one's last key."""
    number = data.draw(st.sampled_from(KEYS[1:]))
    path = LINES[number].path.rpartition(".")[0]
    last = max(other for other in KEYS if LINES[other].path.rpartition(".")[0] == path)
    table = re.sub(r"\[\d+\]", "", path)
    return last, [LINES[last].text, f"[{table}.{(name := data.draw(NAMES))}]"], f"{path}.{name}"


@given(
    data=st.data(),
    kind=st.sampled_from([wrong_value, unknown_key, unknown_table]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_mistake_is_named_by_line_and_key(
    data: st.DataObject, kind: Callable[[st.DataObject], tuple[int, list[str], str]], end: str
) -> None:
    changed, replacement, key = kind(data)
    texts: list[str] = []
    place = 0
    for number, line in enumerate(LINES):
        texts += data.draw(NOISE) if number % 9 == 0 else []
        texts += replacement if number == changed else [line.text]
        place = len(texts) if number == changed else place
    wrong = reported(texts, end)
    assert wrong.line == place, str(wrong)
    assert re.fullmatch(re.escape(key) + r"(\[0\]|\.x)*", wrong.key), str(wrong)
    assert wrong.text


def takes(key: str, value: str) -> bool:
    """Whether a key is content with a value that most are not."""
    if value == "-1":
        return key in ("value", "value_off", "minimum", "maximum", "non_critical", "critical")
    texts = ("address", "store", "type", "entity", "unit", "linearization", "reading", "rule")
    return value == '"\\u0000"' and key in (*texts, "ip", "netmask", "gateway")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("[[bmc]] # HERE\ncount = 1\n", "bmc[0].name", "missing; wanted is a string of 1 to 32 characters"),
        ("store = 'x'\nbmc = 1 # HERE\n", "bmc", "found 1; allowed is a list of at least 1"),
        ("[bmc] # HERE\nname = 'x'\n", "bmc", "found a table; allowed is a list"),
        (f"{ONE}vm = 'socket' # HERE\n", "bmc[0].vm", "unknown key; known here: name, count, makeup"),
        (f"{ONE}[bmc.telnet] # HERE\n", "bmc[0].telnet", "unknown key"),
        (f"{ONE}[bmc.lan]\nprot = 1 # HERE\n", "bmc[0].lan.prot", "did you mean port?"),
        (
            f"{ONE}[bmc.lan]\nport = 65536 # HERE\n",
            "bmc[0].lan.port",
            "found 65536; allowed is a whole number",
        ),
        (
            f"{ONE}count = true # HERE\n",
            "bmc[0].count",
            "found true; allowed is a whole number from 1 to 65536",
        ),
        (f"{ONE}[bmc.host]\nboot_seconds = inf # HERE\n", "bmc[0].host.boot_seconds", "finite"),
        (
            f"{ONE}[bmc.lan]\nsuites = [\n3,\n{{ privilege = 'user' }}, # HERE\n]\n",
            "bmc[0].lan.suites[1].suite",
            "missing; wanted is a whole number from 0 to 19",
        ),
    ],
)
def test_a_mistake_says_what_is_allowed(text: str, key: str, words: str, tmp_path: Path) -> None:
    assert_mistake(tmp_path, text, key, words)


def test_a_file_without_a_bmc_has_no_line(tmp_path: Path) -> None:
    wrong = mistake(tmp_path, "")
    assert (wrong.line, wrong.key) == (None, "bmc")
    assert wrong.text.startswith("missing; wanted is a list of at least 1, each a table")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb = \n", 2, "no TOML: Invalid value"),
        ("a = 1\na = 2\nb = 1\n", 2, "no TOML: Cannot overwrite a value"),
        ("[[bmc]\n", 1, "no TOML: Expected ']]'"),
        ("a = 1\nb = [1,\n\n", 3, "no TOML: "),
        ("=", 1, "no TOML: "),
    ],
)
def test_what_is_no_toml_has_its_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    wrong = mistake(tmp_path, text)
    assert (wrong.line, wrong.key) == (line, "")
    assert wrong.text.startswith(words)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml: cannot be read: No such file"):
        read(tmp_path / "nowhere.toml")
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        read(tmp_path)
    odd = tmp_path / "latin.toml"
    odd.write_bytes(b'name = "\xe9"\n')
    with pytest.raises(ConfigurationError, match=r"latin\.toml: not UTF-8 at byte 8"):
        read(odd)


@pytest.mark.parametrize("value", ['"hunter2hunter2hunter2"', "424242", '["hunter2", 3]', "{ hunter2 = 1 }"])
def test_no_error_shows_a_password(value: str, tmp_path: Path) -> None:
    wrong = mistake(tmp_path, f"{ONE}[[bmc.user]]\nname = 'a'\npassword = {value}\n")
    assert wrong.key == "bmc[0].user[0].password"
    seen = [str(wrong), repr(wrong), repr(wrong.__cause__)]
    assert not [text for text in seen if "hunter2" in text or "424242" in text]


def test_without_msgspec_the_error_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, ONE)
    monkeypatch.setitem(sys.modules, "msgspec", None)
    with pytest.raises(BaseboardError, match=r"msgspec is missing: pip install 'baseboard\[bmc\]' brings it"):
        read(path)
