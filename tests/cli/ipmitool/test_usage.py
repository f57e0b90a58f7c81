"""The help texts; the runs side by side hold them against ipmitool's."""

from __future__ import annotations

import re

from baseboard.cli.ipmitool import usage
from baseboard.cli.ipmitool.arguments import INTERFACES
from baseboard.cli.ipmitool.main import NOUNS


def test_the_help_names_the_program() -> None:
    text = usage.usage("tool")
    assert text.startswith("tool version 1.8.19\n\nusage: tool [options...] <command>\n\n       -h ")


def test_every_noun_of_the_list_is_taken() -> None:
    listed = re.findall(r"^\t(\w+) ", usage.COMMANDS, re.MULTILINE)
    # ipmitool takes two more than it lists.
    assert set(NOUNS) - set(listed) == {"bmc", "echo"}
    assert set(listed) <= set(NOUNS)


def test_every_interface_of_the_list_is_taken() -> None:
    names = re.findall(r"^\t([\w-]+) +", usage.usage("ipmitool").split("Commands:")[0], re.MULTILINE)
    assert tuple(names) == INTERFACES
