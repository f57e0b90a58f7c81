"""The options that ipmitool's grammar has, parsed."""

from __future__ import annotations

from baseboard.client.settings import Settings
from baseboard.wire.value import Value, told


class Options(Value, kw_only=True):
    """What was given besides the words of the command.

    Attributes:
        settings: how the BMC is reached.
        csv: ``-c``.
        verbose: how many ``-v``.
        utc: ``-Z``: all times in UTC.
        escape: ``-e``: the escape character of a SOL console.
        sdr_file: ``-S``: read the SDRs from this file.
        oem: ``-o``.
        sel_file: ``-O``: names of OEM SEL entries.
        host_list: what ``-H`` said, before it was expanded.
        compat: the release of ipmitool whose output is wanted where releases differ.
        packet_size: ``-z``: bytes of data that a request may have; 0 = what the interface bears.
    """

    settings: Settings = told(default_factory=Settings)
    csv: bool = False
    verbose: int = 0
    utc: bool = False
    escape: str = "~"
    sdr_file: str = ""
    oem: str = ""
    sel_file: str = ""
    host_list: str = ""
    compat: str = "1.8.19"
    packet_size: int = 0
