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

REVEALED = {
    "sample.number": "int",
    "sample.flag": "bool",
    "sample.digits": "str",
    "sample.colour": "Colour",
    "sample.address": "IPv4Address | None",
    "sample.points": "tuple[Point, ...]",
    'Sample.decode(b"")': "Sample",
    "sample.encode()": "bytes",
    "sample.replace(number=2)": "Sample",
    'Chooser.decode(b"").parameter': "Parameter | Unknown",
    'Parameter.unpack(b"")': "Parameter | Unknown",
    "Vlan(number=1)": "Vlan",
    "annotate(sample)": "list[Line]",
}
REFUSED = {
    "sample.number = 2": 'Property "number" defined in "Sample" is read-only',
    "sample.missing": '"Sample" has no attribute "missing"',
    "Sample()": 'Missing named argument "number" for "Sample"',
    'Sample(number="1")': 'Argument "number" to "Sample" has incompatible type "str"; expected "int"',
    "Sample(number=1, other=2)": 'Unexpected keyword argument "other" for "Sample"',
    "Sample(1)": 'Too many positional arguments for "Sample"',
    "Chooser(parameter=Point(x=1))": (
        'Argument "parameter" to "Chooser" has incompatible type "Point"; expected "Parameter | Unknown"'
    ),
}


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
    found: dict[str, str] = {}
    for said in done.stdout.splitlines():
        match = re.match(r"snippet\.py:(\d+): (?:error|note: Revealed type is)(?:: )?(.*)", said)
        assert match, said
        line = lines[int(match[1]) - 1]
        text = re.sub(r"\b(builtins|snippet|ipaddress|baseboard\.\w+(\.\w+)?)\.(?=\w)", "", match[2].strip())
        found[line] = re.sub(r"  \[[\w-]+\]$", "", text)
    expected = {f"reveal_type({source})": f'"{kind}"' for source, kind in REVEALED.items()}
    assert found == {**expected, **REFUSED}, done.stderr
