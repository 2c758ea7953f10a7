"""scripts/evaluate.py, as it is typed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import PIPE
from typing import IO

import pytest
import torch

from tests.conftest import PROJECT, run_train, runs

SCRIPT = PROJECT / "scripts" / "evaluate.py"
Call = Callable[..., tuple[int, str, str]]
QUICK = ["model.hidden=[8]", "trainer.max_epochs=2", "callback=[]", "logger=[]", "trainer=cpu"]
PEOPLE = "".join(f"p{at},{at % 13},{at % 7},{'yes' if at % 7 > 3 else 'no'}\n" for at in range(80))


def call_evaluate(folder: Path, *words: str, stdout: IO[str] | int = PIPE) -> tuple[int, str, str]:
    """Call the command there: exit code, output and errors."""
    command = [sys.executable, "-W", "error", "-W", "ignore::FutureWarning", str(SCRIPT), *words]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    result = subprocess.run(command, cwd=folder, env=environment, stdout=stdout, stderr=PIPE, text=True)
    return result.returncode, result.stdout or "", result.stderr


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table, and a run on it."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "people.csv").write_text(f"id,age,mood,happy\n{PEOPLE}")
    words = ["data=csv", "data.path=people.csv", "data.target=happy", "data.id_column=id", *QUICK]
    result = run_train(folder, *words)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture
def evaluate(trained: Path, tmp_path: Path) -> Call:
    """Call the command in a copy of that folder."""
    shutil.copytree(trained, tmp_path / "here")
    return partial(call_evaluate, tmp_path / "here")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Where it is called."""
    return tmp_path / "here"


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_last_run_is_evaluated_as_training_did(evaluate: Call, here: Path) -> None:
    (run,) = runs(here)
    before = content(run)
    code, output, errors = evaluate()
    assert (code, errors) == (0, "")
    assert content(run) == before
    folder = Path("outputs", "evaluation", f"{run.parent.name}-{run.name}-test")
    assert output.splitlines()[-1] == (
        f"evaluation.json, confusion_matrix.png, calibration.png, worst.csv in {folder}"
    )
    assert f"{run.relative_to(here)}/checkpoints/best.ckpt, test split: 16 rows\n" in output
    found = json.loads((here / folder / "evaluation.json").read_text())
    expected = json.loads((run / "metrics.json").read_text())
    assert found["metrics"] == {name: value for name, value in expected.items() if name[:5] == "test/"}
    assert (here / folder / "worst.csv").read_text().startswith("id,true,predicted,probability,")

    told = f"{folder}: expected a new or empty folder, got one with calibration.png, confusion_matrix.png, "
    assert evaluate()[0] == 6
    assert evaluate()[2].startswith(told)
    code, output, errors = evaluate("--force", "--json", "--worst", "3")
    assert (code, errors) == (0, "")
    assert json.loads(output) == found
    assert len((here / folder / "worst.csv").read_text().splitlines()) == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a file that is full")
def test_a_full_disk_behind_standard_output_is_one_line_and_the_folder_is_whole(
    trained: Path, tmp_path: Path
) -> None:
    words = ["--run", str(runs(trained)[0]), "--output", str(tmp_path / "out"), "--json"]
    with Path("/dev/full").open("w") as full:
        assert call_evaluate(trained, *words, stdout=full) == (
            6,
            "",
            "disk: the disk is full; free some space\n",
        )
    json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_a_checkpoint_alone_is_enough_for_another_file(evaluate: Call, here: Path, tmp_path: Path) -> None:
    (run,) = runs(here)
    shutil.copy(run / "checkpoints" / "best.ckpt", tmp_path / "kept.ckpt")
    shutil.rmtree(here)
    here.mkdir()
    (here / "new people.csv").write_text("happy,mood,age\nyes,6,20\nno,1,30\n")
    code, output, errors = evaluate("--run", "../kept.ckpt", "--data", "new people.csv", "--json")
    assert (code, errors) == (0, "")
    found = json.loads(output)
    assert [found[name] for name in ("checkpoint", "data", "rows")] == ["../kept.ckpt", "new people.csv", 2]
    assert [row["rows"] for row in found["classes"]] == [1, 1]
    lines = (here / "outputs" / "evaluation" / "kept-new people" / "worst.csv").read_text().splitlines()
    assert lines[0] == "row,true,predicted,probability,probability_of_true,mood,age"
    assert {line.split(",")[0] for line in lines[1:]} == {"0", "1"}


@pytest.mark.full
def test_data_that_moved_are_found_and_others_refused(evaluate: Call, here: Path) -> None:
    (here / "away").mkdir()
    (here / "people.csv").rename(here / "away" / "people.csv")
    hint = "call this where train.py was called, or add --moved FOLDER"
    missing = f"data.path: expected {here}/people.csv, got nothing there; {hint}\n"
    assert evaluate() == (3, "", missing)
    assert evaluate("--moved", "away", "--split", "val", "--output", "mine")[0] == 0
    assert json.loads((here / "mine" / "evaluation.json").read_text())["split"] == "val"
    (here / "away" / "people.csv").write_text(f"id,age,mood,happy\n{PEOPLE}".replace("yes", "no", 1))
    code, _, errors = evaluate("--moved", "away")
    assert (code, errors[:22], errors.count("\n")) == (3, "data: expected sha256 ", 1)
    assert not (here / "outputs" / "evaluation").exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--split", "train"], 2, "argument --split: expected one of test, val, got train"),
        (["--worst", "-1"], 2, "expected 0 or more, got -1"),
        (["--data", "people.csv", "--split", "val"], 2, "--split: expected it without --data, got both"),
        (["--data", "x.npy"], 2, "--targets: expected it beside --data x.npy"),
        (["--targets", "y.npy"], 2, "--targets: expected it beside --data x.npy"),
        (["--data", "nothing.csv"], 3, "--data: nothing.csv: expected it to be there"),
        (["--run", "nothing"], 5, "nothing: expected a run's folder, a checkpoint or the word last"),
        (["--run", "http://x/y.ckpt"], 5, "got an address; fetch the file, and name that"),
        (
            ["--run", "people.csv"],
            5,
            "people.csv: expected a checkpoint, got a file that can't be read as one",
        ),
        (["--output", "people.csv"], 6, "--output: people.csv: expected a folder, got a file"),
    ],
)
def test_a_mistake_is_one_line(words: list[str], code: int, told: str, evaluate: Call, here: Path) -> None:
    got, output, errors = evaluate(*words)
    assert (got, output, errors.count("\n")) == (code, "", 1)
    assert told in errors
    assert not (here / "outputs" / "evaluation").exists()


@pytest.mark.skipif(torch.cuda.is_available(), reason="a machine without a GPU")
def test_a_device_that_is_not_there_is_one_line(evaluate: Call) -> None:
    assert evaluate("--device", "cuda") == (6, "", "device: expected a GPU for cuda, got none; take cpu\n")


def test_the_run_is_not_written_to(evaluate: Call, here: Path) -> None:
    (run,) = runs(here)
    code, _, errors = evaluate("--output", str(run / "mine"))
    assert (code, errors[:51]) == (2, "--output: expected a folder outside the run's, got ")


def test_words_are_judged_before_torch_is_imported(trained: Path) -> None:
    program = f"import runpy, sys; sys.path.insert(0, {str(SCRIPT.parent)!r})\n"
    program += f"runpy.run_path({str(SCRIPT)!r}); print('torch' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout == "False\n"
