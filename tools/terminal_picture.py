"""Draws what a terminal shows as an SVG: text with ANSI colours in, a picture out.

::

    tmux capture-pane -e -p | tools/terminal_picture.py --title "baseboard lab" > docs/lab.svg
    tools/terminal_picture.py --run './baseboard lab' --until 'Ctrl-C' --size 100x30 > docs/lab.svg

With ``--run`` it starts a tmux server of its own, types each command into one shell, waits until the text of
``--until`` is there (or the prompt again), and draws what is then on the screen.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

# A terminal's sixteen colours, on a dark ground; the same in every picture.
PALETTE = [
    *("#1d1f21", "#cc6666", "#8cb369", "#e0b45c", "#6fa8dc", "#b294bb", "#76c7c0", "#c5c8c6"),
    *("#707880", "#e88080", "#b5d99c", "#f5d28a", "#9cc7f0", "#d0b3d8", "#a0e4de", "#ffffff"),
]
GROUND, INK, FRAME = "#16181a", "#d0d4d8", "#2b2f33"
# One character cell, and the edge around all, in pixels.
WIDE, HIGH, EDGE, BAR = 8.4, 18, 14, 30
FONTS = "ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace"
# How long a text may take to come, seconds; and the prompt, last on the screen.
PATIENCE, PROMPT = 60, r"^\$\Z"


@dataclass(frozen=True)
class Look:
    """How a run of characters is drawn."""

    ink: str = INK
    ground: str = ""
    bold: bool = False
    italic: bool = False
    underlined: bool = False


@dataclass(frozen=True)
class Run:
    """Characters of one look, and the column where they begin."""

    column: int
    text: str
    look: Look


def indexed(number: int) -> str:
    """A colour of the table of 256: 16 named, a cube of 216, 24 greys."""
    if number < 16:
        return PALETTE[number]
    if number >= 232:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    cube = number - 16
    return "#" + "".join(
        f"{55 + 40 * level if level else 0:02x}" for level in (cube // 36, cube // 6 % 6, cube % 6)
    )


def colour(codes: list[int]) -> str:
    """The colour that follows 38 or 48, whose codes are taken off the list."""
    kind = codes.pop(0) if codes else 0
    if kind == 5 and codes:
        return indexed(codes.pop(0))
    if kind == 2 and len(codes) >= 3:
        return "#" + "".join(f"{codes.pop(0):02x}" for _ in range(3))
    return INK


def changed(look: Look, parameters: str) -> Look:
    """The look after a Select Graphic Rendition sequence (ECMA-48, 8.3.117)."""
    codes = [int(code or 0) for code in parameters.replace(":", ";").split(";")]
    while codes:
        match codes.pop(0):
            case 0:
                look = Look()
            case 1 | 22 as code:
                look = replace(look, bold=code == 1)
            case 3 | 23 as code:
                look = replace(look, italic=code == 3)
            case 4 | 24 as code:
                look = replace(look, underlined=code == 4)
            case 7:
                look = replace(look, ink=look.ground or GROUND, ground=look.ink)
            case 38:
                look = replace(look, ink=colour(codes))
            case 48:
                look = replace(look, ground=colour(codes))
            case 39:
                look = replace(look, ink=INK)
            case 49:
                look = replace(look, ground="")
            case code if code // 10 in (3, 9) and code % 10 < 8:
                look = replace(look, ink=PALETTE[code % 10 + 8 * (code >= 90)])
            case code if code // 10 in (4, 10) and code % 10 < 8:
                look = replace(look, ground=PALETTE[code % 10 + 8 * (code >= 100)])
    return look


def lines(text: str) -> list[list[Run]]:
    """The lines of a screen as runs; a look lasts over the end of a line, other sequences are dropped."""
    look, screen = Look(), []
    for line in text.rstrip("\n").split("\n"):
        runs: list[Run] = []
        column = 0
        for piece in re.split(r"(\x1b\[[0-9;:?]*[A-Za-z])", line):
            if piece.startswith("\x1b["):
                look = changed(look, piece[2:-1]) if piece.endswith("m") else look
            elif piece:
                runs.append(Run(column, piece, look))
                column += len(piece)
        screen.append(runs)
    return screen


def drawn(run: Run, top: float) -> Iterator[str]:
    """The elements of one run."""
    left, width = EDGE + run.column * WIDE, len(run.text) * WIDE
    if run.look.ground:
        yield f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{HIGH}" fill="{run.look.ground}"/>'
    extra = ' font-weight="bold"' if run.look.bold else ""
    extra += ' font-style="italic"' if run.look.italic else ""
    extra += ' text-decoration="underline"' if run.look.underlined else ""
    # Placed piece by piece, since some readers draw several blanks as one; textLength keeps columns in line
    # whichever fixed-width font the reader has.
    for piece in re.finditer(r"\S+(?: \S+)*", run.text):
        left, width = EDGE + (run.column + piece.start()) * WIDE, len(piece[0]) * WIDE
        yield (
            f'<text x="{left:.1f}" y="{top + 13}" textLength="{width:.1f}" fill="{run.look.ink}"{extra}>'
            f"{escape(piece[0])}</text>"
        )


def picture(text: str, title: str, columns: int = 0) -> str:
    """The whole SVG.

    Args:
        text: lines with SGR sequences, as `tmux capture-pane -e -p` prints them.
        title: what stands in the bar, and is read out to those who cannot see.
        columns: how wide the terminal is; 0: as its longest line.
    """
    screen = lines(text)
    longest = max((run.column + len(run.text.rstrip()) for line in screen for run in line), default=0)
    width = 2 * EDGE + round((columns or longest) * WIDE)
    height = BAR + 2 * EDGE + len(screen) * HIGH
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="{GROUND}"/>',
        f'<path d="M0 {BAR}V8a8 8 0 0 1 8-8H{width - 8}a8 8 0 0 1 8 8V{BAR}z" fill="{FRAME}"/>',
        f'<g font-family="{FONTS}" font-size="14">',
        f'<text x="{width / 2}" y="20" text-anchor="middle" fill="{INK}">{escape(title)}</text>',
    ]
    for number, line in enumerate(screen):
        for run in line:
            parts += drawn(run, BAR + EDGE + number * HIGH)
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"


class Terminal:
    """A tmux server of our own with one shell in it."""

    def __init__(self, folder: str, columns: int, rows: int) -> None:
        self.columns = columns
        self.socket = str(Path(folder) / "tmux")
        shell = "env PS1='$ ' HISTFILE= bash --norc --noprofile"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), shell)

    def tmux(self, *words: str) -> str:
        command = ["tmux", "-S", self.socket, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout

    def type(self, command: str) -> None:
        self.tmux("send-keys", "-l", command)
        # Once it is there the prompt is not the last line any more; a long command goes on in the next line.
        self.wait(re.escape(f"$ {command}"[: self.columns]))
        self.tmux("send-keys", "Enter")

    def wait(self, pattern: str) -> None:
        """Until the screen shows it.

        Raises:
            TimeoutError: it never did; the text is what the screen shows instead.
        """
        until = time.monotonic() + PATIENCE
        while not re.search(pattern, shown := self.tmux("capture-pane", "-p").rstrip(), re.MULTILINE):
            if time.monotonic() > until:
                raise TimeoutError(f"{pattern!r} is not on the screen:\n{shown}")
            time.sleep(0.1)

    def screen(self) -> str:
        return self.tmux("capture-pane", "-e", "-p")


def recorded(commands: list[str], patterns: list[str], columns: int, rows: int) -> str:
    """The screen after each command was typed and its pattern, if it has one, was seen."""
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(folder, columns, rows)
        try:
            terminal.wait(PROMPT)
            for number, command in enumerate(commands):
                terminal.type(command)
                terminal.wait(patterns[number] if number < len(patterns) else PROMPT)
            return terminal.screen()
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                terminal.tmux("kill-server")


def main(argv: list[str] | None = None) -> int:
    """Draw standard input, or what the commands show."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--title", default="terminal", help="what stands in the bar")
    parser.add_argument(
        "--run", action="append", default=[], metavar="COMMAND", help="type this; may be repeated"
    )
    parser.add_argument(
        "--until", action="append", default=[], metavar="PATTERN", help="wait for this after it"
    )
    parser.add_argument("--size", default="100x30", metavar="COLUMNSxROWS")
    arguments = parser.parse_args(argv)
    columns, rows = (int(number) for number in arguments.size.split("x"))
    if arguments.run:
        text = recorded(arguments.run, arguments.until, columns, rows)
        sys.stdout.write(picture(text, arguments.title, columns))
    else:
        sys.stdout.write(picture(sys.stdin.read(), arguments.title))
    return 0


if __name__ == "__main__":
    sys.exit(main())
