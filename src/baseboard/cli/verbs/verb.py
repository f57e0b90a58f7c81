"""What the table of verbs says about one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baseboard.cli.long_options import LongOption


class Verb:
    """One verb.

    Attributes:
        words: noun and verb, without aliases.
        arguments: what follows them, as help shows it.
        summary: one line.
        many: it lists: its JSON result is an array.
        loses: what is gone or stopped afterwards; several hosts want ``--yes`` then; empty for none.
        options: long options of its own.
        sends: names of the commands that it is there to send, as `baseboard.commands` has them.
    """

    # There are 300, and what is made by hand is made in a quarter of the time that a `Value` takes.
    def __init__(
        self,
        words: str,
        arguments: str,
        summary: str,
        many: bool = False,
        loses: str = "",
        options: tuple[LongOption, ...] = (),
        sends: tuple[str, ...] = (),
    ) -> None:
        self.words, self.arguments, self.summary = words, arguments, summary
        self.many, self.loses, self.options, self.sends = many, loses, options, sends
