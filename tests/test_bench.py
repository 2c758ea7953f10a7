"""The benchmark takes turns, tells ratios round by round, and writes down what it prints."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pytest

from scripts.benchmark import by_hand
from scripts.benchmark.measure import Aim, Row, Seconds, compare, in_rotation, take_time
from tests.conftest import PROJECT

copies_processes = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
BENCH = PROJECT / "scripts" / "bench.py"


def bench(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCH), *words]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )


class FakeClock:
    """A clock that only work moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, *seconds: float) -> Callable[[], None]:
        """Work that takes so long, one time after the other."""
        left: Iterator[float] = chain(seconds)

        def run() -> None:
            self.now += next(left)

        return run


def test_variants_take_turns() -> None:
    order: list[str] = []
    variants = {name: lambda name=name: order.append(name) or len(order) for name in "abc"}
    found = in_rotation(variants, rounds=2)
    assert order == ["a", "b", "c", "a", "b", "c"]
    assert found == {"a": [1, 4], "b": [2, 5], "c": [3, 6]}


def test_the_first_round_does_not_count() -> None:
    cpu, wall = FakeClock(), FakeClock()
    on_cpu, on_wall = cpu.work(100, 1, 2), wall.work(900, 5, 6)
    found = take_time({"a": lambda: (on_cpu(), on_wall())}, 2, clocks=(cpu, wall))
    assert found == {"a": [Seconds(1, 5), Seconds(2, 6)]}


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    tops, bottoms = (10, 1, 300), (1, 1, 100)  # the ratio of the medians would be 10
    times = {
        "a": [Seconds(cpu, 4 * cpu) for cpu in tops],
        "b": [Seconds(cpu, 2 * cpu) for cpu in bottoms],
    }
    row = compare(times, "a", "b", "work", Aim("≤", 2))
    assert (row.ratio, row.lowest, row.highest, row.wall) == (3, 1, 10, 6)
    assert (row.name, row.against, row.aim, row.reached) == ("work: a", "b", "≤ 2", False)


@pytest.mark.parametrize(("sign", "reached"), [("≤", [True, True, False]), ("≥", [False, True, True])])
def test_an_aim_holds_on_its_own_side(sign: str, reached: list[bool]) -> None:
    aim = Aim(sign, 2)  # type: ignore[arg-type]
    assert [aim.reached_by(ratio) for ratio in (1.9, 2.0, 2.1)] == reached


def test_a_missed_aim_is_printed() -> None:
    assert Row("a", "b", 3, 1, 10, "≤ 2", reached=False).line().endswith("≤ 2: NOT REACHED")
    assert Row("a", "b", 3, 1, 10).line().split() == ["a", "÷", "b", "3", "1", "to", "10"]


@pytest.mark.full
def test_data_is_measured_printed_and_written(tmp_path: Path) -> None:
    result = bench(tmp_path, "data", "--quick", "--rounds", "1")
    assert (result.returncode, result.stderr) == (0, "")
    [path] = tmp_path.glob("outputs/*/*/bench.json")
    _, *lines, last = result.stdout.splitlines()
    assert last == f"written to {path.relative_to(tmp_path)}"
    written = json.loads(path.read_text(encoding="utf-8"))
    assert {"machine", "packages", "git"} <= written.keys()
    assert len(lines) == len(written["rows"]) == 9
    for row, line in zip(written["rows"], lines, strict=True):
        assert line.startswith(f"{row['name']} ÷ {row['against']}")
        assert all(math.isfinite(row[name]) and row[name] > 0 for name in ("ratio", "lowest", "highest"))
        assert row["rounds"]


ROWS = {  # of the parts that take minutes
    "sweep": (
        "2 runs of 1 epochs: -m ÷ by hand ",
        "2 runs of 1 epochs: -m logger=[] ÷ by hand ",
        "by wall, 2 jobs of 1 epochs: launcher.jobs=1 ÷ launcher.jobs=2 ",
    ),
    "predict": (
        "MLP, 2 times one row: predict(array) ÷ the bare network ",
        "MLP, 2 times one row: predict(list) ÷ the bare network ",
        "MLP, 20 rows: predict(array) ÷ the bare network ",
        "CNN, 2 times one row: predict(array) ÷ the bare network ",
        "CNN, 8 rows: predict(array) ÷ the bare network ",
        "200 rows of CSV: predict_classes ÷ by hand ",
        "20 rows until the end: predict.py ÷ import torch ",
        "predict.py without imports: 200 rows ÷ 20 rows ",
        "memory of predict.py: 200 rows ÷ 20 rows ",
    ),
    "scale": (
        "time of a run: 10 times the rows ÷ 1 time ",
        "time of a run: 10 times the epochs ÷ 1 time ",
        "memory of a run: 10 times the rows ÷ 1 time ",
        "memory of a run: 10 times the epochs ÷ 1 time ",
        "time of a run: 10 million parameters ÷ 1 million parameters ",
        "memory of a run: 10 million parameters ÷ 1 million parameters ",
        "memory above imports, 700 × 16 bytes of images ÷ 250 MB ",
    ),
    "train": tuple(
        f"{network}: {row} "
        for network in ("mlp", "cnn", "lstm")
        for row in (
            *("train.py in float32 ÷ by hand", "train.py in float32 ÷ by hand, our network"),
            *("train.py ÷ by hand", "the usual way ÷ train.py in float32", "the floor ÷ by hand"),
        )
    ),
}
COPY = ("predict", "scale")


@pytest.mark.full
@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=copies_processes if part in COPY else ()) for part in ROWS]
)
def test_a_part_measures_what_it_says(part: str, tmp_path: Path) -> None:
    result = bench(tmp_path, part, "--quick", "--rounds", "1")
    assert (result.returncode, result.stderr) == (0, "")
    _, *lines, _ = result.stdout.splitlines()
    lines = [line for line in lines if "Keras on " not in line]  # where it is installed
    assert all(line.startswith(row) for line, row in zip(lines, ROWS[part], strict=True))


@pytest.mark.skipif(find_spec("keras") is not None, reason="Keras is installed, and would be measured")
@pytest.mark.full
def test_without_keras_no_score_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_PYTHON", raising=False)
    result = bench(tmp_path, "score")
    assert (result.returncode, result.stderr.count("\n")) == (6, 1)
    assert "KERAS_PYTHON" in result.stderr


def test_the_loop_by_hand_learns_what_the_program_does() -> None:
    loss, accuracy = by_hand.train(seed=0, epochs=10)
    assert loss < 0.3
    assert accuracy > 0.93


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["dat"], "expected one of"),
        ([], "PART"),
        (["data", "--rounds", "0"], "--rounds: expected 1 or more, got 0"),
        (["data", "--rounds", "two"], "invalid int value: 'two'"),
        (["data", "--against", "HEAD"], "--against: expected with guard alone, got data"),
        (["guard", "--against", "nothing"], "--against: expected a commit, branch or tag, got 'nothing'"),
        (["data", "--output", "there.json"], "--output: expected a new file, got there.json"),
    ],
)
def test_wrong_words_are_one_line(words: list[str], told: str, tmp_path: Path) -> None:
    (tmp_path / "there.json").write_text("mine")
    result = bench(tmp_path, *words)
    assert (result.returncode, result.stderr.count("\n"), result.stdout) == (2, 1, "")
    assert told in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["there.json"]


def test_help_lists_the_parts(tmp_path: Path) -> None:
    told = bench(tmp_path, "-h").stdout
    assert "  data       How fast batches come" in told
    for path in (BENCH.parent / "benchmark" / "part").glob("*.py"):
        assert f"\n  {path.stem} " in told
