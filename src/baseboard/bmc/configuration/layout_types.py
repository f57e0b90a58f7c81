"""Types of keys that several tables of a file have, and the base of all tables."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

Byte: TypeAlias = Annotated[int, Meta(ge=0, le=0xFF)]
Word: TypeAlias = Annotated[int, Meta(ge=0, le=0xFFFF)]
Positive: TypeAlias = Annotated[int, Meta(ge=1, le=0x7FFF_FFFF)]
Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=86_400)]
Value: TypeAlias = Annotated[float, Meta(ge=-1e12, le=1e12)]
Offset: TypeAlias = Annotated[int, Meta(ge=0, le=14)]
Instance: TypeAlias = Annotated[int, Meta(ge=1, le=0x7F)]
Port: TypeAlias = Annotated[int, Meta(ge=0, le=0xFFFF)]
Hex: TypeAlias = Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]{2})*$")]
Line: TypeAlias = Annotated[str, Meta(max_length=63, pattern=r"^[^\x00-\x1f]*$")]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[^\x00-\x1f]+$")]
IdString: TypeAlias = Annotated[str, Meta(min_length=1, max_length=16, pattern=r"^[^\x00-\x1f]+$")]
Guid: TypeAlias = Annotated[str, Meta(pattern="^[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}$")]
InterfaceName: TypeAlias = Annotated[str, Meta(pattern=r"^[^\s/]{1,15}$")]
Variable: TypeAlias = Annotated[str, Meta(pattern="^[A-Za-z_][A-Za-z0-9_]*$")]
Level: TypeAlias = Literal["callback", "user", "operator", "administrator", "oem"]


class Table(Struct, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; a key that it does not name is a mistake."""

    def __repr__(self) -> str:
        # No values: passwords and keys may be among them.
        return f"<{type(self).__name__}>"
