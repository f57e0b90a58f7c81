"""What is learned about a controller, and where it is kept."""

from __future__ import annotations

import os
from pathlib import Path

from baseboard.client.interface import Target
from baseboard.client.profile import Profile, profile_path
from baseboard.client.settings import Settings
from tests.client.harness import desk
from tests.client.lan_bench import bench, on_virtual_time

BEHIND = Target(address=0x82)


async def test_sizes_of_reads_are_kept_by_controller(tmp_path: Path) -> None:
    at = desk(settings=Settings(interface="memory", cache=str(tmp_path)))
    learned = at.bmc.learned
    assert learned.size("fru_read") == learned.size("fru_read", BEHIND) == 0
    await learned.keep_size("fru_read", 16, BEHIND)
    assert (learned.size("fru_read"), learned.size("fru_read", BEHIND)) == (0, 16)
    await learned.keep_size("fru_read", 32)
    assert (learned.size("fru_read"), learned.size("sel_read")) == (32, 0)
    # A controller in the same process is asked nothing, and leaves nothing behind.
    assert at.script.asked == []
    assert not os.listdir(tmp_path)


def test_the_next_session_knows_without_asking(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(cache=str(tmp_path)) as at:
            bmc = await at.login()
            bmc.meet("Q-FRUSIZE")
            await bmc.learned.keep_size("fru_read", 16)
            path = profile_path(await bmc.identity(), str(tmp_path))
            assert Profile.load(path) == Profile(fru_read=16, quirks=frozenset({"Q-FRUSIZE"}))
            await bmc.learned.keep_size("fru_read", 16)
            await bmc.close()
            again, asked = await at.login(), len(at.script.asked)
            assert again.learned.size("fru_read") == 16
            assert len(at.script.asked) == asked
            await again.close()
            # As soon as it is known who it is, the profile of that firmware counts.
            Profile(fru_read=8).store(path)
            third = await at.login()
            await third.identity()
            assert third.learned.size("fru_read") == 8
            await third.close()
            unwilling = await at.login(learn=False)
            assert unwilling.learned.size("fru_read") == 0
            await unwilling.learned.keep_size("fru_read", 4)
            assert Profile.load(path).fru_read == 8
            await unwilling.close()

    on_virtual_time(main())


def test_a_controller_that_does_not_say_who_it_is_leaves_no_profile(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(cache=str(tmp_path)) as at:
            at.script.lines[0x06, 0x01] = b"\xc1"
            bmc = await at.login()
            await bmc.learned.keep_size("fru_read", 16)
            assert bmc.learned.size("fru_read") == 16
            await bmc.close()

    on_virtual_time(main())
    assert not os.listdir(tmp_path)
