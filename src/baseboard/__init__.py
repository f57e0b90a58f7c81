"""IPMI v2.0 made whole: the management controller, its console, and every wire between them.

What most programs need stands here: `connect`, `Bmc`, `Settings`, `Target`, `deadline` and the errors. Each
is imported when it is first used, so that ``import baseboard`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.connect import connect
    from baseboard.client.deadline import deadline
    from baseboard.client.interface import Target
    from baseboard.client.settings import Settings
    from baseboard.errors import (
        BaseboardError,
        Busy,
        CommandUnknown,
        CompletionError,
        ConsentNeeded,
        CredentialTooLong,
        DeadlinePassed,
        DecodeError,
        HostUnknown,
        KeyRefused,
        LoginError,
        LoginRefused,
        NoEffect,
        NoResponse,
        NoSessionSlot,
        NotFound,
        NotIpmi,
        PasswordRefused,
        PrivilegeTooLow,
        RoleRefused,
        SessionClosed,
        SuiteRefused,
        TransportError,
        Unreachable,
        UserRefused,
    )

__version__ = "0.1.0"

__all__ = [
    "BaseboardError",
    "Bmc",
    "Busy",
    "CommandUnknown",
    "CompletionError",
    "ConsentNeeded",
    "CredentialTooLong",
    "DeadlinePassed",
    "DecodeError",
    "HostUnknown",
    "KeyRefused",
    "LoginError",
    "LoginRefused",
    "NoEffect",
    "NoResponse",
    "NoSessionSlot",
    "NotFound",
    "NotIpmi",
    "PasswordRefused",
    "PrivilegeTooLow",
    "RoleRefused",
    "SessionClosed",
    "Settings",
    "SuiteRefused",
    "Target",
    "TransportError",
    "Unreachable",
    "UserRefused",
    "__version__",
    "connect",
    "deadline",
]

_CLIENT: Final = {
    "Bmc": "baseboard.client.bmc",
    "Settings": "baseboard.client.settings",
    "Target": "baseboard.client.interface",
    "connect": "baseboard.client.connect",
    "deadline": "baseboard.client.deadline",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_CLIENT.get(name, "baseboard.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All that there is, imported or not."""
    return sorted({*globals(), *__all__})
