"""The picture of a terminal: what it makes of colours, and of a real one."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest

from tools.terminal_picture import GROUND, INK, PALETTE, Look, Run, changed, indexed, lines, main, picture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("parameters", "look"),
    [
        ("", Look()),
        ("1;31", Look(ink=PALETTE[1], bold=True)),
        ("3;4;92", Look(ink=PALETTE[10], italic=True, underlined=True)),
        ("44", Look(ground=PALETTE[4])),
        ("103", Look(ground=PALETTE[11])),
        ("7", Look(ink=GROUND, ground=INK)),
        ("38;5;196", Look(ink="#ff0000")),
        ("38;5;16", Look(ink="#000000")),
        ("48;5;244", Look(ground="#808080")),
        ("38:2:1:2:255", Look(ink="#0102ff")),
        ("1;22;31;39;41;49", Look()),
    ],
)
def test_a_sequence_gives_a_look(parameters: str, look: Look) -> None:
    assert changed(Look(), parameters) == look


def test_a_look_goes_on_until_it_is_changed() -> None:
    red = Look(ink=PALETTE[1])
    assert lines("a\x1b[31mbc\x1b[0m\n\x1b[31md\ne\x1b[K\n") == [
        [Run(0, "a", Look()), Run(1, "bc", red)],
        [Run(0, "d", red)],
        [Run(0, "e", red)],
    ]


def test_the_table_of_colours_has_its_corners() -> None:
    assert [indexed(number) for number in (0, 15, 231, 232, 255)] == [
        *(PALETTE[0], PALETTE[15]),
        *("#ffffff", "#080808", "#eeeeee"),
    ]


def test_the_picture_is_xml_that_reads_as_the_screen() -> None:
    root = ET.fromstring(picture("$ <tag>  & 'more'\n\x1b[7m  ok  \x1b[0m\n", "a & b"))
    assert [element.text for element in root.iter(f"{SVG}text")] == ["a & b", "$ <tag>", "& 'more'", "ok"]
    assert root.findtext(f"{SVG}title") == "a & b"
    assert len(list(root.iter(f"{SVG}rect"))) == 2


def test_standard_input_is_drawn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hello\n"))
    assert main(["--title", "greeting"]) == 0
    root = ET.fromstring(capsys.readouterr().out)
    assert [element.text for element in root.iter(f"{SVG}text")] == ["greeting", "hello"]
