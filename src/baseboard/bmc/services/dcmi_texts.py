"""The asset tag and the controller's own name, which consoles write in pieces (DCMI 1.5, 6.4.2-6.4.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc, FruLanguage
from baseboard.commands.groups.dcmi import PIECE, GetAssetTag
from baseboard.errors import CompletionError, DecodeError
from baseboard.records.fru import read_fru
from baseboard.records.strings import Encoding, Text

LONGEST_TAG = 63
LONGEST_NAME = 64
"""Bytes of the identifier string with the 00h that ends it."""

OWN_FRU = 0
_SECTION = "dcmi text"
_TAG, _NAME = 0, 1
_ENGLISH = (FruLanguage.ENGLISH, FruLanguage.ENGLISH_ISO639)
_CODES = {
    Encoding.BINARY: GetAssetTag.BINARY,
    Encoding.BCD_PLUS: GetAssetTag.BCD_PLUS,
    Encoding.SIX_BIT: GetAssetTag.SIX_BIT,
}


class Tag(NamedTuple):
    """An asset tag.

    Attributes:
        data: its bytes.
        code: how they are encoded, as completion code; 00h = ASCII, Latin 1 or marked UTF-8.
    """

    data: bytes
    code: int


class AssetTag:
    """The asset tag: what a console set, else that of the FRU inventory's product area."""

    __slots__ = ("_fru", "_home", "_told")

    def __init__(self, home: Home, fru: FruInventory, kept: dict[int, bytes]) -> None:
        self._home, self._fru = home, fru
        self._told = kept.get(_TAG)

    def get(self) -> Tag:
        """The whole tag."""
        if self._told is not None:
            return Tag(self._told, 0)
        return self._stored()

    def set(self, offset: int, piece: bytes) -> int:
        """Write a piece; what was behind it is cut off.

        Returns: the length of the tag now.

        Raises:
            CompletionError: C9h, it does not fit, or it would leave a gap.
        """
        before = self.get().data
        if offset + len(piece) > LONGEST_TAG or len(piece) > PIECE or offset > len(before):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        self._told = before[:offset] + piece
        self._home.journal.put(_SECTION, _TAG, self._told)
        return len(self._told)

    def _stored(self) -> Tag:
        """The tag in the inventory, byte for byte; the code tells what to make of it."""
        try:
            product = read_fru(self._fru.read(OWN_FRU, 0, self._fru.size(OWN_FRU))).product
        except (CompletionError, DecodeError):  # there is no inventory, or anybody has written into it
            return Tag(b"", 0)
        text = "" if product is None else product.asset_tag
        if not isinstance(text, Text) or product is None:
            return Tag(b"", 0)
        code = _CODES.get(text.encoding, 0)
        if not code and product.language not in _ENGLISH:
            code = GetAssetTag.OTHER_LANGUAGE
        return Tag(text.raw[:LONGEST_TAG], code)


class Identifier:
    """The Management Controller Identifier String, which is also the name that DHCP tells.

    Attributes:
        on_named: called when a console has written all of it.
    """

    __slots__ = ("_home", "_pending", "_told", "on_named")

    def __init__(self, home: Home, kept: dict[int, bytes]) -> None:
        self._home = home
        self._told = kept.get(_NAME)
        self._pending: bytes | None = None
        self.on_named: list[Callable[[], None]] = []

    def get(self) -> bytes:
        """The name, without the 00h at its end; by default DCMI and the hardware address."""
        if self._told is not None:
            return self._told
        return b"DCMI" + self._home.blueprint.lan.mac.hex().upper().encode()

    def set(self, offset: int, piece: bytes) -> int:
        """Write a piece; the one with a 00h makes what was written the name.

        Returns: where the piece ended.

        Raises:
            CompletionError: C9h, it does not fit, or it would leave a gap; CCh, it fills all and has no 00h.
        """
        before = self.get() if self._pending is None or offset == 0 else self._pending
        end = offset + len(piece)
        if end > LONGEST_NAME or len(piece) > PIECE or offset > len(before):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if end == LONGEST_NAME and 0 not in piece:
            raise CompletionError(Cc.INVALID_DATA)
        written = before[:offset] + piece
        if 0 not in piece:
            self._pending = written
            return end
        self._pending = None
        self._told = written[: written.index(0)]
        self._home.journal.put(_SECTION, _NAME, self._told)
        for listener in self.on_named:
            listener()
        return end


def texts(home: Home, fru: FruInventory) -> tuple[AssetTag, Identifier]:
    """Both, with what the last run left of them."""
    kept = home.journal.saved(_SECTION)
    return AssetTag(home, fru, kept), Identifier(home, kept)
