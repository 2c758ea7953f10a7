"""scripts/runs.py, as it is typed."""

import csv
import io
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import SMALL, Train
from tests.past import Runs, leave_run

posix = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
QUESTION = "remove 1 run, 2.0 MB? [y/N] "


def test_the_list_of_a_real_run_and_its_difference_from_another(train: Train, runs: Runs) -> None:
    assert train(*SMALL, "model.hidden=[8]").returncode == 0
    code, output, errors = runs("list")
    assert (code, errors) == (0, "")
    header, row = output.splitlines()
    assert header.split() == [
        *("run", "when", "status", "words", "epochs"),
        *("val/loss", "test/loss", "test/accuracy", "seconds"),
    ]
    name = row.split()[0]
    assert "  done    data=wine model=mlp debug=limit model.hidden=[8]       3  " in row
    assert runs("list", "--where", "model=mlp", "--where", "test/loss>0", "--columns", "data,model.hidden")[
        1
    ] == ("data  model.hidden\nwine  [8]\n")
    code, output, errors = runs("diff", name, "last")
    assert (code, errors) == (0, "")
    assert "settings: no difference\n\nenvironment: no difference\n" in output
    assert "\ntest/accuracy " in output


def test_the_list_is_plain_text_with_jobs_like_other_runs(outputs: Path, runs: Runs) -> None:
    code, output, errors = runs("list")
    assert (code, errors) == (0, "")
    assert [line.split()[0] for line in output.splitlines()[1:]] == [
        "outputs/2026-01-02/03-00-00-aaaaaa",
        *(f"outputs/2026-01-02/04-00-00-bbbbbb/{job}" for job in range(4)),
    ]
    assert [line.split()[3] for line in output.splitlines()[1:]] == ["done"] * 3 + ["failed", "killed"]
    found = runs(
        "list", str(outputs), "--where", "status=done", "--sort", "val/loss", "--columns", "val/loss"
    )
    assert found == (0, "val/loss\n    0.01\n     0.1\n     0.4\n", "")
    assert runs("list", "--last", "1", "--columns", "optimizer.lr")[1] == "optimizer.lr\n         0.2\n"
    assert runs("list", "--reverse", "--columns", "optimizer.lr")[1].split()[1] == "0.2"


def test_csv_has_all_and_reads_back(outputs: Path, runs: Runs, tmp_path: Path) -> None:
    leave_run(tmp_path / "outputs" / "größe, 模型", 'x="a,b"', second=900)
    code, output, errors = runs("list", "--csv", "-")
    assert (code, errors) == (0, "")
    rows = list(csv.DictReader(io.StringIO(output)))
    assert rows[-1]["run"] == "outputs/größe, 模型"
    assert (rows[-1]["words"], rows[-1]["model.hidden"], rows[-1]["test/loss"]) == (
        'x="a,b"',
        "[64, 64]",
        "0.6",
    )
    assert rows[2]["optimizer.lr"] == "0.01"
    code, table, _ = runs("list", "--csv", "all.csv")
    assert (tmp_path / "all.csv").read_text(encoding="utf-8") == output
    assert table == runs("list")[1]
    assert runs("report", "outputs", "--csv", "-")[1].startswith("run,status,optimizer.lr,data,")


def test_a_report_names_the_best_job_and_its_command(outputs: Path, runs: Runs) -> None:
    code, output, errors = runs("report", str(outputs / "04-00-00-bbbbbb"))
    assert (code, errors) == (0, "")
    assert output.startswith("4 jobs: 2 done, 1 failed, 1 killed; by val/loss, lower is better\n")
    best = f"\nbest: {outputs / '04-00-00-bbbbbb' / '1'}, val/loss 0.01\n"
    assert best + "  python train.py model=mlp optimizer.lr=0.01\n" in output
    assert not list(outputs.rglob("report.*")), "they are no sweep's"
    assert runs("report", str(outputs), "--output", "kept")[0] == 0
    assert sorted(path.name for path in Path(outputs.parents[1], "kept").iterdir()) == [
        "report.csv",
        "report.md",
        "report.png",
    ]


def test_clean_asks_only_where_somebody_can_answer(outputs: Path, runs: Runs, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    code, output, errors = runs("clean")
    assert (code, errors.count("\n")) == (2, 1)
    assert errors.startswith("scripts/runs.py clean: expected a terminal to ask on, got none; add --yes")
    assert [line.split()[1:4] for line in output.splitlines()[1:]] == [["failed", "2.0", "MB"]]
    assert sorted(tmp_path.rglob("*")) == before
    code, output, errors = runs("clean", "--yes")
    assert (code, errors, output.splitlines()[-1]) == (0, "", "removed 1 run, 2.0 MB")
    left = [path.parent.name for path in sorted(tmp_path.rglob("status.json"))]
    assert left == ["03-00-00-aaaaaa", "0", "1", "3"], "what was killed can go on"
    assert runs("clean", "--yes") == (0, "nothing to remove\n", "")


def test_clean_removes_folders_that_it_has_emptied(runs: Runs, tmp_path: Path) -> None:
    sweep = tmp_path / "outputs" / "2026-01-02" / "04-00-00-bbbbbb"
    leave_run(sweep / "0", status="failed")
    leave_run(tmp_path / "outputs" / "2026-01-03" / "a", status="stopped")
    (sweep / "multirun.yaml").touch()
    assert runs("clean", "--yes")[0] == 0
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["2026-01-03"]
    assert runs("clean", "--yes", "--stopped")[0] == 0
    assert list((tmp_path / "outputs").iterdir()) == []


@posix
@pytest.mark.parametrize(("answer", "left"), [("y\n", 4), ("n\n", 5), ("\n", 5), ("\x04", 5)])
def test_on_a_terminal_a_yes_is_needed(answer: str, left: int, outputs: Path, runs: Runs) -> None:
    import pty

    ours, theirs = pty.openpty()
    os.write(ours, answer.encode())
    code, _, errors = runs("clean", stdin=theirs)
    os.close(theirs)
    os.close(ours)
    assert (code, errors) == (0, QUESTION)
    assert len(list(outputs.rglob("status.json"))) == left


@posix
@pytest.mark.parametrize("width", [60, 100])
def test_on_a_terminal_no_line_is_too_long(
    width: int, outputs: Path, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pty

    monkeypatch.setenv("COLUMNS", str(width))
    ours, theirs = pty.openpty()
    code, _, errors = runs("list", stdout=theirs)
    os.close(theirs)
    lines = os.read(ours, 100_000).decode().splitlines()
    os.close(ours)
    assert code == 0
    assert max(map(len, lines)) <= width
    assert lines[0].split()[0] == "run"
    assert ("no room for " in errors) == ("seconds" not in lines[0])
