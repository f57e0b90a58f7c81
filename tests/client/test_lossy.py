"""A bad network between console and BMC: every command finishes or fails within its deadline."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

import baseboard
from baseboard.client.deadline import deadline
from baseboard.commands.app.channels import GetChannelInfo
from baseboard.commands.app.device import GetDeviceId, GetDeviceIdResponse
from baseboard.commands.app.users import GetUserName
from baseboard.errors import BaseboardError, LoginError
from baseboard.testing.scripted import Script, ScriptedBmc
from tests.bmc.fakes import FakeBackend
from tests.client.lan_bench import HOST, V15, Bench, bench, on_virtual_time

COMMANDS = (GetDeviceId(), GetChannelInfo(), GetUserName(user_id=2)) * 10
SLACK = 0.01


def spoil(at: Bench) -> None:
    """20 % lost, 200 ms there and back, duplicates, and one overtaking another."""
    at.relay.loss, at.relay.duplicate, at.relay.delay = 0.2, 0.1, (0.05, 0.15)


@pytest.mark.parametrize("seed", range(5, 9))
@pytest.mark.parametrize("interface", ["lanplus", "lan"])
@pytest.mark.parametrize("depth", [1, 8])
def test_every_command_finishes_or_fails_in_its_deadline(seed: int, interface: str, depth: int) -> None:
    """On virtual time; each answer is that of its own question."""

    def named(data: bytes) -> bytes:
        return b"\0" + data.ljust(16, b"\0")

    async def main() -> int:
        async with bench(Script({(0x06, 0x46): named}), lan=V15) as at:
            at.relay.seed(seed)
            spoil(at)
            loop, done = asyncio.get_running_loop(), 0
            start = loop.time()
            try:
                bmc = await at.login(interface=interface, deadline=30.0)
            except LoginError:
                assert loop.time() - start < 30 + SLACK
                return 0
            bmc.interface.depth = depth

            async def one(number: int) -> bool:
                try:
                    answer = await bmc.execute(GetUserName(user_id=number), timeout=60)
                except BaseboardError:
                    return False
                assert answer.user_name[0] == number
                return True

            start = loop.time()
            done = sum(await asyncio.gather(*(one(number) for number in range(1, 31))))
            assert loop.time() - start < 60 + SLACK
            await bmc.close()
            return done

    assert on_virtual_time(main()) >= 28


@pytest.mark.parametrize("seed", range(4))
def test_the_deadline_of_the_whole_ends_what_is_left(seed: int) -> None:
    async def main() -> None:
        async with bench() as at:
            at.relay.seed(seed)
            bmc = await at.login()
            spoil(at)
            loop = asyncio.get_running_loop()
            start = loop.time()
            answers = await bmc.many(COMMANDS * 20, timeout=5.0)
            assert loop.time() - start < 5 + SLACK
            good = [one for one in answers if not isinstance(one, BaseboardError)]
            assert len(answers) == len(COMMANDS) * 20
            assert good
            assert len(good) < len(answers)
            await bmc.close()

    on_virtual_time(main())


def test_a_link_that_dies_ends_everything_in_time() -> None:
    async def main() -> None:
        async with bench() as at:
            bmc = await at.login()
            at.relay.loss = 1.0
            loop = asyncio.get_running_loop()
            start = loop.time()
            with pytest.raises(BaseboardError), deadline(4.0):
                await bmc.execute(GetDeviceId())
            assert loop.time() - start < 4 + SLACK
            await bmc.close()
            assert loop.time() - start < 4 + 1 + SLACK

    on_virtual_time(main())


class Wire(threading.Thread):
    """A UDP relay in a thread, on real time: it loses every fifth datagram, repeats and holds back others."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind((HOST, 0))
        self.back.connect((HOST, port))
        self.port: int = self.front.getsockname()[1]
        self.passed = self.lost = 0
        self._console: tuple[str, int] | None = None
        self._held: bytes | None = None
        self._over = False

    def run(self) -> None:
        import select

        while not self._over:
            for ready in select.select([self.front, self.back], [], [], 0.05)[0]:
                if ready is self.front:
                    data, self._console = self.front.recvfrom(65536)
                    self._pass(data, self.back.send)
                elif self._console is not None:
                    console = self._console
                    self._pass(self.back.recv(65536), lambda data, to=console: self.front.sendto(data, to))

    def _pass(self, data: bytes, send: object) -> None:
        assert callable(send)
        self.passed += 1
        if self.passed % 5 == 0:
            self.lost += 1
            return
        send(data)
        if self.passed % 7 == 0:
            send(data)
        if self._held is not None:
            held, self._held = self._held, None
            self.back.send(held)
        elif self.passed % 11 == 0 and send == self.back.send:
            self._held = data

    def close(self) -> None:
        self._over = True
        self.join(5)
        self.front.close()
        self.back.close()


def test_through_a_real_relay() -> None:
    async def main(port: int) -> list[object]:
        connection = baseboard.connect(
            HOST,
            username="admin",
            password="adminpw",
            port=port,
            timeout=0.05,
            retries=20,  # a busy machine adds its own losses
            learn=False,
            deadline=120,
        )
        async with connection as bmc:
            bmc.interface.depth = 4
            return list(await bmc.many([GetDeviceId()] * 200, timeout=120))

    from tests.bmc.fakes import BLUEPRINT

    with ScriptedBmc(BLUEPRINT, lambda _blueprint, _clock: FakeBackend()) as served:
        wire = Wire(served.port)
        wire.start()
        try:
            answers = asyncio.run(main(wire.port))
        finally:
            wire.close()
    assert wire.lost > 10
    assert all(isinstance(answer, GetDeviceIdResponse) for answer in answers)
