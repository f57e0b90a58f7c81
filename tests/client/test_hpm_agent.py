"""The upgrade agent, step by step: what it sends next, whatever comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from baseboard.client.hpm_agent import (
    GONE_S,
    SENDS,
    Again,
    Agent,
    Ask,
    Patience,
    Reply,
    UpgradeAgent,
    Wait,
)
from baseboard.commands.declaration import Response
from baseboard.commands.groups.hpm import (
    AbortFirmwareUpgrade,
    ActivateFirmware,
    FinishFirmwareUpload,
    GetUpgradeStatus,
    GetUpgradeStatusResponse,
    HpmAction,
    InitiateManualRollback,
    InitiateUpgradeAction,
    UploadFirmwareBlock,
    UploadFirmwareBlockResponse,
)
from baseboard.errors import CompletionError, NoResponse, RemoteProtocolError
from baseboard.records.hpm import ActionKind, HpmFirmware, HpmRecord, HpmVersion

FIRMWARE = HpmFirmware(HpmVersion(major=1, minor="00"), "x", bytes(range(100)))
UPGRADE = HpmAction.UPLOAD_FOR_UPGRADE
Answer = int | None | Response


class Controller:
    """Answers an agent by the kind of its request; what is not said is 00h.

    Attributes:
        asked: every request.
        steps: every other step.
    """

    def __init__(self, **answers: Answer | list[Answer]) -> None:
        self.asked: list[Any] = []
        self.steps: list[Wait | Again] = []
        self._answers = {name: list(one) if isinstance(one, list) else [one] for name, one in answers.items()}
        self.now = 0.0

    def drive(self, agent: Agent) -> None:
        try:
            step = next(agent)
            while True:
                step = agent.send(self._reply(step))
        except StopIteration:
            return

    def _reply(self, step: Ask | Wait | Again) -> Reply:
        if not isinstance(step, Ask):
            self.steps.append(step)
            self.now += step.seconds if isinstance(step, Wait) else 1.0
            return Reply(self.now)
        self.asked.append(step.request)
        self.now += 0.1
        answers = self._answers.get(type(step.request).__name__, [0])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Response):
            return Reply(self.now, 0, answer)
        response = step.request.command.response.decode(bytes(2)) if answer == 0 else None
        return Reply(self.now, answer, response)

    def of(self, kind: type) -> list[Any]:
        return [one for one in self.asked if isinstance(one, kind)]


def agent(block: int = 40, progress: Callable[[int, int, int], None] | None = None) -> UpgradeAgent:
    return UpgradeAgent(Patience(command_s=10, gone_s=20), block, progress)


def status(code: int, command: int = 0x33) -> GetUpgradeStatusResponse:
    return GetUpgradeStatusResponse(last_command=command, completion_code=code)


def test_every_action_is_done_for_the_components_that_are_wanted() -> None:
    controller = Controller()
    actions = (
        HpmRecord(ActionKind.BACKUP, 0b111),
        HpmRecord(ActionKind.PREPARE, 0b101),
        HpmRecord(ActionKind.PREPARE, 0b001),
        HpmRecord(ActionKind.UPLOAD, 0b010, FIRMWARE),
        HpmRecord(ActionKind.UPLOAD, 0b100, FIRMWARE),
    )
    controller.drive(agent().upgrade(actions, 0b110))
    assert [(one.components, int(one.action)) for one in controller.of(InitiateUpgradeAction)] == [
        (0b110, 0), (0b100, 1), (0b010, 2), (0b100, 2),
    ]  # fmt: skip
    assert [(one.component, one.length) for one in controller.of(FinishFirmwareUpload)] == [
        (1, 100),
        (2, 100),
    ]


def test_blocks_and_how_far_they_are() -> None:
    told: list[tuple[int, int, int]] = []
    controller = Controller()
    controller.drive(agent(40, lambda *one: told.append(one)).upload(4, FIRMWARE, UPGRADE))
    sent = controller.of(UploadFirmwareBlock)
    assert [one.number for one in sent] == [0, 1, 2]
    assert b"".join(one.data for one in sent) == FIRMWARE.data
    assert told == [(2, 40, 100), (2, 80, 100), (2, 100, 100)]


@pytest.mark.parametrize("code", [0xC7, 0xC8])
def test_a_block_that_is_too_long_gets_shorter_until_one_was_taken(code: int) -> None:
    controller = Controller(UploadFirmwareBlock=[code, code, 0, 0])
    controller.drive(agent(40).upload(1, FIRMWARE, UPGRADE))
    assert [len(one.data) for one in controller.of(UploadFirmwareBlock)] == [40, 32, 24, 24, 24, 24, 4]
    with pytest.raises(CompletionError):
        Controller(UploadFirmwareBlock=[0, code]).drive(agent(40).upload(1, FIRMWARE, UPGRADE))
    with pytest.raises(CompletionError):
        Controller(UploadFirmwareBlock=code).drive(agent(40).upload(1, FIRMWARE, UPGRADE))


def test_a_block_that_nobody_answers_is_sent_again_with_its_number() -> None:
    controller = Controller(UploadFirmwareBlock=[0, None, None, 0])
    controller.drive(agent(60).upload(1, FIRMWARE, UPGRADE))
    assert [one.number for one in controller.of(UploadFirmwareBlock)] == [0, 1, 1, 1]
    gone = Controller(UploadFirmwareBlock=None)
    with pytest.raises(NoResponse):
        gone.drive(agent().upload(1, FIRMWARE, UPGRADE))
    assert len(gone.of(UploadFirmwareBlock)) == SENDS


def test_the_controller_may_choose_what_it_wants_next() -> None:
    section = UploadFirmwareBlockResponse(section_offset=90, section_length=10)
    controller = Controller(UploadFirmwareBlock=[section, 0])
    controller.drive(agent(40).upload(1, FIRMWARE, UPGRADE))
    assert [one.data for one in controller.of(UploadFirmwareBlock)] == [
        FIRMWARE.data[:40],
        FIRMWARE.data[90:],
    ]
    assert controller.of(FinishFirmwareUpload)[0].length == 50


@pytest.mark.parametrize(("offset", "length"), [(90, 11), (10, 90)])
def test_but_not_beyond_the_end_nor_for_ever(offset: int, length: int) -> None:
    section = UploadFirmwareBlockResponse(section_offset=offset, section_length=length)
    with pytest.raises(RemoteProtocolError):
        Controller(UploadFirmwareBlock=section).drive(agent(40).upload(1, FIRMWARE, UPGRADE))


@pytest.mark.parametrize("code", [0xD5, 0x81])
def test_an_upload_that_the_controller_lost_begins_again(code: int) -> None:
    controller = Controller(UploadFirmwareBlock=[0, code, 0])
    controller.drive(agent(40).upload(1, FIRMWARE, UPGRADE))
    assert [one.number for one in controller.of(UploadFirmwareBlock)] == [0, 1, 0, 1, 2]
    assert len(controller.of(InitiateUpgradeAction)) == 2
    assert len(controller.of(AbortFirmwareUpgrade)) == 1
    with pytest.raises(CompletionError):
        Controller(UploadFirmwareBlock=[0, code]).drive(agent(40).upload(1, FIRMWARE, UPGRADE))


def test_what_takes_long_is_asked_for_until_it_has_ended() -> None:
    controller = Controller(
        InitiateUpgradeAction=0x80,
        GetUpgradeStatus=[status(0x80), 0xC0, None, status(0)],
        FinishFirmwareUpload=0,
    )
    controller.drive(agent().upload(1, FIRMWARE, UPGRADE))
    assert len(controller.of(GetUpgradeStatus)) == 4
    assert all(isinstance(one, Wait) for one in controller.steps)


def test_how_it_ended_counts() -> None:
    controller = Controller(FinishFirmwareUpload=0x80, GetUpgradeStatus=[status(0x80), status(0x82)])
    with pytest.raises(CompletionError, match="82h"):
        controller.drive(agent().upload(1, FIRMWARE, UPGRADE))
    with pytest.raises(CompletionError, match="D4h"):
        Controller(FinishFirmwareUpload=0x80, GetUpgradeStatus=0xD4).drive(
            agent().upload(1, FIRMWARE, UPGRADE)
        )


def test_it_is_waited_for_no_longer_than_the_controller_said() -> None:
    controller = Controller(FinishFirmwareUpload=0x80, GetUpgradeStatus=status(0x80))
    with pytest.raises(NoResponse, match="longer"):
        controller.drive(agent().upload(1, FIRMWARE, UPGRADE))
    assert 10 <= controller.now < 12


def test_a_busy_controller_is_asked_again_for_as_long() -> None:
    Controller(InitiateUpgradeAction=[0xC0, 0xC0, 0]).drive(agent().upload(1, FIRMWARE, UPGRADE))
    with pytest.raises(CompletionError, match="C0h"):
        Controller(InitiateUpgradeAction=0xC0).drive(agent().upload(1, FIRMWARE, UPGRADE))


@pytest.mark.parametrize(
    ("answers", "sent"),
    [([status(0)], 1), ([status(0x80), status(0)], 1), ([status(0, 0x32)], 2), ([None], 2)],
)
def test_the_end_of_an_upload_is_not_sent_again_if_it_was_only_its_answer_that_was_lost(
    answers: list[Answer], sent: int
) -> None:
    controller = Controller(FinishFirmwareUpload=[None, 0], GetUpgradeStatus=answers)
    controller.drive(agent().upload(1, FIRMWARE, UPGRADE))
    assert len(controller.of(FinishFirmwareUpload)) == sent


def test_nor_if_it_failed() -> None:
    controller = Controller(FinishFirmwareUpload=None, GetUpgradeStatus=status(0x82))
    with pytest.raises(CompletionError, match="82h"):
        controller.drive(agent().upload(1, FIRMWARE, UPGRADE))


@pytest.mark.parametrize("first", [0x80, None])
def test_a_controller_that_starts_anew_is_logged_into_again(first: int | None) -> None:
    controller = Controller(ActivateFirmware=first, GetUpgradeStatus=[status(0x80), None, None, status(0)])
    controller.drive(agent().activate(1))
    assert controller.of(ActivateFirmware) == [ActivateFirmware(override=1)]
    again = [one for one in controller.steps if isinstance(one, Again)]
    assert len(again) == 2
    assert all(0 < one.seconds <= 20 for one in again)


def test_an_activation_that_takes_no_time() -> None:
    controller = Controller()
    controller.drive(agent().activate(None))
    controller.drive(agent().roll_back())
    assert controller.asked == [ActivateFirmware(), InitiateManualRollback()]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"ActivateFirmware": 0xD5}, "D5h"),
        ({"ActivateFirmware": 0x80, "GetUpgradeStatus": status(0x81)}, "81h"),
        ({"ActivateFirmware": 0x80, "GetUpgradeStatus": 0xD4}, "D4h"),
    ],
)
def test_an_activation_that_fails(answers: dict[str, Answer], error: str) -> None:
    with pytest.raises(CompletionError, match=error):
        Controller(**answers).drive(agent().activate(None))


@pytest.mark.parametrize("answer", [None, status(0x80)])
def test_a_controller_that_does_not_come_back(answer: Answer) -> None:
    controller = Controller(ActivateFirmware=0x80, GetUpgradeStatus=answer)
    with pytest.raises(NoResponse, match="come back"):
        controller.drive(agent().activate(None))
    assert controller.now < 25


def test_it_is_not_waited_long_for_one_that_is_gone() -> None:
    found = agent().activate(None)
    assert next(found) == Ask(ActivateFirmware())
    assert isinstance(found.send(Reply(0.0, 0x80)), Wait)
    assert found.send(Reply(0.25)) == Ask(GetUpgradeStatus(), GONE_S)
