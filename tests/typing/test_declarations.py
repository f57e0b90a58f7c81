"""A declaration has its types: mypy knows the fields, and refuses what would not fit."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SNIPPET = """
from __future__ import annotations

from ipaddress import IPv4Address
from baseboard.wire import BCD, Family, Message, OpenEnum, Record, Unknown, annotate, at

class Colour(OpenEnum):
    RED = 1

class Point(Record):
    x: int = at("1")

class Parameter(Family):
    pass

@Parameter.of(1)
class Vlan(Parameter):
    number: int = at("1:2")

class Sample(Message):
    number: int = at("1")
    flag: bool = at("2[7]", default=False)
    digits: str = at("3", codec=BCD, default="00")
    colour: Colour = at("4", default=Colour.RED)
    address: IPv4Address | None = at("5:8", default=None)
    points: tuple[Point, ...] = at("9:", default=())

class Chooser(Message):
    parameter: Parameter | Unknown = at("1:")

sample = Sample(number=1)
reveal_type(sample.number)
reveal_type(sample.flag)
reveal_type(sample.digits)
reveal_type(sample.colour)
reveal_type(sample.address)
reveal_type(sample.points)
reveal_type(Sample.decode(b""))
reveal_type(sample.encode())
reveal_type(sample.replace(number=2))
reveal_type(Chooser.decode(b"").parameter)
reveal_type(Parameter.unpack(b""))
reveal_type(Vlan(number=1))
reveal_type(annotate(sample))
sample.number = 2
sample.missing
Sample()
Sample(number="1")
Sample(number=1, other=2)
Sample(1)
Chooser(parameter=Point(x=1))
"""

EXPECTED = """
reveal_type(sample.number): note: Revealed type is "int"
reveal_type(sample.flag): note: Revealed type is "bool"
reveal_type(sample.digits): note: Revealed type is "str"
reveal_type(sample.colour): note: Revealed type is "Colour"
reveal_type(sample.address): note: Revealed type is "IPv4Address | None"
reveal_type(sample.points): note: Revealed type is "tuple[Point, ...]"
reveal_type(Sample.decode(b"")): note: Revealed type is "Sample"
reveal_type(sample.encode()): note: Revealed type is "bytes"
reveal_type(sample.replace(number=2)): note: Revealed type is "Sample"
reveal_type(Chooser.decode(b"").parameter): note: Revealed type is "Parameter | Unknown"
reveal_type(Parameter.unpack(b"")): note: Revealed type is "Parameter | Unknown"
reveal_type(Vlan(number=1)): note: Revealed type is "Vlan"
reveal_type(annotate(sample)): note: Revealed type is "list[Line]"
sample.number = 2: error: Property "number" defined in "Sample" is read-only  [misc]
sample.missing: error: "Sample" has no attribute "missing"  [attr-defined]
Sample(): error: Missing named argument "number" for "Sample"  [call-arg]
Sample(number="1"): error: Argument "number" to "Sample" has incompatible type "str"; expected "int"  [arg-type]
Sample(number=1, other=2): error: Unexpected keyword argument "other" for "Sample"  [call-arg]
Sample(1): error: Too many positional arguments for "Sample"  [misc]
Chooser(parameter=Point(x=1)): error: Argument "parameter" to "Chooser" has incompatible type "Point"; expected "Parameter | Unknown"  [arg-type]
"""


def test_mypy_knows_the_fields(tmp_path: Path) -> None:
    file = tmp_path / "snippet.py"
    file.write_text(SNIPPET)
    arguments = ["--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}", "--no-error-summary"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *arguments, str(file)],
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = SNIPPET.splitlines()
    said = [re.match(r"snippet\.py:(\d+): (.*)", line) for line in done.stdout.splitlines()]
    found = [f"{lines[int(match[1]) - 1]}: {match[2]}" for match in said if match]
    found = [
        re.sub(r"\b(builtins|snippet|ipaddress|baseboard\.\w+(\.\w+)?)\.(?=\w)", "", line) for line in found
    ]
    assert found == EXPECTED.strip().splitlines(), done.stderr
