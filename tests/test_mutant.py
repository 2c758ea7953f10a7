"""Each safeguard of a run is needed: without it a test fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.full
STORE, RESUME, SAME = "run/test_store.py", "run/test_resume.py", "run/test_same_bits.py"
REFUSED = "run/test_resume_refused.py"
MUTANTS = {  # what is switched off: file, text, what stands there instead, and the test that fails
    "sync before the name": (
        *("source/whole.py", "            sync(file)\n", ""),
        f"{STORE}::test_nothing_takes_its_name_before_it_is_on_the_disk",
    ),
    "sync of the folder": (
        *("run/store.py", "    sync_folder(path.parent)\n", ""),
        f"{STORE}::test_nothing_takes_its_name_before_it_is_on_the_disk",
    ),
    "temporary file": (
        *("source/whole.py", "temporary = beside(path)", "temporary = path"),
        f"{STORE}::test_whatever_step_fails_a_whole_one_is_there",
    ),
    "sync before the predecessor goes": (
        *("run/store.py", "        sync(file)  # before", "        # before"),
        f"{STORE}::test_a_disk_that_fills_up_costs_no_predecessor",
    ),
    "predecessor": (
        *("run/store.py", "            keep_previous(path)", "            pass"),
        f"{STORE}::test_whatever_step_fails_a_whole_one_is_there",
    ),
    "predecessor that is whole": (
        *("run/store.py", "if is_whole(path):", "if path.exists():"),
        f"{STORE}::test_two_failures_in_a_row_leave_a_whole_one",
    ),
    "one name for one file": (
        *("run/store.py", "    temporary.unlink(missing_ok=True)  # which", "    # which"),
        f"{STORE}::test_whatever_step_fails_a_whole_one_is_there",
    ),
    "a start that was killed": (
        *("run/resume.py", "        clear_start(folder)\n", "        pass\n"),
        f"{RESUME}::test_a_start_that_was_killed_begins_again",
    ),
    "sha256": (
        *("run/verify.py", "told == sha256(path)", "True"),
        f"{STORE}::test_no_damage_goes_unseen",
    ),
    "check sums without a sha256": (
        *("run/verify.py", "archive.testzip() is None", "True"),
        f"{STORE}::test_no_damage_goes_unseen",
    ),
    "the newest that verifies": (
        *("run/verify.py", "if faults[candidate] is None)", ")"),
        f"{RESUME}::test_a_damaged_state_gives_way_to_its_predecessor",
    ),
    "allow-list": (
        *("run/trust.py", "for place, reason in refusals(config):", "for place, reason in ():"),
        "run/test_trust.py",
    ),
    "safe points": ("run/keep.py", "if self.due and is_safe(trainer):", "if self.due:", "run/test_keep.py"),
    "strictly better": ("run/keep.py", "self.sign * score < ", "self.sign * score <= ", "run/test_keep.py"),
    "wait for a safe point": (
        *("run/keep.py", "        self.stop.waits = True\n", ""),
        "run/test_stop.py::test_a_signal_stops_and_the_same_command_goes_on",
    ),
    "early stop": (
        *("run/keep.py", '        trainer.should_stop = state["should_stop"]\n', ""),
        f"{SAME}::test_two_kills_change_no_bit[stopped_early]",
    ),
    "metrics so far": (
        *("run/keep.py", '        measure_on(pl_module, state["measured"][trainer.global_rank])\n', ""),
        f"{SAME}::test_two_kills_change_no_bit[dropout]",
    ),
    "what an epoch began with, again": (
        *("run/keep.py", '"on_train_epoch_start.", "on_train_start.")', '"on_train_epoch_start.",)'),
        f"{SAME}::test_two_kills_change_no_bit[dropout]",
    ),
    "place in the data": (
        *("data/base.py", 'self.start = tuple(state_dict["start"])', "pass"),
        f"{SAME}::test_two_kills_change_no_bit[dropout]",
    ),
    "seed of each batch": (
        *("module.py", "        reseed(self.device,", "        (lambda *_: None)(self.device,"),
        f"{SAME}::test_two_kills_change_no_bit[dropout]",
    ),
    "plateau before the checkpoint": (
        *("module.py", "if not isinstance(scheduler, ReduceLROnPlateau):\n            scheduler.step()"),
        "if isinstance(scheduler, ReduceLROnPlateau):\n            scheduler.step(metric)",
        f"{SAME}::test_two_kills_change_no_bit[plateau]",
    ),
    "rows of the record": (
        *("run/record.py", 'state_dict["rows"], state_dict["validated"]', '[], state_dict["validated"]'),
        f"{SAME}::test_two_kills_change_no_bit[seldom_validated]",
    ),
    "purge of TensorBoard": (
        *("logger/tensorboard.py", 'settings["purge_step"] = step', "pass"),
        f"{SAME}::test_two_kills_change_no_bit[plateau]",
    ),
    "data that are the same": (
        *("run/resume.py", "if known.get(name) != now:", "if False:"),
        f"{REFUSED}::test_other_data_are_refused_and_change_nothing",
    ),
    "settings that are the same": (
        *("run/resume.py", "if altering and not", "if False and not"),
        f"{REFUSED}::test_what_would_alter_the_result_is_refused_and_changes_nothing",
    ),
    "a run that is running": (
        *("run/resume.py", 'if self.status.get("status") == "running" and', "if not self.folder and"),
        f"{REFUSED}::test_a_run_that_is_running_is_left_alone",
    ),
}


@pytest.mark.parametrize("safeguard", MUTANTS)
def test_a_safeguard_is_needed(safeguard: str, tmp_path: Path) -> None:
    name, text, instead, test = MUTANTS[safeguard]
    for part in ("src", "conf", "tests", "scripts", "train.py", "pyproject.toml"):
        copy = shutil.copytree if (PROJECT / part).is_dir() else shutil.copy
        copy(PROJECT / part, tmp_path / part)
    path = tmp_path / "src" / "kindling" / name
    whole = path.read_text(encoding="utf-8")
    assert whole.count(text) == 1
    path.write_text(whole.replace(text, instead), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-x", "-q", f"tests/{test}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1, result.stdout[-2000:]
    assert "1 failed" in result.stdout
