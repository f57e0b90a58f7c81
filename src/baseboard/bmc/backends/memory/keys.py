"""What a person types: characters become keys, keys become lines."""

from __future__ import annotations

from collections.abc import Callable

ENTER, BACKSPACE, TAB, UP, DOWN, LEFT, RIGHT, DELETE = (
    "enter",
    "backspace",
    "tab",
    "up",
    "down",
    "left",
    "right",
    "delete",
)
END_OF_INPUT = "\x04"
LINE_LIMIT = 255
HISTORY_LIMIT = 16

CONTROL = {0x08: BACKSPACE, 0x09: TAB, 0x0A: ENTER, 0x0D: ENTER, 0x7F: BACKSPACE}
ESCAPES = {
    "[A": UP,
    "[B": DOWN,
    "[C": RIGHT,
    "[D": LEFT,
    "OA": UP,
    "OB": DOWN,
    "OC": RIGHT,
    "OD": LEFT,
    "[3~": DELETE,
}


class KeyDecoder:
    """Characters to keys: a printable character is itself, ``^C`` a control character, others have names."""

    __slots__ = ("_escape",)

    def __init__(self) -> None:
        self._escape: str | None = None

    def key(self, character: int) -> str:
        """The key that this character completes; empty = none yet, or none that we know."""
        if self._escape is not None:
            return self._in_escape(chr(character))
        if character == 0x1B:
            self._escape = ""
            return ""
        if character in CONTROL:
            return CONTROL[character]
        return "^" + chr(character + 0x40) if character < 0x20 else chr(character)

    def _in_escape(self, character: str) -> str:
        """ECMA-48: ``ESC [`` parameters final, and ``ESC O`` final of the application keypad."""
        sequence = f"{self._escape}{character}"
        begins = sequence in ("[", "O")
        goes_on = sequence.startswith("[") and not "@" <= character <= "~" and len(sequence) < 8
        self._escape = sequence if begins or goes_on else None
        return "" if self._escape is not None else ESCAPES.get(sequence, "")


class LineEditor:
    """One line being typed: echo, backspace, ^U, ^W, ^C, ^D, ^L and the lines before.

    Args:
        write: prints.
        prompt: printed by :meth:`begin` and after ^C.
        echo: whether what is typed is shown; a password is not, and keeps no history.
        history: lines typed before, the last one last; grows.
    """

    __slots__ = ("_back", "_echo", "_history", "_prompt", "_text", "_write")

    def __init__(
        self, write: Callable[[str], None], prompt: str, echo: bool = True, history: list[str] | None = None
    ) -> None:
        self._write = write
        self._prompt = prompt
        self._echo = echo
        self._history: list[str] = [] if history is None else history
        self._text = ""
        self._back = 0

    def begin(self, prompt: str | None = None) -> None:
        """Print the prompt, with an empty line behind it."""
        if prompt is not None:
            self._prompt = prompt
        self._text, self._back = "", 0
        self._write(self._prompt)

    def key(self, key: str) -> str | None:
        """Take one key.

        Returns: the line when it is done, :data:`END_OF_INPUT` for ^D on an empty line, else None.
        """
        if key == ENTER:
            return self._done()
        if key == "^D" and not self._text:
            return END_OF_INPUT
        if key in (BACKSPACE, DELETE):
            self._replace(self._text[:-1])
        elif key in ("^U", "^W"):
            self._replace("" if key == "^U" else self._text.rstrip().rpartition(" ")[0])
        elif key == "^C":
            self._write("^C\n")
            self.begin()
        elif key == "^L":
            self._write(f"\x1b[2J\x1b[H{self._prompt}{self._text if self._echo else ''}")
        elif key in (UP, DOWN):
            self._recall(1 if key == UP else -1)
        elif len(key) == 1:
            self._insert(key)
        return None

    def _insert(self, key: str) -> None:
        if len(self._text) >= LINE_LIMIT:
            self._write("\a")
            return
        self._text += key
        if self._echo:
            self._write(key)

    def _replace(self, text: str) -> None:
        """Change the line's end: wipe out what no longer holds, print what is new."""
        same = 0
        for old, new in zip(self._text, text, strict=False):
            if old != new:
                break
            same += 1
        gone = len(self._text) - same
        self._text = text
        if self._echo:
            self._write("\b \b" * gone + text[same:])

    def _recall(self, step: int) -> None:
        back = self._back + step
        if self._echo and 0 <= back <= len(self._history):
            self._back = back
            self._replace(self._history[-back] if back else "")

    def _done(self) -> str:
        line = self._text
        self._write("\n")
        if self._echo and line.strip() and self._history[-1:] != [line]:
            self._history.append(line)
            del self._history[:-HISTORY_LIMIT]
        self._text, self._back = "", 0
        return line
