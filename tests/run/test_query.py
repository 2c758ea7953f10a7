"""Runs are found, chosen and sorted by what they hold, and odd folders do no harm."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kindling.error import ConfigError, RunError
from kindling.run.entry import Entry
from kindling.run.listing import find_entries
from kindling.run.query import all_names, by_value, require_known, select, usual_names
from tests.past import leave_run, optimizer

Names = Callable[..., list[str]]


@pytest.fixture
def runs(tmp_path: Path) -> list[Entry]:
    """Two single runs, and twelve jobs, of which one failed."""
    leave_run(tmp_path / "day" / "b", "model=cnn", second=900, loss=0.2)
    leave_run(tmp_path / "day" / "a", second=1000, settings={"seed": 7, "monitor": {"metric": "val/f1"}})
    for job in range(12):
        leave_run(
            tmp_path / "day" / "sweep" / str(job),
            f"optimizer.lr={job / 100}",
            "+trainer.x=1",
            status="failed" if job == 3 else "done",
            loss=job / 10,
            settings={**optimizer(job / 100), "task": {"loss": "cross_entropy"}},
        )
    return find_entries([str(tmp_path)])[0]


@pytest.fixture
def names(runs: list[Entry]) -> Names:
    return lambda *told, last=None: [run.folder.name for run in select(runs, told, last)]


def test_the_newest_is_last_and_job_10_comes_after_job_9(names: Names) -> None:
    assert names() == [*map(str, range(12)), "b", "a"]
    assert names(last=2) == ["b", "a"]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (["status=failed"], ["3"]),
        (["status!=done"], ["3"]),
        (["model=cnn"], ["b"]),
        (["model=mlp", "optimizer=adam", "seed=7"], ["a"]),
        (["val/loss<0.2"], ["0", "1"]),
        (["val/loss<=0.2", "status=done"], ["0", "1", "2", "b"]),
        (["test/accuracy>0.8", "optimizer.lr<5e-3"], ["0"]),
        (["optimizer.lr = 0.10"], ["10"]),
        (["optimizer.lr==1e-1"], ["10"]),
        (["model.hidden=[64,64]", "when>2026-01-01", "seed=0", "status=failed"], ["3"]),
        (["when>2027"], []),
        (["trainer.x=1", "optimizer.lr>=0.11"], ["11"]),
        (["test/loss!=7", "status=failed"], ["3"]),
        (["test/loss<7", "status=failed"], []),
    ],
)
def test_all_conditions_hold(told: list[str], found: list[str], names: Names) -> None:
    assert names(*told) == found


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("status", "--where: expected such as status=done or 'test/accuracy>0.9', got status"),
        ("", "got "),
        ("val/loss>low", "--where val/loss>low: expected a number after >, got low"),
        ("val/loss<", "got nothing"),
        (
            "optimzer.lr=1",
            "optimzer.lr: no run here has such a setting or metric; did you mean optimizer.lr?",
        ),
        ("test/acuracy>1", "did you mean test/accuracy?"),
        ("loss<1", "did you mean val/loss?"),
    ],
)
def test_a_wrong_condition_is_told(told: str, message: str, names: Names) -> None:
    with pytest.raises(ConfigError) as error:
        names(told)
    assert message in str(error.value)


def test_a_name_is_known_if_any_run_has_it(runs: list[Entry]) -> None:
    require_known(["error", "exit_code", "run", "test/loss", "model", "trainer.x", "model.hidden"], runs)
    require_known(["nothing"], [])


def test_numbers_are_sorted_and_what_has_none_comes_last(runs: list[Entry]) -> None:
    losses = [run.value("test/loss") for run in by_value(runs, "test/loss", reverse=True)]
    assert losses[:-1] == sorted(losses[:-1], reverse=True)
    assert losses[-1] == ""
    assert by_value(runs, "val/loss", reverse=False)[0].folder.name == "0"
    assert by_value(runs, "status", reverse=False)[-1].value("status") == "failed"


def test_not_a_number_comes_last(tmp_path: Path) -> None:
    for name, loss in (("a", float("nan")), ("b", 0.1), ("c", 0.2)):
        leave_run(tmp_path / name, loss=loss)
    found = by_value(find_entries([str(tmp_path)])[0], "val/loss", reverse=False)
    assert [run.folder.name for run in found] == ["b", "c", "a"]


def test_the_usual_columns_are_the_monitored_and_the_tested(runs: list[Entry]) -> None:
    usual = ["run", "when", "status", "words", "epochs", "val/loss", "test/loss", "test/accuracy", "seconds"]
    assert usual_names(runs) == usual
    assert {"model", "optimizer.lr", "seed", "trainer.x", "error"} <= set(all_names(runs))
    assert not [name for name in all_names(runs) if "_target_" in name]


def test_links_and_hidden_folders_are_not_entered_and_a_run_is_listed_once(tmp_path: Path) -> None:
    leave_run(tmp_path / "outputs" / "a")
    leave_run(tmp_path / "outputs" / ".hidden" / "b")
    (tmp_path / "outputs" / "loop").symlink_to(tmp_path / "outputs")
    found, notes = find_entries([str(tmp_path / "outputs"), str(tmp_path), str(tmp_path / "outputs" / "a")])
    assert ([run.folder.name for run in found], notes) == (["a"], [])


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, got in (("nothing", "nothing"), ("file", "a file")):
        with pytest.raises(RunError, match=f"expected a folder with runs, got {got}"):
            find_entries([str(tmp_path / name)])
