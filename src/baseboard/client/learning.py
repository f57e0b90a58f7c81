"""What a console learns about a controller: kept while the `Bmc` lives, and in the profile of its firmware.

Nothing is asked of a controller to know what was learned before: the profile of the firmware that was met
last at its address will do, since whatever does not fit is learned anew. Who it is, is asked when there is
something to keep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.client.profile import Profile, point, pointed, profile_path
from baseboard.errors import BaseboardError

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.interface import Target

SIZES: Final = ("sdr_read", "fru_read", "sel_read")
"""The safe sizes of reads, by their names in a profile."""


class Learned:
    """What is known of one controller.

    Args:
        bmc: the console's way to it.
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc
        self._sizes: dict[tuple[str, Target], int] = {}
        chosen = bmc.settings
        # A controller in the same process has no address that it could be found by.
        self._lasting = chosen.learn and bmc.interface.name != "memory"

    def size(self, what: str, target: Target | None = None) -> int:
        """Tell how many bytes a read may have.

        Args:
            what: of which kind: ``sdr_read``, ``fru_read`` or ``sel_read``.
            target: of a controller behind the BMC; None = of the one that the settings name.

        Returns: 0 = not known.
        """
        own = self._bmc.settings.target
        key = what, own if target is None else target
        if key not in self._sizes:
            self._sizes[key] = int(getattr(self._before(), what)) if target in (None, own) else 0
        return self._sizes[key]

    async def keep_size(self, what: str, size: int, target: Target | None = None) -> None:
        """Remember how many bytes a read may have; see `size`."""
        if size == self.size(what, target):
            return
        own = self._bmc.settings.target
        self._sizes[what, own if target is None else target] = size
        if target in (None, own):
            await self.keep()

    async def keep(self) -> None:
        """Write down what was learned, where that is wished and the controller says who it is."""
        if not self._lasting:
            return
        try:
            path = profile_path(await self._bmc.identity(), self._bmc.settings.cache)
        except BaseboardError:
            return
        known = Profile.load(path)
        own = self._bmc.settings.target
        sizes = {what: size for what in SIZES if (size := self._sizes.get((what, own), 0))}
        learned = known.replace(quirks=known.quirks | self._bmc.quirks_met, **sizes)
        if learned != known:
            learned.store(path)
        point(self._bmc.settings, path)

    def _before(self) -> Profile:
        """What was learned by those who came before."""
        if not self._lasting:
            return Profile()
        identity = self._bmc.known_identity
        if identity is not None:
            return Profile.load(profile_path(identity, self._bmc.settings.cache))
        return pointed(self._bmc.settings)
