"""Events show what happened, not what was said."""

from __future__ import annotations

from baseboard.rmcp.console_events import Answered, PayloadArrived


def test_data_is_not_shown() -> None:
    assert repr(Answered(7, b"\xc9secret")) == "<answer to 7: C9h and 6 bytes>"
    assert repr(PayloadArrived(1, b"typed password")) == "<payload 01h of 14 bytes>"
