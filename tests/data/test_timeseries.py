"""Windows of the past, forecasts of what follows, and splits that follow one another in time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from kindling.data.timeseries import TimeSeries
from kindling.error import DataError

Make = Callable[..., TimeSeries]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A series of these lines, set up."""

    def make_data(lines: list[str], column: Any = "sales", **settings: Any) -> TimeSeries:
        path = tmp_path / "series.csv"
        path.write_text("\n".join(lines) + "\n")
        data = TimeSeries(str(path), column, **settings)
        data.setup()
        return data

    return make_data


def counting(rows: int = 100) -> list[str]:
    return ["day,sales,rain", *(f"{2000 + row}-01-01,{row},{-row}" for row in range(rows))]


def test_a_window_holds_the_past_and_its_target_what_follows(make: Make) -> None:
    inputs, targets = make(counting(), steps=4, horizon=2).splits["train"][:]
    assert inputs.shape[1:] == (4, 1)
    assert inputs[0, :, 0].tolist() == [0, 1, 2, 3]
    assert targets[0].tolist() == [4, 5]
    assert torch.equal(targets[:, 0], inputs[:, -1, 0] + 1)


@pytest.mark.parametrize("horizon", [1, 3])
def test_no_split_forecasts_what_an_earlier_one_has_seen(horizon: int, make: Make) -> None:
    splits = make(counting(), steps=5, horizon=horizon).splits
    seen = -1.0
    for name in ("train", "val", "test"):
        targets = splits[name][:][1]
        assert targets.min() > seen
        assert torch.equal(targets[:, 0], targets[:, 0].sort().values)
        seen = float(targets.max())
    assert seen == 99


def test_fractions_say_how_long_the_splits_are(make: Make) -> None:
    rows = make(counting(104), steps=4, val_fraction=0.1, test_fraction=0.3).identity["rows"]
    assert rows == {"train": 60, "val": 10, "test": 30}


def test_other_columns_can_be_looked_at(make: Make) -> None:
    inputs, targets = make(counting(), steps=3, inputs=["rain"]).splits["train"][:]
    assert inputs[0].tolist() == [[0, 0], [1, -1], [2, -2]]
    assert targets[0].tolist() == [3]


def test_windows_share_the_memory_of_the_series(make: Make) -> None:
    split = make(counting(), steps=20).splits["train"]
    assert split.inputs.untyped_storage().nbytes() <= 100 * 4


def test_statistics_come_from_the_training_windows_alone(make: Make) -> None:
    data = make(counting(), steps=10)
    train = data.splits["train"][:][1]
    assert data.statistics.target_shift.item() == pytest.approx(train.mean().item())
    assert data.statistics.input_shift.item() < train.max()


def test_the_naive_forecast_repeats_the_last_value(make: Make) -> None:
    assert make(counting(), steps=10).naive_error("test") == 1
    assert make(counting(), steps=10, horizon=3).naive_error("test") == 2


@pytest.mark.parametrize(
    ("lines", "settings", "message"),
    [
        (counting(20), {}, r"expected 27 rows or more, got 20; lower data.steps"),
        (counting(), {"column": "sale"}, r"data.column: .* has no column sale.*did you mean sales\?"),
        (counting(), {"inputs": ["sun"]}, r"data.inputs: .* has no column sun"),
        (counting(), {"column": "day"}, "column day: expected numbers, got dates; name another"),
        (
            [*counting(), "2100-01-01,,0"],
            {},
            "line 102, column sales: expected a number, got none; fill it in",
        ),
        (
            ["name,sales", *(f"x{row},{row}" for row in range(60))],
            {"column": "name"},
            "expected numbers, got 'x0'",
        ),
        ([*counting(), "2100-01-01,many,0"], {}, "line 102, column sales: expected a number, got 'many'"),
        (
            [*counting(), "2100-01-01,inf,0"],
            {},
            r"line 102, column sales: expected a number up to .*, got inf",
        ),
        (
            [counting()[0], *counting()[:0:-1]],
            {},
            "line 3, column day: expected rising dates; sort the rows",
        ),
        (counting(), {"val_fraction": 0.5, "test_fraction": 0.6}, "the train split has no rows"),
        (counting(), {"test_fraction": 0.0}, "the test split has no rows"),
    ],
)
def test_what_is_wrong_with_a_series_is_told(
    lines: list[str], settings: dict[str, Any], message: str, make: Make
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        make(lines, **settings)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["steps", "horizon"])
def test_wrong_settings_are_told(name: str, mistakes: Callable[..., str]) -> None:
    told = mistakes("data=timeseries", "data.path=x.csv", "data.column=y", f"data.{name}=0")
    assert told.startswith(f"data.{name}: expected a whole number of 1 or more, got 0")
