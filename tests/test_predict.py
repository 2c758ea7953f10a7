"""scripts/predict.py: rows of files and of standard input to predictions, one line a mistake."""

import csv
import json
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BufferedReader, BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from kindling.predictor import load
from tests.conftest import PROJECT, Train, runs
from tests.stand_in import stand_in

SCRIPT = PROJECT / "scripts" / "predict.py"
Fitted = Callable[..., tuple[Any, Any, Any]]
Predict = Callable[..., tuple[int, str, str]]
posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX signal")


@pytest.fixture
def predict(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Predict:
    """Run the command in this process and an empty folder: exit code, output and errors."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def call(*words: object, text: str = "") -> tuple[int, str, str]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *map(str, words)])
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BufferedReader(BytesIO(text.encode()))))
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        for number, handler in handlers.items():
            signal.signal(number, handler)
        return int(ended.value.code or 0), *capsys.readouterr()

    return call


NEW = "extra,colour,size\nx,red,3\ny,blue,4.5\nz,red,6\n"


def names() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_a_file_comes_out_with_a_row_for_each_of_its_own(
    kept: Path, predict: Predict, caplog: pytest.LogCaptureFixture
) -> None:
    Path("new.csv").write_text(NEW)
    code, output, errors = predict(
        "--run", kept, "--input", "new.csv", "--output", "out.csv", "--probabilities"
    )
    assert (code, output, errors) == (0, "", "")
    assert caplog.messages == ["new.csv: not used: extra"]
    found = rows(Path("out.csv").read_text())
    assert list(found[0]) == ["row", "prediction", "probability_0", "probability_1"]
    assert [row["row"] for row in found] == ["0", "1", "2"]
    predictor = load(kept)
    expected = predictor.predict("new.csv")
    np.testing.assert_allclose([float(row["probability_1"]) for row in found], expected)
    np.testing.assert_allclose([float(row["probability_0"]) for row in found], 1 - expected)
    assert [row["prediction"] for row in found] == list(predictor.predict_classes("new.csv"))
    assert names() == ["new.csv", "out.csv"]


def test_each_ending_is_written_and_a_file_of_somebodys_is_not(kept: Path, predict: Predict) -> None:
    Path("new.csv").write_text(NEW.replace("extra", "good"))  # the target is no surprise
    words = ["--run", kept, "--input", "new.csv", "--batch-size", 2]
    assert predict(*words, "--output", "-") == (0, output := predict(*words, "--output", "-")[1], "")
    assert predict(*words, "--output", "out.jsonl") == (0, "", "")
    found = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [{name: str(value) for name, value in row.items()} for row in found] == rows(output)
    assert found[2]["row"] == 2
    code, _, errors = predict(*words, "--output", "out.jsonl")
    assert (code, errors) == (
        6,
        "--output: out.jsonl: is there already; name another, or add --force to replace it\n",
    )
    assert predict(*words, "--output", "out.jsonl", "--force", "--probabilities")[0] == 0
    assert "probability_1" in Path("out.jsonl").read_text()


@pytest.mark.parametrize("text", [NEW, '{"size":3,"colour":"red"}\n{"size":4.5,"colour":"blue"}\n'])
def test_standard_input_is_read(text: str, kept: Path, predict: Predict) -> None:
    code, output, _ = predict("--run", kept, "--input", "-", "--output", "-", text=text)
    assert code == 0
    Path("new.csv").write_text(NEW)
    expected = list(load(kept).predict_classes("new.csv"))
    assert [row["prediction"] for row in rows(output)] == expected[: text.count("\n") - ("{" not in text)]


def test_rows_of_several_files_are_told_apart(kept: Path, predict: Predict) -> None:
    for name in ("a.csv", "b.csv"):
        Path(name).write_text(NEW)
    code, output, _ = predict("--run", kept, "--input", "a.csv", "--input", "b.csv", "--output", "-")
    assert code == 0
    assert [(row["file"], row["row"]) for row in rows(output)] == [
        (f, n) for f in ("a.csv", "b.csv") for n in "012"
    ]


def test_the_predictions_of_a_run_are_found_again(train: Train, predict: Predict, tmp_path: Path) -> None:
    lines = [f"r{row},{row % 7},{('red', 'blue')[row % 2]},{row % 3}" for row in range(90)]
    (tmp_path / "train.csv").write_text("\n".join(["Id,a,b,y", *lines]))
    (tmp_path / "test.csv").write_text("b,Id,a\nred,007,1\nblue, x ,2\nblue,9,5\n")
    words = "data=csv data.path=train.csv data.target=y data.id_column=Id data.test_path=test.csv"
    result = train(*words.split(), "debug=limit", "logger=[]")
    assert result.returncode == 0, result.stderr
    (run,) = runs(tmp_path)
    code, output, errors = predict("--run", run, "--input", tmp_path / "test.csv", "--output", "-")
    assert (code, errors) == (0, "")
    assert output.replace("prediction", "y") == (run / "predictions.csv").read_text()


def test_images_are_named_by_their_files(
    fitted: Fitted, predict: Predict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = stand_in("data/image_folder", tmp_path, monkeypatch)
    trainer = fitted("data=image_folder", *words)[2]
    run = trainer.checkpoint_callbacks[-1].best
    Image.new("RGB", (8, 8)).save("one.png")
    np.save("two.npy", np.zeros((2, 3, 8, 8), np.uint8))
    photos = tmp_path / "photos"
    code, output, errors = predict("--run", run, "--input", photos, "--input", "one.png", "--output", "-")
    assert (code, errors) == (0, "")
    files = [row["file"] for row in rows(output)]
    assert files == [*(str(path) for path in sorted(photos.glob("*/*"), key=str)), "one.png"]
    assert {row["prediction"] for row in rows(output)} <= {"cat", "dog"}
    code, output, errors = predict("--run", run, "--input", "two.npy", "--output", "-")
    assert (code, [row["row"] for row in rows(output)]) == (0, ["0", "1"])
    code, _, errors = predict("--run", run, "--input", "-", "--output", "-")
    assert (code, errors) == (
        3,
        "standard input: expected images by their files or folders; name them\n",
    )


def test_the_last_rows_of_a_series_tell_what_comes_next(
    fitted: Fitted, predict: Predict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [*stand_in("data/timeseries", tmp_path, monkeypatch), "data.steps=5", "data.horizon=2"]
    run = fitted("data=timeseries", *words)[2].checkpoint_callbacks[-1].best
    series = tmp_path / "series.csv"
    code, output, errors = predict("--run", run, "--input", series, "--output", "-", "--batch-size", 7)
    assert (code, errors) == (0, "")
    found = rows(output)
    assert list(found[0]) == ["row", "prediction_1", "prediction_2"]
    assert [int(row["row"]) for row in found] == list(range(4, 100))
    code, output, _ = predict("--run", run, "--input", series, "--output", "-", "--last")
    (last,) = rows(output)
    assert last["row"] == "99"
    assert float(last["prediction_1"]) == pytest.approx(float(found[-1]["prediction_1"]), rel=1e-5)


MISTAKES = {
    "--run nothing --input new.csv": (5, "nothing: expected a run's folder"),
    "--input nothing.csv": (3, "nothing.csv: expected a file to predict, got nothing there"),
    "--input .": (3, ".: expected a CSV file, got a folder"),
    "--input bad.csv": (3, "bad.csv, line 3, column size: expected numbers, got 'x'; mend it"),
    "--input lacks.csv": (3, "lacks.csv, line 1: expected a column colour, got size; add it"),
    "--input empty.csv": (3, "empty.csv: expected a table, got nothing"),
    "--input wide.npy": (3, "wide.npy: expected an array of (rows, 3), got (2, 9)"),
    "--input nan.npy": (3, "nan.npy, row 1: expected finite numbers"),
    "--input text.npy": (3, "text.npy: expected a whole .npy file of numbers"),
    "--input new.csv --batch-size 0": (2, "argument --batch-size: expected 1 to 1000000000, got 0"),
    "--input new.csv --device tpu": (2, "argument --device: expected one of auto, cpu, cuda, got tpu"),
    "--input new.csv --last": (2, "--last: expected a run on a series"),
    "--input new.csv --output out.txt": (
        2,
        "--output: expected a file ending in .csv, .jsonl, .parquet or -",
    ),
    "--input new.csv --output no/out.csv": (6, "expected a file in a folder that is there, got no folder no"),
    "--input new.csv --output /proc/x.csv": (6, "--output: /proc/x.csv: can't be written ("),
    f"--input new.csv --output {'x' * 250}.csv": (6, "x.csv: can't be written (File name too long); name"),
    "--input new.csv --outptu x": (2, "unrecognized arguments"),
    "": (2, "the following arguments are required: --input"),
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_one_line_and_leaves_no_file(words: str, kept: Path, predict: Predict) -> None:
    Path("new.csv").write_text("colour,size\nred,3\n")
    Path("bad.csv").write_text("colour,size\nred,3\nred,x\n")
    Path("lacks.csv").write_text("size\n3\n")
    Path("empty.csv").touch()
    Path("text.npy").write_text("text")
    np.save("wide.npy", np.zeros((2, 9)))
    np.save("nan.npy", np.array([[0, 0, 1], [0, 0, np.nan]]))
    before = names()
    told = words.split()
    told += [] if "--run" in told else ["--run", str(kept)]
    told += [] if "--output" in told else ["--output", "out.csv"]
    code, output, errors = predict(*told, "--batch-size", 1) if "--batch-size" not in told else predict(*told)
    expected, message = MISTAKES[words]
    assert (code, output, errors.count("\n")) == (expected, "", 1), errors
    assert message in errors
    assert names() == before


def test_words_for_classes_do_not_suit_numbers(fitted: Fitted, predict: Predict) -> None:
    run = fitted("data=diabetes")[2].checkpoint_callbacks[-1].best
    code, _, errors = predict("--run", run, "--input", "-", "--output", "-", "--probabilities")
    assert (code, errors.count("\n")) == (2, 1)
    assert "--probabilities: expected a run that predicts classes" in errors


def test_a_prediction_that_is_not_finite_is_told_with_its_row(fitted: Fitted, predict: Predict) -> None:
    path = fitted("data=diabetes", "data.normalization=none")[2].checkpoint_callbacks[-1].best
    content = torch.load(path, weights_only=True)
    for name, value in content["state_dict"].items():
        if name.startswith("net."):
            value.fill_(1e30 if name.endswith("weight") else 0)
    torch.save(content, "large.ckpt")
    np.save("x.npy", np.array([np.zeros(10), np.ones(10)]))
    code, _, errors = predict("--run", "large.ckpt", "--input", "x.npy", "--output", "out.csv")
    assert (code, errors) == (
        4,
        "row 1: expected a finite prediction, got one that is not; look at that row\n",
    )
    assert not Path("out.csv").exists()


def test_parquet_is_an_extra(kept: Path, predict: Predict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    code, _, errors = predict("--run", kept, "--input", "-", "--output", "out.parquet")
    assert (code, errors.count("\n")) == (6, 1)
    assert "pyarrow can't be imported" in errors
    assert "type: python -m pip install pyarrow" in errors


@posix
def test_rows_are_answered_as_they_come_and_a_signal_leaves_no_half_file(kept: Path, tmp_path: Path) -> None:
    def start(output: str) -> subprocess.Popen[str]:
        words = ["--run", str(kept), "--input", "-", "--output", output, "--batch-size", "1"]
        command = [sys.executable, "-W", "error", "-W", "ignore::FutureWarning", str(SCRIPT), *words]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(command, cwd=tmp_path, text=True, **pipes)

    with start("-") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("size,colour,extra\n3,red,\n")
        process.stdin.flush()
        assert process.stdout.readline() == "row,prediction\n"
        assert process.stdout.readline().startswith("0,")
        output, errors = process.communicate("4,blue,\n")
        assert (output[:2], errors) == ("1,", "standard input: not used: extra\n")
        assert process.returncode == 0
    with start("out.csv") as process:
        assert process.stdin is not None
        process.stdin.write("size,colour\n3,red\n")
        process.stdin.flush()
        while not list(tmp_path.glob(".out.csv.*")):
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.communicate() == ("", "stopped by SIGTERM\n")
        assert process.returncode == 128 + signal.SIGTERM
    assert not list(tmp_path.glob("*out.csv*"))
