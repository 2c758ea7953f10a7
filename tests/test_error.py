"""What is the user's to mend gets one line and the exit code of its kind; a bug gets neither."""

import errno

import pytest
from pytorch_lightning.utilities.exceptions import MisconfigurationException  # type: ignore[attr-defined]

from kindling.check.launch import known_error
from kindling.error import (
    ConfigError,
    DataError,
    MachineError,
    NotFiniteError,
    PrunedError,
    StoppedError,
    UserError,
    as_user_error,
)


def code(error: BaseException) -> int | None:
    known = as_user_error(error)
    return known.exit_code if known else None


def test_each_kind_has_its_exit_code() -> None:
    assert code(DataError("x")) == 3
    assert code(OSError(errno.ENOSPC, "No space left")) == 6
    assert code(PermissionError(errno.EACCES, "denied", "/outputs")) == 6
    assert code(RuntimeError("[enforce fail] PytorchStreamWriter failed writing file data/3")) == 6
    assert code(MisconfigurationException("No supported gpu backend found!")) == 6
    assert code(MisconfigurationException("`devices` must be\n positive")) == 2
    assert StoppedError(15, "SIGTERM").exit_code == 143


def test_bugs_and_missing_files_of_ours_are_not_the_users() -> None:
    assert code(ZeroDivisionError()) is None
    assert code(FileNotFoundError(errno.ENOENT, "no such file")) is None


def test_a_bug_in_a_folder_that_is_called_like_a_library_is_still_a_bug() -> None:
    for folder in ("hydra", "optim"):
        with pytest.raises(ValueError, match="ours") as caught:
            exec(
                compile("raise ValueError('ours')", f"/home/me/{folder}/model.py", "exec"),
                {"__name__": "model"},
            )
        assert known_error(caught.value) is None


def test_messages_are_one_line() -> None:
    assert str(as_user_error(MisconfigurationException("two\n lines"))) == "two lines"
    assert "free some space" in str(as_user_error(OSError(errno.ENOSPC, "x", "a.txt")))
    assert ConfigError.exit_code == MachineError.exit_code - 4


def test_a_line_break_in_a_name_stays_on_the_line() -> None:
    assert str(DataError("photos/a\nb: no image")) == "photos/a b: no image"


@pytest.mark.parametrize("kind", [DataError, NotFiniteError, PrunedError])
def test_what_another_process_raised_is_known_again(kind: type[UserError]) -> None:
    class ProcessRaisedException(Exception):  # noqa: N818 - torch's name for it
        pass

    trace = f"-- Process 0 terminated:\nTraceback:\n  raise\nkindling.error.{kind.__name__}: why: got 'x'\n"
    found = as_user_error(ProcessRaisedException(trace))
    assert type(found) is kind
    assert str(found) == "why: got 'x'"
    assert as_user_error(ProcessRaisedException(trace.replace("kindling.", "own."))) is None
    assert as_user_error(ValueError(trace)) is None
