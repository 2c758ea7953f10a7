"""Two runs never share a folder; the ranks of one always do."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kindling.run.naming import agree, is_first_rank, job_key, run_folder


def test_a_folder_is_named_by_time_and_chance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    names = set()
    for _ in range(50):
        run_folder.cache_clear()
        names.add(run_folder())
        assert run_folder() in names
    assert len(names) == 50
    assert all(re.fullmatch(r"outputs/\d{4}-\d\d-\d\d/\d\d-\d\d-\d\d-[0-9a-f]{6}", name) for name in names)


def test_ranks_of_one_job_agree_on_one_name(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda rank: agree(tmp_path, "job", f"folder-{rank}"), range(32)))
    assert len(set(names)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["job-1"]


def test_a_job_that_has_ended_leaves_its_name_to_itself(tmp_path: Path) -> None:
    name = str(tmp_path / "run")
    assert agree(tmp_path, "job", name) == agree(tmp_path, "job", "other") == name
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "status.json").write_text('{"status": "running", "exit_code": null}')
    assert agree(tmp_path, "job", "other") == name
    (tmp_path / "run" / "status.json").write_text('{"status": "failed", "exit_code": 4}')
    assert agree(tmp_path, "job", "other") == agree(tmp_path, "job", "third") == "other"


def test_jobs_differ_by_launcher_and_step() -> None:
    torchrun = {"TORCHELASTIC_RUN_ID": "none", "MASTER_ADDR": "localhost", "MASTER_PORT": "29500"}
    slurm = {"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "2"}
    assert job_key(torchrun, parent=1) == job_key({**torchrun, "RANK": "1"}, parent=1)
    assert job_key(torchrun, parent=1) != job_key(torchrun, parent=2)
    assert job_key(slurm, parent=1) == job_key({**slurm, "SLURM_PROCID": "1"}, parent=2)
    assert job_key(slurm, parent=1) != job_key({**slurm, "SLURM_STEP_ID": "1"}, parent=1)


def test_a_single_process_agrees_with_nobody() -> None:
    assert job_key({}, parent=1) is None
    assert job_key({"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "1"}, parent=1) is None


def test_the_first_rank_keeps_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert is_first_rank(), "a word left over from elsewhere, as there is one process"
    monkeypatch.setenv("WORLD_SIZE", "2")
    is_first_rank.cache_clear()
    assert not is_first_rank()
