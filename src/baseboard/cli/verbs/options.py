"""Options that send commands of their own: how a BMC is reached, and the login on the way there."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

_LOGIN: Final = ("GetChannelAuthenticationCapabilities", "SetSessionPrivilegeLevel", "CloseSession")

OPTIONS: Final[tuple[Verb, ...]] = (
    Verb("-I lanplus", "", "log in by RMCP+", sends=_LOGIN),
    Verb("-I lan", "", "log in by IPMI v1.5", sends=(*_LOGIN, "GetSessionChallenge", "ActivateSession")),
    Verb("-t", "ADDRESS", "bridge to another controller", sends=("SendMessage",)),
)
"""In the form of verbs: the words are the option."""
