"""IPMI v2.0 made whole: the management controller, its console, and every wire between them."""

from __future__ import annotations

__version__ = "0.1.0"
