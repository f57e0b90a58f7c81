"""asyncio, imported for one short command: without the TLS that it would load for nobody here."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import cast


def load_without_tls() -> None:
    """Import asyncio as in a Python that is built without ssl, if nobody has imported either yet.

    IPMI has no TLS, and loading it takes a tenth of the time of a whole power status.
    """
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    # What asyncio finds in place of the module makes its import fail, which asyncio provides for.
    sys.modules["ssl"] = cast("ModuleType", None)
    try:
        importlib.import_module("asyncio")
    finally:
        del sys.modules["ssl"]
