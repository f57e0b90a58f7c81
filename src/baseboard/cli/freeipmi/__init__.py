"""FreeIPMI's programs as far as other software calls them: the same options, output and exit codes."""

from __future__ import annotations
