"""Which jobs are the same, and the folders that they get."""

from pathlib import Path

from kindling.sweep.job import Folders, Job, identity

SETTINGS = {"model": {"hidden": [64]}, "trainer": {"max_epochs": 20}, "save_interval": 60.0, "seeds": 1}


def test_a_job_is_known_by_what_it_trains() -> None:
    known = identity(SETTINGS, ["seed=1"])
    assert known == identity({**SETTINGS, "save_interval": 1.0, "seeds": 5}, ["seed=1"])
    assert known != identity({**SETTINGS, "trainer": {"max_epochs": 30}}, ["seed=1"])
    assert known != identity(SETTINGS, ["seed=2"])


def test_what_is_swept_over_counts_even_if_it_alters_no_result() -> None:
    assert identity(SETTINGS, ["save_interval=1"]) != identity(SETTINGS, ["save_interval=2"])


def test_a_grown_grid_finds_its_folders_and_goes_on_counting(tmp_path: Path) -> None:
    first = Folders(tmp_path)
    for job in ("aaaaaaaa", "bbbbbbbb"):
        first.of(job).mkdir()
    (tmp_path / "console").mkdir()
    grown = Folders(tmp_path)
    assert [grown.of(job).name for job in ("cccccccc", "aaaaaaaa", "cccccccc", "dddddddd")] == [
        "002-cccccccc",
        "000-aaaaaaaa",
        "002-cccccccc",
        "003-dddddddd",
    ]


def test_a_folder_without_a_record_is_of_a_lost_job(tmp_path: Path) -> None:
    job = Job((), tmp_path / "012-aaaaaaaa")
    assert (job.number, job.status) == (12, "lost")
    job.folder.mkdir()
    (job.folder / "status.json").write_text("[]")
    assert job.status == "lost"
