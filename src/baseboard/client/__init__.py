"""The console as a library: reach a management controller and ask it anything.

``baseboard`` itself hands out what most programs need.
"""

from __future__ import annotations
