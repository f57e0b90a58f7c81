"""A row of Table 42-2 or 42-3."""

from __future__ import annotations

from baseboard.codes import Offset


def test_most_offsets_leave_the_event_data_open() -> None:
    assert Offset("Presence detected") == ("Presence detected", "", "")
    assert Offset("LAN Leash Lost", data2="network controller").data3 == ""
