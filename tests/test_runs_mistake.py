"""What scripts/runs.py says to wrong words and odd folders, and how long it takes for many."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.past import SCRIPT, Runs, leave_run, optimizer

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")


MISTAKES = {
    "": (2, "scripts/runs.py: the following arguments are required: COMMAND; see scripts/runs.py -h"),
    "lsit": (2, "argument COMMAND: expected one of list, diff, report, clean, got lsit; did you mean list?"),
    "list --lats": (2, "scripts/runs.py: unrecognized arguments: --lats; see scripts/runs.py -h"),
    "list --last 0": (
        2,
        "scripts/runs.py list: argument --last: expected 1 or more, got 0; see scripts/runs.py list -h",
    ),
    "list --where test/accuracy": (2, "--where: expected such as status=done"),
    "list --columns run,seeed": (2, "seeed: no run here has such a setting or metric; did you mean seed?"),
    "list --sort loss": (2, "loss: no run here has such a setting or metric; did you mean val/loss?"),
    "list nothing": (5, "nothing: expected a folder with runs, got nothing"),
    "list --csv outputs": (6, "outputs: a folder stands where a file is needed"),
    "list --csv no/all.csv": (6, "no/all.csv: can't be written (No such file or directory); name another"),
    "diff last": (2, "scripts/runs.py diff: the following arguments are required: RUN"),
    "diff last nothing": (
        5,
        "nothing: expected a run's folder, a checkpoint or the word last, got nothing there",
    ),
    "report nothing": (5, "nothing: expected a folder with runs, got nothing"),
    "clean nothing --yes": (5, "nothing: expected a folder with runs, got nothing"),
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_one_line_with_its_exit_code(words: str, outputs: Path, runs: Runs) -> None:
    code, output, errors = runs(*words.split())
    assert (code, output, errors.count("\n")) == (MISTAKES[words][0], "", 1)
    assert MISTAKES[words][1] in errors


def test_nothing_there_is_no_error(runs: Runs, tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    assert runs("list") == (0, "", "no runs below outputs\n")
    assert runs("clean") == (0, "nothing to remove\n", "")
    assert runs("report", "outputs")[::2] == (
        5,
        "report: expected runs with a monitored metric, got none; name another folder\n",
    )


def test_what_is_damaged_is_passed_over_in_a_few_lines(outputs: Path, runs: Runs) -> None:
    for number in range(8):
        (outputs / f"bad{number}").mkdir()
        (outputs / f"bad{number}" / "status.json").write_text("{")
    code, output, errors = runs("list")
    assert (code, output.count("\n"), errors.count("\n")) == (0, 6, 6)
    assert errors.splitlines()[-1] == "and 3 more"
    assert runs("clean", "--yes")[0] == 0
    assert len(list(outputs.glob("bad*/status.json"))) == 8


@posix
def test_a_reader_that_goes_away_and_a_full_disk(outputs: Path, runs: Runs) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    assert runs("list", stdout=writer) == (128 + 13, "", "")
    os.close(writer)
    if Path("/dev/full").exists():
        full = os.open("/dev/full", os.O_WRONLY)
        code, _, errors = runs("list", stdout=full)
        os.close(full)
        assert (code, errors) == (6, "disk: the disk is full; free some space\n")


def test_a_thousand_runs_are_listed_at_once_without_torch_or_hydra(tmp_path: Path) -> None:
    for job in range(1000):
        folder = leave_run(
            tmp_path / "outputs" / "day" / str(job), f"seed={job}", settings=optimizer(job / 1000)
        )
        (folder / "checkpoints" / "last.ckpt").unlink()
    program = f"import sys; sys.argv = [{str(SCRIPT)!r}, 'list', '--csv', '-']; import runpy\n"
    program += f"sys.path.insert(0, {str(SCRIPT.parent)!r})\n"
    program += "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
    program += "finally: assert not {'torch', 'hydra', 'omegaconf', 'numpy'} & set(sys.modules)"
    began = time.perf_counter()
    result = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    assert (result.returncode, result.stderr, result.stdout.count("\n")) == (0, "", 1001)
    assert seconds < 10, "two on a machine that does nothing else"


def test_help_tells_what_each_command_does(runs: Runs) -> None:
    code, output, _ = runs("-h")
    assert code == 0
    assert "exit codes: 0 done, 2 wrong words, 5 a run" in output
    for name in ("list", "diff", "report", "clean"):
        assert f"\n    {name} " in output
        assert runs(name, "--help")[0] == 0
