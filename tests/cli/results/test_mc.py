"""What `mc` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.results.mc import (
    GlobalEnables,
    McGuid,
    McInfo,
    McReset,
    SelfTest,
    SystemInfo,
    Watchdog,
    WatchdogChange,
)
from tests.cli.ipmitool.typed import Typed

LINES = {
    (6, 0x01): b"\x00\x20\x81\x02\x10\x02\x05\x7c\x2a\x00\x02\x0f\x01\x02\x03\x04",
    (6, 0x02): b"\x00",
    (6, 0x04): b"\x00\x57\x21",
    (6, 0x22): b"\x00",
    (6, 0x25): b"\x00\x44\x31\x0a\x10\x2c\x01\xc8\x00",
    (6, 0x2F): b"\x00\x48",
    (6, 0x37): b"\x00" + bytes.fromhex("c2685e76737057ab00514f62165b8616"),
    (6, 0x59): b"\x00\x11\x00\x00\x03abc",
}


async def result(*words: str) -> object:
    command = Typed(LINES)
    await command(*words)
    (found,) = command.call.results
    return found


async def test_each_verb_notes_what_it_found() -> None:
    assert await result("mc", "info") == McInfo(
        device_id=0x20,
        device_revision=1,
        firmware_revision="2.10",
        ipmi_version="2.0",
        manufacturer_id=10876,
        manufacturer_name="Super Micro Computer Inc.",
        product_id=0x0F02,
        device_available=True,
        provides_device_sdrs=True,
        device_support=("Sensor Device", "SEL Device"),
        auxiliary_firmware="01020304",
    )
    assert await result("mc", "guid") == McGuid(
        guid="16865b16-624f-5100-ab57-7073765e68c2", encoding="ipmi", version=5, created=None
    )
    assert await result("mc", "reset", "cold") == McReset(kind="cold")
    assert await result("mc", "selftest") == SelfTest(
        result=0x57,
        detail=0x21,
        faults=("FRU device not accessible", "controller operational firmware corrupted"),
    )
    assert await result("mc", "getenables") == GlobalEnables(
        recv_msg_intr=False,
        event_msg_intr=False,
        event_msg=False,
        system_event_log=True,
        oem0=False,
        oem1=True,
        oem2=False,
    )
    assert await result("mc", "getsysinfo", "os_name") == SystemInfo(name="os_name", value="abc")


async def test_the_watchdog_is_told_in_words_and_seconds() -> None:
    assert await result("mc", "watchdog", "get") == Watchdog(
        use="SMS/OS",
        running=True,
        logging=True,
        action="Hard Reset",
        pretimeout_interrupt="Messaging",
        pretimeout=10,
        expired=("SMS/OS",),
        initial_countdown=30.0,
        present_countdown=20.0,
    )
    assert await result("mc", "watchdog", "reset") == WatchdogChange(done="reset")
