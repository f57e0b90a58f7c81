"""Master Write-Read (§22.11)."""

from __future__ import annotations

from baseboard.commands.app.bus import MasterWriteRead
from tests.commands.lengths import takes


def test_nothing_written_and_nothing_read_probes_an_address() -> None:
    assert MasterWriteRead(slave_address=0x50).encode() == b"\x00\xa0\x00"
    takes(MasterWriteRead, *range(3, 25))
