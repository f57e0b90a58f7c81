"""The layout, and the annotated file that shows all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from msgspec import inspect

from baseboard.bmc.configuration import load
from baseboard.bmc.configuration.layout import File, User

TEMPLATE = (files("baseboard.bmc.configuration") / "template.toml").read_text(encoding="utf-8")
TEXT = TEMPLATE.replace("@GUID@", "2f1e8c50-3a4b-4c5d-8e6f-001122334455").replace("@PASSWORD@", "secret")
# Tables that stand for themselves in a value: an entry of suites, the two sides' thresholds, GPIO lines.
INLINE = {
    "contains", "suites", "lower", "upper", "account", "source", "temperature", "pwm", "hwmon",
    "power_button", "power_led", "reset_button", "nmi_button", "identify", "heartbeat",
    "power_input", "reset_input", "nmi_input", "identify_input",
}  # fmt: skip
# The three ways of a secret, and contents from a file: only one of them can be there.
EITHER = {"kg_env", "kg_file", "password_env", "password_file", "file", "namespace", "tap"}


def tables(kind: inspect.Type, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Every table of the layout that has a header, and its keys."""
    match kind:
        case inspect.StructType():
            inner = {field.name: list(tables(field.type, (*path, field.name))) for field in kind.fields}
            yield path, {name for name, below in inner.items() if not below or name in INLINE}
            for name, below in inner.items():
                yield from below if name not in INLINE else ()
        case inspect.ListType():
            yield from tables(kind.item_type, path)
        case inspect.UnionType():
            for one in kind.types:
                yield from tables(one, path)
        case inspect.Metadata():
            yield from tables(kind.type, path)
        case _:
            return


LAYOUT = dict(tables(inspect.type_info(File)))


def shown() -> dict[tuple[str, ...], set[str]]:
    """Every key that the template shows, commented out or not, by its table."""
    found: dict[tuple[str, ...], set[str]] = {}
    table: tuple[str, ...] = ()
    for line in TEMPLATE.splitlines():
        if header := re.fullmatch(r"(?:# )?\[+([a-z_.]+)\]+", line):
            table = tuple(header[1].split("."))
        elif key := re.match(r"(?:# )?([a-z0-9_]+) = ", line):
            found.setdefault(table, set()).add(key[1])
    return found


def test_the_template_shows_every_key_and_no_other() -> None:
    assert shown() == LAYOUT


def test_the_template_is_right_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bmc.toml"
    path.write_text(TEXT)
    (one,) = load([path]).bmcs
    assert [user.name for user in one.blueprint.users] == [b"admin"]
    assert one.blueprint.lan.suites == ((3, 4), (17, 4))
    assert one.blueprint.lan.auth_types == 0
    assert {"Inlet Temp", "Drive 4 Temp", "Drive Fault"} <= {one.name for one in one.blueprint.sensors}


def test_a_table_does_not_show_what_it_holds() -> None:
    """A traceback that shows one is no place for a password."""
    assert repr(User(name="admin", password="hunter2")) == "<User>"


def uncommented() -> list[str]:
    """The template's examples, each with its table's header before it."""
    found: list[str] = []
    table, first = "", True
    for line in TEXT.splitlines():
        if header := re.fullmatch(r"(?:# )?(\[+[a-z_.]+\]+)", line):
            table, first = header[1], line.startswith("#")
        elif line.startswith("# ") and re.match(r"# [a-z0-9_]+ = ", line) and not first:
            key = line[2:].partition(" ")[0]
            found += [] if key in EITHER else [f"{table} {line[2:]}"]
    return found


@pytest.mark.parametrize("example", uncommented())
def test_every_example_is_right(example: str, tmp_path: Path) -> None:
    """With its comment sign taken away a line holds as it stands."""
    line = re.sub(r"^\[*[a-z_.]*\]* ", "", example)
    lines = TEXT.splitlines()
    lines[lines.index(f"# {line}")] = line
    if line.startswith("rule"):
        lines.remove("holds = [0]")
    path = tmp_path / "bmc.toml"
    path.write_text("\n".join(lines))
    assert len(load([path]).bmcs) == 1
