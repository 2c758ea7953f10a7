"""A checkpoint is there whole or not at all, whatever step of a write fails, and a damaged one is told."""

import errno
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch

from kindling.build import build
from kindling.error import MachineError, RunError
from kindling.run.folder import Run
from kindling.run.store import clear_leftovers, read_checkpoint, write_checkpoint
from kindling.run.verify import digest_file, fault, newest_whole, previous, verify
from tests.run.disk import Disk, Killed

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc for the file that is synchronised")
ERRORS = [OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EIO, "I/O error"), Killed()]


def content(number: int) -> dict[str, Any]:
    return {"number": number, "state_dict": {"weight": torch.full((64, 64), float(number))}}


def write(path: Path, *numbers: int) -> None:
    for number in numbers:
        write_checkpoint(content(number), path)


def number_in(path: Path) -> int:
    found = read_checkpoint(path)
    assert torch.equal(found["state_dict"]["weight"], torch.full((64, 64), float(found["number"])))
    return int(found["number"])


def newest(path: Path) -> int:
    found, _ = newest_whole(path)
    assert found is not None
    return number_in(found)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "last.ckpt"


def test_the_predecessor_is_kept_and_both_verify(path: Path) -> None:
    write(path, 1, 2, 3)
    assert [number_in(one) for one in (path, previous(path))] == [3, 2]
    assert [fault(one) for one in (path, previous(path))] == [None, None]


def test_sha256sum_can_check_it(path: Path) -> None:
    write(path, 1)
    assert digest_file(path).read_text().endswith("  last.ckpt\n")


@linux
@pytest.mark.parametrize("error", ERRORS, ids=["full", "broken", "killed"])
@pytest.mark.parametrize("before", [(), (1,), (1, 2)], ids=["first", "second", "third"])
def test_whatever_step_fails_a_whole_one_is_there(
    error: BaseException, before: tuple[int, ...], disk: Disk, tmp_path: Path
) -> None:
    step = 0
    while step <= len(disk.steps):
        step += 1
        path = tmp_path / f"{step}" / "checkpoints" / "last.ckpt"
        write(path, *before)
        with disk.failing(step, error):
            write(path, 3)
        if before:
            assert newest(path) in (before[-1], 3), disk.steps[step - 1]
        clear_leftovers(path.parents[1])  # as a run does that goes on
        write(path, 4)
        assert newest(path) == number_in(path) == 4
        assert not list(path.parent.rglob(".*"))
    assert step > 8


def test_a_disk_that_fills_up_costs_no_predecessor(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise ERRORS[0]

    write(path, 1, 2)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(path, 3)
    assert [number_in(one) for one in (path, previous(path))] == [2, 1]


@linux
def test_two_failures_in_a_row_leave_a_whole_one(disk: Disk, tmp_path: Path) -> None:
    chance = random.Random(0)
    for attempt in range(150):
        path = tmp_path / f"{attempt}" / "last.ckpt"
        write(path, 1, 2)
        for number in (3, 4):
            with disk.failing(chance.randint(1, 25), chance.choice(ERRORS)):
                write(path, number)
            assert newest(path) in (2, 3, 4)
        write(path, 5)
        assert newest(path) == number_in(path) == 5
        assert fault(previous(path)) is None


@linux
def test_nothing_takes_its_name_before_it_is_on_the_disk(disk: Disk, path: Path) -> None:
    write(path, 1, 2)
    named = [number for number, (what, _) in enumerate(disk.steps) if what == "replace"]
    assert len(named) == 6  # two files of each write, and those two of the predecessor
    for number in named:
        mine = [what for what, of in disk.steps[:number] if of == disk.steps[number][1]]
        assert mine[-1] == "fsync" or disk.steps[number - 1][0] == "link"  # a second name has no content
    assert disk.steps[-1] == ("fsync", str(path.parent))


def test_what_killed_writes_left_goes(tmp_path: Path) -> None:
    write(tmp_path / "checkpoints" / "last.ckpt", 1, 2)
    (tmp_path / ".hydra").mkdir()
    kept = sorted(tmp_path.rglob("*"))
    for left in (
        ".status.json.17",
        ".last.ckpt.17",
        "previous/.last.ckpt.17",
        "previous/.last.ckpt.sha256.1",
    ):
        (tmp_path / ("" if "json" in left else "checkpoints") / left).touch()
    clear_leftovers(tmp_path)
    assert sorted(tmp_path.rglob("*")) == kept


def flipped(whole: bytes, chance: random.Random) -> bytes:
    found, place = bytearray(whole), chance.randrange(8 * len(whole))
    found[place // 8] ^= 1 << place % 8
    return bytes(found)


def truncated(whole: bytes, chance: random.Random) -> bytes:
    return whole[: chance.randrange(len(whole))]


@pytest.mark.parametrize("beside", [True, False], ids=["sha256", "alone"])
@pytest.mark.parametrize(("damage", "times"), [(flipped, 1000), (truncated, 200)])
@pytest.mark.parametrize("of_sha256", [False, True])
def test_no_damage_goes_unseen(
    damage: Callable[[bytes, random.Random], bytes], times: int, beside: bool, of_sha256: bool, path: Path
) -> None:
    write(path, 1)
    target = digest_file(path) if of_sha256 else path
    whole, chance = target.read_bytes(), random.Random(times)
    if not beside:
        digest_file(path).unlink()
    for _ in range(times):
        target.write_bytes(damage(whole, chance))
        with suppress(RunError):
            assert number_in(path) == 1  # the damage is between the parts of a zip file, or after the sha256
            assert of_sha256 or not beside


@pytest.mark.parametrize("bytes_", [b"", b"PK\3\4", b"text\n" * 9])
def test_another_file_is_told_in_one_line(bytes_: bytes, path: Path) -> None:
    path.write_bytes(bytes_)
    with pytest.raises(RunError, match="expected a checkpoint"):
        read_checkpoint(path)


def test_no_file_is_told_in_one_line(path: Path) -> None:
    with pytest.raises(RunError, match="got nothing there"):
        verify(path)


@linux
def test_a_full_disk_ends_a_training_in_one_line_and_leaves_the_last_state(
    disk: Disk, composed: Callable[..., Any], tmp_path: Path
) -> None:
    words = composed("callback=[]", "logger=[]", "trainer=cpu", "data=wine", "save_interval=0")
    data, module, trainer = build(words, tmp_path)
    last = tmp_path / "checkpoints" / "last.ckpt"

    def fill(*_: Any) -> None:
        if trainer.global_step == 3:
            disk.steps, disk.fails_at, disk.error = [], 3, OSError(errno.ENOSPC, "No space left on device")

    trainer.save_checkpoint, save = lambda path: (fill(), save(path)), trainer.save_checkpoint
    with pytest.raises(MachineError, match="the disk is full"), Run(tmp_path / "run", {}, []):
        trainer.fit(module, data)
    assert fault(last) is None
    assert read_checkpoint(last)["global_step"] == 2
