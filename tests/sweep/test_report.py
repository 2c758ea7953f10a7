"""What a report says, and the files that it leaves."""

import csv
import os
from pathlib import Path

import pytest

from kindling.run.table import lines
from kindling.sweep.report import Report
from kindling.sweep.table import effect, for_markdown, for_terminal, in_ranges, of_trials
from tests.past import leave_run, optimizer
from tests.sweep.made import leave_sweep, report, section

LOSSES = {0.1: [0.4, 0.2], 0.02: [0.1, 0.3], 0.03: [0.01, None]}


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture takes a second, and has tests of its own."""
    monkeypatch.setattr("kindling.sweep.chart.draw", lambda _, path: path.write_bytes(b""))


def said(found: Report, capsys: pytest.CaptureFixture[str]) -> list[str]:
    found.tell()
    return capsys.readouterr().out.splitlines()


def test_a_row_a_trial_and_then_the_best_with_its_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sweep = leave_sweep(tmp_path / "a", LOSSES)
    (sweep / "000-00000000" / "tensorboard").mkdir()
    told = said(report(sweep), capsys)
    assert told[0] == "3 trials of 6 jobs: 5 done, 1 failed; by val/loss, lower is better"
    assert [line.split() for line in told[1:5]] == [
        ["run", "optimizer.lr", "val/loss", "test/loss", "test/accuracy", "jobs", "status"],
        ["#2-3", "0.02", "0.2", "±", "0.14", "0.3", "±", "0.14", "0.8", "±", "0.14", "2", "done"],
        ["#0-1", "0.1", "0.3", "±", "0.14", "0.4", "±", "0.14", "0.7", "±", "0.14", "2", "done"],
        ["#4-5", "0.03", "0.01", "0.11", "0.99", "1/2", "failed"],
    ]
    assert told[5:] == [
        "",
        "best: #2-3, val/loss 0.2 ± 0.14, the mean of 2 jobs",
        "  python train.py model=mlp optimizer.lr=0.02 seed=0 seeds=2",
        "its weights: a/002-00000002",
        "",
        "report: a/report.md, beside it report.csv, report.png",
        "compare: tensorboard --logdir a (HPARAMS)",
    ]


def test_a_long_one_shows_the_best_and_says_where_the_others_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.001 * rate: [rate / 10] for rate in range(1, 26)})
    told = said(report(sweep), capsys)
    assert told[22] == f"and 5 more, all in {sweep}/report.csv"
    assert len((sweep / "report.csv").read_text().splitlines()) == 26
    assert (sweep / "report.md").read_text().count("\n| #") == 25


def test_without_a_job_that_is_done_there_is_no_best_and_no_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [None], 0.2: [None]})
    told = said(report(sweep), capsys)
    assert told[0] == "2 jobs: 2 failed; by val/loss, lower is better"
    assert told[-1].endswith("report.md, beside it report.csv")
    assert not any(line.startswith("best") for line in told)
    assert not (sweep / "report.png").exists()


def test_the_table_of_jobs_has_all_in_full(tmp_path: Path) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [1 / 3, None]})
    names, rows = report(sweep).rows()
    report(sweep).tell()
    with (sweep / "report.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["run"] for row in found] == ["000-00000000", "001-00000001"]
    assert (found[0]["val/loss"], found[0]["epoch"], found[0]["seed"]) == (str(1 / 3), "2", "0")
    assert (found[1]["status"], found[1]["error"], found[1]["seconds"]) == ("failed", "no", "5.0")
    assert (len(names), len(rows)) == (len(found[0]), 2)


def test_the_page_is_readable_where_markdown_is_drawn(tmp_path: Path) -> None:
    report(leave_sweep(tmp_path / "a", LOSSES)).tell()
    page = (tmp_path / "a" / "report.md").read_text()
    assert page.startswith("# a\n\n3 trials of 6 jobs: ")
    assert "\n| run | optimizer.lr | val/loss |" in page
    assert "```bash\npython train.py model=mlp optimizer.lr=0.02 seed=0 seeds=2\n```" in page
    assert "(report.png)" in page
    leave_run(tmp_path / "b" / "0", "x=a|b")
    leave_run(tmp_path / "b" / "1", "x=c")
    found = section(tmp_path / "b")
    assert any(r"a\|b" in line for line in for_markdown(of_trials(found, found.trials, False)))


def test_several_sweeps_are_joined_and_nothing_is_written_unless_told_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = leave_sweep(tmp_path / "a", {0.1: [0.5]}), leave_sweep(tmp_path / "b", {0.1: [0.4]})
    told = said(report(first, second), capsys)
    assert [line.split()[:2] for line in told[1:4]] == [
        ["run", "sweep"],
        ["#0", str(second)],
        ["#0", str(first)],
    ]
    assert f"best: {second} #0, val/loss 0.4" in told
    assert not [*tmp_path.rglob("report.*")]
    report(first, second, output=tmp_path / "new").tell()
    assert (tmp_path / "new" / "report.csv").read_text().startswith("sweep,run,")
    assert (tmp_path / "new" / "report.md").read_text().startswith("# a, b\n")


def test_a_part_of_a_sweep_leaves_the_report_of_all_of_it(tmp_path: Path) -> None:
    sweep = leave_sweep(tmp_path / "a", {0.1: [0.5], 0.2: [0.4]})
    report(sweep).tell()
    before = (sweep / "report.csv").read_text()
    report(next(sweep.glob("000-*"))).tell()
    assert (sweep / "report.csv").read_text() == before


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = leave_sweep(tmp_path / "a", LOSSES)
    report(sweep).tell()
    before = (sweep / "report.csv").read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kindling.source.whole.sync", fail)
    with pytest.raises(OSError, match="No space"):
        report(sweep).tell()
    assert (sweep / "report.csv").read_bytes() == before
    assert sorted(path.name for path in sweep.glob("*report*")) == ["report.csv", "report.md", "report.png"]


def test_on_a_narrow_terminal_the_metric_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for job in range(3):
        leave_run(tmp_path / str(job), f"model.dropout={job}", f"optimizer.weight_decay={job}", f"x={job}")
    found = section(tmp_path)
    width = len(str(tmp_path)) + 40
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((width, 24)))
    told = for_terminal(of_trials(found, found.trials, False), ["val/loss"])
    assert max(map(len, told)) <= width
    assert told[0].split() == ["run", "model.dropout", "val/loss"]


def test_each_value_has_its_mean_and_best_over_the_trials_that_are_done(tmp_path: Path) -> None:
    for job, (lr, model, loss) in enumerate(
        [(0.1, "a", 0.4), (0.1, "b", 0.2), (0.02, "a", 0.1), (0.02, "b", 0.5)]
    ):
        leave_run(tmp_path / str(job), f"optimizer.lr={lr}", f"x={model}", loss=loss, settings=optimizer(lr))
    found = section(tmp_path)
    rows = {name: [line.split() for line in lines(effect(found, name))[1:]] for name in found.varying}
    assert rows == {
        "optimizer.lr": [["0.02", "2", "0.3", "0.1"], ["0.1", "2", "0.3", "0.2"]],
        "x": [["a", "2", "0.25", "0.1"], ["b", "2", "0.35", "0.2"]],
    }


def test_many_numbers_are_told_in_quarters() -> None:
    assert in_ranges(list(range(8))) == [*map(str, range(8))]
    assert in_ranges([*range(1, 10), 100])[::3] == ["1 to 3.25", "3.25 to 5.5", "5.5 to 7.75", "7.75 to 100"]
    assert in_ranges([*range(9), "x"])[-2:] == ["8", "x"]
