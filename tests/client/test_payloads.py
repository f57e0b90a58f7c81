"""`bmc.payloads`: what there is, who may use it, and OEM payloads, against a BMC on loopback."""

from __future__ import annotations

import pytest

from baseboard.client.payloads import OemInfo, PayloadInstance, PayloadStatus, payload_name
from baseboard.codes import PayloadType
from baseboard.errors import CompletionError, LocalProtocolError, NotFound
from baseboard.rmcp.payloads import SETUP
from tests.client.payload_bench import IANA, Echo, Explicit, payload_bench


async def test_what_a_channel_has_and_whose_it_is() -> None:
    async with payload_bench(Echo(), Explicit()) as (bmc, _):
        assert await bmc.payloads.supported() == (0, 1, 2, *SETUP, 0x21)
        assert await bmc.payloads.version(PayloadType.SOL) == "1.0"
        assert await bmc.payloads.version(0x20) is None
        assert await bmc.payloads.oem_info(0x21) == OemInfo(
            payload_type=0x21, iana=IANA, payload_id=1, version="1.0"
        )
        assert await bmc.payloads.oem_info(iana=IANA, payload_id=2) == OemInfo(
            payload_type=2, iana=IANA, payload_id=2, version="1.0"
        )
        assert await bmc.payloads.oem_info(0x20) is None


async def test_who_may_use_which() -> None:
    async with payload_bench() as (bmc, _):
        assert await bmc.payloads.access(3) == (PayloadType.SOL,)
        await bmc.payloads.set_access(3, 0x20, 0x27, 2, enabled=True)
        await bmc.payloads.set_access(3, PayloadType.SOL, enabled=False)
        assert await bmc.payloads.access(3) == (2, 0x20, 0x27)
        for strange in ((), (0x10,), (0x28,)):
            with pytest.raises(LocalProtocolError):
                await bmc.payloads.set_access(3, *strange, enabled=True)


@pytest.mark.parametrize(("payload_id", "kind"), [(1, 0x21), (2, 2)])
async def test_a_payload_is_found_by_its_number_and_carries_datagrams(payload_id: int, kind: int) -> None:
    async with payload_bench(Echo(), Explicit()) as (bmc, _):
        async with bmc.payloads.open(iana=IANA, payload_id=payload_id, auxiliary=b"\0\x07") as one:
            assert (one.payload_type, one.instance, one.largest) == (kind, 1, 100)
            assert one.auxiliary == b"\0\x07\0\0"
            one.send(b"hello")
            assert await one.receive(5) == b"olleh"
            status = await bmc.payloads.status(kind)
            assert status == PayloadStatus(payload_type=kind, capacity=2, active=(1,))
            owner = await bmc.payloads.instance(kind, 1)
            assert isinstance(owner, PayloadInstance)
            assert owner.ours
            assert owner.information[:5] == IANA.to_bytes(3, "little") + bytes((payload_id, 0))
            with pytest.raises(LocalProtocolError, match="has the payload already"):
                await bmc.payloads.open(iana=IANA, payload_id=payload_id)
        assert (await bmc.payloads.status(kind)).active == ()
        assert not await bmc.payloads.deactivate(kind)


async def test_the_first_free_instance_or_the_one_that_is_wished_for() -> None:
    async with payload_bench(Echo(), Explicit()) as (bmc, running):
        from baseboard.client.connect import connect

        login = {"port": running.port, "username": "admin", "password": "adminpw", "learn": False}
        async with connect("127.0.0.1", **login) as other:  # type: ignore[arg-type]  # by name
            for choice, kind in (({"handle": 0x21}, 0x21), ({"iana": IANA, "payload_id": 2}, 2)):
                one = await bmc.payloads.open(**choice)  # type: ignore[arg-type]  # by name
                two = await other.payloads.open(**choice)  # type: ignore[arg-type]  # by name
                assert (one.instance, two.instance) == (1, 2)
                assert await other.payloads.deactivate(kind, 1)
                await one.close()
                await two.close()
                async with bmc.payloads.open(**choice, instance=2) as wished:  # type: ignore[arg-type]  # by name
                    assert wished.instance == 2


async def test_what_is_not_there_not_allowed_or_not_possible() -> None:
    async with payload_bench(Echo()) as (bmc, _):
        with pytest.raises(NotFound, match="7154/0063h"):
            await bmc.payloads.open(iana=IANA, payload_id=99)
        with pytest.raises(LocalProtocolError, match="spoken for"):
            await bmc.payloads.open(0x21, auxiliary=b"\x40")
        await bmc.payloads.set_access(2, 0x21, enabled=False)
        with pytest.raises(CompletionError, match="^81h"):
            await bmc.payloads.open(0x21)
        with pytest.raises(CompletionError, match="^84h"):
            await bmc.payloads.open(0x21, encrypted=False)


async def test_payloads_need_rmcp_plus() -> None:
    from baseboard.client.bmc import Bmc
    from baseboard.client.memory import MemoryInterface
    from baseboard.client.settings import Settings
    from tests.bmc.harness import make_bmc

    bmc = Bmc(MemoryInterface(make_bmc().controller.request), Settings(host="127.0.0.1"))
    with pytest.raises(LocalProtocolError, match="lanplus"):
        await bmc.payloads.open(0x21)


async def test_encryption_of_what_the_bmc_sends() -> None:
    async with payload_bench(Echo()) as (bmc, _):
        async with bmc.payloads.open(0x21) as one:
            with pytest.raises(CompletionError, match="^81h"):
                await bmc.payloads.suspend_encryption(0x21)
            await bmc.payloads.resume_encryption(0x21)
            with pytest.raises(CompletionError, match="^80h"):
                await bmc.payloads.new_iv(0x21)
            one.send(b"ab")
            assert await one.receive(5) == b"ba"
        with pytest.raises(CompletionError, match="^83h"):
            await bmc.payloads.resume_encryption(0x21)


async def test_under_xrc4_a_new_iv() -> None:
    async with payload_bench(Echo(), cipher_suite=4) as (bmc, _), bmc.payloads.open(0x21) as one:
        await bmc.payloads.new_iv(0x21)
        one.send(b"ab")
        assert await one.receive(5) == b"ba"


def test_names() -> None:
    names = [payload_name(kind) for kind in (0, 1, 2, 0x10, 0x15, 0x20, 0x27, 0x30)]
    assert names == [
        "IPMI messages", "serial over LAN", "OEM explicit", "Open Session Request", "RAKP Message 4", "OEM0",
        "OEM7", "payload type 30h",
    ]  # fmt: skip
